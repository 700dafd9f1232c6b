"""The board: the picture of a trace, laid out once for all stages, with room for every number.

It holds all numbers, and its wires have no gaps for labels. Each medium shows the numbers of the current stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from microgrAD.errors import flag, whole_digits
from microgrAD.operators import Value
from microgrAD.steps import naming
from microgrAD.steps.taking import traced
from microgrAD.steps.trace import Backward, Mode, Tangent, Trace
from viz import compose, fonts
from viz.compose.uncut import backed, uncut
from viz.graph.cluster import framed, uses
from viz.graph.nodes import Graph, GraphTooLargeError, Numbers, read
from viz.layout import graphviz
from viz.layout.arrange import arrange
from viz.layout.placer import Placer
from viz.options import slide_pixels
from viz.scene import Group, Scene
from viz.style import WAITING, Direction, Look, Theme, direction, number
from viz.web.words import Words

MOST = 150  # the most values that a reader can follow step by step on a picture that shows all of them
MOST_FOLDED = 400  # the same on a page, which folds them by neuron
TYPICAL = 0.8888  # live pages keep room for a number of this length, negative


@dataclass(frozen=True, slots=True)
class Board:
    """A trace, its graph, the picture, and the look of the picture."""

    trace: Trace
    graph: Graph
    scene: Scene
    look: Look


def prepare(
    root: Value | Trace,
    theme: Theme,
    *,
    live: bool = False,
    legend: bool = False,
    foot: float = 0.0,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    size: str | tuple[int, int] | None = None,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
    lang: str = "en",
    also: Sequence[Trace] = (),
    values: Mapping[str, Sequence[float]] = MappingProxyType({}),
) -> Board:
    """Return the board of a trace.

    Arguments:
        root: a Value, whose trace is taken, or a trace.
        theme: the colours.
        live: whether numbers can change later; then there is room for longer ones.
        legend: whether there is a legend below the graph.
        foot: points to keep free at the bottom.
        rankdir, digits, show_local, size, time_limit, engine: as for `draw`, but show_local is True by default.
        gradient, mode, wrt: as for `microgrAD.steps.steps`; a trace has them already.
        lang: the language of the legend.
        also: other traces of the same graph, whose numbers get room, too.
        values: more values that nodes get, by id.
    Raises: GraphTooLargeError for a graph with more than 150 values; what `steps` and `draw` raise.
    """
    look = Look(
        theme,
        direction(rankdir) or "LR",
        whole_digits(digits),
        inline=rankdir == "TB",
        show_local=show_local is None or flag(show_local, "show_local"),
        legend=legend,
    )
    place = partial(arrange, place=Placer(engine, time_limit))
    pixels = slide_pixels(size)
    trace = traced(root, gradient=gradient, mode=mode, wrt=wrt)
    say = Words(lang)
    quantity = fonts.shorten(quantity_of(trace, say), 20 * look.small, look.small)
    look = replace(look, quantity=quantity, signs=(say("value"), say("local")))
    graph = graph_of(trace)
    longest = with_longest_numbers(graph, trace, digits, live=live, also=also, values=values)
    if pixels:
        free = (pixels[0], pixels[1] - round(foot * 96 / 72))
        scene, _ = compose.fill(longest, look, place, free, [rankdir] if rankdir else ["LR", "TB"])
        scene = replace(scene, pixels=pixels, height=pixels[1] * 72 / 96)
    else:
        scene = compose.draw(longest, look, place)
        scene = replace(scene, height=scene.height + foot)
    paper = theme.background if theme.background.startswith("#") else ""
    return Board(trace, graph, ready_for_stages(scene, paper), look)


def quantity_of(trace: Trace, say: Words) -> str:
    """Return what the derivatives of a trace are, in words: "gradient of f", "derivative by x1"."""
    if trace.mode == "forward":
        by = ", ".join(naming.plain(v.name) for v in trace.wrt)
        return say("quantity-forward", by=by) if len(trace.wrt) == 1 else say("column-forward")
    return say("quantity-reverse", objective=naming.plain(trace.objective))


def graph_of(trace: Trace, most: int = MOST) -> Graph:
    """Return the graph of a trace, with frames around neurons and layers. Nodes have the names of the explanations.

    Raises: GraphTooLargeError for more than `most` values.
    """
    if len(trace.variables) > most:
        raise GraphTooLargeError(
            f"this graph has {len(trace.variables):,} values, more than the {most} that can be "
            "followed step by step here; take an inner value, or a smaller network"
            + ("; page() takes more, since it folds them" if most < MOST_FOLDED >= len(trace.variables) else "")
        )
    graph = read(trace)
    named = tuple(replace(node, label=trace.variables[node.id].name) for node in graph.nodes)
    return framed(replace(graph, nodes=named), uses(graph))


def with_longest_numbers(
    graph: Graph,
    trace: Trace,
    digits: int,
    *,
    live: bool,
    also: Sequence[Trace] = (),
    values: Mapping[str, Sequence[float]] = MappingProxyType({}),
) -> Graph:
    """Return the graph with the longest text of each number. With `live`, there is room for longer numbers."""
    traces = [trace, *also]
    sample = [-round(TYPICAL, digits)] if live else []

    def width(x: float) -> float:
        return fonts.width(number(x, digits), 1.0)

    def longest(numbers: Iterable[float]) -> float:
        return max([*numbers, *sample], key=width)

    totals: dict[str, list[tuple[float, bool]]] = {}
    locals_: dict[tuple[str, int], list[float]] = {}
    for one in traces:
        for id, g in one.derivatives.items():
            totals.setdefault(id, [(x, False) for x in sample]).append((g, False))
        for event in one:
            if isinstance(event, (Backward, Tangent)):
                summed = event.arg if isinstance(event, Backward) else event.node
                totals[summed.id].append((event.total, event.part < event.parts))
                locals_.setdefault((event.node.id, event.index), []).append(event.local)
    waiting = fonts.width(WAITING, 1.0)
    widest = {id: max(some, key=lambda pair: width(pair[0]) + waiting * pair[1]) for id, some in totals.items()}
    data = {id: [one.variables[id].data for one in traces] + list(values.get(id, ())) for id in widest}
    nodes = tuple(
        replace(node, numbers=(Numbers(longest(data.get(node.id, [node.numbers[0].value])), *widest[node.id]),))
        for node in graph.nodes
    )
    edges = tuple(replace(edge, local=longest(locals_[edge.target, edge.index])) for edge in graph.edges)
    return replace(graph, nodes=nodes, edges=edges)


def ready_for_stages(scene: Scene, paper: str) -> Scene:
    """Return the picture without numbers in its titles, with uncut wires, and with local derivatives in front of them.

    Arguments:
        scene: the picture.
        paper: the colour behind each local derivative, "" for none.
    """
    hidden = {"value", "grad", "local", "flow"}
    groups, labels = [], []
    for group in scene.groups:
        data = {key: value for key, value in group.data.items() if key not in hidden}
        groups.append(
            replace(
                group, title="", data=data, parts=tuple(uncut(part) for part in group.parts if part.role != "local")
            )
        )
        labels += [backed(part, paper) for part in group.parts if part.role == "local"]
    return replace(
        scene,
        groups=(*groups, Group("locals", "locals", tuple(labels))),
        description="",
        title=scene.title.partition(" = ")[0],
    )
