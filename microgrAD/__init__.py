"""microgrAD: scalar automatic differentiation that one can read, step through and draw."""

from __future__ import annotations

import builtins
import importlib
from typing import TYPE_CHECKING, Any

from microgrAD import copying as _copying  # noqa: F401  (teaches pickle and copy about graphs)
from microgrAD import namesake as _namesake
from microgrAD.calculus import grad, gradcheck, hessian, jacobian, jvp, value_and_grad
from microgrAD.engine import no_grad
from microgrAD.errors import CompileError, DomainError
from microgrAD.graph import topological
from microgrAD.operators import *  # noqa: F403  (a function for each operation)
from microgrAD.operators import Value
from microgrAD.ops import OPS

if TYPE_CHECKING:
    from microgrAD.compiler import compile as compile
    from microgrAD.explanation import explain, latex
    from microgrAD.expression import ExpressionError, parse
    from microgrAD.functions import log_softmax, logsumexp, mean, norm, prod, softmax, variance

__version__ = "0.1.0"
_namesake.warn()

_LATER = {
    "compile": "compiler",
    "ExpressionError": "expression",
    "parse": "expression",
    "explain": "explanation",
    "latex": "explanation",
    **dict.fromkeys(("log_softmax", "logsumexp", "mean", "norm", "prod", "softmax", "variance"), "functions"),
}
_MODULES = ("compiler", "datasets", "functions", "init", "losses", "nn", "optim", "outputs", "train")

__all__ = [
    "OPS",
    "CompileError",
    "DomainError",
    "ExpressionError",
    "Value",
    "explain",
    "grad",
    "gradcheck",
    "hessian",
    "jacobian",
    "jvp",
    "latex",
    "log_softmax",
    "logsumexp",
    "mean",
    "no_grad",
    "norm",
    "parse",
    "prod",
    "softmax",
    "topological",
    "value_and_grad",
    "variance",
    # what would hide a builtin of Python, such as max, is there as microgrAD.max only
    *(name for name in OPS if not hasattr(builtins, name)),
]


def __getattr__(name: str) -> Any:
    """What is seldom needed, and the modules, loaded when they are first asked for."""
    if name in _LATER:
        return getattr(importlib.import_module(f"microgrAD.{_LATER[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"microgrAD.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER, *_MODULES})
