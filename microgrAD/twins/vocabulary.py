"""What other libraries call the operations of the table. What is not named here is written by its own formula."""

from __future__ import annotations

from dataclasses import dataclass, field

_SAME = "exp expm1 log log1p log2 log10 sqrt sin cos tan sinh cosh tanh hypot"
_ARC = {name: f"arc{name[1:]}" for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh", "atan2")}
# at a tie both libraries share the derivative between the operands; here, the first one has all of it
_CHOSEN = {"max": "x if x >= y else y", "min": "x if x <= y else y"}


@dataclass(frozen=True)
class Target:
    """A library.

    Arguments:
        functions: its function for an operation.
        formulas: another formula for an operation, over the arguments that it has in the table.
        choice: its function for `a if c else b`; none for Python's own.
        wrap: what makes an operand of a function of a plain number; none if numbers are taken.
        methods: operations that are methods of its values; then it has no others but arithmetic.
    """

    name: str
    functions: dict[str, str]
    formulas: dict[str, str] = field(default_factory=dict)
    choice: str = ""
    wrap: str = ""
    methods: frozenset[str] = frozenset()


def _prefixed(prefix: str, names: str) -> dict[str, str]:
    return {name: f"{prefix}.{name}" for name in names.split()}


NUMPY = Target(
    "numpy",
    {
        **_prefixed("np", f"{_SAME} logaddexp cbrt"),
        **{name: f"np.{called}" for name, called in _ARC.items()},
        **{name: name for name in ("abs", "max", "min", "erf", "erfc")},
    },
)
TORCH = Target(
    "torch",
    _prefixed("torch", f"{_SAME} logaddexp sigmoid relu abs erf erfc {' '.join(_ARC)}"),
    {**_CHOSEN, "cbrt": "(1 if x > 0 else -1) * abs(x) ** (1 / 3)", "softplus": "logaddexp(x, 0)"},
    choice="torch.where",
    wrap="torch.tensor({}, dtype=torch.float64)",
)
JAX = Target(
    "jax",
    {
        **_prefixed("jnp", f"{_SAME} logaddexp cbrt abs"),
        **{name: f"jnp.{called}" for name, called in _ARC.items()},
        **{"sigmoid": "jax.nn.sigmoid", "relu": "jax.nn.relu"},
        **{"erf": "jax.scipy.special.erf", "erfc": "jax.scipy.special.erfc"},
    },
    {**_CHOSEN, "softplus": "logaddexp(x, 0)"},
    choice="jnp.where",
)
SYMPY = Target(
    "sympy",
    {
        **_prefixed("sp", "exp log sqrt sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh atan2 erf erfc"),
        "abs": "sp.Abs",
    },
    {
        **_CHOSEN,
        **{"expm1": "exp(x) - 1", "log1p": "log(1 + x)", "log2": "log(x) / log(2)", "log10": "log(x) / log(10)"},
        **{"hypot": "sqrt(x ** 2 + y ** 2)", "cbrt": "(1 if x > 0 else -1) * abs(x) ** (1 / 3)"},
    },
    choice="sp.Piecewise",
)
MICROGRAD = Target("micrograd", {}, methods=frozenset(["relu"]))

TARGETS = {target.name: target for target in (TORCH, JAX, NUMPY, SYMPY, MICROGRAD)}
