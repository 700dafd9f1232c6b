"""`derive`, and `step --train` and `exercise --train`: what they print and write, and what they refuse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NEURON = ["n = w*x + b; o = sigmoid(n); L = (o - y)**2 / 2", "w=2", "x=3", "b=1", "y=0"]
SQUARE = ["(w * x - y) ** 2 / 2", "w=0.5", "x=2", "y=3"]
TWICE = ["q = x + y; f = q * x", "x=1", "y=2"]


def test_derive_writes_the_factors_and_the_result(said: Any) -> None:
    status, out, _ = said("derive", *NEURON, "--wrt", "w")
    assert status == 0
    assert out.splitlines()[-1] == "∂L/∂w = ∂L/∂o · ∂o/∂n · ∂n/∂w = (o − y) · o · (1 − o) · x"


def test_derive_tells_paths_and_reasons(said: Any) -> None:
    assert "∂f/∂x = 1 + 3 = 4" in said("derive", *TWICE, "--wrt", "x", "--paths")[1]
    assert "is flat at" in said("derive", "relu(x)", "x=-1", "--wrt", "x", "--why")[1]


def test_derive_writes_files(said: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert said("derive", *NEURON, "--wrt", "w", "-o", "w.tex")[0] == 0
    assert r"\begin{aligned}" in Path("w.tex").read_text("utf-8")
    status, out, _ = said("derive", *TWICE, "--wrt", "x", "--paths", "--theme", "dark", "-o", "paths/")
    assert (status, out) == (0, "wrote paths/path-00.png to path-03.png\n") or out.endswith("step-03.png\n")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["derive", *NEURON, "--wrt", "z"], "--wrt must be one of"),
        (["derive", *NEURON, "--wrt", "w", "-o", "w.gif"], "add --paths"),
        (["derive", *NEURON, "--wrt", "w", "-o", "w.doc"], "must end in one of"),
        (["derive", *NEURON, "--wrt", "w", "--paths", "--why"], "give one of them"),
        (["derive", *NEURON, "--wrt", "w", "--gradient", "2"], "leave out --gradient"),
        (["derive", *NEURON, "--wrt", "w", "--theme", "dark"], "is for a file"),
        (["step", *SQUARE, "--train", "w", "-o", "w.png"], "must end in one of"),
        (["step", *SQUARE, "--train", "w", "--theme", "dark"], "is for a file"),
        (["step", *SQUARE, "--train", "v"], "--train takes inputs"),
        (["exercise", *SQUARE, "--train", "w"], "--train is for paper"),
        (["exercise", *SQUARE, "--train", "w", "-o", "w.html"], "--train is for paper"),
    ],
)
def test_what_is_refused(said: Any, command: list[str], message: str) -> None:
    status, _, err = said(*command)
    assert status == 2 and message in err


def test_a_run_is_written_as_text_slides_and_a_worksheet(
    said: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said("step", *SQUARE, "--train", "w", "-o", "w.md")[0] == 0
    assert "w′" in Path("w.md").read_text("utf-8") or "w'" in Path("w.md").read_text("utf-8")
    assert said("step", *SQUARE, "--train", "w", "-o", "w.tikz")[0] == 0
    assert r"\only<" in Path("w.tikz").read_text("utf-8")
    status, out, _ = said("step", *SQUARE, "--train", "w", "--size", "400x300", "-o", "frames/")
    assert status == 0 and out.startswith("wrote frames/step-00.png to step-")
    assert said("exercise", *SQUARE, "--train", "w", "--paper", "-o", "w.html")[1].count("wrote") == 2
    assert "∂" in Path("w-key.html").read_text("utf-8")


def test_without_ffmpeg_one_line_says_what_to_do(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    status, _, err = said("step", *SQUARE, "-o", "w.mp4")
    assert status == 2 and err.count("\n") == 1 and "pip install imageio-ffmpeg" in err


def test_export_writes_scripts_that_print_the_same_numbers(said: Any, tmp_path: Path) -> None:
    file = tmp_path / "twin.py"
    assert said("export", *TWICE, "--to", "numpy", "-o", str(file)) == (0, f"wrote {file}\n", "")
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["f = 3.0", "x = 1.0  gradient 4.0", "y = 2.0  gradient 1.0"]
    assert "torch.tensor(1.0, requires_grad=True)" in said("export", *TWICE, "--to", "torch")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "tensorflow"], "--to must be one of ['torch', 'jax', 'numpy', 'sympy', 'micrograd']"),
        (["--to", "numpy", "-o", "twin.txt"], "must end in"),
        (["--to", "numpy", "-o", "missing/twin.py"], "missing"),
        (["--to", "numpy", "--gradient", "2"], "leave out --gradient"),
    ],
)
def test_what_export_refuses(said: Any, arguments: list[str], message: str) -> None:
    status, _, err = said("export", *TWICE, *arguments)
    assert status == 2 and message in err
