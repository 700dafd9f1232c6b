"""A compiled program as lines of code: a function of its parameters and of the rows.

theta    the parameters, as one array
x        the rows, turned: (inputs, rows)
W1, b1   the weights and the bias of the first matrix product, and so on
h1       the results of a step for each row; u1: the results that are one for all rows
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

import numpy as np

from microgrAD.compiler.program import simplify
from microgrAD.compiler.program.adjoint import Backward
from microgrAD.compiler.program.tensors import Dot, Map, Matrix, Outer, Rows, Spread, Step, Sum, Take, Tensors, Total
from microgrAD.compiler.record.numbers import Index
from microgrAD.ops import OPS
from microgrAD.twins.write.pages import assigned, returned
from microgrAD.twins.write.tables import Names
from microgrAD.twins.write.wording import Wording, code, number


class Matrices:
    """The lines of one program.

    Arguments:
        tensors: the program.
        watched: the numbers of its watched leaves.
        places: for each number of theta, its place in the program.
        wording: how operations are written.
        module: what arrays are called by, such as np.
    """

    def __init__(
        self, tensors: Tensors, watched: Sequence[float], places: Index, wording: Wording, module: str
    ) -> None:
        self.tensors, self.places, self.wording, self.module = tensors, places, wording, module
        self.names = Names(f"{module}.concatenate([{{}}])", f"[{module}.array({{}})]" if module == "jnp" else "[{}]")
        self.counts: dict[str, int] = {}
        self.weights: dict[Rows, str] = {}
        self.start: list[str] = []
        self._leaves(watched)
        self.forward = [line for step in tensors.steps for line in self._lines(step)]

    @property
    def total(self) -> str:
        """The values of the rows, each times what it counts, and summed."""
        root = self.names.flat(Rows(True, np.array(self.tensors.roots)))
        return f"({root} * weights).sum()"

    def lines(self) -> list[str]:
        """The forward pass, which returns the value."""
        return [*self._begun(self.forward), returned(self.total)]

    def with_gradient(self, backward: Backward) -> list[str]:
        """Both passes, which return the value and the gradient."""
        self.names.define(Rows(True, np.array([backward.seeds])), "seeds")
        self.names.define(Rows(True, np.array([backward.zero])), "none")
        self.names.define(Rows(False, np.array([self.tensors.places])), "zero")
        forward, total = self.forward, self.total
        lines = [line for step in backward.steps for line in self._lines(step, "d")]
        found, known = Rows(False, backward.gradient.index[self.places]), self.names.spots[False]
        moves = all(i in known for i in found.index.tolist())
        gradient = self.names.flat(found) if moves else "np.zeros(len(theta))"
        body = [*forward, f"value = {total}", "", "seeds = weights[None]", *lines, f"return value, {gradient}"]
        return self._begun(body)

    def _begun(self, lines: list[str]) -> list[str]:
        """The lines after those that define what they use."""
        used = "\n".join(lines)
        here = f"{self.module}.ones"
        start = {
            "one": f"one = {here}((1, x.shape[1]))",
            "none": f"none = {self.module}.zeros((1, x.shape[1]))",
            "zero": f"zero = {self.module}.zeros(1)",
        }
        return [*self.start, *[line for word, line in start.items() if re.search(rf"\b{word}\b", used)], *lines]

    def _leaves(self, watched: Sequence[float]) -> None:
        tensors, names = self.tensors, self.names
        names.define(Rows(True, np.array(tensors.inputs, dtype=int)), "x")
        names.define(Rows(False, self.places), "theta")
        for line in tensors.ones:
            names.define(Rows(True, np.array([line])), "one")
        known = dict(zip(tensors.watched, watched, strict=True)) | tensors.constants
        if known:
            names.define(Rows(False, np.array([*known])), "c")
            numbers = ", ".join(repr(float(x)) for x in known.values())
            self.start.append(assigned("c", f"{self.module}.asarray([{numbers}])"))

    # ------------------------------------------------------------------------------------------ steps

    def _lines(self, step: Step, letter: str = "") -> list[str]:
        before, right = self._right(step)
        name = self._new(letter or ("h" if step.out.batched else "u"))
        self.names.define(step.out, name)
        return [*before, assigned(name, right)]

    def _new(self, letter: str) -> str:
        self.counts[letter] = count = self.counts.get(letter, 0) + 1
        return f"{letter}{count}"

    def _right(self, step: Step) -> tuple[list[str], str]:
        match step:
            case Map():
                return [], self._map(step)
            case Matrix():
                return self._matrix(step)
            case Sum(x=x, starts=starts) if starts is not None:
                ends = [*starts[1:].tolist(), x.size]
                flat = self.names.flat(x)
                runs = [f"{flat}[{a}:{b}].sum(0)" for a, b in zip(starts.tolist(), ends, strict=True)]
                return [], f"{self.module}.stack([{', '.join(runs)}])"
            case Sum(x=x):
                return [], f"{self.names.shaped(x)}.sum(0)"
            case Dot(x=x, y=y):
                left, right = self._operand(x, step.out), self._operand(y, step.out)
                return [], f"({left} * {right}).sum(0)"
            case Take(index=index, x=x):
                return [], self._take(self._operand(x, step.out), self._operand(index, step.out))
            case Spread():
                return [], self._spread_out(step)
            case Outer(x=x, y=y):
                return [], f"({self.names.table(x)} @ {self.names.table(y)}.T).reshape(-1)"
            case Total(x=x):
                return [], f"{self.names.flat(x)}.sum(-1)"
        raise AssertionError(step)

    def _take(self, x: str, index: str) -> str:
        """Return a lookup: for each column, the number in the row that the index says."""
        if self.module == "torch":
            return f"torch.take_along_dim({x}, ({index})[None].long(), 0)[0]"
        return f"{self.module}.take_along_axis({x}, ({index})[None].astype(int), 0)[0]"

    def _spread_out(self, step: Spread) -> str:
        """Return the backward pass of a lookup: each number goes to the place that its index says."""
        self.wording.helpers["spread"] = _SPREAD
        index, x = [self.names.flat(rows) + ("" if rows.batched else "[:, None]") for rows in (step.index, step.x)]
        total = f"spread(np.zeros(({step.out.size}, x.shape[1])), {step.places.tolist()}, {index}, {x})"
        return total if step.out.batched else f"{total}.sum(1)"

    def _map(self, step: Map) -> str:
        given = {
            name: number(arg) if isinstance(arg, float) else _raw(self._operand(arg, step.out))
            for name, arg in step.args.items()
        }
        if step.op and self.module != "np":
            tree = self.wording.operation(OPS[step.op], [given[arg] for arg in OPS[step.op].args])
        else:
            tree = self.wording.formula(simplify.formula_of(step.tree), given)
        text = code(tree)
        spread = self._spread(step)
        return text if spread is None else f"({text}){spread}"

    def _spread(self, step: Map) -> str | None:
        """Return what brings the results of a step back to (numbers, rows)."""
        shape = step.out.index.shape
        if len(shape) == 1:
            return None
        return ".reshape(" + ("-1, x.shape[1])" if step.out.batched else "-1)")

    def _operand(self, rows: Rows, out: Rows) -> str:
        """Return an operand beside results: one that is the same for all rows gets an axis for them."""
        text = self.names.shaped(rows)
        return f"{text}[..., None]" if out.batched and not rows.batched else text

    def _matrix(self, step: Matrix) -> tuple[list[str], str]:
        lines: list[str] = []
        if (name := self.weights.get(step.weights)) is None:
            name = self.weights[step.weights] = self._new("W")
            shape = ", ".join(map(str, step.weights.index.shape))
            lines.append(assigned(name, f"{self.names.flat(step.weights)}.reshape({shape})"))
            if step.bias:
                lines.append(f"{name}, b{name[1:]} = {name}[:, :-1], {name}[:, -1:]")
        x = Rows(True, step.x.index[:-1]) if step.bias else step.x
        text = f"{name} @ {self.names.table(x)}" + (f" + b{name[1:]}" if step.bias else "")
        return lines, text if x.index.shape[1] == 1 else f"({text}).reshape(-1, x.shape[1])"


def _raw(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


_SPREAD = """def spread(total, places, index, x):
    at = np.array(places)[index.astype(int), np.arange(len(index))[:, None]]
    at, x, column = np.broadcast_arrays(at, x, np.arange(total.shape[1]))
    np.add.at(total, (at, column), x)
    return total
"""
