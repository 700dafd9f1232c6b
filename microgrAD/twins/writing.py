"""Writing an operation as an expression of a library: by its function for it, or by the table's formula."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from functools import reduce

from microgrAD.formula.reading import copy, summand
from microgrAD.graph import grouped
from microgrAD.ops import OPS
from microgrAD.twins.vocabulary import Target


def operation(target: Target, name: str, args: Sequence[str]) -> str:
    """Return an operation of the table in a library's words.

    Arguments:
        target: the library.
        name: the operation's name in the table.
        args: its operands, as expressions.
    Raises: ValueError if the library has no such operation.
    """
    op = OPS[name]
    operands = [ast.parse(arg, mode="eval").body for arg in args]
    if op.variadic:
        term = summand(op.value)
        parts = [dict(zip(op.args, each, strict=True)) for each in zip(*grouped(name, operands), strict=True)]
        made: ast.expr = reduce(_sum, [_Writer(target, part).visit(copy(term)) for part in parts])
    else:
        made = _called(target, name, operands)
    return ast.unparse(ast.fix_missing_locations(made))


def downstream(target: Target, name: str, args: Sequence[str], k: int, out: str) -> str:
    """Return what flows to operand k of an operation, g_out times its derivative; nothing where that is 0.

    Arguments: as for `operation`; `out` is the name of the result.
    """
    op = OPS[name]
    operands = [ast.parse(arg, mode="eval").body for arg in args]
    if op.variadic:
        size = len(operands) // len(op.args)
        each = dict(zip(op.args, [operands[k % size + size * j] for j in range(len(op.args))], strict=True))
        formula = op.partials[k // size]
    else:
        each, formula = dict(zip(op.args, operands, strict=True)), op.partials[k]
    names: dict[str, ast.expr] = {**each, "out": ast.Name(out, ast.Load())}
    upstream = ast.Name(f"g_{out}", ast.Load())
    match formula:
        case None | "0":
            return ""
        case "1":
            flow: ast.expr = upstream
        case "-1":
            flow = ast.UnaryOp(ast.USub(), upstream)
        case _:
            flow = ast.BinOp(upstream, ast.Mult(), _Writer(target, names).visit(copy(formula)))
    return ast.unparse(ast.fix_missing_locations(flow))


def _sum(a: ast.expr, b: ast.expr) -> ast.expr:
    return ast.BinOp(a, ast.Add(), b)


def _called(target: Target, name: str, operands: Sequence[ast.expr]) -> ast.expr:
    """An operation on operands that are written already."""
    if name in target.methods:
        return ast.Call(ast.Attribute(operands[0], name, ast.Load()), [], [])
    if name in target.functions:
        function = ast.parse(target.functions[name], mode="eval").body
        return ast.Call(function, [_wrapped(target, operand) for operand in operands], [])
    op = OPS[name]
    formula = target.formulas.get(name, op.value)
    tree = copy(formula)
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    chosen = any(isinstance(node, ast.IfExp) for node in ast.walk(tree))
    lacking = name in calls or target.methods and (calls or chosen)
    made: ast.expr = tree if lacking else _Writer(target, dict(zip(op.args, operands, strict=True))).visit(tree)
    if lacking or target.methods and any(map(_is_power_of_a_variable, ast.walk(made))):
        raise ValueError(f"{target.name} has no {name}; export to another library, or leave the operation out")
    return made


def _is_power_of_a_variable(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not _is_number(node.right)


def _is_number(node: ast.expr) -> bool:
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


def _real(node: ast.expr) -> ast.expr:
    """A whole number as a float, since a choice between whole numbers has no derivative elsewhere."""
    return ast.Constant(float(node.value)) if isinstance(node, ast.Constant) and type(node.value) is int else node


def _wrapped(target: Target, node: ast.expr) -> ast.expr:
    if not target.wrap or not _is_number(node):
        return node
    return ast.parse(target.wrap.format(ast.unparse(node)), mode="eval").body


class _Writer(ast.NodeTransformer):
    """Puts operands in the place of a formula's names, and a library's functions in the place of the table's."""

    def __init__(self, target: Target, names: Mapping[str, ast.expr]) -> None:
        self.target, self.names = target, names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == "pi" and node.id not in self.names:
            return ast.Constant(math.pi)
        return self.names[node.id]

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        return _called(self.target, node.func.id, [self.visit(arg) for arg in node.args])

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test, a, b = (self.visit(part) for part in (node.test, node.body, node.orelse))
        choice = self.target.choice
        if not choice:
            return ast.IfExp(test, a, b)
        a, b = map(_real, (a, b))
        function = ast.parse(choice, mode="eval").body
        if choice.endswith("Piecewise"):
            pairs = [ast.Tuple([a, test], ast.Load()), ast.Tuple([b, ast.Constant(True)], ast.Load())]
            return ast.Call(function, [*pairs], [])
        return ast.Call(function, [test, a, b], [])
