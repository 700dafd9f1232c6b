"""What operations are called in each library: only where that does not follow from the table.

An operation that all libraries have, such as `exp`, is called by its name there. Arithmetic is written as arithmetic.
Any other operation becomes a function of the script, with the formula of the table, unless a word for it stands here.

A word is a formula over the operation's arguments that may also call the library. Words differ from the library's own
function where that has another derivative at a kink: at a tie, `torch.maximum` sends half of the gradient to each side,
and ours all of it to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from microgrAD.formula import numpy_name
from microgrAD.ops import Op


class Vocabulary(NamedTuple):
    """How one library writes operations."""

    library: str  # for people
    call: str  # a function that all libraries have, with {} for its name; "" if this one has none
    choice: str  # one of two by a condition, with the names test, body and orelse
    words: Mapping[str, str] = {}  # a formula by an operation's name
    varying: Mapping[str, str] = {}  # the same, where the last operand is no plain number; "" for the table's formula
    helpers: Mapping[str, str] = {}  # functions that words call, by name: their source
    constants: Mapping[str, str] = {}  # names of a formula, such as pi
    named: Callable[[Op], str] = numpy_name
    helper: str = "{}"  # what a function of the script is called, with {} for the operation's name
    number: str = "x"  # a plain number as the argument of a function, with the name x
    exact: bool = False  # whether functions of the script have the stable formula, since nobody differentiates them
    whole: bool = False  # whether a whole number stays one in a choice and as an argument
    lazy: bool = False  # whether conditions are Python's own, about one number


def _name(op: Op) -> str:
    return op.name


_FIRST_OF_A_TIE = {"max": "x if x >= y else y", "min": "x if x <= y else y"}

NUMPY = Vocabulary(
    "NumPy",
    "np.{}",
    "np.where(test, body, orelse)",
    words={"erf": "erf(x)", "erfc": "erfc(x)"},
    helpers={name: f"{name} = np.vectorize(math.{name}, otypes=[float])\n" for name in ("erf", "erfc")},
    exact=True,
)

TORCH = Vocabulary(
    "PyTorch",
    "torch.{}",
    "torch.where(test, body, orelse)",
    named=_name,
    number="torch.tensor(x)",
    words=_FIRST_OF_A_TIE
    | {
        "cbrt": "torch.sign(x) * torch.abs(x) ** (1 / 3)",
        "logaddexp": "torch.logaddexp(x, y)",
        "sigmoid": "torch.sigmoid(x)",
        "relu": "torch.relu(x)",
        "leaky_relu": "F.leaky_relu(x, negative_slope)",
        "elu": "F.elu(x, alpha)",
        "softplus": "F.softplus(x, threshold=700)",  # by default, PyTorch returns x from 20 on
        "silu": "F.silu(x)",
        "gelu": "F.gelu(x)",
    },
    varying={"pow": "power(x, y)"},
    helpers={
        "power": "def power(x, y):\n"
        '    """Return x ** y. Its derivative by y is 0 where x is 0 or less."""\n'
        "    x = torch.as_tensor(x)\n"
        "    return x ** torch.where(x > 0, y, y.detach())\n"
    },
)

JAX = Vocabulary(
    "JAX",
    "jnp.{}",
    "jnp.where(test, body, orelse)",
    words=_FIRST_OF_A_TIE
    | {
        "abs": "jnp.sign(x) * x",  # the derivative of jnp.abs at 0 is 1
        "logaddexp": "jnp.logaddexp(x, y)",
        "sigmoid": "jax.nn.sigmoid(x)",
        "relu": "jax.nn.relu(x)",
        "elu": "jax.nn.elu(x, alpha)",
        "softplus": "jax.nn.softplus(x)",
        "silu": "jax.nn.silu(x)",
        "gelu": "jax.nn.gelu(x, approximate=False)",
        "erf": "jax.scipy.special.erf(x)",
        "erfc": "jax.scipy.special.erfc(x)",
    },
    varying={"pow": "power(x, y)"},
    helpers={
        "power": "def power(x, y):\n"
        '    """Return x ** y. Its derivative by y is 0 where x is 0 or less."""\n'
        "    return x ** jnp.where(x > 0, y, jax.lax.stop_gradient(y))\n"
    },
)

SYMPY = Vocabulary(
    "SymPy",
    "sp.{}",
    "sp.Piecewise((body, test), (orelse, True))",
    named=_name,
    words=_FIRST_OF_A_TIE
    | {
        "abs": "x if x > 0 else -x if x < 0 else 0",
        "expm1": "sp.exp(x) - 1",
        "log1p": "sp.log(1 + x)",
        "log2": "sp.log(x) / sp.log(2)",
        "log10": "sp.log(x) / sp.log(10)",
        "cbrt": "real_cbrt(x)",
        "hypot": "sp.sqrt(x ** 2 + y ** 2)",
    },
    varying={"pow": "power(x, y)"},
    helpers={
        "power": "class power(sp.Function):\n"
        '    """x ** y. Its derivative by y is 0 where x is 0 or less."""\n\n'
        "    @classmethod\n"
        "    def eval(cls, x, y):\n"
        "        return x ** y if x.is_number and y.is_number else None\n\n"
        "    def fdiff(self, argindex=1):\n"
        "        x, y = self.args\n"
        "        if argindex == 1:\n"
        "            return sp.Piecewise((0, sp.Eq(y, 0)), (y * x ** (y - 1), True))\n"
        "        return sp.Piecewise((x ** y * sp.log(x), x > 0), (0, True))\n",
        "real_cbrt": "class real_cbrt(sp.Function):\n"
        '    """The cube root that is a real number, also below 0."""\n\n'
        "    @classmethod\n"
        "    def eval(cls, x):\n"
        "        return sp.sign(x) * sp.Abs(x) ** sp.Rational(1, 3) if x.is_number else None\n\n"
        "    def fdiff(self, argindex=1):\n"
        "        return 1 / (3 * self ** 2)\n",
    },
    constants={"pi": "sp.pi"},
    whole=True,
)

# micrograd's Values know + - * /, a power with a plain number, and relu; the script defines all else
MICROGRAD = Vocabulary(
    "micrograd",
    "",
    "",
    named=_name,
    words={"relu": "x.relu()", "sqrt": "x ** 0.5"},
    varying={"pow": ""},
)

# plain numbers, of which the operations are made that micrograd does not have
MATH = Vocabulary(
    "Python",
    "math.{}",
    "body if test else orelse",
    named=_name,
    words={"abs": "abs(x)", "max": "max(x, y)", "min": "min(x, y)"},
    helper="_{}",
    exact=True,
    lazy=True,
)
