"""The largest, the smallest, and choices: where several are the same, the gradient goes where PyTorch sends it."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from microgrAD import operators
from microgrAD.twins.torch.nodes import Array, Node, mapped
from microgrAD.twins.torch.sums import Rule, over, total


def extreme(pair: Callable[[Any, Any], Any]) -> Rule:
    """Of two arrays: where both are the same, PyTorch sends half of the gradient to each."""

    def chosen(x: Any, y: Any) -> Any:
        return 0.5 * x + 0.5 * y if float(x) == float(y) else pair(x, y)

    return lambda node: mapped(chosen, node.operand("self"), node.operand("other"))


def extremes(pick: Callable[[list[float]], float], pair: Callable[[Any, Any], Any]) -> Rule:
    """Of many numbers: those that are the same share the gradient; of an axis, PyTorch keeps which it was."""

    def chosen(items: list[Any]) -> Any:
        best = pick([*map(float, items)])
        ties = [item for item in items if float(item) == best]
        return reduce(pair, items) if len(ties) == 1 else total(ties) / len(ties)

    def rule(node: Node) -> Array:
        if (places := node.kept("indices")) is None:
            return over(node, node.operand("self"), chosen)
        dim, keep = node.kept("dim"), node.kept("keepdim")
        places = places if keep else np.expand_dims(places, dim)
        found = np.take_along_axis(node.operand("self"), places, dim)
        return found if keep else np.squeeze(found, dim)

    return rule


def clamp(low: str, high: str, *, inclusive: bool) -> Rule:
    """`inclusive`: whether the gradient passes at the bounds; the first operand of max and min gets it there."""

    def bounded(node: Node) -> Array:
        x = node.operand("self")
        for bound, pair in ((node.kept(low), operators.max), (node.kept(high), operators.min)):
            if bound is not None:
                end = np.asarray(bound, dtype=object)
                x = mapped(pair, *((x, end) if inclusive else (end, x)))
        return x

    return bounded


def where(node: Node) -> Array:
    test = node.kept("condition")
    sides = [node.tracked.get(side) for side in ("self", "other")]
    for k, side in enumerate(sides):
        if side is None:
            if 0 not in node.out:
                node.missing(("self", "other")[k])
            sides[k] = node.out[0]
    return mapped(lambda c, x, y: x if c else y, np.asarray(test, dtype=object), *sides)  # type: ignore[arg-type]
