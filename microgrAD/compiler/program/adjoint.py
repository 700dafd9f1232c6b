"""The backward pass as steps of the same kinds: each hands to what it reads the root's derivative by it.

share     what one consumer adds to the derivative by a number: a line of D, or a place of U, that a step computes
owner     the step that computed a number, or the place after the last step for the parameters

A derivative with one share is that share, and needs no step. A derivative with several is their sum.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import prod

import numpy as np

from microgrAD.compiler.program import simplify
from microgrAD.compiler.program.simplify import is_number
from microgrAD.compiler.program.tensors import (
    Dot,
    Map,
    Matrix,
    Outer,
    Rows,
    Spread,
    Step,
    Sum,
    Take,
    Tensors,
    Total,
    moved,
)
from microgrAD.compiler.record.numbers import Flags, Index, distinct, stride
from microgrAD.ops import OPS

GRADIENT, OUT = "gradient", "out"  # the names in a formula: d(root)/d(out), and the operation's own value
_NOBODY = -1


@dataclass(frozen=True)
class Backward:
    """The steps of the backward pass, on tables that go on behind those of the forward pass."""

    lines: int  # of D, with those of the backward pass
    places: int  # of U, likewise
    seeds: int  # the line that holds what each row's value counts in the root
    steps: tuple[Step, ...]
    by: tuple[Rows, ...]  # what the derivative is taken by of which each step gives a share, or all
    gradient: Rows  # the derivatives by the parameters, in the order of their places, one after the other

    @property
    def zero(self) -> int:
        """The line behind the seeds, which holds 0: the derivative by what nobody reads."""
        return self.seeds + 1

    @property
    def first(self) -> int:
        """The place of the first of them."""
        return int(self.gradient.index[0]) if self.gradient.size else self.places


class Marks:
    """A flag for each line of D and each place of U."""

    def __init__(self, lines: int, places: int) -> None:
        self.lines = np.zeros(lines, dtype=bool)
        self.places = np.zeros(places, dtype=bool)

    def table(self, rows: Rows) -> Flags:
        """The flags of the table that `rows` belongs to."""
        return self.lines if rows.batched else self.places

    def any(self, rows: Rows) -> bool:
        """Whether one of the rows is marked."""
        return bool(self.table(rows)[rows.index].any())

    def mark(self, rows: Rows) -> None:
        """Mark them."""
        self.table(rows)[rows.index] = True


def moving(tensors: Tensors) -> Marks:
    """What depends on a parameter."""
    marks = Marks(tensors.lines, tensors.places)
    marks.places[: len(tensors.parameters)] = True
    for step in tensors.steps:
        if any(marks.any(rows) for rows in step.reads):
            marks.mark(step.out)
    return marks


def adjoint(tensors: Tensors) -> Backward:
    """The backward pass of a program with one root."""
    return _Adjoint(tensors).backward()


class _Adjoint:
    def __init__(self, tensors: Tensors) -> None:
        self.tensors, self.moving = tensors, moving(tensors)
        self.seeds, self.zero = tensors.lines, {True: tensors.lines + 1, False: tensors.places}
        self.size = {True: tensors.lines + 2, False: tensors.places + 1}
        self.owner = {True: np.full(tensors.lines, _NOBODY), False: np.full(tensors.places, _NOBODY)}
        for k, step in enumerate(tensors.steps):
            self.owner[step.out.batched][step.out.index] = k
        count = len(tensors.parameters)
        self.owner[False][:count] = len(tensors.steps)
        self.parameters = Rows(False, np.arange(count))
        self.shares: dict[int, list[tuple[Index, Index]]] = {}  # by owner: what they are of, and where they stand
        self.steps: list[tuple[Step, Rows]] = []
        # for the first place of a step's results: the first parameter that they are shares of, and how many are
        self.homes: dict[int, tuple[int, int]] = {}

    def backward(self) -> Backward:
        """All steps: batched ones first, since no uniform number depends on them."""
        self.send(Rows(True, np.array(self.tensors.roots)), Rows(True, np.array([self.seeds])))
        order = [(k, step) for k, step in enumerate(self.tensors.steps) if self.moving.any(step.out)][::-1]
        for k, step in sorted(order, key=lambda item: not item[1].out.batched):
            own = self.collect(k, step.out)
            if own is not None:
                self.hand_on(step, own)
        gradient = self.collect(len(self.tensors.steps), self.parameters)
        new_places = self.in_order(len(self.parameters.index))
        same = np.arange(self.size[True])
        steps = [moved(step, same, new_places) for step, _ in self.steps]
        by = [rows for _, rows in self.steps]
        if gradient is None:  # zeros
            gradient = self.new(self.parameters.index.shape, batched=False)
        else:
            gradient = Rows(False, new_places[gradient.index])
            if gradient.stride != 1:
                steps.append(_copy(self.new(gradient.index.shape, batched=False), gradient))
                by.append(self.parameters)
                gradient = steps[-1].out
        return Backward(self.size[True], self.size[False], self.seeds, tuple(steps), tuple(by), gradient)

    # ------------------------------------------------------------------------------------------ shares

    def new(self, shape: tuple[int, ...], *, batched: bool) -> Rows:
        """Lines, or places, that nobody has."""
        count, first = prod(shape), self.size[batched]
        self.size[batched] += count
        return Rows(batched, np.arange(first, first + count).reshape(shape))

    def send(self, of: Rows, share: Rows) -> None:
        """Give numbers a share; those that no parameter moves need none."""
        places = share.index if share.index.shape == of.index.shape else np.broadcast_to(share.index, of.index.shape)
        targets, places = of.index.ravel(), places.ravel()
        needed = self.moving.table(of)[targets]
        if not needed.all():
            targets, places = targets[needed], places[needed]
        if not targets.size:
            return
        owners = self.owner[of.batched][targets]
        if (owners == owners[0]).all():
            self._keep(int(owners[0]), targets, places)
            return
        order = np.argsort(owners, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(owners[order])) + 1):
            self._keep(int(owners[part[0]]), targets[part], places[part])

    def _keep(self, owner: int, targets: Index, places: Index) -> None:
        self.shares.setdefault(owner, []).append((targets, places))
        if owner == len(self.tensors.steps) and stride(targets) == 1 == stride(places):
            self.homes.setdefault(int(places[0]), (int(targets[0]), len(targets)))

    def give(self, of: Rows, share: Rows) -> None:
        """The same, where a uniform number may be one operand of many batched results: its shares are summed up."""
        if of.batched == share.batched:
            self.send(of, share)
            return
        if of.stride == 0 and share.size > 1:
            total = self.new((1,), batched=True)
            self.add(Sum(total, Rows(True, share.index.reshape(-1, 1))), of)
            of, share = Rows(False, of.index.ravel()[:1]), total
        of, share = of.flat, share.flat
        if share.stride == 0:  # one share for all
            share = Rows(True, share.index[:1])
        total = self.new(share.index.shape, batched=False)
        self.add(Total(total, share), of)
        self.send(of, total)

    def add(self, step: Step, by: Rows) -> None:
        """A step of the backward pass."""
        self.steps.append((step, by))

    def collect(self, owner: int, of: Rows) -> Rows | None:
        """Where the derivatives by a step's results stand; None where there are none."""
        shares = self.shares.pop(owner, None)
        if not shares:
            return None
        shape, count = of.index.shape, of.size
        targets, places = map(np.concatenate, zip(*shares, strict=True))
        at = targets - of.index.flat[0]  # results stand one after the other
        times = np.bincount(at, minlength=count)
        if times.max() == 1:
            found = np.full(count, self.zero[of.batched])
            found[at] = places
            return Rows(of.batched, found.reshape(shape))
        silent = np.flatnonzero(times == 0)
        at = np.concatenate([at, silent])
        places = np.concatenate([places, np.full(len(silent), self.zero[of.batched])])
        times[silent] = 1
        places, total = places[np.argsort(at, kind="stable")], self.new((count,), batched=of.batched)
        several = int(times[0])
        if (times != several).any():
            self.add(Sum(total, Rows(of.batched, places), np.cumsum(times) - times), of)
        elif several == 2:
            x, y = (Rows(of.batched, column) for column in places.reshape(count, 2).T.copy())
            self.add(Map(total, "x + y", ast.parse("x + y", mode="eval").body, {"x": x, "y": y}), of)
        else:
            self.add(Sum(total, Rows(of.batched, places.reshape(count, several).T.copy())), of)
        return Rows(of.batched, total.index.reshape(shape))

    def in_order(self, count: int) -> Index:
        """New numbers of all places: shares of the parameters stand in the order of these, one table after another."""
        base, places = self.tensors.places + 1, np.arange(self.size[False])
        tables: list[Flags] = []
        later: list[Rows] = []
        for out in [step.out for step, _ in self.steps if not step.out.batched]:
            first, size = int(out.index.flat[0]), out.size
            home, shares = self.homes.get(first, (0, 0))
            if shares != size:  # some of the results, or all, are of something else than parameters
                later.append(out)
                continue
            k = next((k for k, taken in enumerate(tables) if not taken[home : home + size].any()), len(tables))
            if k == len(tables):
                tables.append(np.zeros(count, dtype=bool))
            tables[k][home : home + size] = True
            places[first : first + size] = np.arange(size) + base + k * count + home
        end = base + len(tables) * count
        for out in later:
            places[out.index.ravel()] = np.arange(end, end + out.size)
            end += out.size
        self.size[False] = end
        return places

    # ------------------------------------------------------------------------------------------ steps

    def hand_on(self, step: Step, own: Rows) -> None:
        """Give what a step reads its shares; `own` is the derivative by the step's results."""
        match step:
            case Map():
                self._map(step, own)
            case Matrix():
                self._matrix(step, own)
            case Sum(x=x):
                self.give(x, Rows(own.batched, np.broadcast_to(own.index, x.index.shape)))
            case Dot(x=x, y=y):
                self._dot(x, y, own)
            case Take(index=index, x=x):
                self._take(index, x, own)

    def _map(self, step: Map, own: Rows) -> None:
        for rows, shown, tree in _contributions(step, self.moving):
            if isinstance(tree, ast.Name) and tree.id == GRADIENT:
                self.give(rows, own)
                continue
            share = self.new(step.out.index.shape, batched=step.out.batched)
            self.add(Map(share, shown, tree, {**step.args, GRADIENT: own, OUT: step.out}), rows)
            self.give(rows, share)

    def _matrix(self, step: Matrix, own: Rows) -> None:
        if self.moving.any(step.weights):
            share = self.new(step.weights.index.shape, batched=False)
            self.add(Outer(share, own, step.x), step.weights)
            self.send(step.weights, share)
        x = Rows(True, step.x.index[: len(step.x.index) - step.bias])
        if self.moving.any(x):
            share = self.new(x.index.shape, batched=True)
            turned = Rows(False, step.weights.index[:, : len(x.index)].T.copy())
            self.add(Matrix(share, turned, own, False), x)
            self.send(x, share)

    def _dot(self, x: Rows, y: Rows, own: Rows) -> None:
        if x == y:
            self._product(x, f"2 * {GRADIENT} * y", y, own)
            return
        for rows, other in ((x, y), (y, x)):
            if self.moving.any(rows):
                self._product(rows, f"{GRADIENT} * y", other, own)

    def _take(self, index: Rows, x: Rows, own: Rows) -> None:
        if self.moving.any(x):
            of = Rows(x.batched, distinct(x.index.ravel()))
            share = self.new((of.size,), batched=x.batched)
            self.add(Spread(share, index, own, np.searchsorted(of.index, x.index)), of)
            self.send(of, share)

    def _product(self, rows: Rows, formula: str, other: Rows, own: Rows) -> None:
        share = self.new(rows.index.shape, batched=own.batched)
        tree = simplify.specialise(formula, {})
        self.add(Map(share, formula, tree, {GRADIENT: own, "y": other}), rows)
        self.give(rows, share)


