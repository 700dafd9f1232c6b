"""A number that remembers how it was computed: all of a `Value` but its operations, which operators.py adds."""

from __future__ import annotations

from typing import Any, Self

from microgrAD.backward import send_back, send_back_graph
from microgrAD.errors import is_array, real
from microgrAD.graph import LEAF, Record, fill


class Scalar(Record):
    """What `Value` inherits. Nothing else inherits from it, so that a Scalar is always a Value."""

    __slots__ = ()

    def __init__(self, data: Any, *, label: str = "") -> None:
        self._data = real(data, "Value")
        self._grad = 0.0
        self._tag = LEAF
        self._n = 0
        self._a = self._b = self._da = self._db = None
        if label:
            self.label = label

    @classmethod
    def _bare(cls, op: str) -> Self:
        """A Value to be filled in, made by an operation, or a leaf if `op` is empty; `Value` knows the classes."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------ what it holds

    @property
    def data(self) -> float:
        """The number. It can be set, as an optimiser does; nodes computed from it earlier keep theirs."""
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        self._data = real(number, "data")

    @property
    def grad(self) -> Any:
        """d(root)/d(self) as `backward` left it: a float, or a Value after backward(create_graph=True)."""
        return self._grad

    @grad.setter
    def grad(self, gradient: Any) -> None:
        self._grad = gradient if isinstance(gradient, Scalar) else real(gradient, "grad")

    @property
    def label(self) -> str:
        """The name that pictures and messages use; empty if none was given."""
        return self._tag.label

    @label.setter
    def label(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"a label is a text, got {type(text).__name__} {text!r}; pass str(...)")
        self._tag = self._tag._replace(label=text)

    @property
    def scope(self) -> str:
        """The path of the network's part that made it, such as "layer1/neuron2"; empty if none did."""
        return self._tag.scope

    @scope.setter
    def scope(self, path: str) -> None:
        self._tag = self._tag._replace(scope=path)

    # ------------------------------------------------------------------------------------------ what it does

    def backward(self, gradient: float = 1.0, *, create_graph: bool = False) -> None:
        """Set `grad` of everything this depends on to d(self)/d(it), times `gradient`.

        Leaves add it to what they hold, call by call, until it is set to 0; inner nodes hold the last call's.
        With create_graph the gradients are Values and can be differentiated again. DomainError, with every
        `grad` as it was, when a gradient is not finite.
        """
        if create_graph:
            send_back_graph(self, fill(self._bare(""), LEAF, real(gradient, "Value")))
        else:
            send_back(self, real(gradient, "gradient"))

    def __copy__(self) -> Self:
        """A second node of the same numbers and operands."""
        twin = fill(self._bare(self.op), self._tag, self._data, self.args, self.partials)
        twin._grad = self._grad
        return twin

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label})"

    def __float__(self) -> float:
        return self._data

    def __bool__(self) -> bool:
        return bool(self._data)

    def __format__(self, spec: str) -> str:
        return format(self._data, spec)

    def __pos__(self) -> Self:
        return self

    def __lt__(self, other: Any) -> bool:
        return NotImplemented if is_array(other) else bool(self._data < number(other))

    def __le__(self, other: Any) -> bool:
        return NotImplemented if is_array(other) else bool(self._data <= number(other))

    def __gt__(self, other: Any) -> bool:
        return NotImplemented if is_array(other) else bool(self._data > number(other))

    def __ge__(self, other: Any) -> bool:
        return NotImplemented if is_array(other) else bool(self._data >= number(other))


def number(operand: Any) -> Any:
    """The number of an operand, which may be one itself."""
    return operand._data if isinstance(operand, Scalar) else operand
