"""A number that remembers how it was computed: a `Value` without its operations, which operators.py adds."""

from __future__ import annotations

from typing import Any, Self

from microgrAD.arrays import Element
from microgrAD.backward import send_back, send_back_graph
from microgrAD.errors import GraphError, is_array, real
from microgrAD.following import followers, tell
from microgrAD.graph import LEAF, UNRECORDED, Record, Unrecorded, fill
from microgrAD.leaving import is_variable, stay, watches
from microgrAD.native.choice import Fields
from microgrAD.showing import Shown


class Scalar(Shown, Element, Record):
    """The base class of `Value`. No other class inherits from it, so a Scalar is always a Value."""

    __slots__ = ()

    def __init__(self, data: Any, _children: Any = (), _op: Any = "", label: str = "") -> None:
        if _children or _op and not isinstance(_op, str):
            raise TypeError(
                f"Value takes a number and a label, got operands {_children!r}, which would get no derivative; write "
                "the operation, such as a + b, which makes the node, or another one of the table (microgrAD.OPS); "
                "CONTRIBUTING.md shows how to add one"
            )
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
        if watches:
            stay(self, "reads the number", leaves=False)
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        self._data = real(number, "data")
        if followers:
            tell([self])

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
        Raises: DomainError if a gradient is not finite, and then no `grad` has changed; GraphError if this Value was
        computed inside no_grad.
        """
        self._recorded("backward")
        if create_graph:
            send_back_graph(self, fill(self._bare(""), LEAF, real(gradient, "Value")))
        else:
            send_back(self, real(gradient, "gradient"))

    def _recorded(self, what: str) -> None:
        """Raise GraphError for a result of no_grad, whose operands are not known."""
        if self._a is None and isinstance(self._tag, Unrecorded):
            raise GraphError(
                f"{what} from {self!r}, which was computed within no_grad, where nothing is recorded; compute it "
                "outside of no_grad, or start from something else"
            )

    def _unrecorded(self) -> Self:
        """Return a leaf with the same number that is marked as a result of no_grad."""
        return fill(self._bare(""), UNRECORDED, self._data)

    def __copy__(self) -> Self:
        """Return a second node with the same numbers and operands."""
        if watches and is_variable(self):
            stay(self, "copies the number")
        kind = type(self)
        ours = kind.__module__ == "microgrAD.operators"
        twin = fill(
            self._bare(self.op) if ours else kind.__new__(kind), self._tag, self._data, self.args, self.partials
        )
        twin._grad = self._grad
        if not ours:  # the attributes of a user's subclass
            for name, held in attributes(self).items():
                object.__setattr__(twin, name, held)
        return twin

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label})"

    # These read the number. Inside grad, jvp, compile and similar functions they raise an error that names the line.

    def __float__(self) -> float:
        """Return the number. Functions such as math.sqrt(v) call this, so their results are plain numbers."""
        if watches:
            stay(self, "takes the float")
        return self._data

    def __int__(self) -> int:
        if watches:
            stay(self, "takes the int")
        return int(self._data)

    def __trunc__(self) -> int:
        if watches:
            stay(self, "cuts the decimals off")
        return int(self._data)

    def __round__(self, ndigits: int | None = None) -> Any:
        if watches:
            stay(self, "rounds the number")
        return round(self._data, ndigits)

    def __bool__(self) -> bool:
        if watches:
            stay(self, "takes the truth")
        return bool(self._data)

    def __format__(self, spec: str) -> str:
        if watches:
            stay(self, "formats the number")
        return format(self._data, spec)

    def __pos__(self) -> Self:
        return self

    def __lt__(self, other: Any) -> bool:
        if watches:
            _decides(self, other)
        return NotImplemented if is_array(other) else bool(self._data < number(other))

    def __le__(self, other: Any) -> bool:
        if watches:
            _decides(self, other)
        return NotImplemented if is_array(other) else bool(self._data <= number(other))

    def __gt__(self, other: Any) -> bool:
        if watches:
            _decides(self, other)
        return NotImplemented if is_array(other) else bool(self._data > number(other))

    def __ge__(self, other: Any) -> bool:
        if watches:
            _decides(self, other)
        return NotImplemented if is_array(other) else bool(self._data >= number(other))


def number(operand: Any) -> Any:
    """Return the number of an operand, which is a Value or a number."""
    return operand._data if isinstance(operand, Scalar) else operand


def attributes(v: Scalar) -> dict[str, Any]:
    """Return the attributes that a user's subclass adds to a Value, by name."""
    slots = [name for kind in type(v).__mro__ for name in vars(kind).get("__slots__", ()) if isinstance(name, str)]
    own = [name for name in slots if name not in Fields.__slots__ and not name.startswith("__")]
    return {**{name: getattr(v, name) for name in own if hasattr(v, name)}, **getattr(v, "__dict__", {})}


def _decides(*operands: Any) -> None:
    """Raise an error if operands of a comparison are watched: a program would always keep the side taken now."""
    for operand in operands:
        if isinstance(operand, Scalar):
            stay(operand, "compares the number", leaves=False)
