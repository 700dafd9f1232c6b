"""How much longer Python takes with `import microgrAD` than without: the median of new processes, in turn.

python benchmarks/startup.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median

ROUNDS = 41
PROGRAMS = {
    "bare Python": "pass",
    "import microgrAD": "import microgrAD",
    "import numpy (to compare)": "import numpy",
}


def seconds(program: str) -> float:
    """Return the wall time of a new Python process that runs `program`, with bytecode files, as by default."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    return time.perf_counter() - start


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, program in PROGRAMS.items():  # in turn, so that other load on the machine affects all of them
            times[name].append(seconds(program))
    bare = median(times["bare Python"])
    for name, measured in times.items():
        print(f"{name:28} {median(measured) * 1e3:7.1f} ms   {(median(measured) - bare) * 1e3:+7.1f} ms")


if __name__ == "__main__":
    main()
