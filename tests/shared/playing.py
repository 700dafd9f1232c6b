"""The playground in a browser: opened, trained, and read back."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page as Browser

import viz

LATER = "(n) => Number(document.querySelector('#epoch').textContent) > n"
SAID = "(words) => document.querySelector('#sees-lines').textContent.includes(words)"


def opened(page: Browser, folder: Path, hash: str = "", *, data: str = "circles", **options: Any) -> Browser:
    """The browser with the playground in it, once its network is there."""
    file = folder / "play.html"
    viz.playground(data, file, **options)
    page.goto("about:blank")  # the same address with another hash would be no new page
    page.goto(file.as_uri() + hash)
    ready(page)
    return page


def until(page: Browser, condition: str, argument: Any = None, *, seconds: float = 60.0) -> None:
    """Wait until a function of the page is true. Playwright's own way would need eval, which the policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition, argument):
        assert time.monotonic() < end, f"not within {seconds} s: {condition}, {argument}"
        page.wait_for_timeout(20)


def ready(page: Browser) -> None:
    """Wait until the network of the settings is drawn."""
    until(page, "() => document.querySelector('#metric-learn').textContent !== ''")


def trained(page: Browser, epochs: int) -> None:
    """Step by that many epochs, a click each."""
    for _ in range(epochs):
        before = epoch(page)
        page.click("#step-epoch")
        until(page, LATER, before)


def epoch(page: Browser) -> int:
    return int(page.inner_text("#epoch"))


def taken(page: Browser, kind: str) -> str:
    """What the page gives out: a link, weights, a model's file, Python or points."""
    page.evaluate("HTMLAnchorElement.prototype.click = () => {}")  # nothing is saved
    page.click("[data-opens-dialog=sharing]")
    page.click(f"[data-out={kind}]")
    text = page.input_value("#out-text")
    page.click("#sharing [data-closes]")
    return text


def weights(page: Browser) -> Any:
    """All weights, with all their digits."""
    packed = taken(page, "weights").split("weights=")[1].split("&")[0]
    packed += "=" * (-len(packed) % 4)
    return np.frombuffer(base64.urlsafe_b64decode(packed), "<f8")


def message(page: Browser) -> str:
    """What the page says is wrong; empty if nothing is."""
    return page.inner_text("#message-text") if page.is_visible("#message") else ""


def alive(page: Browser) -> bool:
    """Whether the page still learns: one more batch changes the loss."""
    before = page.inner_text("#metric-learn")
    page.click("#step-batch")
    until(page, "(t) => document.querySelector('#metric-learn').textContent !== t", before)
    return True
