"""The backward pass as code: every step hands gradients to what it reads, the last step first."""

from __future__ import annotations

import ast

import numpy as np

from microgrAD.compiler import simplify
from microgrAD.compiler.forward import matrix_operands, operands
from microgrAD.compiler.gradients import Gradients
from microgrAD.compiler.plan import GRADIENT, OUT, Marks, Planned, contribution
from microgrAD.compiler.simplify import is_number
from microgrAD.compiler.source import Code, Source
from microgrAD.compiler.tensors import Dot, Index, Map, Matrix, Rows, Sum, Tensors
from microgrAD.compiler.ufuncs import Writer
from microgrAD.ops import OPS


class Reverse(Gradients):
    """Writes the section `backward`."""

    def __init__(
        self, source: Source, tensors: Tensors, planned: list[Planned], moving: Marks, writers: dict[int, Writer]
    ) -> None:
        super().__init__(source, tensors)
        self.tensors, self.planned, self.moving, self.writers = tensors, planned, moving, writers

    def write(self, root: int) -> None:
        """The gradients of one line of D; its own is in G already."""
        self.source.section = "backward"
        self._count()
        self.written.lines[root] = self.still.lines[root] = True
        backward = [(k, part) for k, part in enumerate(self.planned) if part.differentiable][::-1]
        # what is batched first: uniform numbers never depend on it
        for k, part in sorted(backward, key=lambda item: not item[1].step.out.batched):
            step = part.step
            self.deliver(step.out)
            if not self.written.table(step.out)[step.out.index].any():
                continue  # nobody asked for its gradient
            self.clear(step.out)
            if isinstance(step, Map):
                self._map(step, self.writers[k] if part.section != "finish" else None)
            elif isinstance(step, Matrix):
                self._matrix(step)
            elif isinstance(step, Sum):
                if not self.share(step.x, step.out):
                    self._spread(step.x, step.out, self.own(step.out), None)
            else:
                self._dot(step)
        theta = Rows(False, np.arange(len(self.tensors.parameters)))
        self.deliver(theta)
        self.clear(theta)
        sent, self.source.sections["backward"] = self.source.sections["backward"], []
        for batched, found in self.zeros.items():
            if found:
                self.zero(batched, np.concatenate(found))
        self.source.sections["backward"] += sent

    def _count(self) -> None:
        """From how many consumers each line hears."""
        heard: dict[bool, list[Index]] = {batched: [np.empty(0, dtype=np.intp)] for batched in self.hears}
        for part in self.planned:
            step = part.step
            if not part.differentiable:
                continue
            for k, rows in enumerate(step.args if isinstance(step, Map) else step.reads):
                if isinstance(rows, Rows) and not (isinstance(step, Map) and is_number(contribution(step, k), 0)):
                    heard[rows.batched].append(rows.flat.index)
        for batched, count in self.hears.items():
            count += np.bincount(np.concatenate(heard[batched]), minlength=len(count))

    def _map(self, step: Map, writer: Writer | None) -> None:
        if writer is None:
            writer = Writer(self.source, step.out.size, {})
        trees = {
            k: contribution(step, k)
            for k, rows in enumerate(step.args)
            if isinstance(rows, Rows) and self.moving.any(rows)
        }
        trees = {k: tree for k, tree in trees.items() if not is_number(tree, 0)}
        for k, tree in trees.items():
            rows = step.args[k]
            assert isinstance(rows, Rows)
            twins = [j for j in trees if step.args[j] == rows]
            if twins[0] == k:
                self._hand_on(step, writer, rows, _total(tree, [(trees[j], j) for j in twins[1:]], k, step))

    def _hand_on(self, step: Map, writer: Writer, rows: Rows, tree: ast.expr) -> None:
        """Give `rows` a contribution."""
        if isinstance(tree, ast.Name) and tree.id == GRADIENT and self.share(rows, step.out):
            return
        self._names(step, writer, tree, rows)
        target = self.fresh(rows) if step.out.batched == rows.batched else ""
        if target:
            writer.into(target, tree)
            self.written.mark(rows)
        else:
            code = writer.value(tree)
            self.put(rows, code)
            writer.drop(code)
        self.source.section = "backward"

    def _names(self, step: Map, writer: Writer, tree: ast.expr, rows: Rows) -> None:
        """Let the writer know the operands that a contribution mentions; what never moves is written as a seed."""
        used = simplify.names(tree)
        mentioned = [
            arg
            for name, arg in zip(OPS[step.op].args, step.args, strict=True)
            if name in used and isinstance(arg, Rows)
        ]
        if (
            self.still.all(step.out)
            and self.alone(rows)
            and OUT not in used
            and not any(map(self.moving.any, mentioned))
        ):
            self.source.section = "seed"
            self.still.mark(rows)
        writer.names = {**operands(self.source, step, used), GRADIENT: self.own(step.out)}
        if OUT in used:
            writer.names[OUT] = self.source.operand(step.out)

    def _matrix(self, step: Matrix) -> None:
        weights, x = matrix_operands(self.source, step)
        own = self.source.gathered_matrix(Rows(True, self.same[step.out.index]), "G")
        if self.moving.any(step.weights):
            self._product(step.weights, own, self._turned(step.x, x), 0)
        if self.moving.any(step.x):
            terms = step.x.index.shape[0] - step.bias
            back = self.source.view("w", f"{weights}[:, :{terms}].T")
            self._product(Rows(True, step.x.index[:terms]), back, own, step.weights.index.shape[0])

    def _turned(self, rows: Rows, x: str) -> str:
        """x with rows and columns exchanged: a copy where x does not move, since that is faster."""
        view = self.source.view("x", f"{x}.T")
        if self.moving.any(rows):
            return view
        copy = self.source.view("k", f"empty({view}.shape)")
        self.source.sections["turn"].append(f"{copy}[...] = {view}")
        return copy

    def _product(self, rows: Rows, a: str, b: str, terms: int) -> None:
        """Give `rows` the matrix product of a and b, whose sums have so many terms (0: one for each row)."""
        function = "multiply" if terms == 1 else "matmul"  # a column times a row
        target = "" if self.written.any(rows) else self.source.matrix(rows, "G" if rows.batched else "V")
        if target:
            self.source.line(f"{function}({a}, {b}, out={target})")
            self.written.mark(rows)
            return
        with self.source.scratch(str(rows.size), rows.batched) as buffer:
            columns = -1 if rows.batched else rows.index.shape[1]
            product = self.source.view("m", f"{buffer.text}.reshape({rows.index.shape[0]}, {columns})")
            self.source.line(f"{function}({a}, {b}, out={product})")
            self.put(Rows(rows.batched, rows.index.ravel()), buffer)

    def _dot(self, step: Dot) -> None:
        own = self.own(step.out)
        if step.x == step.y:
            double = self.source.keep(str(step.out.size), step.out.batched)
            self.source.section = "seed" if self.still.all(step.out) else "backward"
            self.source.line(f"add({own.text}, {own.text}, out={double})")
            self.source.section = "backward"
            self._spread(step.x, step.out, Code(double, own.wide), step.x)
            return
        for rows, other in ((step.x, step.y), (step.y, step.x)):
            if self.moving.any(rows):
                self._spread(rows, step.out, own, other)

    def _spread(self, rows: Rows, out: Rows, own: Code, factor: Rows | None) -> None:
        """Give every term of a sum the gradient of the sum, times its factor in a product."""
        still = self.still.all(out) and not (factor and self.moving.any(factor))
        now = not still or self.alone(rows)
        target = self.fresh(rows) if rows.batched == own.wide and now else ""
        other = self.source.operand(factor).text if factor else ""
        flat, size, buffer = Rows(rows.batched, rows.index.ravel()), str(rows.size), Code("", own.wide)
        if not target:
            buffer = Code(self.source.keep(size, own.wide), own.wide) if still else self.source.take(size, own.wide)
        into = target or self.source.view("v", f"{buffer.text}.reshape({_shape(rows)}, -1)")
        self.source.section = "seed" if still else "backward"
        self.source.line(f"multiply({other}, {own.text}, out={into})" if factor else f"{into}[...] = {own.text}")
        self.source.section = "backward"
        if target:
            self.written.mark(rows)
            if still:
                self.still.mark(rows)
        elif still:
            self.later.append((flat, buffer))
        else:
            self.put(flat, buffer)
            self.source.free(size, buffer)


def _total(tree: ast.expr, others: list[tuple[ast.expr, int]], k: int, step: Map) -> ast.expr:
    """The sum of what an operand gets that stands in several places of one operation, as both x of x · x."""
    args = OPS[step.op].args
    for other, j in others:
        renamed = simplify.rename(other, args[j], args[k])
        mine = simplify.rename(tree, args[j], args[k])
        alike = simplify.code(mine) == simplify.code(renamed)
        tree = simplify.product(ast.Constant(2.0), mine) if alike else ast.BinOp(mine, ast.Add(), renamed)
    return tree


def _shape(rows: Rows) -> str:
    return ", ".join(map(str, rows.index.shape))
