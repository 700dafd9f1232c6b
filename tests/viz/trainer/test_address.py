"""What comes in: addresses and tables. What is broken is said once, and the page goes on."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import alive, message, opened, ready, until
from playwright.sync_api import Page

from microgrAD.datasets import read_csv
from viz.web import shell
from viz.web.words import table

NAMES = [
    "data", "n", "noise", "classes", "lr", "net", "act", "rule", "inputs", "own", "weights", "hide", "loss",
    "seed", "share", "formula", "challenge", "batch", "init", "across", "zzz", "__proto__", "constructor",
    "toString",
]  # fmt: skip
VALUES = [
    "NaN", "-1", "1e999", "0", "3", "999999", "xor", "%", "%zz", "<script>alert(1)</script>", "8.8.8", "99.1",
    "tanh.relu", "null", "x1.x2", "x9", "…", "AAAA", "own", "((((", "constructor", "1/0", ".", "", " ",
    "a,b\n1,2",
]  # fmt: skip


def test_broken_addresses_are_said_and_leave_the_page_working(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    draw = random.Random(1)
    said = 0
    for _ in range(80):
        parts = [f"{draw.choice(NAMES)}={draw.choice(VALUES)}" for _ in range(draw.randint(1, 4))]
        page.evaluate("(hash) => { location.hash = hash; }", "#" + "&".join(parts))
        page.wait_for_timeout(15)
        text = message(page)
        said += bool(text)
        assert "\n" not in text
        assert len(text) < 500
    assert said > 48
    page.evaluate("() => { location.hash = '#data=xor'; }")
    page.wait_for_timeout(300)
    assert message(page) == ""
    assert alive(page)


@pytest.mark.parametrize(
    ("hash", "said"),
    [
        ("#lr=abc", "lr takes a number from 0 to 1000"),
        ("#data=nope", "data takes circles, xor"),
        ("#net=8.13", "net takes up to 8 parted by points, each a whole number from 1 to 12"),
        ("#colour=red", "names colour, which can't be set"),
        ("#data=xor&weights=AAAA", "has 0 weights"),
        ("#data=formula&formula=sin(", "wrong at its end"),
        ("#data=own&own=a%2Cb", "fewer than two rows"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(page: Page, tmp_path: Path, hash: str, said: str) -> None:
    opened(page, tmp_path, hash)
    until(page, "() => !document.querySelector('#message').hidden", seconds=5)
    assert said in message(page)
    assert alive(page)


def test_the_address_follows_the_settings(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    page.select_option("#rule", "sgd")
    page.fill("#lr", "0.5")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    until(page, "() => location.hash.includes('rule=sgd') && location.hash.includes('lr=0.5')")
    page.reload()
    ready(page)
    assert page.input_value("#lr") == "0.5"


def test_parts_are_hidden_by_the_address(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#hide=data.settings.time.challenge")
    for part in ("data", "settings", "time", "challenge"):
        assert not page.locator(f"[data-part={part}]").first.is_visible()
    assert page.locator("[data-part=network]").is_visible()


# ---------------------------------------------------------------------------------------------- tables


@pytest.fixture
def reader(page: Page) -> Page:
    """The page's reader of tables by itself."""
    page.goto("about:blank")
    stubs = """const say = (key, given = {}) => `${key} ${JSON.stringify(given)}`;
    const MOST = {rows: 2000, classes: 8}; const shortened = (t) => t;
    const times = (n, make) => Array.from({length: n}, (_, k) => make(k));"""
    page.add_script_tag(content=stubs + shell.asset("web/number.js") + shell.asset("trainer/csv.js"))
    return page


def read(reader: Page, text: str) -> Any:
    return reader.evaluate(
        """(text) => { try { return readTable(text); } catch (error) {
        if (error instanceof TableError) return error.message; throw error; } }""",
        text,
    )


NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(repr) | st.integers(-50, 50).map(str)
CLASSES = st.sampled_from(["red", "blue", "a, b", 'say "hi"', "ü"])


@st.composite
def tables(draw: Any) -> tuple[str, bool]:
    """Tables, and whether they have a header: with quotes, and both sorts of targets."""
    wide = draw(st.integers(1, 4))
    target = draw(st.sampled_from([CLASSES, NUMBERS, st.integers(0, 3).map(str)]))
    rows = draw(st.lists(st.tuples(*[NUMBERS] * wide, target), min_size=3, max_size=12))
    if len({row[-1] if target is CLASSES else float(row[-1]) for row in rows}) < 2:
        rows += [
            (*["1"] * wide, "red" if target is CLASSES else "7"),
            (*["2"] * wide, "blue" if target is CLASSES else "8"),
        ]
    head = [[f"c{k}" for k in range(wide + 1)]] * draw(st.integers(0, 1))

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if draw(st.booleans()) or set(cell) & set('",') else cell

    lines = [",".join(map(quoted, row)) for row in [*head, *rows]]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines), bool(head)


