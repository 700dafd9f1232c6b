"""The training player: a recorded run as one page, with the boundary, the loss, the hidden layer, and every number.

Grids and hidden layers are recorded in small whole numbers, since they are only looked at. What is read, values and
gradients of the chosen point's graph, the page computes itself, from the weights of the epoch, with the operations
that `microgrAD.javascript` generated from the table.
"""

from __future__ import annotations

import base64
import copy
import os
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD import javascript
from microgrAD.compiler import compile
from microgrAD.engine import Value
from microgrAD.interpret.layers import layers_of, upto, weights_of_layer
from microgrAD.interpret.linear import principal_plane
from microgrAD.interpret.rows import table
from microgrAD.nn.regular import Standardize
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import default_reading, outputs, probabilities
from microgrAD.steps import steps
from microgrAD.train.task import task
from viz import style, svg
from viz.axes import Array
from viz.board import prepare
from viz.boundaries import chosen_frames
from viz.boundary import limits_of
from viz.page import Page, body, save, shell

if TYPE_CHECKING:
    from microgrAD.train import Recording

SCRIPTS = ("number.js", "theme.js", "stepper.js", "picture.js", "plane.js", "wiring.js", "player.js")
STYLES = ("base.css", "picture.css", "player.css")
LINES, STEPS = 9, 13            # of the grid that is bent: lines each way, points along each
SURE = 31                       # of many classes: a byte is 32 · class + its lead over the next in so many parts


def player(recording: Recording, path: str | os.PathLike[str] | None = None, *, title: str = "",
           class_names: Sequence[str] | None = None, frames: int = 201, resolution: int = 48, digits: int = 4) -> Page:
    """A recorded run of training, see `microgrAD.train.record`, as one HTML file that needs no network.

    An epoch slider, and play; the decision boundary, the loss curve, the last hidden layer, and the network with the
    values and gradients of one chosen point, each neuron opened by a click. Clicking another point, or dragging a new
    one over the plane, computes them anew in the page, at that epoch's weights.

    path        where to write it, whole or not at all; without one it is only returned
    frames      at most so many epochs are kept, more where the loss changes more
    resolution  the boundary's places along each side

    The network has two inputs and fully connected layers, behind a Standardize or not, and y are classes: ValueError
    or TypeError otherwise.
    """
    X = table(recording.X)
    if X.shape[1] != 2:
        raise ValueError(f"the player takes data of two features, got {X.shape[1]}")
    model = recording.model
    _layers(model)
    classes, labels = np.unique(np.asarray(recording.y), return_inverse=True)
    names = list(class_names) if class_names is not None else [f"class {c}" for c in classes.tolist()]
    if len(names) != len(classes) or len(names) > len(style.MARKERS):
        raise ValueError(f"class_names takes one name for each of {len(classes)} classes, of at most "
                         f"{len(style.MARKERS)}, got {names}")
    kept = list(range(len(recording))) if len(recording) <= frames else chosen_frames(recording.loss, frames)
    graphs = [_graph(recording, X[labels == k][0], recording.y[labels == k][0]) for k in range(len(classes))]
    pictures, neurons = _pictures(recording, digits)
    data: dict[str, Any] = {
        "points": X.tolist(), "labels": labels.tolist(), "names": names, "limits": limits_of(X), "digits": digits,
        "reading": default_reading(model), "colors": style.CLASSES, "resolution": resolution,
        "epochs": [recording.epochs[k] for k in kept], "loss": [recording.loss[k] for k in kept],
        "accuracy": [recording.accuracy[k] for k in kept], "graphs": graphs, "neurons": neurons,
        "weights": _packed(recording.weights[kept].astype("<f8")),
        "parameters": recording.weights.shape[1], **_recorded(recording, X, kept, resolution)}
    operations = javascript.source(sorted({n["op"] for graph in graphs for n in graph["nodes"] if n["op"]}))
    found = Page(shell.document(title=title or "A network learns", style=shell.style(STYLES),
                                script=shell.script(operations, SCRIPTS), data=data,
                                body=_body(title or "A network learns", names, len(X), pictures)))
    if path is not None:
        save(path, found)
    return found


