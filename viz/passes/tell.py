"""Finds how something is told: a pass on its graph; a run of training on its network's picture, or on its graph."""

from __future__ import annotations

from typing import Any

from microgrAD.errors import one_of, whole_digits
from microgrAD.explanation.chapters import Told
from microgrAD.operators import Value
from microgrAD.steps.training import TrainingTrace
from viz.networks.lettering import ERRORS, NOTATIONS, Notation
from viz.passes.run_on_graph import told_on_graph
from viz.passes.telling import Telling, told_pass
from viz.style import Theme
from viz.web.words import Words

OF_A_PASS = {"gradient": 1.0, "mode": "reverse", "wrt": None}
OF_A_NETWORK = {"notation": "w12", "error": "δ"}
OF_A_GRAPH = {"rankdir": None, "show_local": None, "time_limit": 30.0, "engine": "auto"}


def tell(root: Value | Told, look: Theme, *, digits: int, **options: Any) -> Telling:
    """Return what is told of a Value or a trace; the options are those of `movie`.

    Raises: ValueError for an option that a run of training, or the picture of a network, does not have.
    """
    whole_digits(digits)
    if not isinstance(root, TrainingTrace):
        return told_pass(root, look, digits=digits, **of_a_pass(options))
    from viz.passes.run_on_network import fits, told_on_network  # here, since a pass needs no NumPy

    graph = of_a_graph(root, options)
    if fits(root):
        say = Words(options.get("lang", "en"), "told")
        return told_on_network(root, look, digits=digits, notation=notation_of(options), say=say)
    return told_on_graph(root, look, digits=digits, **graph)


def notation_of(options: dict[str, Any]) -> Notation:
    """Return the notation that `notation` and `error` choose, checked."""
    found = {**OF_A_NETWORK, **{name: options[name] for name in OF_A_NETWORK if name in options}}
    return Notation(one_of(found["notation"], "notation", NOTATIONS), one_of(found["error"], "error", ERRORS), False)


def of_a_pass(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that the pass through a graph has; ValueError for others."""
    _without(options, OF_A_NETWORK, "the graph of a pass")
    return {name: value for name, value in options.items() if name not in OF_A_NETWORK}


def of_a_graph(trace: TrainingTrace, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that the picture of a run of training has; ValueError for others."""
    from viz.passes.run_on_network import fits

    _without(options, OF_A_PASS, "a run of training")
    if fits(trace):
        _without(options, OF_A_GRAPH, "the picture of a network")
        return {}
    _without(options, OF_A_NETWORK, "the graph of a loss")
    return {name: value for name, value in options.items() if name not in OF_A_PASS | OF_A_NETWORK}


def _without(options: dict[str, Any], usual: dict[str, Any], what: str) -> None:
    for name, value in usual.items():
        if options.get(name, value) != value:
            raise ValueError(f"{what} has no choice of {name}; leave it out")
