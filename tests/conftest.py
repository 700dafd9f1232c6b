"""What every test file shares: Hypothesis without deadlines, a machine without `dot`, a real browser, ways to run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from ways import WAYS, choose

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# a slow machine is no bug; with CI=true Hypothesis has a repeatable profile of its own, without deadlines too
if "CI" not in os.environ:
    settings.register_profile("quiet", deadline=None, print_blob=True)
    settings.load_profile("quiet")


# no doctests in here; and the scripts that made recorded numbers need what made them, such as PyTorch
collect_ignore_glob = ["recorded/*", "*conftest.py"]
if not find_spec("torch"):  # where it is installed, see .ci/twins; elsewhere what it did is recorded
    collect_ignore_glob.append("*/test_live_torch.py")


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A PATH on which there is no `dot`."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("dot") is None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, without a window."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [path for name in names if (path := shutil.which(name))]
    if not found:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0], args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A browser page that is offline; what it says on the console, or asks of any network, fails the test."""
    context = chromium.new_context(offline=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            said.append(f"request: {request.url[:80]}")
            if not request.url.startswith(("file:", "data:", "about:", "blob:"))
            else None
        ),
    )
    yield page
    context.close()
    assert said == []


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way in which a program may run."""
    choose(request.param, monkeypatch)
