"""Karpathy's `micrograd` in our folder, as where file names ignore case: import, commands and doctor say so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A copy of the packages with a file of `micrograd` in it."""
    for package in ("microgrAD", "viz"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "microgrAD" / "nn.py").write_text("import random\n")
    return tmp_path


def run(where: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(where)}
    return subprocess.run([sys.executable, *command], cwd=where, env=environment, capture_output=True, text=True)


def test_the_import_says_that_the_folder_is_shared(shared: Path) -> None:
    done = run(shared, "-c", "import microgrAD; print(microgrAD.Value(2) * 3)")
    assert done.returncode == 0
    assert "UserWarning: micrograd is installed in the same folder" in done.stderr
    assert str(shared) in done.stderr


def test_the_import_says_nothing_where_it_is_not() -> None:
    assert run(ROOT, "-c", "import microgrAD").stderr == ""


def test_commands_say_that_micrograd_was_installed_over_us(shared: Path) -> None:
    (shared / "microgrAD" / "__init__.py").write_text("")
    done = run(shared, "-c", "from microgrAD.cli import main; main(['doctor'])")
    assert "ImportError: micrograd was installed over microgrAD" in done.stderr
    assert "separate environments" in done.stderr


def test_doctor_says_where_micrograd_is(shared: Path, tmp_path: Path) -> None:
    metadata = shared / "micrograd-0.1.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: micrograd\nVersion: 0.1.0\n")
    assert "0.1.0, in the same folder as microgrAD" in run(shared, "-m", "microgrAD", "doctor").stdout
    (shared / "microgrAD" / "nn.py").unlink()
    assert "0.1.0, in a folder of its own" in run(shared, "-m", "microgrAD", "doctor").stdout
