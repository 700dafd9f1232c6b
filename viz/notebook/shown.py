"""What a notebook shows of a result of microgrAD: a picture, or Markdown with mathematics, and a line of text."""

from __future__ import annotations

from functools import singledispatch
from itertools import islice
from typing import Any

from microgrAD.explanation import Derivation, Explanation
from microgrAD.graph import edges
from microgrAD.operators import Value
from microgrAD.steps.trace import Trace
from microgrAD.steps.training import TrainingTrace
from microgrAD.train.history import History
from viz import style
from viz.bundle import Bundle, picture, shows_pictures, text
from viz.drawing import draw
from viz.networks.axes import figure_title, panels
from viz.networks.learning_curves import accuracy_curve, learning_curves, loss_curve
from viz.passes.tell import tell
from viz.picture import Picture
from viz.scene_drawing import SceneDrawing

SMALL = 60  # up to this number of nodes, a Value shows its graph
DIGITS = 4


@singledispatch
def bundle(result: Any) -> Bundle:
    """Return what a notebook shows of a result: data by kind, and what is said of each."""
    return text(repr(result))


@bundle.register
def _(v: Value) -> Bundle:
    return picture(repr(v), lambda: draw(v, digits=DIGITS)) if v.op and _is_small(v) else text(repr(v))


def _is_small(root: Value) -> bool:
    """Return whether a graph has few nodes, without walking a large one."""
    seen, stack = {root}, [root]
    while stack and len(seen) <= SMALL:
        new = {v for v, _ in islice(edges(stack.pop()), SMALL + 1)} - seen
        seen |= new
        stack += new
    return len(seen) <= SMALL


@bundle.register(Trace)
@bundle.register(TrainingTrace)
def _(trace: Trace | TrainingTrace) -> Bundle:
    return picture(repr(trace), lambda: SceneDrawing(tell(trace, style.theme(None), digits=DIGITS).last(None, 0.0)))


@bundle.register
def _(history: History) -> Bundle:
    if not history.loss:
        return text("<History of 0 epochs>")
    parts = [f"loss {style.number(history.loss[0], DIGITS)} → {style.number(history.loss[history.end], DIGITS)}"]
    if history.accuracy:
        parts.append(f"{history.accuracy[history.end]:.0%} right")
    count = f"{history.epochs} epoch{'s' * (history.epochs > 1)}"
    return picture(f"<History of {count}: {', '.join(parts)}>", lambda: _curves(history))


def _curves(history: History) -> Picture:
    """Return the curves of a run: all of them if its weights were recorded, otherwise those of loss and accuracy."""
    if history.kept is not None:
        return learning_curves(history)
    if not history.accuracy:
        return loss_curve(history)
    look = style.theme(None)
    axes = panels(2, look)
    loss = loss_curve(history, ax=axes[0])
    accuracy_curve(history, ax=axes[1], title="")
    figure_title(axes, loss.title, "", look)
    axes[0].set_title("")
    return Picture(axes)


@bundle.register
def _(explanation: Explanation) -> Bundle:
    data = {"text/markdown": explanation.markdown, "text/plain": repr(explanation)}
    return (data, {}) if shows_pictures() else text(repr(explanation))


@bundle.register
def _(derivation: Derivation) -> Bundle:
    last = str(derivation).splitlines()[-1].strip()
    both = {"text/markdown": f"$$\n{derivation.latex}\n$$", "text/plain": derivation.text}
    return (both, {}) if shows_pictures() else text(last)
