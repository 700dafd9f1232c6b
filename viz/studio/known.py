"""What the page knows before Python has started: the examples of the gallery, and the words that it completes."""

from __future__ import annotations

from typing import Any

import microgrAD
from microgrAD.expression.parsing import CONSTANTS
from microgrAD.gallery import ENTRIES
from microgrAD.operators import Value
from microgrAD.ops import OPS, Op
from microgrAD.twins.exporting import TARGETS
from microgrAD.twins.write.expressions import expression
from viz.studio import sources

FIRST = "lecture-neuron"  # the example that an address without an expression shows


def known() -> dict[str, Any]:
    """Return all of it, ready for JSON: `examples`, `first`, `targets`, and `words` with their kinds of text."""
    return {"examples": examples(), "first": FIRST, "targets": list(TARGETS), "words": words()}


def examples() -> list[dict[str, Any]]:
    """Return the gallery's graphs as expressions; of entries with the same graph only the first."""
    found: dict[str, dict[str, Any]] = {}
    for entry in ENTRIES.values():
        worked = entry.make()
        text, values = expression(worked.root)
        if not worked.options and len(text) <= sources.LENGTH:  # the studio has one way to go back, with 1 from above
            found.setdefault(
                f"{text} {values}", {"name": entry.name, "title": entry.title, "text": text, "values": values}
            )
    return list(found.values())


def words() -> list[dict[str, Any]]:
    """Return each word: how it is written, what is put in, what it is, and whether only programs have it."""
    table = [_word(op.name, f"({_arguments(op)})", op.about) for op in OPS.values() if not op.sign]
    constants = [_word(name, "", f"{number:.10g}") for name, number in CONSTANTS.items()]
    functions = [
        _word(name, "(", _line(getattr(microgrAD, name)), python=True)
        for name in sources.space()
        if name not in OPS and not name.startswith("_")
    ]
    methods = [
        _word(f".{name}", "(" if callable(getattr(Value, name)) else "", _line(getattr(Value, name)), python=True)
        for name in dir(Value)
        if not name.startswith("_") and hasattr(Value, name)
    ]
    return sorted([*table, *constants, *functions, *methods], key=lambda word: str(word["name"]))


def _word(name: str, after: str, says: str, *, python: bool = False) -> dict[str, Any]:
    return {"name": name, "after": after, "says": says.partition(". ")[0].rstrip("."), "python": python}


def _arguments(op: Op) -> str:
    return ", ".join(f"[{arg}1, …]" if op.variadic else arg for arg in op.args)


def _line(thing: object) -> str:
    return (thing.__doc__ or "").strip().partition("\n")[0]
