"""The gallery: published worked examples of this field, each with its source, its digits, and ours beside them.

    entry       what an example holds
    circuits    small circuits
    neurons     single neurons
    networks    small networks by hand
    order       why the order of the backward pass matters

`ENTRIES` holds them by name; `Entry.make()` gives the graph, to be drawn, explained or stepped through.
"""

from __future__ import annotations

import difflib

from microgrAD.gallery.circuits import CIRCUITS
from microgrAD.gallery.entry import Entry, Erratum, Worked, agrees
from microgrAD.gallery.networks import NETWORKS
from microgrAD.gallery.neurons import NEURONS

__all__ = ["ENTRIES", "Entry", "Erratum", "Worked", "agrees", "find"]

ENTRIES = {entry.name: entry for entry in (*CIRCUITS, *NEURONS, *NETWORKS)}


def find(name: str) -> Entry:
    """The entry of that name; ValueError that lists what there is.

    >>> find("colah").make().root.data
    6.0
    """
    if name not in ENTRIES:
        close = difflib.get_close_matches(name, ENTRIES, 1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ValueError(f"the gallery has no {name!r}; {hint}it holds {', '.join(ENTRIES)}")
    return ENTRIES[name]