def test_tables_are_read_as_python_reads_them(reader: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("tables") / "table.csv"

    @settings(max_examples=60, deadline=None)
    @given(tables())
    def agree(table: tuple[str, bool]) -> None:
        text, header = table
        file.write_bytes(text.encode())
        found = read(reader, text)
        if isinstance(found, str):
            assert "csv-classes" in found
            assert len(read_csv(file, header=header, classes=True).class_names) > 8
            return
        # where a table can be read in two ways Python asks, and the page takes one: told of it, Python reads the same
        chosen = {"classes": True} if found["classes"] else {"quantity": True}
        expected = read_csv(file, header=header, **chosen)
        assert [row["x"] for row in found["rows"]] == expected.X.tolist()
        assert [row["y"] for row in found["rows"]] == expected.y.tolist()
        assert found["features"] == expected.feature_names
        if expected.class_names and not expected.class_names[0].lstrip("-").isdigit():
            assert found["classes"] == expected.class_names

    agree()


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("a;b;y\n1,5;2;u\n3;4,25;v", [[1.5, 2], [3, 4.25]]),
        ("a\tb\ty\n1\t2\tu\n3\t4\tv", [[1, 2], [3, 4]]),
        ("\ufeffa,b,y\r\n1,2,u\r\n\r\n3,4,v\r\n", [[1, 2], [3, 4]]),
        ('"a, b",y\n"1",u\n2,v', [[1], [2]]),
        ("1|2|u\n3|4|v", [[1, 2], [3, 4]]),
    ],
)
def test_marks_and_decimal_commas(reader: Page, text: str, x: list[list[float]]) -> None:
    found = read(reader, text)
    assert not isinstance(found, str), found
    assert [row["x"] for row in found["rows"]] == x


def broken() -> list[str]:
    """80 tables that are none."""
    good = "a,b,kind\n" + "\n".join(f"{k / 7:.4f},{k * k},{'uv'[k % 2]}" for k in range(8))
    draw = random.Random(5)
    found = ["", " ", "\n\n", "a", "a,b,c", "1,2", "x,y\n1,2\n3,2", '"', 'a,b\n"1,2', 'a,b\n"1"x,2\n3,4',
             "a,a,b\n1,2,3\n4,5,6", "a,b\n1,2\n3", "a,b\n1e400,u\n2,v",
             "\x00\x01", "a,b\ninf,u\n1,v", "a,b\n1,1e200\n2,3.5"]  # fmt: skip
    for k in range(80 - len(found)):
        lines = good.split("\n")
        row, how = draw.randint(1, 8), k % 6
        cells = lines[row].split(",")
        if how == 0:
            cells = cells[:-1]
        elif how == 1:
            cells[draw.randint(0, 1)] = draw.choice(["x", "", "1_000", "1.2.3", "--1", "0x10", "∞", "NaN"])
        elif how == 2:
            cells[2] = ""
        elif how == 3:
            cells[0] = '"' + cells[0]
        elif how == 4:
            cells += ["1"]
        else:
            cells[0] = '"1"2'
        lines[row] = ",".join(cells)
        found.append("\n".join(lines))
    return found


def test_broken_tables_are_said_and_leave_the_page_working(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    paste = """(text) => { const data = new DataTransfer(); data.setData("text", text);
        document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true})); }"""
    before = page.inner_text("#sizes")
    for text in broken():
        page.evaluate("() => document.querySelector('#message-close').click()")
        if not text:
            continue
        page.evaluate(paste, text)
        assert message(page), text
        assert "\n" not in message(page)
        assert page.inner_text("#sizes") == before
    assert alive(page)
    page.evaluate(paste, "a,b,kind\n1,2,u\n2,1,v\n3,5,u\n0,1,v")
    until(page, "() => document.querySelector('#inputs').textContent.includes('a')")
    assert message(page) == ""
    assert alive(page)


def test_a_table_comes_by_file_and_by_field(page: Page, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("size;kind\n1,5;u\n2;v\n3,5;u\n4;v\n", "utf-8")
    opened(page, tmp_path)
    page.set_input_files("#csv-file", tmp_path / "t.csv")
    until(page, "() => document.querySelector('#inputs').textContent.includes('size')")
    page.click("#csv-paste")
    page.fill("#paste-text", "weight,kind\n1,u\n2,v\n3,u\n")
    page.click("#paste-take")
    until(page, "() => document.querySelector('#inputs').textContent.includes('weight')")
    assert table("en")["csv-empty"]
