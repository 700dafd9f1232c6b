"""Each built-in data set, learned by its recipe from twenty seeds of data and weights: the worst and mean results.

    python benchmarks/twenty_seeds.py [--seeds 20] [DATASET ...]

The result is the share of right answers on held-out data; for a truth table (xor, and, or, parity), on all rows. For
the sine it is the held-out mean squared error, of which 0.01 is noise.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

from microgrAD.train.recipes import RECIPES, built_in


@dataclass(frozen=True)
class Row:
    """The results for a data set, one for each seed."""

    name: str
    scores: list[float]
    classes: bool
    seconds: float

    @property
    def worst(self) -> float:
        """The smallest share of right answers, or the largest error."""
        return min(self.scores) if self.classes else max(self.scores)

    def line(self) -> str:
        """The row of the table."""
        mean = sum(self.scores) / len(self.scores)
        shown = [f"{x:.1%}" if self.classes else f"{x:.4f}" for x in (self.worst, mean)]
        return f"| {self.name:8} | {shown[0]:>6} | {shown[1]:>6} | {self.seconds / len(self.scores):6.2f} s |"


def measure(name: str, seeds: int) -> Row:
    """Return the results for a data set, learned from a number of seeds."""
    start, scores = time.perf_counter(), []
    for seed in range(seeds):
        problem = built_in(name, rng=seed)
        history = problem.teach(problem.network(rng=seed), rng=seed, progress=False)
        scores.append(
            (history.test_accuracy or history.accuracy)[-1]
            if problem.class_names
            else history.test_loss[-1] * problem.deviation**2
        )
    return Row(name, scores, bool(problem.class_names), time.perf_counter() - start)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20, help="how many (20)")
    parser.add_argument("datasets", nargs="*", metavar="DATASET", help=f"of {list(RECIPES)}; all by default")
    args = parser.parse_args()
    print(f"| data set | worst of {args.seeds} | mean | time each |\n|---|---|---|---|")
    for name in args.datasets or RECIPES:
        print(measure(name, args.seeds).line(), flush=True)


if __name__ == "__main__":
    main()
