"""Which scalar operation went into which step: what a picture of scalars and matrices side by side is made from."""

from __future__ import annotations

from collections.abc import Iterator

from microgrAD.compiler.program.tensors import Dot, Rows, Tensors
from microgrAD.compiler.record.rules import TIMES
from microgrAD.compiler.record.tape import Tape


def steps_of(tape: Tape, tensors: Tensors) -> dict[int, int]:
    """For each operation of the tape that the roots need, the number of the step that computes it or is its part."""
    found = {i: k for k, nodes in enumerate(tensors.nodes) for i in nodes.tolist() if i < len(tape)}
    live = tape.live().tolist()
    inside = dict(_products(tape, tensors))
    for i, args in enumerate(tape.args):  # products of a Dot that has no node of the tape, and their sums
        if live[i] and tape.op[i] and i not in found:
            steps = {found.get(j) for j in args if tape.op[j]}
            k = inside.get(frozenset(args)) if tape.op[i] == TIMES else None
            if k is None and len(steps) == 1 and steps <= set(inside.values()):
                k = steps.pop()
            if k is not None:
                found[i] = k
    for i in range(len(tape) - 1, -1, -1):  # what else has no result of its own is a part of what uses it
        if live[i] and tape.op[i] and i in found:
            for j in tape.args[i]:
                if tape.op[j]:
                    found.setdefault(j, found[i])
    return {i: k for i, k in sorted(found.items()) if live[i] and tape.op[i]}


def _products(tape: Tape, tensors: Tensors) -> Iterator[tuple[frozenset[int], int]]:
    """The factors of each product in a Dot whose result is no node of the tape, with the number of the step."""
    parameters = list(tape.parameters.values())
    lines = dict(zip(tensors.inputs, tape.inputs, strict=True))
    places = dict(enumerate([parameters[k] for k in tensors.parameters]))
    places.update(zip([*tensors.watched, *tensors.constants], [*tape.watched.values(), *tape.constants], strict=True))
    for k, (step, nodes) in enumerate(zip(tensors.steps, tensors.nodes, strict=True)):
        table = lines if step.out.batched else places
        table.update(zip(step.out.index.ravel().tolist(), nodes.tolist(), strict=True))
        if isinstance(step, Dot) and nodes.min() >= len(tape):
            for x, y in zip(_nodes(step.x, lines, places), _nodes(step.y, lines, places), strict=True):
                yield frozenset((x, y)), k


def _nodes(rows: Rows, lines: dict[int, int], places: dict[int, int]) -> list[int]:
    """The nodes that stand in some rows."""
    return [(lines if rows.batched else places)[i] for i in rows.index.ravel().tolist()]


def depths(tape: Tape) -> list[int]:
    """How many operations stand before each node: 0 for a leaf."""
    depth = [0] * len(tape)
    for i, args in enumerate(tape.args):
        if tape.op[i]:
            depth[i] = 1 + max([depth[j] for j in args])
    return depth
