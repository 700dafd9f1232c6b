"""Writing Python out of the table: the methods of `Value`, the functions of the package, and their type stubs.

What is written for each operation, by the letters of `ops.py`:

    _tanh(x)            its value, for floats
    _d_tanh(x, out)     its partial derivatives, for floats
    Value.tanh(self)    the fast method: value, derivative and node inlined
    tanh(x)             the function of the package, for floats and Values alike
    d_tanh(x, out)      its partial derivatives over Values, for derivatives of derivatives
"""

from __future__ import annotations

import ast
import linecache
import textwrap
from typing import Any

from microgrAD import formula
from microgrAD.ops import OPS, Op

# operators that Python also asks of the right operand: __add__ -> __radd__
_REFLECTED = {"__add__", "__sub__", "__mul__", "__truediv__", "__pow__"}


def reflected(op: Op) -> str:
    """The special method by which a plain number on the left reaches the operation; empty if there is none."""
    return op.python.replace("__", "__r", 1) if op.python in _REFLECTED else ""


def method_name(op: Op) -> str:
    """What the operation is called as a method of `Value`; empty where it is a function only."""
    return "" if op.variadic or len(op.partials) - len(op.constants) > 2 else op.python or op.name


def run(source: str, title: str, space: dict[str, Any]) -> dict[str, Any]:
    """Run what was written, over the names in `space`, and give what it defines; tracebacks can show its lines."""
    filename = f"<microgrAD {title}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    made: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), space, made)
    return made


# ---------------------------------------------------------------------------------------------- floats


def floats(op: Op) -> str:
    """The source of `_name`, the value, and `_d_name`, the partials, over floats."""
    arguments = ", ".join(op.args)
    derivatives = [formula.python(p) if p else "None" for p in op.computed_partials]
    source = f"def _d_{op.name}({arguments}, out):\n    return {_tuple(op, derivatives)}\n"
    value = formula.python(op.computed_value)
    if op.variadic:
        value = f"_fsum([{_summand(op)} for {arguments}, in zip({arguments})])"
    if value == f"_{op.name}({arguments})":
        return source
    return f"def _{op.name}({arguments}):\n    return {value}\n\n" + source


def partial(op: Op, k: int) -> str:
    """The source of `_dk_name`, one partial over floats."""
    formula_text = op.computed_partials[k]
    return (
        f"def _d{k}_{op.name}({', '.join(op.args)}, out):\n"
        f"    return {formula.python(formula_text) if formula_text else 'None'}\n"
    )


def symbolic(op: Op) -> str:
    """The source of `d_name`, the partials over `Value`s."""
    derivatives = [formula.values(p) if p else "None" for p in op.computed_partials]
    return f"def d_{op.name}({', '.join(op.args)}, out):\n    return {_tuple(op, derivatives)}\n"


def _tuple(op: Op, items: list[str]) -> str:
    if not op.variadic:
        return f"({', '.join(items)},)"
    each = f"for {', '.join(op.args)}, in zip({', '.join(op.args)})"
    return " + ".join(f"tuple([{item} {each}])" for item in items)


def _summand(op: Op) -> str:
    call = formula.read(op.value)
    assert isinstance(call, ast.Call)
    return formula.python(ast.unparse(call.args[0]))


# ---------------------------------------------------------------------------------------------- methods


def methods(op: Op) -> str:
    """The source of the methods of `Value` for one operation; empty where it is a function only."""
    if not method_name(op):
        return ""
    if len(op.args) == 2 and not op.constants:
        return _binary(op) + ("\n" + _from_the_right(op) if reflected(op) else "")
    return _unary(op)


def _unary(op: Op) -> str:
    signature = "".join(f", {name}={default!r}" for name, default in op.constants.items())
    constants = "".join(f"    {name} = real({name}, {f'{op.name}: {name}'!r})\n" for name in op.constants)
    args = ", ".join(["self", *op.constants])
    compute, (dx, *_) = _compute(op, args)
    return (
        f"def {method_name(op)}(self{signature}):\n{_docstring(op)}    {op.args[0]} = self._data\n{constants}"
        + textwrap.indent(compute, "    ")
        + _node(op, ("self", dx), (next(iter(op.constants), "None"), "None"))
    )


def _binary(op: Op) -> str:
    x, y = op.args
    compute, (dx, dy) = _compute(op, "self, other")
    constant, (cx, _) = _compute(op, "self, other", [True, False])
    return (
        f"def {method_name(op)}(self, other):\n{_docstring(op)}    {x} = self._data\n"
        f"    if isinstance(other, Value):\n        {y} = other._data\n"
        + textwrap.indent(compute + _assign("dx", dx) + _assign("dy", dy), " " * 8)
        + f"    else:\n        {y} = other = operand(other, {op.name!r})\n"
        f"        if {y} is NotImplemented:\n            return NotImplemented\n"
        + textwrap.indent(constant + _assign("dx", cx) + "dy = None\n", " " * 8)
        + _node(op, ("self", "dx"), ("other", "dy"))
    )


def _from_the_right(op: Op) -> str:
    x, y = op.args
    compute, (_, dy) = _compute(op, "other, self", [False, True])
    return (
        f"def {reflected(op)}(self, other):\n    {x} = other = operand(other, {op.name!r})\n"
        f"    if {x} is NotImplemented:\n        return NotImplemented\n    {y} = self._data\n"
        + textwrap.indent(compute, "    ")
        + _node(op, ("other", "None"), ("self", dy))
    )


