"""The training player: a recorded run as one page, with the answers, the loss, the hidden layer, and every number.

Only weights are recorded. The page computes everything else itself, with the weights of the chosen epoch: the answers
over the plane, the map of each unit, the hidden layer, and the values and gradients of the chosen point's graph. It
does so with the operations that `viz.web.javascript` generates from the table.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from microgrAD.errors import whole_digits, words
from microgrAD.interpret.rows import table
from microgrAD.train.history import History
from viz import style
from viz.networks.decision_boundary import decision_boundary
from viz.networks.learning_curves import learning_curves
from viz.picture import Picture
from viz.playback import body, contents, playable, replay
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
BYTES = 290_000  # the largest size of points, graphs and recorded weights; if it is reached, fewer epochs are kept


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

    The network has fully connected layers, perhaps with Standardize before them and Rescale after them, and up to 2000
    parameters. It learned classes of data with 2 to 64 features (more than two are shown on a plane through any two of
    them), or a quantity, from 1 to 64 features.

    Arguments:
        history: what `fit(..., record=True)` returns.
        path: the .html file to write, too; it is written whole or not at all.
        theme: "light", "dark" or "print"; by default that of the reader's system, with a button to change it.
        digits: significant digits of each number.
        title: the heading; by default "A network learns".
        feature_names: a name for each input; by default x1, x2, ...
        class_names: a name for each class.
        target_name: the name of a quantity.
        frames: the largest number of epochs that are kept; more of them where the loss changes more.
        playground: the address of a page of `viz.playground`, such as "play.html" beside this one. A link opens it with
            these points, this network, how it learned, and the weights of the epoch (if nothing scales the inputs). The
            network may have up to 8 hidden layers of up to 12 units.
    Returns: the page; it shows itself in a notebook and has `.save(path)`.
    Raises: ValueError or TypeError for another network or other data, and for a history without a recording.
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
    playable.check_size(recording.model)
    learn = playable.learned(recording, X)
    names = playable.named_classes(learn, class_names, recording)
    inputs = playable.named_features(feature_names, X.shape[1], quantity=not names)
    shown, labels, held = contents.points(recording, X, learn)
    graphs = replay.shared(
        [
            replay.graph(recording.model, X[0], target, learn, target_name)
            for target in contents.one_of_each(learn, names)
        ]
    )
    axes = contents.first_axes(X)
    back = history.restored if history.restored != recording.epochs[-1] else 0
    kept = contents.kept_frames(
        recording, frames, back, room=BYTES - len(json.dumps(graphs, separators=(",", ":"))) - 11 * shown.size
    )
    data: dict[str, Any] = {
        "points": contents.packed(shown),
        "targets": labels,
        "held": held,
        "rows": len(X),
        "names": names,
        "features": inputs,
        "target": target_name,
        "limits": contents.limits(X),
        "axes": axes,
        "reach": contents.reach(labels, names),
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
        "resolution": contents.resolution(graphs[0]),
        "latent": contents.latent(recording, X[: contents.rows_drawn(X.shape[1])[0]], kept),
        "parameterNames": [p.label for p in recording.model.parameters()],
        "bias": [int(layer.neurons[0].b is not None) for layer in layers],
        "weights": contents.packed(recording.weights[kept]),
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
    found.picture = lambda: _picture(history, names, fixed)
    if path is not None:
        found.save(path)
    return found


def _picture(history: History, names: Sequence[str], theme: str | None) -> Picture:
    """Return the picture of a run: the answers over the plane if two features tell classes, otherwise the curves."""
    recording, look = history.recording, theme or "light"
    if names and recording.X.ndim == 2 and recording.X.shape[1] == 2:
        return decision_boundary(recording.model, recording.X, recording.y, theme=look)
    return learning_curves(history, theme=look)


def _settings(page: str, recording: Recording) -> dict[str, Any]:
    """Return the settings of the playground for a recording, and the address of its page."""
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


def _trained(recording: Recording, history: History) -> str:
    """Return how the network was trained, in words: layers, optimizer with options, batches, epochs, seed."""
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
