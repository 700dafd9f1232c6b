"""The widgets of a notebook: a page in a frame, whose script sends what changes, and hears what Python sets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from microgrAD.files import json_content
from microgrAD.live import Live
from microgrAD.nn import Module
from microgrAD.nn.saving import model_from
from microgrAD.operators import Value
from microgrAD.steps.trace import Seed, Trace
from viz.trainer.page import Playground
from viz.web.page import Page
from viz.web.shell import asset

SCRIPT = f"{asset('web/frame.js')}\n{asset('notebook/widget.js')}\nexport default {{render}};\n"


class _PageWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A page in a frame that the notebook's script is linked with."""

    _esm = SCRIPT
    page = traitlets.Unicode().tag(sync=True)

    def __init__(self, page: Page, **state: Any) -> None:
        self._page = page
        super().__init__(page=page.framed("data-linked "), **state)

    def _repr_mimebundle_(self, **kinds: Any) -> Any:
        """Return the widget, and for a notebook without one the picture of its page and a line of text."""
        found = super()._repr_mimebundle_(**kinds)
        data, sizes = found if isinstance(found, tuple) else (found, {})
        pictured, more = self._page.pictured(repr(self))
        return {**(data or {}), **pictured}, {**sizes, **more}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._page.heading!r}>"


class LessonWidget(_PageWidget):
    """A lesson that is linked both ways with the Values of its graph."""

    sent = traitlets.Dict().tag(sync=True)  # the numbers of the inputs, by their ids in the page

    def __init__(self, trace: Trace, page: Page) -> None:
        self._inputs = {v.id: v.value for v in trace.variables.values() if not v.op}
        self._names = {v.id: v.name for v in trace.variables.values()}
        gradient = next((e.gradient for e in trace if isinstance(e, Seed)), None)
        self.live = Live(trace.root.value, self._changed, gradient=gradient)
        super().__init__(page, sent=self._numbers())

    @property
    def root(self) -> Value:
        """The root of the graph, a Value."""
        return self.live.root

    @property
    def numbers(self) -> Mapping[str, float]:
        """The numbers of the inputs, by name."""
        return {self._names[id]: number for id, number in self._numbers().items()}

    @property
    def wrong(self) -> str:
        """Why the results could not follow the last change; empty if they did."""
        return self.live.wrong

    def close(self) -> None:
        """End the link, and close the widget."""
        self.live.close()
        super().close()

    def _numbers(self) -> dict[str, float]:
        return {id: v.data for id, v in self._inputs.items()}

    def _changed(self) -> None:
        if not self.live.wrong:
            self.sent = self._numbers()

    @traitlets.observe("sent")  # type: ignore[untyped-decorator]
    def _heard(self, change: Any) -> None:
        given = {self._inputs[id]: float(x) for id, x in change["new"].items() if id in self._inputs}
        moved = {v: x for v, x in given.items() if x != v.data}
        if moved:
            self.live.put(moved)


class PlaygroundWidget(_PageWidget):
    """A playground that gives its network to Python."""

    sent = traitlets.Unicode().tag(sync=True)  # the file of the model, as `Module.save` writes it

    def __init__(self, page: Playground) -> None:
        super().__init__(page)

    @property
    def model(self) -> Module:
        """The network that the page has trained last, with `notes`: the data set, its features and classes.

        Raises: RuntimeError if the page has sent none yet.
        """
        if not self.sent:
            raise RuntimeError("the page has sent no network yet; show the widget, and train in it")
        return model_from(json_content(self.sent, "model", "what the page sent"), "what the page sent")

    @property
    def notes(self) -> Mapping[str, Any]:
        """What the page says of its network; empty before it has sent one."""
        found: Mapping[str, Any] = json.loads(self.sent).get("notes", {}) if self.sent else {}
        return found
