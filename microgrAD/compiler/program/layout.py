"""Layout: where every number stands in the tables, so that what is used together is one slice.

Results of a block stand one after the other; a block is sorted by where its operands stand; parameters are put in
the order in which the matrices have them, with the bias at the end of its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from microgrAD.compiler.program import tensors
from microgrAD.compiler.program.blocks import Block
from microgrAD.compiler.program.sums import Affine, Dot, Forms, Map, Take
from microgrAD.compiler.program.tensors import Matrix, Rows, Step, Sum, Tensors
from microgrAD.compiler.record.numbers import Flags, Index, distinct

SMALL = 3  # of fewer nodes than this, operands that stand apart are not gathered: each is computed by itself
NOWHERE = -1


def _array(nodes: Iterable[int]) -> Index:
    return np.fromiter(nodes, np.intp)


class _Layout:
    """Places, handed out block by block."""

    def __init__(self, forms: Forms, blocks: Sequence[Block]) -> None:
        self.tape, count = forms.tape, len(forms.uniform)
        self.uniform = np.array(forms.uniform)
        self.line: Index = np.full(count, NOWHERE)  # of D, by node
        self.place: Index = np.full(count, NOWHERE)  # of U, by node
        self.at: Index = np.arange(count)  # the line, or without one the node itself: to sort by
        self.lines, self.places = 0, 0
        self.ones: list[int] = []
        self.parameter: Flags = np.zeros(count, dtype=bool)
        self.parameter[list(self.tape.parameters.values())] = True
        self.order: list[Index] = []  # parameters in the order of their places
        self.biased: Flags = np.zeros(count, dtype=bool)  # what a matrix with a bias reads: ones follow it
        for block in blocks:
            if block.bias.size and block.reads.shape[1] == 1:
                self.biased[block.reads] = True
        self._inputs(blocks)
        if any(block.bias.size for block in blocks) and not self.ones:
            self.one()

    def _inputs(self, blocks: Sequence[Block]) -> None:
        """Inputs of one matrix stand together, with ones behind them; then all others."""
        inputs = np.zeros(len(self.line), dtype=bool)
        inputs[self.tape.inputs] = True
        for block in blocks:
            if block.kind is Affine and block.reads.shape[1] == 1:
                mine = block.reads[:, 0]
                if (inputs[mine] & (self.line[mine] == NOWHERE)).all():
                    self.add(distinct(mine))
        self.add(_array(i for i in self.tape.inputs if self.line[i] == NOWHERE))

    def add(self, nodes: Index) -> None:
        """Give nodes the next lines."""
        self.line[nodes] = self.at[nodes] = np.arange(self.lines, self.lines + len(nodes))
        self.lines += len(nodes)
        if self.biased[nodes].any():
            self.one()

    def one(self) -> int:
        """A new line of ones."""
        self.ones.append(self.lines)
        self.lines += 1
        return self.lines - 1

    def sort(self, block: Block) -> list[Block]:
        """A block in its final order; in pieces where its operands are few and scattered."""
        if block.kind is Affine:
            self._sort_matrix(block)
            return [block]
        if block.kind is Take:
            first = np.concatenate([self.at[block.more], self.at[block.reads[:1]]])
            return [_chosen(block, np.lexsort(first))]
        if block.kind is not Map:
            self._sort_terms(block)
        if len(block.nodes) == 1:
            return [block]
        keys = self.at[block.reads]
        if block.more.size:
            keys = np.concatenate([keys, self.at[block.more]])
        order = np.lexsort(keys[::-1])
        if len(order) < SMALL and not block.uniform and not self._contiguous(block, keys[:, order]):
            return [_chosen(block, order[k : k + 1]) for k in range(len(order))]
        return [_chosen(block, order)]

    def _sort_terms(self, block: Block) -> None:
        """The terms of each sum in the order in which they stand."""
        keys = [self.at[block.reads]]
        if block.more.size:
            keys = [self.at[block.more], *keys]
        order = np.lexsort(keys, axis=0)
        block.reads = np.take_along_axis(block.reads, order, 0)
        if block.more.size:
            block.more = np.take_along_axis(block.more, order, 0)

    def _contiguous(self, block: Block, keys: Index) -> bool:
        """Whether each operand is a slice, or the same for all."""
        reads = np.concatenate([block.reads[:, 0], block.more[:, 0]]) if block.more.size else block.reads[:, 0]
        steps = np.diff(keys, axis=1)
        even = (steps == 0).all(axis=1) | (steps == 1).all(axis=1)
        return bool((even | self.uniform[reads]).all())

    def _sort_matrix(self, block: Block) -> None:
        if block.reads.shape[1] == 1:
            order = np.argsort(self.line[block.reads[:, 0]], kind="stable")
            block.reads, block.weights = block.reads[order], block.weights[:, order]
        table = np.column_stack([block.weights, block.bias]) if block.bias.size else block.weights
        self._next_parameters(table.ravel())

    def _next_parameters(self, nodes: Index) -> None:
        new = nodes[self.parameter[nodes] & (self.place[nodes] == NOWHERE)]
        new = new[np.sort(np.unique(new, return_index=True)[1])]
        self.put(new)
        self.order.append(new)

    def finish_parameters(self) -> None:
        """All other parameters, then watched leaves and constants, in order."""
        self._next_parameters(_array(self.tape.parameters.values()))
        self.put(_array([*self.tape.watched.values(), *self.tape.constants]))

    def put(self, nodes: Index) -> None:
        """Give nodes the next places."""
        self.place[nodes] = np.arange(self.places, self.places + len(nodes))
        self.places += len(nodes)

    # ------------------------------------------------------------------------------------------ steps

    def rows(self, nodes: Index, batched: bool) -> Rows:
        """The operand that has these nodes."""
        return Rows(batched, (self.line if batched else self.place)[nodes])

    def read(self, nodes: Index) -> Rows:
        """The operand, in the table where its first node stands."""
        return self.rows(nodes, not self.uniform[nodes.flat[0]])

    def step(self, block: Block) -> Step:
        """A block with places in the place of nodes."""
        out = self.rows(block.nodes, not block.uniform)
        if block.kind is Map:
            return tensors.operation(out, block.op, [self.read(row) for row in block.reads])
        if block.kind is Affine:
            return self._matrix(block, out)
        if block.kind is Take:
            return tensors.Take(out, self.read(block.more[0]), self.read(block.reads))
        if block.kind is Dot:
            return tensors.Dot(out, self.read(block.reads), self.read(block.more))
        return Sum(out, self.read(block.reads))

    def _matrix(self, block: Block, out: Rows) -> Matrix:
        rows, columns = len(block.weights), block.reads.shape[1]
        x, weights = self.line[block.reads], block.weights
        if block.bias.size:
            weights = np.column_stack([weights, block.bias])
            behind = int(x.flat[-1]) + 1
            x = np.vstack([x, np.full((1, columns), behind if behind in self.ones else self.ones[0])])
        return Matrix(
            Rows(True, out.index.reshape(rows, columns)),
            self.rows(weights, False),
            Rows(True, x),
            bool(block.bias.size),
        )


def _chosen(block: Block, order: Index) -> Block:
    """Some nodes of a block, in an order."""
    return Block(
        block.kind,
        block.nodes[order],
        block.reads[:, order],
        block.uniform,
        block.op,
        block.more[:, order] if block.more.size else block.more,
    )


def arrange(forms: Forms, blocks: list[Block]) -> Tensors:
    """The tensor program of packed forms."""
    layout = _Layout(forms, blocks)
    ordered: list[Block] = []
    for block in blocks:
        for piece in layout.sort(block):
            ordered.append(piece)
            if not piece.uniform:
                layout.add(piece.nodes)
    layout.finish_parameters()
    for block in ordered:
        if block.uniform:
            layout.put(block.nodes)
    tape = forms.tape
    number = np.full(len(forms.uniform), NOWHERE)
    number[list(tape.parameters.values())] = np.arange(len(tape.parameters))
    return Tensors(
        layout.lines,
        tuple(layout.ones),
        tuple(layout.line[tape.inputs].tolist()),
        layout.places,
        tuple(number[np.concatenate(layout.order)].tolist()),
        tuple(layout.place[[*tape.watched.values()]].tolist()),
        {int(layout.place[i]): x for i, x in tape.constants.items()},
        tuple([layout.step(block) for block in ordered]),
        tuple(layout.line[forms.roots].tolist()),
        tuple([block.nodes for block in ordered]),
    )
