"""What the functions for a pass give back: it saves itself, shows itself, and is in the theme that was asked for."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lessons import HOSTILE, circuit, opened
from PIL import Image
from playwright.sync_api import Page

import viz
from microgrAD import Value
from microgrAD.steps import steps
from viz.style import DARK, LIGHT, PRINT

MADE: dict[str, tuple[Callable[..., Any], str]] = {
    "draw": (viz.draw, "x.svg"),
    "page": (viz.page, "x.html"),
    "movie": (viz.movie, "x.gif"),
    "worksheet": (viz.worksheet, "x.html"),
    "tikz": (viz.tikz, "x.tex"),
}


@pytest.mark.parametrize("name", MADE)
def test_with_a_path_it_is_written_at_once_as_save_writes_it(name: str, tmp_path: Path) -> None:
    function, file = MADE[name]
    function(steps(circuit()), tmp_path / file)
    at_once = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (other := tmp_path / "other").mkdir()
    files = function(circuit() if name != "draw" else steps(circuit())).save(other / file)
    assert {path.name: path.read_bytes() for path in other.iterdir()} == at_once
    assert sorted([files] if isinstance(files, Path) else files) == sorted(other.iterdir())


@pytest.mark.parametrize("name", MADE)
def test_a_path_that_can_not_be_written_is_refused_before_the_work(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it began to work")

    monkeypatch.setattr("viz.passes.board.read", never)
    monkeypatch.setattr("viz.drawing.select", never)
    function, file = MADE[name]
    (tmp_path / file).mkdir()
    for path, error in (
        ("x.doc", ValueError),
        (f"nowhere/{file}", FileNotFoundError),
        (file, IsADirectoryError),
    ):
        with pytest.raises(error):
            function(circuit(), tmp_path / path)
    assert [path.name for path in tmp_path.iterdir()] == [file]


def test_a_film_plays_in_a_notebook() -> None:
    root = Value(1.0, label=HOSTILE[1]) * Value(2.0)
    root.label = HOSTILE[1]
    film = viz.movie(root, dpi=40)
    data, _ = film._repr_mimebundle_()
    html = data["text/html"]
    found = re.fullmatch(r'<img src="data:image/gif;base64,([A-Za-z0-9+/=]+)" alt="[^"<>]*">', html)
    assert found, "a label can't leave the attribute"
    with Image.open(io.BytesIO(base64.b64decode(found[1]))) as image:
        assert image.n_frames == len(film.scenes) == len(steps(root)) + 1


def test_tikz_and_a_worksheet_show_themselves() -> None:
    tikz = viz.tikz(circuit(), overlays=True)
    data, _ = tikz._repr_mimebundle_()
    assert data.keys() == {"image/png", "text/plain"} and data["text/plain"] == repr(tikz)
    assert "∂" in viz.worksheet(circuit())._repr_mimebundle_()[0]["text/html"]
    assert repr(viz.worksheet(circuit())) == "<Worksheet of 6 questions: Work out the graph of f>"
    assert repr(viz.movie(circuit())).startswith("<Film of 11 frames, ")


# ---------------------------------------------------------------------------------------------- themes


def rgb(color: str) -> str:
    return f"rgb({', '.join(str(int(color[k : k + 2], 16)) for k in (1, 3, 5))})"


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("reader", ["light", "dark"])
def test_a_page_of_one_theme_keeps_it_whatever_the_readers_is(
    page: Page, tmp_path: Path, theme: Any, reader: Any
) -> None:
    page.emulate_media(color_scheme=reader)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    opened(page, tmp_path, circuit(), theme=theme.name, at="#step-9999")
    assert background(page) == rgb(theme.background)
    value = page.locator("svg g.value text").first
    assert value.evaluate("(e) => getComputedStyle(e).fill") == rgb(theme.value)
    assert page.locator("#theme").count() == 0
    assert errors == []
    page.emulate_media(media="print")
    assert background(page) == rgb(PRINT.background)


def test_by_default_a_page_follows_the_reader_and_has_a_button(page: Page, tmp_path: Path) -> None:
    for reader, theme in (("dark", DARK), ("light", LIGHT)):
        page.emulate_media(color_scheme=reader)
        opened(page, tmp_path, circuit())
        assert background(page) == rgb(theme.background)
        assert page.locator("#theme").count() == 1


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=lambda theme: theme.name)
def test_a_sheet_has_the_theme_that_was_asked_for(page: Page, tmp_path: Path, theme: Any) -> None:
    sheet, _ = viz.worksheet(circuit(), theme=theme.name).save(tmp_path / "sheet.html")
    page.emulate_media(color_scheme="light" if theme is DARK else "dark")
    page.goto(sheet.as_uri())
    assert background(page) == rgb(theme.background)
    label = page.locator("svg g.label text").first
    assert label.evaluate("(e) => getComputedStyle(e).fill") == rgb(theme.ink)
    paper = page.locator(".drawing.paper")
    assert paper.evaluate("(e) => getComputedStyle(e).backgroundColor") == rgb(theme.background)


def test_a_dark_sheet_of_paper_is_dark_to_the_edge(tmp_path: Path) -> None:
    from viz.passes.worksheet import paper
    from viz.passes.worksheet.sheet import Sheet

    for scene in paper._pages(Sheet.of(circuit(), True, None, theme="dark"), False):
        assert scene.background == DARK.background
        colors = {getattr(s, "color", "") for g in scene.groups for part in g.parts for s in part.shapes}
        assert DARK.ink in colors and PRINT.ink not in colors


@pytest.mark.parametrize("name", MADE)
def test_a_theme_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"theme must be one of \['light', 'dark', 'print'\], got 'sepia'"):
        MADE[name][0](circuit(), theme="sepia")


# ---------------------------------------------------------------------------------------------- choices


def test_a_sheet_without_local_derivatives_has_none_on_its_key() -> None:
    from viz.passes.worksheet.sheet import Sheet

    roles = [
        part.role
        for group in Sheet.of(circuit(), True, None, show_local=False).picture(key=True).groups
        for part in group.parts
        if part.visible
    ]
    assert "value" in roles and "local" not in roles


@pytest.mark.parametrize("function", [viz.draw, viz.worksheet])
def test_by_default_a_picture_that_is_no_slide_goes_from_left_to_right(function: Any, tmp_path: Path) -> None:
    written = []
    for rankdir in (None, "LR", "TB"):
        function(circuit(), file := tmp_path / ("x.svg" if function is viz.draw else "x.html"), rankdir=rankdir)
        written.append(file.read_bytes())
    assert written[0] == written[1] != written[2]


def test_the_blanks_of_a_page_are_asked_whether_or_not_it_opens_as_an_exercise() -> None:
    for exercise in (False, True):
        html = viz.page(circuit(), blanks=["q"], exercise=exercise)
        assert html.count('class="question"') == 2
        assert ('"mode":"exercise"' in html) == exercise


@pytest.mark.parametrize(
    ("function", "option"),
    [
        (viz.page, "exercise"),
        (viz.page, "show_local"),
        (viz.movie, "caption"),
        (viz.tikz, "overlays"),
        (viz.tikz, "document"),
        (viz.worksheet, "show_local"),
    ],
)
def test_no_is_not_taken_for_yes(function: Any, option: str) -> None:
    with pytest.raises(TypeError, match=f"{option} takes True or False, got str 'no'"):
        function(circuit(), **{option: "no"})
