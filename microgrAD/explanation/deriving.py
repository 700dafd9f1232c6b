r"""`derive`: a derivative in symbols only, with the factor of each step along the way.

Nodes with a label, and inputs, are letters. What has no label is written over the letters: with n = w·x + b and
ŷ = σ(n), the derivative of (ŷ - y)² / 2 by w is (ŷ - y) · ŷ · (1 - ŷ) · x.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from microgrAD import formula
from microgrAD.explanation.algebra import constant
from microgrAD.explanation.derivation import Derivation, Factor
from microgrAD.explanation.products import ONE, Product, Terms, added, product, scaled, total
from microgrAD.operators import Value
from microgrAD.ops import OPS
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Formula, Trace, Variable

MOST = 5_000  # parts of a derivative's formula; a larger one is refused


def derive(root: Value, wrt: Value, *, letters: Collection[Value] | None = None) -> Derivation:
    """Return the derivative of `root` by `wrt` in symbols, simplified, with the factors of the chain rule.

    Only nodes that depend on `wrt` are differentiated: targets and inputs are constants.

    Arguments:
        root: the result.
        wrt: the Value to differentiate by.
        letters: the nodes that are written as letters, besides inputs and `wrt`; by default all with a label.
    Returns: a `Derivation`, with `text`, `latex`, `mathml` and `evaluate()`.
    Raises: TypeError for other arguments; ValueError if `wrt` is not in the graph, or the formula is too large.

    >>> w, x, b, y = (Value(number, label=name) for name, number in (("w", 2), ("x", 3), ("b", 1), ("y", 0)))
    >>> n = w * x + b
    >>> n.label = "n"
    >>> ŷ = n.sigmoid()
    >>> ŷ.label = "ŷ"
    >>> loss = (ŷ - y) ** 2 / 2
    >>> loss.label = "L"
    >>> print(derive(loss, w))
    ∂L/∂ŷ = ŷ − y         from L = (ŷ − y)² / 2
    ∂ŷ/∂n = ŷ · (1 − ŷ)   from ŷ = σ(n)
    ∂n/∂w = x             from n = w · x + b
    ∂L/∂w = ∂L/∂ŷ · ∂ŷ/∂n · ∂n/∂w = (ŷ − y) · ŷ · (1 − ŷ) · x
    """
    if not isinstance(root, Value) or not isinstance(wrt, Value):
        raise TypeError(f"derive takes two Values, got {type(root).__name__} and {type(wrt).__name__}")
    trace = steps(root)
    ids = {v.value: v.id for v in trace.variables.values()}
    if wrt not in ids:
        raise ValueError(f"the result does not depend on {wrt.label or 'this Value'}; choose an operand of it")
    named = {v.id for v in trace.variables.values() if v.label} if letters is None else {ids[v] for v in letters}
    known = named | {v.id for v in trace.variables.values() if not v.op} | {ids[wrt]}
    return _Deriving(trace, trace.variables[ids[wrt]], known).derivation()


class _Deriving:
    """The work of `derive` on one trace."""

    def __init__(self, trace: Trace, wrt: Variable, known: set[str]) -> None:
        self.trace, self.wrt, self.known = trace, wrt, known
        self.needed = {wrt.id}
        for v in trace.variables.values():
            if v.id != wrt.id and self.needed.intersection(a for a in v.args if isinstance(a, str)):
                self.needed.add(v.id)
        self.trees: dict[str, ast.expr] = {}

    def derivation(self) -> Derivation:
        slopes: dict[str, Terms] = {self.trace.root.id: (ONE,)}
        factors: list[Factor] = []
        for v in reversed(list(self.trace.variables.values())):
            if v.id not in self.needed or v.id not in slopes or v == self.wrt:
                continue
            for by, several in self.within(v).items():
                tree = _checked(total(several))
                factors.append(Factor(v, self.trace.variables[by], tree, self.source(v)))
                sent = scaled(slopes[v.id], product(tree))
                slopes[by] = added((*sent, *slopes.get(by, ())))
                _checked(total(slopes[by]))
        return Derivation(self.trace, self.wrt, tuple(factors), total(slopes.get(self.wrt.id, ())))

    def within(self, v: Variable) -> dict[str, Terms]:
        """Return ∂v/∂a for each letter a that v is written with, if it depends on `wrt`."""
        slopes: dict[str, Terms] = {v.id: (ONE,)}
        found: dict[str, Terms] = {}
        for node in reversed(list(self.trace.variables.values())):
            if node.id not in slopes or node.id in found or not node.op:
                continue
            if node.id in self.known and node != v:
                continue
            for index, arg in enumerate(node.args):
                if isinstance(arg, str) and arg in self.needed and node.partials[index] is not None:
                    sent = scaled(slopes[node.id], self.local(node, index))
                    slopes[arg] = added((*sent, *slopes.get(arg, ())))
                    _checked(total(slopes[arg]))
                    if arg in self.known:
                        found[arg] = slopes[arg]
        return found

    def local(self, node: Variable, index: int) -> Product:
        rule = self.trace.local(node, index)
        return product(self.put(rule, rule.text))

    def source(self, v: Variable) -> ast.expr:
        """Return what a letter is equal to, over other letters."""
        rule = self.trace.formula(v)
        return self.put(rule, self.named(v) or rule.text)

    def tree(self, v: Variable) -> ast.expr:
        """Return a node as a letter, or as its formula over letters."""
        if v.id in self.known:
            return ast.Name(v.id, ast.Load())
        if v.id not in self.trees:
            self.trees[v.id] = _checked(self.source(v))
        return self.trees[v.id]

    def named(self, v: Variable) -> str:
        """Return an operation's formula as a call, σ(n) in place of 1 / (1 + e⁻ⁿ); empty for arithmetic and sums."""
        op = OPS[v.op]
        return "" if op.python or op.variadic else f"{op.name}({', '.join(op.args)})"

    def put(self, rule: Formula, text: str) -> ast.expr:
        """Return a formula with trees in place of its letters, simplified."""
        trees = {letter: self.tree(x) if isinstance(x, Variable) else constant(x) for letter, x in rule.names.items()}
        return _simple(_Put(trees).visit(formula.copy(text)))


class _Put(ast.NodeTransformer):
    def __init__(self, trees: dict[str, ast.expr]) -> None:
        self.trees = trees

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.trees.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.Call(node.func, [_simple(self.visit(arg)) for arg in node.args], [])


def _simple(tree: ast.expr) -> ast.expr:
    return total((found,)) if (found := product(tree)).number else ast.Constant(0)


def _checked(tree: ast.expr) -> ast.expr:
    for count, _ in enumerate(ast.walk(tree)):
        if count > MOST:
            raise ValueError(
                f"this derivative has more than {MOST:,} parts; give inner nodes labels, which are then letters"
            )
    return tree
