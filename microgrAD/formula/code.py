"""Writes a formula as Python: over floats, over Values, over arrays."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import partial, reduce

from microgrAD.formula.reading import CONSTANTS, copy
from microgrAD.ops import OPS, Op


def python(formula: str) -> str:
    """Return Python code over floats. It calls `exp` by the name `_exp`; `exp` is the function for `Value`s."""
    return ast.unparse(_Floats().visit(copy(formula)))


def values(formula: str) -> str:
    """Return Python code over `Value`s: arithmetic is recorded in the graph, conditions compare `data`."""
    return ast.unparse(_Values().visit(copy(formula)))


def numpy(formula: str) -> str:
    """Return NumPy code over arrays, with NumPy's names of functions. Both branches of a condition are computed."""
    return ast.unparse(_Arrays().visit(copy(formula)))


def numpy_name(op: Op) -> str:
    """Return NumPy's name of an operation."""
    return op.numpy or op.name


class _Floats(ast.NodeTransformer):
    function: Callable[[str], str] = "_{}".format

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        assert isinstance(node.value, (int, float))
        return ast.Constant(float(node.value))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(CONSTANTS[node.id]) if node.id in CONSTANTS else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.visit(node.operand)
        if isinstance(operand, ast.Constant) and isinstance(operand.value, float):
            return ast.Constant(-operand.value)
        return ast.UnaryOp(node.op, operand)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow):
            return self.power(left, right)
        return ast.BinOp(left, node.op, right)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        return _call(self.function(node.func.id), *map(self.visit, node.args))

    def power(self, base: ast.expr, exponent: ast.expr) -> ast.expr:
        if isinstance(base, ast.Name) and isinstance(exponent, ast.Constant) and exponent.value == 2:
            return ast.BinOp(base, ast.Mult(), base)
        return _call(self.function("pow"), base, exponent)


class _Values(_Floats):
    function = str

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        plain: ast.expr = _Plain().visit(node)
        return plain


class _Plain(_Floats):
    """Writes a condition over `Value`s: each name becomes its `data`."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return _call("number", node)


class _Arrays(_Floats):
    @staticmethod
    def function(name: str) -> str:
        return numpy_name(OPS[name]) if name in OPS else name

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return _call("where", *map(self.visit, (node.test, node.body, node.orelse)))

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        return _joined("logical_and" if isinstance(node.op, ast.And) else "logical_or", map(self.visit, node.values))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        terms = [self.visit(term) for term in (node.left, *node.comparators)]
        pairs = [ast.Compare(a, [op], [b]) for a, op, b in zip(terms, node.ops, terms[1:], strict=False)]
        return _joined("logical_and", pairs)


def _joined(name: str, terms: Iterable[ast.expr]) -> ast.expr:
    """Several conditions as one; NumPy's functions take two of them."""
    return reduce(partial(_call, name), terms)


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])
