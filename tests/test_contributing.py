"""CONTRIBUTING keeps its word: each of the four changes that it shows is made to a copy, and works."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mpmath
import pytest
from oracles import ORACLES, Oracle
from paths import ROOT

from microgrAD.generate import FILES

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ENTRY, ORACLE, *_ = re.findall(r"^   ```python\n   (.*?)\n   ```$", GUIDE, re.MULTILINE | re.DOTALL)

USE = """
import microgrAD
from microgrAD import Value, formula, grad
x = Value(-3.0)
y = x.softsign()
y.backward()
print(y.data, x.grad, microgrAD.softsign(-3.0), grad(grad(microgrAD.softsign))(1.0))
print(formula.text(microgrAD.OPS["softsign"].value))
print("def softsign" in Value.softsign.__source__)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package with the entry in its table, and what is generated from the table written anew."""
    shutil.copytree(ROOT / "microgrAD", tmp_path / "microgrAD", ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / "microgrAD" / "ops.py"
    before, mark, after = table.read_text("utf-8").partition("_TABLE = (\n")
    table.write_text(f"{before}{mark}    {ENTRY}\n{after}", "utf-8")
    run(tmp_path, "-W", "error", "-m", "microgrAD.generate")
    return tmp_path


def run(where: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=where,
        env=os.environ | {"PYTHONPATH": str(where)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_entry_alone_makes_the_operation(copy: Path) -> None:
    value, slope, called, bend, *rest = run(copy, "-c", USE).split(maxsplit=4)
    assert [float(number) for number in (value, slope, called, bend)] == [-0.75, 0.0625, -0.75, -0.25]
    assert "".join(rest) == "x / (1 + |x|)\nTrue\n"


def test_its_types_are_written_from_the_table(copy: Path) -> None:
    written = (copy / "microgrAD" / "operators.py").read_text("utf-8")
    assert "    def softsign(self) -> Value:\n" in written
    assert "def softsign(x: float) -> float: ...\n" in written


def test_it_can_be_taken_back(copy: Path) -> None:
    table = copy / "microgrAD" / "ops.py"
    table.write_text(table.read_text("utf-8").replace(f"    {ENTRY}\n", ""), "utf-8")
    run(copy, "-W", "error", "-m", "microgrAD.generate")
    for name in FILES:
        assert (copy / "microgrAD" / name).read_text("utf-8") == (ROOT / "microgrAD" / name).read_text("utf-8")


def test_its_oracle_is_one_that_the_tests_would_take() -> None:
    ((name, oracle),) = eval(f"{{{ORACLE}}}", {"Oracle": Oracle}).items()
    assert name not in ORACLES
    assert oracle.f(mpmath.mpf(-3)) == mpmath.mpf(-3) / 4


# ---------------------------------------------------------------------------------------------- new files


def done(title: str, where: Path) -> int:
    """Do in a copy of both packages what a section of the guide shows; returns the number of lines added to files."""
    for package in ("microgrAD", "viz"):
        if not (where / package).exists():
            shutil.copytree(ROOT / package, where / package, ignore=shutil.ignore_patterns("__pycache__"))
    section = GUIDE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    lines = 0
    for kind, path, after, block in re.findall(
        r"<!-- (file|line): (\S+?)(?:, after: (.*?))? -->\n   ```python\n(.*?)   ```", section, re.DOTALL
    ):
        text, file = re.sub("^   ", "", block, flags=re.MULTILINE), where / path
        if kind == "file":
            assert not file.exists()
            file.write_text(text, "utf-8")
            continue
        before, mark, rest = file.read_text("utf-8").partition(after)
        assert mark, f"{path} has no {after!r}"
        file.write_text(f"{before}{mark}\n{text}{rest.removeprefix(chr(10))}", "utf-8")
        lines += text.count("\n")
    return lines


def test_a_medium_is_one_file_and_two_lines(tmp_path: Path) -> None:
    assert done("Add a medium", tmp_path) == 2
    use = "import viz, microgrAD; print(viz.draw(microgrAD.parse('x * y', x=2, y=3)).save('f.txt').read_text())"
    assert {"x", "y", "×", "6"} <= set(run(tmp_path, "-c", use).splitlines())


def test_a_picture_of_a_network_is_one_file_and_two_lines(tmp_path: Path) -> None:
    assert done("Add a picture of a network", tmp_path) == 2
    use = "import viz; p = viz.output_histogram(lambda x: x[0], [[1.0], [2.0], [4.0]]); p.save('p.png'); print(p.title)"
    assert run(tmp_path, "-c", use) == "half of the outputs lie below 2\n"
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


COMPILED = """
from microgrAD import Value, compile
w = Value(0.5)
rows = [0.3, -1.2, 700.0]
program = compile(lambda x: 2.0 * (w * x).tanh() + (w * x * 1e-3).exp() * 2, parameters=[w])
value, gradient = program.value_and_grad(rows)
print(value, *gradient)
print(*[step.op for step in program.runners[0].tensors.steps])
"""


def test_a_compiler_pass_is_one_file_and_two_lines(tmp_path: Path) -> None:
    numbers, steps = run(ROOT, "-c", COMPILED).splitlines()
    assert done("Add a compiler pass", tmp_path) == 2
    with_pass, fewer = run(tmp_path, "-c", COMPILED).splitlines()
    assert (steps.split().count("mul"), fewer.split().count("mul")) == (4, 2)
    assert with_pass == numbers  # to the last digit
    w, rows = 0.5, [0.3, -1.2, 700.0]
    value = sum(2 * math.tanh(w * x) + 2 * math.exp(w * x / 1000) for x in rows) / 3
    slope = sum(2 * x * (1 - math.tanh(w * x) ** 2) + x / 500 * math.exp(w * x / 1000) for x in rows) / 3
    assert list(map(float, with_pass.split())) == pytest.approx([value, slope], rel=1e-14)


def test_what_the_guide_adds_stands_on_the_map(tmp_path: Path) -> None:
    for title in ("Add a medium", "Add a picture of a network", "Add a compiler pass"):
        done(title, tmp_path)
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    said = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_architecture.py")
    assert "passed" in said
    assert "failed" not in said
