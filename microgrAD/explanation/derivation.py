r"""`derive`: a derivative in symbols only, with the factor of each step along the way.

Nodes with a label, and inputs, are letters. What has no label is written over the letters: with n = w·x + b and
ŷ = σ(n), the derivative of (ŷ - y)² / 2 by w is (ŷ - y) · ŷ · (1 - ŷ) · x.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from microgrAD import formula, operators
from microgrAD.explanation.algebra import constant
from microgrAD.explanation.lines import Line
from microgrAD.explanation.products import ONE, Product, Terms, added, product, scaled, total
from microgrAD.explanation.writers import Latex, OnPage, Text
from microgrAD.operators import Value
from microgrAD.ops import OPS
from microgrAD.steps.taking import traced
from microgrAD.steps.trace import Formula, Trace, Variable

MOST = 5_000  # parts of a derivative's formula; a larger one is refused
WIDTH = 90  # characters that fit beside the left side of an equation
_NEW_ROW = " \\\\\n&= "
PATHS = 12  # up to this number of paths, the chain rule is written as a sum over paths


class Factor(NamedTuple):
    """∂of/∂by, from one letter to another one.

    Arguments:
        of, by: the letters' nodes.
        tree: the derivative over letters, which are ids of nodes.
        source: the formula of `of` that it comes from.
    """

    of: Variable
    by: Variable
    tree: ast.expr
    source: ast.expr


@dataclass(frozen=True)
class Derivation:
    """A derivative in symbols.

    Arguments:
        trace: the trace of the expression.
        wrt: the node to differentiate by.
        factors: the factors that the chain rule multiplies, from the result to `wrt`.
        tree: the derivative over letters, which are ids of nodes.
    """

    trace: Trace = field(repr=False)
    wrt: Variable
    factors: tuple[Factor, ...]
    tree: ast.expr = field(repr=False)

    @property
    def text(self) -> str:
        """The derivative alone, as plain text."""
        return self._written(self.tree, Text())

    @property
    def latex(self) -> str:
        """The derivation in LaTeX's mathematics mode: the factors and the result, aligned."""
        both = zip(self.lines(Latex()), self.lines(Text()), strict=True)
        rows = [rf"{line.left} &= {_sides(line, plain, _NEW_ROW)}" for line, plain in both]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    @property
    def mathml(self) -> str:
        """The result in MathML, ∂L/∂w = ..., for a web page."""
        last = self.lines(OnPage())[-1]
        return formula.translate(f"{last.left} = {' = '.join(last.written())}")

    def __str__(self) -> str:
        said = self.lines(Text())
        left = max(len(line.left) for line in said)
        right = max((len(" = ".join(line.written())) for line in said[:-1]), default=0)
        rows = []
        for line in said:
            under = "\n" + " " * left + " = "
            row = f"{line.left:{left}} = {_sides(line, line, under)}"
            rows.append(f"{row:{left + 3 + right}}   {line.note}" if line.note else row)
        return "\n".join(rows)

    def evaluate(self) -> float:
        """Return the number that the formula has for the values in the graph."""
        known = {v.id: v.data for v in self.trace.variables.values()}
        code = compile(ast.fix_missing_locations(ast.Expression(self.tree)), "<derivation>", "eval")
        return float(eval(code, _FUNCTIONS, known))

    def paths(self) -> list[tuple[Factor, ...]]:
        """Return the factors of each path from the result to `wrt`."""
        found: list[tuple[Factor, ...]] = []
        open_: list[tuple[Variable, tuple[Factor, ...]]] = [(self.trace.root, ())]
        while open_ and len(found) <= PATHS:
            here, before = open_.pop()
            if here == self.wrt:
                found.append(before)
            open_ += [(f.by, (*before, f)) for f in reversed(self.factors) if f.of == here]
        return found

    def lines(self, writer: Text) -> list[Line]:
        """Return a line for each factor, with where it comes from, and the line of the result."""
        said = []
        for f in self.factors:
            source = f"from {Text().alone(f.of.name)} = {self._written(f.source, Text())}"
            said.append(Line(writer.partial(f.of.name, f.by.name), ((self._written(f.tree, writer),),), source))
        left = writer.partial(self.trace.root.name, self.wrt.name)
        chain = self._chain(writer)
        result = (self._written(self.tree, writer),)
        return [*said, Line(left, (chain, result) if chain and chain != (left,) else (result,))]

    def _chain(self, writer: Text) -> tuple[str, ...]:
        paths = self.paths()
        if not 0 < len(paths) <= PATHS:
            return ()
        several = []
        for path in paths:
            names = {f"p_{k}": writer.partial(f.of.name, f.by.name) for k, f in enumerate(path)}
            several.append(writer.formula(" * ".join(names) or "1", names))
        return (" + ".join(several),)

    def formula(self) -> Formula:
        """Return the derivative as a formula, and the node that each of its letters stands for."""
        return _over_nodes(self.tree, self.trace)

    def _written(self, tree: ast.expr, writer: Text) -> str:
        names = {v.id: writer.name(v.name) for v in self.trace.variables.values()}
        return writer.formula(ast.unparse(tree), names)


def derive(root: Value | Trace, wrt: Value, *, letters: Collection[Value] | None = None) -> Derivation:
    """Return the derivative of `root` by `wrt` in symbols, simplified, with the factors of the chain rule.

    Only nodes that depend on `wrt` are differentiated: targets and inputs are constants.

    Arguments:
        root: the result, or the trace of its backward pass.
        wrt: the Value to differentiate by, which `root` may also not depend on.
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
    if not isinstance(root, Value | Trace) or not isinstance(wrt, Value):
        raise TypeError(f"derive takes two Values, got {type(root).__name__} and {type(wrt).__name__}")
    trace = traced(root)
    ids = {v.value: v.id for v in trace.variables.values()}
    if wrt not in ids:
        raise ValueError(f"the result does not depend on {wrt.label or 'this Value'}; choose an operand of it")
    named = {v.id for v in trace.variables.values() if v.label} if letters is None else {ids[v] for v in letters}
    known = named | {v.id for v in trace.variables.values() if not v.op} | {ids[wrt]}
    return _Deriving(trace, trace.variables[ids[wrt]], known).derivation()


def formula_of(trace: Trace, node: Variable) -> Formula:
    """Return a node's formula over inputs and labelled nodes, simplified."""
    known = {v.id for v in trace.variables.values() if (v.label or not v.op) and v != node}
    tree = _Deriving(trace, node, known).source(node)
    return _over_nodes(tree, trace)


def _over_nodes(tree: ast.expr, trace: Trace) -> Formula:
    used = {name.id for name in ast.walk(tree) if isinstance(name, ast.Name)}
    return Formula((ast.unparse(tree),), {v.id: v for v in trace.variables.values() if v.id in used})


def _sides(line: Line, plain: Line, broken: str) -> str:
    """Return the sides of a line, each on a line of its own if that is too long."""
    return (broken if len(" = ".join(plain.written())) > WIDTH else " = ").join(line.written())


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


def _functions() -> Iterator[tuple[str, object]]:
    yield from ((name, getattr(operators, name)) for name in OPS)
    yield from formula.CONSTANTS.items()


_FUNCTIONS = {"__builtins__": {}, "math": math, **dict(_functions())}
