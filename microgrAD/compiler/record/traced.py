"""What stands for a number of every row while a function is recorded: it can be computed with, and not be read."""

from __future__ import annotations

from collections.abc import Iterable
from math import nan
from typing import Any, NoReturn

from microgrAD.errors import CompileError, is_array
from microgrAD.leaving import line
from microgrAD.operators import Node, Value

_AFTER = (
    "a compiled function sends gradients back by itself, after all that it computes; take a derivative that is "
    "a part of it by microgrAD.grad, jvp, jacobian or hessian"
)
_KEPT = "what a compiled function computes, it gives back: give several values, and take them from program.predict"
_INSTEAD = (
    "it stands for the number of every row at once; in the place of `if` and of comparisons use "
    "microgrAD.where(c, a, b) (a where c > 0, else b), relu, max, min or step, and of an index "
    "microgrAD.take(values, index)"
)


class Traced(Node):
    """A value of the row that stands for all rows: operations record it, and nothing can ask for its number.

    It keeps its place on the tape in `_n`, and the tape in `_a`.
    """

    __slots__ = ()

    _b = _da = _db = None
    label = property(lambda self: "", lambda self, text: None)
    scope = property(lambda self: "", lambda self, path: None)
    op = property(lambda self: "")

    @property
    def _data(self) -> float:  # type: ignore[override]
        """Any number, as whatever the engine computes from it ends up with the recorder, as long as that records."""
        if not self._a.recording:
            refuse("uses, after the function was recorded, the number", _KEPT)
        return nan

    @property
    def data(self) -> float:
        """There is none: CompileError."""
        refuse("reads the number")

    @data.setter
    def data(self, number: Any) -> None:
        refuse("sets the number")

    @property
    def grad(self) -> Any:
        """There is none, as there are no operands: CompileError."""
        refuse("asks for the gradient", _AFTER)

    @grad.setter
    def grad(self, gradient: Any) -> None:
        refuse("sets the gradient", _AFTER)

    @property
    def args(self) -> NoReturn:
        """They are on the tape: CompileError."""
        refuse("goes back to the operands", _AFTER)

    def __repr__(self) -> str:
        return "Traced()"

    def __float__(self) -> float:
        refuse("takes the float")

    def __int__(self) -> int:
        refuse("takes the int")

    def __index__(self) -> int:
        refuse("takes an index out")

    def __bool__(self) -> bool:
        refuse("takes the truth")

    def __format__(self, spec: str) -> str:
        refuse("formats the number")

    def _compare(self, other: Any) -> Any:
        if is_array(other):  # whose elements NumPy compares one by one, each with this
            return NotImplemented
        refuse("compares the number")

    # also in `x in [...]`, `match`, dict.get(x), a set of them
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _compare

    def __hash__(self) -> int:
        refuse("looks up the number")

    def __round__(self, ndigits: int | None = None) -> int:
        refuse("rounds the number")

    def __trunc__(self) -> int:
        refuse("cuts the decimals off")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        refuse("pickles or copies the number")

    def __copy__(self) -> Traced:
        return self

    def __deepcopy__(self, memo: object) -> Traced:
        return self

    def backward(self, gradient: float = 1.0, *, create_graph: bool = False) -> None:
        """CompileError: a program sends gradients back by itself."""
        refuse("sends gradients back out", _AFTER)

    def derivatives(self, wanted: Iterable[Any]) -> list[Any]:
        """Return d(self)/d(value) for each value that is wanted: what `microgrAD.grad` asks for."""
        raise NotImplementedError  # `recording` gives it

    def detach(self) -> Value:
        """CompileError: what is traced has no number to go on with."""
        refuse("detaches the number")


def refuse(what: str, instead: str = _INSTEAD) -> NoReturn:
    raise CompileError(f"{where()} {what} of a traced value; {instead}")


def where() -> str:
    """The line of the user's code that is running, with its text."""
    return line()[0].rstrip(",")
