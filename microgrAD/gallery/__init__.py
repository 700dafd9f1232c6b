"""The gallery: published worked examples of this field, each with its source, its printed numbers, and our numbers.

    entry       what an example holds
    circuits    small circuits
    neurons     single neurons
    networks    small networks by hand
    order       why the order of the backward pass matters

`ENTRIES` holds the examples by name. `Entry.make()` returns a graph, which can be drawn, explained, or stepped through.
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
    """Return the entry of that name.

    Raises: ValueError for an unknown name; it lists all names.

    >>> find("colah").make().root.data
    6.0
    """
    if name not in ENTRIES:
        close = difflib.get_close_matches(name, ENTRIES, 1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ValueError(f"the gallery has no {name!r}; {hint}it has {', '.join(ENTRIES)}")
    return ENTRIES[name]
