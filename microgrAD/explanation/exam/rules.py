"""Which numbers an input of an exam may have: `rule("-3..3 step 1/2 not 0")` is read once and draws often."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

MOST = 100_000  # the most numbers of a rule
WIDE = 10  # a loosened rule goes from -10 to 10
HOW = "write -5..5, -2..2 step 1/2 not 0, or a list such as 1,2,4"
_RANGE = re.compile(r"(?P<low>\S+?)\s*\.\.\s*(?P<high>\S+)(?:\s+step\s+(?P<step>\S+))?(?:\s+not\s+(?P<out>.+))?")


class Random(Protocol):
    """A generator of numbers from 0 to 1, without 1."""

    def __call__(self) -> float: ...


class Generator:
    """mulberry32, by T. Ettinger: the same generator as in pages, with the same numbers for a seed."""

    def __init__(self, seed: int) -> None:
        self.state = seed % 2**32

    def __call__(self) -> float:
        self.state = (self.state + 0x6D2B79F5) % 2**32
        t = (self.state ^ self.state >> 15) * (self.state | 1) % 2**32
        t ^= (t + (t ^ t >> 7) * (t | 61)) % 2**32
        return ((t ^ t >> 14) % 2**32) / 2**32


class Rule(Protocol):
    """Which numbers an input may have."""

    @property
    def said(self) -> str:
        """The rule as it was written."""

    @property
    def numbers(self) -> Sequence[float]:
        """The numbers; empty if they are not listed."""

    def draw(self, random: Random) -> float:
        """Return one of the numbers."""

    def loosened(self) -> Rule:
        """Return a rule with many more numbers."""


@dataclass(frozen=True)
class Listed:
    """One of these numbers. `said`: the rule as it was written."""

    said: str
    numbers: Sequence[float]

    def draw(self, random: Random) -> float:
        return self.numbers[int(random() * len(self.numbers))]

    def loosened(self) -> Listed:
        step = min((abs(x - math.floor(x)) for x in self.numbers if x != math.floor(x)), default=1.0)
        step = step if WIDE / step < MOST / 2 else 1.0
        count = int(WIDE / step)
        return Listed(self.said, [k * step for k in range(-count, count + 1)])


@dataclass(frozen=True)
class Around:
    """Numbers like a first one, as on pages: whole numbers stay whole, others keep up to two decimals."""

    said: str
    first: float
    numbers: Sequence[float] = ()

    def draw(self, random: Random) -> float:
        x = self.first
        unit = 10 ** _decimals(x)
        reach = max(math.floor(max(3 if x.is_integer() else 1, 1.5 * abs(x)) * unit + 0.5), 2)
        found = 0
        while found == 0 and not (x == 0 and random() < 0.3):
            found = math.floor((2 * random() - 1) * reach + 0.5)
        return float(found / unit)

    def loosened(self) -> Rule:
        return Listed(self.said, [self.first]).loosened()


def rule(text: str) -> Rule:
    """Return the rule of a text: a number, a list of numbers, or a range with a step and excluded numbers.

    A number alone is drawn anew, like the number. "2..2" keeps it.

    >>> rule("-1..1 step 1/2 not 0").numbers
    [-1.0, -0.5, 0.5, 1.0]

    Raises: ValueError for another text, an empty range, or more than 100,000 numbers.
    """
    said = " ".join(text.replace("−", "-").split())
    if found := _RANGE.fullmatch(said):
        return Listed(said, _between(said, **found.groupdict()))
    numbers = [_number(part, said) for part in said.split(",")]
    if len(numbers) > 1:
        return Listed(said, [float(x) for x in numbers])
    return Around(said, float(numbers[0]))


def _between(said: str, low: str, high: str, step: str | None, out: str | None) -> list[float]:
    first, last, width = _number(low, said), _number(high, said), _number(step or "1", said)
    if width <= 0:
        raise ValueError(f"the step must be above 0, got {said!r}; {HOW}")
    if last < first:
        raise ValueError(f"a range goes from its smaller to its larger number, got {said!r}; write {high}..{low}")
    count = (last - first) // width + 1
    if count > MOST:
        raise ValueError(f"{said!r} has {count:,} numbers, and {MOST:,} is the most; take a larger step")
    excluded = {_number(part, said) for part in out.split(",")} if out else set()
    found = [float(x) for k in range(int(count)) if (x := first + k * width) not in excluded]
    if not found:
        raise ValueError(f"{said!r} excludes every number of its range; take one out after 'not'")
    return found


def _number(text: str, said: str) -> Fraction:
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{text.strip()!r} in {said!r} is no number; {HOW}") from None


def _decimals(x: float) -> int:
    """Return how many decimals a number is written with, at most 2, as JavaScript writes it."""
    written = repr(x).removesuffix(".0")
    if "e" in written:
        mantissa = written.partition(".")[2]
        return min(2, len(mantissa))
    return min(2, len(written.partition(".")[2]))


def narrowest(rules: dict[str, Rule]) -> str:
    """Return the name of the rule with the fewest numbers of those that list them; "" if there is none."""
    return min((name for name in rules if rules[name].numbers), key=lambda name: len(rules[name].numbers), default="")
