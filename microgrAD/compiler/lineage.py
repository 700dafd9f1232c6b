"""Which scalar operation went into which step: what a picture of scalars and matrices side by side is made from."""

from __future__ import annotations

from microgrAD.compiler.tape import Tape
from microgrAD.compiler.tensors import Tensors


def steps_of(tape: Tape, tensors: Tensors) -> dict[int, int]:
    """For each operation of the tape that the roots need, the number of the step that computes it or is its part."""
    found = {i: k for k, nodes in enumerate(tensors.nodes) for i in nodes.tolist() if i < len(tape)}
    live = tape.live()
    for i in range(len(tape) - 1, -1, -1):          # what has no result of its own is a part of what uses it
        if live[i] and tape.op[i] and i in found:
            for j in tape.args[i]:
                if tape.op[j]:
                    found.setdefault(j, found[i])
    return {i: k for i, k in sorted(found.items()) if live[i] and tape.op[i]}


def depths(tape: Tape) -> list[int]:
    """How many operations stand before each node: 0 for a leaf."""
    depth = [0] * len(tape)
    for i, args in enumerate(tape.args):
        if tape.op[i]:
            depth[i] = 1 + max([depth[j] for j in args])
    return depth
