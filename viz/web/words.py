"""The words of pages: one table for each language, `assets/words-en.json` and its like, all with the same keys."""

from __future__ import annotations

import json
from functools import cache

from viz.web.shell import asset

LANGUAGES = ("en", "it")


@cache
def table(lang: str = "en") -> dict[str, str]:
    """The words of a language by their keys; what stands in braces is put in when they are shown.

    Raises ValueError, with the list of languages, for another one.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {list(LANGUAGES)}, got {lang!r}")
    found: dict[str, str] = json.loads(asset(f"web/words-{lang}.json"))
    return found
