"""The list of changes that no test can notice is true to the source: each line is there, and so is each change."""

from __future__ import annotations

from pathlib import Path

import pytest
from equivalents import EQUIVALENT, Equivalent, reason
from mutating import mutations
from paths import ROOT


@pytest.mark.parametrize("entry", EQUIVALENT, ids=[f"{Path(e.file).stem}-{k}" for k, e in enumerate(EQUIVALENT)])
def test_an_entry_is_a_change_that_may_be_made(entry: Equivalent) -> None:
    source = (ROOT / entry.file).read_bytes()
    lines = [line.strip() for line in source.decode().splitlines()]
    assert lines.count(entry.line) == 1, f"the line is not there, or more than once: {entry.line}"
    found = mutations(Path(entry.file), source)
    assert any(entry.covers(mutation, source.decode()) for mutation in found), "no such change of the line is made"
    assert entry.reason and "\n" not in entry.reason


def test_only_what_is_listed_is_excused() -> None:
    """Another change, another file or another line is not."""
    entry = Equivalent("microgrAD/losses.py", "", "", "of no account")
    file = Path(entry.file)
    source = (ROOT / file).read_bytes()
    first, second = mutations(file, source)[:2]
    lines = source.decode().splitlines()
    entry = entry._replace(line=lines[first.line - 1].strip(), text=first.text)
    assert reason(first, ROOT, [entry]) == "of no account"
    for other in (
        entry._replace(file="microgrAD/ops.py"),
        entry._replace(line=entry.line + " "),
        entry._replace(text=first.text + " "),
    ):
        assert reason(first, ROOT, [other]) == ""
    assert reason(second, ROOT, [entry]) == "" or (second.line, second.text) == (first.line, first.text)
    assert reason(first, ROOT, []) == ""
