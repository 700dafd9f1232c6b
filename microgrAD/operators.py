"""The operations: methods of `Value`, functions of the package. Generated; do not edit.

`python -m microgrAD.generate` writes this file from the table in ops.py. The rest of a Value is in scalar.py. Results
that are not ordinary nodes (infinite ones, those inside no_grad, ...) are made in engine.py.

    x, y        the numbers of the operands
    out, dx     an operation's value, and its partial derivative by x
"""

from __future__ import annotations

from builtins import abs as _abs, max as _max, min as _min
from collections.abc import Callable, Iterable
from math import (
    acos as _acos,
    acosh as _acosh,
    asin as _asin,
    asinh as _asinh,
    atan as _atan,
    atan2 as _atan2,
    atanh as _atanh,
    cbrt as _cbrt,
    cos as _cos,
    cosh as _cosh,
    erf as _erf,
    erfc as _erfc,
    exp as _exp,
    expm1 as _expm1,
    hypot as _hypot,
    log as _log,
    log10 as _log10,
    log1p as _log1p,
    log2 as _log2,
    pow as _pow,
    sin as _sin,
    sinh as _sinh,
    sqrt as _sqrt,
    tan as _tan,
    tanh as _tanh,
)
from typing import Any, Final, overload

from microgrAD.engine import TAGS, apply, begins, chosen, mend, operand, paused, plain, same_length, settle
from microgrAD.errors import real
from microgrAD.floats import FAULTS, _sigmoid
from microgrAD.graph import MANY, Tag, grouped
from microgrAD.native.choice import description, install
from microgrAD.scalar import Scalar, number
from microgrAD.sources import show_sources

__all__ = [
    "Value",
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "pow",
    "exp",
    "expm1",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "cbrt",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "hypot",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "sigmoid",
    "relu",
    "leaky_relu",
    "elu",
    "softplus",
    "silu",
    "gelu",
    "erf",
    "erfc",
    "abs",
    "min",
    "max",
    "step",
    "where",
    "sum",
    "dot",
    "arcsin",
    "arccos",
    "arctan",
    "arctan2",
    "arcsinh",
    "arccosh",
    "arctanh",
    "minimum",
    "maximum",
]

ADD: Final = Tag("add")
SUB: Final = Tag("sub")
MUL: Final = Tag("mul")
DIV: Final = Tag("div")
NEG: Final = Tag("neg")
POW: Final = Tag("pow")
EXP: Final = Tag("exp")
EXPM1: Final = Tag("expm1")
LOG: Final = Tag("log")
LOG1P: Final = Tag("log1p")
LOG2: Final = Tag("log2")
LOG10: Final = Tag("log10")
LOGADDEXP: Final = Tag("logaddexp")
CBRT: Final = Tag("cbrt")
SQRT: Final = Tag("sqrt")
SIN: Final = Tag("sin")
COS: Final = Tag("cos")
TAN: Final = Tag("tan")
ASIN: Final = Tag("asin")
ACOS: Final = Tag("acos")
ATAN: Final = Tag("atan")
ATAN2: Final = Tag("atan2")
HYPOT: Final = Tag("hypot")
SINH: Final = Tag("sinh")
COSH: Final = Tag("cosh")
TANH: Final = Tag("tanh")
ASINH: Final = Tag("asinh")
ACOSH: Final = Tag("acosh")
ATANH: Final = Tag("atanh")
SIGMOID: Final = Tag("sigmoid")
RELU: Final = Tag("relu")
LEAKY_RELU: Final = Tag("leaky_relu")
ELU: Final = Tag("elu")
SOFTPLUS: Final = Tag("softplus")
SILU: Final = Tag("silu")
GELU: Final = Tag("gelu")
ERF: Final = Tag("erf")
ERFC: Final = Tag("erfc")
ABS: Final = Tag("abs")
MIN: Final = Tag("min")
MAX: Final = Tag("max")
STEP: Final = Tag("step")
WHERE: Final = Tag("where")
SUM: Final = Tag("sum")
DOT: Final = Tag("dot")


