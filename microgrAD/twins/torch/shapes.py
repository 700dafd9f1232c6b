"""The same numbers in another shape or order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microgrAD.twins.torch.nodes import Array, Node, filled
from microgrAD.twins.torch.sums import Rule


def _moved(function: Callable[[Node, Array], Any]) -> Rule:
    return lambda node: function(node, node.operand("self"))


def _slice(node: Node, x: Array) -> Array:
    at = [slice(None)] * x.ndim
    at[node.kept("dim")] = slice(node.kept("start"), node.kept("end"), node.kept("step"))
    return x[tuple(at)]


def _squeezed(node: Node, x: Array) -> Array:
    dim = node.kept("dim")
    axes = range(x.ndim) if dim is None else [dim] if isinstance(dim, int) else dim
    return np.squeeze(x, tuple(axis for axis in axes if x.ndim and x.shape[axis] == 1))


def _indexed(node: Node, x: Array) -> Array:
    at = [slice(None) if index is None else index for index in node.kept("indices")]
    return filled(x[tuple(at)].shape, [*x[tuple(at)].flat])


def _split(node: Node, x: Array) -> list[Array]:
    dim, size = node.kept("dim"), node.kept("split_size")
    sizes = [size] * (x.shape[dim] // size) if isinstance(size, int) else node.kept("split_sizes")
    return np.split(x, np.cumsum(sizes)[: len(node.fn._input_metadata) - 1], dim)


def _joined(join: Callable[..., Array]) -> Rule:
    def rule(node: Node) -> Array:
        parts = [node.tracked.get(k) for k in range(len(node.parents))]
        if any(part is None for part in parts):
            node.missing("tensors")
        return join(parts, axis=node.kept("dim"))

    return rule


SHAPES: dict[str, Rule] = {
    **dict.fromkeys(
        ("ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward"), _moved(lambda node, x: x.reshape(node.shape()))
    ),
    **dict.fromkeys(("CloneBackward", "AliasBackward", "ToCopyBackward"), _moved(lambda node, x: x)),
    "ExpandBackward": _moved(lambda node, x: np.broadcast_to(x, node.shape())),
    "RepeatBackward": _moved(lambda node, x: np.tile(x, node.kept("repeats"))),
    "TBackward": _moved(lambda node, x: x.T),
    "TransposeBackward": _moved(lambda node, x: np.swapaxes(x, node.kept("dim0"), node.kept("dim1"))),
    "PermuteBackward": _moved(lambda node, x: np.transpose(x, node.kept("dims"))),
    "UnsqueezeBackward": _moved(lambda node, x: np.expand_dims(x, node.kept("dim"))),
    "SqueezeBackward": _moved(_squeezed),
    "SelectBackward": _moved(
        lambda node, x: filled(node.shape(), [*np.take(x, [node.kept("index")], node.kept("dim")).flat])
    ),
    "SliceBackward": _moved(_slice),
    "DiagonalBackward": _moved(
        lambda node, x: np.diagonal(x, node.kept("offset"), node.kept("dim1"), node.kept("dim2"))
    ),
    "FlipBackward": _moved(lambda node, x: np.flip(x, node.kept("dims"))),
    "IndexBackward": _moved(_indexed),
    "IndexSelectBackward": _moved(lambda node, x: np.take(x, node.kept("index"), node.kept("dim"))),
    "GatherBackward": _moved(lambda node, x: np.take_along_axis(x, node.kept("index"), node.kept("dim"))),
    "EmbeddingBackward": _moved(lambda node, x: x[node.kept("indices")]),
    "UnbindBackward": _moved(
        lambda node, x: [filled(part.shape, [*part.flat]) for part in np.moveaxis(x, node.kept("dim"), 0)]
    ),
    "SplitBackward": _moved(_split),
    "SplitWithSizesBackward": _moved(_split),
    "StackBackward": _joined(np.stack),
    "CatBackward": _joined(np.concatenate),
}
