"""What the training player should show, by Python, and what it does show, read from the page."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from playwright.sync_api import Page

from microgrAD import Value, losses
from microgrAD.nn import Rescale, Standardize
from microgrAD.optim import Adam
from microgrAD.outputs import default_reading, outputs, probabilities
from microgrAD.steps import Trace, steps
from microgrAD.train import History, fit
from viz.style import LIGHT, number


def taught(model: Any, rows: Any, targets: Any, *, epochs: int = 10, lr: float = 0.1, **options: Any) -> History:
    return fit(
        model, rows, targets, optimizer=lambda p: Adam(p, lr=lr), epochs=epochs, record=True, progress=False, **options
    )


# ---------------------------------------------------------------------------------------------- what Python says


def whole(model: Any, x: Any, target: Any, *, quantity: bool = False) -> tuple[Trace, dict[str, Value]]:
    """The trace of the loss of one row, and the nodes that have a box in the network, by name."""
    inputs = [Value(float(v)) for v in x]
    boxes: dict[str, Value] = {f"x{k}": v for k, v in enumerate(inputs, 1)}
    h: Any = inputs
    c = 0
    for layer in model.layers:
        h = layer(h)
        if not isinstance(layer, Standardize):
            c += not isinstance(layer, Rescale)  # which is the end of the last neurons
            boxes |= {f"{c}.{k}": v for k, v in enumerate(h if isinstance(h, list) else [h], 1)}
    if quantity:
        loss = losses.mse(h, Value(float(target)))
    else:
        loss = (losses.cross_entropy if isinstance(h, list) else losses.binary_cross_entropy_with_logits)(h, target)
    return steps(loss), {**boxes, "loss": loss}


def expected(model: Any, x: Any, target: int) -> tuple[dict[str, list[str]], str]:
    """What stands in the boxes, and what is said of the chosen point."""
    trace, boxes = whole(model, x, target)
    p = probabilities(outputs(model, [x]), default_reading(model))[0, target]
    return (
        written(trace, boxes),
        f"at ({', '.join(number(float(v)) for v in x)}): P(class {target}) = "
        f"{number(float(p))}, loss {number(boxes['loss'].data)}",
    )


def written(trace: Trace, boxes: dict[str, Value]) -> dict[str, list[str]]:
    ids = {variable.value: id for id, variable in trace.variables.items()}
    return {name: both(trace, ids[value]) for name, value in boxes.items()}


def both(trace: Trace, id: str) -> list[str]:
    return [f"= {number(trace.variables[id].data)}", f"∂ {number(trace.derivatives[id])}"]


def between(trace: Trace, out: Value, entering: list[Value]) -> set[str]:
    """The ids of what is inside a neuron, or the loss."""
    ids = {variable.value: id for id, variable in trace.variables.items()}
    found, stack = set(), [out]
    while stack:
        value = stack.pop()
        if value not in entering and ids[value] not in found:
            found.add(ids[value])
            stack += [arg for arg in value.args if isinstance(arg, Value)]
    return found


# ---------------------------------------------------------------------------------------------- what the page shows


def shown(page: Page) -> dict[str, list[str]]:
    """The value and the gradient in each box, by its name."""
    return page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".network [data-name]")].map((g) =>
        [g.dataset.name, [".value", ".grad"].map((kind) => g.querySelector(kind).textContent)]))""")


def inside(page: Page) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The value and the gradient of each node within what is open, and the local derivative of each edge."""
    cells = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".inside [data-node]")].map((g) =>
        [g.dataset.node, [".value", ".grad"].map((kind) => g.querySelector(kind).textContent)]))""")
    wires = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".inside [data-wire]")]
        .map((text) => [text.dataset.wire, text.textContent]))""")
    return cells, wires


def point(page: Page) -> str:
    return page.locator("#point").inner_text()


def open_box(page: Page, name: str) -> None:
    page.locator(f'[data-opens="{name}"]').dispatch_event("click")


def choose(page: Page, k: int) -> None:
    page.fill("#number", str(k + 1))
    page.dispatch_event("#number", "change")


def to_frame(page: Page, frame: int) -> None:
    page.evaluate(f"location.hash = '#frame-{frame}'")
    page.wait_for_function(f"document.querySelector('nav .count').textContent.startsWith('{frame} /')")


def limits_of(rows: Any) -> Any:
    """From where to where each feature is shown: (features, 2)."""
    low, high = rows.min(axis=0), rows.max(axis=0)
    return np.stack([low - 0.25 * (high - low), high + 0.25 * (high - low)], axis=1)


def axes(page: Page) -> list[float]:
    """The plane's frame in the drawing: left, top, width, height."""
    found: list[float] = page.evaluate("""() => { const box = document.querySelector("#plane .axes rect");
        return ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name))); }""")
    return found


def drawn_border(page: Page, limits: Any) -> np.ndarray:
    """Where the pieces of the boundary begin, (pieces, 2), in the coordinates of the data."""
    frame = axes(page)
    drawn = re.findall(r"M([-\d.]+) ([-\d.]+)", page.get_attribute("#plane .border", "d") or "")
    share = (np.array(drawn, dtype=float) - frame[:2]) / frame[2:]
    (left, right), (bottom, top) = limits
    return np.stack([left + (right - left) * share[:, 0], top - (top - bottom) * share[:, 1]], axis=1)


def pixels(page: Page, source: str) -> np.ndarray:
    """The colours of a canvas, or of an image once it is there: (rows, columns, 3)."""
    size, flat = page.evaluate(
        """async (source) => { let from = document.querySelector(source);
        if (from.localName === "image") { const image = new Image(); image.src = from.getAttribute("href");
          await image.decode(); from = document.createElement("canvas"); from.width = from.height = image.naturalWidth;
          from.getContext("2d").drawImage(image, 0, 0); }
        return [from.width, [...from.getContext("2d").getImageData(0, 0, from.width, from.width).data]]; }""",
        source,
    )
    return np.array(flat, dtype=float).reshape(size, size, 4)[..., :3]


def plane(limits: Any, size: int) -> np.ndarray:
    """The places of a picture of so many pixels, row by row from the top: (rows · columns, 2)."""
    (left, right), (bottom, top) = limits
    return np.stack(np.meshgrid(np.linspace(left, right, size), np.linspace(top, bottom, size)), axis=-1).reshape(-1, 2)


def shade(p: Any, low: str, high: str) -> np.ndarray:
    """The colours of P(1) between those of two classes on white."""
    white, *hues = (np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)]) for color in (LIGHT.background, low, high))
    p = np.round(255 * np.asarray(p))[:, None] / 255
    deep = [white + 0.55 * (hue - white) for hue in hues]
    found: np.ndarray = white + np.abs(2 * p - 1) * (deep[0] + p * (deep[1] - deep[0]) - white)
    return found
