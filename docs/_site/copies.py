"""Pages of the repository that are part of the site too: its links go to pages here."""

from __future__ import annotations

import re
from pathlib import Path

from writing import write

# page of the site -> file of the repository
PAGES = {
    "explanation/design.md": "ARCHITECTURE.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "playground.md": "docs/playground.md",  # this one is read where it is
}
MARK = "<!-- a copy, made by the build: its examples are tested where they come from -->"


def pages(docs: Path) -> None:
    """Write them."""
    for page, source in PAGES.items():
        if page in source:
            continue
        up = "../" * page.count("/")
        text = (docs.parent / source).read_text("utf-8")
        for other, name in PAGES.items():
            text = text.replace(f"]({name})", f"]({up}{other})")
        write(docs / page, [MARK, re.sub(r"^<!--.*?-->\n", "", text, flags=re.MULTILINE).rstrip()])
