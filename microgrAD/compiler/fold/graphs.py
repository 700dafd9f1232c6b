"""Reading the graph behind Values: as flat lists, and as a sum of terms.

node        its place in the lists
term        a node that the root depends on linearly, and is not a sum itself
share       what a term counts in the root: root = offset + Σ share · term
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from microgrAD.compiler.program import simplify
from microgrAD.compiler.record.rules import monomials, polynomial
from microgrAD.graph import MANY
from microgrAD.operators import Value
from microgrAD.ops import OPS

Arg = int | float  # a node, or a plain number


class Graph(NamedTuple):
    """Operations and operands of all nodes, the roots first; `order` has operands first, `uses` counts consumers."""

    values: list[Value]
    op: list[str]
    args: list[tuple[Arg, ...]]
    leaves: dict[int, Value]
    order: list[int]
    uses: list[int]


def read(roots: Sequence[Value]) -> Graph:
    """The graph behind different Values."""
    found, place = list(roots), {root: k for k, root in enumerate(roots)}
    op: list[str] = []
    args: list[tuple[Arg, ...]] = []
    leaves: dict[int, Value] = {}
    uses = [0] * len(roots)
    look, name, put, push, count = place.get, op.append, args.append, found.append, uses.append

    def number(arg: Value) -> int:
        place[arg] = k = len(found)
        push(arg)
        count(0)
        return k

    for v in found:
        name(v._tag[0])
        a, b = v._a, v._b
        if a is None:
            leaves[len(args)] = v
            put(())
        elif v._db is MANY:
            operands = tuple(
                [arg if type(arg) is float else number(arg) if (k := look(arg)) is None else k for arg in a]
            )
            for operand in operands:
                if type(operand) is int:
                    uses[operand] += 1
            put(operands)
        else:
            if type(a) is not float:
                k = look(a)
                a = number(a) if k is None else k
                uses[a] += 1
            if b is None:
                put((a,))
                continue
            if type(b) is not float:
                k = look(b)
                b = number(b) if k is None else k
                uses[b] += 1
            put((a, b))
    return Graph(found, op, args, leaves, _operands_first(args, uses, len(roots)), uses)


def _operands_first(args: list[tuple[Arg, ...]], uses: list[int], roots: int) -> list[int]:
    """Every node, operands before what uses them: from the roots on, a node when all of its consumers have been."""
    waiting, order = list(uses), [k for k in range(roots) if not uses[k]]
    push = order.append
    for i in order:
        for k in args[i]:
            if type(k) is int:
                n = waiting[k] - 1
                waiting[k] = n
                if not n:
                    push(k)
    return order[::-1]


def terms(graph: Graph) -> tuple[list[tuple[int, float]], float]:
    """The terms of node 0, each with its share, and the offset."""
    shares = {0: 1.0}
    found: list[tuple[int, float]] = []
    offset = 0.0
    for i in reversed(graph.order):
        if i not in shares:
            continue
        share = shares.pop(i)
        # what is used elsewhere too stays whole, as a logit that is both picked and normalised
        parts = linear(graph.op[i], graph.args[i]) if graph.op[i] and graph.uses[i] <= 1 else None
        if parts is None:
            found.append((i, share))
        else:
            for factor, j in parts[0]:
                shares[j] = shares.get(j, 0.0) + share * factor
            offset += share * parts[1]
        if not shares:
            break
    return found[::-1], offset


def linear(op: str, args: Sequence[Arg]) -> tuple[list[tuple[float, int]], float] | None:
    """An operation as Σ factor · node + offset; None where it is not linear in its nodes."""
    if OPS[op].variadic:
        return _linear_sum(op, tuple(range(len(args))), args)
    known = tuple([arg if isinstance(arg, float) else None for arg in args])
    found = _linear(op, known)
    if found is None:
        return None
    factors, offset = found
    return [
        (factors[name], arg)
        for name, arg in zip(OPS[op].args, args, strict=True)
        if isinstance(arg, int) and name in factors
    ], offset


def _linear_sum(op: str, places: tuple[int, ...], args: Sequence[Arg]) -> tuple[list[tuple[float, int]], float] | None:
    found, offset = [], 0.0
    if polynomial(op) is None:
        return None
    for sign, factors in monomials(op, places):
        nodes = [arg for k in factors if isinstance(arg := args[k], int)]
        number = float(sign)
        for k in factors:
            arg = args[k]
            if isinstance(arg, float):
                number *= arg
        if len(nodes) > 1:
            return None
        if nodes:
            found.append((number, nodes[0]))
        else:
            offset += number
    return found, offset


@cache
def _linear(op: str, known: tuple[float | None, ...]) -> tuple[dict[str, float], float] | None:
    numbers = {name: x for name, x in zip(OPS[op].args, known, strict=True) if x is not None}
    return _parts(simplify.specialise(OPS[op].value, numbers))


def _parts(tree: ast.expr) -> tuple[dict[str, float], float] | None:
    """An expression as factors by name and an offset."""
    match tree:
        case ast.Name(id=name):
            return {name: 1.0}, 0.0
        case ast.Constant(value=float(number)):
            return {}, number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _scaled(_parts(operand), -1.0)
        case (
            ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant(value=float(number)))
            | ast.BinOp(left=ast.Constant(value=float(number)), op=ast.Mult(), right=left)
        ):
            return _scaled(_parts(left), number)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=float(number))) if number:
            return _scaled(_parts(left), 1.0 / number)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            a, b = _parts(left), _scaled(_parts(right), 1.0 if isinstance(sign, ast.Add) else -1.0)
            if a and b:
                return {name: a[0].get(name, 0.0) + b[0].get(name, 0.0) for name in a[0] | b[0]}, a[1] + b[1]
    return None


def _scaled(parts: tuple[dict[str, float], float] | None, factor: float) -> tuple[dict[str, float], float] | None:
    return parts and ({name: factor * x for name, x in parts[0].items()}, factor * parts[1])
