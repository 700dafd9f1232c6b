"""A tensor program as a paper would write it: one equation a step.

θ       the parameters in their order; W1, b1 those of the first matrix product
h1      the results of steps, for each row of the batch; u1 those that are one for all rows
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from microgrAD import formula
from microgrAD.compiler.tape import Tape
from microgrAD.compiler.tensors import Dot, Index, Map, Matrix, Rows, Step, Sum, Tensors, stride
from microgrAD.operators import Value
from microgrAD.ops import OPS


class Equation(NamedTuple):
    """A step in words: what it makes, of what, and how many numbers that is for one row."""

    left: str
    right: str
    size: str


class _Names:
    """What lines and places are called."""

    def __init__(self, tensors: Tensors, inputs: Sequence[str], labels: Sequence[str]) -> None:
        self.tensors, self.labels = tensors, labels
        self.lines = dict(zip(tensors.inputs, inputs, strict=True))
        self.places: dict[int, str] = {}
        for place, number in enumerate(tensors.parameters):
            label = labels[number]
            self.places[place] = label if label and labels.count(label) == 1 else f"θ[{number}]"
        for k, place in enumerate(tensors.watched):
            self.places[place] = f"c[{k}]"
        for place, constant in tensors.constants.items():
            self.places[place] = f"{constant:.6g}"
        self.ones = set(tensors.ones)
        self.counts = {"h": 0, "u": 0}

    def define(self, rows: Rows) -> str:
        """Name the results of a step."""
        letter = "h" if rows.batched else "u"
        self.counts[letter] += 1
        name = f"{letter}{self.counts[letter]}"
        where = self.lines if rows.batched else self.places
        for k, i in enumerate(rows.index.ravel().tolist()):
            where[i] = f"{name}[{k}]" if rows.size > 1 else name
        return name

    def of(self, rows: Rows) -> str:
        """What an operand is called: h1, x[2:5], or several such things."""
        flat = rows.index.ravel()
        if not rows.batched and flat.size > 1 and np.array_equal(flat, np.arange(len(self.tensors.parameters))):
            return "θ"
        where = self.lines if rows.batched else self.places
        if stride(flat) == 0:
            flat = flat[:1]
        parts = _joined([where.get(int(i), "1") for i in flat], self._sizes(where))
        return parts[0] if len(parts) == 1 else f"({', '.join(parts[:4])}{', …' if len(parts) > 4 else ''})"

    @staticmethod
    def _sizes(where: dict[int, str]) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for name in where.values():
            base = name.partition("[")[0]
            sizes[base] = sizes.get(base, 0) + 1
        return sizes


def _joined(names: list[str], sizes: dict[str, int]) -> list[str]:
    """h1[0], h1[1], h1[2] as h1[0:3], or as h1 where that is all of it; h1[0], h1[2], h1[4] as h1[0:5:2]."""
    parts: list[str] = []
    start = 0
    while start < len(names):
        base, first = _split(names[start])
        numbers = [first]
        for name in names[start + 1 :]:
            other, k = _split(name)
            step = numbers[1] - first if len(numbers) > 1 else k - first
            if other != base or k < 0 or step <= 0 or k != numbers[-1] + step:
                break
            numbers.append(k)
        if len(numbers) == 2 and numbers[1] != first + 1:
            numbers.pop()  # two numbers make no row
        step = numbers[1] - first if len(numbers) > 1 else 1
        if first < 0 or len(numbers) == 1:
            part = names[start]
        else:
            part = (
                base
                if len(numbers) == sizes.get(base)
                else f"{base}[{first}:{numbers[-1] + 1}{f':{step}' if step > 1 else ''}]"
            )
        if first >= 0 or part not in parts:
            parts.append(part)
        start += len(numbers)
    return parts


def _split(name: str) -> tuple[str, int]:
    """h1[3] as h1 and 3; a name without one number in brackets as itself and -1."""
    base, _, rest = name.partition("[")
    return (base, int(rest[:-1])) if rest[:-1].isdigit() else (name, -1)


def described(tensors: Tensors, tape: Tape, inputs: Sequence[str], parameters: Sequence[Value], over: str) -> str:
    """The equations in columns, under a line that says what was recorded."""
    found = equations(tensors, inputs, [p.label for p in parameters])
    rows = [*found, Equation("value", root_name(tensors, found), over)]
    widths = [max([len(row[k]) for row in rows]) for k in range(2)]
    head = (
        f"{tape.operations()} operations on {len(inputs)} numbers a row and {len(parameters)} parameters, "
        f"in {len(found)} steps"
    )
    return "\n".join(
        [head, *[f"    {left:>{widths[0]}} = {right:{widths[1]}}    {size}".rstrip() for left, right, size in rows]]
    )


def equations(tensors: Tensors, inputs: Sequence[str], labels: Sequence[str]) -> list[Equation]:
    """One for each step. `inputs` names the numbers of a row, `labels` the parameters; equal weights are one matrix."""
    names, found, matrices = _Names(tensors, inputs, labels), [], dict[Rows, int]()
    for step in tensors.steps:
        number = matrices.setdefault(step.weights, len(matrices) + 1) if isinstance(step, Matrix) else 0
        right = _right(step, names, number)
        found.append(Equation(names.define(step.out), right, _size(step)))
    return found


def root_name(tensors: Tensors, found: Sequence[Equation]) -> str:
    """What the results of the program are called."""
    where = {
        int(i): (equation.left if step.out.size == 1 else f"{equation.left}[{k}]")
        for equation, step in zip(found, tensors.steps, strict=True)
        if step.out.batched
        for k, i in enumerate(step.out.index.ravel())
    }
    parts = _joined([where[i] for i in tensors.roots], {})
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


def _right(step: Step, names: _Names, number: int) -> str:
    match step:
        case Map(op=op, args=args):
            given = {
                name: f"{arg:.6g}".replace("-", "−") if isinstance(arg, float) else names.of(arg)
                for name, arg in zip(OPS[op].args, args, strict=True)
            }
            return formula.text(OPS[op].value, given)
        case Matrix(x=x, bias=bias):
            shown = (
                names.of(Rows(True, x.index[:-1] if bias else x.index))
                if x.index.shape[1] == 1
                else f"{_source(x.index, names)} in {x.index.shape[1]} places"
            )
            return f"W{number} {shown}" + (f" + b{number}" if bias else "")
        case Sum(x=x):
            return f"Σ {names.of(x)}"
        case Dot(x=x, y=y):
            return f"{names.of(x)} · {names.of(y)}"


def _source(index: Index, names: _Names) -> str:
    """Where the many windows of a matrix product look: the names without their places."""
    bases = dict.fromkeys(names.lines[int(i)].partition("[")[0] for i in index.ravel() if int(i) in names.lines)
    return ", ".join(bases)


def _size(step: Step) -> str:
    if isinstance(step, Matrix):
        rows, terms = step.weights.index.shape
        times = step.x.index.shape[1]
        return f"{rows} × {terms - step.bias}" + (f", {times} times" if times > 1 else "")
    return f"{step.out.size}"
