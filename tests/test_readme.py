"""README keeps its word: its Python examples run, and its pictures and commands are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import examples
import pytest
from paths import ROOT

README = ROOT / "README.md"
TEXT = README.read_text("utf-8")
EXAMPLES = [example for example in examples.found(TEXT) if example.language == "python"]


def test_the_examples_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}  # what they define: a later one goes on from those before it
    assert "".join(examples.run(example, names, README) for example in EXAMPLES) == ""


def test_there_are_examples() -> None:
    assert EXAMPLES


def test_every_file_that_readme_points_to_is_there() -> None:
    links = re.findall(r"""(?:\]\(| src="| srcset="|^src=")(?!https?:|#)([^)"#]+)""", TEXT, re.MULTILINE)
    assert {"LICENSE", "docs/xor_light.png", "docs/xor_dark.png"} <= set(links)
    assert [link for link in links if not (README.parent / link).exists()] == []  # `notebooks` is a folder


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_two_commands_are_one_line_each(name: str) -> None:
    block = re.search(rf"^<!-- ci: {name} -->\n```sh\n(.*)\n```$", TEXT, re.MULTILINE)
    assert block is not None
    assert TEXT.count("\n", 0, block.end()) < 40, "the first screen holds both commands"
