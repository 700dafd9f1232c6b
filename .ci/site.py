"""Fails when something is wrong with the built documentation: `site.py docs/_build/html [PAGE ...]`.

links     each address in a page leads to a file, and to a place in it
browser   no message in the console of any page, and no request to elsewhere; on some pages, as wide as a screen and as
          a phone, nothing is wider than the window, and axe-core finds nothing; all that is live in the tutorial moves;
          the search finds a page, without a server, too
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import cache, partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag

import axe
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (1280, 390)
LOOKED_AT = (  # by axe-core too, at both widths; all other pages are only opened
    "index.html",
    "tutorial/first_graph.html",
    "tutorial/network.html",
    "tutorial/matrices.html",
    "explanation/momentum.html",
    "explanation/numerics.html",
    "howto/figures.html",
    "howto/from_pytorch.html",
    "reference/operations/index.html",
    "reference/operations/tanh.html",
    "reference/api/nn.html",
    "reference/commands/exercise.html",
    "demos/index.html",
    "playground.html",
    "studio.html",
    "studio/index.html",
)


class _Addresses(HTMLParser):
    """The addresses in a page, and the places in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "data") and value is not None:
                self.addresses.add(value)
            elif name == "id" and value:
                self.places.add(value)


@cache
def _read(file: Path) -> _Addresses:
    return _Addresses(file.read_text("utf-8"))


def broken(site: Path) -> Iterator[str]:
    """Find addresses within the site that lead nowhere."""
    for file in sorted(site.rglob("*.html")):
        if "made" in file.relative_to(site).parts:
            continue  # pages of their own, which other tests read
        for address in sorted(_read(file).addresses):
            path, place = urldefrag(address)
            if path.startswith(("http:", "https:", "mailto:", "data:")):
                continue
            target = (file.parent / unquote(path.partition("?")[0])).resolve() if path else file
            if not target.is_file():
                yield f"{file.relative_to(site)}: {address} leads to no file"
            elif place and target.suffix == ".html" and unquote(place) not in _read(target).places | {""}:
                yield f"{file.relative_to(site)}: {address} leads to no place"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing where a page was closed before all of it had come."""


def seen(site: Path, only: list[str]) -> Iterator[str]:
    """Open the pages in a browser, and say what is wrong with them."""
    handler = partial(_Quiet, directory=str(site))
    server = _Server(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        pages = only or [f.relative_to(site).as_posix() for f in sorted(site.rglob("*.html"))]
        for page in pages:
            if not page.startswith(("made/", "genindex", "py-modindex", "search")):
                for width in WIDTHS if page in LOOKED_AT else WIDTHS[:1]:
                    yield from _look(browser, home, page, width)
        yield from _walk(browser, home)
        yield from _search(browser, f"{site.as_uri()}/")  # without a server, too
        browser.close()
    server.shutdown()


def _opened(browser: Browser, home: str, page: str, width: int, wrong: list[str]) -> Page:
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.on("console", lambda message: wrong.append(f"says {message.text!r}"))
    tab.on("pageerror", lambda error: wrong.append(f"fails: {error}"))
    tab.on("request", lambda request: _ours(request.url, home) or wrong.append(f"asks for {request.url}"))
    tab.goto(home + page, wait_until="load")
    return tab


def _ours(url: str, home: str) -> bool:
    return url.startswith((home, "data:", "blob:", "about:"))


def _look(browser: Browser, home: str, page: str, width: int) -> Iterator[str]:
    wrong: list[str] = []
    tab = _opened(browser, home, page, width, wrong)
    if page in LOOKED_AT:
        tab.wait_for_timeout(500)  # frames come later
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append("is wider than the window")
        if tab.evaluate("scrollY"):
            wrong.append("does not begin at its top")
        wrong += axe.found(tab)
    tab.close()
    yield from (f"{page}, {width} px wide: {one}" for one in wrong)


def _walk(browser: Browser, home: str) -> Iterator[str]:
    """Go through the tutorial by its links "Next", and use what is live on each page."""
    wrong: list[str] = []
    tab = _opened(browser, home, "tutorial/first_graph.html", WIDTHS[0], wrong)
    used = 0
    while "/tutorial/" in tab.url:
        page = tab.url.removeprefix(home)
        for frame in tab.locator(".live iframe").all():
            frame.scroll_into_view_if_needed()
            inside = frame.content_frame
            press = inside.locator("[data-go=play], #play").locator("visible=true").first
            press.wait_for(timeout=20_000)
            before = inside.locator("body").inner_text()
            press.click()
            tab.wait_for_timeout(2500)  # a step of a lesson takes 1.6 s
            used += 1
            if inside.locator("body").inner_text() == before:
                wrong.append(f"has a live part that does not move: {frame.get_attribute('title')}")
        yield from (f"{page}: {one}" for one in wrong)
        wrong.clear()
        tab.locator("a.next-page").click()
    tab.close()
    if used < 8:
        yield f"the tutorial has only {used} live parts"


def _search(browser: Browser, home: str) -> Iterator[str]:
    wrong: list[str] = []
    tab = _opened(browser, home, "search.html?q=momentum", WIDTHS[0], wrong)
    try:
        tab.wait_for_selector("#search-results a[href*='momentum']", timeout=10_000)
    except Exception:
        wrong.append("does not find the page about momentum")
    tab.close()
    yield from (f"the search {one}" for one in wrong)


def main(folder: str, *only: str) -> int:
    """Print what is wrong, and return whether anything is."""
    site = Path(folder).resolve()
    found = [*broken(site), *seen(site, [*only])]
    print(*found, sep="\n", file=sys.stderr)
    pages = len([*site.rglob("*.html")])
    print(f"{pages} pages, {len(found)} faults")
    return 1 if found or pages < 100 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
