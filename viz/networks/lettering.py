"""Names of units and weights as in lectures, with small indices, for scenes.

w₁₃        units are numbered through the network, inputs first: the weight from 1 to 3
w₁₁⁽¹⁾     units are numbered in each layer: the weight from the first unit of a layer to the first of layer 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from microgrAD.nn.units import Unit
from microgrAD.operators import Value
from viz import fonts
from viz.scene import Shape, Text

NOTATIONS = ("w12", "w12(2)", "w12[2]", "W2_12")
LETTERS = {"δ": r"\delta", "θ": r"\theta"}  # in LaTeX
ERRORS = ("δ", "∂")
SMALL = 0.68  # the size of an index, as a share of that of a letter


@dataclass(frozen=True)
class Name:
    """A letter, with an index below and an index above."""

    letter: str
    below: str = ""
    above: str = ""

    @property
    def label(self) -> str:
        """The name as a node's label, with mathematics between dollars."""
        letter = LETTERS.get(self.letter, self.letter)
        return f"${letter}{f'^{{{self.above}}}' if self.above else ''}_{{{self.below}}}$"

    def __str__(self) -> str:
        return self.letter + self.below + (f"^{self.above}" if self.above else "")


@dataclass(frozen=True)
class Notation:
    """How units and weights are named.

    Arguments:
        weights: one of NOTATIONS. The first one numbers units through the network, the others in each layer.
        error: "δ" for δ₃, or "∂" for ∂L/∂n₃.
        thresholds: whether biases are written as thresholds θ = -b.
    """

    weights: str
    error: str
    thresholds: bool

    @property
    def through(self) -> bool:
        return self.weights == NOTATIONS[0]

    def of(self, letter: str, unit: Unit) -> Name:
        """Return the name of a unit's quantity, such as o₃ or o₁⁽²⁾."""
        return Name(letter, str(unit.number)) if self.through else Name(letter, str(unit.place), self._layer(unit))

    def weight(self, source: int, unit: Unit) -> Name:
        """Return the name of the weight from a source, which is given by its number in the layer, from 1."""
        if self.through:
            first, second = unit.sources[source - 1], unit.number
        else:
            first, second = source, unit.place
        comma = "," if max(first, second) > 9 else ""
        letter = "W" if self.weights == NOTATIONS[3] else "w"
        return Name(letter, f"{first}{comma}{second}", "" if self.through else self._layer(unit))

    def called(self, letter: str, unit: Unit) -> str:
        """Return the name of a unit's quantity as a node's label, with mathematics between dollars."""
        return f"{letter}{unit.number}" if self.through else self.of(letter, unit).label

    def names(self, layers: Sequence[Sequence[Unit]]) -> dict[Value, str]:
        """Return the labels of weights and biases; none where units are numbered through, as in a trace."""
        every = [] if self.through else [unit for layer in layers for unit in layer]
        found = {w: self.weight(k, unit).label for unit in every for k, w in enumerate(unit.neuron.w, 1)}
        return found | {unit.neuron.b: self.called("b", unit) for unit in every if unit.neuron.b is not None}

    def _layer(self, unit: Unit) -> str:
        return {"w12(2)": f"({unit.layer})", "w12[2]": f"[{unit.layer}]"}.get(self.weights, str(unit.layer))


def width(pieces: list[Name | str], size: float) -> float:
    """Return the width of names and texts in a line."""
    return sum(_width(piece, size) for piece in pieces)


def set_line(
    pieces: list[Name | str], x: float, y: float, size: float, color: str, anchor: Literal["start", "middle"] = "middle"
) -> list[Shape]:
    """Return a line of names and texts, with its baseline at y."""
    at = x - (width(pieces, size) / 2 if anchor == "middle" else 0.0)
    shapes: list[Shape] = []
    for piece, after in zip(pieces, [*pieces[1:], ""], strict=True):
        long = _width(piece, size)
        if isinstance(piece, Name):
            shapes += _name(piece, at, y, size, color)
        elif isinstance(after, Name):
            shapes.append(_ending(piece, at + long, y, size, color))
        else:
            text = piece.lstrip()  # TeX drops a space at the beginning
            shapes.append(
                Text(at + long - fonts.width(text, size), y, text, size, color, width=fonts.width(text, size))
            )
        at += long
    return shapes


def _ending(text: str, x: float, y: float, size: float, color: str) -> Text:
    """Return a text that ends at x, so that there is no gap after it in a narrower font."""
    return Text(x, y, text, size, color, anchor="end", width=fonts.width(text, size))


def _name(name: Name, x: float, y: float, size: float, color: str) -> list[Shape]:
    long, small = fonts.width(name.letter, size), SMALL * size
    shapes: list[Shape] = [_ending(name.letter, x + long, y, size, color)]
    for text, dy in ((name.below, 0.22 * size), (name.above, -0.42 * size)):
        if text:
            shapes.append(Text(x + long, y + dy, text, small, color, width=fonts.width(text, small)))
    return shapes


def _width(piece: Name | str, size: float) -> float:
    if isinstance(piece, str):
        return fonts.width(piece, size)
    indices = max(fonts.width(piece.below, SMALL * size), fonts.width(piece.above, SMALL * size))
    return fonts.width(piece.letter, size) + indices
