"""Names of nodes as names of Python."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TypeVar

from microgrAD.ops import OPS
from microgrAD.steps import naming

T = TypeVar("T")

# the modules that scripts import, and their own few names
RESERVED = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *OPS}
    | {"F", "Value", "jax", "jnp", "math", "np", "sp", "sys", "torch", "power", "real_cbrt", "data", "out"}
    | {"compute", "expression", "gradient", "gradients", "leaf", "leaves", "name", "at", "value", "values", "number"}
)


def identifier(name: str) -> str:
    """Return a name of Python that looks like the name of a node; "v" for one without letters and digits.

    >>> [identifier(name) for name in ("w", "w[1]", "$w_{12}$", "x1*w1 + b", "ŵ", "2nd", "lambda")]
    ['w', 'w_1', 'w_12', 'x1_w1_b', 'ŵ', 'v2nd', 'lambda']
    """
    shown = unicodedata.normalize("NFKC", naming.plain(name))
    letters = "".join(c if f"a{c}".isidentifier() else "_" for c in shown)
    word = re.sub("_+", "_", letters).strip("_")
    return word if word.isidentifier() else f"v{word}"


def identifiers(names: Mapping[T, str], taken: Iterable[str] = ()) -> dict[T, str]:
    """Return a name of Python for each node; no two are the same, and none is reserved or taken.

    Arguments:
        names: the name of each node, as `naming.names` gives it.
        taken: further names that the script needs.
    """
    used, found = {*RESERVED, *taken}, {}
    for node, name in names.items():
        found[node] = free(identifier(name), used)
        used.add(found[node])
    return found


def free(word: str, used: Iterable[str] | set[str]) -> str:
    """Return the word; with a line below it, or a number, if it is used."""
    candidates: Sequence[str] = (word, f"{word}_")
    return next((w for w in candidates if w not in used), None) or next(
        w for w in (f"{word}_{k}" for k in count(2)) if w not in used
    )
