"""One unit of a network opened: the scalar graph behind its circle, with the same numbers.

The unit's sources and weights are leaves. The gradient that flows into its output is ∂L/∂o, so that what the graph says
of n is δ, and what it says of a weight is ∂L/∂w.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from microgrAD import operators
from microgrAD.interpret.passes import Passes, UnitPass
from microgrAD.nn.layers import LINEAR
from microgrAD.operators import Value
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace
from viz import compose, fonts, style
from viz.graph.nodes import read
from viz.layout.arrange import arrange
from viz.layout.placer import Placer
from viz.networks.lettering import Notation
from viz.scene import Change, Group, Part, Rectangle, Scene, Text, moved

MOST = 12  # inputs of a unit whose graph can be read
GAP, HEAD = 10.0, 26.0  # points between the two pictures, and for the name of the lower one


def unit_numbered(found: Passes, number: int) -> UnitPass:
    """Return a unit by its number, counted through, inputs first; ValueError for another number."""
    for layer in found.layers:
        for unit in layer:
            if unit.unit.number == number:
                return unit
    first, last = found.layers[0][0].unit.number, found.layers[-1][-1].unit.number
    raise ValueError(f"open takes the number of a unit, from {first} to {last}, inputs counted first, got {number!r}")


def unit_trace(found: Passes, unit: UnitPass, notation: Notation) -> Trace:
    """Return the trace of one unit, with the numbers of the passes."""
    names, neuron = unit.unit, unit.unit.neuron
    called = notation.names([[names]])
    if not readable(unit):
        raise ValueError(
            f"unit {names.number} has {len(neuron.w)} inputs, and up to {MOST} can be read; open another one"
        )
    terms = []
    for place, (w, source) in enumerate(zip(neuron.w, names.sources, strict=True), 1):
        weight = Value(found.weights[w], label=called.get(w) or str(notation.weight(place, names)))
        terms.append(weight * Value(_fed(found, source), label=_source(found, source, notation)))
    total: Value = terms[0]
    for term in terms[1:]:
        total = total + term
    if neuron.b is not None:
        total = total + Value(found.weights[neuron.b], label=notation.called("b", names))
    if neuron.activation == LINEAR:
        out = total
    else:
        total.label = notation.called("n", names)
        out = getattr(operators, neuron.activation)(total)
    out.label = notation.called("o", names)
    return steps(out, gradient=1.0 if unit.slope is None else unit.slope)


def with_unit(scene: Scene, found: Passes, unit: UnitPass, notation: Notation, look: style.Look) -> Scene:
    """Return the picture of a network with the graph of one unit below it."""
    strong = {f"u{unit.unit.number}.box": Change(color=look.theme.badge, weight=2.4)}
    above, name = scene.restyle(strong), called(unit, notation)
    trace = unit_trace(found, unit, notation)
    graph = read(trace) if unit.slope is not None else read(trace.root.value)
    named = tuple(replace(node, label=trace.variables[node.id].name if node.label else "") for node in graph.nodes)
    below = compose.draw(replace(graph, nodes=named), look, partial(arrange, place=Placer("auto", 30.0)))
    if scene.pixels is None:
        return _stacked(above, below, name, look.theme, 1.0, 1.0)
    share = 0.55 * scene.height
    room = scene.height - share - HEAD - GAP
    down = min((scene.width - 2 * GAP) / below.width, room / below.height, 1.4)
    return _stacked(above, below, name, look.theme, share / scene.height, down)


def _stacked(above: Scene, below: Scene, name: str, theme: style.Theme, up: float, down: float) -> Scene:
    width = above.width if above.pixels else max(above.width * up, below.width * down + 2 * GAP)
    top = above.height * up
    height = above.height if above.pixels else top + HEAD + below.height * down + GAP
    said = f"unit {name}, seen from near"
    frame = Rectangle(GAP, top, width - 2 * GAP, height - top - GAP, 8, theme.cluster, theme.badge, 1.4)
    text = Text(2 * GAP, top + 0.7 * HEAD, said, 12.0, theme.muted, width=fonts.width(said, 12.0))
    opened = Group("open", "cluster", (Part("open.frame", "frame", (frame,)), Part("open.label", "note", (text,))))
    dx, dy = (width - below.width * down) / 2, top + HEAD + (height - top - HEAD - GAP - below.height * down) / 2
    groups = [moved(group, (width - above.width * up) / 2, 0.0, up) for group in above.groups]
    inner = [_renamed(moved(group, dx, dy, down)) for group in below.groups]
    return replace(above, width=width, height=height, groups=(*groups, opened, *inner))


def _renamed(group: Group) -> Group:
    """Return a group of the lower picture with ids that the upper one does not have."""
    parts = tuple(replace(part, id=f"open.{part.id}") for part in group.parts)
    return replace(group, id=f"open.{group.id}", parts=parts)


def _fed(found: Passes, source: int) -> float:
    return found.inputs[source - 1] if source <= len(found.inputs) else unit_numbered(found, source).out


def _source(found: Passes, source: int, notation: Notation) -> str:
    if source <= len(found.inputs):
        return f"x{source}"
    return notation.called("o", unit_numbered(found, source).unit)


def called(unit: UnitPass, notation: Notation) -> str:
    """Return what a unit is called: 5, or 1 of layer 2."""
    return str(unit.unit.number) if notation.through else f"{unit.unit.place} of layer {unit.unit.layer}"


def readable(unit: UnitPass) -> bool:
    """Return whether the graph of a unit can be read."""
    return len(unit.unit.neuron.w) <= MOST