def _layers(model: Any) -> tuple[list[Any], list[Any]]:
    """What only scales the inputs, and the fully connected layers behind it."""
    layers = layers_of(model)
    lead = next((k for k, layer in enumerate(layers) if not isinstance(layer, Standardize)), len(layers))
    for k in range(lead, len(layers)):
        weights_of_layer(model, k + 1)
    return layers[:lead], layers[lead:]


# ---------------------------------------------------------------------------------------------- what is looked at

def _recorded(recording: Recording, X: Array, kept: list[int], resolution: int) -> dict[str, Any]:
    """The boundary and the last hidden layer at each frame, in bytes and in 16 bits."""
    (left, right), (bottom, top) = limits_of(X)
    across, up = np.linspace(left, right, resolution), np.linspace(top, bottom, resolution)
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    lines = _lines((left, right), (bottom, top))
    model, depth = recording.model, len(_layers(recording.model)[1]) - 1
    last = len(layers_of(model)) - 1
    reading = default_reading(model)
    see = compile(lambda x: flatten(upto(model, last)(x)), parameters=model.parameters(), shapes=[(2,)])
    shades, hidden = [], []
    for frame in kept:
        with recording.at(frame):
            shades.append(_shades(probabilities(outputs(model, grid), reading)))
            hidden.append(see.predict(np.concatenate([X, lines])))
    latent: dict[str, Any] = {"width": hidden[0].shape[1]}
    if hidden[0].shape[1] > 2:
        plane = principal_plane(hidden[-1][:len(X)])
        hidden = [plane.project(h) for h in hidden]
        latent |= {"center": plane.center.tolist(), "axes": plane.axes.tolist(), "shares": plane.shares.tolist()}
    flat = np.array([h if h.shape[1] == 2 else np.hstack([h, np.zeros_like(h)]) for h in hidden])
    low, high = flat.min(axis=(0, 1)), flat.max(axis=(0, 1))
    span = np.where(high > low, high - low, 1.0)
    latent |= {"low": low.tolist(), "span": span.tolist(), "layer": depth, "steps": STEPS,
               "rows": _packed(np.round((flat - low) / span * 65535).astype("<u2")), "count": flat.shape[1]}
    return {"shades": _packed(np.array(shades)), "latent": latent}


def _lines(x: tuple[float, float], y: tuple[float, float]) -> Array:
    """The points of a grid over the plane, line after line."""
    across, up = np.linspace(*x, STEPS), np.linspace(*y, STEPS)
    found = [np.stack([np.full(STEPS, at), up], axis=1) for at in np.linspace(*x, LINES)]
    found += [np.stack([across, np.full(STEPS, at)], axis=1) for at in np.linspace(*y, LINES)]
    return np.concatenate(found)


def _shades(p: Array) -> Any:
    """A byte for each place: P(1) of two classes; of more, the likeliest and its lead over the next."""
    if p.shape[1] == 2:
        return np.round(255 * p[:, 1]).astype(np.uint8)
    best = np.sort(p, axis=1)
    return (32 * p.argmax(axis=1) + np.round(SURE * (best[:, -1] - best[:, -2]))).astype(np.uint8)


