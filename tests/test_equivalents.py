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
    assert entry.line in [line.strip() for line in source.decode().splitlines()], "the line is not there any more"
    found = [m.text for m in mutations(Path(entry.file), source) if entry.covers(m, source.decode())]
    assert set(found) == set(entry.texts), "one of these changes is not made"
    assert entry.reason and "\n" not in entry.reason


def test_only_what_is_listed_is_excused() -> None:
    """Another change, another file or another line is not."""
    file = Path("microgrAD/losses.py")
    source = (ROOT / file).read_bytes()
    first, *others = mutations(file, source)
    line = source.decode().splitlines()[first.line - 1].strip()
    entry = Equivalent(file.as_posix(), line, (first.text,), "of no account")
    assert reason(first, ROOT, [entry]) == "of no account"
    for other in (
        entry._replace(file="microgrAD/ops.py"),
        entry._replace(line=line + " "),
        entry._replace(texts=(first.text + " ",)),
    ):
        assert reason(first, ROOT, [other]) == ""
    assert any(reason(m, ROOT, [entry]) == "" for m in others)
    assert reason(first, ROOT, []) == ""
