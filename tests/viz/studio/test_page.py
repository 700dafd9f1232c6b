"""The studio's page in Chromium: typed into, followed, linked, saved, stopped, and opened without a network."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import axe
import pytest
from playing import until
from playwright.sync_api import Browser, Page

from viz.studio import serving
from viz.studio.folder import studio
from viz.studio.runtime import RuntimeMissingError

KEPT = "() => document.querySelector('#status').textContent.includes('without a network')"
SHOWN = "(words) => document.querySelector('#shown').textContent.includes(words)"
WRONG = "(words) => document.querySelector('#error').textContent.includes(words)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return studio(tmp_path_factory.mktemp("studio"))
    except RuntimeMissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def opened(folder: Path, chromium: Browser) -> Iterator[Page]:
    """The page, after its server has gone and it was loaded again: all of it comes from its service worker."""
    running = serving.server(folder)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    context = chromium.new_context(accept_downloads=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(serving.address(running))
    until(page, KEPT)
    running.shutdown()
    running.server_close()
    context.set_offline(True)
    page.reload()
    until(page, KEPT)
    yield page
    context.close()
    assert said == []


def typed(page: Page, text: str) -> None:
    page.fill("#expression", text)


def test_an_expression_is_followed(opened: Page) -> None:
    opened.click("[data-tab=picture]")
    typed(opened, "q = x + y; f = q * z")
    until(opened, "() => document.querySelectorAll('#inputs .input').length === 3")
    until(opened, SHOWN, "f")
    opened.fill("#input-x", "7")
    until(opened, SHOWN, "= 8")
    assert "v.x=7" in opened.url and "tab=picture" in opened.url


@pytest.mark.parametrize(("tab", "words"), [("steps", "Backward pass"), ("table", "gradient"), ("latex", "\\partial")])
def test_tabs(opened: Page, tab: str, words: str) -> None:
    typed(opened, "tanh(x) * y")
    opened.click(f"[data-tab={tab}]")
    until(opened, SHOWN, words)
    assert opened.get_attribute(f"[data-tab={tab}]", "aria-selected") == "true"


def test_errors_have_the_caret_and_what_is_typed_stays_text(opened: Page) -> None:
    typed(opened, "a + * b")
    until(opened, WRONG, "^")
    typed(opened, "<img src=x onerror=alert(1)>")
    until(opened, WRONG, "<img")
    assert opened.locator("#error img").count() == 0
    typed(opened, "x" * 10_000)
    until(opened, WRONG, "at most 5,000 characters", seconds=2)


@pytest.mark.parametrize("ending", [".svg", ".png", ".tex", ".dot", ".mmd", ".drawio", ".html"])
def test_saving(opened: Page, ending: str, tmp_path: Path) -> None:
    typed(opened, "x * y")
    until(opened, "() => document.querySelector('#error').hidden")
    with opened.expect_download() as saved:
        opened.click(f"[data-ending='{ending}']")
    assert saved.value.suggested_filename == f"graph{ending}"
    path = tmp_path / "saved"
    saved.value.save_as(path)
    assert len(path.read_bytes()) > 100


def test_a_link_opens_as_it_was_left(opened: Page) -> None:
    opened.evaluate("() => { location.hash = '#e=u*v&v.u=3&v.v=5&tab=table'; }")
    until(opened, SHOWN, "15.0")
    assert opened.input_value("#expression") == "u*v" and opened.input_value("#input-u") == "3"


def test_an_edit_is_followed_at_once(opened: Page) -> None:
    opened.click("[data-tab=picture]")
    typed(opened, "n = x1*w1 + x2*w2 + b; o = tanh(n)")
    until(opened, "() => document.querySelectorAll('#inputs .input').length === 5")
    times = []
    for k in range(10, 17):
        begin = time.monotonic()
        opened.fill("#input-x1", str(k))
        until(opened, SHOWN, f"= {k}")
        times.append(time.monotonic() - begin)
    assert statistics.median(times) < 0.3


@pytest.mark.parametrize("tab", ["picture", "steps", "derivation", "table", "latex"])
def test_axe_finds_nothing(opened: Page, tab: str) -> None:
    opened.click(f"[data-tab={tab}]")
    typed(opened, f"{tab}1 * y")
    until(opened, SHOWN, f"{tab}1" if tab != "latex" else "latex")
    found = axe.found(opened)
    typed(opened, "a + * b")
    until(opened, WRONG, "^")
    assert found + axe.found(opened) == []


def test_in_the_dark_the_picture_is_dark(opened: Page) -> None:
    opened.emulate_media(color_scheme="dark")
    opened.click("[data-tab=picture]")
    typed(opened, "dark * light")
    until(opened, SHOWN, "dark")
    assert axe.found(opened, "color-contrast") == []
    opened.emulate_media(color_scheme="light")
