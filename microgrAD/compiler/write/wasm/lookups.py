"""Lookups as straight code: from memory by an address, or among locals by comparing the index with each number.

A number that is looked up in the table U is loaded, and its gradient added to what stands in memory, where the n places
that a row chooses from are evenly apart. Lines are locals, which have no address: all n are compared.

j, v    the number of a result, and the vector of two rows
here    a local with the index of each row, brought into range
"""

from __future__ import annotations

import numpy as np

from microgrAD.compiler.program.tensors import Rows, Spread, Take
from microgrAD.compiler.record.numbers import Index
from microgrAD.compiler.write.wasm.encoding import I32
from microgrAD.compiler.write.wasm.operands import Operands

_LANES = (0, 1)


class Lookups:
    """Writes Take and Spread for the code of other steps."""

    def __init__(self, operands: Operands) -> None:
        self.operands, self.body = operands, operands.body
        self._indices: dict[tuple[bool, int, int, int], int] = {}

    def _index(self, rows: Rows, j: int, v: int, size: int) -> int:
        """The local of an index; one that is out of range, or no whole number, is a fault."""
        i = int(rows.index.flat[j])
        v = v if rows.batched else 0
        key = rows.batched, i, v, size
        if key not in self._indices:
            body = self.body
            self.operands.push(rows.batched, i, v)
            for number, name in ((0.0, "f64x2.max"), (size - 1.0, "f64x2.min")):
                body.put(("v128.const", number))
                body.put((name,))
            body.put(("f64x2.trunc",))
            here = self._indices[key] = body.keep()

            def wrong() -> None:
                body.put(("v128.const", float("inf")))
                self.operands.push(rows.batched, i, v)
                body.get(here)
                body.put(("f64x2.ne",))
                body.put(("v128.and",))

            self.operands.doubt(wrong)
        return self._indices[key]

    def _address(self, here: int, lane: int, stride: int) -> None:
        """Push the distance of what a row chose from the first of the places."""
        self.body.get(here)
        self.body.put(("f64x2.extract_lane", lane))
        self.body.put(("i32.trunc_sat_f64_u",))
        self.body.put(("i32.const", stride))
        self.body.put(("i32.mul",))

    def _evenly(self, places: Index) -> tuple[int, int] | None:
        """The first address of some places, and the step to each next one; None where they are not even."""
        if any(i in self.operands.constants for i in places.tolist()):  # which are not in memory
            return None
        addresses = np.array([self.operands.places.at(i) for i in places.tolist()])
        steps = np.diff(addresses)
        if steps.size and (steps[0] < 0 or (steps != steps[0]).any()):
            return None
        return int(addresses[0]), int(steps[0]) if steps.size else 0

    # ------------------------------------------------------------------------------------------ forward

    def take(self, step: Take) -> None:
        """Write a lookup."""
        for j, i in enumerate(step.out.index.tolist()):
            places = step.x.index[:, j]
            even = None if step.x.batched else self._evenly(places)

            def write(v: int, j: int = j, places: Index = places, even: tuple[int, int] | None = even) -> None:
                here = self._index(step.index, j, v, len(places))
                if even:
                    self._load(here, *even)
                else:
                    self._compared(here, step.x.batched, places.tolist(), v)

            self.operands.set(step.out, i, write)

    def _load(self, here: int, first: int, stride: int) -> None:
        for lane in _LANES:
            self._address(here, lane, stride)
            self.body.put(("f64.load", first))
            self.body.put(("f64x2.replace_lane", lane) if lane else ("f64x2.splat",))

    def _compared(self, here: int, batched: bool, places: list[int], v: int) -> None:
        first, *others = places
        self.operands.push(batched, first, v)
        found = self.body.keep()
        for k, place in enumerate(others, 1):
            self.operands.push(batched, place, v)
            self.body.get(found)
            self._is(here, k)
            self.body.put(("v128.bitselect",))
            self.body.put(("local.set", found))
        self.body.get(found)

    def _is(self, here: int, k: int) -> None:
        """Push whether each row chose number k."""
        self.body.get(here)
        self.body.put(("v128.const", float(k)))
        self.body.put(("f64x2.eq",))

    # ------------------------------------------------------------------------------------------ backward

    def spread(self, step: Spread) -> None:
        """Write a sum by places."""
        places = step.out.index[step.places]
        even = [None if step.out.batched else self._evenly(column) for column in places.T]
        if all(even):
            if step.index.batched:
                self.operands.cleared.extend([self.operands.places.at(i) for i in step.out.index.tolist()])
            else:
                self.operands.zero([self.operands.places.at(i) for i in step.out.index.tolist()])
            for j, (first, stride) in enumerate(even):  # type: ignore[misc]
                self._add(step, j, first, stride)
            return
        shares: dict[int, list[tuple[int, int]]] = {i: [] for i in step.out.index.tolist()}
        for (k, j), place in np.ndenumerate(places):
            shares[int(place)].append((k, j))
        for i, found in shares.items():

            def write(v: int, found: list[tuple[int, int]] = found) -> None:
                self._chosen(step, found, v)

            if step.out.batched or not step.index.batched:
                self.operands.set(step.out, i, write)
            else:
                self.operands.add_up(i, write)

    def _chosen(self, step: Spread, found: list[tuple[int, int]], v: int) -> None:
        """Push the sum of those numbers whose row chose the place."""
        for n, (k, j) in enumerate(found):
            here = self._index(step.index, j, v, len(step.places))
            self.operands.push(step.x.batched, int(step.x.index[j]), v)
            self._is(here, k)
            self.body.put(("v128.and",))
            if n:
                self.body.put(("f64x2.add",))

    def _add(self, step: Spread, j: int, first: int, stride: int) -> None:
        """Add number j to what stands in memory, for one row after the other."""
        body, address = self.body, self.body.local(I32)
        for v in range(self.operands.width if step.index.batched else 1):
            here = self._index(step.index, j, v, len(step.places))
            for lane in _LANES if step.index.batched else _LANES[:1]:
                self._address(here, lane, stride)
                body.put(("local.tee", address))
                body.get(address)
                body.put(("f64.load", first))
                self.operands.push(step.x.batched, int(step.x.index[j]), v)
                body.put(("f64x2.extract_lane", lane))
                body.put(("f64.add",))
                body.put(("f64.store", first))
