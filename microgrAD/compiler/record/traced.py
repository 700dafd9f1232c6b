"""What stands for a number of every row while a function is recorded: it can be computed with, and not be read."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from microgrAD.engine import Node, Value
from microgrAD.errors import CompileError

_PACKAGE = str(Path(__file__).parent.parent.parent)
_AFTER = (
    "a compiled function sends gradients back by itself, after all that it computes; take a derivative that is "
    "a part of it by microgrAD.grad, jvp, jacobian or hessian"
)
_INSTEAD = (
    "it stands for the number of every row at once; in the place of `if` and of comparisons use "
    "microgrAD.where(c, a, b) (a where c > 0, else b), relu, max, min or step, and for an index one-hot data"
)


class Traced(Node):
    """A value of the row that stands for all rows: operations record it, and nothing can ask for its number.

    It keeps its place on the tape in `_n`, and the tape in `_a`.
    """

    __slots__ = ()

    _data = float("nan")  # whatever the engine computes from it ends up with the recorder
    _b = _da = _db = None
    label = property(lambda self: "", lambda self, text: None)
    scope = property(lambda self: "", lambda self, path: None)
    op = property(lambda self: "")

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
    def args(self) -> tuple[Value | float, ...]:
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

    def _compare(self, other: Any) -> bool:
        refuse("compares the number")

    __lt__ = __le__ = __gt__ = __ge__ = _compare

    def backward(self, gradient: float = 1.0, *, create_graph: bool = False) -> None:
        """CompileError: a program sends gradients back by itself."""
        refuse("sends gradients back out", _AFTER)

    def derivatives(self, gradient: Any, wanted: Iterable[Any]) -> dict[Any, Any]:
        """d(self)/d(value) × gradient for each value that is wanted: what `microgrAD.grad` asks for."""
        raise NotImplementedError  # `recording` gives it

    def detach(self) -> Value:
        """CompileError: what is traced has no number to go on with."""
        refuse("detaches the number")


def refuse(what: str, instead: str = _INSTEAD) -> NoReturn:
    raise CompileError(f"{where()} {what} of a traced value; {instead}")


def where() -> str:
    """The line of the user's code that is running, with its text."""
    frame = sys._getframe(1)
    while frame.f_back and (frame.f_code.co_filename.startswith((_PACKAGE, "<microgrAD"))):
        frame = frame.f_back
    name, line = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(name, line).strip()
    return f"{name}, line {line}" + (f", `{text}`" if text else "")
