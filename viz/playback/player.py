"""The training player: a recorded run as one page, with the answers, the loss, the hidden layer, and every number.

Only weights are recorded. The page computes everything else itself, with the weights of the chosen epoch: the answers
over the plane, the map of each unit, the hidden layer, and the values and gradients of the chosen point's graph. It
does so with the operations that `viz.web.javascript` generates from the table.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.compiler import compile
from microgrAD.errors import counted, whole_digits, words
from microgrAD.interpret.layers import upto
from microgrAD.interpret.linear import principal_plane
from microgrAD.interpret.rows import Array, table
from microgrAD.nn.shapes import flatten
from microgrAD.ops import OPS
from microgrAD.outputs import outputs
from microgrAD.train.history import History
from microgrAD.train.task import Task, task
from viz import style
from viz.networks.boundary_film import chosen_frames
from viz.networks.given import classes, features
from viz.playback import body, replay
from viz.web import javascript, shell
from viz.web.page import Page, page_file

if TYPE_CHECKING:
    from microgrAD.train import Recording

SCRIPTS = (
    "web/number.js",
    "web/theme.js",
    "web/address.js",
    "web/stepper.js",
    "web/plane.js",
    "web/chart.js",
    "web/shades.js",
    "web/ladder.js",
    "playback/forward.js",
    "playback/views.js",
    "playback/wiring.js",
    "playback/recorded.js",
    "playback/player.js",
)
STYLES = ("web/base.css", "web/ladder.css", "playback/player.css")
MOST_FEATURES, MOST_CLASSES, MOST_PARAMETERS = 64, len(style.MARKERS), 2000
FEW = 12  # features, of which the plane shows the first two
POINTS, HELD_OUT = 400, 150  # rows that are drawn at most, and fewer of many features:
NUMBERS = 9000  # at most, of the rows learned from, and a third of it of those held out
BYTES = 290_000  # of points, graphs and recorded weights at most; then fewer epochs are kept
WORK = 600_000  # operations for the answers over the plane; then its places are fewer
LINES, STEPS = 9, 13  # of the grid that is bent: lines each way, points along each


def player(
    history: History,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    digits: int = 4,
    title: str | None = None,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    target_name: str = "y",
    frames: int = 201,
    playground: str | None = None,
) -> Page:
    """Return a recorded run of training as one HTML file that needs no connection to the internet.

    The page has a slider for the epochs and a play button. It shows the network's answers over the plane, the loss
    curve, the last hidden layer, and the network with the values and gradients of one point. A click on a neuron or on
    the loss opens it. After a click on another point, or while the reader drags a new point, the page computes all
    numbers again, with the weights of the epoch. It opens at the last epoch; or, if `patience` restored the weights of
    a better epoch, at that one, which is marked.

    path            the .html file that the page is also written to, whole or not at all
    theme           "light", "dark" or "print"; by default that of the reader's system, with a button to change it
    digits          significant digits of each number
    title           above the page; by default "A network learns"
    feature_names   of the inputs, x1, x2, ... by themselves; class_names of the classes; target_name of a quantity
    frames          at most so many epochs are kept, more where the loss changes more
    playground      where a page of `viz.playground` is, such as "play.html" beside this one: a link opens it with
                    these points, this network, how it learned and, where nothing scales the inputs, the weights of
                    the epoch. For up to 8 hidden layers of up to 12 units.

    Returns the page's HTML: it shows itself in Jupyter and has `.save(path)`.

    The network has fully connected layers, with a Standardize before them and a Rescale behind, or not. It learned
    classes of data with 2 to 64 features, of more than two it is shown on a plane through any two; or a quantity, of 1
    to 64 features; and it has at most 2000 parameters. ValueError or TypeError otherwise, and for a history without a
    recording.
    """
    if not isinstance(history, History):
        raise TypeError(f"player takes the History that fit(..., record=True) returns, got {type(history).__name__}")
    if path is not None:
        page_file(path)
    fixed = None if theme is None else style.theme(theme).name
    title = "A network learns" if title is None else title
    for name, text in (("title", title), ("target_name", target_name)):
        words(text, name)
    recording = history.recording
    X = table(recording.X)
    layers = replay.layers(recording.model)[1]
    if (count := len(recording.model.parameters())) > MOST_PARAMETERS:
        raise ValueError(
            f"the player draws every weight, up to {MOST_PARAMETERS:,} parameters, and this network has "
            f"{count:,}; take smaller layers"
        )
    learn = _task(recording, X)
    names = _class_names(learn, class_names, recording)
    inputs = _feature_names(feature_names, X.shape[1], quantity=not names)
    shown, labels, held = _points(recording, X, learn)
    graphs = replay.shared(
        [replay.graph(recording.model, X[0], target, learn, target_name) for target in _targets(learn, names)]
    )
    axes = _axes(X)
    back = history.restored if history.restored != recording.epochs[-1] else 0
    kept = _kept(recording, frames, back, room=BYTES - len(json.dumps(graphs, separators=(",", ":"))) - 11 * shown.size)
    data: dict[str, Any] = {
        "points": _packed(shown),
        "targets": labels,
        "held": held,
        "rows": len(X),
        "names": names,
        "features": inputs,
        "target": target_name,
        "limits": _limits(X),
        "axes": axes,
        "reach": _reach(labels, names),
        "digits": whole_digits(digits),
        "reading": learn.reading,
        "colors": style.CLASSES,
        "graphs": graphs,
        "epochs": [recording.epochs[k] for k in kept],
        "restored": back,
        "loss": [recording.loss[k] for k in kept],
        "accuracy": [recording.accuracy[k] for k in kept],
        "testLoss": [recording.test_loss[k] for k in kept if recording.held_out],
        "testAccuracy": [recording.test_accuracy[k] for k in kept if recording.held_out],
        "resolution": _resolution(graphs[0]),
        "latent": _latent(recording, X[: _most(X.shape[1])[0]], kept),
        "parameterNames": [p.label for p in recording.model.parameters()],
        "bias": [int(layer.neurons[0].b is not None) for layer in layers],
        "weights": _packed(recording.weights[kept]),
        "play": None if playground is None else _settings(words(playground, "playground"), recording),
    }
    operations = javascript.source(sorted({op for op, _ in graphs[0]["kinds"] if op}))
    found = Page(
        shell.document(
            title=title,
            style=shell.style(STYLES, fixed),
            script=shell.script(operations, SCRIPTS),
            data=data,
            theme=fixed,
            body=body.write(
                title,
                names,
                inputs,
                len(shown),
                held=held < len(shown),
                target=target_name,
                loss_unit=history.loss_unit,
                theme=fixed,
                axes=axes,
                trained=_trained(recording, history),
                playground=playground is not None,
            ),
        )
    )
    if path is not None:
        found.save(path)
    return found


def _settings(page: str, recording: Recording) -> dict[str, Any]:
    """The settings of the playground that go with a recording, and the page's address."""
    scaling, layers, back = replay.layers(recording.model)
    sizes = [len(layer.neurons) for layer in layers[:-1]]
    if len(sizes) > 8 or max(sizes, default=0) > 12 or not all(layer.neurons[0].b is not None for layer in layers):
        raise ValueError(
            f"the playground takes up to 8 hidden layers of up to 12 units with biases, and this network has {sizes}"
        )
    how = recording.how
    options = how.get("options", {})
    momentum = "nesterov" if options.get("nesterov") else "momentum"
    rule = momentum if options.get("momentum") == 0.9 else str(how.get("optimizer", "adam")).lower()
    found = {
        "net": ".".join(map(str, sizes)),
        "act": ".".join(layer.activation for layer in layers[:-1]),
        "rule": rule,
        "lr": options.get("lr"),
        "batch": how.get("batch_size"),
        "seed": how.get("seed"),
        "share": None if recording.held_out is None else 0.25,
    }
    return {
        "page": page,
        "plain": not scaling and not back,
        "settings": {name: value for name, value in found.items() if value is not None},
    }


