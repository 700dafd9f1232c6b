"""Worksheets: a pass to be worked out on paper, and its key, as a PDF, as HTML to be printed, or as LaTeX."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.errors import whole_digits
from microgrAD.explanation.blanks import Choice
from microgrAD.explanation.writers import Text
from microgrAD.files import new_file, write_bytes
from microgrAD.steps.training import TrainingTrace
from viz.bundle import Bundle
from viz.layout import graphviz
from viz.passes.tell import of_a_pass
from viz.passes.worksheet import html, latex, paper
from viz.passes.worksheet.runs import RunSheet, run_sheet
from viz.passes.worksheet.sheet import Sheet
from viz.scene_drawing import SceneDrawing
from viz.style import Direction
from viz.web.page import Page

if TYPE_CHECKING:
    from microgrAD.explanation.chapters import Told
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Mode

WRITERS = {".pdf": paper.write, ".html": html.write, ".tex": latex.write}


class Worksheet:
    """A finished worksheet and its key. In a notebook it shows the sheet."""

    def __init__(self, *sheets: Sheet | RunSheet) -> None:
        self.sheets = sheets

    @property
    def sheet(self) -> Sheet | RunSheet:
        """The first sheet; a worksheet of `worksheet` has no other."""
        return self.sheets[0]

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write the sheet to a .pdf, .html or .tex file, and its key beside it.

        Arguments:
            path: the file of the sheet, such as "sheet.pdf"; the key is then "sheet-key.pdf".
        Returns: both paths.
        Raises: ValueError for another ending; FileNotFoundError if the folder does not exist.
        """
        contents = self.contents(sheet_file(path))
        for each, content in contents.items():
            write_bytes(each, content)
        return list(contents)

    def contents(self, file: Path) -> dict[Path, bytes]:
        """Return what `save` would write, by path."""
        write, key = WRITERS[file.suffix.lower()], file.with_stem(f"{file.stem}-key")
        return {file: write(self.sheets, key=False), key: write(self.sheets, key=True)}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        page = Page(html.write(self.sheets, key=False).decode())
        page.picture = lambda: SceneDrawing(next(iter(self.sheet.sections)).picture(key=False))
        return page.shown(repr(self))

    def __repr__(self) -> str:
        count = sum(len(list(section.questions(Text()))) for sheet in self.sheets for section in sheet.sections)
        papers = f"{len(self.sheets)} papers, " if len(self.sheets) > 1 else ""
        return f"<Worksheet of {papers}{count} questions: {self.sheets[0].title}>"


def sheet_file(path: str | os.PathLike[str]) -> Path:
    """Return the checked path of a worksheet; ValueError for another ending."""
    return new_file(path, list(WRITERS), "a worksheet's")


def worksheet(
    root: Value | Told,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    title: str | None = None,
    blanks: Choice = True,
    notation: str = "w12",
    error: str = "δ",
    lang: str = "en",
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Worksheet:
    """Return a worksheet: a pass to be worked out on paper, and its key.

    Arguments:
        root: a Value, or a trace: of a pass, or of a run of training, as for `movie`.
        path: the .pdf, .html or .tex file to write as well, with the key beside it: "sheet.pdf" and "sheet-key.pdf".
        theme: "light", "dark" or "print"; by default "print". By default the text of an .html file follows the
            reader's theme.
        rankdir: "LR" (from left to right, the default) or "TB" (from top to bottom).
        digits: significant digits of each number.
        show_local: whether wires show local derivatives, except those that would tell an answer; by default True.
        title: the title of the sheet; by default it names the root.
        blanks: the numbers to work out: True for all that can be worked out; or a list of nodes, as for `page`; for
            a run on its network, names such as "o3", "δ3", "w13", "L".
        notation, error: how the network of a run calls its weights and slopes, as for `viz.network`.
        lang: the language of its words, "en" or "it".
        gradient, mode, wrt: as for `microgrAD.steps.steps`; a trace has them already.
        time_limit, engine: for the layout, as for `draw`.
    Returns: a `Worksheet`, which shows itself in Jupyter and has `.save(path)`.
    Raises: ValueError for another ending, for an unknown choice, for a node that does not exist, or if there is nothing
    to ask; what `steps` and `draw` raise.
    """
    if path is not None:
        sheet_file(path)
    options: dict[str, Any] = {
        "theme": theme,
        "rankdir": rankdir,
        "digits": digits,
        "show_local": show_local,
        "notation": notation,
        "error": error,
        "lang": lang,
        "gradient": gradient,
        "mode": mode,
        "wrt": wrt,
        "time_limit": time_limit,
        "engine": engine,
    }
    whole_digits(digits)
    sheet = (
        run_sheet(root, blanks, title, **options)
        if isinstance(root, TrainingTrace)
        else Sheet.of(root, blanks, title, **of_a_pass(options))
    )
    found = Worksheet(sheet)
    if path is not None:
        found.save(path)
    return found
