"""What is written in a node's box, and so how large it is: everything about a box but its place.

With an operation the box is a body with a badge, which sits half on the side where the operands arrive (left, or on
top). Other boxes leave the same room, so that bodies stand in line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from viz import fonts
from viz.compose.badge import badge
from viz.graph.nodes import Graph, Node, Numbers
from viz.style import GRADIENT, NOTHING, VALUE, WAITING, Look, number

ROW = 1.34  # all in em of the look's type
PAD = 0.55  # between the border and the text
SIGN = 1.1  # the column of the sign before a number
CIRCLE = 1.8  # a badge with one character
SUNK = 0.62  # how far a badge reaches into its box
BADGE_ROOM = 0.3  # what the text makes way for it
LABEL = 12.0  # the longest label that is written out
NARROWEST = 4.6
EVEN = 8.5  # boxes up to this width are as wide as the widest of their rank
MOST_NUMBERS = 6  # that a folded layer shows


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text in a row: `role` says what it is, `sign` stands before it, `lead` is the room before both."""

    role: str
    text: str
    sign: str = ""
    bold: bool = False
    lead: float = 0.0  # em
    size: float = 1.0  # of the look's type

    def width(self, em: float) -> float:
        sign = SIGN if self.sign else 0.0
        return (self.lead + sign) * em + fonts.width(self.text, em * self.size, self.bold)


@dataclass(frozen=True, slots=True)
class Content:
    """A node's rows of cells, its badge, and their sizes in points. A body of no rows is a badge alone."""

    rows: tuple[tuple[Cell, ...], ...]
    badge: str
    width: float  # of the body
    height: float
    badge_width: float
    badge_height: float
    gutter: float  # what the badge adds on its side

    def size(self, look: Look) -> tuple[float, float]:
        """Width and height over all."""
        if not self.rows:
            return self.badge_width, self.badge_height
        if look.rankdir == "LR":
            return self.width + self.gutter, self.height
        return max(self.width, self.badge_width), self.height + self.gutter


def contents(graph: Graph, look: Look) -> dict[str, Content]:
    """What every node's box holds, by node. The boxes of a rank are equally wide, but for very wide ones."""
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
    """The rank that Graphviz will most likely give each node: results after operands, leaves just before their use."""
    ranks = {node.id: 0 for node in graph.nodes}
    used: dict[str, int] = {}
    for edge in graph.edges:
        ranks[edge.target] = max(ranks[edge.target], ranks[edge.source] + 1)
    for edge in graph.edges:
        used[edge.source] = min(used.get(edge.source, ranks[edge.target]), ranks[edge.target])
    return {id: used[id] - 1 if rank == 0 and id in used else rank for id, rank in ranks.items()}


def widest(several: Iterable[dict[str, Content]]) -> dict[str, Content]:
    """The room for every state of one graph: the widest body of each node, so that frames keep their place."""
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
        if text:  # room inside, for the part of the badge that reaches in
            width, height = (width + BADGE_ROOM * em, height) if look.rankdir == "LR" else (width, height + 0.35 * em)
    return Content(rows, text, width, height, badge_width, circle if text else 0.0, gutter)


def badge_size(text: str, em: float) -> float:
    """The size of type on a badge: a lone sign is written larger."""
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
