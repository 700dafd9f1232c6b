"""What the page asks, answered by Python. A request is `{"ask": ..., "text": ..., "values": {...}}`; all of it is JSON.

An answer has the fields of its kind, or `error`: a text with the caret as in a terminal, and `position`, the place in
the expression from 0, or None.
"""

from __future__ import annotations

import json
import tempfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from microgrAD.expression import ExpressionError, parse
from microgrAD.expression.grammar import statements
from microgrAD.expression.parsing import CONSTANTS
from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.steps import naming
from viz.layout.plan import LayoutError

Answer = dict[str, Any]
LENGTH = 5_000  # characters of an expression; more than a page can follow while it is typed
BLANK = 1.0  # the value of an input that has none yet


def answer(request: str) -> str:
    """Return the answer to a request, both as JSON."""
    asked = json.loads(request)
    try:
        found = _answered(asked)
    except (ValueError, TypeError, ArithmeticError, LayoutError, ImportError, RecursionError) as error:
        found = {"error": str(error) or type(error).__name__, "position": getattr(error, "position", None)}
    return json.dumps(found, ensure_ascii=False)


def _answered(asked: Mapping[str, Any]) -> Answer:
    text = asked["text"].strip()
    if len(text) > LENGTH:
        raise ExpressionError(f"the studio reads at most {LENGTH:,} characters, got {len(text):,}", text)
    values = {name: float(asked["values"].get(name, BLANK)) for name in inputs(text)}
    root = parse(text, **values)
    root.backward()
    return {"inputs": values, **KINDS[asked["ask"]](root, asked)}


def inputs(text: str) -> list[str]:
    """Return the names that an expression needs values for, in the order of the text."""
    found: dict[str, None] = {}
    known = {statement.target.text for statement in statements(text) if statement.target}
    for statement in statements(text):
        names = [step.text for step in statement.instructions if step.do == "name"]
        found.update(dict.fromkeys(name for name in names if name not in known and name not in CONSTANTS))
    return list(found)


# ---------------------------------------------------------------------------------------------- kinds of answers


def _picture(root: Value, asked: Mapping[str, Any]) -> Answer:
    from viz.drawing import draw

    return {"svg": draw(root, theme=asked.get("theme")).svg}


def _table(root: Value, asked: Mapping[str, Any]) -> Answer:
    names = naming.names(topological(root))
    return {
        "rows": [
            {"name": name, "op": v.op or "", "value": repr(v.data), "gradient": repr(float(v.grad))}
            for v, name in names.items()
        ]
    }


def _steps(root: Value, asked: Mapping[str, Any]) -> Answer:
    from microgrAD.explanation import explain

    return {"text": str(explain(root))}


def _latex(root: Value, asked: Mapping[str, Any]) -> Answer:
    from microgrAD.explanation import explain

    return {"text": str(explain(root, format="latex"))}


def _derivation(root: Value, asked: Mapping[str, Any]) -> Answer:
    from microgrAD.explanation import derive

    leaves = [v for v in topological(root) if not v.op and v.label]
    return {"text": "\n\n".join(str(derive(root, leaf)) for leaf in leaves if leaf is not root)}


def _file(root: Value, asked: Mapping[str, Any]) -> Answer:
    """Return a file as base64: the lesson page if its `ending` is ".html", otherwise the picture."""
    from viz.drawing import draw
    from viz.passes.lesson.page import page

    made = page(root) if asked["ending"] == ".html" else draw(root)
    with tempfile.TemporaryDirectory() as folder:
        path = made.save(Path(folder) / f"graph{asked['ending']}")
        return {"name": path.name, "bytes": b64encode(path.read_bytes()).decode()}


KINDS: dict[str, Callable[[Value, Mapping[str, Any]], Answer]] = {
    "picture": _picture,
    "steps": _steps,
    "derivation": _derivation,
    "table": _table,
    "latex": _latex,
    "file": _file,
}
