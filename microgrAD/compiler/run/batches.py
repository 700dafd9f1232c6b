"""The rows of a call, those of one shape together, and the batches of them that the steps of training take in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from microgrAD.compiler.record.numbers import Array, Index
from microgrAD.compiler.run import rows as checks
from microgrAD.compiler.run.counted import Counted
from microgrAD.compiler.run.runner import Piece
from microgrAD.compiler.run.shaped import Shaped

_LARGEST = 2**24  # bytes of rows that are kept to be compared


class Part(NamedTuple):
    """Rows of one shape: what runs them, the rows, turned (inputs, rows), and their numbers, or None for all."""

    shaped: Shaped
    data: Array
    numbers: Index | None

    def piece(self, seeds: Array) -> Piece:
        """The same as it is run. `seeds`: what each of all rows counts."""
        if self.numbers is None:
            return self.shaped.runner, self.data, seeds
        return Counted(self.shaped.runner, self.numbers), self.data, seeds[self.numbers]


def pieces(parts: Sequence[Part], reduction: str) -> list[Piece]:
    """All rows as they are run."""
    seeds = checks.weights(sum([part.data.shape[1] for part in parts]), reduction)
    return [part.piece(seeds) for part in parts]


class Held:
    """The arrays of the last call, and its parts: a loop that its user writes has the same rows in every step.

    Arrays may be changed where they are, so they are compared byte by byte, which is quicker than checking them.
    """

    def __init__(self) -> None:
        self._copies: list[tuple[Any, Any, bytes]] = []
        self._parts: list[Part] = []

    def parts(self, rows: Sequence[Any]) -> list[Part] | None:
        """The parts of equal rows; None if there are none, or what the function reads has changed."""
        copies = self._copies
        if not copies or len(rows) != len(copies):
            return None
        for given, (dtype, shape, numbers) in zip(rows, copies, strict=True):
            if type(given) is not np.ndarray or given.dtype != dtype or given.shape != shape:
                return None
            if given.tobytes() != numbers:
                return None
        return None if any(part.shaped.changed() for part in self._parts) else self._parts

    def keep(self, rows: Sequence[Any], parts: list[Part]) -> None:
        """Keep the rows of a call, if all are arrays and not too large to be copied."""
        small = all(type(given) is np.ndarray for given in rows) and sum([given.nbytes for given in rows]) <= _LARGEST
        self._copies = [(given.dtype, given.shape, given.tobytes()) for given in rows] if small else []
        self._parts = parts if small else []


class Batches(Sequence[list[Piece]]):
    """Rows in their order, cut into batches; the last one may be smaller."""

    def __init__(self, parts: Sequence[Part], size: int | None, reduction: str) -> None:
        self._parts, self._reduction = parts, reduction
        self._rows: int = int(sum([part.data.shape[1] for part in parts]))
        self._size: int = min(size or self._rows, self._rows)
        self._part = np.zeros(self._rows, dtype=np.intp)  # of each row, the part that it is in, and its column there
        self._column = np.arange(self._rows)
        for k, part in enumerate(parts):
            if part.numbers is not None:
                self._part[part.numbers] = k
                self._column[part.numbers] = np.arange(len(part.numbers))

    def __len__(self) -> int:
        return -(-self._rows // self._size)

    def __iter__(self) -> Iterator[list[Piece]]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, k: int) -> list[Piece]:  # type: ignore[override]
        if len(self) == 1:
            return pieces(self._parts, self._reduction)
        rows = np.arange(k * self._size, min((k + 1) * self._size, self._rows))
        share = checks.weights(len(rows), self._reduction)
        found: list[Piece] = []
        for p in sorted(set(self._part[rows].tolist())):
            mine, part = rows[self._part[rows] == p], self._parts[p]
            run = Counted(part.shaped.runner, mine)
            found.append((run, part.data[:, self._column[mine]], share[: len(mine)]))
        return found
