"""Whether training makes a process larger: its resident size before and after 10,000 steps of each case.

    python benchmarks/memory.py

Each program first takes 100 steps. Linux only: the size is read from /proc/self/statm.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from cases import case
from peers import microgrAD_, microgrAD_calls

STATM = Path("/proc/self/statm")
STEPS = 10_000


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    gc.collect()
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Print a line for each case, trained in one call and in a loop of calls."""
    if not STATM.exists():
        sys.exit(f"{STATM} is not there; this measures on Linux alone")
    for name in ("xor", "moons", "digits"):
        for label, make in (("train", microgrAD_), ("value_and_grad and step", microgrAD_calls)):
            step, _ = make(case(name))
            step(100)
            before = resident()
            step(STEPS)
            after = resident()
            print(
                f"{name:8} {label:24} {before / 1e6:8.2f} MB before, {after / 1e6:8.2f} MB after {STEPS:,} steps: "
                f"{(after - before) / 1e3:+,.0f} kB",
                flush=True,
            )


if __name__ == "__main__":
    main()
