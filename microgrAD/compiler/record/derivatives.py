"""Derivatives taken inside a function that is recorded: they are recorded too, each by its rule, as operations.

A rule's condition looks at numbers, which a traced value does not have. Where one only keeps the digits of a tail, the
textbook's formula is recorded, which has none; any other becomes `where`, on a difference.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from microgrAD import floats, formula, operators
from microgrAD.compiler.record.tape import Tape
from microgrAD.formula.reading import CONSTANTS
from microgrAD.lookup import TAKE, take
from microgrAD.ops import OPS, Op


def derivatives(
    tape: Tape, root: int, gradient: Any, wanted: Iterable[int], traced: Callable[[int], Any]
) -> dict[int, Any]:
    """d(root)/d(node) × gradient for nodes of a tape that are wanted. `traced` gives the value that stands for one."""
    wanted = set(wanted)
    moves = [False] * (root + 1)  # what depends on one that is wanted
    op, args = tape.op, tape.args
    for i in range(root + 1):
        moves[i] = i in wanted or any(moves[j] for j in args[i])

    def value(i: int) -> Any:
        return tape.constants[i] if i in tape.constants else traced(i)

    sums: dict[int, Any] = {root: gradient} if moves[root] else {}
    for i in range(root, -1, -1):
        if i not in sums or not op[i]:
            continue
        if op[i] == TAKE:
            for j, slope in _looked_up([*map(value, args[i])], args[i], moves):
                sent = _product(sums[i], slope)
                sums[j] = sums[j] + sent if j in sums else sent
            continue
        rule = OPS[op[i]]
        size = len(args[i]) // len(rule.args) if rule.variadic else 1
        for k, j in enumerate(args[i]):
            if not moves[j] or rule.partials[k // size] is None:
                continue
            operands = args[i][k % size :: size] if rule.variadic else args[i]
            names = dict(zip(rule.args, map(value, operands), strict=True)) | {"out": value(i)}
            slope = _slope(rule, k // size, names)
            if isinstance(slope, float) and slope == 0:
                continue
            sent = _product(sums[i], slope)
            sums[j] = sums[j] + sent if j in sums else sent
    return {i: sums[i] for i in wanted if i in sums}


def _looked_up(operands: list[Any], nodes: tuple[int, ...], moves: list[bool]) -> Iterator[tuple[int, Any]]:
    """For each value that may be looked up and is moved, its node and the derivative by it: 1 where it is found."""
    index, *values = operands
    for k, j in enumerate(nodes[1:]):
        if moves[j]:
            yield j, take([float(k == other) for other in range(len(values))], index)


def _product(a: Any, b: Any) -> Any:
    """a · b, which is no operation where one is 1."""
    if isinstance(a, float) and a == 1:
        return b
    return a if isinstance(b, float) and b == 1 else a * b


def _slope(rule: Op, k: int, names: Mapping[str, Any]) -> Any:
    """The derivative of an operation by argument k."""
    exact, textbook = rule.computed_partials[k], rule.partials[k]
    assert exact is not None and textbook is not None
    if exact != textbook and not any(isinstance(part, ast.IfExp) for part in ast.walk(formula.read(textbook))):
        try:
            return _computed(formula.read(exact), {**names, _DECIDED: True})
        except _Undecided:
            return _computed(formula.read(textbook), names)
    return _computed(formula.read(exact), names)


class _Undecided(Exception):
    """A condition asks for the number of a traced value."""


_DECIDED = ""  # no name: among names it says that conditions have to be decided by plain numbers


def _computed(tree: ast.expr, names: Mapping[str, Any]) -> Any:
    """The value of a formula over traced values and plain numbers."""
    match tree:
        case ast.Constant(value=value):
            return float(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return names[name] if name in names else CONSTANTS[name]
        case ast.UnaryOp(operand=operand):
            return -_computed(operand, names)
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](_computed(left, names), _computed(right, names))
        case ast.Call(func=ast.Name(id=name), args=args):
            given = [_computed(arg, names) for arg in args]
            plain = all(isinstance(arg, float) for arg in given)
            return floats.value(name)(*given) if plain else getattr(operators, name)(*given)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _choice(test, body, orelse, names)
    raise AssertionError(ast.unparse(tree))


_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a if isinstance(b, float) and b == 1 else a**b,
}


def _choice(test: ast.expr, a: ast.expr, b: ast.expr, names: Mapping[str, Any]) -> Any:
    """a where the test holds, else b."""
    match test:
        case ast.BoolOp(op=op, values=[first, *others]):
            rest = ast.BoolOp(op, others) if len(others) > 1 else others[0]
            inner = ast.IfExp(rest, a, b)
            return _choice(first, inner, b, names) if isinstance(op, ast.And) else _choice(first, a, inner, names)
        case ast.Compare(left=left, ops=[op, *ops], comparators=[right, *others]) if ops:
            first = ast.Compare(left, [op], [right])
            return _choice(first, ast.IfExp(ast.Compare(right, ops, others), a, b), b, names)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _where(op, _computed(left, names), _computed(right, names), a, b, names)
    raise AssertionError(ast.unparse(test))


def _where(op: ast.cmpop, x: Any, y: Any, a: ast.expr, b: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(op, (ast.GtE, ast.LtE, ast.Eq)):  # the opposite is the one with a sign
        a, b = b, a
    difference = y - x if isinstance(op, (ast.Lt, ast.GtE)) else x - y
    if isinstance(op, (ast.Eq, ast.NotEq)):
        difference = abs(difference)
    if isinstance(difference, float):
        return _computed(a if difference > 0 else b, names)
    if _DECIDED in names:
        raise _Undecided
    return operators.where(difference, _computed(a, names), _computed(b, names))
