"""The reference of the operations, a page each, written from the table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import operation_plots
from docstrings import literal
from writing import code, contents, formula, heading, picture, table, write

import microgrAD
from microgrAD import OPS, Value
from microgrAD import formula as languages
from microgrAD.ops import Op

POINTS = ((-2.0,), (-1.0,), (-0.5,), (0.0,), (0.5,), (1.0,), (2.0,), (10.0,))


def pages(docs: Path) -> None:
    """Write the page of each operation, and the table of all."""
    made = docs / "made" / "operations"
    made.mkdir(parents=True, exist_ok=True)
    for op in OPS.values():
        plotted = operation_plots.draw(op, made)
        write(docs / "reference" / "operations" / f"{op.name}.rst", _page(op, plotted))
    write(docs / "reference" / "operations" / "index.rst", _index())


def _index() -> list[str]:
    def math(text: str) -> str:
        return f":math:`{text}`"

    rows = [
        (
            f":doc:`{op.name}`",
            math(_signature(op) + " = " + languages.latex(op.value)) if not op.primitive else math(_signature(op)),
            ", ".join(math(languages.latex(p)) for p in op.partials if p),
            literal(languages.text(op.domain)) if op.domain else "all numbers",
        )
        for op in OPS.values()
    ]
    return [
        *heading("The operations"),
        "Each operation is declared once, as formulas in text: its value, and one partial derivative for each",
        "argument.",
        "These pages are written from that table, as the methods of ``Value`` are.",
        "In a formula, *out* is the value of the operation itself.",
        "",
        *table(("operation", "value", "partial derivatives", "domain"), rows, "wide"),
        *contents(OPS, "hidden"),
    ]


def _signature(op: Op) -> str:
    return rf"\mathrm{{{op.name.replace('_', ' ')}}}({', '.join(op.args)})".replace("negative_slope", r"\mathit{slope}")


def _page(op: Op, plotted: bool) -> Iterator[str]:
    yield from heading(op.name)
    yield from (literal(op.about), "")
    yield from table((), _facts(op))
    yield from heading("Formulas", "-")
    for name, text in _formulas(op).items():
        yield from formula(f"{name} = {languages.latex(text)}".replace("out", r"\mathit{out}"))
    if plotted:
        yield from heading("Value and derivative", "-")
        yield from picture(f"operations/{op.name}.svg", f"Curves of {op.name} and of its derivative", "plot")
    if rows := list(_numbers(op)):
        yield from table(("x", "value", "derivative"), rows)
    yield from heading("The graph", "-")
    yield from picture(f"operations/{op.name}_graph.svg", f"The graph of one {op.name}, with its local derivatives")
    yield from heading("The code", "-")
    yield from _code(op)


def _facts(op: Op) -> Iterator[tuple[str, str]]:
    yield "as a function", f"``microgrAD.{op.name}({_arguments(op)})``"
    if op.sign:
        yield "as an operator", f"``x {op.sign} y``"
    elif op.method.startswith("__"):
        yield "as an operator", {"neg": "``-x``", "abs": "``abs(x)``"}[op.name]
    elif op.method:
        yield "as a method", f"``Value.{op.method}``"
    yield "domain", literal(languages.text(op.domain)) if op.domain else "all numbers"
    if op.remedy:
        yield "outside of it", f"a ``DomainError`` that says: {literal(op.remedy)}"
    switches = dict(sorted({_switch(node): node for p in op.partials if p for node in _comparisons(p)}.items()))
    yield "the rule changes", "; ".join(literal(at + _there(op, node)) for at, node in switches.items()) or "nowhere"
    yield "in NumPy", f"``{languages.numpy_name(op)}``" if _in_numpy(op) else "written with other functions"


def _arguments(op: Op) -> str:
    if op.variadic:
        return ", ".join(f"{arg}s" for arg in op.args)
    return ", ".join(f"{arg}={op.constants[arg]:g}" if arg in op.constants else arg for arg in op.args)


def _comparisons(text: str) -> Iterator[ast.Compare]:
    return (node for node in ast.walk(languages.read(text)) if isinstance(node, ast.Compare))


def _switch(node: ast.Compare) -> str:
    return languages.text(f"{ast.unparse(node.left)} == {ast.unparse(node.comparators[0])}").replace("==", "=")


def _there(op: Op, node: ast.Compare) -> str:
    """Return what the derivative is where a rule changes, for a function of one number."""
    at = node.comparators[0]
    if op.variadic or len([p for p in op.partials if p]) != 1 or not isinstance(at, ast.Constant):
        return ""
    return f", and the derivative there is {microgrAD.grad(getattr(microgrAD, op.name))(float(at.value)):g}"


def _in_numpy(op: Op) -> bool:
    import numpy

    return hasattr(numpy, languages.numpy_name(op))


def _formulas(op: Op) -> dict[str, str]:
    """Return the formulas that readers see, by what they are."""
    found = {r"\mathit{out}": op.value}
    for arg, partial in zip(op.args, op.partials, strict=True):
        if partial:
            found[rf"\frac{{\partial\, \mathit{{out}}}}{{\partial\, {arg}}}"] = partial
    return found


def _numbers(op: Op) -> Iterator[tuple[str, str, str]]:
    """Values and derivatives of a function of one number."""
    if op.variadic or len([p for p in op.partials if p]) != 1:
        return
    function: Any = getattr(microgrAD, op.name)
    for point in POINTS:
        x = Value(*point)
        try:
            out = function(x)
        except microgrAD.DomainError:
            yield f"{x.data:g}", "outside of the domain", ""
            continue
        try:
            out.backward()
            yield f"{x.data:g}", f"{out.data:.10g}", f"{x.grad:.10g}"
        except microgrAD.DomainError:
            yield f"{x.data:g}", f"{out.data:.10g}", "infinite: an error"


def _code(op: Op) -> Iterator[str]:
    languages_of = {
        "Python, on floats": ("python", languages.python),
        "Python, on Values (for derivatives of derivatives)": ("python", languages.values),
        "NumPy": ("python", languages.numpy),
        "C": ("c", lambda text: languages.native(text, {name: name for name in (*op.args, "out")})),
        "JavaScript": ("javascript", languages.javascript),
        "LaTeX": ("latex", languages.latex),
        "MathML": ("xml", languages.mathml),
        "text": ("text", languages.text),
    }
    yield from ("Readers see the textbook's formula. Numbers are computed with this one, wherever it differs:", "")
    if op.exact:
        yield from code("\n".join(f"{name}: {text}" for name, text in op.exact.items()), "text")
    else:
        yield from ("*It does not differ.*", "")
    for name, (lexer, write_in) in languages_of.items():
        if op.variadic and name in ("NumPy", "C", "JavaScript"):
            continue
        shown = lexer in ("latex", "xml", "text")
        value, partials = (op.value, op.partials) if shown else (op.computed_value, op.computed_partials)
        lines = [write_in(value), *[write_in(p) for p in partials if p]]
        yield from (f".. dropdown:: {name}", "")
        yield from [f"   {line}" for line in code("\n".join(lines), lexer)]
    source = getattr(getattr(Value, op.method, None), "__source__", None) or getattr(microgrAD, op.name).__source__
    yield from (".. dropdown:: The method that runs", "")
    yield from [f"   {line}" for line in code(source, "python")]
