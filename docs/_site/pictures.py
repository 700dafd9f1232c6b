"""What the code on a page writes, shown on that page.

The Python blocks of a page run when it is read, in a folder of its own, made/PAGE. Three directives show their files:

    picture     an image; a path that starts with / is one in made/, such as /demos/momentum/momentum.png
    live        a page of its own in a frame: a lesson, a player, a playground
    file        a link to any other file
"""

from __future__ import annotations

import logging as logs
import os
import shutil
import warnings
from html import escape
from pathlib import Path
from typing import Any

import copies
import examples
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

log = logging.getLogger(__name__)


def run(app: Sphinx, page: str, source: list[str]) -> None:
    """Run the examples of a page."""
    blocks = examples.found(source[0])
    if not blocks or source[0].startswith(copies.MARK):
        return
    folder = app.srcdir / "made" / page
    folder.mkdir(parents=True, exist_ok=True)
    before, names = os.getcwd(), {"__name__": "__main__"}
    os.chdir(folder)
    logs.disable(logs.INFO)  # of libraries that say how they work
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            for block in blocks:
                if wrong := examples.run(block, names, Path(app.env.doc2path(page))):
                    log.warning("an example fails:\n%s", wrong, location=(page, block.line))
    finally:
        logs.disable(logs.NOTSET)
        os.chdir(before)


class _Made(SphinxDirective):
    """A directive about a file that the build has made."""

    required_arguments = 1
    final_argument_whitespace = True

    def path(self) -> str:
        """Return the path of the file in made/."""
        name = self.arguments[0]
        path = name[1:] if name.startswith("/") else f"{self.env.docname}/{name}"
        if not (self.env.srcdir / "made" / path).is_file():
            raise self.error(f"no code on this page, and no demo, writes {name}")
        return path

    def address(self) -> str:
        """Return the address of the file from this page."""
        return "../" * self.env.docname.count("/") + f"made/{self.path()}"


class Picture(_Made):
    """An image, with words for readers who do not see it."""

    option_spec = {"alt": directives.unchanged_required, "class": directives.class_option}
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a figure; the content is its caption."""
        image = nodes.image(uri=f"/made/{self.path()}", alt=self.options["alt"])
        self.set_source_info(image)
        figure = nodes.figure("", image, classes=["made", *self.options.get("class", [])])
        if self.content:
            inside, _ = self.parse_inline(" ".join(self.content))
            figure += nodes.caption("", "", *inside)
        return [figure]


class Live(_Made):
    """A page in a frame, and a link that opens it alone."""

    option_spec = {"title": directives.unchanged_required, "height": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Return the frame."""
        title, height = escape(self.options["title"], quote=True), self.options.get("height", 720)
        address = escape(self.address(), quote=True)
        html = (
            f'<div class="live"><iframe src="{address}" title="{title}" loading="lazy" height="{height}"></iframe>'
            f'<p><a href="{address}" target="_blank">Open “{title}” in a tab of its own</a></p></div>'
        )
        return [nodes.raw("", html, format="html")]


class File(_Made):
    """A link to a file."""

    def run(self) -> list[nodes.Node]:
        """Return a paragraph with the link."""
        name = escape(Path(self.arguments[0]).name)
        size = (self.env.srcdir / "made" / self.path()).stat().st_size / 1000
        how = "" if name.endswith(".html") else " download"
        link = f'<p class="file"><a href="{escape(self.address())}"{how}>{name}</a> ({size:,.0f} kB)</p>'
        return [nodes.raw("", link, format="html")]


def copy(app: Sphinx, failed: Exception | None) -> None:
    """Put what frames and links show beside the pages."""
    if failed or app.builder.format != "html":
        return
    made = app.srcdir / "made"
    for file in made.rglob("*"):
        if file.is_file() and file.suffix in {".html", ".pptx", ".tex", ".pdf", ".gif", ".xml", ".zip", ".csv", ".svg"}:
            target = app.outdir / "made" / file.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("source-read", run)
    app.connect("build-finished", copy)
    app.add_directive("picture", Picture)
    app.add_directive("live", Live)
    app.add_directive("file", File)
    return {"parallel_read_safe": False}
