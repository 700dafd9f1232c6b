"""Writes the methods of `Value` for one operation. The value, derivatives and new node are inline, to be fast.

x, y        the numbers of the operands, with the names of the table
out, dx     the value, and its partial derivative by x
"""

from __future__ import annotations

import ast
import textwrap

from microgrAD import formula
from microgrAD.generate.words import docstring, joined
from microgrAD.ops import Op


def methods(op: Op) -> str:
    """Return the source of an operation's methods, with its aliases; "" for an operation without methods."""
    if not op.method:
        return ""
    written = [_unary(op)]
    if len(op.args) == 2 and not op.constants:
        written = [_binary(op), *([_from_the_right(op)] if op.reflected else [])]
    if op.in_place:
        written.append(_in_place(op))
    if op.numpy:
        written.append(f"{op.numpy} = {op.method}\n")
    return "\n".join(written)


def tag(op: Op) -> str:
    """Return the name of the tag of an operation's nodes."""
    return op.name.upper()


def _unary(op: Op) -> str:
    signature = "".join(f", {name}: float = {default!r}" for name, default in op.constants.items())
    constants = "".join(f'    {name} = real({name}, "{op.name}: {name}")\n' for name in op.constants)
    compute, (dx, *_) = _compute(op, ["self", *op.constants])
    return (
        f"def {op.method}(self{signature}) -> Value:\n{docstring(op)}    {op.args[0]} = self._data\n{constants}"
        + textwrap.indent(compute, "    ")
        + _node(op, ("self", dx), (next(iter(op.constants), "None"), "None"))
    )


def _binary(op: Op) -> str:
    x, y = op.args
    compute, (dx, dy) = _compute(op, ["self", "other"])
    constant, (cx, _) = _compute(op, ["self", "other"], [True, False])
    return (
        f"def {op.method}(self, other: Value | float) -> Value:\n{docstring(op)}"
        f"    {x} = self._data\n"
        f"    d{y}: float | None\n"
        f"    if isinstance(other, Value):\n"
        f"        {y} = other._data\n"
        + textwrap.indent(compute + _assign(f"d{x}", dx) + _assign(f"d{y}", dy), " " * 8)
        + "    else:\n"
        + textwrap.indent(_plain(op, y), "    ")
        + textwrap.indent(constant + _assign(f"d{x}", cx) + f"d{y} = None\n", " " * 8)
        + _node(op, ("self", f"d{x}"), ("other", f"d{y}"))
    )


def _from_the_right(op: Op) -> str:
    x, y = op.args
    compute, (_, dy) = _compute(op, ["other", "self"], [False, True])
    return (
        f"def {op.reflected}(self, other: Value | float) -> Value:\n"
        f'    """As `{op.method}`, with a plain number on the left."""\n'
        f"{_plain(op, x)}    {y} = self._data\n"
        + textwrap.indent(compute, "    ")
        + _node(op, ("other", "None"), ("self", dy))
    )


def _in_place(op: Op) -> str:
    """Return the method of an operator such as `+=` on a leaf. On a Node, `+` is used in its place."""
    return (
        f"def {op.in_place}(self, other: Value | float) -> Value:\n"
        f'    """As `{op.method}` where a sum or product begins; a GraphError on any other leaf, see `begins`."""\n'
        f'    begins(self, other, "{op.name}")\n'
        f"    return self.{op.method}(other)\n"
    )


def _plain(op: Op, name: str) -> str:
    """Return lines that read a plain number as the other operand; special methods leave an array to NumPy."""
    if not op.python:
        return f'    {name} = other = plain(other, "{op.name}")\n'
    return (
        f'    number = operand(other, "{op.name}")\n'
        f"    if number is NotImplemented:\n"
        f"        return NotImplemented\n"
        f"    {name} = other = number\n"
    )


def _compute(op: Op, args: list[str], wanted: list[bool] | None = None) -> tuple[str, list[str]]:
    """Return lines that set `out` and the partials, and an expression for each partial: its name, or its constant."""
    lines, names = [f"out = {formula.python(op.computed_value)}"], []
    for argument, partial, want in zip(op.args, op.computed_partials, wanted or [True] * len(op.args), strict=True):
        name = "None" if partial is None else formula.python(partial)
        if want and partial is not None and not _is_atom(name):
            lines.append(f"d{argument} = {name}")
            name = f"d{argument}"
        names.append(name)
    if not any(isinstance(part, (ast.Call, ast.Div)) for line in lines for part in ast.walk(ast.parse(line))):
        return "\n".join(lines) + "\n", names
    return (
        "try:\n"
        + textwrap.indent("\n".join(lines), "    ")
        + f'\nexcept FAULTS:\n    return mend(self, "{op.name}", {joined(args)})\n',
        names,
    )


def _assign(name: str, expression: str) -> str:
    return "" if name == expression else f"{name} = {expression}\n"


def _is_atom(expression: str) -> bool:
    return isinstance(ast.parse(expression, mode="eval").body, (ast.Name, ast.Constant)) or expression == "-1.0"


def _node(op: Op, a: tuple[str, str], b: tuple[str, str]) -> str:
    """Return lines that return the new node; `a` and `b`: an operand and its partial."""
    given = [pair for pair in (a, b) if pair[0] != "None"]
    args, partials = (joined(column) for column in zip(*given, strict=True))
    return textwrap.indent(
        f"if out - out or paused:\n"
        f'    return settle(self, "{op.name}", {args}, out, {partials})\n'
        f"node: Node = Node()\n"
        f"node._data = out\nnode._grad = 0.0\nnode._tag = {tag(op)}\nnode._n = 0\n"
        f"node._a = {a[0]}\nnode._da = {a[1]}\nnode._b = {b[0]}\nnode._db = {b[1]}\n"
        f"return node\n",
        "    ",
    )
