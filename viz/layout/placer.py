"""The time that all layouts of one picture may take together."""

from __future__ import annotations

import time

from viz.layout.graphviz import Choice, place
from viz.layout.plan import Layout, LayoutError, Plan


class Placer:
    """Lays out one plan after another, until the time for all of them is used up; then LayoutError."""

    def __init__(self, engine: Choice, time_limit: float) -> None:
        self.engine, self.time_limit, self.end = engine, time_limit, time.monotonic() + time_limit

    def __call__(self, plan: Plan) -> Layout:
        left = max(self.end - time.monotonic(), 0.0)
        try:
            return place(plan, engine=self.engine, time_limit=left)
        except TimeoutError:
            raise LayoutError(
                f"finding a layout took more than {self.time_limit:g} seconds; draw a part of the "
                "graph, collapse neurons or layers, or raise time_limit"
            ) from None
