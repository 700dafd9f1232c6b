"""What each event of a trace adds to a picture. Pages, films and slides show these stages one by one.

A number stays after it appears; a running sum of a gradient is replaced by the next total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from microgrAD.steps.trace import Backward, Event, Forward, Seed, Tangent, TangentSeed, Trace
from viz.graph.nodes import Graph
from viz.scene import BLANK, Change, Part, Scene
from viz.style import LOCAL, WAITING, Theme, number

EMPTY = 0.35  # the opacity of the sign of a number that is not shown yet


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of an event, and where it is shown.

    Arguments:
        part: the id of the part of the picture.
        field: the event's field that holds the number.
        open: whether the number is a running sum that is not complete yet.
    """

    part: str
    field: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """What an event shows in the picture.

    Arguments:
        event: the event.
        shows: the numbers that it adds.
        node: the id of the node that gets a number.
        wires: the ids of the wires that it uses.
        source: the id of the node that the derivative comes from.
        backward: whether it goes against the arrows.
    """

    event: Event
    shows: tuple[Shown, ...]
    node: str
    wires: tuple[str, ...] = ()
    source: str = ""
    backward: bool = False


def stages(trace: Trace, graph: Graph) -> list[Stage]:
    """Return a stage for each event of the trace."""
    wires = {(edge.target, edge.index): edge.id for edge in graph.edges}
    into: dict[str, list[str]] = {}
    for edge in graph.edges:
        into.setdefault(edge.target, []).append(edge.id)
    return [_stage(event, wires, into) for event in trace]


def _stage(event: Event, wires: Mapping[tuple[str, int], str], into: Mapping[str, Sequence[str]]) -> Stage:
    match event:
        case Forward(node=node):
            return Stage(event, (Shown(f"{node.id}.value", "data"),), node.id, tuple(into.get(node.id, ())))
        case Seed(root=node):
            return Stage(event, (Shown(f"{node.id}.grad", "gradient"),), node.id, backward=True)
        case TangentSeed(node=node):
            return Stage(event, (Shown(f"{node.id}.grad", "tangent"),), node.id)
        case Backward() | Tangent():
            reverse = isinstance(event, Backward)
            to, by = (event.arg, event.node) if reverse else (event.node, event.arg)
            wire = wires[event.node.id, event.index]
            return Stage(
                event,
                (Shown(f"{to.id}.grad", "total", event.part < event.parts), Shown(f"{wire}.local", "local")),
                to.id,
                (wire,),
                by.id,
                reverse,
            )


def said(stage: Stage, shown: Shown, digits: int) -> str:
    """Return the text of a number of a stage."""
    event = stage.event
    x = event.node.data if isinstance(event, Forward) else getattr(event, shown.field)
    return LOCAL * (shown.field == "local") + number(x, digits) + WAITING * shown.open


# ---------------------------------------------------------------------------------------------- frames


def frames(scene: Scene, some: Sequence[Stage], theme: Theme, digits: int) -> Iterator[Scene]:
    """Return the picture before the first stage and after each stage. Nothing moves between them."""
    parts = {part.id: part for group in scene.groups for part in group.parts}
    now = dict(_nothing_yet(parts))
    yield scene.restyle(now)
    for stage in some:
        for shown in stage.shows:
            if shown.part in parts:  # wires may be drawn without local derivatives
                now[shown.part] = Change(visible=True, text=said(stage, shown, digits))
                if f"{shown.part}.sign" in parts:
                    now[f"{shown.part}.sign"] = Change(opacity=1.0)
        yield scene.restyle(now | dict(_highlighted(stage, parts, theme)))


def finished(scene: Scene, some: Sequence[Stage], digits: int) -> Scene:
    """Return the picture with all its numbers."""
    texts = {shown.part: said(stage, shown, digits) for stage in some for shown in stage.shows}
    known = {part.id for group in scene.groups for part in group.parts}
    return scene.restyle({part: Change(text=text) for part, text in texts.items() if part in known})


def _nothing_yet(parts: Mapping[str, Part]) -> Iterator[tuple[str, Change]]:
    for part in parts.values():
        if part.role in ("value", "grad", "local"):
            yield part.id, BLANK
        elif part.role == "sign":
            yield part.id, Change(opacity=EMPTY)


def _highlighted(stage: Stage, parts: Mapping[str, Part], theme: Theme) -> Iterator[tuple[str, Change]]:
    strong = theme.gradient if isinstance(stage.event, (Backward, Seed, Tangent, TangentSeed)) else theme.value
    yield f"{stage.node}.box", Change(color=strong, weight=2.6)
    if stage.source:
        yield f"{stage.source}.box", Change(color=strong, weight=1.4)
    for wire in stage.wires:
        yield f"{wire}.line", Change(color=strong, weight=2.0)
