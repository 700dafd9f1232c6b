"""Would the tests notice? Makes seeded changes of the code, one at a time, and runs the tests of the room for each.

    python tests/mutations.py                      100 changes of the core modules
    python tests/mutations.py --count 30 --seed 7 microgrAD/train microgrAD/losses.py

A change is made in a copy of the tree, in which the tests have to pass first. What no test notices is printed as a
survivor, and up to 5 % may survive. What cannot be seen, for a reason that tests/shared/equivalents.py gives, is
printed apart and not counted. A change with which the tests do not end is stopped, and listed apart.

There are well-kept tools for this, cosmic-ray and mutmut. Both run the same tests for every change, which would take
days here; and half of what cosmic-ray changes are operators that no number has, such as `|` in place of `*`.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "shared"))

from equivalents import reason
from mutating import Mutation, mutations

ROOT = Path(__file__).parents[1]
CORE = "ops.py formula generate graph.py backward.py choices.py scalar.py engine.py copying.py functions.py calculus.py"
CORE += " checking.py steps optim init.py nn reducing.py losses.py outputs.py train compiler"
GENERATED = {"operators.py", "floats.py"}  # they are written anew from the table for every change
WRITES = ("ops.py", "formula", "generate")  # what changes them
ALLOWED = 0.05  # of the changes may survive
TIME_LIMIT = 400.0  # seconds for the tests of a change
ENDLESS = "the time limit"
STOPPED = "stopped from outside, so nothing is known"

# where a room's tests are; by default in tests/microgrAD/ROOM, and those of single files in tests/microgrAD/engine
TESTS: dict[str, list[str]] = {
    "ops": ["engine/test_oracles.py", "engine", "formula", "compiler/test_numbers.py"],
    "formula": [
        "formula",
        "engine/test_operators.py",
        "explanation",
        "engine/test_oracles.py",
        "compiler",
        "../viz/web/test_javascript.py",
    ],
    "generate": ["engine/test_operators.py", "engine"],
    "choices": ["engine/test_where.py", "engine", "compiler/test_numbers.py"],
    "engine": ["engine", "compiler/test_errors.py"],
    "scalar": ["engine", "compiler/test_errors.py"],
    "steps": ["steps", "explanation"],
    "init": ["nn"],
    "reducing": ["train", "nn"],
    "losses": ["train", "nn"],
    "outputs": ["train", "nn", "interpret", "estimators"],
    "nn": ["nn", "train"],
    "optim": ["optim", "train"],
    "train": ["train", "estimators"],
    "compiler": [
        *(f"compiler/test_{name}.py" for name in ("program", "folding", "proof", "errors", "passes")),
        *("train/test_proof.py", "engine/test_where.py", "engine/test_random_programs.py", "compiler"),
    ],
}


def files(chosen: list[str]) -> list[Path]:
    """The modules to change, as paths in the tree."""
    found = [path for name in chosen for path in (sorted((ROOT / name).rglob("*.py")) or [ROOT / name])]
    return [path.relative_to(ROOT) for path in found if path.name not in GENERATED]


def tests_of(file: Path) -> list[str]:
    """The test files to run, those with the module's name in theirs first."""
    room = file.parts[1].removesuffix(".py")
    where = TESTS.get(room) or [room if (ROOT / "tests" / "microgrAD" / room).is_dir() else "engine"]
    found = [path for place in where for path in _tests(ROOT / "tests" / "microgrAD" / place)]
    found.sort(key=lambda path: file.stem not in path.stem and path.stem.removeprefix("test_") not in file.stem)
    return list(dict.fromkeys(str(path.relative_to(ROOT)) for path in found))


def _tests(path: Path) -> list[Path]:
    return sorted(path.glob("test_*.py")) if path.is_dir() else [path]


