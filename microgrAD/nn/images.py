"""Layers on small images: convolution and pooling as plain scalar graphs, with a node for every product and sum.

An image is a nested list of shape (channels, height, width), or (height, width) if it has one channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from microgrAD import functions, operators
from microgrAD import init as initialisers
from microgrAD.guesses import seeded
from microgrAD.nn.layers import LINEAR, Neuron, OfNeurons
from microgrAD.nn.module import Module
from microgrAD.nn.shapes import Pair, count, flatten, image, nest, pair

Image = list[list[list[Any]]]


class Unflatten(Module):
    """Turns a row into an image of a given shape: Unflatten(1, 8, 8) takes a row of 64 pixels.

    Arguments:
        shape: the size in each direction.
    """

    def __init__(self, *shape: int) -> None:
        if not shape:
            raise ValueError("Unflatten takes the size in each direction, such as Unflatten(1, 8, 8), got none")
        self.shape = tuple(count(n, "each size in shape") for n in shape)

    def __call__(self, x: Any) -> Any:
        return nest(flatten(x), self.shape, self)

    def config(self) -> dict[str, Any]:
        return {"shape": list(self.shape)}

    def __repr__(self) -> str:
        return f"Unflatten{self.shape}"


class Flatten(Module):
    """Turns an image, or any nested list, into one row: channel by channel, line by line."""

    def __call__(self, x: Any) -> list[Any]:
        return flatten(x)

    def config(self) -> dict[str, Any]:
        return {}

    def __repr__(self) -> str:
        return "Flatten()"


class Windows(Module):
    """Base of convolution and pooling: a window that moves over an image.

    For n pixels there are ⌊(n + 2 padding - kernel_size) / stride⌋ + 1 windows. Pixels left over at the end are unused.

    Arguments:
        kernel_size: the size of the window, one number or (height, width).
        stride: how far it moves; None for kernel_size, so that windows do not overlap.
        padding: the width of a border of zeros around the image.
    """

    def __init__(self, kernel_size: Pair, stride: Pair | None, padding: Pair = 0) -> None:
        self.kernel_size = pair(kernel_size, "kernel_size", 1)
        self.stride = self.kernel_size if stride is None else pair(stride, "stride", 1)
        self.padding = pair(padding, "padding", 0)
        if any(border > size for border, size in zip(self.padding, self.kernel_size, strict=True)):
            raise ValueError(
                f"padding must be at most kernel_size, {self.kernel_size}, got {self.padding}: "
                "with more, a window holds no pixel of the image"
            )

    def windows(self, channel: list[list[Any]]) -> list[list[list[Any]]]:
        """Return the pixels of each window of one channel: flat lists, nested to shape (height, width)."""
        (high, wide), (down, across), (top, side) = self.kernel_size, self.stride, self.padding
        lines = [[0.0] * side + line + [0.0] * side for line in channel]
        blank = [0.0] * len(lines[0])
        lines = [blank] * top + lines + [blank] * top
        if len(lines) < high or len(blank) < wide:
            raise ValueError(
                f"{self!r} takes an image of at least {high}×{wide} with its padding, got {len(lines)}×{len(blank)}"
            )
        return [
            [
                [pixel for line in lines[i : i + high] for pixel in line[j : j + wide]]
                for j in range(0, len(blank) - wide + 1, across)
            ]
            for i in range(0, len(lines) - high + 1, down)
        ]

    def config(self) -> dict[str, Any]:
        return {"kernel_size": list(self.kernel_size), "stride": list(self.stride)}


class Conv2d(Windows):
    """A convolution: each filter is one neuron, which is applied to every window of all channels.

    It maps an image (in_channels, height, width) to an image (out_channels, height', width'). Weights are in PyTorch's
    order: channel, line, column.

    Arguments:
        in_channels, out_channels: numbers of channels.
        kernel_size: the size of the window, one number or (height, width).
        stride: how far the window moves.
        padding: the width of a border of zeros around the image.
        activation, bias, fused, init, rng: as for `Neuron`.
    Source: Fukushima 1980; LeCun et al. 1989.

    >>> conv = Conv2d(1, 2, 3)
    >>> out = conv([[1.0] * 5] * 4)
    >>> len(out), len(out[0]), len(out[0][0])
    (2, 2, 3)
    """

    activation = OfNeurons("filters")
    fused = OfNeurons("filters")

    @seeded
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        *,
        stride: Pair = 1,
        padding: Pair = 0,
        activation: str = LINEAR,
        bias: bool = True,
        fused: bool = False,
        init: initialisers.Init | str = "xavier",
        rng: Any = 0,
    ) -> None:
        super().__init__(kernel_size, stride, padding)
        rng, area = initialisers.generator(rng), self.kernel_size[0] * self.kernel_size[1]
        self.in_channels = count(in_channels, "in_channels")
        self.bias = bias
        self.filters = [
            Neuron(
                in_channels * area,
                activation=activation,
                bias=bias,
                fused=fused,
                init=init,
                rng=rng,
                _fan_out=out_channels * area,
            )
            for _ in range(count(out_channels, "out_channels"))
        ]

    def __call__(self, x: Any) -> Image:
        seen = [self.windows(channel) for channel in image(x, self.in_channels, self)]
        return [
            [
                [neuron.respond([pixel for part in parts for pixel in part]) for parts in zip(*lines, strict=True)]
                for lines in zip(*seen, strict=True)
            ]
            for neuron in self.filters
        ]

    def config(self) -> dict[str, Any]:
        return {
            "in_channels": self.in_channels,
            "out_channels": len(self.filters),
            **super().config(),
            "padding": list(self.padding),
            "activation": self.activation,
            "bias": self.bias,
            "fused": self.fused,
        }

    def __repr__(self) -> str:
        return f"Conv2d({self.in_channels}, {len(self.filters)}, {self.kernel_size})"


class _Pool(Windows):
    """Base of pooling: one number for each window of each channel. A subclass defines `pool`."""

    def __init__(self, kernel_size: Pair, *, stride: Pair | None = None) -> None:
        super().__init__(kernel_size, stride)

    def __call__(self, x: Any) -> Image:
        return [
            [[self.pool(seen) for seen in line] for line in self.windows(channel)] for channel in image(x, None, self)
        ]

    def pool(self, seen: Sequence[Any]) -> Any:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kernel_size})"


class MaxPool2d(_Pool):
    """The largest number of each window. At a tie the first one gets the whole gradient.

    Arguments:
        kernel_size: the size of the window, one number or (height, width).
        stride: how far the window moves; by default kernel_size, so that windows do not overlap.
    """

    def pool(self, seen: Sequence[Any]) -> Any:
        return reduce(operators.max, seen)


class AvgPool2d(_Pool):
    """The mean of each window. Arguments as for `MaxPool2d`."""

    def pool(self, seen: Sequence[Any]) -> Any:
        return functions.mean(seen)


class SumPool2d(_Pool):
    """The sum of each window. Arguments as for `MaxPool2d`."""

    def pool(self, seen: Sequence[Any]) -> Any:
        return reduce(operators.add, seen)
