"""Writes the package's function for one operation, and its partial derivatives over `Value`s."""

from __future__ import annotations

from microgrAD import formula
from microgrAD.generate.words import docstring, each, joined, several
from microgrAD.ops import Op


def function(op: Op) -> str:
    """Return the source of the package's function, which takes floats and `Value`s."""
    if op.variadic:
        return _of_sequences(op)
    free = [arg for arg in op.args if arg not in op.constants]
    constants = [f"{name}: float = {default!r}" for name, default in op.constants.items()]
    signature = ", ".join([f"{arg}: Value | float" for arg in free] + constants)
    body = f'    return apply("{op.name}", {joined(op.args)})\n'
    if op.chooses:
        sides = op.args[1:]
        signature = f"{free[0]}: Value | float, " + ", ".join(f"{side}: Any" for side in sides)
        body = (
            f"    if {' or '.join(f'callable({side})' for side in sides)}:\n"
            f'        return chosen("{op.name}", {joined(op.args)})\n' + body
        )
    if len(free) > 1:
        return f"def {op.name}({signature}) -> Any:\n{docstring(op)}{body}"
    call = f"{free[0]}.{op.method}({', '.join(op.constants)})"
    return (
        "".join(_overload(op, free[0], kind) for kind in ("Value", "float"))
        + f"def {op.name}({signature}) -> Any:\n{docstring(op)}"
        + f"    if isinstance({free[0]}, Value):\n        return {call}\n{body}"
    )


def alias(op: Op) -> str:
    """Return a line that makes NumPy's name for an operation another name of it; empty if it has none."""
    return f"{op.numpy} = {op.name}\n" if op.numpy and op.method else ""


def _of_sequences(op: Op) -> str:
    signature = ", ".join(f"{arg}: Iterable[Value | float]" for arg in op.args)
    names = several(op)
    lines = [f"{name} = tuple({arg})" for name, arg in zip(names, op.args, strict=True)]
    if len(names) == 2:
        lines.append(f'same_length("{op.name}", {", ".join(names)})')
    lines.append(f'return apply("{op.name}", {" + ".join(names)})')
    return f"def {op.name}({signature}) -> Any:\n{docstring(op)}" + "".join(f"    {line}\n" for line in lines)


def _overload(op: Op, arg: str, kind: str) -> str:
    constants = "".join(f", {name}: float = ..." for name in op.constants)
    return f"@overload\ndef {op.name}({arg}: {kind}{constants}) -> {kind}: ...\n"


def symbolic(op: Op) -> str:
    """Return the source of `_d_name`, the partial derivatives as `Value`s, which can be differentiated again."""
    derivatives = [formula.values(p) if p else "None" for p in op.computed_partials]
    names = several(op) if op.variadic else op.args
    tuples = " + ".join(f"tuple({each(op, d)})" for d in derivatives) if op.variadic else joined(derivatives)
    given = ", ".join(f"{name}: Any" for name in [*names, "out"])
    return f"def _d_{op.name}({given}) -> tuple[Any, ...]:\n    return {tuples}\n"
