"""The legend: what the signs and colours of a picture mean, and which values it does not show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from microgrAD.steps import naming
from microgrAD.steps.naming import objective
from viz import fonts
from viz.graph.nodes import Graph
from viz.scene import Group, Part, Rectangle, Shape, Text
from viz.style import GRADIENT, LOCAL, VALUE, Look, number


@dataclass(frozen=True, slots=True)
class Item:
    """A sign or a colour and what it means; a note if it has neither.

    Arguments:
        text: the meaning.
        sign: the sign.
        color: the colour of the sign.
        fill: the colour of a swatch.
    """

    text: str
    sign: str = ""
    color: str = ""
    fill: str = ""


def items(graph: Graph, look: Look) -> Iterator[Item]:
    """Return the items of the legend."""
    theme = look.theme
    if look.legend:
        yield Item(look.signs[0], VALUE, theme.value)
        yield Item(look.quantity or _derivatives(graph, look), GRADIENT, theme.gradient)
        if look.show_local:
            yield Item(look.signs[1], LOCAL, theme.local)
        if look.by_gradient and graph.after_backward:
            largest = max(abs(r.grad) for node in graph.nodes for r in node.numbers if r.grad is not None)
            yield Item(f"{graph.quantity} up to {number(largest, look.digits)}", fill=theme.positive)
            yield Item(f"down to {number(-largest, look.digits)}", fill=theme.negative)
    if not graph.after_backward:
        yield Item("no backward pass yet: there are no gradients")
    if graph.hidden:
        yield Item(f"{graph.hidden:,} of {graph.values:,} values are folded away")


def _derivatives(graph: Graph, look: Look) -> str:
    """Return a name for the gradients, such as "gradient of L", or for tangents, such as "derivative by x".

    They are gradients of the root if its own is 1, otherwise of a result that is not in the picture.
    """
    if graph.tangents:
        return fonts.shorten(graph.tangents, 20 * look.small, look.small)
    root = graph[graph.root]
    if all(numbers.grad not in (None, 1.0) for numbers in root.numbers):
        return f"gradient of {objective(node.label for node in graph.nodes)}"
    return (
        f"gradient of {fonts.shorten(naming.plain(root.label), 12 * look.small, look.small)}"
        if root.label
        else "gradient"
    )


def legend(some: Sequence[Item], look: Look, size: float, width: float) -> tuple[Group, float, float]:
    """Return the items in rows of at most this width, from (0, 0) down, and the legend's own width and height."""
    x, y, widest = 0.0, 1.0 * size, 0.0
    parts: list[Part] = []
    for k, item in enumerate(some):
        lead = 1.25 * size if item.sign or item.fill else 0.0
        long = lead + fonts.width(item.text, size)
        if x and x + long > width:
            x, y = 0.0, y + 1.5 * size
        parts.append(Part(f"legend.{k}", "legend", tuple(_shapes(item, look, x, y, size, lead))))
        widest, x = max(widest, x + long), x + long + 1.6 * size
    return Group("legend", "legend", tuple(parts)), widest, y + 0.3 * size if parts else 0.0


def _shapes(item: Item, look: Look, x: float, y: float, size: float, lead: float) -> Iterator[Shape]:
    if item.sign:
        yield Text(x + 0.42 * size, y, item.sign, size, item.color, True, "middle", fonts.width(item.sign, size, True))
    elif item.fill:
        yield Rectangle(
            x, y - 0.8 * size, 0.9 * size, 0.9 * size, 0.2 * size, item.fill, look.theme.result_line, 0.08 * size
        )
    color = item.color or look.theme.muted
    yield Text(x + lead, y, item.text, size, color, width=fonts.width(item.text, size))