def _packed(array: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


# ---------------------------------------------------------------------------------------------- what is computed

def _graph(recording: Recording, x: Array, target: Any) -> dict[str, Any]:
    """The graph of the loss at one point of a class: its trace, and where inputs, parameters and neurons are in it."""
    model = recording.model
    width = outputs(model, x[None]).shape[1]
    learn = task(model, np.asarray(recording.y), width, len(recording.y), recording.criterion)
    k = int(np.flatnonzero(np.asarray(recording.y) == target)[0])
    inputs = [Value(float(v), label=f"x{i}") for i, v in enumerate(x, 1)]
    scaling, layers = _layers(model)
    h: Any = inputs
    for layer in scaling:
        h = layer(h)
    units, entering = [], flatten(h)
    for layer in layers:
        h = layer(h)
        units.append(flatten(h))
    root = learn.loss(h, learn.targets[k])
    trace = steps(root)
    ids = {variable.value: variable.id for variable in trace.variables.values()}
    neurons = [[_paired(neuron, before, out, ids) for neuron, out in zip(layer.neurons, outs, strict=True)]
               for layer, before, outs in zip(layers, [entering, *units], units, strict=False)]
    plain = trace.as_dict()
    events = [{name: e[name] for name in ("kind", "node", "arg", "index", "root", "gradient", "local") if name in e}
              for e in plain["events"] if e["kind"] != "forward"]
    return {"nodes": [{name: n[name] for name in ("id", "op", "args", "data")} for n in plain["nodes"]],
            "events": events, "root": ids[root], "x": [ids[v] for v in inputs],
            "entering": [ids[v] for v in entering],
            "parameters": [ids.get(p) for p in model.parameters()],
            "units": [[ids[v] for v in outs] for outs in units], "neurons": neurons}


def _alone(neuron: Any, names: Sequence[str]) -> Value:
    """The graph of one neuron by itself, on inputs of these names."""
    lone = copy.deepcopy(neuron)
    lone.scope = ""                     # no frames around a graph that is one neuron
    given: Value = lone.respond([Value(0.5, label=name) for name in names])
    return given


def _paired(neuron: Any, before: list[Value], out: Value, ids: dict[Value, str]) -> list[str]:
    """The ids, in the whole graph, of the nodes of one neuron, in the order of the neuron's own trace."""
    own = _alone(neuron, [f"h{k}" for k in range(len(before))])
    whole: dict[Value, Value] = {}
    stack = [(own, out)]
    while stack:
        a, b = stack.pop()
        whole[a] = b
        if b not in before:
            stack += [(x, y) for x, y in zip(a.args, b.args, strict=True) if isinstance(x, Value)
                      and isinstance(y, Value)]
    return [ids[whole[variable.value]] for variable in steps(own).variables.values()]


def _pictures(recording: Recording, digits: int) -> tuple[str, list[dict[str, Any]]]:
    """The picture of a neuron of each layer, as HTML that waits to be shown, and which numbers stand where in it."""
    html, found = "", []
    for k, layer in enumerate(_layers(recording.model)[1], 1):
        count = len(layer.neurons[0].w)
        names = [f"x{i}" if k == 1 else f"h{i}" for i in range(1, count + 1)]
        board = prepare(_alone(layer.neurons[0], names), shell.VARIABLES, live=True, digits=digits)
        picture = svg.write(replace(board.scene, background="", title=f"A neuron of layer {k}"))
        html += f'<template id="neuron-{k}">{picture}</template>\n'
        found.append({"nodes": list(board.trace.variables), "bias": int(layer.neurons[0].b is not None),
                      "wide": board.scene.width * 96 / 72,
                      "high": board.scene.height * 96 / 72,
                      "wires": [[edge.id, edge.target, edge.index] for edge in board.graph.edges]})
    return html, found


# ---------------------------------------------------------------------------------------------- the page

def _body(title: str, names: Sequence[str], count: int, pictures: str) -> str:
    choices = "".join(f'<option value="{k}">{escape(name)}</option>' for k, name in enumerate(names))
    legend = "".join(f'<span class="entry" data-class="{k}"></span>{escape(name)} ' for k, name in enumerate(names))
    return f"""<header><h1>{escape(title)}</h1>
<p class="now"><b id="epoch"></b> <span id="score"></span></p>
<button type="button" id="theme">Theme: <span>auto</span></button></header>
<noscript><p>This page computes its numbers by a script, which is switched off here.</p></noscript>
<main class="player">
<section class="panel"><h2>What it answers <small>click a point, or drag a new one</small></h2>
<div class="plane" id="plane"><canvas></canvas></div><p class="legend">{legend}</p></section>
<section class="panel"><h2>The loss <small>click an epoch</small></h2><div id="loss"></div></section>
<section class="panel"><h2>The last hidden layer <small id="latent-name"></small></h2><div id="latent"></div></section>
<section class="panel wide"><h2>The chosen point <small>in the network; click a neuron to open it</small></h2>
<form id="choice"><label>point <input type="number" min="1" max="{count}" id="number"></label>
<label>class <select id="class">{choices}</select></label> <output id="point"></output></form>
<div id="wiring"></div>
<p class="key"><span class="value">= value</span> <span class="grad">∂ gradient of the loss</span>
<span class="positive">━ weight above 0</span> <span class="negative">━ below 0</span></p></section>
<section class="panel wide" id="opened" hidden><h2><span id="opened-name"></span>
<button type="button" id="close">Close</button></h2><figure id="neuron"><div class="drawing"></div></figure></section>
</main>
{pictures}{body.navigation("epochs", "epoch")}
<p id="live" class="unseen" aria-live="polite"></p>"""
