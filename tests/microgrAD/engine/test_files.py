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


def test_a_file_is_on_the_disk_before_it_replaces_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, int]] = []
    fsync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        fsync(handle)
        found = os.fstat(handle)
        assert found.st_size == 5  # nothing is left in a buffer
        done.append(("fsync", found.st_ino))

    def replaced(old: str, new: Path) -> None:
        done.append(("replace", os.stat(old).st_ino))
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write_text(tmp_path / "m.json", "whole")
    number = (tmp_path / "m.json").stat().st_ino
    assert done == [("fsync", number), ("replace", number)]


@pytest.mark.skipif(os.name == "nt", reason="there are no such links")
def test_a_link_with_the_name_of_a_left_file_is_no_left_file(tmp_path: Path) -> None:
    other, link = tmp_path / "other.txt", tmp_path / ".m.json.abcdefgh.part"
    other.write_text("mine")
    link.symlink_to(other)
    write_text(tmp_path / "m.json", "whole")
    assert link.is_symlink()
    assert other.read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="there are no such permissions")
def test_a_replaced_file_keeps_its_permissions_and_a_new_one_has_the_usual_ones(tmp_path: Path) -> None:
    path, plain = tmp_path / "m.json", tmp_path / "plain"
    write_text(path, "first")
    plain.write_text("by Python itself")
    assert path.stat().st_mode == plain.stat().st_mode
    for mode in (0o640, 0o604):
        path.chmod(mode)
        write_text(path, "second")
        assert path.stat().st_mode & 0o777 == mode