def _packed(numbers: Array) -> str:
    """Numbers with all their digits, as base64."""
    return base64.b64encode(numbers.astype("<f8").tobytes()).decode()


def _trained(recording: Recording, history: History) -> str:
    """What was trained, and how: its layers, the optimiser with its options, batches, epochs, the seed."""
    how = recording.how
    parts = [repr(recording.model)]
    if how:
        options = ", ".join(
            f"{name}={value}" for name, value in how["options"].items() if value not in (0, False, None)
        )
        batch = "all rows a step" if how["batch_size"] >= len(recording.X) else f"batches of {how['batch_size']}"
        parts += [f"{how['optimizer']}({options})", batch]
    parts.append(f"{history.epochs} epochs")
    if how.get("seed") is not None:
        parts.append(f"seed {how['seed']}")
    return " · ".join(parts)


# ---------------------------------------------------------------------------------------------- what can be played


def _task(recording: Recording, X: Array) -> Task:
    width = outputs(recording.model, X[:1]).shape[1]
    learn = task(recording.model, recording.y, width, len(X), recording.criterion)
    if learn.truth is None and (width > 1 or isinstance(learn.targets[0], list)):
        raise ValueError(f"the player shows classes, or one quantity, and this network returns {width} quantities")
    return learn


def _class_names(learn: Task, given: Sequence[str] | None, recording: Recording) -> list[str]:
    """Return a name for each class; none for a quantity."""
    if learn.truth is None:
        if given is not None:
            raise ValueError("class_names are for classes, but these targets are a quantity; pass target_name instead")
        return []
    count = max(2, outputs(recording.model, recording.X[:1]).shape[1])
    known = np.unique(recording.y).tolist() if recording.y.ndim == 1 else []
    if count > MOST_CLASSES:
        raise ValueError(f"the player shows up to {MOST_CLASSES} classes, and this network returns {count}")
    names = classes(given, known if len(known) == count else range(count), page=True)
    if missing := [name for k, name in enumerate(names) if k not in learn.truth]:
        raise ValueError(f"the player needs a row of every class, but there is none of class {missing[0]!r}")
    return names