def _compute(op: Op, args: str, wanted: list[bool] | None = None) -> tuple[str, list[str]]:
    """Lines that set `out` and, where it takes more than a name, each partial; and what to call the partials."""
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
        + f"\nexcept FAULTS:\n    return mend({op.name!r}, ({args},))\n",
        names,
    )


def _assign(name: str, expression: str) -> str:
    return "" if name == expression else f"{name} = {expression}\n"


def _is_atom(expression: str) -> bool:
    return isinstance(ast.parse(expression, mode="eval").body, (ast.Name, ast.Constant)) or expression == "-1.0"


def _node(op: Op, a: tuple[str, str], b: tuple[str, str]) -> str:
    args = ", ".join(operand for operand, _ in (a, b) if operand != "None")
    partials = ", ".join(partial for operand, partial in (a, b) if operand != "None")
    return textwrap.indent(
        f"if out - out or paused:\n"
        f"    return settle({op.name!r}, ({args},), out, ({partials},))\n"
        f"node = Node()\n"
        f"node._data = out\nnode._grad = 0.0\nnode._tag = TAG_{op.name}\nnode._n = 0\n"
        f"node._a = {a[0]}\nnode._da = {a[1]}\nnode._b = {b[0]}\nnode._db = {b[1]}\n"
        f"return node\n",
        "    ",
    )


# ---------------------------------------------------------------------------------------------- functions


def function(op: Op) -> str:
    """The source of the package's function for one operation, for floats and `Value`s alike."""
    doc = _docstring(op)
    if op.variadic:
        lengths = "".join(f"    same_length({op.name!r}, {', '.join(op.args)})\n" for _ in op.args[1:2])
        return (
            f"def {op.name}({', '.join(op.args)}):\n{doc}"
            + "".join(f"    {arg} = tuple({arg})\n" for arg in op.args)
            + lengths
            + f"    return apply({op.name!r}, {' + '.join(op.args)})\n"
        )
    signature = ", ".join(f"{arg}={op.constants[arg]!r}" if arg in op.constants else arg for arg in op.args)
    shortcut = ""
    if method_name(op) and len(op.args) == 1 + len(op.constants):
        call = f"{method_name(op)}({', '.join(op.constants)})"
        shortcut = f"    if isinstance({op.args[0]}, Value):\n        return {op.args[0]}.{call}\n"
    return f"def {op.name}({signature}):\n{doc}{shortcut}    return apply({op.name!r}, ({', '.join(op.args)},))\n"


def _docstring(op: Op) -> str:
    terms = dict.fromkeys(op.args, "")
    for arg, partial in zip(op.args, op.partials, strict=True):
        terms[arg] = f"    ∂/∂{arg} = {formula.text(partial)}" if partial else ""
    body = [op.about, "", f"    {formula.text(op.value)}", *filter(None, terms.values())]
    if op.domain:
        body += ["", f"Domain: {formula.text(op.domain)}, else DomainError ({op.remedy})."]
    text = "\n".join(
        line for paragraph in body for line in (textwrap.wrap(paragraph, 100) if paragraph == op.about else [paragraph])
    )
    return textwrap.indent(f'"""{text}\n"""' if "\n" in text else f'"""{text}"""', "    ") + "\n"


# ---------------------------------------------------------------------------------------------- stubs

_STUB_HEAD = '''"""Written from the table by `python -m microgrAD.generate`; do not edit."""

from collections.abc import Callable, Iterable
from typing import Any, overload

from microgrAD.engine import Value

def bind(**engine: Any) -> None: ...
def value(name: str) -> Callable[..., float]: ...
def partials(name: str) -> Callable[..., tuple[float | None, ...]]: ...
def partial(name: str, k: int) -> Callable[..., float | None]: ...
def symbolic(name: str) -> Callable[..., tuple[Any, ...]]: ...

FAULTS: tuple[type[Exception], ...]

class Methods:
    __slots__ = ()
'''


def stubs() -> str:
    """The text of `operators.pyi`."""
    lines = [_STUB_HEAD]
    for op in OPS.values():
        constants = "".join(f", {name}: float = ..." for name in op.constants)
        if method_name(op):
            other = ", other: Value | float" if len(op.args) == 2 and not op.constants else ""
            for name in filter(None, (method_name(op), reflected(op), op.numpy and not other and op.numpy)):
                lines.append(f"    def {name}(self{other}{constants}) -> Value: ...\n")
    for op in OPS.values():
        lines.append("\n" + _function_stub(op))
    return "".join(lines)


def _function_stub(op: Op) -> str:
    if op.variadic:
        args = ", ".join(f"{arg}: Iterable[Value | float]" for arg in op.args)
        return f"def {op.name}({args}) -> Any: ...\n"
    free = [arg for arg in op.args if arg not in op.constants]
    constants = "".join(f", {name}: float = ..." for name in op.constants)
    if len(free) > 1:
        args = ", ".join(f"{arg}: Value | float" for arg in free)
        return f"def {op.name}({args}) -> Any: ...\n"
    return (
        f"@overload\ndef {op.name}({free[0]}: Value{constants}) -> Value: ...\n"
        f"@overload\ndef {op.name}({free[0]}: float{constants}) -> float: ...\n"
    )


if __name__ == "__main__":
    from pathlib import Path

    Path(__file__).with_name("operators.pyi").write_text(stubs(), encoding="utf-8")
