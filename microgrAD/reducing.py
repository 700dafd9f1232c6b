"""How a loss goes over rows or elements of any shape, and how their losses become one: mean, sum, or all of them."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

from microgrAD import operators
from microgrAD.errors import real
from microgrAD.operators import Value

REDUCTIONS = ("mean", "sum", "none")
Shape = tuple[int, ...]


def rowwise(loss: Callable[[list[Any], Any], Any], z: Any, y: Any, reduction: str) -> Any:
    """Return a loss of whole rows, over one row or several. Raise ValueError for targets that do not fit."""
    (numbers, shape), (targets, target_shape) = flat(z), flat(y)
    if not 1 <= len(shape) <= 2 or target_shape not in (shape, shape[:-1]):
        raise ValueError(
            f"targets of shape {target_shape} do not fit outputs of shape {shape}; pass one row of outputs for "
            "each sample, and for each the number of its class or a one-hot row"
        )
    if not numbers:
        raise ValueError("a loss takes one output or more, got none")
    k = shape[-1]
    rows = [numbers[i : i + k] for i in range(0, len(numbers), k)]
    wanted = targets if target_shape != shape else [targets[i : i + k] for i in range(0, len(targets), k)]
    return _reduce([loss(row, target) for row, target in zip(rows, wanted, strict=True)], shape[:-1], reduction)


def elementwise(loss: Callable[[Any, Any], Any], p: Any, y: Any, reduction: str) -> Any:
    """Return a loss of single numbers, over all elements. Raise ValueError for targets of another shape."""
    (outputs, shape), (targets, target_shape) = flat(p), flat(y)
    if shape != target_shape:
        raise ValueError(f"outputs of shape {shape} take targets of the same shape, got {target_shape}")
    return _reduce([loss(a, b) for a, b in zip(outputs, targets, strict=True)], shape, reduction)


def _reduce(losses: list[Any], shape: Shape, reduction: str) -> Any:
    """Return the mean or sum of losses, or the losses themselves in their shape."""
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {list(REDUCTIONS)}, got {reduction!r}")
    if not losses:
        raise ValueError("a loss takes one output or more, got none")
    if reduction == "none":
        return _shaped(iter(losses), shape)
    total = losses[0] if len(losses) == 1 else operators.sum(losses)
    return total / len(losses) if reduction == "mean" and len(losses) > 1 else total


def flat(x: Any) -> tuple[list[Any], Shape]:
    """Return the numbers and Values of a nested sequence or array, and its shape; ValueError if rows differ."""
    if hasattr(x, "tolist"):
        x = x.tolist()
    if isinstance(x, Value):
        return [x], ()
    if isinstance(x, (Real, str, bytes)) or not hasattr(x, "__iter__"):
        return [real(x, "a loss")], ()
    parts = [flat(element) for element in x]
    shapes = {shape for _, shape in parts}
    if len(shapes) > 1:
        raise ValueError(f"rows must have the same shape, got {sorted(shapes)}")
    return [number for numbers, _ in parts for number in numbers], (len(parts), *next(iter(shapes), ()))


def _shaped(losses: Any, shape: Shape) -> Any:
    return [_shaped(losses, shape[1:]) for _ in range(shape[0])] if shape else next(losses)
