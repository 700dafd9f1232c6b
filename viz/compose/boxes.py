"""The text in a node's box, and so the box's size.

The box of an operation is a body with a badge. The badge is half outside the body, on the side where the operands
arrive: the left or the top. Other boxes leave the same room there, so that all bodies are aligned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from viz import fonts
from viz.compose.badge import badge
from viz.graph.nodes import Graph, Node, Numbers
from viz.style import GRADIENT, NOTHING, VALUE, WAITING, Look, number

ROW = 1.34  # all lengths are in em of the look's type
PAD = 0.55  # between the border and the text
SIGN = 1.1  # the column of the sign before a number
CIRCLE = 1.8  # a badge with one character
SUNK = 0.62  # how far a badge reaches into its box
BADGE_ROOM = 0.3  # how far the text moves to make room for the badge
LABEL = 12.0  # longer labels are shortened
NARROWEST = 4.6
EVEN = 8.5  # boxes up to this width are made as wide as the widest of their rank
MOST_NUMBERS = 6  # outputs that a folded layer shows


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text in a row.

    Arguments:
        role: what it is: "label", "value", "grad" or "note".
        text: the text.
        sign: a sign before the text.
        bold: whether the type is bold.
        lead: room before the sign and the text, in em.
        size: the size of type, in em.
    """

    role: str
    text: str
    sign: str = ""
    bold: bool = False
    lead: float = 0.0
    size: float = 1.0

    def width(self, em: float) -> float:
        sign = SIGN if self.sign else 0.0
        return (self.lead + sign) * em + fonts.width(self.text, em * self.size, self.bold)


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a box, and its sizes in points.

    Arguments:
        rows: the rows of the body; if there are none, the badge is all.
        badge: the text on the badge, "" for no badge.
        width: the width of the body.
        height: the height of the body.
        badge_width: the width of the badge.
        badge_height: the height of the badge.
        gutter: how far the badge reaches out of the body.
    """

    rows: tuple[tuple[Cell, ...], ...]
    badge: str
    width: float
    height: float
    badge_width: float
    badge_height: float
    gutter: float

    def size(self, look: Look) -> tuple[float, float]:
        """Return the width and the height of the box with its badge."""
        if not self.rows:
            return self.badge_width, self.badge_height
        if look.rankdir == "LR":
            return self.width + self.gutter, self.height
        return max(self.width, self.badge_width), self.height + self.gutter


def contents(graph: Graph, look: Look) -> dict[str, Content]:
    """Return the content of each node's box. The boxes of a rank are equally wide, except for very wide ones."""
    badges = look.show_ops and not any(node.kind == "operation" for node in graph.nodes)
    found = {node.id: _content(node, look, badges) for node in graph.nodes}
    ranks = _ranks(graph)
    widths: dict[int, float] = {}
    for node in graph.nodes:
        if node.kind != "constant" and found[node.id].width <= EVEN * look.text:
            widths[ranks[node.id]] = max(widths.get(ranks[node.id], 0.0), found[node.id].width)
    return {
        node.id: content
        if node.kind == "constant" or not content.rows
        else replace(content, width=max(content.width, widths.get(ranks[node.id], 0.0)))
        for node in graph.nodes
        for content in [found[node.id]]
    }


def _ranks(graph: Graph) -> dict[str, int]:
    """Return the likely rank of each node in Graphviz's layout: results after operands, leaves just before users."""
    ranks = {node.id: 0 for node in graph.nodes}
    used: dict[str, int] = {}
    for edge in graph.edges:
        ranks[edge.target] = max(ranks[edge.target], ranks[edge.source] + 1)
    for edge in graph.edges:
        used[edge.source] = min(used.get(edge.source, ranks[edge.target]), ranks[edge.target])
    return {id: used[id] - 1 if rank == 0 and id in used else rank for id, rank in ranks.items()}


def widest(several: Iterable[dict[str, Content]]) -> dict[str, Content]:
    """Return contents for all states of one graph: each body is as wide as its widest state, so that nothing moves."""
    first, *others = several
    for other in others:
        first = {id: replace(content, width=max(content.width, other[id].width)) for id, content in first.items()}
    return first


def _content(node: Node, look: Look, badges: bool) -> Content:
    em = look.text
    rows = tuple(_rows(node, look))
    text = badge(node.op, node.plain, look.digits) if node.op and look.show_ops else ""
    circle = CIRCLE * em
    pill = fonts.width(text, badge_size(text, em), True) + 1.1 * em
    badge_width = max(circle, pill if len(text) > 1 else 0.0) if text else 0.0
    height = len(rows) * ROW * em + PAD * em
    width = max((sum(cell.width(em) for cell in row) for row in rows), default=0.0) + 2 * PAD * em
    if node.kind != "constant":
        width = max(width, NARROWEST * em)
    gutter = 0.0
    if badges and rows:
        along = max(badge_width, circle) if look.rankdir == "LR" else circle
        gutter = along - SUNK * em
        if text:  # room for the part of the badge that is inside the body
            width, height = (width + BADGE_ROOM * em, height) if look.rankdir == "LR" else (width, height + 0.35 * em)
    return Content(rows, text, width, height, badge_width, circle if text else 0.0, gutter)


def badge_size(text: str, em: float) -> float:
    """Return the size of type on a badge; one character alone is larger."""
    return em * (1.25 if len(text) == 1 else 0.92)


def _rows(node: Node, look: Look) -> Iterable[tuple[Cell, ...]]:
    em = look.text
    label = Cell("label", fonts.shorten(node.label, LABEL * em, em, True), bold=True)
    if node.kind == "operation":
        return
    if node.kind == "constant":
        yield (Cell("value", number(node.numbers[0].value, look.digits)),)
        return
    if look.inline and node.label and len(node.numbers) == 1:
        value, grad = _cells(node.numbers[0], look)
        yield label, replace(value, lead=0.3)
        yield (grad,)
        return
    if node.label:
        yield (label,)
    if len(node.numbers) == 1:
        yield from ((cell,) for cell in _cells(node.numbers[0], look))
    else:
        cells = [_cells(numbers, look) for numbers in node.numbers[:MOST_NUMBERS]]
        widest = max(value.width(em) for value, _ in cells)
        for value, grad in cells:
            yield value, replace(grad, lead=0.6 + (widest - value.width(em)) / em)
    if len(node.numbers) > MOST_NUMBERS:
        yield (Cell("note", f"… {len(node.numbers) - MOST_NUMBERS} more", size=0.8),)
    if node.note:
        yield (Cell("note", node.note, size=0.8),)


def _cells(numbers: Numbers, look: Look) -> tuple[Cell, Cell]:
    grad = NOTHING if numbers.grad is None else number(numbers.grad, look.digits)
    grad += WAITING * numbers.partial
    return (Cell("value", number(numbers.value, look.digits), sign=VALUE), Cell("grad", grad, sign=GRADIENT))
