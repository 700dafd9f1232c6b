"""CONTRIBUTING keeps its word: the entry it shows, put into the table of a copy, is an operation in every way."""

from __future__ import annotations

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

ENTRY, ORACLE = re.findall(
    r"^   ```python\n   (.*?)\n   ```$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)

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
