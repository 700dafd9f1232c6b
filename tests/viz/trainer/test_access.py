"""Who can use the playground: axe-core finds nothing, whatever is open, in either theme; and how fast it is."""

from __future__ import annotations

from pathlib import Path

import axe
import pytest
from playing import opened, trained, until
from playwright.sync_api import Page

STATES = {
    "as it begins": "",
    "microscope": "document.querySelector('[data-node=\"1.2\"]').click()",
    "loss, as a mean": "document.querySelector('#open-loss').click(); document.querySelector('#scope-mean').click()",
    "settings": "document.querySelector('[data-opens-dialog=more]').click()",
    "ways out": "document.querySelector('[data-opens-dialog=sharing]').click()",
    "challenges": "document.querySelector('[data-opens-dialog=challenge]').click()",
    "paste": "document.querySelector('#csv-paste').click()",
    "confusion": "document.querySelector('[data-lower=confusion-box]').click()",
}


def found(page: Page) -> list[str]:
    """What axe finds in the light theme, and what it finds of the colours in the dark one."""
    page.emulate_media(color_scheme="light")
    light = axe.found(page)
    page.emulate_media(color_scheme="dark")
    return light + axe.found(page, "color-contrast")


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(page: Page, tmp_path: Path, state: str) -> None:
    opened(page, tmp_path, "#data=blobs&classes=3&net=4.3")
    trained(page, 1)
    page.evaluate(f"() => {{ {STATES[state]} }}")
    page.wait_for_timeout(150)
    assert found(page) == []


@pytest.mark.parametrize("hash", ["#data=sine", "#challenge=xor-2&lr=abc"])
def test_axe_finds_nothing_of_a_quantity_or_an_error(page: Page, tmp_path: Path, hash: str) -> None:
    opened(page, tmp_path, hash)
    assert found(page) == []


@pytest.mark.parametrize("tab", ["data", "network", "result"])
def test_axe_finds_nothing_on_a_phone(page: Page, tmp_path: Path, tab: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, tmp_path)
    page.click(f"[data-tab={tab}]")
    assert axe.found(page) == []


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.set_content("<img src='data:,'><button></button>")
    assert len(axe.found(page)) >= 2


def test_training_leaves_the_page_responsive(page: Page, tmp_path: Path) -> None:
    """It trains, and a click stops it. How quick that is, `benchmarks/playground.py` measures."""
    opened(page, tmp_path, "#data=circles&n=300&share=0&batch=300&net=8.8&speed=most&stop=0")
    page.click("[data-node='2.3']")
    page.click("#play")
    page.wait_for_timeout(3000)
    epochs = int(page.inner_text("#epoch"))
    page.click("#play")
    assert epochs > 0
    until(page, "() => document.querySelector('#play').getAttribute('aria-pressed') === 'false'")
