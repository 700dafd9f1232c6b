"""The engine: what trains, as one script for the page and for its Worker. It touches nothing of a document."""

from __future__ import annotations

from functools import cache

from microgrAD.ops import OPS
from viz.trainer import formulas
from viz.web import javascript, shell

SCRIPTS = ("trainer/random.js", "trainer/net.js", "trainer/rules.js", "trainer/data.js", "trainer/trainer.js")


@cache
def script() -> str:
    """Operations, activations and losses written from the table, and the files of the engine after them."""
    scalar = [name for name, op in OPS.items() if not op.variadic]
    parts = [javascript.source(scalar), formulas.activations(formulas.everywhere()), formulas.elementwise()]
    return "\n" + "".join([*parts, *map(shell.asset, SCRIPTS)])
