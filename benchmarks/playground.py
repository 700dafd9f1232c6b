"""How fast the playground is, in a real Chromium: epochs a second, the longest tasks, dragging, and its beginning.

    python benchmarks/playground.py

The page must be interactive within 300 ms, train 2-8-8-1 on 300 rows at 200 epochs a second or more, have no task
of more than 50 ms while it trains with the microscope open, and follow a dragged point at 60 frames a second.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import viz

SETTINGS = "#data=circles&n=300&share=0&net=8.8&speed=most&stop=0"
WATCH = """() => { window.tasks = []; window.frames_ = []; let last = performance.now();
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)))
        .observe({type: "longtask"});
    const frame = (now) => { frames_.push(now - last); last = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame); }"""
BEGUN = """() => document.querySelector("#metric-learn").textContent ? performance.now() : 0"""


def main() -> None:
    """Measure, and print a line for each figure."""
    browser_path = next(path for name in ("chromium", "google-chrome") if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "play.html"
        viz.playground("circles", file)
        print(f"size                     {file.stat().st_size / 1000:8.1f} kB")
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        print(f"interactive              {statistics.median(_begins(page, file) for _ in range(5)):8.0f} ms")
        for batch in (300, 32, 10):
            print(f"batches of {batch:3d}           {_epochs(page, file, batch):8.0f} epochs/s")
        longest, frame = _microscope(page, file)
        print(f"longest task, microscope {longest:8.0f} ms, a frame {frame:.0f} ms")
        print(f"dragging a point         {_dragging(page, file):8.1f} ms a frame")
        browser.close()


def _begins(page: Page, file: Path) -> float:
    """Milliseconds from the start of the navigation until the network is drawn and listens."""
    page.goto("about:blank")
    page.goto(file.as_uri())
    while not (now := page.evaluate(BEGUN)):
        pass
    return float(now)


def _epochs(page: Page, file: Path, batch: int) -> float:
    page.goto("about:blank")
    page.goto(file.as_uri() + f"{SETTINGS}&batch={batch}")
    page.wait_for_timeout(500)
    page.click("#play")
    page.wait_for_timeout(500)
    first, start = int(page.inner_text("#epoch")), page.evaluate("performance.now()")
    page.wait_for_timeout(4000)
    last, end = int(page.inner_text("#epoch")), page.evaluate("performance.now()")
    return 1000 * (last - first) / float(end - start)


def _microscope(page: Page, file: Path) -> tuple[float, float]:
    page.goto("about:blank")
    page.goto(file.as_uri() + f"{SETTINGS}&batch=32")
    page.wait_for_timeout(500)
    page.click("[data-node='2.3']")
    page.evaluate(WATCH)
    page.click("#play")
    page.wait_for_timeout(4000)
    return max([0.0, *page.evaluate("tasks")]), statistics.median(page.evaluate("frames_"))


def _dragging(page: Page, file: Path) -> float:
    page.goto("about:blank")
    page.goto(file.as_uri() + SETTINGS)
    page.wait_for_timeout(500)
    page.click("[data-tool=paint]")
    page.evaluate(WATCH)
    box = page.locator("#plane .points").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for k in range(120):
        page.mouse.move(box["x"] + 60 + k, box["y"] + 60 + k % 50)
    page.mouse.up()
    return statistics.median(page.evaluate("frames_"))


if __name__ == "__main__":
    main()
