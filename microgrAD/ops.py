"""The table of operations: every function with its own derivative rule, as formulas in text.

    x, y, ...  the arguments, by the names in the entry
    out        the operation's own value

An entry holds the value, and then one partial derivative per argument, as in a textbook. If such a formula would lose
digits or overflow in floating point, `exact` holds another form of the same function, under "value" or the argument's
name. Numbers are computed with this form; readers see the textbook's. Everything else about an operation (the fast
methods of `Value`, derivatives of derivatives, LaTeX, NumPy) is made from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

# operators that Python also asks of the right operand, __radd__, and in place, __iadd__
_REFLECTED = {"__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/", "__pow__": "**"}


class Op(NamedTuple):  # not a dataclass, whose import takes longer than the rest of the package
    """One operation: its formulas, its domain, and how it is written. The module explains the letters."""

    name: str
    args: tuple[str, ...]
    value: str
    partials: tuple[str | None, ...]  # None for an argument that is a plain number
    about: str  # the docstring of its function
    symbol: str  # the text on a node of a graph
    domain: str  # a condition over the arguments; empty if all real numbers are allowed
    remedy: str  # for an error: what to do outside of the domain
    python: str  # the special method, such as __add__
    numpy: str  # NumPy's name for it; empty if it is the same
    latex: str  # with {} for its arguments; empty for an infix operator, or to write its name
    text: str  # the same for plain text
    constants: Mapping[str, float]  # arguments that are plain numbers, with their defaults
    variadic: bool  # each argument is a sequence
    exact: Mapping[str, str] = MappingProxyType({})  # formulas that numbers are computed with, by "value" or argument

    @property
    def computed_value(self) -> str:
        """The formula that numbers are computed with."""
        return self.exact.get("value", self.value)

    @property
    def computed_partials(self) -> tuple[str | None, ...]:
        """The formulas that derivatives are computed with, one per argument."""
        return tuple(p and self.exact.get(arg, p) for arg, p in zip(self.args, self.partials, strict=True))

    @property
    def primitive(self) -> bool:
        """Whether its formula is the call itself, since the libraries of all languages have it."""
        return self.value == f"{self.name}({', '.join(self.args)})"

    @property
    def method(self) -> str:
        """Its name as a method of `Value`; empty if it is only a function."""
        return "" if self.variadic or len(self.partials) - len(self.constants) > 2 else self.python or self.name

    @property
    def sign(self) -> str:
        """How Python writes it, such as ** for pow; empty where that is a call."""
        return _REFLECTED.get(self.python, "")

    @property
    def in_place(self) -> str:
        """The special method of its assignment, such as __iadd__ of +=; empty if it has none."""
        return self.python.replace("__", "__i", 1) if self.sign else ""

    @property
    def chooses(self) -> bool:
        """Whether the first argument, which has no derivative, chooses which of the others is the value."""
        return len(self.args) > 2 and self.partials[0] == "0"

    @property
    def reflected(self) -> str:
        """The special method for a plain number on its left, such as __radd__; empty if there is none."""
        return self.python.replace("__", "__r", 1) if self.sign else ""


def _op(
    name: str,
    args: str,
    value: str,
    *partials: str,
    about: str,
    symbol: str = "",
    domain: str = "",
    remedy: str = "",
    python: str = "",
    numpy: str = "",
    latex: str = "",
    text: str = "",
    exact: Mapping[str, str] | None = None,
) -> Op:
    names, constants = [], {}
    for arg in args.replace("*", "").split(", "):
        label, _, default = arg.partition("=")
        names.append(label)
        if default:
            constants[label] = float(default)
    return Op(
        name,
        tuple(names),
        value,
        (*partials, *[None] * len(constants)),
        about,
        symbol or name,
        domain,
        remedy,
        python,
        numpy,
        latex,
        text,
        constants,
        "*" in args,
        exact or {},
    )


# fmt: off
_TABLE = (
    # arithmetic
    _op("add", "x, y", "x + y", "1",    "1",      symbol="+", python="__add__", about="The sum."),
    _op("sub", "x, y", "x - y", "1",    "-1",     symbol="−", python="__sub__", about="The difference."),
    _op("mul", "x, y", "x * y", "y",    "x",      symbol="×", python="__mul__", about="The product."),
    _op("div", "x, y", "x / y", "1 / y", "-out / y", symbol="÷", python="__truediv__", about="The quotient.",
        domain="y != 0", remedy="add a small constant to the divisor"),
    _op("neg", "x", "-x", "-1", symbol="−", python="__neg__", about="The negative."),
    _op("pow", "x, y", "x ** y", "y * x ** (y - 1)", "out * log(x)", symbol="xʸ", python="__pow__",
        domain="x > 0 or x == 0 and y >= 0 or x < 0 and y == floor(y)",
        remedy="a negative base needs a whole exponent, and a base of 0 an exponent of 0 or more",
        exact={"x": "0 if y == 0 and abs(x) < 1e-307 else y * x ** (y - 1)",
               "y": "out * log(x) if x > 0 else 0"},
        about="The power. The derivative of x**0 is 0 everywhere, even at x = 0. If the base is 0 or less, the "
              "partial derivative by the exponent is 0 by convention, since x**y has none there."),

    # exponentials, logarithms, roots
    _op("exp",   "x", "exp(x)",   "out", latex="e^{{{}}}", about="The exponential."),
    _op("expm1", "x", "expm1(x)", "exp(x)", latex=r"\left(e^{{{}}} - 1\right)",
        about="exp(x) - 1, accurate near 0."),
    _op("log",   "x", "log(x)",   "1 / x", domain="x > 0", remedy="clamp the input, or use log1p near 1",
        latex=r"\ln\left({}\right)", text="ln({})", about="The natural logarithm."),
    _op("log1p", "x", "log1p(x)", "1 / (1 + x)", domain="x > -1", remedy="clamp the input",
        latex=r"\ln\left(1 + {}\right)", text="ln(1 + {})", about="log(1 + x), accurate near 0."),
    _op("log2",  "x", "log2(x)",  "1 / (x * log(2))", domain="x > 0", remedy="clamp the input",
        latex=r"\mathrm{{log2}}\left({}\right)", exact={"x": "1 / x / log(2)"}, about="The logarithm to the base 2."),
    _op("log10", "x", "log10(x)", "1 / (x * log(10))", domain="x > 0", remedy="clamp the input",
        latex=r"\mathrm{{log10}}\left({}\right)", exact={"x": "1 / x / log(10)"},
        about="The logarithm to the base 10."),
    _op("logaddexp", "x, y", "log(exp(x) + exp(y))", "exp(x - out)", "exp(y - out)",
        latex=r"\mathrm{{logaddexp}}\left({}\right)",
        exact={"value": "max(x, y) + log1p(exp(-abs(x - y)))", "x": "sigmoid(x - y)", "y": "sigmoid(y - x)"},
        about="The logarithm of a sum of exponentials, without overflow."),
    _op("cbrt",  "x", "cbrt(x)",  "1 / (3 * out ** 2)", symbol="∛", latex=r"\sqrt[3]{{{}}}", text="∛({})",
        about="The cube root, of negative numbers too. Its derivative at 0 is infinite."),
    _op("sqrt",  "x", "sqrt(x)",  "1 / (2 * out)", symbol="√", domain="x >= 0", remedy="clamp the input",
        latex=r"\sqrt{{{}}}", text="√({})",
        about="The square root. Its derivative at 0 is infinite, so backward raises an error there."),

    # trigonometry, in radians
    _op("sin",  "x", "sin(x)",  "cos(x)",  latex=r"\sin\left({}\right)", about="The sine of x radians."),
    _op("cos",  "x", "cos(x)",  "-sin(x)", latex=r"\cos\left({}\right)", about="The cosine of x radians."),
    _op("tan",  "x", "tan(x)",  "1 + out ** 2", latex=r"\tan\left({}\right)", about="The tangent of x radians."),
    _op("asin", "x", "asin(x)", "1 / sqrt(1 - x ** 2)", domain="-1 <= x <= 1", remedy="clamp the input",
        numpy="arcsin", latex=r"\arcsin\left({}\right)",
        exact={"x": "1 / sqrt(1 - x ** 2) if abs(x) < 0.5 else 1 / sqrt((1 - x) * (1 + x))"},
        about="The arc sine in radians. Its derivative at -1 and 1 is infinite."),
    _op("acos", "x", "acos(x)", "-1 / sqrt(1 - x ** 2)", domain="-1 <= x <= 1", remedy="clamp the input",
        numpy="arccos", latex=r"\arccos\left({}\right)",
        exact={"x": "-1 / sqrt(1 - x ** 2) if abs(x) < 0.5 else -1 / sqrt((1 - x) * (1 + x))"},
        about="The arc cosine in radians. Its derivative at -1 and 1 is infinite."),
    _op("atan", "x", "atan(x)", "1 / (1 + x ** 2)", numpy="arctan", latex=r"\arctan\left({}\right)",
        exact={"x": "1 / (1 + x ** 2) if abs(x) < 1e8 else 1 / x / x"}, about="The arc tangent in radians."),

    _op("atan2", "y, x", "atan2(y, x)", "x / (x ** 2 + y ** 2)", "-y / (x ** 2 + y ** 2)", numpy="arctan2",
        latex=r"\mathrm{{atan2}}\left({}\right)",
        exact={"y": "x / hypot(x, y) / hypot(x, y)", "x": "-y / hypot(x, y) / hypot(x, y)"},
        about="The angle of the point (x, y) in radians, from -π to π. It has no derivative at (0, 0)."),
    _op("hypot", "x, y", "hypot(x, y)", "x / out", "y / out", latex=r"\mathrm{{hypot}}\left({}\right)",
        exact={"x": "(1 if x > 0 else -1) / hypot(1, y / x) if abs(x) > abs(y) else x / abs(y) / hypot(x / y, 1)",
               "y": "(1 if y > 0 else -1) / hypot(1, x / y) if abs(y) > abs(x) else y / abs(x) / hypot(y / x, 1)"},
        about="The length √(x² + y²), without an overflow on the way. It has no derivative at (0, 0)."),

    # hyperbolic functions
    _op("sinh", "x", "sinh(x)", "cosh(x)", latex=r"\sinh\left({}\right)", about="The hyperbolic sine."),
    _op("cosh", "x", "cosh(x)", "sinh(x)", latex=r"\cosh\left({}\right)", about="The hyperbolic cosine."),
    _op("tanh", "x", "tanh(x)", "1 - out ** 2", latex=r"\tanh\left({}\right)",
        exact={"x": "1 - out ** 2 if -4 < x < 4 else 4 * exp(-2 * abs(x)) / (1 + exp(-2 * abs(x))) ** 2"},
        about="The hyperbolic tangent."),
    _op("asinh", "x", "asinh(x)", "1 / sqrt(1 + x ** 2)", numpy="arcsinh",
        latex=r"\mathrm{{arsinh}}\left({}\right)", exact={"x": "1 / hypot(1, x)"},
        about="The inverse of sinh."),
    _op("acosh", "x", "acosh(x)", "1 / sqrt(x ** 2 - 1)", domain="x >= 1", remedy="clamp the input",
        numpy="arccosh", latex=r"\mathrm{{arcosh}}\left({}\right)",
        exact={"x": "1 / (sqrt(x - 1) * sqrt(x + 1))"},
        about="The inverse of cosh, from 0 up. Its derivative at 1 is infinite."),
    _op("atanh", "x", "atanh(x)", "1 / (1 - x ** 2)", domain="-1 < x < 1", remedy="clamp the input",
        numpy="arctanh", latex=r"\mathrm{{artanh}}\left({}\right)",
        exact={"x": "1 / (1 - x ** 2) if abs(x) < 0.5 else 1 / ((1 - x) * (1 + x))"},
        about="The inverse of tanh."),

    # activations
    _op("sigmoid", "x", "1 / (1 + exp(-x))", "out * (1 - out)", symbol="σ", latex=r"\sigma\left({}\right)",
        text="σ({})",
        exact={"value": "1 / (1 + exp(-x)) if -700 < x < 700 else exp(min(x, 0))",
               "x": "(1 - tanh(x / 2) ** 2) / 4 if -2 < x < 2 else exp(-abs(x)) / (1 + exp(-abs(x))) ** 2"},
        about="The logistic function."),
    _op("relu", "x", "max(0, x)", "1 if x > 0 else 0", symbol="ReLU", latex=r"\mathrm{{ReLU}}\left({}\right)",
        text="ReLU({})", about="The rectifier, max(0, x). At the kink, x = 0, the derivative is 0.",
        exact={"value": "x if x > 0 else 0"}),
    _op("leaky_relu", "x, negative_slope=0.01", "x if x > 0 else negative_slope * x",
        "1 if x > 0 else negative_slope", symbol="leaky ReLU", latex=r"\mathrm{{LeakyReLU}}\left({}\right)",
        about="The rectifier with a small slope below 0. At the kink, x = 0, the derivative is negative_slope."),
    _op("elu", "x, alpha=1.0", "x if x > 0 else alpha * (exp(x) - 1)", "1 if x > 0 else alpha * exp(x)",
        symbol="ELU", latex=r"\mathrm{{ELU}}\left({}\right)", exact={"value": "x if x > 0 else alpha * expm1(x)"},
        about="The exponential linear unit (Clevert et al. 2015). At the kink, x = 0, the derivative is alpha."),
    _op("softplus", "x", "log(1 + exp(x))", "sigmoid(x)", latex=r"\mathrm{{softplus}}\left({}\right)",
        exact={"value": "max(x, 0) + log1p(exp(-abs(x)))"}, about="A smooth rectifier."),
    _op("silu", "x", "x * sigmoid(x)", "sigmoid(x) * (1 + x * (1 - sigmoid(x)))", symbol="SiLU",
        latex=r"\mathrm{{SiLU}}\left({}\right)", text="SiLU({})",
        exact={"x": "sigmoid(x) + (x / (4 * cosh(x / 2) ** 2) if abs(x) < 100 else x * exp(-abs(x)))"},
        about="x times sigmoid(x), also called swish."),
    _op("gelu", "x", "x * (1 + erf(x / sqrt(2))) / 2",
        "(1 + erf(x / sqrt(2))) / 2 + x * exp(-x ** 2 / 2) / sqrt(2 * pi)", symbol="GELU",
        latex=r"\mathrm{{GELU}}\left({}\right)", text="GELU({})",
        exact={"value": "x * erfc(-x / sqrt(2)) / 2",
               "x": "erfc(-x / sqrt(2)) / 2 + x * exp(-x ** 2 / 2) / sqrt(2 * pi) if abs(x) < 40 else "
                    "1 if x > 0 else 0"},
        about="x times the normal distribution function at x, without approximation (Hendrycks & Gimpel 2016)."),
    _op("erf",  "x", "erf(x)",  "2 / sqrt(pi) * exp(-x ** 2)", latex=r"\mathrm{{erf}}\left({}\right)",
        exact={"x": "2 / sqrt(pi) * exp(-x ** 2) if abs(x) < 30 else 0"}, about="The error function."),
    _op("erfc", "x", "erfc(x)", "-2 / sqrt(pi) * exp(-x ** 2)", latex=r"\mathrm{{erfc}}\left({}\right)",
        exact={"x": "-2 / sqrt(pi) * exp(-x ** 2) if abs(x) < 30 else 0"},
        about="1 - erf(x), accurate for large x."),

    # kinks and choices
    _op("abs",  "x", "abs(x)", "1 if x > 0 else -1 if x < 0 else 0", symbol="|x|", python="__abs__",
        latex=r"\left|{}\right|", text="|{}|", about="The absolute value. At the kink, x = 0, the derivative is 0."),
    _op("min",  "x, y", "min(x, y)", "1 if x <= y else 0", "0 if x <= y else 1", numpy="minimum",
        latex=r"\min\left({}\right)", about="The smaller of two. At a tie the first argument gets the whole gradient."),
    _op("max",  "x, y", "max(x, y)", "1 if x >= y else 0", "0 if x >= y else 1", numpy="maximum",
        latex=r"\max\left({}\right)", about="The larger of two. At a tie the first argument gets the whole gradient."),
    _op("step", "x", "1 if x >= 0 else 0", "0", latex=r"\mathrm{{step}}\left({}\right)",
        about="The binary step of the perceptron. Its derivative is 0 everywhere (at 0 by convention), so the chain "
              "rule sends 0 to every weight behind it: gradient descent can't train a perceptron. Use Rosenblatt's "
              "rule, or a sigmoid in place of the step."),
    _op("where", "c, x, y", "x if c > 0 else y", "0", "1 if c > 0 else 0", "0 if c > 0 else 1",
        latex=r"\mathrm{{where}}\left({}\right)",
        about="x if c > 0, else y: like a Python `if`, but as a node of the graph. The condition c gets no gradient. "
              "Both sides are computed, and must exist. A side may be a function without arguments, as in "
              "where(c, lambda: log(a), lambda: a): then only the side that is taken is called, and its result "
              "returned."),

    # of any number of arguments
    _op("sum", "*x", "sum(x)", "1", symbol="Σ", latex=r"\sum\left({}\right)", text="Σ({})",
        about="The sum of any number of terms as one node, correctly rounded."),
    _op("dot", "*x, *y", "sum(x * y)", "y", "x", symbol="·", latex=r"\mathrm{{dot}}\left({}\right)",
        about="The dot product of two equally long sequences as one node."),
)
# fmt: on

OPS: dict[str, Op] = {op.name: op for op in _TABLE}
