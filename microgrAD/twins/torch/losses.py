"""PyTorch's losses, number by number, and the ways in which they are reduced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microgrAD import operators
from microgrAD.twins.torch.nodes import Array, Node, filled
from microgrAD.twins.torch.sums import mean, total

_NONE, _MEAN = 0, 1  # PyTorch's numbers of the reductions


def _reduced(node: Node, losses: Array) -> Array:
    reduction = node.kept("reduction")
    if reduction == _NONE:
        return losses
    return filled((), [(mean if reduction == _MEAN else total)([*losses.flat])])


def _paired(rule: Callable[[Any, Any], Any]) -> Callable[[Node], Array]:
    """Return the rule of a loss that compares each output with its target."""

    def loss(node: Node) -> Array:
        p, y = np.broadcast_arrays(node.operand("self"), node.operand("target"))
        return _reduced(node, filled(p.shape, [rule(a, b) for a, b in zip(p.flat, y.flat, strict=True)]))

    return loss


def _squared(p: Any, y: Any) -> Any:
    return (p - y) ** 2


def _huber(node: Node) -> Array:
    return _bent(node, float(node.kept("delta")), scaled=False)


def _smooth(node: Node) -> Array:
    return _bent(node, float(node.kept("beta")), scaled=True)


def _bent(node: Node, at: float, *, scaled: bool) -> Array:
    """A square up to an error of `at`, a straight line from there on. `scaled`: divided by `at`."""

    def rule(p: Any, y: Any) -> Any:
        error = operators.abs(p - y)
        inside = float(error) < at
        if scaled:
            return error**2 * 0.5 / at if inside else error - 0.5 * at
        return error**2 * 0.5 if inside else at * (error - 0.5 * at)

    return _paired(rule)(node)


def _weighted(node: Node) -> Array:
    """The cross-entropy of probabilities; PyTorch takes no logarithm below -100."""
    _no_weights(node, "weight")

    def rule(p: Any, y: Any) -> Any:
        return -(_share(y, lambda: _log(p)) + _share(1.0 - y, lambda: _log(1.0 - p)))

    return _paired(rule)(node)


def _share(y: Any, logarithm: Callable[[], Any]) -> Any:
    return 0.0 if isinstance(y, float) and y == 0 else y * logarithm()


def _log(p: Any) -> Any:
    return operators.max(operators.log(p), -100.0) if float(p) > 0 else -100.0


def _logits(node: Node) -> Array:
    """The same of scores: (1 - y) x + softplus(-x)."""
    _no_weights(node, "weight", "pos_weight")
    return _paired(lambda x, y: (1.0 - y) * x + operators.softplus(-x))(node)


def _picked(node: Node) -> Array:
    """Minus the logarithms of the right classes."""
    _no_weights(node, "weight")
    p, classes = node.operand("self"), np.atleast_1d(node.kept("target"))
    if p.ndim > 2 or (classes == node.kept("ignore_index")).any():
        node.refuse("of more than two dimensions, or with rows left out", "reshape, or leave those rows out before")
    rows = p.reshape(-1, p.shape[-1])
    losses = filled((len(rows),), [-rows[k, int(c)] for k, c in enumerate(classes)])
    return _reduced(node, losses if p.ndim == 2 else losses.reshape(()))


def _no_weights(node: Node, *names: str) -> None:
    if any(node.kept(name) is not None for name in names):
        node.refuse("with weights", "multiply the losses of the rows, reduction='none', with the weights")


LOSSES: dict[str, Callable[[Node], Array]] = {
    "BinaryCrossEntropyBackward": _weighted,
    "BinaryCrossEntropyWithLogitsBackward": _logits,
    "HuberLossBackward": _huber,
    "MseLossBackward": _paired(_squared),
    "NllLossBackward": _picked,
    "SmoothL1LossBackward": _smooth,
}
