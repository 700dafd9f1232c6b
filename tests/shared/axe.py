"""axe-core, which finds what keeps people out of a page. It is not ours: npm fetches it, see `.ci/run`."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import npm
import pytest
from playwright.sync_api import Page as Browser


@cache
def source() -> str:
    """The script: the file that AXE_CORE names, or what npm fetches once. Skips where there is neither."""
    named = os.environ.get("AXE_CORE")
    file = Path(named) if named else npm.folder("axe-core") / "axe.min.js"
    if not file.is_file():
        pytest.skip(f"there is no axe-core at {file}")
    return file.read_text("utf-8")


def found(page: Browser, *rules: str) -> list[str]:
    """What axe finds on the page as it is, a line each: by all its rules, or by some of them."""
    page.evaluate(source() + "; window.axe = axe; null")
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    result: Any = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}" for one in result for node in one["nodes"]
    ]
