"""`microgrAD.widget`: a lesson, or a playground, that is linked with its notebook."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from microgrAD.operators import Value
from microgrAD.steps.taking import traced
from microgrAD.steps.trace import Trace
from viz.passes.lesson.page import page
from viz.trainer.page import Playground

NEEDED = "microgrAD.widget takes the package anywidget: pip install 'microgrAD-studio[notebook]'"


def widget(root: Any, **options: Any) -> Any:
    """Return the widget; `microgrAD.showing` says what it does."""
    if find_spec("anywidget") is None:
        raise ImportError(NEEDED)
    from viz.notebook.linked import LessonWidget, PlaygroundWidget

    if isinstance(root, Playground):
        if options:
            raise TypeError(f"the page of viz.playground has its options already, got {sorted(options)}")
        return PlaygroundWidget(root)
    if not isinstance(root, Value | Trace):
        raise TypeError(
            f"widget takes a Value, the trace of a pass, or the page of viz.playground, got {type(root).__name__}"
        )
    passed = {name: options.pop(name) for name in ("gradient", "mode", "wrt") if name in options}
    trace = traced(root, **passed)
    return LessonWidget(trace, page(trace, **options))
