"""A derivative in symbols: its factors, its formula, and how text, LaTeX and pages write it."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from microgrAD import formula, operators
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Latex, OnPage, Text
from microgrAD.ops import OPS
from microgrAD.showing import Shown
from microgrAD.steps.trace import Formula, Trace, Variable

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
class Derivation(Shown):
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
        return formula_over(self.tree, self.trace)

    def _written(self, tree: ast.expr, writer: Text) -> str:
        names = {v.id: writer.name(v.name) for v in self.trace.variables.values()}
        return writer.formula(ast.unparse(tree), names)


def formula_over(tree: ast.expr, trace: Trace) -> Formula:
    """Return a tree over ids of nodes as a formula, with the node that each of its letters stands for."""
    used = {name.id for name in ast.walk(tree) if isinstance(name, ast.Name)}
    return Formula((ast.unparse(tree),), {v.id: v for v in trace.variables.values() if v.id in used})


def _sides(line: Line, plain: Line, broken: str) -> str:
    """Return the sides of a line, each on a line of its own if that is too long."""
    return (broken if len(" = ".join(plain.written())) > WIDTH else " = ").join(line.written())


def _functions() -> Iterator[tuple[str, object]]:
    yield from ((name, getattr(operators, name)) for name in OPS)
    yield from formula.CONSTANTS.items()


_FUNCTIONS = {"__builtins__": {}, "math": math, **dict(_functions())}
