"""What the page asks, answered by Python. A request is `{"ask": ..., "text": ..., "values": {...}}`; all of it is JSON.

ask       a kind of answer: "picture", "lesson", "exercise", "steps", "derivation", "table", "latex", "code", "file"
text      the expression; with `"python": true` the program
values    the numbers of an expression's inputs
theme     of the picture
target    the library of the code
file      which file

An answer has the fields of its kind, or `error`: a text with the caret as in a terminal, and `position`, the place in
the text from 0, or None.
"""

from __future__ import annotations

import json
import tempfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.steps import naming
from viz.layout.plan import LayoutError
from viz.studio.sources import given, source

Answer = dict[str, Any]
Asked = Mapping[str, Any]
NO_SLIDES = "this studio was made without python-pptx and saves no slides; pip install python-pptx, and make it again"
DIGITS = 12  # of the table: all of those that do not depend on the machine's own exp and tanh


def answer(request: str) -> str:
    """Return the answer to a request, both as JSON."""
    asked = json.loads(request)
    try:
        found = _answered(asked)
    except (ValueError, TypeError, ArithmeticError, LayoutError, ImportError, RecursionError) as error:
        said = str(error) or type(error).__name__
        found = {"error": said, "position": getattr(error, "position", None), **_inputs(asked)}
    return json.dumps(found, ensure_ascii=False)


def _answered(asked: Asked) -> Answer:
    made = source(asked["text"], asked["values"], python=asked.get("python", False))
    for v in topological(made.root):  # a program may have run backward itself, and twice
        v.grad = 0.0
    made.root.backward()
    more = {"inputs": made.inputs, "spans": made.spans, "printed": made.printed}
    return {**more, **KINDS[asked["ask"]](made.root, asked)}


def _inputs(asked: Asked) -> Answer:
    """Return the inputs of an expression that can be read but not computed, so that a reader can set others."""
    if asked.get("python", False):
        return {}
    try:
        return {"inputs": given(asked["text"], asked["values"])}
    except ValueError:
        return {}


# ---------------------------------------------------------------------------------------------- kinds of answers


def _picture(root: Value, asked: Asked) -> Answer:
    from viz.drawing import draw

    return {"svg": draw(root, theme=asked.get("theme")).svg}


def _lesson(root: Value, asked: Asked) -> Answer:
    from viz.passes.lesson.page import page

    return {"page": str(page(root, exercise=asked["ask"] == "exercise"))}


def _table(root: Value, asked: Asked) -> Answer:
    names = naming.names(topological(root))
    return {
        "rows": [
            {"name": naming.plain(name), "op": v.op or "", "value": _number(v.data), "gradient": _number(float(v.grad))}
            for v, name in names.items()
        ]
    }


def _number(x: float) -> str:
    return f"{x + 0.0:.{DIGITS}g}"


def _steps(root: Value, asked: Asked) -> Answer:
    from microgrAD.explanation import explain

    return {"text": str(explain(root, color=False))}


def _latex(root: Value, asked: Asked) -> Answer:
    from microgrAD.explanation import explain

    return {"text": str(explain(root, format="latex"))}


def _derivation(root: Value, asked: Asked) -> Answer:
    from microgrAD.explanation import derive

    leaves = [v for v in topological(root) if not v.op and v.label and v is not root]
    return {"text": "\n\n".join(str(derive(root, leaf)) for leaf in leaves)}


def _code(root: Value, asked: Asked) -> Answer:
    from microgrAD.twins.exporting import export

    return {"text": export(root, asked["target"])}


def _file(root: Value, asked: Asked) -> Answer:
    """Return a file as base64: a lesson, a worksheet or its key, otherwise the picture, by the ending of its name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / asked["file"]
        try:
            _MADE.get(path.name, _drawn)(root, path)
        except ImportError:
            raise ValueError(NO_SLIDES) from None
        return {"name": path.name, "bytes": b64encode(path.read_bytes()).decode()}


def _drawn(root: Value, path: Path) -> None:
    from viz.drawing import draw

    draw(root, path)


def _lesson_file(root: Value, path: Path) -> None:
    from viz.passes.lesson.page import page

    page(root, path)


def _worksheet(root: Value, path: Path) -> None:
    from viz.passes.worksheet.files import worksheet

    worksheet(root, path.with_name(WORKSHEET))


WORKSHEET = "worksheet.html"
_MADE = {"lesson.html": _lesson_file, WORKSHEET: _worksheet, "worksheet-key.html": _worksheet}
KINDS: dict[str, Callable[[Value, Asked], Answer]] = {
    "picture": _picture,
    "lesson": _lesson,
    "exercise": _lesson,
    "steps": _steps,
    "derivation": _derivation,
    "table": _table,
    "latex": _latex,
    "code": _code,
    "file": _file,
}
