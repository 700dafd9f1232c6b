"""The boxes of a picture: outline, label, value, gradient, and the operation's badge."""

from __future__ import annotations

from collections.abc import Iterator

from viz import fonts
from viz.compose.boxes import BADGE_ROOM, PAD, ROW, SIGN, Cell, badge_size
from viz.compose.ground import Ground
from viz.compose.words import node_data, node_title
from viz.graph.nodes import Node
from viz.layout.plan import Rect
from viz.scene import Group, Part, Rectangle, Shape
from viz.style import blend


def nodes(ground: Ground) -> Iterator[Group]:
    """Return a group for each node, in the order of the graph."""
    largest = max((abs(r.grad) for n in ground.graph.nodes for r in n.numbers if r.grad is not None), default=0.0)
    for node in ground.graph.nodes:
        parts: list[Part] = []
        if ground.contents[node.id].rows:
            body = ground.body(node.id)
            parts.append(Part(f"{node.id}.box", "box", tuple(_outline(ground, node, body, largest))))
            parts.extend(_rows(ground, node, body))
        if seat := ground.seat(node.id):
            parts.append(Part(f"{node.id}.badge", "badge", _badge(ground, node, seat)))
        yield Group(node.id, node.kind, tuple(parts), node_title(node, ground.graph.quantity), node_data(node))


def _outline(ground: Ground, node: Node, body: Rect, largest: float) -> Iterator[Shape]:
    theme, em = ground.theme, ground.em
    root = node.id == ground.graph.root
    fill = {"leaf": theme.leaf, "constant": theme.constant}.get(node.kind, theme.result)
    line = theme.root_line if root else theme.leaf_line if node.kind == "leaf" else theme.result_line
    weight = (0.16 if root else 0.085) * em
    if ground.look.by_gradient and len(node.numbers) == 1 and (grad := node.numbers[0].grad):
        strength = min(abs(grad) / largest, 1.0)
        fill = blend(theme.positive if grad > 0 else theme.negative, fill, 0.15 + 0.85 * strength)
        line = theme.flow_positive if grad > 0 else theme.flow_negative
        weight = max(weight, (0.085 + 0.12 * strength) * em)
    dash = (0.2 * em, 0.16 * em) if node.kind == "constant" else ()
    shifts = (0.24 * em, 0.0) if node.kind == "folded" else (0.0,)  # a second box behind, since more is folded in it
    for shift in shifts:
        yield Rectangle(
            body.left + shift, body.top + shift, body.width, body.height, 0.4 * em, fill, line, weight, dash
        )


def _rows(ground: Ground, node: Node, body: Rect) -> Iterator[Part]:
    """Return the text, row by row. Baselines count from the bottom, since a badge may need room at the top."""
    em, content = ground.em, ground.contents[node.id]
    left = body.left + (PAD + (BADGE_ROOM if content.badge and ground.horizontal else 0.0)) * em
    seen: dict[str, int] = {}
    for k, row in enumerate(content.rows):
        below = len(content.rows) - k - 1
        baseline = body.bottom - (PAD / 2 + below * ROW + (ROW - fonts.CAP) / 2) * em
        x = left
        for cell in row:
            place = seen.setdefault(cell.role, 0)
            seen[cell.role] += 1
            numbered = f".{place}" if len(node.numbers) > 1 and cell.sign else ""
            yield from _cell(ground, f"{node.id}.{cell.role}{numbered}", cell, x + cell.lead * em, baseline)
            x += cell.width(em)


def _cell(ground: Ground, id: str, cell: Cell, x: float, y: float) -> Iterator[Part]:
    theme, em = ground.theme, ground.em
    color = {"value": theme.value, "grad": theme.gradient, "label": theme.ink}.get(cell.role, theme.muted)
    if cell.sign:
        sign = ground.text(cell.sign, x + 0.42 * em, y, color, anchor="middle")
        yield Part(f"{id}.sign", "sign", (sign,))
        x += SIGN * em
    yield Part(id, cell.role, (ground.text(cell.text, x, y, color, size=cell.size, bold=cell.bold),))


def _badge(ground: Ground, node: Node, seat: Rect) -> tuple[Shape, ...]:
    text = ground.contents[node.id].badge
    size = badge_size(text, 1.0)
    baseline = seat.y + fonts.middle(text, True) * size * ground.em
    return (
        Rectangle(seat.left, seat.top, seat.width, seat.height, seat.height / 2, ground.theme.badge),
        ground.text(text, seat.x, baseline, ground.theme.badge_ink, size=size, bold=True, anchor="middle"),
    )
