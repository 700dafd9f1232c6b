"""The graph of the loss of one row, as numbers. The page replays it with other rows and other weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microgrAD.interpret.layers import layers_of, weights_of_layer
from microgrAD.nn.regular import Rescale, Standardize
from microgrAD.nn.shapes import flatten
from microgrAD.operators import Value
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Variable
from microgrAD.train.task import Task
from viz.compose.badge import badge


def layers(model: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the layers that scale the inputs, the fully connected layers, and the layers that scale the outputs."""
    found = layers_of(model)
    lead = next((k for k, layer in enumerate(found) if not isinstance(layer, Standardize)), len(found))
    end = next((k for k in range(len(found), lead, -1) if not isinstance(found[k - 1], Rescale)), lead)
    for k in range(lead, end):
        weights_of_layer(model, k + 1)
    return found[:lead], found[lead:end], found[end:]


def graph(model: Any, x: Sequence[float], target: Any, learn: Task, target_name: str) -> dict[str, Any]:
    """Return the graph of the loss of one row, as lists of numbers for the page.

    Arguments:
        model: the network.
        x: the row.
        target: its target, as the loss takes it.
        learn: the task, with the loss.
        target_name: the name of a quantity.
    Returns: the trace, and the numbers of the nodes that are inputs, parameters and neurons.
    """
    inputs = [Value(float(v)) for v in x]
    wanted = Value(target, label=target_name) if learn.truth is None else target
    scaling, behind, back = layers(model)
    h: Any = inputs
    for layer in scaling:
        h = layer(h)
    units, entering = [], flatten(h)
    for layer in behind:
        h = layer(h)
        units.append(flatten(h))
    for layer in back:
        h = layer(h)
        units[-1] = flatten(h)  # the last neuron and its unit are one
    trace = steps(learn.loss(h, wanted))
    at = {variable.value: k for k, variable in enumerate(trace.variables.values())}
    number = {variable.id: k for variable, k in zip(trace.variables.values(), at.values(), strict=True)}
    kinds: dict[tuple[str, str], int] = {}
    nodes = [
        [
            kinds.setdefault((v.op, _badge(v)), len(kinds)),
            *([number[a] if isinstance(a, str) else [a] for a in v.args] if v.op else [[v.data]]),
        ]
        for v in trace.variables.values()
    ]
    order = [
        part
        for event in trace.as_dict()["events"]
        if event["kind"] == "backward"
        for part in (number[event["node"]], event["index"])
    ]
    return {
        "kinds": list(kinds),
        "nodes": nodes,
        "order": order,
        "root": number[trace.root.id],
        "x": [at[v] for v in inputs],
        "entering": [at[v] for v in entering],
        "target": at[wanted] if isinstance(wanted, Value) else None,
        "parameters": [at.get(p) for p in model.parameters()],
        "units": [[at[v] for v in outs] for outs in units],
    }


def shared(graphs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the graphs of several targets without repeating what they share.

    The first graph is whole. Each other one has only the entries of lists that differ from the first, by their place;
    or whole lists, if their lengths differ.
    """
    first = graphs[0]
    kinds = list({tuple(kind): None for graph in graphs for kind in graph["kinds"]})
    for graph in graphs:
        place = [kinds.index(tuple(kind)) for kind in graph["kinds"]]
        graph["nodes"] = [[place[node[0]], *node[1:]] for node in graph["nodes"]]
        graph["kinds"] = kinds
    return [
        first,
        *({key: _differing(first[key], graph[key]) for key in graph if key != "kinds"} for graph in graphs[1:]),
    ]


def _differing(first: Any, other: Any) -> Any:
    if not isinstance(first, list) or not isinstance(other, list) or len(first) != len(other):
        return other
    return {"but": {k: b for k, (a, b) in enumerate(zip(first, other, strict=True)) if a != b}}


def _badge(variable: Variable) -> str:
    """Return the text on a node's badge; "" for an input."""
    if not variable.op:
        return ""
    return badge(variable.op, tuple(None if isinstance(a, str) else a for a in variable.args))
