"""A training step, ours and theirs: ratios of times measured in turn in one run, on one thread, in float64.

    pip install micrograd jax torch && python benchmarks/step.py

Peers that are not installed are left out, and said so. Every peer's parameters are compared with hand-written
NumPy's after a few steps. Bursts of steps go in turn; a ratio is the median over the rounds.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"         # before NumPy is imported
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import argparse  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from statistics import median  # noqa: E402

import numpy as np  # noqa: E402
from cases import Case, case  # noqa: E402
from peers import PEERS, numpy_  # noqa: E402

CHECKED = 3         # steps after which parameters are compared


clock = time.perf_counter


def timed(step: Callable[[int], None], n: int) -> float:
    """Seconds a step, over n."""
    start = clock()
    step(n)
    return (clock() - start) / n


def burst(step: Callable[[int], None], seconds: float) -> int:
    """How many steps fit into so many seconds, by the best of three tries: other programs run too."""
    n = 1
    while n < 1_000_000 and (took := min(timed(step, n) for _ in range(3))) * n < seconds / 4:
        n = max(2 * n, min(10 * n, int(seconds / 4 / took)))
    return max(1, int(seconds / took))


def race(given: Case, names: list[str], rounds: int, seconds: float) -> None:
    """Print the peers' times a step and ours over theirs."""
    want_step, want = numpy_(given)
    want_step(CHECKED)
    steps, counts = {}, {}
    for name in names:
        try:
            step, weights = PEERS[name](given)
        except ImportError as error:
            print(f"  {name}: left out, {error}")
            continue
        step(CHECKED)
        apart = np.abs(weights() - want()).max()
        assert apart < 1e-12, f"{name} is {apart} away after {CHECKED} steps"
        steps[name], counts[name] = step, burst(step, seconds)
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            times[name].append(timed(step, counts[name]))
    print(f"{given.name}: {'-'.join(map(str, given.sizes))}, {len(given.X)} rows")
    ours = times[names[0]]
    for name, theirs in times.items():
        ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
        shown = f"{ratio:.3g}" if ratio > 1e-3 else f"1 / {1 / ratio:,.0f}"
        print(f"  {name:18} {median(theirs) * 1e6:12,.2f} µs a step     ours / theirs {shown}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=["xor", "moons", "digits"], help="xor, moons, digits")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.05, help="a burst's length")
    parser.add_argument("--slow", action="store_true", help="the eager scalar engines too: minutes for digits")
    parser.add_argument("--cpu", action="store_true",
                        help="the processor's time, of all threads of the process: where other programs run too")
    options = parser.parse_args()
    global clock
    clock = time.process_time if options.cpu else time.perf_counter
    names = [name for name in PEERS if options.slow or name not in ("microgrAD eager", "micrograd")]
    for name in options.cases:
        race(case(name), names, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
