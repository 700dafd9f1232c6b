"""What a notebook shows of a result. `viz` draws it, and is imported when something is shown, never before.

This is the only file below the command line that names `viz`. A notebook asks each result of a cell for its picture, so
the results have to know where to ask.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Shown:
    """A result that a notebook shows as a picture; `viz.notebook.shown` says which."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return import_module("viz.notebook.shown").bundle(self)


def widget(root: Any, **options: Any) -> Any:
    """Return a lesson, or a playground, that is linked with this notebook. It takes the extra `[notebook]`.

    A lesson is linked both ways with the Values of the graph. Where a reader drags or types an input, `x.data` changes,
    and with it the values and gradients of all results. Where a cell sets `x.data`, values follow, and the page does.
    While the link lasts, the results are those of the inputs as they are now; `widget.close()` ends it.

    A playground gives its network back: `widget.model` is the one that the page has trained last.

    Arguments:
        root: a Value, or the trace of a pass, for a lesson; or the page of `viz.playground`.
        options: of a lesson, those of `viz.page`; a playground has its own already.
    Returns: the widget. `numbers` holds the inputs of a lesson by name; `wrong` says why the results could not follow.
    Raises: ImportError without anywidget; TypeError for anything else; what `viz.page` raises.
    """
    return import_module("viz.notebook.widgets").widget(root, **options)
