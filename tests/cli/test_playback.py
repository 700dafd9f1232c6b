"""`train --player`: the training in a page, in a real browser; what can't be played back is refused before training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("data", [["xor"], ["blobs", "--samples", "45", "--epochs", "12"]])
def test_it_writes_a_page_that_ends_where_training_did(said: Any, here: Path, page: Page, data: list[str]) -> None:
    status, out, err = said("train", *data, "--player", "run.html")
    assert (status, err) == (0, "")
    assert out.endswith("wrote run.html\n")
    page.goto((here / "run.html").as_uri())
    lines = [line.split() for line in out.splitlines() if line.strip()[:1].isdigit() and "%" in line]
    epoch, loss = lines[-1][0], float(lines[-1][1])
    assert page.locator("#epoch").inner_text() == f"epoch {epoch}"
    shown = page.locator("#score").inner_text().split()[1].rstrip(",")
    assert float(shown) == pytest.approx(loss, abs=1e-4)
    assert page.locator("h1").inner_text() == f"A network learns {data[0]}"


@pytest.mark.parametrize(("arguments", "message"), [
    (("reviews", "--player", "x.html"), "two features"),
    (("sine", "--player", "x.html"), "two features"),
    (("xor", "--player", "x.txt"), "must end in .html"),
    (("xor", "--player", "no/x.html"), "there is no folder"),
])
def test_what_can_not_be_played_back_is_refused(said: Any, here: Path, arguments: tuple[str, ...],
                                                message: str) -> None:
    status, _, err = said("train", *arguments)
    assert status == 2
    assert message in err
    assert err.count("\n") == 1
    assert not list(here.iterdir())