def _copy(out: Rows, x: Rows) -> Map:
    return Map(out, "x", ast.Name("x", ast.Load()), {"x": x})


def _contributions(step: Map, marks: Marks) -> Iterator[tuple[Rows, str, ast.expr]]:
    """For each operand that a parameter moves: its rows, and its share as shown and as computed.

    What stands in several places of one operation, as both x of x · x, has one share.
    """
    args = step.args
    known = simplify.key({name: arg for name, arg in args.items() if isinstance(arg, float)})
    names = [name for name, arg in args.items() if isinstance(arg, Rows) and marks.any(arg)]
    twins = [next(other for other in names if args[other] == args[name]) for name in names]
    for name, shown, tree in _shares(step.op, known, tuple(zip(names, twins, strict=True))):
        yield args[name], shown, tree  # type: ignore[misc]


@cache
def _shares(op: str, known: simplify.Known, names: tuple[tuple[str, str], ...]) -> list[tuple[str, str, ast.expr]]:
    """The same by name; each of the names comes with the first that has the same rows."""
    trees = {name: _contribution(op, name, known) for name, _ in names}
    trees = {name: pair for name, pair in trees.items() if not is_number(pair[1], 0)}
    found = []
    for name in trees:
        twins = [other for other, first in names if first == dict(names)[name] and other in trees]
        if twins[0] == name:
            shown, tree = [_total(parts, twins) for parts in zip(*[trees[other] for other in twins], strict=True)]
            found.append((name, simplify.formula_of(shown), tree))
    return found


