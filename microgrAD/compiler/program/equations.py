"""A tensor program as a paper would write it: one equation a step.

θ       the parameters in their order; W1, b1 those of the first matrix product
h1      the results of steps, for each row of the batch; u1 those that are one for all rows
δh1     the derivative of the root by h1, or a share of it: δh1′, δh1″ where there are several
∂W1     the derivative by parameters
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from microgrAD import formula
from microgrAD.compiler.program.adjoint import Backward
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
)
from microgrAD.compiler.record.numbers import Index, distinct, stride
from microgrAD.compiler.record.tape import Tape
from microgrAD.operators import Value


class Equation(NamedTuple):
    """A step in words: what it makes, of what, and how many numbers that is for one row."""

    left: str
    right: str
    size: str


class Pass(NamedTuple):
    """The equations of the forward or the backward pass; printed, they stand in columns."""

    equations: list[Equation]

    def __str__(self) -> str:
        return _columns(self.equations)


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
        self.counts: dict[str, int] = {}
        self.matrices: dict[Rows, str] = {}

    def define(self, rows: Rows, name: str = "") -> str:
        """Name the results of a step."""
        letter = name or ("h" if rows.batched else "u")
        self.counts[letter] = count = self.counts.get(letter, 0) + 1
        name = name + "′" * (count - 1) if name else f"{letter}{count}"
        where = self.lines if rows.batched else self.places
        for k, i in enumerate(rows.index.ravel().tolist()):
            where[i] = f"{name}[{k}]" if rows.size > 1 else name
        return name

    def matrix(self, step: Matrix) -> None:
        """Name the weights of a matrix product, and the same with rows and columns exchanged."""
        if step.weights not in self.matrices:
            name = f"W{sum(not name.endswith('ᵀ') for name in self.matrices.values()) + 1}"
            self.matrices[step.weights] = name
            terms = step.weights.index.shape[1] - step.bias
            self.matrices.setdefault(Rows(False, step.weights.index[:, :terms].T.copy()), f"{name}ᵀ")

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
    head = (
        f"{tape.operations()} operations on {len(inputs)} numbers a row and {len(parameters)} parameters, "
        f"in {len(found)} steps"
    )
    return f"{head}\n{_columns([*found, Equation('value', root_name(tensors, found), over)])}"


def _columns(rows: Sequence[Equation]) -> str:
    widths = [max([len(row[k]) for row in rows], default=0) for k in range(2)]
    lines = [f"    {left:>{widths[0]}} = {right:{widths[1]}}    {size}" for left, right, size in rows]
    return "\n".join(map(str.rstrip, lines))


def equations(tensors: Tensors, inputs: Sequence[str], labels: Sequence[str]) -> list[Equation]:
    """One for each step. `inputs` names the numbers of a row, `labels` the parameters; equal weights are one matrix."""
    return _forward(tensors, _Names(tensors, inputs, labels))


def _forward(tensors: Tensors, names: _Names) -> list[Equation]:
    found = []
    for step in tensors.steps:
        if isinstance(step, Matrix):
            names.matrix(step)
        right = _right(step, names)
        found.append(Equation(names.define(step.out), right, _size(step)))
    return found


def derivatives(
    tensors: Tensors, backward: Backward | None, inputs: Sequence[str], labels: Sequence[str]
) -> list[Equation]:
    """One for each step of the backward pass, in its order."""
    names = _Names(tensors, inputs, labels)
    before, found = _forward(tensors, names), []
    if backward is None:
        return []
    names.lines[backward.seeds] = "δ" + root_name(tensors, before)
    for step, by in zip(backward.steps, backward.by, strict=True):
        right, name = _right(step, names), names.matrices.get(by) or names.of(by)
        name = (("δ" if by.batched else "∂") + name) if name.isalnum() else "g"
        found.append(Equation(names.define(step.out, name), right, _size(step)))
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


def _right(step: Step, names: _Names) -> str:
    match step:
        case Map(shown=shown, args=args):
            given = {
                name: f"{arg:.6g}".replace("-", "−") if isinstance(arg, float) else names.of(arg)
                for name, arg in args.items()
            }
            return formula.text(shown, given)
        case Matrix(x=x, bias=bias, weights=weights):
            name, shown = (
                names.matrices.get(weights) or names.of(weights),
                _columns_of(x.index[:-1] if bias else x.index, names),
            )
            return f"{name} {shown} + b{name[1:]}" if bias else f"{name} {shown}"
        case Sum(x=x):
            return f"Σ {names.of(x)}"
        case Dot(x=x, y=y):
            return f"{names.of(x)} · {names.of(y)}"
        case Outer(x=x, y=y):
            bias = int(y.index[-1, 0]) in names.ones
            right = _columns_of(y.index[:-1] if bias else y.index, names)
            return f"Σ {_columns_of(x.index, names)} {f'({right}, 1)' if bias else right}ᵀ"
        case Total(x=x):
            return f"Σ {names.of(x)} over the rows"
        case Take(index=index, x=x):
            return f"{names.of(_each_once(x))} at {names.of(_each_once(index))}"
        case Spread(index=index, x=x):
            return f"Σ {names.of(x)} at {names.of(_each_once(index))}"


def _each_once(rows: Rows) -> Rows:
    return Rows(rows.batched, distinct(rows.index.ravel()))


def _columns_of(index: Index, names: _Names) -> str:
    """An operand of a matrix product."""
    one = index.shape[1] == 1
    return names.of(Rows(True, index)) if one else f"{_source(index, names)} in {index.shape[1]} places"


def _source(index: Index, names: _Names) -> str:
    """Where the many windows of a matrix product look: the names without their places."""
    bases = dict.fromkeys(names.lines[int(i)].partition("[")[0] for i in index.ravel() if int(i) in names.lines)
    return ", ".join(bases)


def _size(step: Step) -> str:
    if isinstance(step, Outer):
        return " × ".join(map(str, step.out.index.shape))
    if isinstance(step, Matrix):
        rows, terms = step.weights.index.shape
        times = step.x.index.shape[1]
        return f"{rows} × {terms - step.bias}" + (f", {times} times" if times > 1 else "")
    return f"{step.out.size}"
