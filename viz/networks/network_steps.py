"""`network`: a fully connected network as a lecture draws it, with the numbers of one example on it.

A circle is a unit, with its number and its output o; below it is δ = ∂L/∂n, above it the bias. A line is a weight.
Inputs are at the left, the loss is at the right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from microgrAD.errors import between, one_of, whole_digits, words
from microgrAD.interpret.passes import Passes, passes
from viz import style
from viz.networks.lettering import ERRORS, NOTATIONS, Notation
from viz.networks.network_parts import STAGES, Ink
from viz.networks.network_room import Room, Units
from viz.networks.network_unit import unit_numbered, with_unit
from viz.options import slide_pixels
from viz.scene import Group, Scene, bounds, moved
from viz.scene_drawing import SceneDrawing

MARGIN = 18.0
STRETCH = 1.8  # the largest factor on distances, to fill a slide


class NetworkDrawing(SceneDrawing):
    """The picture of a network; as a page, each unit opens: `viz.page(drawing, "network.html")`.

    Arguments:
        draw: draws it in the colours of a theme.
        found: its numbers.
        notation: how units and weights are called.
        digits: significant digits.
        theme: the colours.
        dpi: dots per inch.
    """

    def __init__(
        self,
        draw: Callable[[style.Theme], Scene],
        found: Passes,
        notation: Notation,
        digits: int,
        theme: style.Theme,
        dpi: float | None,
    ) -> None:
        super().__init__(draw(theme), dpi=dpi)
        self.draw, self.found, self.notation, self.digits = draw, found, notation, digits


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
    units: Units = None,
    open: int | None = None,
    feature_names: Sequence[str] | None = None,
    digits: int = 4,
    theme: str | None = None,
    size: str | tuple[int, int] | None = None,
    dpi: float | None = None,
    title: str | None = None,
) -> NetworkDrawing:
    """Draw a network of fully connected layers, with what each unit and weight has for one example.

    Arguments:
        model: the network, such as an MLP; parts without weights around its layers are not drawn.
        x: one row.
        y: its target; without it there is only a forward pass.
        stage: "forward" shows outputs and the loss, "backward" δ too, "gradients" ∂L/∂w too, "change" δ and the step Δw
            of each weight, "update" δ and the new weights; by default "update" with an optimizer, "backward" with a
            target, else "forward".
        loss: as for `microgrAD.train.fit`.
        optimizer: as for `fit`; its rule makes the new weights. The model does not change.
        notation: "w12" numbers units through; "w12(2)", "w12[2]" and "W2_12" number them by layer.
        error: "δ", or "∂" for ∂L/∂n.
        thresholds: whether biases are shown as thresholds θ = -b.
        units: the units that are drawn: numbers from 1 of units of the first layer; or by layer, with 0 for the inputs,
            as in {0: [1, 5], 1: [3, 120]}. By default, of a layer with more than 6 units, the first and the last two.
        open: the number of a unit, inputs counted first, whose scalar graph is drawn below, with the same numbers.
        feature_names: a name for each input; by default x with its number.
        digits, theme, size, dpi: as for `draw`.
        title: read aloud, and the title of the file; by default it says what is shown.
    Returns: a drawing with `save("x.png")` (or .svg, .pdf, .tex), `plot(ax)` and `scene`; `viz.page` makes a page of
    it, in which each unit opens.
    Raises: TypeError for another model; ValueError for another choice, or a stage that takes more arguments.
    """
    one_of(notation, "notation", NOTATIONS)
    one_of(error, "error", ERRORS)
    usual = "update" if optimizer is not None else "backward" if y is not None else "forward"
    stage = one_of(stage or usual, "stage", STAGES)
    if stage != "forward" and y is None:
        raise ValueError(f"stage={stage!r} takes a target y")
    if stage in ("change", "update") and optimizer is None:
        raise ValueError(f"stage={stage!r} takes an optimizer, such as functools.partial(SGD, lr=0.1)")
    if dpi is not None:
        between(dpi, "dpi", 10, 2400)
    found = passes(model, x, y, loss=loss, optimizer=optimizer)
    if feature_names is not None and len(feature_names) != len(found.inputs):
        raise ValueError(f"feature_names takes {len(found.inputs)} names, got {len(feature_names)}")
    look = style.theme(theme)
    notes = Notation(notation, error, thresholds)
    said = _title(found, stage) if title is None else words(title, "title")
    whole_digits(digits)
    pixels, opened = slide_pixels(size), None if open is None else unit_numbered(found, open)

    def draw(look: style.Theme) -> Scene:
        ink = Ink(found, notes, stage, digits, look, feature_names, units)
        scene = sheet(ink, ink.room(), pixels, said)
        near = style.Look(look, digits=digits, show_local=True, legend=False)
        return scene if opened is None else with_unit(scene, found, opened, notes, near)

    return NetworkDrawing(draw, found, notes, digits, look, dpi)


def _title(found: Passes, stage: str) -> str:
    what = {
        "forward": "forward",
        "backward": "δ of every unit",
        "gradients": "gradients",
        "change": "the step of every weight",
        "update": "the update",
    }
    return f"{network_name(found)} on one example: {what[stage]}"


def network_name(found: Passes) -> str:
    """Return what a network is called by its numbers of units."""
    return f"A {'-'.join(map(str, [len(found.inputs), *map(len, found.layers)]))} network"


def sheet(ink: Ink, room: Room, pixels: tuple[int, int] | None, title: str) -> Scene:
    """Return the picture on its sheet; the arguments are those of `sheets`."""
    return sheets([ink], room, pixels, title)[0]


def sheets(
    inks: Sequence[Ink], room: Room, pixels: tuple[int, int] | None, title: str, foot: float = 0.0
) -> list[Scene]:
    """Return pictures of one network on sheets of one size, with everything in its place on all of them.

    Arguments:
        inks: the shapes of each picture.
        room: the room that they get.
        pixels: the size of a slide, which the pictures fill; None for their own size.
        title: the title of each.
        foot: points that are left free at the bottom.
    """
    drawn = [ink.groups(room) for ink in inks]
    wide, high = _size(drawn)
    scale, dx, dy = 1.0, 0.0, 0.0
    width, height = wide, high
    if pixels is not None:
        width, height = pixels[0] * 0.75, pixels[1] * 0.75 - foot
        scale = min(width / wide, height / high)
        factors = _stretch(inks[0], room, width / scale, height / scale)
        drawn = [ink.groups(room, *factors) for ink in inks]
        wide, high = _size(drawn)
        scale = min(width / wide, height / high)
        dx, dy = (width - wide * scale) / 2, (height - high * scale) / 2
    left, top, _, _ = _around(drawn)
    dx, dy = dx + (MARGIN - left) * scale, dy + (MARGIN - top) * scale
    return [
        Scene(
            width,
            height + foot,
            tuple(moved(group, dx, dy, scale) for group in groups),
            ink.look.background,
            title,
            ink.described(),
            pixels,
        )
        for ink, groups in zip(inks, drawn, strict=True)
    ]


def _stretch(ink: Ink, room: Room, width: float, height: float) -> tuple[float, float]:
    """Return the factors on distances with which a picture is as wide and as high as a slide."""
    factors = []
    for longer, side, want in (((2.0, 1.0), 0, width), ((1.0, 2.0), 1, height)):
        one, two = _size([ink.groups(room)])[side], _size([ink.groups(room, *longer)])[side]
        factors.append(min(STRETCH, max(1.0, 1 + (want - one) / (two - one))) if two > one else 1.0)
    return factors[0], factors[1]


def _around(drawn: Sequence[Sequence[Group]]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all pictures together."""
    return bounds([group for groups in drawn for group in groups])


def _size(drawn: Sequence[Sequence[Group]]) -> tuple[float, float]:
    left, top, right, bottom = _around(drawn)
    return right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