def _contribution(name: str, wrt: str, known: simplify.Known) -> tuple[ast.expr, ast.expr]:
    """gradient · d(op)/d(argument), with known numbers put in: as a textbook has it, and as it is computed."""
    op = OPS[name]
    k = op.args.index(wrt)
    numbers = simplify.numbers(known)
    return _times(op.partials[k], numbers), _times(op.computed_partials[k], numbers)


def _times(text: str | None, known: dict[str, float]) -> ast.expr:
    if text is None:
        return ast.Constant(0.0)
    gradient, partial = ast.Name(GRADIENT, ast.Load()), simplify.specialise(text, known)
    match partial:
        case ast.BinOp(left=one, op=ast.Div(), right=divisor) if is_number(one, 1):
            return ast.BinOp(gradient, ast.Div(), divisor)
    return simplify.product(gradient, partial)


def _total(trees: tuple[ast.expr, ...], twins: list[str]) -> ast.expr:
    """The sum of the shares of an operand that stands in several places, all written in its first name."""
    (total, *others), name = trees, twins[0]
    for tree, other in zip(others, twins[1:], strict=True):
        mine, theirs = simplify.rename(total, other, name), simplify.rename(tree, other, name)
        alike = simplify.code(mine) == simplify.code(theirs)
        total = simplify.product(ast.Constant(2.0), mine) if alike else ast.BinOp(mine, ast.Add(), theirs)
    return total
