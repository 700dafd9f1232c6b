"""What NumPy calls on the elements of an array of Values, besides the operations of the table.

`np.square(array)` calls `square` of each element, and so on. Here are the functions that are made of other operations,
and for all others an error that says what to write.
"""

from __future__ import annotations

import math
from typing import Any, NoReturn

from microgrAD.errors import GraphError, is_array
from microgrAD.guesses import Told

_INSTEAD = {
    "rint": "it is flat: its derivative is 0 everywhere; round numbers, as in round(x.data)",
    "fmod": "write x - y * c with c = math.trunc(x.data / y), which is held constant",
    "mod": "write x - y * c with c = math.floor(x.data / y), which is held constant",
    "floor_divide": "it is flat: its derivative is 0 everywhere; divide numbers, as in x.data // y",
    "divmod": "it is flat: its derivative is 0 everywhere; divide numbers, as in divmod(x.data, y)",
}


class Element:
    """The methods that an element of an array needs; `self` is a Value."""

    __slots__ = ()

    # names of other libraries, and what to write here
    explain = Told("write microgrAD.explain(v)")
    latex = Told("write microgrAD.latex(v)")
    draw = Told("write viz.draw(v)")
    show = Told("write viz.draw(v), which a notebook shows")
    item = Told("write v.data, or float(v)")
    value = Told("write v.data")
    numpy = Told("write v.data; of several, np.array([v.data for v in values])")
    zero_grad = Told("write v.grad = 0.0, or model.zero_grad() for all parameters of a network")
    requires_grad = Told("every Value gets a gradient; write v.detach() for one that is held constant")
    swish = Told("write v.silu()")

    def square(self: Any) -> Any:
        """Return x², for np.square."""
        return self**2.0

    def exp2(self: Any) -> Any:
        """Return 2ˣ, for np.exp2."""
        return 2.0**self

    def fabs(self: Any) -> Any:
        """Return |x|, for np.fabs."""
        return abs(self)

    def deg2rad(self: Any) -> Any:
        """Return degrees in radians, for np.deg2rad."""
        return self * (math.pi / 180.0)

    def rad2deg(self: Any) -> Any:
        """Return radians in degrees, for np.rad2deg."""
        return self * (180.0 / math.pi)

    radians, degrees = deg2rad, rad2deg

    def conjugate(self: Any) -> Any:
        """Return the number itself, which is real, for np.var and np.std."""
        return self

    def rint(self) -> NoReturn:
        """Raise GraphError, since rounding has no use in a graph."""
        _refuse("rint")

    def fmod(self, other: Any) -> NoReturn:
        """Raise GraphError, since it has no rule."""
        _refuse("fmod")

    def __mod__(self, other: Any) -> Any:
        return NotImplemented if is_array(other) else _refuse("mod")

    __rmod__ = __mod__

    def __floordiv__(self, other: Any) -> Any:
        return NotImplemented if is_array(other) else _refuse("floor_divide")

    __rfloordiv__ = __floordiv__

    def __divmod__(self, other: Any) -> NoReturn:
        _refuse("divmod")

    __rdivmod__ = __divmod__


def _refuse(name: str) -> NoReturn:
    raise GraphError(f"{name} is no operation of a Value; {_INSTEAD[name]}")
