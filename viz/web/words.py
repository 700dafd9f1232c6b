"""The words of pages: one table for each language, `assets/words-en.json` and its like, all with the same keys.

A key with a dot belongs to a room: "lesson.next" is a word of lessons, "told.row" one of films, slides, worksheets and
pages of a run. The playground's keys have none.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape

from microgrAD.errors import one_of
from viz.web.shell import asset

LANGUAGES = ("en", "it")
ROOMS = ("", "shared", "lesson", "told")


@cache
def table(lang: str = "en", room: str = "") -> dict[str, str]:
    """The words of a room in a language, by their keys; what stands in braces is put in when they are shown.

    Raises ValueError, with the list of languages, for another one.
    """
    one_of(lang, "lang", list(LANGUAGES))
    found: dict[str, str] = json.loads(asset(f"web/words-{lang}.json"))
    return {_key(key): words for key, words in found.items() if key.rpartition(".")[0] == room}


def _key(key: str) -> str:
    return key.rpartition(".")[2]


class Words:
    """The words of a room: `say("step", k=3)` is "Step 3"."""

    def __init__(self, lang: str = "en", room: str = "lesson") -> None:
        self.lang = lang
        self.table = table(lang, room)

    def __call__(self, key: str, **given: object) -> str:
        """Return the words with this key, and in place of each {name} what is given by that name.

        Raises: KeyError for a key that the room does not have, or a name that is not given.
        """
        return re.sub(r"\{(\w+)\}", lambda found: str(given[found[1]]), self.table[key])

    def html(self, key: str, **given: object) -> str:
        """Return the words as HTML; what is given is HTML already."""
        return re.sub(r"\{(\w+)\}", lambda found: str(given[found[1]]), escape(self.table[key], quote=False))
