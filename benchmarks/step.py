"""The time of a training step, ours over that of each peer: measured in turn in one run, on one thread, in float64.

    pip install micrograd jax torch && python benchmarks/step.py

Peers that are not installed are left out, with a message. After a few steps, the parameters of each peer are compared
with those of hand-written NumPy. Bursts of steps run in turn, and a ratio is the median over all rounds. With --slow, a
peer whose step takes over two seconds runs only one step, which is compared and timed next to a burst of ours.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import argparse  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from statistics import median  # noqa: E402

import numpy as np  # noqa: E402
from cases import Array, Case, case  # noqa: E402
from peers import PEERS, numpy_  # noqa: E402

CHECKED = 3  # steps after which parameters are compared
SLOW = 2.0  # seconds; if a step takes longer, one step is enough
FEW = 10  # the fewest steps of a burst, so that the preparation of a call is a small part
EAGER = ("microgrAD eager", "micrograd")

Step = Callable[[int], None]

clock = time.perf_counter


def timed(step: Step, n: int) -> float:
    """Return the seconds per step, over n steps."""
    start = clock()
    step(n)
    return (clock() - start) / n


def burst(step: Step, seconds: float) -> int:
    """Return how many steps fit into a number of seconds: the best of three tries, since other programs run too."""
    n = 1
    while n < 1_000_000 and (took := min(timed(step, n) for _ in range(3))) * n < seconds / 4:
        n = max(2 * n, min(10 * n, int(seconds / 4 / took)))
    return max(FEW, int(seconds / took))


def check(given: Case, name: str, weights: Array, steps: int) -> None:
    """Stop if a peer's parameters differ from those of hand-written NumPy after some steps."""
    step, want = numpy_(given)
    step(steps)
    apart = np.abs(weights - want()).max()
    assert apart < 1e-12, f"{name} is {apart} away after {steps} steps"


def race(given: Case, names: list[str], rounds: int, seconds: float) -> None:
    """Print the time per step of each peer, and ours over theirs. The first name is ours."""
    print(f"{given.name}: {'-'.join(map(str, given.sizes))}, {len(given.X)} rows", flush=True)
    steps: dict[str, Step] = {}
    counts: dict[str, int] = {}
    pairs: dict[str, list[tuple[float, float]]] = {}  # ours and theirs, measured one after the other
    for name in names:
        try:
            step, weights = PEERS[name](given)
        except ImportError as error:
            print(f"  {name}: left out, {error}")
            continue
        first = timed(step, 1)
        if first > SLOW:
            pairs[name] = [(timed(steps[names[0]], counts[names[0]]), first)]
            check(given, name, weights(), 1)
            continue
        step(CHECKED - 1)
        check(given, name, weights(), CHECKED)
        steps[name], counts[name], pairs[name] = step, burst(step, seconds), []
    for _ in range(rounds):
        now = {name: timed(step, counts[name]) for name, step in steps.items()}
        for name, theirs in now.items():
            pairs[name].append((now[names[0]], theirs))
    for name, both in pairs.items():
        ratio = median(ours / theirs for ours, theirs in both)
        shown = f"{ratio:.3g}" if ratio > 1e-3 else f"1 / {1 / ratio:,.0f}"
        print(
            f"  {name:18} {median(theirs for _, theirs in both) * 1e6:16,.2f} µs a step     ours / theirs {shown}"
            + ("     (its first step, timed once)" if name not in steps else ""),
            flush=True,
        )


def main() -> None:
    """Read the command line and print all ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "cases", nargs="*", default=["xor", "circles", "moons", "digits"], help="xor, circles, moons, digits"
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.05, help="the length of a burst")
    parser.add_argument(
        "--rows",
        type=lambda text: [int(float(n)) for n in text.split(",")],
        default=[None],
        help="numbers of rows, instead of the case's own, such as 1,10,100,1e3,1e4,1e5",
    )
    parser.add_argument(
        "--slow",
        action="store_true",
        help="run the eager scalar engines, too; a step of over two seconds runs only once",
    )
    parser.add_argument(
        "--cpu",
        action="store_true",
        help="measure processor time, of all threads of the process, for machines on which other programs run",
    )
    options = parser.parse_args()
    global clock
    clock = time.process_time if options.cpu else time.perf_counter
    names = [name for name in PEERS if options.slow or name not in EAGER]
    for name in options.cases:
        for rows in options.rows:
            race(case(name, rows), names, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
