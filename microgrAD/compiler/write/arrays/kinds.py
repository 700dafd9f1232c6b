"""Each kind of step as code: calls of NumPy that put the numbers of a step into its table."""

from __future__ import annotations

from microgrAD.compiler.program.adjoint import Marks
from microgrAD.compiler.program.sections import Planned
from microgrAD.compiler.program.tensors import Dot, Map, Matrix, Outer, Rows, Spread, Sum, Take, Total
from microgrAD.compiler.write.arrays.source import Source
from microgrAD.compiler.write.arrays.ufuncs import Writer


def write(planned: list[Planned], moving: Marks, fixed: int, later: dict[bool, int]) -> Source:
    """The code of all steps, each in its section."""
    source = Source(moving, fixed, later)
    for step, section in planned:
        source.section = section
        match step:
            case Map(out=out, tree=tree):
                Writer(source, out.index.shape, step.operands).into(source.operand(out).text, tree)
            case Matrix():
                _matrix(source, step)
            case Sum():
                _sum(source, step)
            case Dot():
                _dot(source, step)
            case Outer(out=out, x=x, y=y):
                source.line(f"matmul({source.matrix(x)}, {_turned(source, y)}, out={source.matrix(out)})")
            case Total(out=out, x=x):
                source.line(f"add.reduce({source.operand(x).text}, 1, None, {source.operand(out).text}, True)")
            case Take(out=out, index=index, x=x):
                at = source.found_at(index, x.index, x.batched)
                source.line(f"{source.table(x)}.take({at}, None, {source.operand(out).text}, 'clip')")
            case Spread(out=out, index=index, x=x, places=places):
                at = source.found_at(index, places, out.batched)
                source.line(f"spread({at}, {source.operand(x).text}, {source.operand(out).text})")
    return source


def _matrix(source: Source, step: Matrix) -> None:
    """A product, its columns side by side: weights (o, k) times x (k, p · B)."""
    weights, x = source.matrix(step.weights), source.matrix(step.x)
    function = "multiply" if len(step.x.index) == 1 else "matmul"  # a column times a row
    source.line(f"{function}({weights}, {x}, out={source.matrix(step.out)})")


def _sum(source: Source, step: Sum) -> None:
    out = source.operand(step.out).text
    if step.starts is None:
        source.line(f"add.reduce({source.operand(step.x).text}, 0, None, {out})")
    else:
        source.line(f"add.reduceat({source.gathered(step.x)}, {source.index(step.starts)}, 0, None, {out})")


def _dot(source: Source, step: Dot) -> None:
    x, y, out = source.operand(step.x), source.operand(step.y), source.operand(step.out).text
    shape = f"{step.x.index.shape[0]}, {step.x.index.shape[1]}"
    with source.scratch(shape, x.wide or y.wide) as product:
        source.line(f"multiply({x.text}, {y.text}, out={product.text})")
        source.line(f"add.reduce({product.text}, 0, None, {out})")


def _turned(source: Source, rows: Rows) -> str:
    """A matrix with rows and columns exchanged: a copy where it does not move, since that is faster."""
    view = source.view("x", f"{source.matrix(rows)}.T")
    if source.moving.any(rows) or rows.index.max() >= source.later[True]:
        return view
    copy = source.view("k", f"empty({view}.shape)")
    line = f"{copy}[...] = {view}"
    if line not in source.sections["turn"]:
        source.sections["turn"].append(line)
    return copy
