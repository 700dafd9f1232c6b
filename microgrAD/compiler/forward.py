"""The forward pass as code: the value of every step, into the table."""

from __future__ import annotations

from collections.abc import Container

from microgrAD.compiler import simplify
from microgrAD.compiler.plan import Planned
from microgrAD.compiler.source import Code, Source
from microgrAD.compiler.tensors import Dot, Map, Matrix, Sum
from microgrAD.compiler.ufuncs import Writer
from microgrAD.ops import OPS


def write_forward(source: Source, planned: list[Planned]) -> dict[int, Writer]:
    """Write the sections before `backward`; gives the writer of each Map, with the conditions that it computed."""
    writers: dict[int, Writer] = {}
    for k, part in enumerate(planned):
        source.section, step = part.section, part.step
        if isinstance(step, Map):
            writers[k] = _write_map(source, step)
        elif isinstance(step, Matrix):
            weights, x = matrix_operands(source, step)
            source.line(f"matmul({weights}, {x}, out={source.matrix(step.out, 'D')})")
        else:
            _write_sum(source, step)
    return writers


def operands(source: Source, step: Map, used: Container[str]) -> dict[str, Code]:
    """Those operands of a Map that are used, by the names they have in its formulas."""
    return {
        name: source.operand(arg)
        for name, arg in zip(OPS[step.op].args, step.args, strict=True)
        if name in used and not isinstance(arg, float)
    }


def _write_map(source: Source, step: Map) -> Writer:
    """Write out = op(args)."""
    op = OPS[step.op]
    known = {name: arg for name, arg in zip(op.args, step.args, strict=True) if isinstance(arg, float)}
    writer = Writer(source, step.out.size, operands(source, step, op.args))
    writer.into(source.operand(step.out).text, simplify.specialise(op.computed_value, known))
    return writer


def matrix_operands(source: Source, step: Matrix) -> tuple[str, str]:
    """The two matrices of a product: weights (o, k), and x with its columns side by side, (k, p · B)."""
    return source.gathered_matrix(step.weights, "U"), source.gathered_matrix(step.x, "D")


def _write_sum(source: Source, step: Sum | Dot) -> None:
    x, out = source.operand(step.x), source.operand(step.out).text
    if isinstance(step, Sum):
        source.line(f"add.reduce({x.text}, 0, None, {out})")
        return
    y = source.operand(step.y)
    shape = f"{step.x.index.shape[0]}, {step.x.index.shape[1]}"
    with source.scratch(shape, x.wide or y.wide) as product:
        source.line(f"multiply({x.text}, {y.text}, out={product.text})")
        source.line(f"add.reduce({product.text}, 0, None, {out})")
