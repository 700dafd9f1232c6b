"""Convolution and pooling, of any number of axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from microgrAD.twins.torch.nodes import Array, Node, filled
from microgrAD.twins.torch.sums import Rule, dot, total

Places = tuple[int, ...]


def _convolution(node: Node) -> Array:
    if node.kept("transposed") or node.kept("groups") != 1:
        node.refuse("that is transposed or has groups", "write it as a plain convolution")
    x, w = node.operand("input"), node.operand("weight")
    x = _padded(x, node.kept("padding"), 0.0)
    sizes = w.shape[2:]
    found = []
    for image, kernel in product(x, w):
        for window in _windows(image, sizes, node.kept("stride"), node.kept("dilation")):
            pairs = [(a, b) for a, b in zip(window.flat, kernel.flat, strict=True) if not _is_zero(a)]
            found.append(dot(*map(list, zip(*pairs, strict=True))) if pairs else 0.0)
    made = filled(node.shape(), found)
    if node.parents[2][0] is None and not any(node.kept("bias_sym_sizes_opt") or ()):
        return made
    spread = (1, len(w), *[1] * len(sizes))
    if "bias" in node.tracked:
        return made + node.tracked["bias"].reshape(spread)
    return made + node.sought("bias", made, 1.0)


def _is_zero(a: Any) -> bool:
    return isinstance(a, float) and a == 0.0


def _padded(x: Array, padding: Places, fill: float) -> Array:
    widths = [(0, 0)] * (x.ndim - len(padding)) + [(size, size) for size in padding]
    return np.pad(x, widths, constant_values=fill)


def _windows(image: Array, sizes: Places, stride: Places, dilation: Places | None = None) -> Iterator[Array]:
    """Go over the places of an image (channels, ...): what the kernel covers, (channels, ...)."""
    dilation = dilation or (1,) * len(sizes)
    spans = [(size - 1) * wide + 1 for size, wide in zip(sizes, dilation, strict=True)]
    starts = [range(0, n - span + 1, by) for n, span, by in zip(image.shape[1:], spans, stride, strict=True)]
    for place in product(*starts):
        cuts = [slice(at, at + span, wide) for at, span, wide in zip(place, spans, dilation, strict=True)]
        yield image[(slice(None), *cuts)]


def _largest(node: Node) -> Array:
    """The largest of each window: PyTorch keeps where it was, counted over an image's places."""
    x, at = node.operand("self"), node.kept("result1")
    flat = x.reshape(*x.shape[:-2], -1)
    return np.take_along_axis(flat, at.reshape(*at.shape[:-2], -1), -1).reshape(node.shape())


def _average(node: Node) -> Array:
    sizes = tuple(node.kept("kernel_size"))
    if any(node.kept("padding")) or node.kept("ceil_mode") or node.kept("divisor_override") is not None:
        node.refuse("with padding, ceil_mode or divisor_override", "pad the input before, with F.pad")
    x, count = node.operand("self"), int(np.prod(sizes))
    images: Sequence[Array] = x.reshape(-1, 1, *x.shape[-len(sizes) :])  # type: ignore[assignment]
    stride = tuple(node.kept("stride")) or sizes
    found = [total([*window.flat]) / count for image in images for window in _windows(image, sizes, stride)]
    return filled(node.shape(), found)


LAYERS: dict[str, Rule] = {
    "ConvolutionBackward": _convolution,
    "MaxPool2DWithIndicesBackward": _largest,
    "AvgPool2DBackward": _average,
}
