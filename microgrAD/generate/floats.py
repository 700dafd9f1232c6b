"""Writes floats.py."""

from __future__ import annotations

from microgrAD import formula
from microgrAD.generate.words import each, imports, joined, several
from microgrAD.ops import OPS, Op

_HEAD = '''"""The operations over floats. Generated from ops.py by `python -m microgrAD.generate`; do not edit.

    _tanh(x)            the value
    _d_tanh(x, out)     all partial derivatives, given the value
    _dx_tanh(x, out)    the partial derivative by x

These are not in operators.py, since the engine computes with them, and operators.py imports the engine.
"""

from __future__ import annotations

'''

_TAIL = '''

FAULTS = (ValueError, OverflowError, ZeroDivisionError)  # what float arithmetic raises


def value(name: str) -> Callable[..., float]:
    """Return the function for the value of an operation: value("tanh")(0.5)."""
    return _VALUES[name]


def partials(name: str) -> Callable[..., tuple[float | None, ...]]:
    """Return the function for the partial derivatives of an operation: partials("mul")(x, y, x * y)."""
    return _PARTIALS[name]


def partial(name: str, k: int) -> Callable[..., float | None]:
    """Return the function for one partial derivative, by argument number k, from 0, of an operation of fixed arity."""
    return _PARTIAL[name][k]
'''


def module() -> str:
    """Return the text of floats.py."""
    body = "".join(f"\n\n{_functions(op)}" for op in OPS.values())
    fixed = [op for op in OPS.values() if not op.variadic]
    tables = [
        _table("_VALUES: dict[str, Callable[..., float]]", {op.name: f"_{op.name}" for op in OPS.values()}),
        _table(
            "_PARTIALS: dict[str, Callable[..., tuple[float | None, ...]]]",
            {op.name: f"_d_{op.name}" for op in OPS.values()},
        ),
        _table(
            "_PARTIAL: dict[str, tuple[Callable[..., float | None], ...]]",
            {op.name: joined(f"_d{arg}_{op.name}" for arg in op.args) for op in fixed},
        ),
    ]
    body += "\n\n" + "\n".join(tables)
    return _HEAD + imports(body, {"collections.abc": "Callable, Sequence"}) + body + _TAIL


def _functions(op: Op) -> str:
    names = several(op) if op.variadic else op.args
    given = ", ".join(f"{name}: {'Sequence[float]' if op.variadic else 'float'}" for name in names)
    derivatives = [formula.python(p) if p else "None" for p in op.computed_partials]
    if op.variadic:
        value = f"_fsum({each(op, formula.python(formula.summand(op.value)))})"
        partials = " + ".join(f"tuple({each(op, d)})" for d in derivatives)
    else:
        value, partials = formula.python(op.computed_value), joined(derivatives)
    written = [] if value == f"_{op.name}({', '.join(op.args)})" else [("", given, "float", value)]
    written.append(("d_", f"{given}, out: float", "tuple[float | None, ...]", partials))
    if not op.variadic:
        for arg, d in zip(op.args, derivatives, strict=True):
            written.append((f"d{arg}_", f"{given}, out: float", "None" if d == "None" else "float", d))
    return "\n\n".join(
        f"def _{kind}{op.name}({arguments}) -> {result}:\n    return {expression}\n"
        for kind, arguments, result, expression in written
    )


def _table(head: str, entries: dict[str, str]) -> str:
    return f"{head} = {{\n" + "".join(f'    "{name}": {entry},\n' for name, entry in entries.items()) + "}\n"
