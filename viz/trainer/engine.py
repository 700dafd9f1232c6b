"""The engine: one script that trains, for the page and for its Worker. It uses no document."""

from __future__ import annotations

from functools import cache

from microgrAD.ops import OPS
from viz.trainer import formulas
from viz.web import javascript, shell

SCRIPTS = ("trainer/random.js", "trainer/net.js", "trainer/rules.js", "trainer/data.js", "trainer/trainer.js")


@cache
def script() -> str:
    """Return operations, activations and losses that are written from the table, then the files of the engine."""
    scalar = [name for name, op in OPS.items() if not op.variadic]
    parts = [javascript.source(scalar), formulas.activations(formulas.everywhere()), formulas.elementwise()]
    return "\n" + "".join([*parts, *map(shell.asset, SCRIPTS)])
