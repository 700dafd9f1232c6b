"""An operation or a formula in the words of a library, as a tree of Python's syntax.

given    what stands for each name of a formula
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce

from microgrAD.formula import CONSTANTS, read, terms
from microgrAD.ops import OPS, Op
from microgrAD.twins.write.pages import function, returned
from microgrAD.twins.write.vocabulary import Vocabulary

_WHOLE = 1e15  # a whole number below this size is written without a point
_COMPARE: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def number(x: float) -> ast.expr:
    """Return a plain number as code: 2 for 2.0, -0.5 as minus 0.5, so that a power of it gets parentheses."""
    if math.copysign(1.0, x) < 0:
        return ast.UnaryOp(ast.USub(), number(-x) if x else ast.Constant(0.0))
    return ast.Constant(int(x) if x == int(x) and x < _WHOLE else float(x))


def name(text: str) -> ast.expr:
    """Return a name as code."""
    return ast.Name(text, ast.Load())


def constant(node: ast.expr) -> float | None:
    """Return the number that a tree is; None if it is no plain number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    if isinstance(node, ast.UnaryOp) and (inner := constant(node.operand)) is not None:
        return -inner
    return None


class Wording:
    """Writes operations for one library, and collects the functions that the script has to define itself."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.helpers: dict[str, str] = {}  # by name: the source

    def operation(self, op: Op, args: Sequence[ast.expr]) -> ast.expr:
        """Return a call of an operation, or what stands for it; `args` are its operands in a row."""
        said = self.vocabulary
        if op.variadic:
            count = len(args) // len(op.args)
            given = {f"{arg}_{k}": args[j * count + k] for j, arg in enumerate(op.args) for k in range(count)}
            return added([self.formula(term, given) for term in terms(op.value, count)])
        given = dict(zip(op.args, args, strict=True))
        words = said.words if constant(args[-1]) is not None else {**said.words, **said.varying}
        if word := words.get(op.name):
            return self._in_words(op, word, given)
        if op.primitive and said.call:
            return _call(said.call.format(said.named(op)), [self._argument(arg) for arg in args])
        if op.name not in words and not op.primitive and (op.python or op.chooses and said.choice):
            return self._argument(self.formula(op.value, given))  # a choice may come out as a plain number
        return self.defined(op, args)

    def formula(self, text: str, given: Mapping[str, ast.expr]) -> ast.expr:
        """Return a formula of the table in the library's words."""
        return _Formula(self, given, frozenset()).visit(_fresh(read(text)))  # type: ignore[no-any-return]

    def defined(self, op: Op, args: Sequence[ast.expr]) -> ast.expr:
        """Return a call of a function that the script defines by the table's formula."""
        called = self.vocabulary.helper.format(op.name)
        if called not in self.helpers:
            text = op.computed_value if self.vocabulary.exact else op.value
            body = self.formula(text, {arg: name(arg) for arg in op.args})
            self.helpers[called] = function(called, op.args, [returned(code(body))])
        return _call(called, args)

    def chosen(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.expr:
        """Return a choice; one of the two where the condition is known."""
        if isinstance(test, ast.Constant):
            return body if test.value else orelse
        if not self.vocabulary.whole:
            body, orelse = _with_point(body), _with_point(orelse)
        return _filled(self.vocabulary.choice, {"test": test, "body": body, "orelse": orelse})

    def _in_words(self, op: Op, word: str, given: Mapping[str, ast.expr]) -> ast.expr:
        tree = ast.parse(word, mode="eval").body
        for part in ast.walk(tree):
            if isinstance(part, ast.Name) and part.id in self.vocabulary.helpers:
                self.helpers.setdefault(part.id, self.vocabulary.helpers[part.id])
        return _Formula(self, given, frozenset(op.args) - op.constants.keys()).visit(tree)  # type: ignore[no-any-return]

    def _argument(self, arg: ast.expr) -> ast.expr:
        """Return an operand as the argument of a function of the library."""
        if constant(arg) is None:
            return arg
        return _filled(self.vocabulary.number, {"x": arg if self.vocabulary.whole else _with_point(arg)})


class _Formula(ast.NodeTransformer):
    """Puts operands in, and calls the library. `wrapped`: arguments that are wrapped where they are plain numbers."""

    def __init__(self, wording: Wording, given: Mapping[str, ast.expr], wrapped: frozenset[str]) -> None:
        self.wording, self.given, self.wrapped = wording, given, wrapped

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.given:
            return self.given[node.id]
        if node.id in CONSTANTS:
            said = self.wording.vocabulary.constants.get(node.id)
            return ast.parse(said, mode="eval").body if said else ast.Constant(CONSTANTS[node.id])
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return number(node.value) if isinstance(node.value, float) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.Attribute(self.visit(node.value), node.attr, ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id in OPS and not self.wrapped:
            return self.wording.operation(OPS[node.func.id], [self.visit(arg) for arg in node.args])
        func = node.func if isinstance(node.func, ast.Name) else self.visit(node.func)
        return ast.Call(func, [self._passed(arg) for arg in node.args], node.keywords)

    def _passed(self, arg: ast.expr) -> ast.expr:
        made = self.visit(arg)
        whole = isinstance(arg, ast.Name) and arg.id in self.wrapped
        return self.wording._argument(made) if whole else made

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return self.wording.chosen(self.visit(node.test), self.visit(node.body), self.visit(node.orelse))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if self.wording.vocabulary.lazy:
            return ast.Compare(self.visit(node.left), node.ops, [self.visit(other) for other in node.comparators])
        terms = [self.visit(term) for term in (node.left, *node.comparators)]
        pairs = [_compared(a, op, b) for a, op, b in zip(terms, node.ops, terms[1:], strict=False)]
        return reduce(_both, pairs)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        parts: list[ast.expr] = [self.visit(part) for part in node.values]
        if self.wording.vocabulary.lazy:
            return ast.BoolOp(node.op, parts)
        return reduce(_both if isinstance(node.op, ast.And) else _either, parts)


def added(terms: Sequence[ast.expr]) -> ast.expr:
    """Return the sum of any number of terms, as one piece of text: a tree of thousands would be too deep to write.

    It is to be the whole of an expression, since it gets no parentheses.
    """
    return terms[0] if len(terms) == 1 else name(" + ".join(map(code, terms)) or "0.0")


# ---------------------------------------------------------------------------------------------- parts


def code(tree: ast.expr) -> str:
    """Return a tree as text."""
    return ast.unparse(tree)


def _fresh(tree: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(tree), mode="eval").body


@cache
def _template(text: str) -> str:
    return ast.unparse(ast.parse(text, mode="eval"))


def _filled(template: str, given: Mapping[str, ast.expr]) -> ast.expr:
    """Return a template with trees in the place of its names."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return given.get(node.id, node)

    return Fill().visit(ast.parse(_template(template), mode="eval").body)  # type: ignore[no-any-return]


def _call(function: str, args: Sequence[ast.expr]) -> ast.expr:
    return ast.Call(ast.parse(function, mode="eval").body, list(args), [])


def _with_point(node: ast.expr) -> ast.expr:
    """Return a number with a decimal point, since arrays of whole numbers know no negative powers."""
    if isinstance(node, ast.UnaryOp):
        return ast.UnaryOp(node.op, _with_point(node.operand))
    x = constant(node)
    return node if x is None else ast.Constant(float(x))


def _compared(a: ast.expr, op: ast.cmpop, b: ast.expr) -> ast.expr:
    x, y = constant(a), constant(b)
    if x is not None and y is not None:
        return ast.Constant(_COMPARE[type(op)](x, y))
    return ast.Compare(a, [op], [b])


def _both(a: ast.expr, b: ast.expr) -> ast.expr:
    for one, other in ((a, b), (b, a)):
        if isinstance(one, ast.Constant):
            return other if one.value else one
    return ast.BinOp(a, ast.BitAnd(), b)


def _either(a: ast.expr, b: ast.expr) -> ast.expr:
    for one, other in ((a, b), (b, a)):
        if isinstance(one, ast.Constant):
            return one if one.value else other
    return ast.BinOp(a, ast.BitOr(), b)
