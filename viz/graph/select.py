"""How much of a graph gets a box: folding as asked, or as far as a picture must be, and no further than it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viz.graph.cluster import Level, folded, framed, uses
from viz.graph.nodes import Graph, read, too_large

if TYPE_CHECKING:
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Trace

COLLAPSE_OVER = 120  # boxes: beyond, neurons are folded, then layers
REFUSE_OVER = 400  # boxes: beyond, there is no picture without force=True
READ_AT_MOST = 100_000  # Values: beyond, a graph is not even looked through


def select(
    root: Value | Trace, *, show_constants: bool = False, collapse: Level | None = None, force: bool = False
) -> Graph:
    """The graph behind a root or a trace, folded as asked or as needed; GraphTooLargeError if that is not enough."""
    graph = read(
        root,
        show_constants=show_constants,
        at_most=None if force else READ_AT_MOST,
        at_most_without_scopes=None if force else REFUSE_OVER,
    )
    parts = uses(graph)
    levels: list[Level | None] = [collapse] if collapse or force else [None, "neuron", "layer"]
    for level in levels:
        found = folded(graph, parts, level) if level else graph
        if len(found.nodes) <= COLLAPSE_OVER:
            break
    if len(found.nodes) > REFUSE_OVER and not force:
        raise too_large(f"{len(found.nodes):,}")
    return found if level == "layer" else framed(found, parts)
