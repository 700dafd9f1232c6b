"""The shapes of a network's picture: circles, lines, and what is written at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from microgrAD.interpret.passes import Passes, UnitPass
from microgrAD.operators import Value
from viz import fonts, style
from viz.networks.lettering import Name, Notation, set_line, width
from viz.networks.network_room import BOX, LINE, MOST, RADIUS, SIZE, Place, Room, Units, picked
from viz.scene import Curve, Group, Part, Point, Polygon, Rectangle, Shape, Text
from viz.style import number

STAGES = ("forward", "backward", "gradients", "change", "update")
BLANK = "_____"  # in place of a number that a reader is to find
Pieces = list[Name | str]


@dataclass
class Ink:
    """The shapes of a network with the numbers of one example.

    Arguments:
        found: the numbers.
        notation: how units and weights are called.
        stage: one of STAGES.
        digits: significant digits.
        look: the colours.
        feature_names: a name for each input; None for x with its number.
        units: the units that are drawn; see `picked`.
        blanks: the parts whose number is left out, such as "u3.value".
        new, others: what is written before a new weight, and in place of units that are not drawn.
    """

    found: Passes
    notation: Notation
    stage: str
    digits: int
    look: style.Theme
    feature_names: Sequence[str] | None = None
    units: Units = None
    blanks: frozenset[str] = frozenset()
    new: str = "new"
    others: str = "{count} more"
    places: list[dict[int, Place]] = field(default_factory=list)
    loss_at: Place = field(default=Place(0.0, 0.0))

    def room(self) -> Room:
        """Return the room that these numbers take."""
        counts = (len(self.found.inputs), *map(len, self.found.layers))
        drawn = picked(counts, self.units)
        layers = [[layer[j] for j in some] for layer, some in zip(self.found.layers, drawn[1:], strict=True)]
        inputs = max(BOX / 2, *(width(self.input_line(i), SIZE) / 2 for i in drawn[0]))
        labels = [
            self.weight_lines(unit, i)
            for some, units in zip(drawn, layers, strict=False)
            for unit in units
            for i in some
        ]
        return Room(
            counts,
            drawn,
            (inputs, *(max(map(self.half, units)) for units in layers)),
            max(width(line, SIZE) for label in labels for line in label) / 2,
            max(map(len, labels)),
            1 + (self.stage != "forward"),
        )

    def half(self, unit: UnitPass) -> float:
        """Return half of the width that a unit takes, with what is written above and below it."""
        return max(RADIUS, *(width(line, SIZE) / 2 for line in [*self.bias_lines(unit), *self.below(unit)]))

    # -------------------------------------------------------------------------------------- shapes

    def groups(self, room: Room, across: float = 1.0, down: float = 1.0) -> list[Group]:
        """Return lines first, then units, then what is written on lines; the arguments are those of Room.places."""
        self.places = places = room.places(across, down)
        self.loss_at = Place(next(iter(places[-1].values())).x + room.halves[-1] + 70, 0.0, 1.0)
        found = [*self.lines(), *self.inputs()]
        for k, layer in enumerate(self.found.layers, 1):
            found += [self.unit(layer[j], place) for j, place in places[k].items()]
        found += [*self.more(room), *self.weights(room)]
        return found if self.found.loss is None else [*found, self.loss(self.loss_at)]

    def lines(self) -> Iterator[Group]:
        for k, layer in enumerate(self.found.layers, 1):
            for j, end in self.places[k].items():
                for i, start in self.places[k - 1].items():
                    ends = {"source": self.called(k - 1, i), "target": self.called(k, j)}
                    yield self.wire(f"w{i + 1}.{layer[j].unit.number}.wire", start, end, ends)
        if self.found.loss is not None:
            for j, start in self.places[-1].items():
                ends = {"source": self.called(len(self.places) - 1, j), "target": "loss"}
                yield self.wire(f"loss{j + 1}.wire", start, self.loss_at, ends)

    def called(self, layer: int, k: int) -> str:
        """Return the id of the group of an input or a unit; both numbers count from 0, and layer 0 is the inputs."""
        return f"u{self.found.layers[layer - 1][k].unit.number}" if layer else f"x{k + 1}"

    def wire(self, id: str, start: Place, end: Place, ends: dict[str, str]) -> Group:
        long = ((end.x - start.x) ** 2 + (end.y - start.y) ** 2) ** 0.5
        dx, dy = (end.x - start.x) / long, (end.y - start.y) / long
        a = (start.x + dx * start.radius, start.y + dy * start.radius)
        tip = (end.x - dx * end.radius, end.y - dy * end.radius)
        b = (tip[0] - 7 * dx, tip[1] - 7 * dy)
        head = Polygon((tip, (b[0] - 3 * dy, b[1] + 3 * dx), (b[0] + 3 * dy, b[1] - 3 * dx)), self.look.edge)
        return Group(id, "edge", (Part(f"{id}.line", "line", (_straight(a, b, self.look.edge), head)),), data=ends)

    def inputs(self) -> Iterator[Group]:
        for i, place in self.places[0].items():
            name, half = self.input_line(i)[0], BOX / 2
            box = Rectangle(place.x - half, place.y - half, BOX, BOX, 4, self.look.leaf, self.look.leaf_line, 1.2)
            number_ = set_line([str(i + 1)], place.x, place.y + 0.36 * SIZE, SIZE, self.look.ink)
            line = self.written(self.input_line(i), place.x, place.y + half + LINE, self.look.value)
            parts = (Part(f"x{i + 1}.box", "box", (box, *number_)), Part(f"x{i + 1}.value", "input", tuple(line)))
            said = f"{name} = {self.found.inputs[i]!r}"
            yield Group(f"x{i + 1}", "node", parts, said, {"value": repr(self.found.inputs[i])})

    def unit(self, unit: UnitPass, place: Place) -> Group:
        id = f"u{unit.unit.number}"
        parts = [Part(f"{id}.box", "box", tuple(self.circle(unit, place)))]
        y, data = place.y + RADIUS + 0.95 * LINE, {"value": repr(unit.out), "net": repr(unit.net)}
        roles = (("value", self.look.value), ("grad", self.look.gradient))
        for (role, color), said in zip(roles, self.below(unit), strict=False):
            parts.append(Part(f"{id}.{role}", role, tuple(self.written(said, place.x, y, color))))
            y += LINE
        if self.stage != "forward" and unit.delta is not None:
            data["delta"] = repr(unit.delta)
        lines = self.bias_lines(unit)
        top = place.y - RADIUS - 0.45 * LINE - (len(lines) - 1) * LINE
        for k, line in enumerate(lines):
            shapes = self.written(line, place.x, top + k * LINE, self.second if k else self.look.ink)
            parts.append(Part(f"{id}.bias{k}", "grads" if k else "labels", tuple(shapes)))
        known = [("n", unit.net), ("o", unit.out), *([("δ", unit.delta)] if "delta" in data else [])]
        title = ", ".join(f"{self.notation.of(letter, unit.unit)} = {x!r}" for letter, x in known)
        return Group(id, "node", tuple(parts), title, data)

    def circle(self, unit: UnitPass, place: Place) -> Iterator[Shape]:
        left, top, wide = place.x - RADIUS, place.y - RADIUS, 2 * RADIUS
        yield Rectangle(left, top, wide, wide, RADIUS, self.look.result, self.look.ink, 1.4)
        called = str(unit.unit.number if self.notation.through else unit.unit.place)
        yield from set_line([called], place.x, place.y + 4.5, 14.0, self.look.ink)

    def written(self, line: Pieces, x: float, y: float, color: str) -> list[Shape]:
        """Return a line in the middle of x, on a ground that hides the wires behind it."""
        wide = width(line, SIZE) + 4
        ground = Rectangle(x - wide / 2, y - 0.82 * LINE, wide, LINE + 0.8, 1, self.look.background)
        return [ground, *set_line(line, x, y, SIZE, color)]

    def weights(self, room: Room) -> Iterator[Group]:
        for k, layer in enumerate(self.found.layers, 1):
            share = room.share(k)
            for j, end in self.places[k].items():
                for i, start in self.places[k - 1].items():
                    x, y = start.x + share * (end.x - start.x), start.y + share * (end.y - start.y)
                    yield self.weight(layer[j], i, (x, y))

    def weight(self, unit: UnitPass, source: int, at: Point) -> Group:
        lines = self.weight_lines(unit, source)
        p, id = unit.unit.neuron.w[source], f"w{source + 1}.{unit.unit.number}"
        parts, high = list[Part](), LINE * len(lines) + 2
        for k, line in enumerate(lines):
            y = at[1] - high / 2 + (k + 0.78) * LINE
            shapes = self.written(line, at[0], y, self.second if k else self.look.ink)
            parts.append(Part(f"{id}.{k}", "grads" if k else "weights", tuple(shapes)))
        data = {"value": repr(self.found.weights[p])}
        data |= {"grad": repr(self.found.gradients[p])} if p in self.found.gradients else {}
        data |= {"after": repr(self.found.updated[p])} if p in self.found.updated else {}
        name = self.notation.weight(source + 1, unit.unit)
        return Group(id, "weight", tuple(parts), f"{name} = {self.found.weights[p]!r}", data)

    def more(self, room: Room) -> Iterator[Group]:
        """Say how many units of a layer are not drawn."""
        heights = [place.y for places in self.places for place in places.values()]
        for k, places in enumerate(self.places):
            hole, left = room.hole(k), room.counts[k] - len(places)
            if hole is not None:
                (x, above), spots = (next(iter(places.values())).x, 0.0), [place.y for place in places.values()]
                between = spots[hole - 1 : hole + 1]
                above = sum(between) / 2 if len(between) > 1 else max(heights) + 2.5 * LINE + RADIUS
                said = f"… {self.others.format(count=left)} …"
                text = Text(x, above + 4.0, said, SIZE, self.look.muted, False, "middle", fonts.width(said, SIZE))
                yield Group(f"more{k}", "note", (Part(f"more{k}.text", "note", (text,)),))

    def loss(self, place: Place) -> Group:
        said = f" = {self.number(self.found.loss or 0.0, 'loss.value')}"
        name, long = fonts.width("L", SIZE, True), fonts.width(said, SIZE, True)
        wide = max(name + long + 18, 68.0)
        box = Rectangle(place.x, place.y - 15, wide, 30, 6, self.look.result, self.look.root_line, 1.6)
        x, y = place.x + (wide - name - long) / 2 + name, place.y + 4.3
        letter = Text(x, y, "L", SIZE, self.look.value, True, "end", name)
        shown = said.lstrip()  # TeX drops a space at the beginning
        number_ = Text(x + long, y, shown, SIZE, self.look.value, True, "end", fonts.width(shown, SIZE, True))
        parts = [
            Part("loss.box", "box", (box,)),
            Part("loss.label", "label", (letter,)),
            Part("loss.value", "value", (number_,)),
        ]
        targets = self.found.targets
        drawn = [k for k in self.places[-1] if k < len(targets)]
        for row, k in enumerate(drawn):
            target = Name("y", str(k + 1) if len(targets) > 1 else "")
            y = place.y + 4.3 + (row - (len(drawn) - 1) / 2) * LINE
            shown = f" = {self.number(targets[k])}"
            line = set_line([target, shown], place.x + wide + 10, y, SIZE, self.look.muted, "start")
            parts.append(Part(f"loss.target{k + 1}", "note", tuple(line)))
        return Group("loss", "node", tuple(parts), f"L = {self.found.loss!r}", {"value": repr(self.found.loss)})

    # -------------------------------------------------------------------------------------- what is written

    def input_line(self, i: int) -> Pieces:
        name: Name | str = self.feature_names[i] if self.feature_names else Name("x", str(i + 1))
        return [name, f" = {self.number(self.found.inputs[i])}"]

    def below(self, unit: UnitPass) -> list[Pieces]:
        """Return what is written below a unit: its output, and δ."""
        id = f"u{unit.unit.number}"
        said: list[Pieces] = [[self.notation.of("o", unit.unit), f" = {self.number(unit.out, f'{id}.value')}"]]
        if self.stage != "forward" and unit.delta is not None:
            of = self.notation.of("δ" if self.notation.error == "δ" else "n", unit.unit)
            name: Pieces = [of] if self.notation.error == "δ" else ["∂L/∂", of]
            said.append([*name, f" = {self.number(unit.delta, f'{id}.grad')}"])
        return said

    @property
    def second(self) -> str:
        """The colour of a label's second line."""
        return self.look.badge if self.stage in ("change", "update") else self.look.gradient

    def bias_lines(self, unit: UnitPass) -> list[Pieces]:
        b = unit.unit.neuron.b
        if b is None:
            return []
        minus = -1.0 if self.notation.thresholds else 1.0
        name = self.notation.of("θ" if self.notation.thresholds else "b", unit.unit)
        return self.parameter(name, b, minus, f"u{unit.unit.number}.bias1")

    def weight_lines(self, unit: UnitPass, source: int) -> list[Pieces]:
        name = self.notation.weight(source + 1, unit.unit)
        return self.parameter(name, unit.unit.neuron.w[source], 1.0, f"w{source + 1}.{unit.unit.number}.1")

    def parameter(self, name: Name, p: Value, sign: float, id: str) -> list[Pieces]:
        """Return what is written of a parameter: its value; its gradient, its step or its new value."""
        said: list[Pieces] = [[name, f" = {self.number(sign * self.found.weights[p])}"]]
        if self.stage == "gradients":
            said.append(["∂L/∂", name, f" = {self.number(sign * self.found.gradients[p], id)}"])
        if self.stage == "change" and p in self.found.changes:
            delta = replace(name, letter=f"Δ{name.letter}")
            said.append([delta, f" = {self.number(sign * self.found.changes[p], id)}"])
        if self.stage == "update" and p in self.found.updated:
            new = replace(name, letter=f"{self.new} {name.letter}")
            said.append([new, f" = {self.number(sign * self.found.updated[p], id)}"])
        return said

    def number(self, x: float, part: str = "") -> str:
        return BLANK if part in self.blanks else number(x + 0.0, self.digits)

    def described(self) -> str:
        """Return the picture for anyone who does not see it."""
        said = [f"inputs {', '.join(map(self.number, self.found.inputs))}"]
        for k, layer in enumerate(self.found.layers, 1):
            units = []
            for unit in layer[:MOST]:
                delta = f", δ {self.number(unit.delta)}" if unit.delta is not None and self.stage != "forward" else ""
                units.append(f"unit {unit.unit.number}: output {self.number(unit.out)}{delta}")
            said.append(f"layer {k}: {'; '.join(units)}")
        if self.found.loss is not None:
            said.append(f"loss {self.number(self.found.loss)}")
        return ". ".join(said) + "."


def _straight(a: Point, b: Point, color: str) -> Curve:
    third = ((b[0] - a[0]) / 3, (b[1] - a[1]) / 3)
    return Curve((a, (a[0] + third[0], a[1] + third[1]), (b[0] - third[0], b[1] - third[1]), b), color, 1.1)
