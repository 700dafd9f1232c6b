"""Finds how something is told: a pass on its graph; a run of training on its network's picture, or on its graph."""

from __future__ import annotations

from typing import Any

from microgrAD.errors import whole_digits
from microgrAD.explanation.chapters import Told
from microgrAD.operators import Value
from microgrAD.steps.training import TrainingTrace
from viz.passes.run_on_graph import told_on_graph
from viz.passes.run_on_network import fits, told_on_network
from viz.passes.telling import Telling, told_pass
from viz.style import Theme

OF_A_PASS = {"gradient": 1.0, "mode": "reverse", "wrt": None}
OF_A_GRAPH = {"rankdir": None, "show_local": None, "time_limit": 30.0, "engine": "auto"}


def tell(root: Value | Told, look: Theme, *, digits: int, **options: Any) -> Telling:
    """Return what is told of a Value or a trace; the options are those of `movie`.

    Raises: ValueError for an option that a run of training, or the picture of a network, does not have.
    """
    whole_digits(digits)
    if not isinstance(root, TrainingTrace):
        return told_pass(root, look, digits=digits, **options)
    graph = of_a_graph(root, options)
    if fits(root):
        return told_on_network(root, look, digits=digits)
    return told_on_graph(root, look, digits=digits, **graph)


def of_a_graph(trace: TrainingTrace, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that the picture of a run of training has; ValueError for others."""
    _without(options, OF_A_PASS, "a run of training")
    if fits(trace):
        _without(options, OF_A_GRAPH, "the picture of a network")
        return {}
    return {name: value for name, value in options.items() if name not in OF_A_PASS}


def _without(options: dict[str, Any], usual: dict[str, Any], what: str) -> None:
    for name, value in usual.items():
        if options.get(name, value) != value:
            raise ValueError(f"{what} has no choice of {name}; leave it out")
