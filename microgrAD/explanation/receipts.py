"""The short code at the end of an exercise, which says what was solved and which a teacher can check.

    3F9K2QA-0-0E.02.01.00-7QZ1C0D
    exercise seed result   check

    exercise   of the expression, its inputs and its blanks
    seed       of the numbers that were drawn; 0 for the exercise's own, * for numbers that were typed
    result     solved, wrong answers, hints, answers that were shown
    check      of all that, and of the student's name

All numbers have the base 36. The check finds slips and a code that was passed on; it is no proof against somebody who
reads the page's script. The page writes codes with the same rule, in viz/passes/lesson/assets/progress.js.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from microgrAD.explanation.blanks import Blank
from microgrAD.steps.trace import Trace

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODE = re.compile(r"([0-9A-Z]+)-([0-9A-Z]+|\*)-([0-9A-Z]{2})\.([0-9A-Z]{2})\.([0-9A-Z]{2})\.([0-9A-Z]{2})-([0-9A-Z]+)")
OWN = "*"  # the seed of numbers that were typed


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a code says.

    Arguments:
        exercise: the fingerprint of the exercise.
        seed: the seed of the numbers; 0 for the exercise's own, None for numbers that were typed.
        solved, wrong, hints, shown: the counts.
    """

    exercise: str
    seed: int | None
    solved: int
    wrong: int
    hints: int
    shown: int


def fingerprint(trace: Trace, blanks: Sequence[Blank]) -> str:
    """Return what tells an exercise from others: of its expression, its inputs, its pass and its blanks."""
    nodes = ";".join(
        f"{v.op}({','.join(map(str, v.args))})" if v.op else repr(v.data) for v in trace.variables.values()
    )
    wrt = ",".join(v.id for v in trace.wrt)
    gradient = trace.derivatives.get(trace.root.id, 0.0) if trace.mode == "reverse" else ""
    return checksum(f"{nodes}|{trace.mode}|{wrt}|{gradient!r}|{','.join(blank.key for blank in blanks)}")


def write(receipt: Receipt, name: str = "") -> str:
    """Return the code of a result; `name` is the student's."""
    seed = OWN if receipt.seed is None else _base36(receipt.seed)
    counts = (receipt.solved, receipt.wrong, receipt.hints, receipt.shown)
    told = f"{receipt.exercise}-{seed}-{'.'.join(_base36(min(count, 36 * 36 - 1)).rjust(2, '0') for count in counts)}"
    return f"{told}-{checksum(f'{told}|{_plain(name)}')}"


def read(code: str, name: str = "") -> Receipt:
    """Return what a code says.

    Raises: ValueError if it is no code, or if its check does not fit it and the name.
    """
    found = _CODE.fullmatch(code.strip().upper())
    if not found:
        raise ValueError(f"a code looks like 3F9K2QA-0-0E.02.01.00-7QZ1C0D, got {code!r}")
    told, check = code.strip().upper().rpartition("-")[::2]
    if checksum(f"{told}|{_plain(name)}") != check:
        raise ValueError(
            f"the code {code.strip()!r} does not fit: it was changed, or belongs to another name than {name!r}; "
            "give the name that was typed on the page"
        )
    counts = [int(count, 36) for count in found.groups()[2:6]]
    return Receipt(found[1], None if found[2] == OWN else int(found[2], 36), *counts)


def checksum(text: str) -> str:
    """Return the FNV-1a hash of a text, 32 bits over its UTF-8 bytes, in base 36."""
    hash = 0x811C9DC5
    for byte in text.encode():
        hash = (hash ^ byte) * 0x01000193 % 2**32
    return _base36(hash).rjust(7, "0")


def _plain(name: str) -> str:
    """Return a name without what is easily typed in another way: case, and spaces at the ends and in a row."""
    return " ".join(name.lower().split())


def _base36(x: int) -> str:
    digits = ""
    while x or not digits:
        x, digit = divmod(x, 36)
        digits = _DIGITS[digit] + digits
    return digits
