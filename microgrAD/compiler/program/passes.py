"""The passes over a tensor program: each is a file with `rewrite(tensors)`, which returns the program, changed.

A pass may change the steps. It must keep what they compute, their order (operands first), and the tables.
"""

from __future__ import annotations

from importlib import import_module

from microgrAD.compiler.program.blocks import pack
from microgrAD.compiler.program.layout import arrange
from microgrAD.compiler.program.sums import Forms
from microgrAD.compiler.program.tensors import Tensors

# the files, in the order in which they run
PASSES = [
    "constants",
]


def tensor_program(forms: Forms) -> Tensors:
    """Return the tensor program of forms, after all passes."""
    tensors = arrange(forms, pack(forms))
    for name in PASSES:
        tensors = import_module(f"microgrAD.compiler.program.{name}").rewrite(tensors)
    return tensors
