"""Small graphs on small batches as plain Python numbers: a few rows of a few operations cost less so than one call
of NumPy for each block.

The code computes one row after the other; what is uniform is computed before and after that loop. A number that is
not finite leads to `Fault`, and the tensor program then finds out what happened.
"""

from __future__ import annotations

import ast
import math
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microgrAD import formula, operators
from microgrAD.compiler.program import simplify
from microgrAD.compiler.program.functions import define
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.rules import keeps_faults, monomials
from microgrAD.compiler.record.tape import Tape
from microgrAD.ops import OPS

FAULTS: tuple[type[Exception], ...] = (*operators.FAULTS, FloatingPointError)
_TOGETHER = 100  # so many numbers are added up in one line
_OPS_BY_NUMPY = {formula.numpy_name(op): name for name, op in OPS.items()}


class _Python(ast.NodeTransformer):
    """A NumPy reading as plain Python again, over given names."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.parse(self.names[node.id], mode="eval").body if node.id in self.names else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        name, args = node.func.id, [self.visit(arg) for arg in node.args]
        if name == simplify.WHERE:
            return ast.IfExp(*args)
        if name in (simplify.AND, simplify.OR):
            return ast.BoolOp(ast.And() if name == simplify.AND else ast.Or(), args)
        return ast.Call(ast.Name(f"_{_OPS_BY_NUMPY.get(name, name)}", ast.Load()), args, [])


class Scalars:
    """The text of gradient(theta, watched, rows) and values(theta, watched, rows); rows have their seed at the end."""

    def __init__(self, tape: Tape) -> None:
        self.tape, self.live = tape, tape.live().tolist()
        self.name: list[str] = [f"v{i}" for i in range(len(tape))]
        for prefix, leaves in (("p", tape.parameters.values()), ("c", tape.watched.values()), ("x", tape.inputs)):
            for k, i in enumerate(leaves):
                self.name[i] = f"{prefix}{k}"
        for i, number in tape.constants.items():
            self.name[i] = repr(number) if number >= 0 else f"({number!r})"
        self.moving = self._moving()
        self.gradient: dict[int, str] = {}  # where the gradient of a node stands
        self.uses = Counter(j for i, alive in enumerate(self.live) if alive for j in tape.args[i])
        self.space: dict[str, Any] = {}

    def _moving(self) -> list[bool]:
        """What depends on a parameter."""
        moving = [False] * len(self.tape)
        for i in self.tape.parameters.values():
            moving[i] = True
        for i, args in enumerate(self.tape.args):
            if self.tape.op[i]:
                moving[i] = any(moving[j] for j in args)
        return moving

    def write(self) -> str:
        """The source of both functions."""
        tape = self.tape
        nodes = [i for i in range(len(tape)) if tape.op[i] and self.live[i]]
        before = [i for i in nodes if tape.uniform[i]]
        inside = [i for i in nodes if not tape.uniform[i]]
        (root,) = tape.roots
        sums = [i for i in [*tape.parameters.values(), *before] if self.moving[i]]
        self.gradient = {i: f"g_{self.name[i]}" for i in sums}  # these add up over the rows
        back = [f"{self.gradient[root]} += seed"] if root in self.gradient else []
        self.gradient.setdefault(root, "seed")
        back += [line for i in reversed(inside) for line in self._backward(i)]
        last = [line for i in reversed(before) for line in self._backward(i)]
        zeros = [f"g_{self.name[i]} = 0.0" for i in sums]
        first, loop = self._forward(before), self._forward(inside)
        result = ", ".join([f"g_{self.name[i]}" for i in tape.parameters.values()])
        return (
            self._function(
                "gradient",
                ["bad = 0.0", *first, *zeros],
                [*loop, *back],
                [*last, "if bad:", "    raise FloatingPointError", f"return [{result}]"],
            )
            + "\n"
            + self._function(
                "values",
                ["bad, found = 0.0, []", *first],
                [*loop, f"found.append({self.name[root]})"],
                ["if bad or sum(found) * 0.0:", "    raise FloatingPointError", "return found"],
            )
        )

    def _function(self, name: str, before: list[str], loop: list[str], after: list[str]) -> str:
        row = ", ".join([*[self.name[i] for i in self.tape.inputs], "seed"])
        body = [*self._unpack(), *before, f"for {row}, in rows:", *[f"    {line}" for line in loop or ["pass"]], *after]
        return f"def {name}(theta, watched, rows):\n" + textwrap.indent("\n".join(body), "    ") + "\n"

    def _unpack(self) -> list[str]:
        found = []
        for leaves, source in ((self.tape.parameters, "theta"), (self.tape.watched, "watched")):
            if leaves:
                found.append(f"{', '.join([self.name[i] for i in leaves.values()])}, = {source}")
        return found

    # ------------------------------------------------------------------------------------------ nodes

    def _forward(self, nodes: list[int]) -> list[str]:
        """The values of nodes; and `bad`, which is no longer 0 when a number is not finite that they might hide."""
        lines: list[str] = []
        hidden: dict[str, None] = {}
        for i in nodes:
            op, args = self.tape.op[i], self.tape.args[i]
            lines.append(f"{self.name[i]} = {self._value(op, args)}")
            if not keeps_faults(op):
                hidden.update({self.name[j]: None for j in args if self.tape.op[j] and keeps_faults(self.tape.op[j])})
        names = list(hidden)
        # infinity times 0 is nan; Python's own compiler takes no sum of many thousands
        lines += [f"bad += ({' + '.join(names[k : k + _TOGETHER])}) * 0.0" for k in range(0, len(names), _TOGETHER)]
        return lines

    def _value(self, op: str, args: tuple[int, ...]) -> str:
        if not OPS[op].variadic:
            return self._code(OPS[op].computed_value, op, args, "")
        terms = [
            ("-" if sign < 0 else "") + " * ".join([self.name[j] for j in factors])
            for sign, factors in monomials(op, args)
        ]
        self.space["_fsum"] = math.fsum
        return f"_fsum(({', '.join(terms)},))"

    def _code(self, text: str, op: str, args: tuple[int, ...], out: str) -> str:
        """A formula of an operation as Python, with constants put in."""
        known = {
            name: self.tape.constants[j] for name, j in zip(OPS[op].args, args, strict=True) if j in self.tape.constants
        }
        names = {name: self.name[j] for name, j in zip(OPS[op].args, args, strict=True)} | {"out": out}
        tree = _Python(names).visit(simplify.copied(simplify.specialise(text, known)))
        for part in ast.walk(tree):
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
                name = part.func.id
                self.space[name] = operators.value(name[1:]) if name[1:] in OPS else getattr(math, name[1:])
        return ast.unparse(tree)

    def _backward(self, i: int) -> list[str]:
        """What a node adds to the gradients of its operands."""
        op, args, lines = self.tape.op[i], self.tape.args[i], []
        if not self.moving[i] or i not in self.gradient:
            return []
        given = self.gradient[i]
        for k, j in enumerate(args):
            partial = self._partial(op, args, k, self.name[i]) if self.moving[j] else "0.0"
            if partial == "0.0":
                continue
            sent = given if partial == "1.0" else f"-{given}" if partial == "-1.0" else f"{given} * ({partial})"
            if j in self.gradient:
                lines.append(f"{self.gradient[j]} += {sent}")
            elif sent == given and self.uses[j] == 1:  # nobody adds to it
                self.gradient[j] = given
            else:
                self.gradient[j] = f"g_{self.name[j]}"
                lines.append(f"{self.gradient[j]} = {sent}")
        return lines

    def _partial(self, op: str, args: tuple[int, ...], k: int, out: str) -> str:
        size = len(args) // len(OPS[op].args) if OPS[op].variadic else 1
        text = OPS[op].computed_partials[k // size]
        return self._code(text, op, args[k % size :: size], out) if text else "0.0"


class ScalarRunner:
    """Runs a tape of one root as plain Python; None where the tensor program has to say what went wrong."""

    def __init__(self, tape: Tape) -> None:
        scalars = Scalars(tape)
        self.source = scalars.write()
        space = define(self.source, "scalars", dict(scalars.space))
        self._values: Callable[..., list[float]] = space["values"]
        self._gradient: Callable[..., list[float]] = space["gradient"]

    def rows(self, columns: Array, seeds: Array) -> list[list[float]]:
        """The rows as plain numbers, each with its seed."""
        return np.vstack([columns, seeds]).T.tolist()  # type: ignore[no-any-return]

    def values(self, theta: Sequence[float], watched: Sequence[float], rows: list[list[float]]) -> Array | None:
        """The root's value of every row."""
        try:
            return np.array(self._values(theta, watched, rows))
        except FAULTS:
            return None

    def gradient(self, theta: Sequence[float], watched: Sequence[float], rows: list[list[float]]) -> Array | None:
        """The gradient of the sum of seeds · values."""
        try:
            found = self._gradient(theta, watched, rows)
        except FAULTS:
            return None
        return np.array(found) if sum(found) * 0.0 == 0.0 else None
