"""Fully connected networks: a neuron, a layer of neurons, layers one after the other.

x   one row of inputs: numbers, Values, or an array of either
w   weights, b  bias
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from microgrAD import init as initialisers
from microgrAD import operators
from microgrAD.errors import flag
from microgrAD.guesses import seeded
from microgrAD.nn.module import Module
from microgrAD.nn.shapes import count, row
from microgrAD.operators import Value
from microgrAD.ops import OPS

LINEAR = "linear"
ACTIVATIONS = (LINEAR, *(name for name, op in OPS.items() if not op.variadic and len(op.args) - len(op.constants) == 1))


def activation_function(name: str) -> Callable[[Any], Any] | None:
    """Return the operation of that name as a function of one Value, None for "linear"; ValueError lists all names."""
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {list(ACTIVATIONS)}, got {name!r}")
    return None if name == LINEAR else getattr(operators, name)


class Neuron(Module):
    """A neuron, activation(w1·x1 + ... + wn·xn + b): it returns one Value for a row of inputs.

    Arguments:
        nin: the number of inputs.
        activation: "linear", or the name of an operation of one argument.
        bias: whether to add a bias b, which starts at 0.
        fused: whether w·x is one dot product; by default each product and sum is a node, which a picture can show.
        init: how to draw the weights, an initialiser or its name (see `microgrAD.init`).
        rng: a seed, or NumPy's generator, to draw them with.
    Source: McCulloch & Pitts 1943; Rosenblatt 1958.

    >>> n = Neuron(2, activation="tanh", init=initialisers.constant(0.5))
    >>> n
    Neuron(2, activation='tanh')
    >>> n([1.0, 2.0])
    Value(data=0.9051482536448664, grad=0.0)
    """

    @seeded
    def __init__(
        self,
        nin: int,
        *,
        activation: str = "tanh",
        bias: bool = True,
        fused: bool = False,
        init: initialisers.Init | str = "xavier",
        rng: Any = 0,
        _fan_out: int = 1,
    ) -> None:
        draw = initialisers.drawing(init, count(nin, "nin"), _fan_out, rng)
        self.activation, self.fused = activation, flag(fused, "fused")
        self.w = [Value(draw(), label=f"w{k}") for k in range(1, nin + 1)]
        self.b = Value(0.0, label="b") if flag(bias, "bias") else None

    @property
    def activation(self) -> str:
        """The name of the activation; another name changes the neuron."""
        return self._activation

    @activation.setter
    def activation(self, name: str) -> None:
        self._activate = activation_function(name)
        self._activation = name

    def __call__(self, x: Any) -> Value:
        return self.respond(row(x, len(self.w), self))

    def respond(self, x: Sequence[Any]) -> Value:
        """Return the output for a row that has been checked."""
        out = operators.dot(self.w, x) if self.fused else _products(self.w, x)
        if self.b is not None:
            out = out + self.b
        if self._activate:
            out = self._activate(out)
        if self._scope:
            out.scope = self._scope
        return out  # type: ignore[no-any-return]

    def config(self) -> dict[str, Any]:
        return {"nin": len(self.w), "activation": self.activation, "bias": self.b is not None, "fused": self.fused}

    def __repr__(self) -> str:
        return f"Neuron({len(self.w)}, activation={self.activation!r})"


def _products(w: Sequence[Value], x: Sequence[Any]) -> Any:
    out = w[0] * x[0]
    for weight, number in zip(w[1:], x[1:], strict=True):
        out = out + weight * number
    return out


class OfNeurons:
    """An attribute of a layer that each of its neurons has: all of them have the same, and are given the same.

    Arguments:
        among: the attribute with the neurons.
    """

    def __init__(self, among: str) -> None:
        self.among = among

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, layer: Any, owner: type | None = None) -> Any:
        return self if layer is None else getattr(getattr(layer, self.among)[0], self.name)

    def __set__(self, layer: Any, value: Any) -> None:
        for neuron in getattr(layer, self.among):
            setattr(neuron, self.name, value)


class Layer(Module):
    """Several neurons on the same inputs: it returns the list of their outputs, or one Value if there is one neuron.

    Arguments:
        nin, nout: the numbers of inputs and of neurons.
        activation, bias, fused, init, rng: as for `Neuron`.

    >>> len(Layer(3, 2)([1.0, 2.0, 3.0]))
    2
    """

    activation = OfNeurons("neurons")
    fused = OfNeurons("neurons")

    @seeded
    def __init__(
        self,
        nin: int,
        nout: int,
        *,
        activation: str = "tanh",
        bias: bool = True,
        fused: bool = False,
        init: initialisers.Init | str = "xavier",
        rng: Any = 0,
    ) -> None:
        rng = initialisers.generator(rng)
        self.nin, self.bias = count(nin, "nin"), bias
        self.neurons = [
            Neuron(nin, activation=activation, bias=bias, fused=fused, init=init, rng=rng, _fan_out=nout)
            for _ in range(count(nout, "nout"))
        ]

    def __call__(self, x: Any) -> Any:
        x = row(x, self.nin, self)
        out = [neuron.respond(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def config(self) -> dict[str, Any]:
        return {
            "nin": self.nin,
            "nout": len(self.neurons),
            "activation": self.activation,
            "bias": self.bias,
            "fused": self.fused,
        }

    def __repr__(self) -> str:
        return f"Layer({self.nin}, {len(self.neurons)}, activation={self.activation!r})"


class Sequential(Module):
    """Modules one after the other: each takes the output of the one before it.

    Arguments:
        layers: one module or more.

    >>> Sequential(Layer(2, 3), Layer(3, 1, activation="linear"))
    Sequential(Layer(2, 3, activation='tanh'), Layer(3, 1, activation='linear'))
    """

    def __init__(self, *layers: Module) -> None:
        if not layers:
            raise ValueError("Sequential takes one module or more, got none")
        for layer in layers:
            if not isinstance(layer, Module):
                raise TypeError(
                    f"Sequential takes modules one after the other, such as Sequential(Layer(2, 3), "
                    f"Softmax()), got {type(layer).__name__} {layer!r}"
                )
        self.layers = list(layers)

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x

    def config(self) -> dict[str, Any]:
        return {"layers": [{"kind": type(layer).__name__, **layer.config()} for layer in self.layers]}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.layers))})"


class MLP(Sequential):
    """A multi-layer perceptron: fully connected layers one after the other.

    Arguments:
        nin: the number of inputs.
        nouts: the number of neurons in each layer; the last layer has the outputs.
        activation: one name for all layers but the last, which is linear; or a list of one name for each layer.
        bias, fused, init, rng: as for `Neuron`.
    Source: Rumelhart, Hinton & Williams 1986.

    >>> model = MLP(2, [4, 1])
    >>> model
    MLP(2, [4, 1], activation=['tanh', 'linear'])
    >>> [name for name, _ in model.named_parameters()][:4]
    ['layer1.neuron1.w1', 'layer1.neuron1.w2', 'layer1.neuron1.b', 'layer1.neuron2.w1']
    """

    layers: list[Layer]  # type: ignore[assignment]

    @seeded
    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        *,
        activation: str | Sequence[str] = "tanh",
        bias: bool = True,
        fused: bool = False,
        init: initialisers.Init | str = "xavier",
        rng: Any = 0,
    ) -> None:
        rng = initialisers.generator(rng)
        if hasattr(nouts, "__index__"):
            raise TypeError(f"nouts takes the sizes of the layers, such as [4, 1], got {nouts!r}")
        sizes = [nin, *nouts]
        if len(sizes) == 1:
            raise ValueError("nouts takes the size of one layer or more, such as [4, 1], got none")
        one = isinstance(activation, str) or not hasattr(activation, "__iter__")
        names: list[Any] = [activation] * (len(sizes) - 2) + [LINEAR] if one else list(activation)
        if len(names) != len(sizes) - 1:
            raise ValueError(f"activation takes one name, or one for each of {len(sizes) - 1} layers, got {names}")
        super().__init__(
            *[
                Layer(m, n, activation=name, bias=bias, fused=fused, init=init, rng=rng)
                for (m, n), name in zip(pairwise(sizes), names, strict=True)
            ]
        )

    def config(self) -> dict[str, Any]:
        first = self.layers[0]
        return {
            "nin": first.nin,
            "nouts": [len(layer.neurons) for layer in self.layers],
            "activation": [layer.activation for layer in self.layers],
            "bias": first.bias,
            "fused": first.fused,
        }

    def __repr__(self) -> str:
        return (
            f"MLP({self.layers[0].nin}, {[len(layer.neurons) for layer in self.layers]}, "
            f"activation={[layer.activation for layer in self.layers]})"
        )
