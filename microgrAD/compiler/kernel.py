"""A kernel: a tape's tensor program as NumPy code, and that code bound to tables for some number of rows."""

from __future__ import annotations

import itertools
import linecache
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from microgrAD.compiler.blocks import pack
from microgrAD.compiler.forward import write_forward
from microgrAD.compiler.layout import arrange
from microgrAD.compiler.plan import plan
from microgrAD.compiler.reverse import Reverse
from microgrAD.compiler.runtime import Array, functions, taken
from microgrAD.compiler.source import SECTIONS, Source
from microgrAD.compiler.sums import flatten
from microgrAD.compiler.tape import Tape
from microgrAD.compiler.tensors import Tensors

_numbers = itertools.count(1)
_SPACE: dict[str, Any] = {**functions, "empty": np.empty, "taken": taken, **{
    name: function for name, function in vars(np).items() if isinstance(function, np.ufunc)}}


class Kernel:
    """The NumPy program of one tape. Gradients are there where it has one root."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.tensors: Tensors = arrange(forms := flatten(tape), pack(forms))
        planned, moving = plan(self.tensors)
        source = Source(moving)
        writers = write_forward(source, planned)
        if len(self.tensors.roots) == 1:
            Reverse(source, self.tensors, planned, moving, writers).write(self.tensors.roots[0])
        self.source = _text(source)
        self.calls = sum(len(source.sections[section]) for section in ("forward", "backward"))
        self._make = _compile(self.source, source.indices)

    def bind(self, rows: int) -> Bound:
        """The program with tables for so many rows."""
        return Bound(self.tensors, self._make, rows)


class Bound:
    """Tables for a number of rows, and the functions that work on them, in the order in which they are to be run.

    `forward` and `backward` go again when parameters have moved, `seed` when `seeds` has changed, `setup` when the
    rows have; `finish` completes the roots' values.
    """

    setup: Callable[[], None]
    seed: Callable[[], None]
    forward: Callable[[], None]
    finish: Callable[[], None]
    backward: Callable[[], None]

    def __init__(self, tensors: Tensors, make: Callable[..., Any], rows: int) -> None:
        self.rows = rows
        self.D: Array = np.zeros((tensors.lines, rows))
        self.G: Array = np.zeros((tensors.lines, rows))
        self.U: Array = np.zeros((tensors.places, 1))
        self.V: Array = np.zeros((tensors.places, 1))
        self.D[list(tensors.ones)] = 1.0
        for place, number in tensors.constants.items():
            self.U[place] = number
        self.parameters = self.U[:len(tensors.parameters), 0]
        self.gradient = self.V[:len(tensors.parameters), 0]
        self.watched = list(tensors.watched)
        self.inputs = list(tensors.inputs)
        self.roots = list(tensors.roots)
        self.seeds = self.G[tensors.roots[0]]
        self.setup, self.seed, self.forward, self.finish, self.backward = make(self.D, self.G, self.U, self.V, rows)


def _text(source: Source) -> str:
    """The whole program as one function, which makes the views and gives the sections."""
    sections = [f"def {name}():\n" + textwrap.indent("\n".join(lines or ["pass"]), "    ")
                for name, lines in source.sections.items()]
    body = "\n".join(["\n".join(source.views), "", *sections, "", f"return {', '.join(SECTIONS)}"])
    return "def bind(D, G, U, V, B):\n" + textwrap.indent(body, "    ") + "\n"


def _compile(source: str, indices: dict[str, Any]) -> Callable[..., Any]:
    filename = f"<microgrAD program {next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    space = {**_SPACE, **indices}
    exec(compile(source, filename, "exec"), space)
    return space["bind"]  # type: ignore[no-any-return]
