"""The content of a worksheet, for PDF and HTML alike: the picture with blanks, the questions, the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from microgrAD.errors import words
from microgrAD.explanation.blanks import Blank, Choice, answer, chosen
from microgrAD.explanation.lines import Line, edges_to
from microgrAD.explanation.writers import Text
from microgrAD.steps import naming
from microgrAD.steps.trace import Trace
from viz.passes.board import Board, prepare
from viz.passes.stages import finished, stages
from viz.scene import Change, Scene
from viz.style import PRINT, Direction, Theme
from viz.style import theme as themed
from viz.web.words import Words

if TYPE_CHECKING:
    from microgrAD.operators import Value

LINE = "_____"  # in place of a blank number in the picture
SIZE = (1040, 500)  # pixels of the picture


class Question(NamedTuple):
    """A number to work out.

    Arguments:
        name: its key in the trace, or its name.
        line: the line that works it out.
        before: the lines that come before it.
    """

    name: str
    line: Line
    before: tuple[Line, ...] = ()


class Section(Protocol):
    """A picture, and questions about it."""

    def picture(self, *, key: bool) -> Scene:
        """Return the picture with all its numbers, or with lines to write on in place of some."""

    def instruction(self, *, key: bool) -> str:
        """Return the line above the picture, which says what to do."""

    def questions(self, writer: Text) -> Iterator[Question]:
        """Yield the questions, in the order in which they are worked out."""


@dataclass(frozen=True)
class Sheet:
    """A board and the blanks on it. `theme`: the argument of `worksheet`; `student`: whose paper it is in an exam."""

    board: Board
    blanks: tuple[Blank, ...]
    title: str
    theme: str | None = None
    student: str | None = None
    lang: str = "en"

    @classmethod
    def of(
        cls,
        root: Value | Trace,
        blanks: Choice,
        title: str | None,
        *,
        theme: str | None = None,
        rankdir: Direction | None = None,
        student: str | None = None,
        lang: str = "en",
        **options: Any,
    ) -> Sheet:
        """Return the sheet of an expression; the arguments are those of `worksheet`.

        By default it is drawn from left to right, even if another direction is larger, since paper is read from near.
        """
        look, direction = themed(theme, PRINT), rankdir or "LR"
        # live=True leaves room for numbers written by hand
        board = prepare(root, look, live=True, legend=True, size=SIZE, rankdir=direction, lang=lang, **options)
        found = tuple(chosen(board.trace, blanks))
        name = naming.plain(board.trace.root.name)
        heading = words(title or "", "title") or Words(lang, "told")("sheet", root=name)
        return cls(board, found, heading, theme, student, lang)

    @property
    def look(self) -> Theme:
        """The colours of the sheet."""
        return self.board.look.theme

    @property
    def digits(self) -> int:
        """Significant digits of numbers."""
        return self.board.look.digits

    @property
    def sections(self) -> tuple[Section, ...]:
        """The parts of the sheet: this one."""
        return (self,)

    def picture(self, *, key: bool) -> Scene:
        """Return the graph with its numbers. The sheet has lines for blanks, and hides numbers that would tell them."""
        told = stages(self.board.trace, self.board.graph)
        whole = finished(self.board.scene, told, self.board.look.digits)
        if key:
            return whole
        wires = {(edge.target, edge.index): edge.id for edge in self.board.graph.edges}
        secret = {
            f"{wires[e.node.id, e.index]}.local"
            for blank in self.blanks
            if blank.key.endswith(".derivative")
            for e in edges_to(self.board.trace, blank.node)
        }
        return whole.restyle(
            {
                **{blank.part: Change(text=LINE, color=self.look.muted) for blank in self.blanks},
                **{part: Change(visible=False) for part in secret},
            }
        )

    def instruction(self, *, key: bool) -> str:
        """Return the line below the title, which says what to do."""
        say = Words(self.lang, "told")
        if key:
            return say("answered")
        return say("asked") if self.student is None else say("asked-rounded", digits=self.digits)

    def questions(self, writer: Text) -> Iterator[Question]:
        """Yield each blank with the line that works it out."""
        yield from (Question(blank.key, answer(self.board.trace, blank, writer)) for blank in self.blanks)