def _feature_names(given: Sequence[str] | None, count: int, *, quantity: bool) -> list[str]:
    if not (1 if quantity else 2) <= count <= MOST_FEATURES:
        raise ValueError(
            f"the player shows classes of data with 2 to {MOST_FEATURES} features, or a quantity of 1 to "
            f"{MOST_FEATURES}, got {count} {'feature' if count == 1 else 'features'}"
        )
    return features(given, count, page=True)


# ---------------------------------------------------------------------------------------------- what it shows


def _points(recording: Recording, X: Array, learn: Task) -> tuple[Array, list[Any], int]:
    """Return the rows to draw, (rows, features), their targets, and how many of the rows were learned from."""
    truth = learn.targets if learn.truth is None else learn.truth.tolist()
    most, most_held = _most(X.shape[1])
    shown, targets = X[:most], truth[:most]
    if recording.held_out is None:
        return shown, targets, len(shown)
    held_X, held_y = recording.held_out
    width = outputs(recording.model, X[:1]).shape[1]
    theirs = task(recording.model, held_y, width, len(held_X), recording.criterion)
    more = theirs.targets if theirs.truth is None else theirs.truth.tolist()
    return np.vstack([shown, held_X[:most_held]]), [*targets, *more[:most_held]], len(shown)


def _most(features: int) -> tuple[int, int]:
    """How many rows are drawn at most, learned from and held out."""
    return min(POINTS, NUMBERS // features), min(HELD_OUT, NUMBERS // 3 // features)


def _targets(learn: Task, names: list[str]) -> list[Any]:
    """Return one target of each class, as the loss takes it; for a quantity, one target."""
    if learn.truth is None:
        return learn.targets[:1]
    return [learn.targets[int(np.flatnonzero(learn.truth == k)[0])] for k in range(len(names))]


def _kept(recording: Recording, frames: int, back: int, *, room: int) -> list[int]:
    """Return the frames to keep in `room` bytes. The restored epoch, `back`, is always among them."""
    most = min(counted(frames, "frames", 2), max(2, room // (11 * len(recording.model.parameters()))))
    chosen = range(len(recording)) if len(recording) <= most else chosen_frames(recording.loss, most)
    return sorted({*chosen, *(k for k, epoch in enumerate(recording.epochs) if back and epoch == back)})


def _limits(X: Array) -> list[tuple[float, float]]:
    """Return the limits of each feature, with a margin: (features, 2)."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = np.where(high > low, 0.25 * (high - low), 1.0)
    return list(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))


def _axes(X: Array) -> list[int]:
    """The two features that the plane shows at first: the first two, or of many those that differ most."""
    if X.shape[1] <= FEW:
        return [0, 1]
    return sorted(np.argsort(-X.std(axis=0), kind="stable")[:2].tolist())


def _reach(targets: list[Any], names: list[str]) -> list[float]:
    """Return the limits of a quantity."""
    if names:
        return [0.0, 1.0]
    low, high = min(targets), max(targets)
    return [low, high] if high > low else [low - 1.0, high + 1.0]


def _resolution(graph: dict[str, Any]) -> int:
    """Return the number of places along each side of the plane, so that the page computes all of them quickly."""
    work = sum(
        12 * len(node) if OPS[graph["kinds"][node[0]][0]].variadic else 1
        for node in graph["nodes"]
        if graph["kinds"][node[0]][0]
    )
    return int(np.clip(np.sqrt(WORK / work), 40, 60))


def _latent(recording: Recording, X: Array, kept: list[int]) -> dict[str, Any]:
    """Return the view of the last hidden layer: its plane, and the limits of its points."""
    model = recording.model
    scaling, layers, _ = replay.layers(model)
    last = len(scaling) + len(layers) - 1
    see = compile(lambda x: flatten(upto(model, last)(x)), parameters=model.parameters(), shapes=[X.shape[1:]])
    rows = np.concatenate([X, _lines(_limits(X))]) if X.shape[1] == 2 else X
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
