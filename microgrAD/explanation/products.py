"""Sums of products of trees, simplified as a person would: numbers in front, equal factors as powers, like terms added.

tree       an expression of formulas, see `microgrAD.formula`
Product    a number times factors, each with a whole power; factors keep the order in which they came
Terms      products that are added up; none is 0
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fractions import Fraction

POWER = 64  # a whole power up to this size is a factor's power; a larger one stays as it is written


@dataclass(frozen=True)
class Product:
    """A number times factors.

    Arguments:
        number: the number in front.
        powers: the power of each factor, by the factor as text; no power is 0.
        trees: the factors by the same text.
    """

    number: Fraction
    powers: dict[str, int]
    trees: dict[str, ast.expr]

    def times(self, other: Product) -> Product:
        """Return the product of two products."""
        powers = dict(self.powers)
        for key, power in other.powers.items():
            powers[key] = powers.get(key, 0) + power
        kept = {key: power for key, power in powers.items() if power}
        return Product(self.number * other.number, kept, {**self.trees, **other.trees})

    def raised(self, power: int) -> Product:
        """Return the product to a whole power."""
        return Product(self.number**power, {key: p * power for key, p in self.powers.items() if power}, self.trees)

    def tree(self) -> ast.expr:
        """Return the product as a tree: numerator / denominator. A minus turns a difference, -(y - a) is a - y."""
        number, trees = self.number, dict(self.trees)
        if number < 0 and (turned := next(filter(self._turns, self.powers), "")):
            number, trees[turned] = -number, _turned(self.trees[turned])
        over, under = _fraction(abs(number))
        top = _multiplied(over, [(k, p) for k, p in self.powers.items() if p > 0], trees)
        below = [(k, -p) for k, p in self.powers.items() if p < 0]
        if below or under != 1:
            top = ast.BinOp(top, ast.Div(), _multiplied(under, below, trees))
        return top if number >= 0 else ast.UnaryOp(ast.USub(), top)

    def _turns(self, key: str) -> bool:
        """Return whether a factor is a difference that reads well the other way round: all but 1 - a."""
        tree = self.trees[key]
        if not isinstance(tree, ast.BinOp) or not isinstance(tree.op, ast.Sub) or self.powers[key] % 2 == 0:
            return False
        return ast.unparse(tree.left) != "1" and not isinstance(tree.left, ast.BinOp)


Terms = tuple[Product, ...]
ONE = Product(Fraction(1), {}, {})


def product(tree: ast.expr) -> Product:
    """Return a tree as a product. A sum in it is one factor."""
    match tree:
        case ast.Constant(value=int() | float() as x):
            return Product(Fraction(repr(x)), {}, {})
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = product(operand)
            return Product(-inner.number, inner.powers, inner.trees)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return product(left).times(product(right))
        case ast.BinOp(left=left, op=ast.Div(), right=right) if (below := product(right)).number:
            return product(left).times(below.raised(-1))
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            power, base = product(right), product(left)
            whole = not power.powers and power.number.denominator == 1 and abs(power.number) <= POWER
            if whole and (base.number or power.number > 0):
                return base.raised(int(power.number))
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            found = terms(tree)
            if len(found) < 2:
                return found[0] if found else Product(Fraction(0), {}, {})
            if all(t.number < 0 for t in found):  # -(a + b) in place of -a - b
                return _factor(total(tuple(Product(-t.number, t.powers, t.trees) for t in found)), Fraction(-1))
            tree = total(found)
    return _factor(tree, Fraction(1))


def terms(tree: ast.expr) -> Terms:
    """Return a tree as terms that are added up."""
    match tree:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return added((*terms(left), *terms(right)))
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            minus = (Product(-t.number, t.powers, t.trees) for t in terms(right))
            return added((*terms(left), *minus))
    return added((product(tree),))


def added(several: Terms) -> Terms:
    """Return terms with like ones as one, and without those that are 0."""
    found: dict[frozenset[tuple[str, int]], Product] = {}
    for term in several:
        key = frozenset(term.powers.items())
        before = found.get(key)
        found[key] = Product(term.number + (before.number if before else 0), term.powers, term.trees)
    return tuple(term for term in found.values() if term.number)


def scaled(several: Terms, factor: Product) -> Terms:
    """Return terms times a product. Several terms stay together as one factor, unless the product is a number."""
    if len(several) > 1 and factor.powers:
        return (product(total(several)).times(factor),)
    return added(tuple(term.times(factor) for term in several))


def total(several: Terms) -> ast.expr:
    """Return terms as a tree. A positive term comes first, if there is one."""
    if not several:
        return ast.Constant(0)
    first = next((k for k, term in enumerate(several) if term.number > 0), 0)
    ordered = [several[first], *several[:first], *several[first + 1 :]]
    tree = ordered[0].tree()
    for term in ordered[1:]:
        sign = ast.Add() if term.number > 0 else ast.Sub()
        tree = ast.BinOp(tree, sign, Product(abs(term.number), term.powers, term.trees).tree())
    return tree


def _factor(tree: ast.expr, number: Fraction) -> Product:
    key = ast.unparse(tree)
    return Product(number, {key: 1}, {key: tree})


def _turned(tree: ast.expr) -> ast.expr:
    assert isinstance(tree, ast.BinOp)
    return ast.BinOp(tree.right, ast.Sub(), tree.left)


def _fraction(number: Fraction) -> tuple[float, int]:
    """Return a number as numerator and denominator; one with decimals, such as 0.99, as it is, over 1."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1 and number.denominator > 9:
        return float(number), 1
    return number.numerator, number.denominator


def _multiplied(number: float, powers: list[tuple[str, int]], trees: dict[str, ast.expr]) -> ast.expr:
    factors: list[ast.expr] = [] if number == 1 and powers else [ast.Constant(number)]
    for key, power in powers:
        base = trees[key]
        factors.append(base if power == 1 else ast.BinOp(base, ast.Pow(), ast.Constant(power)))
    tree = factors[0]
    for factor in factors[1:]:
        tree = ast.BinOp(tree, ast.Mult(), factor)
    return tree
