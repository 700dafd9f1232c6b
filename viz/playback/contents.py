"""What is in the page of a recorded run: its points, limits, epochs, and last hidden layer; of large runs, a part."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.compiler import compile
from microgrAD.errors import counted
from microgrAD.interpret.layers import upto
from microgrAD.interpret.linear import principal_plane
from microgrAD.interpret.rows import Array
from microgrAD.nn.shapes import flatten
from microgrAD.ops import OPS
from microgrAD.outputs import outputs
from microgrAD.train.task import Task, task
from viz.networks.boundary_film import chosen_frames
from viz.playback import replay

if TYPE_CHECKING:
    from microgrAD.train import Recording

FEW = 12  # up to this number of features, the plane first shows the first two
POINTS, HELD_OUT = 400, 150  # the largest number of rows that are drawn: those learned from, those held out
NUMBERS = 9000  # the largest number of numbers in the rows learned from; a third of it in those held out
WORK = 600_000  # the largest number of operations for the answers over the plane
LINES, STEPS = 9, 13  # of the grid on the plane: lines in each direction, points on each line


def packed(numbers: Array) -> str:
    """Return numbers with all their digits, as base64."""
    return base64.b64encode(numbers.astype("<f8").tobytes()).decode()


def points(recording: Recording, X: Array, learn: Task) -> tuple[Array, list[Any], int]:
    """Return the rows to draw, (rows, features), their targets, and how many of the rows were learned from."""
    truth = learn.targets if learn.truth is None else learn.truth.tolist()
    most, most_held = rows_drawn(X.shape[1])
    shown, targets = X[:most], truth[:most]
    if recording.held_out is None:
        return shown, targets, len(shown)
    held_X, held_y = recording.held_out
    width = outputs(recording.model, X[:1]).shape[1]
    theirs = task(recording.model, held_y, width, len(held_X), recording.criterion)
    more = theirs.targets if theirs.truth is None else theirs.truth.tolist()
    return np.vstack([shown, held_X[:most_held]]), [*targets, *more[:most_held]], len(shown)


def rows_drawn(features: int) -> tuple[int, int]:
    """Return the largest numbers of rows that are drawn: of those learned from, and of those held out."""
    return min(POINTS, NUMBERS // features), min(HELD_OUT, NUMBERS // 3 // features)


def one_of_each(learn: Task, names: list[str]) -> list[Any]:
    """Return one target of each class, as the loss takes it; for a quantity, one target."""
    if learn.truth is None:
        return learn.targets[:1]
    return [learn.targets[int(np.flatnonzero(learn.truth == k)[0])] for k in range(len(names))]


def kept_frames(recording: Recording, frames: int, back: int, *, room: int) -> list[int]:
    """Return the frames to keep in `room` bytes. The restored epoch, `back`, is always among them."""
    most = min(counted(frames, "frames", 2), max(2, room // (11 * len(recording.model.parameters()))))
    chosen = range(len(recording)) if len(recording) <= most else chosen_frames(recording.loss, most)
    return sorted({*chosen, *(k for k, epoch in enumerate(recording.epochs) if back and epoch == back)})


def limits(X: Array) -> list[tuple[float, float]]:
    """Return the limits of each feature, with a margin: (features, 2)."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = np.where(high > low, 0.25 * (high - low), 1.0)
    return list(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))


def first_axes(X: Array) -> list[int]:
    """Return the two features that the plane shows at first: the first two; of many, the two that vary most."""
    if X.shape[1] <= FEW:
        return [0, 1]
    return sorted(np.argsort(-X.std(axis=0), kind="stable")[:2].tolist())


def reach(targets: list[Any], names: list[str]) -> list[float]:
    """Return the limits of a quantity."""
    if names:
        return [0.0, 1.0]
    low, high = min(targets), max(targets)
    return [low, high] if high > low else [low - 1.0, high + 1.0]


def resolution(graph: dict[str, Any]) -> int:
    """Return the number of places along each side of the plane, so that the page computes all of them quickly."""
    work = sum(
        12 * len(node) if OPS[graph["kinds"][node[0]][0]].variadic else 1
        for node in graph["nodes"]
        if graph["kinds"][node[0]][0]
    )
    return int(np.clip(np.sqrt(WORK / work), 40, 60))


def latent(recording: Recording, X: Array, kept: list[int]) -> dict[str, Any]:
    """Return the view of the last hidden layer: its plane, and the limits of its points."""
    model = recording.model
    scaling, layers, _ = replay.layers(model)
    last = len(scaling) + len(layers) - 1
    see = compile(lambda x: flatten(upto(model, last)(x)), parameters=model.parameters(), shapes=[X.shape[1:]])
    rows = np.concatenate([X, _lines(limits(X))]) if X.shape[1] == 2 else X
    hidden = []
    for frame in kept:
        with recording.at(frame):
            hidden.append(see.predict(rows))
    found: dict[str, Any] = {
        "width": hidden[0].shape[1],
        "layer": len(layers) - 1,
        "lines": rows[len(X) :].tolist(),
        "steps": STEPS,
    }
    if hidden[0].shape[1] > 2:
        plane = principal_plane(hidden[-1][: len(X)])
        hidden = [plane.project(h) for h in hidden]
        found |= {"center": plane.center.tolist(), "axes": plane.axes.tolist(), "shares": plane.shares.tolist()}
    flat = np.array([h if h.shape[1] == 2 else np.hstack([h, np.zeros_like(h)]) for h in hidden])
    low, high = flat.min(axis=(0, 1)), flat.max(axis=(0, 1))
    return found | {"low": low.tolist(), "span": np.where(high > low, high - low, 1.0).tolist()}


def _lines(limits: list[tuple[float, float]]) -> Array:
    """Return the points of a grid over the plane, line after line."""
    (left, right), (bottom, top) = limits
    across, up = np.linspace(left, right, STEPS), np.linspace(bottom, top, STEPS)
    found = [np.stack([np.full(STEPS, at), up], axis=1) for at in np.linspace(left, right, LINES)]
    found += [np.stack([across, np.full(STEPS, at)], axis=1) for at in np.linspace(bottom, top, LINES)]
    return np.concatenate(found)
