"""How long `import microgrAD` takes over bare Python: fresh processes in turn, the median of each.

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
    """The wall time of a fresh Python that runs `program`, with compiled files kept, as Python does by default."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    return time.perf_counter() - start


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, program in PROGRAMS.items():  # in turn, so that a busy moment hits all alike
            times[name].append(seconds(program))
    bare = median(times["bare Python"])
    for name, measured in times.items():
        print(f"{name:28} {median(measured) * 1e3:7.1f} ms   {(median(measured) - bare) * 1e3:+7.1f} ms")


if __name__ == "__main__":
    main()
