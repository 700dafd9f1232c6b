"""Algebra on the trees of formulas: replaces letters, computes with numbers, leaves out 0 and 1."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from microgrAD import formula


def fold(text: str, numbers: Mapping[str, float]) -> str:
    """Return a formula, simplified, with whole numbers for some letters: y * x ** (y - 1) with y = 2 is 2 * x."""
    letters = {letter: constant(int(x)) for letter, x in numbers.items()}
    return ast.unparse(Simplify(letters).visit(formula.copy(text)))


class Substitute(ast.NodeTransformer):
    """Puts trees in place of letters."""

    def __init__(self, letters: Mapping[str, ast.expr]) -> None:
        self.letters = letters

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.letters.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.Call(node.func, [self.visit(arg) for arg in node.args], [])


class Simplify(Substitute):
    """Puts trees in place of letters, and simplifies the result."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return minus(self.visit(node.operand))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left: ast.expr = self.visit(node.left)
        right: ast.expr = self.visit(node.right)
        match node.op:
            case ast.Mult():
                return times(left, right)
            case ast.Add():
                return plus(left, right)
            case ast.Sub():
                return plus(left, minus(right))
            case ast.Pow() if _number(right) == 1:
                return left
        return ast.BinOp(left, node.op, right)


def _number(tree: ast.expr) -> float | None:
    """Return the number that a tree stands for; None if it is no number."""
    if isinstance(tree, ast.UnaryOp):
        inner = _number(tree.operand)
        return None if inner is None else -inner
    return tree.value if isinstance(tree, ast.Constant) and isinstance(tree.value, (int, float)) else None


def constant(x: float) -> ast.expr:
    """Return a number as a tree; a whole one is written without a point."""
    x = int(x) if float(x).is_integer() and abs(x) < 1e15 else x
    return ast.Constant(x) if x >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-x))


def minus(tree: ast.expr) -> ast.expr:
    """Return -tree, simplified."""
    return tree.operand if isinstance(tree, ast.UnaryOp) else ast.UnaryOp(ast.USub(), tree)


def times(a: ast.expr, b: ast.expr) -> ast.expr:
    """Return a * b, simplified."""
    x, y = _number(a), _number(b)
    if x is not None and y is not None:
        return constant(x * y)
    if x == 0 or y == 0:
        return ast.Constant(0)
    if isinstance(a, ast.UnaryOp) or isinstance(b, ast.UnaryOp):
        odd = isinstance(a, ast.UnaryOp) != isinstance(b, ast.UnaryOp)
        product = times(*(minus(t) if isinstance(t, ast.UnaryOp) else t for t in (a, b)))
        return minus(product) if odd else product
    if x == 1 or y == 1:
        return b if x == 1 else a
    return ast.BinOp(b, ast.Mult(), a) if y is not None else ast.BinOp(a, ast.Mult(), b)


def plus(a: ast.expr, b: ast.expr) -> ast.expr:
    """Return a + b, simplified."""
    x, y = _number(a), _number(b)
    if x is not None and y is not None:
        return constant(x + y)
    if x == 0 or y == 0:
        return b if x == 0 else a
    if ast.dump(a) == ast.dump(b):
        return times(ast.Constant(2), a)
    if isinstance(b, ast.UnaryOp):
        return ast.Constant(0) if ast.dump(a) == ast.dump(b.operand) else ast.BinOp(a, ast.Sub(), b.operand)
    return ast.BinOp(a, ast.Add(), b)
