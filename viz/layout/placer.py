"""One time limit for all layouts of a picture together."""

from __future__ import annotations

import time

from microgrAD.errors import between, one_of
from viz.layout.graphviz import CHOICES, Choice, place
from viz.layout.plan import Layout, LayoutError, Plan


class Placer:
    """A function that lays out plans, with one time limit for all of them.

    Arguments:
        engine: the layout engine: "auto", "dot" or "embedded".
        time_limit: seconds, from the first plan on.
    Raises: ValueError for an unknown engine or an impossible limit; when called, LayoutError after the time limit.
    """

    def __init__(self, engine: Choice, time_limit: float) -> None:
        self.engine = one_of(engine, "engine", CHOICES)
        self.time_limit = between(time_limit, "time_limit", 0.001, 86400)
        self.end: float | None = None

    def __call__(self, plan: Plan) -> Layout:
        if self.end is None:
            self.end = time.monotonic() + self.time_limit
        left = max(self.end - time.monotonic(), 0.0)
        try:
            return place(plan, engine=self.engine, time_limit=left)
        except TimeoutError:
            raise LayoutError(
                f"finding a layout took more than {self.time_limit:g} seconds; draw a part of the "
                "graph, collapse neurons or layers, or raise time_limit"
            ) from None
