"""Sums, products and reductions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microgrAD import functions, operators
from microgrAD.twins.torch.nodes import Array, Node, each, filled

Rule = Callable[[Node], Any]


def total(items: Sequence[Any]) -> Any:
    """Return the sum as one node; a single number stays itself."""
    return items[0] if len(items) == 1 else operators.sum(list(items)) if items else 0.0


def add(node: Node) -> Array:
    alpha = float(node.kept("alpha") or 1)
    if "self" not in node.tracked:
        return scaled(node.operand("other"), alpha) + node.sought("self", scaled(node.operand("other"), alpha), 1.0)
    x = node.operand("self")
    return x + scaled(node.sought("other", x, alpha), alpha)


def sub(node: Node) -> Array:
    alpha = float(node.kept("alpha") or 1)
    if "self" not in node.tracked:
        y = scaled(node.operand("other"), alpha)
        return node.sought("self", -y, 1.0) - y
    x = node.operand("self")
    return x - scaled(node.sought("other", x, -alpha), alpha)


def rsub(node: Node) -> Array:
    y = scaled(node.operand("self"), float(node.kept("alpha") or 1))
    return node.sought("other", -y, 1.0) - y


def scaled(x: Array, factor: float) -> Array:
    return x if factor == 1 else x * factor


def _axes(node: Node, x: Array) -> tuple[int, ...]:
    """Return the axes of a reduction; all where none is said."""
    dim = node.kept("dim")
    found = range(x.ndim) if dim is None or dim == () else [dim] if isinstance(dim, int) else dim
    return tuple(axis % x.ndim for axis in found) if x.ndim else ()


def over(node: Node, x: Array, function: Callable[[list[Any]], Any]) -> Array:
    """Return function(numbers) over the axes of a reduction."""
    axes = _axes(node, x)
    rest = [axis for axis in range(x.ndim) if axis not in axes]
    lines = np.transpose(x, (*rest, *axes)).reshape(*[x.shape[axis] for axis in rest], -1)
    found = filled(lines.shape[:-1], [function([*line]) for line in lines.reshape(-1, lines.shape[-1])])
    return np.expand_dims(found, axes) if node.kept("keepdim") else found


def along(node: Node, function: Callable[[list[Any]], list[Any]]) -> Array:
    """Return what a function makes of the numbers along one axis, in the same shape."""
    x, axis = node.operand("self"), node.kept("dim")
    lines = np.moveaxis(x, axis, -1) if x.ndim else x.reshape(1)
    made = [item for line in lines.reshape(-1, lines.shape[-1]) for item in function([*line])]
    found = filled(lines.shape, made)
    return np.moveaxis(found, -1, axis) if x.ndim else found.reshape(())


def reduction(function: Callable[[list[Any]], Any]) -> Rule:
    return lambda node: over(node, node.operand("self"), function)


def mean(items: list[Any]) -> Any:
    return total(items) / len(items) if len(items) > 1 else items[0]


def variance(node: Node) -> Array:
    correction = node.kept("correction")
    ddof = 1 if correction is None else int(correction)
    return over(node, node.operand("self"), lambda items: functions.variance(items, ddof=ddof, fused=True))


def deviation(node: Node) -> Array:
    return each("sqrt", variance(node))


def norm(node: Node) -> Array:
    order = float(node.kept("ord"))
    if order == 2:
        return over(node, node.operand("self"), lambda items: functions.norm(items, fused=True))
    if order == 1:
        return over(node, each("abs", node.operand("self")), total)
    return node.refuse(f"of order {order:g}", "take the order 1 or 2")


def cumulated(items: list[Any]) -> list[Any]:
    return [total(items[: k + 1]) for k in range(len(items))]


# ---------------------------------------------------------------------------------------------- products


def product(x: Array, y: Array) -> Array:
    """Return the matrix product (n, k) · (k, m), each number as one dot product."""
    return filled((len(x), y.shape[1]), [dot(row, column) for row in x for column in y.T])


def dot(x: Sequence[Any], y: Sequence[Any]) -> Any:
    return x[0] * y[0] if len(x) == 1 else operators.dot(list(x), list(y))


def addmm(node: Node) -> Array:
    begin = scaled(product(node.operand("mat1"), node.operand("mat2")), float(node.kept("alpha")))
    beta = float(node.kept("beta"))
    return begin + scaled(node.sought("self", begin, beta), beta)


def addmv(node: Node) -> Array:
    begin = product(node.operand("mat"), node.operand("vec")[:, None])[:, 0]
    begin = scaled(begin, float(node.kept("alpha")))
    beta = float(node.kept("beta"))
    return begin + scaled(node.sought("self", begin, beta), beta)


def addcmul(node: Node) -> Array:
    begin = scaled(node.operand("tensor1") * node.operand("tensor2"), float(node.kept("value")))
    return begin + node.sought("self", begin, 1.0)


def bmm(node: Node) -> Array:
    return np.stack([product(x, y) for x, y in zip(node.operand("self"), node.operand("mat2"), strict=True)])
