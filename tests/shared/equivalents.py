"""Changes that no test can notice, since nothing that a user sees depends on them, each with the reason.

What alters a number, a message or a choice that a user can see does not belong here: it needs a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mutating import Mutation


class Equivalent(NamedTuple):
    """Changes of a line, as it is in the source, that cannot be seen: what the changed part may become, and why."""

    file: str
    line: str
    texts: tuple[str, ...]
    reason: str

    def covers(self, mutation: Mutation, source: str) -> bool:
        """Whether a change of the source is one of them."""
        line = source.splitlines()[mutation.line - 1].strip()
        return mutation.file.as_posix() == self.file and line == self.line and mutation.text in self.texts


def reason(mutation: Mutation, root: Path, entries: Iterable[Equivalent] | None = None) -> str:
    """Why a change cannot be seen; nothing if it can."""
    source = (root / mutation.file).read_text(encoding="utf-8")
    found = EQUIVALENT if entries is None else entries
    return next((entry.reason for entry in found if entry.covers(mutation, source)), "")


# ---------------------------------------------------------------------------------------------- the list

RULE, OPS = "microgrAD/compiler/run/rule.py", "microgrAD/ops.py"
MACHINE = "microgrAD/compiler/write/wasm/functions.py"
SAME = "at this very number both formulas give the same result"
UNUSED = "the number only keeps a result finite that is not chosen"
SIGN = "of the number, which is 1 or -1, only the sign matters"

EQUIVALENT = [
    Equivalent(
        "microgrAD/compiler/run/choice.py",
        "if self.work > self.most or saved <= 0:",
        ("(self.work >= self.most)", "(saved < 0)"),
        "both ways give the same numbers, and where they cost the same, either will do",
    ),
    Equivalent(
        "microgrAD/compiler/run/choice.py",
        "MOST, MOST_LOOPED = 4_000, 8_000  # the most work that is written as straight code, and as loops",
        ("(4001)", "(8001)"),
        "both ways give the same numbers, and of so many products one takes no time",
    ),
    Equivalent(
        RULE,
        "rows = np.array([[0.7, -0.4, *[0.3] * len(names)], [-1.2, 0.9, *[0.55] * len(names)]])",
        ("(1.7)", "(0.4)", "(1.4)", "(1.3)", "(1.2)", "(2.2)", "(1.9)", "(1.55)"),
        "a rule is tried on two parameters, and any numbers do",
    ),
    Equivalent(
        OPS,
        'exact={"x": "1 / sqrt(1 - x ** 2) if abs(x) < 0.5 else 1 / sqrt((1 - x) * (1 + x))"},',
        ("'1 / sqrt(1 - x ** 2) if abs(x) <= 0.5 else 1 / sqrt((1 - x) * (1 + x))'",),
        SAME,
    ),
    Equivalent(
        OPS,
        'exact={"x": "-1 / sqrt(1 - x ** 2) if abs(x) < 0.5 else -1 / sqrt((1 - x) * (1 + x))"},',
        ("'-1 / sqrt(1 - x ** 2) if abs(x) <= 0.5 else -1 / sqrt((1 - x) * (1 + x))'",),
        SAME,
    ),
    *[
        Equivalent(MACHINE, line, texts, why)
        for line, texts, why in (
            ("return copysign(near if y < 1.0 else far, x)", ("(y <= 1.0)",), SAME),
            ("return near if abs(x) < 0.6 else (s + (e + (q + 0.25 / (s + q)))) * f", ("(abs(x) <= 0.6)",), SAME),
            ("near = (x > -0.2928) & (x < 0.4142)", ("(x >= -0.2928)", "(x <= 0.4142)"), SAME),
            ("return copysign(far if y > 268435456.0 else above if y > 2.0 else near, x)", ("(y >= 2.0)",), SAME),
            (
                "return (log(x) + (LN2 + LN2_LOW) if x > 268435456.0 else above if x > 2.0 else near) "
                "if x >= 1.0 else NAN",
                ("(x >= 2.0)",),
                SAME,
            ),
            ("small = size < 2.2250738585072014e-308", ("(size <= 2.2250738585072014e-308)",), SAME),
            ("rest = t + t * y / (1.0 - y) if y < 0.5 else t / (1.0 - y)", ("(y <= 0.5)",), SAME),
            ("k, r, c = _far(x) if abs(x) > 1048576.0 else _near(x)", ("(abs(x) >= 1048576.0)",), SAME),
            (
                "k, r, c = _far(x) if abs(x) > 1048576.0 else _near(x)",
                ("(1048577.0)",),
                "between these numbers both formulas give the same results",
            ),
            ("far = y >= 0.5", ("(y > 0.5)",), SAME),
            (
                "a, b, c, d = y >= 0.4375, y >= 0.6875, y >= 1.1875, y >= 2.4375",
                ("(y > 0.4375)", "(y > 0.6875)", "(y > 1.1875)", "(y > 2.4375)"),
                SAME,
            ),
            ("far = x >= 5.0", ("(x > 5.0)",), SAME),
            (
                "return copysign(near if y < 0.875 else 1.0 - _tail(max(y, 0.875)), x)",
                ("(y <= 0.875)",),
                SAME,
            ),
            ("near = 1.0 - (x + part) if x < 0.25 else 0.5 - ((x - 0.5) + part)", ("(x <= 0.25)",), SAME),
            (
                "return near if (x < 0.625) & (x > -1.0) else (2.0 - tail if x < 0.0 else tail)",
                ("(x <= 0.625)",),
                SAME,
            ),
            ("log_x = high + rest", ("(high - rest)",), "what it lacks is in the second part then"),
            ("z = min(y, 1.0) * min(y, 1.0)", ("(2.0)",), UNUSED),
            ("z = min(abs(x), 1.0) * min(abs(x), 1.0)", ("(2.0)",), UNUSED),
            ("near = y + y * _erf_rest(min(y * y, 1.0))", ("(2.0)",), UNUSED),
            ("part = x * _erf_rest(min(y, 1.0) * min(y, 1.0))", ("(2.0)",), UNUSED),
            ("negative = copysign(1.0, x) < 0.0", ("(2.0)", "(copysign(1.0, x) <= 0.0)"), SIGN),
            (
                "found = angle if copysign(1.0, x) > 0.0 else 2.0 * PI_2 - (angle - 2.0 * PI_2_LOW)",
                ("(2.0)", "(copysign(1.0, x) >= 0.0)"),
                SIGN,
            ),
            (
                "return k * sign, (r + error) * sign, ((r - (r + error)) + error) * sign",
                ("(k / sign)", "((r + error) / sign)", "((r - (r + error) + error) / sign)"),
                "to divide by 1 or -1 is to multiply by it",
            ),
        )
    ],
]
