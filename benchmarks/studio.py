"""How soon the studio shows its first picture, and how soon it follows an edit, in a headless Chromium.

    python benchmarks/studio.py

The first picture is that of a neuron: first with nothing kept, then with what the service worker has kept, and, to
compare, how long the browser takes to open an empty page. Medians of new pages.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from viz.studio import serving
from viz.studio.folder import studio

ROUNDS = 5
EDITS = 15
READY = "() => document.querySelector('#status').textContent.includes('without a network')"
DRAWN = "() => document.querySelector('#shown svg')"
SHOWN = "(words) => document.querySelector('#shown').textContent.includes(words)"


def opened(context: BrowserContext, address: str, drawn: str | None) -> float:
    """Return the seconds until a new page is drawn."""
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    if drawn:
        page.wait_for_function(drawn)
        found = time.perf_counter() - began
        page.wait_for_function(READY)
    else:
        found = time.perf_counter() - began
    page.close()
    return found


def edited(page: Page, number: int) -> float:
    """Return the seconds until the picture shows another number of an input."""
    began = time.perf_counter()
    page.fill("#input-x1", str(number))
    page.wait_for_function(SHOWN, arg=f"= {number}")
    return time.perf_counter() - began


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        running = serving.server(studio(Path(folder) / "studio"))
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = serving.address(running)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        cold, warm, empty = [], [], []
        for _ in range(ROUNDS):
            context = browser.new_context()
            cold.append(opened(context, address, DRAWN))
            warm.append(opened(context, address, DRAWN))
            empty.append(opened(context, "about:blank", None))
            context.close()
        page = browser.new_page()
        page.goto(address)
        page.wait_for_function(DRAWN)
        page.wait_for_function(READY)
        edits = [edited(page, number) for number in range(10, 10 + EDITS)]
        browser.close()
        running.shutdown()
    for name, times in {
        "first picture, nothing kept": cold,
        "first picture, kept": warm,
        "an empty page": empty,
    }.items():
        print(f"{name:30} {statistics.median(times):5.2f} s")
    print(f"{'an edit':30} {statistics.median(edits):5.2f} s")


if __name__ == "__main__":
    main()
