"""Exported scripts: run here, and read by what they print."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from microgrAD import Value, topological
from microgrAD.steps import naming

ALWAYS = ("numpy", "sympy", "micrograd")  # these are installed where tests run; of others, figures are recorded
TARGETS = [*ALWAYS, *(name for name in ("torch", "jax") if importlib.util.find_spec(name))]
_LEAF = re.compile(r"(.*) = (\S+)  gradient (\S+)")


class Numbers(NamedTuple):
    """The value and the gradients by name."""

    value: float
    gradients: dict[str, float]


@contextlib.contextmanager
def settings() -> Iterator[None]:
    """What a script says once is taken back: PyTorch's default type, NumPy's warnings."""
    torch: Any = __import__("torch") if importlib.util.find_spec("torch") else None
    before = torch.get_default_dtype() if torch else None
    with np.errstate():
        try:
            yield
        finally:
            if torch:
                torch.set_default_dtype(before)


def ran(source: str) -> Numbers:
    """What a script prints."""
    out = io.StringIO()
    with settings(), contextlib.redirect_stdout(out):
        exec(compile(source, "<exported>", "exec"), {"__name__": "__main__"})
    return printed(out.getvalue())


def printed(text: str) -> Numbers:
    first, *leaves = text.splitlines()
    found = [_LEAF.fullmatch(line) for line in leaves]
    return Numbers(float(first.rpartition(" = ")[2]), {line[1]: float(line[3]) for line in found if line})


def ours(root: Value) -> Numbers:
    """The same of the engine."""
    order = topological(root)
    for v in order:
        v.grad = 0.0
    root.backward()
    return Numbers(root.data, {name: float(v.grad) for v, name in naming.names(order).items() if not v.op})