def copied(to: Path) -> Path:
    """A copy of the tree."""
    leave = shutil.ignore_patterns(".git", ".venv", "build", "node_modules", "__pycache__", ".*_cache", ".hypothesis")
    return shutil.copytree(ROOT, to / "tree", ignore=leave)


def tested(tests: list[str], tree: Path, limit: float | None = TIME_LIMIT) -> subprocess.CompletedProcess[bytes]:
    """What pytest says of tests in the copy of the tree, up to the first that fails."""
    run = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    return subprocess.run(run, cwd=tree, env=environment(tree), capture_output=True, timeout=limit)


def environment(tree: Path) -> dict[str, str]:
    """Variables with which Python imports the copy of the tree."""
    return {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "CI": "true"}


def noticed(mutation: Mutation, tree: Path) -> str:
    """The test that fails in the copy of the tree with the change, or what else stops it; nothing if all pass."""
    path = tree / mutation.file
    source = path.read_bytes()
    path.write_bytes(mutation.applied(source))
    generated = {name: (tree / "microgrAD" / name).read_bytes() for name in GENERATED}
    try:
        if any(name in mutation.file.parts for name in WRITES):
            again = [sys.executable, "-m", "microgrAD.generate"]
            if subprocess.run(again, cwd=tree, env=environment(tree), capture_output=True).returncode:
                return "microgrAD.generate"
        done = tested([str(mutation.file), *tests_of(mutation.file)], tree)
    except subprocess.TimeoutExpired:
        return ENDLESS
    finally:
        for name, content in {**generated, path.name: source}.items():
            (path if name == path.name else tree / "microgrAD" / name).write_bytes(content)
    if done.returncode == 5:
        raise RuntimeError(f"no tests were found in {tests_of(mutation.file)}")
    if done.returncode in (-signal.SIGKILL, -signal.SIGTERM):
        return STOPPED
    lines = [line for line in done.stdout.decode().splitlines() if line]
    said = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
    # without such a line, what all tests import fails, or the whole process
    said = said or [f"exit code {done.returncode}: {(done.stderr.decode().splitlines() or lines or ['-'])[-1]}"]
    return said[0].split(" - ")[0][:100] if done.returncode else ""


def main() -> int:
    """Make the changes, and print the survivors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("modules", nargs="*", help="files and folders, by default the core")
    options = parser.parse_args()
    every = [
        m
        for file in files(options.modules or [f"microgrAD/{name}" for name in CORE.split()])
        for m in mutations(file, (ROOT / file).read_bytes())
    ]
    chosen = random.Random(options.seed).sample(every, min(options.count, len(every)))
    survivors, unseen, endless, stopped = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        unchanged = tested(sorted({test for m in chosen for test in tests_of(m.file)}), tree, None)
        if unchanged.returncode:
            print(unchanged.stdout.decode(), "\nThe tests fail without any change; mend that first.")
            return 1
        for k, mutation in enumerate(chosen):
            began = time.monotonic()
            found = noticed(mutation, tree)
            if not found and (why := reason(mutation, ROOT)):
                found = f"cannot be seen: {why}"
                unseen.append(mutation)
            elif not found:
                survivors.append(mutation)
            elif found == ENDLESS:
                endless.append(mutation)
            elif found == STOPPED:
                stopped.append(mutation)
            print(f"{k + 1:4d} {time.monotonic() - began:4.0f} s  {mutation}\n     {found or 'SURVIVES'}", flush=True)
    print(f"\n{len(survivors)} of {len(chosen)} changes survive, of {len(every)} possible ones", *survivors, sep="\n")
    print(f"\n{len(unseen)} more cannot be seen", *[f"{m}\n     {reason(m, ROOT)}" for m in unseen], sep="\n")
    print(f"\n{len(endless)} more make the tests run for ever", *endless, sep="\n")
    print(f"\n{len(stopped)} more were stopped from outside", *stopped, sep="\n")
    return int(len(survivors) > ALLOWED * len(chosen))


if __name__ == "__main__":
    sys.exit(main())
