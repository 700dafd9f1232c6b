"""Writing a file in one move: what a killed writer leaves is cleared away, what is being written is not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from tempfile import mkstemp
from typing import Any

import pytest

from microgrAD.files import write_text

WRITER = """
import os, sys, time
from microgrAD.files import write_text

def die(*_):
    print("writing", flush=True)
    time.sleep(600)
os.replace = die
write_text(sys.argv[1], "new")
"""


def test_what_a_killed_writer_left_is_cleared_and_a_living_ones_is_not(tmp_path: Path) -> None:
    path, others = tmp_path / "m.json", {".m.json.notes", ".m.json.bak.abcdefgh.part", ".mxjson.abcdefgh.part"}
    for name in others:
        (tmp_path / name).write_text("mine")
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
            (temporary,) = set(os.listdir(tmp_path)) - others
            write_text(path, "first")
            assert set(os.listdir(tmp_path)) == {*others, "m.json", temporary}
        finally:
            writer.kill()
    write_text(tmp_path / "other.json", "first")
    assert temporary in os.listdir(tmp_path)
    write_text(path, "second")
    assert set(os.listdir(tmp_path)) == {*others, "m.json", "other.json"}
    assert path.read_text() == "second"


def test_a_temporary_file_that_is_cleared_before_it_is_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def cleared_at_once(**options: Any) -> tuple[int, str]:
        handle, path = mkstemp(**options)
        made.append(path)
        if len(made) == 1:
            os.unlink(path)
        return handle, path

    monkeypatch.setattr(tempfile, "mkstemp", cleared_at_once)
    write_text(tmp_path / "m.json", "whole")
    assert len(made) == 2
    assert os.listdir(tmp_path) == ["m.json"]


def test_a_folder_that_can_not_be_listed_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: Any) -> list[str]:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "listdir", closed)
        write_text(tmp_path / "m.json", "whole")
    assert (tmp_path / "m.json").read_text() == "whole"
