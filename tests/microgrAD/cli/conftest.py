"""What the tests of the command line share: an empty folder to be in, and running a command in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT

from microgrAD.cli import main


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, and no layout engine chosen from outside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MICROGRAD_LAYOUT", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process: its status, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run
