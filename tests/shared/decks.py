"""What a presentation holds, read back with python-pptx; and the decks that several tests look at."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import lessons
from pptx import Presentation
from pptx.oxml.ns import qn

import viz
from microgrAD import Value, optim
from microgrAD.nn import MLP
from microgrAD.train import train_steps

EMU = 12700  # in a point
PIXEL = 9525  # EMU
HOSTILE = (
    "a < b & \"c\" 'd' > ]]>",
    "\x00\x01\x1b[31mred\x7f",
    "\ud800 and \udfff",
    "\ufeffmark\ufffe",
    "W" * 1000,
    "🦊👩‍👩‍👧 e\u0301 日本語 עברית",
    "_x0041_ {{x}} %s \\n",
)


def cs231n() -> Value:
    """Return the neuron of CS231n, with its gradients."""
    from microgrAD import parse

    root = parse("f = sigmoid(w0*x0 + w1*x1 + w2)", w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
    root.backward()
    return root


def hostile(label: str) -> Value:
    """Return a small graph, one of whose leaves has the label."""
    root = (Value(-1234.5678, label=label) * Value(3e-9, label="y") + 2).tanh()
    root.backward()
    return root


def large() -> Value:
    """Return the loss of a network whose graph has more than a hundred boxes."""
    root = MLP(3, [4, 4, 1], rng=0)([1.0, 2.0, 3.0])
    root.backward()
    return root


def run() -> Any:
    """Return the trace of a step of training."""
    return train_steps(MLP(2, [2, 1], rng=0), [[1.0, 2.0]], [1.0], optimizer=partial(optim.SGD, lr=0.1), loss="mse")


def curve(file: Path) -> None:
    viz.activation_curves("tanh").save(file)


DECKS: dict[str, Callable[[Path], Any]] = {
    "small": lambda file: viz.draw(cs231n(), file),
    "4:3 and dark": lambda file: viz.draw(cs231n(), file, size="4:3", theme="dark"),
    "large": lambda file: viz.draw(large(), file),
    "trace": lambda file: viz.movie(lessons.neuron(), file),
    "training": lambda file: viz.movie(run(), file),
    "picture": curve,
    **{f"hostile {k}": lambda file, label=label: viz.draw(hostile(label), file) for k, label in enumerate(HOSTILE)},
}


def opened(file: Path | bytes) -> Any:
    return Presentation(io.BytesIO(file) if isinstance(file, bytes) else str(file))


def shapes(slide: Any) -> Iterator[Any]:
    """Yield the shapes of a slide and of its groups, without groups and without the title."""
    waiting = list(slide.shapes)
    while waiting:
        shape = waiting.pop(0)
        if shape.shape_type is not None and shape.shape_type.name == "GROUP":
            waiting[:0] = list(shape.shapes)
        elif not shape.is_placeholder:
            yield shape


def named(slide: Any) -> dict[str, Any]:
    """Return the shapes of a slide by their names, without the !! that Morph reads."""
    found = list(shapes(slide))
    names = {shape.name.removeprefix("!!"): shape for shape in found}
    assert len(names) == len(found)
    assert all(shape.name.startswith("!!") for shape in found)
    return names


def texts(slide: Any) -> list[str]:
    return [shape.text_frame.text for shape in shapes(slide) if shape.has_text_frame and shape.text_frame.text]


def colors(shape: Any) -> set[str]:
    """Return the colours of a shape's letters."""
    return {
        found.get("val") for found in shape._element.findall(f".//{qn('a:rPr')}/{qn('a:solidFill')}/{qn('a:srgbClr')}")
    }


def sites(shape: Any) -> list[tuple[float, float]]:
    """Return the connection sites of a box, in EMU on the slide."""
    left, top, wide, high = shape.left, shape.top, shape.width, shape.height
    own = shape._element.findall(f".//{qn('a:cxn')}/{qn('a:pos')}")
    if own:
        return [(left + int(at.get("x")), top + int(at.get("y"))) for at in own]
    return [
        (left + wide / 2, top),
        (left, top + high / 2),
        (left + wide / 2, top + high),
        (left + wide, top + high / 2),
    ]


def ends(connector: Any) -> list[tuple[float, float]]:
    """Return where a connector begins and ends, in EMU: its corners, mirrored and then turned about its middle."""
    place = connector._element.spPr.find(qn("a:xfrm"))
    off, ext = place.find(qn("a:off")), place.find(qn("a:ext"))
    wide, high = int(ext.get("cx")) / 2, int(ext.get("cy")) / 2
    x, y = int(off.get("x")) + wide, int(off.get("y")) + high
    turn = math.radians(int(place.get("rot", "0")) / 60000)
    found = []
    for dx, dy in ((-wide, -high), (wide, high)):
        dx, dy = (-dx if place.get("flipH") == "1" else dx), (-dy if place.get("flipV") == "1" else dy)
        found.append((x + dx * math.cos(turn) - dy * math.sin(turn), y + dx * math.sin(turn) + dy * math.cos(turn)))
    return found
