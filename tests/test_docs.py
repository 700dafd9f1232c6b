"""The documentation keeps its word: the examples of its pages run. `.ci/docs` builds the site and looks at it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import examples
import pytest
from paths import ROOT

DOCS = ROOT / "docs"
COPIED = "<!-- a copy"  # of a file that has tests of its own; docs/_site/copies.py makes it
PAGES = {
    path.relative_to(DOCS).as_posix(): text
    for path in sorted(DOCS.rglob("*.md"))
    if not (text := path.read_text("utf-8")).startswith(COPIED)
}


@pytest.mark.parametrize("page", [page for page, text in PAGES.items() if examples.found(text)])
def test_the_examples_of_a_page_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    wrong = [examples.run(example, names, DOCS / page) for example in examples.found(PAGES[page])]
    assert "".join(wrong) == ""
    shown = re.findall(r"^:::\{(?:picture|live|file)\} (?!/)(\S+)$", PAGES[page], re.MULTILINE)
    assert [file for file in shown if not Path(file).is_file()] == [], "no code on the page writes it"


def test_pictures_have_words_for_readers_who_do_not_see_them() -> None:
    pictures = [block for text in PAGES.values() for block in re.findall(r":::\{picture\}.*?^:::$", text, re.M | re.S)]
    assert len(pictures) > 40
    assert [block for block in pictures if not re.search(r"^:alt: .{10,}", block, re.MULTILINE)] == []


def test_demos_that_pages_show_are_there() -> None:
    shown = {name for text in PAGES.values() for name in re.findall(r"(?:/demos/|demos/)(\w+)(?:/|\.rst)", text)}
    assert len(shown) > 15
    assert [name for name in sorted(shown) if not (ROOT / "demos" / f"{name}.py").is_file()] == []
