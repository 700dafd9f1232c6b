"""Random programs: the engine, forward mode and compiled programs agree, in errors too, and are as precise as they can.

1,000 programs by default. The long run, which says what it finds as it goes, has a count and a seed:
`python tests/microgrAD/engine/test_random_programs.py 100000 7`.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2] / "shared"))

import pytest
from programs import STEP, Outcome, Program, allowed, compiled, exact, forward, on_engine, random_program
from ways import WAYS

from microgrAD import DomainError

COUNT, PARTS = 1000, 10
LARGEST = sys.float_info.max
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 15, 25)
LARGE = (100, 300, 1000)  # some of them
CLOSE = 1e-9


def kind(error: str) -> str:
    """An error; of several derivatives that are not finite, forward mode names the first, and backward the last."""
    return re.sub(r"the derivative of .* is not finite.*", "a derivative is not finite", error)


def unlike(engine: Outcome, other: Outcome) -> str:
    """What differs between two ways of running one program, or nothing."""
    if kind(engine.error) != kind(other.error):
        return f"errors: {engine.error!r}, {other.error!r}"
    numbers, others = (engine.value, *engine.gradient), (other.value, *other.gradient)
    scale = max(map(abs, numbers))
    if any(abs(a - b) > CLOSE * max(abs(a), 1e-5 * scale) for a, b in zip(numbers, others, strict=True)):
        return f"numbers: {numbers}, {others}"
    return ""


def rounded_apart(program: Program, one: Outcome, other: Outcome) -> bool:
    """Whether two results differ by no more than rounding explains, where a program is ill-conditioned."""
    if one.error or other.error or len(program.steps) > max(SIZES):
        return False
    pairs = zip((one.value, *one.gradient), (other.value, *other.gradient), strict=True)
    value, gradient = allowed(program)
    return all(abs(a - b) <= 2 * bound for (a, b), bound in zip(pairs, (value, *gradient), strict=True))


def judged(program: Program, way: str) -> tuple[str, str]:
    """What became of a program, compiled to run in some way, and what is wrong with that."""
    engine = on_engine(program)
    for name, other in (("forward", forward(program)), (f"compiled, {way}", compiled(program, way))):
        if (wrong := unlike(engine, other)) and not rounded_apart(program, engine, other):
            return "differs", f"{name}: {wrong}"
    if engine.error:
        return "an error", ""
    if len(program.steps) > max(SIZES):
        return "agrees", ""
    try:
        found, bounds = exact(program), allowed(program)
    except DomainError:  # the derivative has none at this point
        return "agrees", ""
    if found is None or not all(abs(x) < LARGEST for x in (found[0], *found[1])):  # tan where a float is nearest to π/2
        return "agrees, at a kink or an edge", ""
    for ours, theirs, bound in zip(
        (engine.value, *engine.gradient), (found[0], *found[1]), (bounds[0], *bounds[1]), strict=True
    ):
        if abs(ours - theirs) > bound + (1e-290 if ours else 10 * STEP):
            return "is imprecise", f"{ours!r} for {float(theirs)!r}, allowed are {bound!r}"
    return "agrees, and with mpmath", ""


def run(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Judge so many programs."""
    rng, found, wrong = random.Random(seed), Counter[str](), []
    for k in range(count):
        program = random_program(rng, rng.choice(LARGE) if k % 100 == 99 else rng.choice(SIZES))
        what, why = judged(program, WAYS[k % len(WAYS)])
        found[what] += 1
        if why:
            wrong.append(f"{why}\n    {program}")
    return found, wrong


@pytest.mark.parametrize("part", range(PARTS))
def test_all_ways_agree_and_are_precise(part: int) -> None:
    found, wrong = run(COUNT // PARTS, part)
    assert wrong == []
    assert found["agrees, and with mpmath"] > COUNT // PARTS / 4  # and not all of them errors


def test_a_program_whose_last_place_decides_is_not_refused() -> None:
    steps = (("sub", (2, 1)), ("pow", (3, 3)), ("dot", (2, 1, 3, 3, 4, 1, 4, 1)), ("tan", (5,)), ("log1p", (6,)))
    program = Program(steps, (-1.8164010364825591, 1.0, 12.549897941783223))
    assert [judged(program, way) for way in WAYS] == [("agrees, and with mpmath", "")] * len(WAYS)


@pytest.mark.parametrize(
    "program",
    [
        # mpmath has no -0.0, and atan2 is π or -π there
        Program((("atan2", (-0.0, 0)), ("mul", (1, 3))), (-1.5, 1.0, 1.0)),
        # at both kinks at once; the differences see neither
        Program((("relu", (0,)), ("min", (3, 0))), (0.0, 2.0, 2.0)),
        # erf is 1 in floats, and a little less with more digits
        Program((("erf", (0,)), ("log2", (3,)), ("abs", (4,))), (10.231612777640995, 1.0, 1.0)),
        # asin is rounded, though nothing goes on from the step before it
        Program((("step", (0,)), ("asin", (3,)), ("cos", (4,))), (1.5, 1.0, 1.0)),
        # tan of the float that is nearest to π/2
        Program((("atan2", (1.9, 0.0)), ("mul", (3, 0)), ("tan", (4,))), (1.0, 1.0, 1.0)),
    ],
)
def test_where_more_digits_say_nothing(program: Program) -> None:
    assert {judged(program, way)[1] for way in WAYS} == {""}


def test_the_zero_of_a_relu_has_no_sign() -> None:
    program = Program((("relu", (1,)), ("atan2", (3, 2))), (-3.801470602077892, -10.9, -17.95))
    assert on_engine(program).value > 3
    assert {judged(program, way)[1] for way in WAYS} == {""}
    chosen = Program((("where", (0, 1, 0.0)), ("atan2", (3, 2))), (-1.0, -10.9, -17.95))
    assert {judged(chosen, way)[1] for way in WAYS} == {""}


def test_the_core_is_right_without_assertions_too() -> None:
    done = subprocess.run([sys.executable, "-OO", __file__, "100", "5"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("100\n")


def long_run(count: int, seed: int) -> int:
    """Judge `count` programs, print what is found after each thousand, and return how many are wrong."""
    found, wrong = Counter[str](), 0
    for k in range(0, count, COUNT):
        part, faults = run(min(COUNT, count - k), seed * 1_000_003 + k)  # apart from the seeds of the tests
        found, wrong = found + part, wrong + len(faults)
        print(found.total(), dict(found), *faults, sep="\n", flush=True)
    return wrong


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    arguments = [*map(int, sys.argv[1:])]
    sys.exit(bool(long_run(*arguments, *(COUNT, 1)[len(arguments) :])))
