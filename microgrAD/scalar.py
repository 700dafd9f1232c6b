"""A number that remembers how it was computed: a `Value` without its operations, which operators.py adds."""

from __future__ import annotations

from typing import Any, Self

from microgrAD.backward import send_back, send_back_graph
from microgrAD.errors import is_array, real
from microgrAD.graph import LEAF, Record, fill


class Scalar(Record):
    """The base class of `Value`. No other class inherits from it, so a Scalar is always a Value."""

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
        """Return an empty Value to fill in: a node, or a leaf if `op` is ""; `Value` implements this."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------ what it holds

    @property
    def data(self) -> float:
        """The number. It can be set, as optimisers do; nodes that were computed from it do not change."""
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        self._data = real(number, "data")

    @property
    def grad(self) -> Any:
        """d(root)/d(self) after `backward`: a float, or a Value after backward(create_graph=True)."""
        return self._grad

    @grad.setter
    def grad(self, gradient: Any) -> None:
        self._grad = gradient if isinstance(gradient, Scalar) else real(gradient, "grad")

    @property
    def label(self) -> str:
        """The name in pictures and messages; "" if it has none."""
        return self._tag.label

    @label.setter
    def label(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"a label is a text, got {type(text).__name__} {text!r}; pass str(...)")
        self._tag = self._tag._replace(label=text)

    @property
    def scope(self) -> str:
        """The part of a network that made it, such as "layer1/neuron2"; "" if none did."""
        return self._tag.scope

    @scope.setter
    def scope(self, path: str) -> None:
        self._tag = self._tag._replace(scope=path)

    # ------------------------------------------------------------------------------------------ what it does

    def backward(self, gradient: float = 1.0, *, create_graph: bool = False) -> None:
        """Set `grad` of each node that this Value depends on to d(self)/d(node) × gradient.

        A leaf adds it to its `grad`, in each call, until `grad` is set to 0. Other nodes keep only that of the last
        call.

        Arguments:
            gradient: the gradient that flows into this Value; by default 1.
            create_graph: whether gradients are Values, which can be differentiated again; by default they are floats.
        Raises: DomainError if a gradient is not finite; then no `grad` has changed.
        """
        if create_graph:
            send_back_graph(self, fill(self._bare(""), LEAF, real(gradient, "Value")))
        else:
            send_back(self, real(gradient, "gradient"))

    def __copy__(self) -> Self:
        """Return a second node with the same numbers and operands."""
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
    """Return the number of an operand, which is a Value or a number."""
    return operand._data if isinstance(operand, Scalar) else operand
