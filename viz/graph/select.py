"""Which nodes of a graph have a box: folds neurons or layers as asked, or as needed, and refuses too large graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viz.graph.cluster import Level, folded, framed, uses
from viz.graph.nodes import Graph, read, too_large

if TYPE_CHECKING:
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Trace

COLLAPSE_OVER = 120  # boxes; if there are more, neurons are folded, then layers
REFUSE_OVER = 400  # boxes; if there are more, a picture needs force=True
READ_AT_MOST = 100_000  # Values; if there are more, the graph is not read at all


def select(
    root: Value | Trace, *, show_constants: bool = False, collapse: Level | None = None, force: bool = False
) -> Graph:
    """Return the graph behind a root, folded as asked or as needed.

    Arguments:
        root: a Value or a trace.
        show_constants: whether plain numbers have boxes.
        collapse: "neuron" or "layer" to fold each of them into one box; by default only as far as needed.
        force: whether to draw a graph of any size, without folding more than `collapse` says.
    Raises: GraphTooLargeError if there are too many boxes even after folding.
    """
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
