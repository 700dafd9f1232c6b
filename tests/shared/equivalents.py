"""Changes that no test can notice, since nothing that a user sees depends on them, each with the reason.

An entry is (file, the whole line as it is in the source, what the changed part becomes, or ANY, the reason). What
alters a number, a message or a choice that a user can see does not belong here: it needs a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mutating import Mutation

ANY = "any"  # whatever the change of that line


class Equivalent(NamedTuple):
    """A change that cannot be seen."""

    file: str
    line: str
    text: str
    reason: str

    def covers(self, mutation: Mutation, source: str) -> bool:
        """Whether a change of the source is this one."""
        line = source.splitlines()[mutation.line - 1].strip()
        return mutation.file.as_posix() == self.file and line == self.line and self.text in (ANY, mutation.text)


EQUIVALENT = [
    Equivalent(*entry)
    for entry in (
        (
            "microgrAD/compiler/run/rule.py",
            "rows = np.array([[0.7, -0.4, *[0.3] * len(names)], [-1.2, 0.9, *[0.55] * len(names)]])",
            ANY,
            "a rule is tried on two parameters, and any numbers do",
        ),
        (
            "microgrAD/ops.py",
            'exact={"x": "1 / sqrt(1 - x ** 2) if abs(x) < 0.5 else 1 / sqrt((1 - x) * (1 + x))"},',
            "'1 / sqrt(1 - x ** 2) if abs(x) <= 0.5 else 1 / sqrt((1 - x) * (1 + x))'",
            "at 0.5 and -0.5 both branches take the root of 0.75, without any rounding before it",
        ),
        (
            "microgrAD/ops.py",
            'exact={"x": "-1 / sqrt(1 - x ** 2) if abs(x) < 0.5 else -1 / sqrt((1 - x) * (1 + x))"},',
            "'-1 / sqrt(1 - x ** 2) if abs(x) <= 0.5 else -1 / sqrt((1 - x) * (1 + x))'",
            "at 0.5 and -0.5 both branches take the root of 0.75, without any rounding before it",
        ),
    )
]


def reason(mutation: Mutation, root: Path, entries: Iterable[Equivalent] = EQUIVALENT) -> str:
    """Why a change cannot be seen; nothing if it can."""
    source = (root / mutation.file).read_text(encoding="utf-8")
    return next((entry.reason for entry in entries if entry.covers(mutation, source)), "")
