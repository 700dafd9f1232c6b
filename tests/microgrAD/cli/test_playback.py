"""`train --player`: the training in a page, in a real browser; what can't be played back is refused before training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize(
    "data",
    [
        ["xor"],
        ["parity"],
        ["blobs", "--samples", "45", "--epochs", "12"],
        ["moons", "--samples", "40", "--epochs", "3"],
        ["yin-yang", "--samples", "90", "--epochs", "4"],
        ["spirals", "--samples", "60", "--epochs", "3"],
        ["sine", "--samples", "40", "--epochs", "5"],
    ],
    ids=lambda data: data[0],
)
def test_it_writes_a_page_that_ends_where_training_did(said: Any, here: Path, page: Page, data: list[str]) -> None:
    status, out, err = said("train", *data, "--player", "run.html")
    assert (status, err) == (0, "")
    assert out.endswith("wrote run.html\n")
    page.goto((here / "run.html").as_uri())
    report = out.partition("\nepoch ")[2].partition("\n\n")[0]  # a line for each epoch
    lines = [line.split() for line in report.splitlines() if line.strip()[:1].isdigit()]
    epoch, loss = lines[-1][0], float(lines[-1][1])
    assert page.locator("#epoch").inner_text() == f"epoch {epoch}"
    shown = page.locator("#score").inner_text().split()[1].rstrip(",;")
    assert float(shown) == pytest.approx(loss, abs=1e-4)
    assert page.locator("h1").inner_text() == f"A network learns {data[0]}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("wide.csv", "--player", "x.html"), "got 65 features; for other data take --plot"),
        (("one.csv", "--player", "x.html"), "data of two to 64 features, or quantities of one, got 1 feature;"),
        (("xor", "--hidden", "48,48", "--player", "x.html"), "up to 2000 parameters, and this network has 2545"),
        (("circles", "--samples", "2", "--player", "x.html"), "needs a row of every class to learn from, and of '0'"),
        (("xor", "--player", "x.txt"), "must end in one of ['.html', '.htm']"),
        (("xor", "--player", "no/x.html"), "there is no folder"),
    ],
)
def test_what_can_not_be_played_back_is_refused(
    said: Any, here: Path, arguments: tuple[str, ...], message: str
) -> None:
    table = here / "one.csv"
    table.write_text("size,kind\n" + "1,small\n9,large\n" * 8)
    wide = here / "wide.csv"
    wide.write_text("".join(f"{','.join([str(k * k % 7)] * 65)},{'uv'[k % 2]}\n" for k in range(8)))
    status, _, err = said("train", *arguments)
    assert status == 2
    assert message in err
    assert err.count("\n") == 1
    assert set(here.iterdir()) == {table, wide}


def test_names_out_of_a_table_are_text_and_its_folder_stays_at_home(said: Any, here: Path, page: Page) -> None:
    """`$x_{$` would be mathematics that matplotlib can't read; a page that is passed on names the file alone."""
    table = here / "prices.csv"
    table.write_text("in $x_{$,a$b$,kind\n" + "1,2,$low_{$\n9,8,high\n2,1,$low_{$\n8,9,high\n" * 4)
    status, out, err = said("train", str(table), "--epochs", "2", "--player", "run.html", "--plot", "run.svg")
    assert err == ""
    assert out.endswith("wrote run.html\nwrote run.svg\n"), status
    page.goto((here / "run.html").as_uri())
    assert page.locator("h1").inner_text() == "A network learns prices.csv"
    assert page.locator("#class option").all_inner_texts() == ["$low_{$", "high"]


def test_a_run_with_patience_opens_where_it_was_put_back(said: Any, here: Path, page: Page) -> None:
    said(
        "train",
        "circles",
        "--samples",
        "40",
        "--lr",
        "0.5",
        "--patience",
        "3",
        "--player",
        "run.html",
        "--history",
        "run.json",
    )
    restored = json.loads((here / "run.json").read_text("utf-8"))["restored"]
    page.goto((here / "run.html").as_uri())
    assert page.locator("#epoch").inner_text() == f"epoch {restored}, put back at the end"


@pytest.mark.parametrize("data", ["glyphs", "reviews"])
def test_up_to_64_features_are_played_back(said: Any, here: Path, page: Page, data: str) -> None:
    assert said("train", data, "--epochs", "20", "--player", "run.html")[0] == 0
    assert (here / "run.html").stat().st_size < 400_000
    page.goto((here / "run.html").as_uri())
    assert page.locator("#epoch").inner_text() == "epoch 20"
    assert page.locator("#image").count() == (data == "glyphs")
    assert page.locator("#trained").inner_text().endswith("20 epochs · seed 0")
    assert page.locator("#across").input_value() != page.locator("#up").input_value()
