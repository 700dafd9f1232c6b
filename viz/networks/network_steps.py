"""`network`: a fully connected network as a lecture draws it, with the numbers of one example on it.

A circle is a unit, with its number and its output o; below it is δ = ∂L/∂n, above it the bias. A line is a weight.
Inputs are at the left, the loss is at the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from microgrAD.errors import between, one_of, whole_digits
from microgrAD.interpret.passes import Passes, UnitPass, passes
from microgrAD.operators import Value
from viz import fonts, style
from viz.networks.lettering import NOTATIONS, Name, Notation, set_line, width
from viz.options import slide_pixels
from viz.scene import Curve, Group, Part, Point, Polygon, Rectangle, Scene, Shape, Text, bounds, moved
from viz.scene_drawing import SceneDrawing
from viz.style import number

STAGES = ("forward", "backward", "gradients", "update")
MOST = 6  # units of a layer that are drawn; of more, the first and the last ones
SIZE, LINE = 12.0, 16.0  # of type, and from line to line, in points
RADIUS, BOX = 25.0, 30.0
MARGIN = 18.0
Pieces = list[Name | str]


def network(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    stage: str | None = None,
    loss: Any = None,
    optimizer: Any = None,
    notation: str = "w12",
    error: str = "δ",
    thresholds: bool = False,
    input_names: Sequence[str] | None = None,
    digits: int = 4,
    theme: str | None = None,
    size: str | tuple[int, int] | None = None,
    dpi: float | None = None,
    title: str = "",
) -> SceneDrawing:
    """Draw a network of fully connected layers, with what each unit and weight has for one example.

    Arguments:
        model: the network, such as an MLP; parts without weights around its layers are not drawn.
        x: one row.
        y: its target; without it there is only a forward pass.
        stage: "forward" shows outputs and the loss, "backward" δ too, "gradients" ∂L/∂w too, "update" δ and the new
            weights; by default "update" with an optimizer, "backward" with a target, else "forward".
        loss: as for `microgrAD.train.fit`.
        optimizer: as for `fit`; its rule makes the new weights. The model does not change.
        notation: "w12" numbers units through; "w12(2)", "w12[2]" and "W2_12" number them by layer.
        error: "δ", or "∂" for ∂L/∂n.
        thresholds: whether biases are shown as thresholds θ = -b.
        input_names: a name for each input; by default x with its number.
        digits, theme, size, dpi, title: as for `draw`.
    Returns: a drawing with `save("x.png")` (or .svg, .pdf, .tex), `plot(ax)` and `scene`.
    Raises: TypeError for another model; ValueError for another choice, or a stage that takes more arguments.

    Of a layer with more than 6 units, the first and the last three are drawn.
    """
    one_of(notation, "notation", NOTATIONS)
    one_of(error, "error", ["δ", "∂"])
    usual = "update" if optimizer is not None else "backward" if y is not None else "forward"
    stage = one_of(stage or usual, "stage", STAGES)
    if stage != "forward" and y is None:
        raise ValueError(f"stage={stage!r} takes a target y")
    if stage == "update" and optimizer is None:
        raise ValueError("stage='update' takes an optimizer, such as functools.partial(SGD, lr=0.1)")
    if dpi is not None:
        between(dpi, "dpi", 10, 2400)
    found = passes(model, x, y, loss=loss, optimizer=optimizer)
    if input_names is not None and len(input_names) != len(found.inputs):
        raise ValueError(f"input_names takes {len(found.inputs)} names, got {len(input_names)}")
    look = style.theme(theme)
    ink = _Ink(found, Notation(notation, error, thresholds), stage, whole_digits(digits), look, input_names)
    groups = list(ink.groups())
    said = title or _title(found, stage)
    return SceneDrawing(_sheet(groups, look, slide_pixels(size), said, ink.described()), dpi=dpi)


def _title(found: Passes, stage: str) -> str:
    shape = "-".join(map(str, [len(found.inputs), *map(len, found.layers)]))
    what = {"forward": "forward", "backward": "δ of every unit", "gradients": "gradients", "update": "the update"}[
        stage
    ]
    return f"A {shape} network on one example: {what}"


def _sheet(
    groups: list[Group], look: style.Theme, pixels: tuple[int, int] | None, title: str, description: str
) -> Scene:
    left, top, right, bottom = bounds(groups)
    wide, high = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    if pixels is None:
        placed = [moved(group, MARGIN - left, MARGIN - top) for group in groups]
        return Scene(wide, high, tuple(placed), look.background, title, description)
    width_, height = pixels[0] * 0.75, pixels[1] * 0.75
    scale = min(width_ / wide, height / high)
    dx, dy = (width_ - wide * scale) / 2 + (MARGIN - left) * scale, (height - high * scale) / 2 + (MARGIN - top) * scale
    return Scene(
        width_, height, tuple(moved(g, dx, dy, scale) for g in groups), look.background, title, description, pixels
    )


@dataclass(frozen=True)
class _Place:
    """Where a unit, an input or the loss stands; None for a unit that is left out."""

    x: float
    y: float
    radius: float = RADIUS


class _Ink:
    """The shapes of a network's picture."""

    def __init__(
        self,
        found: Passes,
        notation: Notation,
        stage: str,
        digits: int,
        look: style.Theme,
        input_names: Sequence[str] | None,
    ) -> None:
        self.found, self.notation, self.stage, self.digits, self.look = found, notation, stage, digits, look
        self.input_names = input_names
        self.labels = {
            (unit.unit.number, k): self.weight_lines(unit, k)
            for layer in found.layers
            for unit in (layer[j] for j in shown(len(layer)))
            for k in shown(len(unit.unit.sources))
        }
        self.place()

    # -------------------------------------------------------------------------------------- where

    def place(self) -> None:
        """Find a place for each input and unit. Labels at the same share of their lines never meet."""
        counts = [len(self.found.inputs), *map(len, self.found.layers)]
        rows = [len(shown(n)) + (n > MOST) for n in counts]
        halves = [
            self.input_half(),
            *(max(self.half(layer[j]) for j in shown(len(layer))) for layer in self.found.layers),
        ]
        lines = max(map(len, self.labels.values()))
        longest = max(width(line, SIZE) for label in self.labels.values() for line in label) / 2
        block = 2 * RADIUS + LINE * (lines + 1.6 + (self.stage != "forward"))
        gap = max((max(rows[1:]) + 1) * (LINE * lines + 9), block)
        self.rows, self.places, x = rows, list[dict[int, _Place]](), 0.0
        for k, n in enumerate(counts):
            if k:
                share = 1 / (rows[k] + 1)
                x += max((halves[k - 1] + longest + 14) / share, (halves[k] + longest + 26) / (1 - share))
            middle = (rows[k] - 1) / 2
            at = {unit: row + (n > MOST and unit >= n - MOST // 2) for row, unit in enumerate(shown(n))}
            radius = RADIUS if k else BOX / 2
            self.places.append({unit: _Place(x, (row - middle) * gap, radius) for unit, row in at.items()})
        self.loss_at = _Place(x + halves[-1] + 70, 0.0, 1.0)

    def half(self, unit: UnitPass) -> float:
        """Return half of the width that a unit takes, with what is written above and below it."""
        bias = self.bias_lines(unit) if unit.unit.neuron.b is not None else []
        written = [*bias, *self.below(unit)]
        return max(RADIUS, *(width(line, SIZE) / 2 for line in written))

    def input_half(self) -> float:
        return max(BOX / 2, *(width(self.input_line(i), SIZE) / 2 for i in shown(len(self.found.inputs))))

    # -------------------------------------------------------------------------------------- what

    def groups(self) -> Iterator[Group]:
        """Yield lines first, then units, then what is written on lines."""
        yield from self.lines()
        yield from self.inputs()
        for k, layer in enumerate(self.found.layers, 1):
            yield from (self.unit(layer[j], place) for j, place in self.places[k].items())
        yield from self.more()
        yield from self.weights()
        if self.found.loss is not None:
            yield self.loss()

    def lines(self) -> Iterator[Group]:
        for k, layer in enumerate(self.found.layers, 1):
            for j, end in self.places[k].items():
                for i, start in self.places[k - 1].items():
                    yield self.wire(f"w{i + 1}.{layer[j].unit.number}.wire", start, end)
        if self.found.loss is not None:
            for j, start in self.places[-1].items():
                yield self.wire(f"loss{j + 1}.wire", start, self.loss_at)

    def wire(self, id: str, start: _Place, end: _Place) -> Group:
        long = ((end.x - start.x) ** 2 + (end.y - start.y) ** 2) ** 0.5
        dx, dy = (end.x - start.x) / long, (end.y - start.y) / long
        a = (start.x + dx * start.radius, start.y + dy * start.radius)
        tip = (end.x - dx * end.radius, end.y - dy * end.radius)
        b = (tip[0] - 7 * dx, tip[1] - 7 * dy)
        head = Polygon((tip, (b[0] - 3 * dy, b[1] + 3 * dx), (b[0] + 3 * dy, b[1] - 3 * dx)), self.look.edge)
        return Group(id, "edge", (Part(f"{id}.line", "line", (_straight(a, b, self.look.edge), head)),))

    def inputs(self) -> Iterator[Group]:
        for i, place in self.places[0].items():
            name, half = self.input_line(i)[0], BOX / 2
            box = Rectangle(place.x - half, place.y - half, BOX, BOX, 4, self.look.leaf, self.look.leaf_line, 1.2)
            number_ = set_line([str(i + 1)], place.x, place.y + 0.36 * SIZE, SIZE, self.look.ink)
            line = self.written(self.input_line(i), place.x, place.y + half + LINE, self.look.value)
            parts = (Part(f"x{i + 1}.box", "box", (box, *number_)), Part(f"x{i + 1}.value", "value", tuple(line)))
            yield Group(
                f"x{i + 1}",
                "node",
                parts,
                f"input {name} = {self.found.inputs[i]!r}",
                {"value": repr(self.found.inputs[i])},
            )

    def input_line(self, i: int) -> Pieces:
        name: Name | str = self.input_names[i] if self.input_names else Name("x", str(i + 1))
        return [name, f" = {self.number(self.found.inputs[i])}"]

    def below(self, unit: UnitPass) -> list[Pieces]:
        """Return what is written below a unit: its output, and δ."""
        said: list[Pieces] = [[self.notation.of("o", unit.unit), f" = {self.number(unit.out)}"]]
        if self.stage != "forward" and unit.delta is not None:
            said.append([*self.error(unit), f" = {self.number(unit.delta)}"])
        return said

    def unit(self, unit: UnitPass, place: _Place) -> Group:
        id, n = f"u{unit.unit.number}", self.notation
        circle = Rectangle(
            place.x - RADIUS, place.y - RADIUS, 2 * RADIUS, 2 * RADIUS, RADIUS, self.look.result, self.look.ink, 1.4
        )
        called = str(unit.unit.number) if n.through else str(unit.unit.place)
        parts = [Part(f"{id}.box", "box", (circle, *set_line([called], place.x, place.y + 4.5, 14.0, self.look.ink)))]
        y = place.y + RADIUS + 0.95 * LINE
        data = {"value": repr(unit.out), "net": repr(unit.net)}
        for role, color, said in zip(
            ("value", "grad"), (self.look.value, self.look.gradient), self.below(unit), strict=False
        ):
            parts.append(Part(f"{id}.{role}", role, tuple(self.written(said, place.x, y, color))))
            y += LINE
        if self.stage != "forward" and unit.delta is not None:
            data["delta"] = repr(unit.delta)
        if unit.unit.neuron.b is not None:
            lines = self.bias_lines(unit)
            top = place.y - RADIUS - 0.45 * LINE - (len(lines) - 1) * LINE
            for k, line in enumerate(lines):
                color = self.look.ink if k == 0 else self.second
                role = "label" if k == 0 else "grad"
                parts.append(
                    Part(f"{id}.bias{k}", f"{role}s", tuple(self.written(line, place.x, top + k * LINE, color)))
                )
        title = f"unit {unit.unit.number}: n = {unit.net!r}, o = {unit.out!r}"
        return Group(id, "node", tuple(parts), title + (f", δ = {unit.delta!r}" if "delta" in data else ""), data)

    def written(self, line: Pieces, x: float, y: float, color: str) -> list[Shape]:
        """Return a line in the middle of x, on a ground that hides the wires behind it."""
        wide = width(line, SIZE) + 4
        ground = Rectangle(x - wide / 2, y - 0.82 * LINE, wide, LINE, 3, self.look.background)
        return [ground, *set_line(line, x, y, SIZE, color)]

    def error(self, unit: UnitPass) -> Pieces:
        if self.notation.error == "δ":
            return [self.notation.of("δ", unit.unit)]
        return ["∂L/∂", self.notation.of("n", unit.unit)]

    @property
    def second(self) -> str:
        """The colour of a label's second line."""
        return self.look.badge if self.stage == "update" else self.look.gradient

    def bias_lines(self, unit: UnitPass) -> list[Pieces]:
        b = unit.unit.neuron.b
        assert b is not None
        minus = -1.0 if self.notation.thresholds else 1.0
        name = self.notation.of("θ" if self.notation.thresholds else "b", unit.unit)
        return self.parameter(name, b, minus)

    def weight_lines(self, unit: UnitPass, source: int) -> list[Pieces]:
        return self.parameter(self.notation.weight(source + 1, unit.unit), unit.unit.neuron.w[source], 1.0)

    def parameter(self, name: Name, p: Value, sign: float) -> list[Pieces]:
        """Return what is written of a parameter: its value, and its gradient or its new value."""
        said: list[Pieces] = [[name, f" = {self.number(sign * p.data)}"]]
        if self.stage == "gradients":
            said.append(["∂L/∂", name, f" = {self.number(sign * self.found.gradients[p])}"])
        if self.stage == "update" and p in self.found.updated:
            said.append([replace(name, letter=f"new {name.letter}"), f" = {self.number(sign * self.found.updated[p])}"])
        return said

    def weights(self) -> Iterator[Group]:
        for k, layer in enumerate(self.found.layers, 1):
            share = 1 / (self.rows[k] + 1)
            for j, end in self.places[k].items():
                for i, start in self.places[k - 1].items():
                    x, y = start.x + share * (end.x - start.x), start.y + share * (end.y - start.y)
                    yield self.weight(layer[j], i, (x, y))

    def weight(self, unit: UnitPass, source: int, at: Point) -> Group:
        lines = self.labels[unit.unit.number, source]
        p, id = unit.unit.neuron.w[source], f"w{source + 1}.{unit.unit.number}"
        wide, high = max(width(line, SIZE) for line in lines) + 8, LINE * len(lines) + 2
        patch = Rectangle(at[0] - wide / 2, at[1] - high / 2, wide, high, 3, self.look.background)
        parts = [Part(f"{id}.patch", "patch", (patch,))]
        for k, line in enumerate(lines):
            y = at[1] - high / 2 + (k + 0.78) * LINE
            color = self.look.ink if k == 0 else self.second
            parts.append(
                Part(f"{id}.{k}", "weights" if k == 0 else "grads", tuple(set_line(line, at[0], y, SIZE, color)))
            )
        data = {"value": repr(p.data)}
        data |= {"grad": repr(self.found.gradients[p])} if p in self.found.gradients else {}
        data |= {"after": repr(self.found.updated[p])} if p in self.found.updated else {}
        name = self.notation.weight(source + 1, unit.unit)
        return Group(id, "weight", tuple(parts), f"weight {name} = {p.data!r}", data)

    def more(self) -> Iterator[Group]:
        """Say how many units of a layer are not drawn."""
        for k, n in enumerate([len(self.found.inputs), *map(len, self.found.layers)]):
            if n > MOST:
                place = next(iter(self.places[k].values()))
                said = f"… {n - MOST} more …"
                text = Text(place.x, 4.0, said, SIZE, self.look.muted, anchor="middle", width=fonts.width(said, SIZE))
                yield Group(f"more{k}", "note", (Part(f"more{k}.text", "note", (text,)),))

    def loss(self) -> Group:
        assert self.found.loss is not None
        place, said = self.loss_at, f"L = {self.number(self.found.loss)}"
        wide = max(fonts.width(said, SIZE, True) + 18, 68.0)
        box = Rectangle(place.x, place.y - 15, wide, 30, 6, self.look.result, self.look.root_line, 1.6)
        middle = Text(place.x + wide / 2, place.y + 4.3, said, SIZE, self.look.value, True, "middle", wide - 18)
        parts = [Part("loss.value", "value", (box, middle))]
        targets = self.found.targets
        for k, target in enumerate(targets[:MOST]):
            name = Name("y", str(k + 1) if len(targets) > 1 else "")
            y = place.y + 4.3 + (k - (min(len(targets), MOST) - 1) / 2) * LINE
            line = set_line([name, f" = {self.number(target)}"], place.x + wide + 10, y, SIZE, self.look.muted, "start")
            parts.append(Part(f"loss.target{k + 1}", "note", tuple(line)))
        return Group("loss", "node", tuple(parts), f"loss {self.found.loss!r}", {"value": repr(self.found.loss)})

    # -------------------------------------------------------------------------------------- words

    def number(self, x: float) -> str:
        return number(x + 0.0, self.digits)

    def described(self) -> str:
        """Return the picture for anyone who does not see it."""
        said = [f"inputs {', '.join(map(self.number, self.found.inputs))}"]
        for k, layer in enumerate(self.found.layers, 1):
            units = []
            for unit in layer[:MOST]:
                delta = f", δ {self.number(unit.delta)}" if unit.delta is not None and self.stage != "forward" else ""
                units.append(f"unit {unit.unit.number}: output {self.number(unit.out)}{delta}")
            said.append(f"layer {k}: {'; '.join(units)}")
        return (
            ". ".join([*said, *([f"loss {self.number(self.found.loss)}"] if self.found.loss is not None else [])]) + "."
        )


def shown(count: int) -> list[int]:
    """Return the numbers from 0 of the units that are drawn."""
    return list(range(count)) if count <= MOST else [*range(MOST // 2), *range(count - MOST // 2, count)]


def _straight(a: Point, b: Point, color: str) -> Curve:
    third = ((b[0] - a[0]) / 3, (b[1] - a[1]) / 3)
    return Curve((a, (a[0] + third[0], a[1] + third[1]), (b[0] - third[0], b[1] - third[1]), b), color, 1.1)
