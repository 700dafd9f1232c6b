"""The arrays of a compiled program, and how an operand is taken out of them.

Each array of numbers of the rows has the shape (numbers, rows), each other one (numbers,). A program's tables say where
every number stands; here each step's results are an array with a name, and an operand is a piece of one, or of several.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from microgrAD.compiler.program.tensors import Rows

_SEVERAL = 4  # pieces of arrays that are put together one by one


class Spot(NamedTuple):
    """Where one number stands: in which array, and at which of its places."""

    array: str
    at: int


class Names:
    """Which array holds each line of D and each place of U.

    Arguments:
        join: code that puts arrays together, with {}.
        picked: code that takes numbers out of an array by a list of places, with {}.
    """

    def __init__(self, join: str, picked: str) -> None:
        self.join, self.picked = join, picked
        self.spots: dict[bool, dict[int, Spot]] = {True: {}, False: {}}
        self.sizes: dict[str, int] = {}

    def define(self, rows: Rows, array: str) -> None:
        """Say that the numbers of `rows` are those of an array, in this order."""
        self.sizes[array] = rows.size
        for k, i in enumerate(rows.index.ravel().tolist()):
            self.spots[rows.batched][i] = Spot(array, k)

    def flat(self, rows: Rows) -> str:
        """Return code for an operand, (numbers, rows) or (numbers,)."""
        spots = [self.spots[rows.batched][i] for i in rows.index.ravel().tolist()]
        pieces = [(array, [spot.at for spot in group]) for array, group in groupby(spots, lambda spot: spot.array)]
        if len(pieces) <= _SEVERAL or len({array for array, _ in pieces}) == len(pieces):
            found = [self._piece(array, places) for array, places in pieces]
            return found[0] if len(found) == 1 else self.join.format(", ".join(found))
        return self._gathered(spots)

    def _gathered(self, spots: Sequence[Spot]) -> str:
        """Return code that puts whole arrays together and takes numbers out of that."""
        first, start = {}, 0
        for array in dict.fromkeys(spot.array for spot in spots):
            first[array] = start
            start += self.sizes[array]
        places = [first[spot.array] + spot.at for spot in spots]
        return self.join.format(", ".join(first)) + self.picked.format(places)

    def _piece(self, array: str, places: Sequence[int]) -> str:
        first, size = places[0], len(places)
        if list(places) == list(range(first, first + size)):
            whole = size == self.sizes[array]
            return array if whole else f"{array}[{first}:{first + size}]"
        return array + self.picked.format(list(places))

    def shaped(self, rows: Rows) -> str:
        """Return code for an operand in its own shape, with the rows as the last axis."""
        shape = rows.index.shape
        if len(shape) == 1:
            return self.flat(rows)
        sizes = ", ".join(map(str, shape)) + (", -1" if rows.batched else "")
        return f"{self.flat(rows)}.reshape({sizes})"

    def table(self, rows: Rows) -> str:
        """Return code for the operand of a matrix product, (numbers, places · rows)."""
        count, places = rows.index.shape
        return self.flat(rows) if places == 1 else f"{self.flat(rows)}.reshape({count}, -1)"
