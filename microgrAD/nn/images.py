"""Layers on small images: convolution and pooling as plain scalar graphs, a node for every product and sum.

An image is a nested list of shape (channels, height, width); (height, width) does for one channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from microgrAD import functions, operators
from microgrAD import init as initialisers
from microgrAD.nn.layers import LINEAR, Neuron
from microgrAD.nn.module import Module
from microgrAD.nn.shapes import Pair, count, flatten, image, nest, pair

Image = list[list[list[Any]]]


class Unflatten(Module):
    """A row as an image of the given shape, such as Unflatten(1, 8, 8) for a row of 64 pixels."""

    def __init__(self, *shape: int) -> None:
        if not shape:
            raise ValueError("Unflatten takes the size in each direction, such as Unflatten(1, 8, 8), got none")
        self.shape = tuple(count(n, "each of the shape") for n in shape)

    def __call__(self, x: Any) -> Any:
        return nest(flatten(x), self.shape, self)

    def config(self) -> dict[str, Any]:
        return {"shape": list(self.shape)}

    def __repr__(self) -> str:
        return f"Unflatten{self.shape}"


class Flatten(Module):
    """Anything nested as one row, channel by channel, line by line."""

    def __call__(self, x: Any) -> list[Any]:
        return flatten(x)

    def config(self) -> dict[str, Any]:
        return {}

    def __repr__(self) -> str:
        return "Flatten()"


class Windows(Module):
    """What convolution and pooling share: a window of `kernel_size` that moves by `stride`.

    Of n pixels that makes ⌊(n + 2 padding - kernel_size) / stride⌋ + 1; what is left over at the end is not seen.
    """

    def __init__(self, kernel_size: Pair, stride: Pair | None, padding: Pair = 0) -> None:
        self.kernel_size = pair(kernel_size, "kernel_size", 1)
        self.stride = self.kernel_size if stride is None else pair(stride, "stride", 1)
        self.padding = pair(padding, "padding", 0)
        if any(border > size for border, size in zip(self.padding, self.kernel_size, strict=True)):
            raise ValueError(
                f"padding must be no more than kernel_size, {self.kernel_size}, got {self.padding}: "
                "beyond that a window sees nothing of the image"
            )

    def windows(self, channel: list[list[Any]]) -> list[list[list[Any]]]:
        """What the window sees at each place, line by line, of one channel: (height, width) of flat lists."""
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
    """Each of `out_channels` filters is a neuron that looks at a window of all channels, everywhere alike.

    From (in_channels, height, width) to (out_channels, height', width'); `padding` adds a border of zeros. Weights
    are in PyTorch's order: channel, line, column. Fukushima 1980; LeCun et al. 1989.

    >>> conv = Conv2d(1, 2, 3)
    >>> out = conv([[1.0] * 5] * 4)
    >>> len(out), len(out[0]), len(out[0][0])
    (2, 2, 3)
    """

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
        self.activation, self.bias, self.fused = activation, bias, fused
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
    """One number for each window of each channel, by `pool`."""

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
    """The largest of each window; at a tie the first gets all of the gradient. Windows do not overlap by default."""

    def pool(self, seen: Sequence[Any]) -> Any:
        return reduce(operators.max, seen)


class AvgPool2d(_Pool):
    """The mean of each window. Windows do not overlap by default."""

    def pool(self, seen: Sequence[Any]) -> Any:
        return functions.mean(seen)


class SumPool2d(_Pool):
    """The sum of each window. Windows do not overlap by default."""

    def pool(self, seen: Sequence[Any]) -> Any:
        return reduce(operators.add, seen)