class Value(Scalar):
    """A real number that remembers how it was computed.

    Arguments:
        data: a finite real number.
        label: its name in pictures and messages.
    Raises: TypeError if data is not a real number; DomainError for inf and nan.

    >>> x = Value(3.0, label="x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 6.0)
    """

    __slots__ = ("__weakref__",)  # 8 bytes a node, so that caches may refer to one

    @classmethod
    def _bare(cls, op: str) -> Value:
        return Node() if op else object.__new__(Value)

    def _symbolic(self) -> tuple[Any, ...]:
        return _SYMBOLIC[self.op](*grouped(self.op, self.args), self)

    def detach(self) -> Value:
        """Return a leaf with the same number and label, which depends on nothing."""
        return Value(self._data, label=self.label)

    def __add__(self, other: Value | float) -> Value:
        """The sum.

            x + y
            ∂/∂x = 1
            ∂/∂y = 1
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            out = x + y
            dx = 1.0
            dy = 1.0
        else:
            number = operand(other, "add")
            if number is NotImplemented:
                return NotImplemented
            y = other = number
            out = x + y
            dx = 1.0
            dy = None
        if out - out or paused:
            return settle(self, "add", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ADD
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    def __radd__(self, other: Value | float) -> Value:
        """As `__add__`, with a plain number on the left."""
        number = operand(other, "add")
        if number is NotImplemented:
            return NotImplemented
        x = other = number
        y = self._data
        out = x + y
        if out - out or paused:
            return settle(self, "add", (other, self), out, (None, 1.0))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ADD
        node._n = 0
        node._a = other
        node._da = None
        node._b = self
        node._db = 1.0
        return node

    def __iadd__(self, other: Value | float) -> Value:
        """As `__add__` where a sum or product begins; a GraphError on any other leaf, see `begins`."""
        begins(self, other, "add")
        return self.__add__(other)

    def __sub__(self, other: Value | float) -> Value:
        """The difference.

            x − y
            ∂/∂x = 1
            ∂/∂y = −1
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            out = x - y
            dx = 1.0
            dy = -1.0
        else:
            number = operand(other, "sub")
            if number is NotImplemented:
                return NotImplemented
            y = other = number
            out = x - y
            dx = 1.0
            dy = None
        if out - out or paused:
            return settle(self, "sub", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = SUB
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    def __rsub__(self, other: Value | float) -> Value:
        """As `__sub__`, with a plain number on the left."""
        number = operand(other, "sub")
        if number is NotImplemented:
            return NotImplemented
        x = other = number
        y = self._data
        out = x - y
        if out - out or paused:
            return settle(self, "sub", (other, self), out, (None, -1.0))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = SUB
        node._n = 0
        node._a = other
        node._da = None
        node._b = self
        node._db = -1.0
        return node

    def __isub__(self, other: Value | float) -> Value:
        """As `__sub__` where a sum or product begins; a GraphError on any other leaf, see `begins`."""
        begins(self, other, "sub")
        return self.__sub__(other)

    def __mul__(self, other: Value | float) -> Value:
        """The product.

            x · y
            ∂/∂x = y
            ∂/∂y = x
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            out = x * y
            dx = y
            dy = x
        else:
            number = operand(other, "mul")
            if number is NotImplemented:
                return NotImplemented
            y = other = number
            out = x * y
            dx = y
            dy = None
        if out - out or paused:
            return settle(self, "mul", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = MUL
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    def __rmul__(self, other: Value | float) -> Value:
        """As `__mul__`, with a plain number on the left."""
        number = operand(other, "mul")
        if number is NotImplemented:
            return NotImplemented
        x = other = number
        y = self._data
        out = x * y
        if out - out or paused:
            return settle(self, "mul", (other, self), out, (None, x))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = MUL
        node._n = 0
        node._a = other
        node._da = None
        node._b = self
        node._db = x
        return node

    def __imul__(self, other: Value | float) -> Value:
        """As `__mul__` where a sum or product begins; a GraphError on any other leaf, see `begins`."""
        begins(self, other, "mul")
        return self.__mul__(other)

    def __truediv__(self, other: Value | float) -> Value:
        """The quotient.

            x / y
            ∂/∂x = 1 / y
            ∂/∂y = −out / y

        Domain: y ≠ 0, else DomainError (add a small constant to the divisor).
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            try:
                out = x / y
                dx = 1.0 / y
                dy = -out / y
            except FAULTS:
                return mend(self, "div", (self, other))
        else:
            number = operand(other, "div")
            if number is NotImplemented:
                return NotImplemented
            y = other = number
            try:
                out = x / y
                dx = 1.0 / y
            except FAULTS:
                return mend(self, "div", (self, other))
            dy = None
        if out - out or paused:
            return settle(self, "div", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = DIV
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    def __rtruediv__(self, other: Value | float) -> Value:
        """As `__truediv__`, with a plain number on the left."""
        number = operand(other, "div")
        if number is NotImplemented:
            return NotImplemented
        x = other = number
        y = self._data
        try:
            out = x / y
            dy = -out / y
        except FAULTS:
            return mend(self, "div", (other, self))
        if out - out or paused:
            return settle(self, "div", (other, self), out, (None, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = DIV
        node._n = 0
        node._a = other
        node._da = None
        node._b = self
        node._db = dy
        return node

    def __itruediv__(self, other: Value | float) -> Value:
        """As `__truediv__` where a sum or product begins; a GraphError on any other leaf, see `begins`."""
        begins(self, other, "div")
        return self.__truediv__(other)

    def __neg__(self) -> Value:
        """The negative.

            −x
            ∂/∂x = −1
        """
        x = self._data
        out = -x
        if out - out or paused:
            return settle(self, "neg", (self,), out, (-1.0,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = NEG
        node._n = 0
        node._a = self
        node._da = -1.0
        node._b = None
        node._db = None
        return node

    def __pow__(self, other: Value | float) -> Value:
        """The power. The derivative of x**0 is 0 everywhere, even at x = 0. If the base is 0 or less, the
        partial derivative by the exponent is 0 by convention, since x**y has none there.

            x^y
            ∂/∂x = y · x^(y − 1)
            ∂/∂y = out · ln(x)

        Domain: x > 0 or x = 0 and y ≥ 0 or x < 0 and y = floor(y), else DomainError (a negative base needs
        a whole exponent, and a base of 0 an exponent of 0 or more).
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            try:
                out = _pow(x, y)
                dx = 0.0 if y == 0.0 and _abs(x) < 1e-307 else y * _pow(x, y - 1.0)
                dy = out * _log(x) if x > 0.0 else 0.0
            except FAULTS:
                return mend(self, "pow", (self, other))
        else:
            number = operand(other, "pow")
            if number is NotImplemented:
                return NotImplemented
            y = other = number
            try:
                out = _pow(x, y)
                dx = 0.0 if y == 0.0 and _abs(x) < 1e-307 else y * _pow(x, y - 1.0)
            except FAULTS:
                return mend(self, "pow", (self, other))
            dy = None
        if out - out or paused:
            return settle(self, "pow", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = POW
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    def __rpow__(self, other: Value | float) -> Value:
        """As `__pow__`, with a plain number on the left."""
        number = operand(other, "pow")
        if number is NotImplemented:
            return NotImplemented
        x = other = number
        y = self._data
        try:
            out = _pow(x, y)
            dy = out * _log(x) if x > 0.0 else 0.0
        except FAULTS:
            return mend(self, "pow", (other, self))
        if out - out or paused:
            return settle(self, "pow", (other, self), out, (None, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = POW
        node._n = 0
        node._a = other
        node._da = None
        node._b = self
        node._db = dy
        return node

    def __ipow__(self, other: Value | float) -> Value:
        """As `__pow__` where a sum or product begins; a GraphError on any other leaf, see `begins`."""
        begins(self, other, "pow")
        return self.__pow__(other)

    def exp(self) -> Value:
        """The exponential.

            exp(x)
            ∂/∂x = out
        """
        x = self._data
        try:
            out = _exp(x)
        except FAULTS:
            return mend(self, "exp", (self,))
        if out - out or paused:
            return settle(self, "exp", (self,), out, (out,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = EXP
        node._n = 0
        node._a = self
        node._da = out
        node._b = None
        node._db = None
        return node

    def expm1(self) -> Value:
        """exp(x) - 1, accurate near 0.

            expm1(x)
            ∂/∂x = exp(x)
        """
        x = self._data
        try:
            out = _expm1(x)
            dx = _exp(x)
        except FAULTS:
            return mend(self, "expm1", (self,))
        if out - out or paused:
            return settle(self, "expm1", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = EXPM1
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def log(self) -> Value:
        """The natural logarithm.

            ln(x)
            ∂/∂x = 1 / x

        Domain: x > 0, else DomainError (clamp the input, or use log1p near 1).
        """
        x = self._data
        try:
            out = _log(x)
            dx = 1.0 / x
        except FAULTS:
            return mend(self, "log", (self,))
        if out - out or paused:
            return settle(self, "log", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = LOG
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def log1p(self) -> Value:
        """log(1 + x), accurate near 0.

            ln(1 + x)
            ∂/∂x = 1 / (1 + x)

        Domain: x > −1, else DomainError (clamp the input).
        """
        x = self._data
        try:
            out = _log1p(x)
            dx = 1.0 / (1.0 + x)
        except FAULTS:
            return mend(self, "log1p", (self,))
        if out - out or paused:
            return settle(self, "log1p", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = LOG1P
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def log2(self) -> Value:
        """The logarithm to the base 2.

            log2(x)
            ∂/∂x = 1 / (x · ln(2))

        Domain: x > 0, else DomainError (clamp the input).
        """
        x = self._data
        try:
            out = _log2(x)
            dx = 1.0 / x / _log(2.0)
        except FAULTS:
            return mend(self, "log2", (self,))
        if out - out or paused:
            return settle(self, "log2", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = LOG2
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def log10(self) -> Value:
        """The logarithm to the base 10.

            log10(x)
            ∂/∂x = 1 / (x · ln(10))

        Domain: x > 0, else DomainError (clamp the input).
        """
        x = self._data
        try:
            out = _log10(x)
            dx = 1.0 / x / _log(10.0)
        except FAULTS:
            return mend(self, "log10", (self,))
        if out - out or paused:
            return settle(self, "log10", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = LOG10
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def logaddexp(self, other: Value | float) -> Value:
        """The logarithm of a sum of exponentials, without overflow.

            ln(exp(x) + exp(y))
            ∂/∂x = exp(x − out)
            ∂/∂y = exp(y − out)
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            try:
                out = _max(x, y) + _log1p(_exp(-_abs(x - y)))
                dx = _sigmoid(x - y)
                dy = _sigmoid(y - x)
            except FAULTS:
                return mend(self, "logaddexp", (self, other))
        else:
            y = other = plain(other, "logaddexp")
            try:
                out = _max(x, y) + _log1p(_exp(-_abs(x - y)))
                dx = _sigmoid(x - y)
            except FAULTS:
                return mend(self, "logaddexp", (self, other))
            dy = None
        if out - out or paused:
            return settle(self, "logaddexp", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = LOGADDEXP
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    def cbrt(self) -> Value:
        """The cube root, of negative numbers too. Its derivative at 0 is infinite.

            ∛(x)
            ∂/∂x = 1 / (3 · out²)
        """
        x = self._data
        try:
            out = _cbrt(x)
            dx = 1.0 / (3.0 * (out * out))
        except FAULTS:
            return mend(self, "cbrt", (self,))
        if out - out or paused:
            return settle(self, "cbrt", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = CBRT
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def sqrt(self) -> Value:
        """The square root. Its derivative at 0 is infinite, so backward raises an error there.

            √(x)
            ∂/∂x = 1 / (2 · out)

        Domain: x ≥ 0, else DomainError (clamp the input).
        """
        x = self._data
        try:
            out = _sqrt(x)
            dx = 1.0 / (2.0 * out)
        except FAULTS:
            return mend(self, "sqrt", (self,))
        if out - out or paused:
            return settle(self, "sqrt", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = SQRT
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def sin(self) -> Value:
        """The sine of x radians.

            sin(x)
            ∂/∂x = cos(x)
        """
        x = self._data
        try:
            out = _sin(x)
            dx = _cos(x)
        except FAULTS:
            return mend(self, "sin", (self,))
        if out - out or paused:
            return settle(self, "sin", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = SIN
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def cos(self) -> Value:
        """The cosine of x radians.

            cos(x)
            ∂/∂x = −sin(x)
        """
        x = self._data
        try:
            out = _cos(x)
            dx = -_sin(x)
        except FAULTS:
            return mend(self, "cos", (self,))
        if out - out or paused:
            return settle(self, "cos", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = COS
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def tan(self) -> Value:
        """The tangent of x radians.

            tan(x)
            ∂/∂x = 1 + out²
        """
        x = self._data
        try:
            out = _tan(x)
            dx = 1.0 + out * out
        except FAULTS:
            return mend(self, "tan", (self,))
        if out - out or paused:
            return settle(self, "tan", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = TAN
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def asin(self) -> Value:
        """The arc sine in radians. Its derivative at -1 and 1 is infinite.

            asin(x)
            ∂/∂x = 1 / √(1 − x²)

        Domain: −1 ≤ x ≤ 1, else DomainError (clamp the input).
        """
        x = self._data
        try:
            out = _asin(x)
            dx = 1.0 / _sqrt(1.0 - x * x) if _abs(x) < 0.5 else 1.0 / _sqrt((1.0 - x) * (1.0 + x))
        except FAULTS:
            return mend(self, "asin", (self,))
        if out - out or paused:
            return settle(self, "asin", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ASIN
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    arcsin = asin

    def acos(self) -> Value:
        """The arc cosine in radians. Its derivative at -1 and 1 is infinite.

            acos(x)
            ∂/∂x = −1 / √(1 − x²)

        Domain: −1 ≤ x ≤ 1, else DomainError (clamp the input).
        """
        x = self._data
        try:
            out = _acos(x)
            dx = -1.0 / _sqrt(1.0 - x * x) if _abs(x) < 0.5 else -1.0 / _sqrt((1.0 - x) * (1.0 + x))
        except FAULTS:
            return mend(self, "acos", (self,))
        if out - out or paused:
            return settle(self, "acos", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ACOS
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    arccos = acos

    def atan(self) -> Value:
        """The arc tangent in radians.

            atan(x)
            ∂/∂x = 1 / (1 + x²)
        """
        x = self._data
        try:
            out = _atan(x)
            dx = 1.0 / (1.0 + x * x) if _abs(x) < 100000000.0 else 1.0 / x / x
        except FAULTS:
            return mend(self, "atan", (self,))
        if out - out or paused:
            return settle(self, "atan", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ATAN
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    arctan = atan

    def atan2(self, other: Value | float) -> Value:
        """The angle of the point (x, y) in radians, from -π to π. It has no derivative at (0, 0).

            atan2(y, x)
            ∂/∂y = x / (x² + y²)
            ∂/∂x = −y / (x² + y²)
        """
        y = self._data
        dx: float | None
        if isinstance(other, Value):
            x = other._data
            try:
                out = _atan2(y, x)
                dy = x / _hypot(x, y) / _hypot(x, y)
                dx = -y / _hypot(x, y) / _hypot(x, y)
            except FAULTS:
                return mend(self, "atan2", (self, other))
        else:
            x = other = plain(other, "atan2")
            try:
                out = _atan2(y, x)
                dy = x / _hypot(x, y) / _hypot(x, y)
            except FAULTS:
                return mend(self, "atan2", (self, other))
            dx = None
        if out - out or paused:
            return settle(self, "atan2", (self, other), out, (dy, dx))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ATAN2
        node._n = 0
        node._a = self
        node._da = dy
        node._b = other
        node._db = dx
        return node

    arctan2 = atan2

    def hypot(self, other: Value | float) -> Value:
        """The length √(x² + y²), without an overflow on the way. It has no derivative at (0, 0).

            hypot(x, y)
            ∂/∂x = x / out
            ∂/∂y = y / out
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            try:
                out = _hypot(x, y)
                dx = (1.0 if x > 0.0 else -1.0) / _hypot(1.0, y / x) if _abs(x) > _abs(y) else x / _abs(y) / _hypot(x / y, 1.0)
                dy = (1.0 if y > 0.0 else -1.0) / _hypot(1.0, x / y) if _abs(y) > _abs(x) else y / _abs(x) / _hypot(y / x, 1.0)
            except FAULTS:
                return mend(self, "hypot", (self, other))
        else:
            y = other = plain(other, "hypot")
            try:
                out = _hypot(x, y)
                dx = (1.0 if x > 0.0 else -1.0) / _hypot(1.0, y / x) if _abs(x) > _abs(y) else x / _abs(y) / _hypot(x / y, 1.0)
            except FAULTS:
                return mend(self, "hypot", (self, other))
            dy = None
        if out - out or paused:
            return settle(self, "hypot", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = HYPOT
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    def sinh(self) -> Value:
        """The hyperbolic sine.

            sinh(x)
            ∂/∂x = cosh(x)
        """
        x = self._data
        try:
            out = _sinh(x)
            dx = _cosh(x)
        except FAULTS:
            return mend(self, "sinh", (self,))
        if out - out or paused:
            return settle(self, "sinh", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = SINH
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def cosh(self) -> Value:
        """The hyperbolic cosine.

            cosh(x)
            ∂/∂x = sinh(x)
        """
        x = self._data
        try:
            out = _cosh(x)
            dx = _sinh(x)
        except FAULTS:
            return mend(self, "cosh", (self,))
        if out - out or paused:
            return settle(self, "cosh", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = COSH
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def tanh(self) -> Value:
        """The hyperbolic tangent.

            tanh(x)
            ∂/∂x = 1 − out²
        """
        x = self._data
        try:
            out = _tanh(x)
            dx = 1.0 - out * out if -4.0 < x < 4.0 else 4.0 * _exp(-2.0 * _abs(x)) / _pow(1.0 + _exp(-2.0 * _abs(x)), 2.0)
        except FAULTS:
            return mend(self, "tanh", (self,))
        if out - out or paused:
            return settle(self, "tanh", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = TANH
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def asinh(self) -> Value:
        """The inverse of sinh.

            asinh(x)
            ∂/∂x = 1 / √(1 + x²)
        """
        x = self._data
        try:
            out = _asinh(x)
            dx = 1.0 / _hypot(1.0, x)
        except FAULTS:
            return mend(self, "asinh", (self,))
        if out - out or paused:
            return settle(self, "asinh", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ASINH
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    arcsinh = asinh

    def acosh(self) -> Value:
        """The inverse of cosh, from 0 up. Its derivative at 1 is infinite.

            acosh(x)
            ∂/∂x = 1 / √(x² − 1)

        Domain: x ≥ 1, else DomainError (clamp the input).
        """
        x = self._data
        try:
            out = _acosh(x)
            dx = 1.0 / (_sqrt(x - 1.0) * _sqrt(x + 1.0))
        except FAULTS:
            return mend(self, "acosh", (self,))
        if out - out or paused:
            return settle(self, "acosh", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ACOSH
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    arccosh = acosh

    def atanh(self) -> Value:
        """The inverse of tanh.

            atanh(x)
            ∂/∂x = 1 / (1 − x²)

        Domain: −1 < x < 1, else DomainError (clamp the input).
        """
        x = self._data
        try:
            out = _atanh(x)
            dx = 1.0 / (1.0 - x * x) if _abs(x) < 0.5 else 1.0 / ((1.0 - x) * (1.0 + x))
        except FAULTS:
            return mend(self, "atanh", (self,))
        if out - out or paused:
            return settle(self, "atanh", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ATANH
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    arctanh = atanh

    def sigmoid(self) -> Value:
        """The logistic function.

            1 / (1 + exp(−x))
            ∂/∂x = out · (1 − out)
        """
        x = self._data
        try:
            out = 1.0 / (1.0 + _exp(-x)) if -700.0 < x < 700.0 else _exp(_min(x, 0.0))
            dx = (1.0 - _pow(_tanh(x / 2.0), 2.0)) / 4.0 if -2.0 < x < 2.0 else _exp(-_abs(x)) / _pow(1.0 + _exp(-_abs(x)), 2.0)
        except FAULTS:
            return mend(self, "sigmoid", (self,))
        if out - out or paused:
            return settle(self, "sigmoid", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = SIGMOID
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def relu(self) -> Value:
        """The rectifier, max(0, x). At the kink, x = 0, the derivative is 0.

            max(0, x)
            ∂/∂x = 1 if x > 0, else 0
        """
        x = self._data
        out = x if x > 0.0 else 0.0
        dx = 1.0 if x > 0.0 else 0.0
        if out - out or paused:
            return settle(self, "relu", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = RELU
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def leaky_relu(self, negative_slope: float = 0.01) -> Value:
        """The rectifier with a small slope below 0. At the kink, x = 0, the derivative is negative_slope.

            x if x > 0, else negative_slope · x
            ∂/∂x = 1 if x > 0, else negative_slope
        """
        x = self._data
        negative_slope = real(negative_slope, "leaky_relu: negative_slope")
        out = x if x > 0.0 else negative_slope * x
        dx = 1.0 if x > 0.0 else negative_slope
        if out - out or paused:
            return settle(self, "leaky_relu", (self, negative_slope), out, (dx, None))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = LEAKY_RELU
        node._n = 0
        node._a = self
        node._da = dx
        node._b = negative_slope
        node._db = None
        return node

    def elu(self, alpha: float = 1.0) -> Value:
        """The exponential linear unit (Clevert et al. 2015). At the kink, x = 0, the derivative is alpha.

            x if x > 0, else alpha · (exp(x) − 1)
            ∂/∂x = 1 if x > 0, else alpha · exp(x)
        """
        x = self._data
        alpha = real(alpha, "elu: alpha")
        try:
            out = x if x > 0.0 else alpha * _expm1(x)
            dx = 1.0 if x > 0.0 else alpha * _exp(x)
        except FAULTS:
            return mend(self, "elu", (self, alpha))
        if out - out or paused:
            return settle(self, "elu", (self, alpha), out, (dx, None))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ELU
        node._n = 0
        node._a = self
        node._da = dx
        node._b = alpha
        node._db = None
        return node

    def softplus(self) -> Value:
        """A smooth rectifier.

            ln(1 + exp(x))
            ∂/∂x = σ(x)
        """
        x = self._data
        try:
            out = _max(x, 0.0) + _log1p(_exp(-_abs(x)))
            dx = _sigmoid(x)
        except FAULTS:
            return mend(self, "softplus", (self,))
        if out - out or paused:
            return settle(self, "softplus", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = SOFTPLUS
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def silu(self) -> Value:
        """x times sigmoid(x), also called swish.

            x · σ(x)
            ∂/∂x = σ(x) · (1 + x · (1 − σ(x)))
        """
        x = self._data
        try:
            out = x * _sigmoid(x)
            dx = _sigmoid(x) + (x / (4.0 * _pow(_cosh(x / 2.0), 2.0)) if _abs(x) < 100.0 else x * _exp(-_abs(x)))
        except FAULTS:
            return mend(self, "silu", (self,))
        if out - out or paused:
            return settle(self, "silu", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = SILU
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def gelu(self) -> Value:
        """x times the normal distribution function at x, without approximation (Hendrycks & Gimpel 2016).

            x · (1 + erf(x / √(2))) / 2
            ∂/∂x = (1 + erf(x / √(2))) / 2 + x · exp(−x² / 2) / √(2 · π)
        """
        x = self._data
        try:
            out = x * _erfc(-x / _sqrt(2.0)) / 2.0
            dx = _erfc(-x / _sqrt(2.0)) / 2.0 + x * _exp(-(x * x) / 2.0) / _sqrt(2.0 * 3.141592653589793) if _abs(x) < 40.0 else 1.0 if x > 0.0 else 0.0
        except FAULTS:
            return mend(self, "gelu", (self,))
        if out - out or paused:
            return settle(self, "gelu", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = GELU
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def erf(self) -> Value:
        """The error function.

            erf(x)
            ∂/∂x = 2 / √(π) · exp(−x²)
        """
        x = self._data
        try:
            out = _erf(x)
            dx = 2.0 / _sqrt(3.141592653589793) * _exp(-(x * x)) if _abs(x) < 30.0 else 0.0
        except FAULTS:
            return mend(self, "erf", (self,))
        if out - out or paused:
            return settle(self, "erf", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ERF
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def erfc(self) -> Value:
        """1 - erf(x), accurate for large x.

            erfc(x)
            ∂/∂x = −2 / √(π) · exp(−x²)
        """
        x = self._data
        try:
            out = _erfc(x)
            dx = -2.0 / _sqrt(3.141592653589793) * _exp(-(x * x)) if _abs(x) < 30.0 else 0.0
        except FAULTS:
            return mend(self, "erfc", (self,))
        if out - out or paused:
            return settle(self, "erfc", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ERFC
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def __abs__(self) -> Value:
        """The absolute value. At the kink, x = 0, the derivative is 0.

            |x|
            ∂/∂x = 1 if x > 0, else −1 if x < 0, else 0
        """
        x = self._data
        try:
            out = _abs(x)
            dx = 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0
        except FAULTS:
            return mend(self, "abs", (self,))
        if out - out or paused:
            return settle(self, "abs", (self,), out, (dx,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = ABS
        node._n = 0
        node._a = self
        node._da = dx
        node._b = None
        node._db = None
        return node

    def min(self, other: Value | float) -> Value:
        """The smaller of two. At a tie the first argument gets the whole gradient.

            min(x, y)
            ∂/∂x = 1 if x ≤ y, else 0
            ∂/∂y = 0 if x ≤ y, else 1
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            try:
                out = _min(x, y)
                dx = 1.0 if x <= y else 0.0
                dy = 0.0 if x <= y else 1.0
            except FAULTS:
                return mend(self, "min", (self, other))
        else:
            y = other = plain(other, "min")
            try:
                out = _min(x, y)
                dx = 1.0 if x <= y else 0.0
            except FAULTS:
                return mend(self, "min", (self, other))
            dy = None
        if out - out or paused:
            return settle(self, "min", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = MIN
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    minimum = min

    def max(self, other: Value | float) -> Value:
        """The larger of two. At a tie the first argument gets the whole gradient.

            max(x, y)
            ∂/∂x = 1 if x ≥ y, else 0
            ∂/∂y = 0 if x ≥ y, else 1
        """
        x = self._data
        dy: float | None
        if isinstance(other, Value):
            y = other._data
            try:
                out = _max(x, y)
                dx = 1.0 if x >= y else 0.0
                dy = 0.0 if x >= y else 1.0
            except FAULTS:
                return mend(self, "max", (self, other))
        else:
            y = other = plain(other, "max")
            try:
                out = _max(x, y)
                dx = 1.0 if x >= y else 0.0
            except FAULTS:
                return mend(self, "max", (self, other))
            dy = None
        if out - out or paused:
            return settle(self, "max", (self, other), out, (dx, dy))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = MAX
        node._n = 0
        node._a = self
        node._da = dx
        node._b = other
        node._db = dy
        return node

    maximum = max

    def step(self) -> Value:
        """The binary step of the perceptron. Its derivative is 0 everywhere (at 0 by convention), so the chain
        rule sends 0 to every weight behind it: gradient descent can't train a perceptron. Use Rosenblatt's
        rule, or a sigmoid in place of the step.

            1 if x ≥ 0, else 0
            ∂/∂x = 0
        """
        x = self._data
        out = 1.0 if x >= 0.0 else 0.0
        if out - out or paused:
            return settle(self, "step", (self,), out, (0.0,))
        node: Node = Node()
        node._data = out
        node._grad = 0.0
        node._tag = STEP
        node._n = 0
        node._a = self
        node._da = 0.0
        node._b = None
        node._db = None
        return node


class Node(Value):
    """A Value that an operation made: created empty, then filled in by the methods above."""

    __slots__ = ()
    __init__ = object.__init__  # quicker than any function of Python's
    # `c += x` on a result makes a new node, as `c = c + x` does
    __iadd__ = Value.__add__
    __isub__ = Value.__sub__
    __imul__ = Value.__mul__
    __itruediv__ = Value.__truediv__
    __ipow__ = Value.__pow__


# ---------------------------------------------------------------------------------------------- functions


def add(x: Value | float, y: Value | float) -> Any:
    """The sum.

        x + y
        ∂/∂x = 1
        ∂/∂y = 1
    """
    return apply("add", (x, y))


def sub(x: Value | float, y: Value | float) -> Any:
    """The difference.

        x − y
        ∂/∂x = 1
        ∂/∂y = −1
    """
    return apply("sub", (x, y))


def mul(x: Value | float, y: Value | float) -> Any:
    """The product.

        x · y
        ∂/∂x = y
        ∂/∂y = x
    """
    return apply("mul", (x, y))


def div(x: Value | float, y: Value | float) -> Any:
    """The quotient.

        x / y
        ∂/∂x = 1 / y
        ∂/∂y = −out / y

    Domain: y ≠ 0, else DomainError (add a small constant to the divisor).
    """
    return apply("div", (x, y))


@overload
def neg(x: Value) -> Value: ...
@overload
def neg(x: float) -> float: ...
def neg(x: Value | float) -> Any:
    """The negative.

        −x
        ∂/∂x = −1
    """
    if isinstance(x, Value):
        return x.__neg__()
    return apply("neg", (x,))


def pow(x: Value | float, y: Value | float) -> Any:
    """The power. The derivative of x**0 is 0 everywhere, even at x = 0. If the base is 0 or less, the
    partial derivative by the exponent is 0 by convention, since x**y has none there.

        x^y
        ∂/∂x = y · x^(y − 1)
        ∂/∂y = out · ln(x)

    Domain: x > 0 or x = 0 and y ≥ 0 or x < 0 and y = floor(y), else DomainError (a negative base needs
    a whole exponent, and a base of 0 an exponent of 0 or more).
    """
    return apply("pow", (x, y))


@overload
def exp(x: Value) -> Value: ...
@overload
def exp(x: float) -> float: ...
def exp(x: Value | float) -> Any:
    """The exponential.

        exp(x)
        ∂/∂x = out
    """
    if isinstance(x, Value):
        return x.exp()
    return apply("exp", (x,))


@overload
def expm1(x: Value) -> Value: ...
@overload
def expm1(x: float) -> float: ...
def expm1(x: Value | float) -> Any:
    """exp(x) - 1, accurate near 0.

        expm1(x)
        ∂/∂x = exp(x)
    """
    if isinstance(x, Value):
        return x.expm1()
    return apply("expm1", (x,))


@overload
def log(x: Value) -> Value: ...
@overload
def log(x: float) -> float: ...
def log(x: Value | float) -> Any:
    """The natural logarithm.

        ln(x)
        ∂/∂x = 1 / x

    Domain: x > 0, else DomainError (clamp the input, or use log1p near 1).
    """
    if isinstance(x, Value):
        return x.log()
    return apply("log", (x,))


@overload
def log1p(x: Value) -> Value: ...
@overload
def log1p(x: float) -> float: ...
def log1p(x: Value | float) -> Any:
    """log(1 + x), accurate near 0.

        ln(1 + x)
        ∂/∂x = 1 / (1 + x)

    Domain: x > −1, else DomainError (clamp the input).
    """
    if isinstance(x, Value):
        return x.log1p()
    return apply("log1p", (x,))


@overload
def log2(x: Value) -> Value: ...
@overload
def log2(x: float) -> float: ...
def log2(x: Value | float) -> Any:
    """The logarithm to the base 2.

        log2(x)
        ∂/∂x = 1 / (x · ln(2))

    Domain: x > 0, else DomainError (clamp the input).
    """
    if isinstance(x, Value):
        return x.log2()
    return apply("log2", (x,))


@overload
def log10(x: Value) -> Value: ...
@overload
def log10(x: float) -> float: ...
def log10(x: Value | float) -> Any:
    """The logarithm to the base 10.

        log10(x)
        ∂/∂x = 1 / (x · ln(10))

    Domain: x > 0, else DomainError (clamp the input).
    """
    if isinstance(x, Value):
        return x.log10()
    return apply("log10", (x,))


def logaddexp(x: Value | float, y: Value | float) -> Any:
    """The logarithm of a sum of exponentials, without overflow.

        ln(exp(x) + exp(y))
        ∂/∂x = exp(x − out)
        ∂/∂y = exp(y − out)
    """
    return apply("logaddexp", (x, y))


@overload
def cbrt(x: Value) -> Value: ...
@overload
def cbrt(x: float) -> float: ...
def cbrt(x: Value | float) -> Any:
    """The cube root, of negative numbers too. Its derivative at 0 is infinite.

        ∛(x)
        ∂/∂x = 1 / (3 · out²)
    """
    if isinstance(x, Value):
        return x.cbrt()
    return apply("cbrt", (x,))


@overload
def sqrt(x: Value) -> Value: ...
@overload
def sqrt(x: float) -> float: ...
def sqrt(x: Value | float) -> Any:
    """The square root. Its derivative at 0 is infinite, so backward raises an error there.

        √(x)
        ∂/∂x = 1 / (2 · out)

    Domain: x ≥ 0, else DomainError (clamp the input).
    """
    if isinstance(x, Value):
        return x.sqrt()
    return apply("sqrt", (x,))


@overload
def sin(x: Value) -> Value: ...
@overload
def sin(x: float) -> float: ...
def sin(x: Value | float) -> Any:
    """The sine of x radians.

        sin(x)
        ∂/∂x = cos(x)
    """
    if isinstance(x, Value):
        return x.sin()
    return apply("sin", (x,))


@overload
def cos(x: Value) -> Value: ...
@overload
def cos(x: float) -> float: ...
def cos(x: Value | float) -> Any:
    """The cosine of x radians.

        cos(x)
        ∂/∂x = −sin(x)
    """
    if isinstance(x, Value):
        return x.cos()
    return apply("cos", (x,))


@overload
def tan(x: Value) -> Value: ...
@overload
def tan(x: float) -> float: ...
def tan(x: Value | float) -> Any:
    """The tangent of x radians.

        tan(x)
        ∂/∂x = 1 + out²
    """
    if isinstance(x, Value):
        return x.tan()
    return apply("tan", (x,))


@overload
def asin(x: Value) -> Value: ...
@overload
def asin(x: float) -> float: ...
def asin(x: Value | float) -> Any:
    """The arc sine in radians. Its derivative at -1 and 1 is infinite.

        asin(x)
        ∂/∂x = 1 / √(1 − x²)

    Domain: −1 ≤ x ≤ 1, else DomainError (clamp the input).
    """
    if isinstance(x, Value):
        return x.asin()
    return apply("asin", (x,))


@overload
def acos(x: Value) -> Value: ...
@overload
def acos(x: float) -> float: ...
def acos(x: Value | float) -> Any:
    """The arc cosine in radians. Its derivative at -1 and 1 is infinite.

        acos(x)
        ∂/∂x = −1 / √(1 − x²)

    Domain: −1 ≤ x ≤ 1, else DomainError (clamp the input).
    """
    if isinstance(x, Value):
        return x.acos()
    return apply("acos", (x,))


@overload
def atan(x: Value) -> Value: ...
@overload
def atan(x: float) -> float: ...
def atan(x: Value | float) -> Any:
    """The arc tangent in radians.

        atan(x)
        ∂/∂x = 1 / (1 + x²)
    """
    if isinstance(x, Value):
        return x.atan()
    return apply("atan", (x,))


def atan2(y: Value | float, x: Value | float) -> Any:
    """The angle of the point (x, y) in radians, from -π to π. It has no derivative at (0, 0).

        atan2(y, x)
        ∂/∂y = x / (x² + y²)
        ∂/∂x = −y / (x² + y²)
    """
    return apply("atan2", (y, x))


def hypot(x: Value | float, y: Value | float) -> Any:
    """The length √(x² + y²), without an overflow on the way. It has no derivative at (0, 0).

        hypot(x, y)
        ∂/∂x = x / out
        ∂/∂y = y / out
    """
    return apply("hypot", (x, y))


@overload
def sinh(x: Value) -> Value: ...
@overload
def sinh(x: float) -> float: ...
def sinh(x: Value | float) -> Any:
    """The hyperbolic sine.

        sinh(x)
        ∂/∂x = cosh(x)
    """
    if isinstance(x, Value):
        return x.sinh()
    return apply("sinh", (x,))


@overload
def cosh(x: Value) -> Value: ...
@overload
def cosh(x: float) -> float: ...
def cosh(x: Value | float) -> Any:
    """The hyperbolic cosine.

        cosh(x)
        ∂/∂x = sinh(x)
    """
    if isinstance(x, Value):
        return x.cosh()
    return apply("cosh", (x,))


@overload
def tanh(x: Value) -> Value: ...
@overload
def tanh(x: float) -> float: ...
def tanh(x: Value | float) -> Any:
    """The hyperbolic tangent.

        tanh(x)
        ∂/∂x = 1 − out²
    """
    if isinstance(x, Value):
        return x.tanh()
    return apply("tanh", (x,))


@overload
def asinh(x: Value) -> Value: ...
@overload
def asinh(x: float) -> float: ...
def asinh(x: Value | float) -> Any:
    """The inverse of sinh.

        asinh(x)
        ∂/∂x = 1 / √(1 + x²)
    """
    if isinstance(x, Value):
        return x.asinh()
    return apply("asinh", (x,))


@overload
def acosh(x: Value) -> Value: ...
@overload
def acosh(x: float) -> float: ...
def acosh(x: Value | float) -> Any:
    """The inverse of cosh, from 0 up. Its derivative at 1 is infinite.

        acosh(x)
        ∂/∂x = 1 / √(x² − 1)

    Domain: x ≥ 1, else DomainError (clamp the input).
    """
    if isinstance(x, Value):
        return x.acosh()
    return apply("acosh", (x,))


@overload
def atanh(x: Value) -> Value: ...
@overload
def atanh(x: float) -> float: ...
def atanh(x: Value | float) -> Any:
    """The inverse of tanh.

        atanh(x)
        ∂/∂x = 1 / (1 − x²)

    Domain: −1 < x < 1, else DomainError (clamp the input).
    """
    if isinstance(x, Value):
        return x.atanh()
    return apply("atanh", (x,))


@overload
def sigmoid(x: Value) -> Value: ...
@overload
def sigmoid(x: float) -> float: ...
def sigmoid(x: Value | float) -> Any:
    """The logistic function.

        1 / (1 + exp(−x))
        ∂/∂x = out · (1 − out)
    """
    if isinstance(x, Value):
        return x.sigmoid()
    return apply("sigmoid", (x,))


@overload
def relu(x: Value) -> Value: ...
@overload
def relu(x: float) -> float: ...
def relu(x: Value | float) -> Any:
    """The rectifier, max(0, x). At the kink, x = 0, the derivative is 0.

        max(0, x)
        ∂/∂x = 1 if x > 0, else 0
    """
    if isinstance(x, Value):
        return x.relu()
    return apply("relu", (x,))


@overload
def leaky_relu(x: Value, negative_slope: float = ...) -> Value: ...
@overload
def leaky_relu(x: float, negative_slope: float = ...) -> float: ...
def leaky_relu(x: Value | float, negative_slope: float = 0.01) -> Any:
    """The rectifier with a small slope below 0. At the kink, x = 0, the derivative is negative_slope.

        x if x > 0, else negative_slope · x
        ∂/∂x = 1 if x > 0, else negative_slope
    """
    if isinstance(x, Value):
        return x.leaky_relu(negative_slope)
    return apply("leaky_relu", (x, negative_slope))


@overload
def elu(x: Value, alpha: float = ...) -> Value: ...
@overload
def elu(x: float, alpha: float = ...) -> float: ...
def elu(x: Value | float, alpha: float = 1.0) -> Any:
    """The exponential linear unit (Clevert et al. 2015). At the kink, x = 0, the derivative is alpha.

        x if x > 0, else alpha · (exp(x) − 1)
        ∂/∂x = 1 if x > 0, else alpha · exp(x)
    """
    if isinstance(x, Value):
        return x.elu(alpha)
    return apply("elu", (x, alpha))


@overload
def softplus(x: Value) -> Value: ...
@overload
def softplus(x: float) -> float: ...
def softplus(x: Value | float) -> Any:
    """A smooth rectifier.

        ln(1 + exp(x))
        ∂/∂x = σ(x)
    """
    if isinstance(x, Value):
        return x.softplus()
    return apply("softplus", (x,))


@overload
def silu(x: Value) -> Value: ...
@overload
def silu(x: float) -> float: ...
def silu(x: Value | float) -> Any:
    """x times sigmoid(x), also called swish.

        x · σ(x)
        ∂/∂x = σ(x) · (1 + x · (1 − σ(x)))
    """
    if isinstance(x, Value):
        return x.silu()
    return apply("silu", (x,))


@overload
def gelu(x: Value) -> Value: ...
@overload
def gelu(x: float) -> float: ...
def gelu(x: Value | float) -> Any:
    """x times the normal distribution function at x, without approximation (Hendrycks & Gimpel 2016).

        x · (1 + erf(x / √(2))) / 2
        ∂/∂x = (1 + erf(x / √(2))) / 2 + x · exp(−x² / 2) / √(2 · π)
    """
    if isinstance(x, Value):
        return x.gelu()
    return apply("gelu", (x,))


@overload
def erf(x: Value) -> Value: ...
@overload
def erf(x: float) -> float: ...
def erf(x: Value | float) -> Any:
    """The error function.

        erf(x)
        ∂/∂x = 2 / √(π) · exp(−x²)
    """
    if isinstance(x, Value):
        return x.erf()
    return apply("erf", (x,))


@overload
def erfc(x: Value) -> Value: ...
@overload
def erfc(x: float) -> float: ...
def erfc(x: Value | float) -> Any:
    """1 - erf(x), accurate for large x.

        erfc(x)
        ∂/∂x = −2 / √(π) · exp(−x²)
    """
    if isinstance(x, Value):
        return x.erfc()
    return apply("erfc", (x,))


@overload
def abs(x: Value) -> Value: ...
@overload
def abs(x: float) -> float: ...
def abs(x: Value | float) -> Any:
    """The absolute value. At the kink, x = 0, the derivative is 0.

        |x|
        ∂/∂x = 1 if x > 0, else −1 if x < 0, else 0
    """
    if isinstance(x, Value):
        return x.__abs__()
    return apply("abs", (x,))


def min(x: Value | float, y: Value | float) -> Any:
    """The smaller of two. At a tie the first argument gets the whole gradient.

        min(x, y)
        ∂/∂x = 1 if x ≤ y, else 0
        ∂/∂y = 0 if x ≤ y, else 1
    """
    return apply("min", (x, y))


def max(x: Value | float, y: Value | float) -> Any:
    """The larger of two. At a tie the first argument gets the whole gradient.

        max(x, y)
        ∂/∂x = 1 if x ≥ y, else 0
        ∂/∂y = 0 if x ≥ y, else 1
    """
    return apply("max", (x, y))


@overload
def step(x: Value) -> Value: ...
@overload
def step(x: float) -> float: ...
def step(x: Value | float) -> Any:
    """The binary step of the perceptron. Its derivative is 0 everywhere (at 0 by convention), so the chain
    rule sends 0 to every weight behind it: gradient descent can't train a perceptron. Use Rosenblatt's
    rule, or a sigmoid in place of the step.

        1 if x ≥ 0, else 0
        ∂/∂x = 0
    """
    if isinstance(x, Value):
        return x.step()
    return apply("step", (x,))


def where(c: Value | float, x: Any, y: Any) -> Any:
    """x if c > 0, else y: like a Python `if`, but as a node of the graph. The condition c gets no
    gradient. Both sides are computed, and must exist. A side may be a function without arguments, as in
    where(c, lambda: log(a), lambda: a): then only the side that is taken is called, and its result
    returned.

        x if c > 0, else y
        ∂/∂c = 0
        ∂/∂x = 1 if c > 0, else 0
        ∂/∂y = 0 if c > 0, else 1
    """
    if callable(x) or callable(y):
        return chosen("where", (c, x, y))
    return apply("where", (c, x, y))


def sum(x: Iterable[Value | float]) -> Any:
    """The sum of any number of terms as one node, correctly rounded.

        Σ(x)
        ∂/∂x = 1
    """
    xs = tuple(x)
    return apply("sum", xs)


def dot(x: Iterable[Value | float], y: Iterable[Value | float]) -> Any:
    """The dot product of two equally long sequences as one node.

        Σ(x · y)
        ∂/∂x = y
        ∂/∂y = x
    """
    xs = tuple(x)
    ys = tuple(y)
    same_length("dot", xs, ys)
    return apply("dot", xs + ys)


# NumPy's names
arcsin = asin
arccos = acos
arctan = atan
arctan2 = atan2
arcsinh = asinh
arccosh = acosh
arctanh = atanh
minimum = min
maximum = max


# ---------------------------------------------------------------------------------------------- derivatives as Values


def _d_add(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (1.0, 1.0)


def _d_sub(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (1.0, -1.0)


def _d_mul(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (y, x)


def _d_div(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / y, -out / y)


def _d_neg(x: Any, out: Any) -> tuple[Any, ...]:
    return (-1.0,)


def _d_pow(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (0.0 if number(y) == 0.0 and _abs(number(x)) < 1e-307 else y * pow(x, y - 1.0), out * log(x) if number(x) > 0.0 else 0.0)


def _d_exp(x: Any, out: Any) -> tuple[Any, ...]:
    return (out,)


def _d_expm1(x: Any, out: Any) -> tuple[Any, ...]:
    return (exp(x),)


def _d_log(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / x,)


def _d_log1p(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / (1.0 + x),)


def _d_log2(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / x / log(2.0),)


def _d_log10(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / x / log(10.0),)


def _d_logaddexp(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (sigmoid(x - y), sigmoid(y - x))


def _d_cbrt(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / (3.0 * (out * out)),)


def _d_sqrt(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / (2.0 * out),)


def _d_sin(x: Any, out: Any) -> tuple[Any, ...]:
    return (cos(x),)


def _d_cos(x: Any, out: Any) -> tuple[Any, ...]:
    return (-sin(x),)


def _d_tan(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 + out * out,)


def _d_asin(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / sqrt(1.0 - x * x) if _abs(number(x)) < 0.5 else 1.0 / sqrt((1.0 - x) * (1.0 + x)),)


def _d_acos(x: Any, out: Any) -> tuple[Any, ...]:
    return (-1.0 / sqrt(1.0 - x * x) if _abs(number(x)) < 0.5 else -1.0 / sqrt((1.0 - x) * (1.0 + x)),)


def _d_atan(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / (1.0 + x * x) if _abs(number(x)) < 100000000.0 else 1.0 / x / x,)


def _d_atan2(y: Any, x: Any, out: Any) -> tuple[Any, ...]:
    return (x / hypot(x, y) / hypot(x, y), -y / hypot(x, y) / hypot(x, y))


def _d_hypot(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return ((1.0 if number(x) > 0.0 else -1.0) / hypot(1.0, y / x) if _abs(number(x)) > _abs(number(y)) else x / abs(y) / hypot(x / y, 1.0), (1.0 if number(y) > 0.0 else -1.0) / hypot(1.0, x / y) if _abs(number(y)) > _abs(number(x)) else y / abs(x) / hypot(y / x, 1.0))


def _d_sinh(x: Any, out: Any) -> tuple[Any, ...]:
    return (cosh(x),)


def _d_cosh(x: Any, out: Any) -> tuple[Any, ...]:
    return (sinh(x),)


def _d_tanh(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 - out * out if -4.0 < number(x) < 4.0 else 4.0 * exp(-2.0 * abs(x)) / pow(1.0 + exp(-2.0 * abs(x)), 2.0),)


def _d_asinh(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / hypot(1.0, x),)


def _d_acosh(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)),)


def _d_atanh(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 / (1.0 - x * x) if _abs(number(x)) < 0.5 else 1.0 / ((1.0 - x) * (1.0 + x)),)


def _d_sigmoid(x: Any, out: Any) -> tuple[Any, ...]:
    return ((1.0 - pow(tanh(x / 2.0), 2.0)) / 4.0 if -2.0 < number(x) < 2.0 else exp(-abs(x)) / pow(1.0 + exp(-abs(x)), 2.0),)


def _d_relu(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 if number(x) > 0.0 else 0.0,)


def _d_leaky_relu(x: Any, negative_slope: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 if number(x) > 0.0 else negative_slope, None)


def _d_elu(x: Any, alpha: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 if number(x) > 0.0 else alpha * exp(x), None)


def _d_softplus(x: Any, out: Any) -> tuple[Any, ...]:
    return (sigmoid(x),)


def _d_silu(x: Any, out: Any) -> tuple[Any, ...]:
    return (sigmoid(x) + (x / (4.0 * pow(cosh(x / 2.0), 2.0)) if _abs(number(x)) < 100.0 else x * exp(-abs(x))),)


def _d_gelu(x: Any, out: Any) -> tuple[Any, ...]:
    return (erfc(-x / sqrt(2.0)) / 2.0 + x * exp(-(x * x) / 2.0) / sqrt(2.0 * 3.141592653589793) if _abs(number(x)) < 40.0 else 1.0 if number(x) > 0.0 else 0.0,)


def _d_erf(x: Any, out: Any) -> tuple[Any, ...]:
    return (2.0 / sqrt(3.141592653589793) * exp(-(x * x)) if _abs(number(x)) < 30.0 else 0.0,)


def _d_erfc(x: Any, out: Any) -> tuple[Any, ...]:
    return (-2.0 / sqrt(3.141592653589793) * exp(-(x * x)) if _abs(number(x)) < 30.0 else 0.0,)


def _d_abs(x: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 if number(x) > 0.0 else -1.0 if number(x) < 0.0 else 0.0,)


def _d_min(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 if number(x) <= number(y) else 0.0, 0.0 if number(x) <= number(y) else 1.0)


def _d_max(x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (1.0 if number(x) >= number(y) else 0.0, 0.0 if number(x) >= number(y) else 1.0)


def _d_step(x: Any, out: Any) -> tuple[Any, ...]:
    return (0.0,)


def _d_where(c: Any, x: Any, y: Any, out: Any) -> tuple[Any, ...]:
    return (0.0, 1.0 if number(c) > 0.0 else 0.0, 0.0 if number(c) > 0.0 else 1.0)


def _d_sum(xs: Any, out: Any) -> tuple[Any, ...]:
    return tuple([1.0 for x in xs])


def _d_dot(xs: Any, ys: Any, out: Any) -> tuple[Any, ...]:
    return tuple([y for x, y in zip(xs, ys)]) + tuple([x for x, y in zip(xs, ys)])


_SYMBOLIC: dict[str, Callable[..., tuple[Any, ...]]] = {
    "add": _d_add,
    "sub": _d_sub,
    "mul": _d_mul,
    "div": _d_div,
    "neg": _d_neg,
    "pow": _d_pow,
    "exp": _d_exp,
    "expm1": _d_expm1,
    "log": _d_log,
    "log1p": _d_log1p,
    "log2": _d_log2,
    "log10": _d_log10,
    "logaddexp": _d_logaddexp,
    "cbrt": _d_cbrt,
    "sqrt": _d_sqrt,
    "sin": _d_sin,
    "cos": _d_cos,
    "tan": _d_tan,
    "asin": _d_asin,
    "acos": _d_acos,
    "atan": _d_atan,
    "atan2": _d_atan2,
    "hypot": _d_hypot,
    "sinh": _d_sinh,
    "cosh": _d_cosh,
    "tanh": _d_tanh,
    "asinh": _d_asinh,
    "acosh": _d_acosh,
    "atanh": _d_atanh,
    "sigmoid": _d_sigmoid,
    "relu": _d_relu,
    "leaky_relu": _d_leaky_relu,
    "elu": _d_elu,
    "softplus": _d_softplus,
    "silu": _d_silu,
    "gelu": _d_gelu,
    "erf": _d_erf,
    "erfc": _d_erfc,
    "abs": _d_abs,
    "min": _d_min,
    "max": _d_max,
    "step": _d_step,
    "where": _d_where,
    "sum": _d_sum,
    "dot": _d_dot,
}

show_sources(__file__, [*vars(Value).values(), *globals().values()])
install(Value, Node, TAGS, paused, MANY)
Value.__doc__ = f"{Value.__doc__}\n    The engine here: {description}.\n    "
