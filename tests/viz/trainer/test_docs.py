"""The tables of docs/playground.md: every row names its test, and no control of TensorFlow's is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from paths import ROOT

TEXT = (ROOT / "docs" / "playground.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("| ")]
TESTS = {
    name
    for file in Path(__file__).parent.glob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.M)
}

# the controls that TensorFlow Playground has, from its page's source (index.html and src/playground.ts)
CONTROLS = [
    "reset", "play", "step", "epoch", "learning rate", "activation", "regularisation", "problem type", "circle",
    "exclusive or", "gaussian", "spiral", "regression plane", "regression gaussian", "ratio of training", "noise",
    "batch size", "regenerate", "inputs", "hidden layers", "units a layer", "maps of units", "weights", "test data",
    "discretise", "training loss", "state in the address", "seed", "parts hidden",
]  # fmt: skip


@pytest.mark.parametrize("row", [row for row in ROWS if row[-1].startswith("test_")], ids=lambda row: row[0][:30])
def test_every_row_has_its_test(row: list[str]) -> None:
    assert row[-1] in TESTS


def test_no_row_is_without_a_test() -> None:
    assert [row for row in ROWS if row[-1] != "test" and not row[-1].startswith("test_")] == []


@pytest.mark.parametrize("control", CONTROLS)
def test_no_control_is_left_out(control: str) -> None:
    theirs = [row[0].lower() for row in ROWS if len(row) == 3]
    assert any(control in name for name in theirs)
