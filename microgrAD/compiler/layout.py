"""Layout: where every number stands in the tables, so that what is used together is one slice.

Results of a block stand one after the other; a block is sorted by where its operands stand; parameters are put in
the order in which the matrices have them, with the bias at the end of its row.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microgrAD.compiler import tensors
from microgrAD.compiler.blocks import Block
from microgrAD.compiler.sums import Affine, Dot, Forms, Map
from microgrAD.compiler.tensors import Matrix, Rows, Step, Sum, Tensors

SMALL = 3       # of fewer nodes than this, operands that stand apart are not gathered: each is computed by itself


class _Layout:
    """Places, handed out block by block."""

    def __init__(self, forms: Forms, blocks: Sequence[Block]) -> None:
        self.forms, self.tape = forms, forms.tape
        self.line: dict[int, int] = {}          # of D, by node
        self.place: dict[int, int] = {}         # of U, by node
        self.lines, self.places = 0, 0
        self.ones: list[int] = []
        self.order: list[int] = []              # parameters in the order of their places
        # nodes that a matrix with a bias reads: ones follow them
        self.biased = {x for block in blocks if block.bias and len(block.reads[0]) == 1
                       for (x,) in block.reads}
        self._inputs(blocks)

    def _inputs(self, blocks: Sequence[Block]) -> None:
        """Inputs of one matrix stand together, with ones behind them; then all others."""
        inputs = set(self.tape.inputs)
        for block in blocks:
            if block.kind is Affine and len(block.reads[0]) == 1:
                mine = [x for (x,) in block.reads if x in inputs and x not in self.line]
                if len(mine) == len(block.reads):
                    self.add(sorted(set(mine)))
        self.add([i for i in self.tape.inputs if i not in self.line])

    def add(self, nodes: Sequence[int]) -> None:
        """Give nodes the next lines."""
        for i in nodes:
            self.line[i] = self.lines
            self.lines += 1
        if not self.biased.isdisjoint(nodes):
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
        if block.kind is not Map:
            self._sort_terms(block)
        reads = [*block.reads, *block.more]
        keys = [tuple([self._at(column[k]) for column in reads]) for k in range(len(block.nodes))]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        if 1 < len(order) < SMALL and not block.uniform and not self._contiguous([keys[k] for k in order], reads):
            return [_take(block, [k]) for k in order]
        return [_take(block, order)]

    def _sort_terms(self, block: Block) -> None:
        """The terms of each sum in the order in which they stand."""
        for k in range(len(block.nodes)):
            columns = [*block.reads, *block.more]
            pairs = [[column[k] for column in columns[a::len(block.reads)]] for a in range(len(block.reads))]
            for a, pair in enumerate(sorted(pairs, key=lambda pair: [self._at(i) for i in pair])):
                for b, i in enumerate(pair):
                    columns[a + b * len(block.reads)][k] = i

    def _at(self, i: int) -> int:
        return self.line.get(i, i)

    def _contiguous(self, keys: list[tuple[int, ...]], reads: list[list[int]]) -> bool:
        """Whether each operand is a slice, or the same for all."""
        for a, column in enumerate(reads):
            steps = {keys[k + 1][a] - keys[k][a] for k in range(len(keys) - 1)}
            if not self.forms.uniform[column[0]] and steps not in ({0}, {1}):
                return False
        return True

    def _sort_matrix(self, block: Block) -> None:
        if len(block.reads[0]) == 1:
            order = sorted(range(len(block.reads)), key=lambda k: self.line[block.reads[k][0]])
            block.reads = [block.reads[k] for k in order]
            block.weights = [[row[k] for k in order] for row in block.weights]
        parameters = set(self.tape.parameters.values())
        for k, row in enumerate(block.weights):
            for w in [*row, *block.bias[k:k + 1]]:
                if w in parameters and w not in self.place:
                    self._next_parameter(w)

    def _next_parameter(self, i: int) -> None:
        self.place[i] = len(self.order)
        self.order.append(i)

    def finish_parameters(self) -> None:
        """Parameters first, then watched leaves and constants, in order."""
        for i in self.tape.parameters.values():
            if i not in self.place:
                self._next_parameter(i)
        self.places = len(self.order)
        for i in [*self.tape.watched.values(), *self.tape.constants]:
            self.put([i])

    def put(self, nodes: Sequence[int]) -> None:
        """Give nodes the next places."""
        for i in nodes:
            self.place[i] = self.places
            self.places += 1

    # ------------------------------------------------------------------------------------------ steps

    def rows(self, table: Sequence[Sequence[int]] | Sequence[int], batched: bool) -> Rows:
        """The operand that has these nodes."""
        where = self.line if batched else self.place
        if table and not isinstance(table[0], int):
            found = [[where[i] for i in row] for row in table]      # type: ignore[union-attr]
        else:
            found = [where[i] for i in table]       # type: ignore[index, misc]
        return Rows(batched, np.array(found, dtype=np.intp))

    def step(self, block: Block) -> Step:
        """A block with places in the place of nodes."""
        uniform = self.forms.uniform
        out = self.rows(block.nodes, not block.uniform)
        if block.kind is Map:
            return tensors.Map(out, block.op, tuple(self._argument(column) for column in block.reads))
        if block.kind is Affine:
            return self._matrix(block, out)
        x = self.rows(block.reads, not uniform[block.reads[0][0]])
        if block.kind is Dot:
            return tensors.Dot(out, x, self.rows(block.more, not uniform[block.more[0][0]]))
        return Sum(out, x)

    def _argument(self, column: list[int]) -> Rows | float:
        number = self.tape.constants.get(column[0])
        if number is not None and all(i == column[0] for i in column):
            return number
        return self.rows(column, not self.forms.uniform[column[0]])

    def _matrix(self, block: Block, out: Rows) -> Matrix:
        rows, columns = len(block.weights), len(block.reads[0])
        x = self.rows(block.reads, True).index
        weights = block.weights
        if block.bias:
            weights = [[*row, b] for row, b in zip(weights, block.bias, strict=True)]
            behind = int(x.flat[-1]) + 1
            one = behind if behind in self.ones else self.ones[0]
            x = np.vstack([x, np.full((1, columns), one, dtype=np.intp)])
        return Matrix(Rows(True, out.index.reshape(rows, columns)), self.rows(weights, False), Rows(True, x),
                      bool(block.bias))


def _take(block: Block, order: list[int]) -> Block:
    """Some nodes of a block, in an order."""
    return Block(block.kind, [block.nodes[k] for k in order], [[c[k] for k in order] for c in block.reads],
                 block.uniform, block.op, [[c[k] for k in order] for c in block.more])


def arrange(forms: Forms, blocks: list[Block]) -> Tensors:
    """The tensor program of packed forms."""
    layout = _Layout(forms, blocks)
    if any(block.bias for block in blocks) and not layout.ones:
        layout.one()
    sorted_blocks: list[Block] = []
    for block in blocks:
        for piece in layout.sort(block):
            sorted_blocks.append(piece)
            if not piece.uniform:
                layout.add(piece.nodes)
    layout.finish_parameters()
    for block in sorted_blocks:
        if block.uniform:
            layout.put(block.nodes)
    tape, number = forms.tape, {i: k for k, i in enumerate(forms.tape.parameters.values())}
    return Tensors(
        layout.lines, tuple(layout.ones), tuple(layout.line[i] for i in tape.inputs), layout.places,
        tuple(number[i] for i in layout.order), tuple(layout.place[i] for i in tape.watched.values()),
        {layout.place[i]: x for i, x in tape.constants.items()},
        tuple(layout.step(block) for block in sorted_blocks), tuple(layout.line[i] for i in forms.roots),
        tuple(tuple(block.nodes) for block in sorted_blocks))
