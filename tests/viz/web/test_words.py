"""The words of pages: no language lacks one, none is unused, and none is left in scripts or markup."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import viz
from viz.web.words import LANGUAGES, ROOMS, Words, table

VIZ = Path(viz.__file__).parent
PASSES = VIZ / "passes"
LESSON = [*sorted((PASSES / "lesson").glob("*.py")), VIZ / "web" / "navigation.py", PASSES / "board.py"]
TOLD = [*sorted(PASSES.glob("*.py")), *sorted((PASSES / "worksheet").glob("*.py"))]
SCRIPTS = [
    *sorted((VIZ / "passes" / "lesson" / "assets").glob("*.js")),
    *(VIZ / "web" / "assets" / f"{name}.js" for name in ("stepper", "theme", "number", "say", "address")),
]
IN_ERRORS = (
    *("or .pptx, in .png", "a TikZ file", ".tex or", "of a pass", "run of training", "of a network", "of a loss"),
    *("more than the", "followed step by step here", "takes more"),
)
SIGNS = {"×", "−", "÷", "·", "²"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_no_language_lacks_a_word_or_what_belongs_in_it(lang: str, room: str) -> None:
    english, other = table("en", room), table(lang, room)
    assert list(other) == list(english)
    holes = re.compile(r"\{\w+\}")
    for key, words in english.items():
        assert other[key].strip(), key
        left_out = Counter(holes.findall(words)) - Counter(holes.findall(other[key]))
        assert not Counter(holes.findall(other[key])) - Counter(holes.findall(words)), key
        assert set(left_out) <= {"{remedy}"}, key  # the table of operations says it in English


def test_a_translation_is_one() -> None:
    for room, most in (("lesson", 8), ("told", 1)):
        same = [key for key, words in table("it", room).items() if words == table("en", room)[key]]
        assert len(same) < most, same


def test_every_word_of_films_and_sheets_is_in_the_table() -> None:
    text, keys = "".join(p.read_text("utf-8") for p in TOLD), table("en", "told").keys()
    for key in keys:
        assert re.search(rf"""["'](?:{key}|{key.removeprefix("what-")})["']""", text), key
    errors = re.sub(r"raise \w+\((?:[^()]|\([^()]*\))*\)|\"{3}.*?\"{3}|#[^\n]*", "", text, flags=re.DOTALL)
    for said in re.findall(r'(?<!\w)f?"([^"\n]*)"', errors):  # a sentence is two words or more
        plain = re.sub(r"\{[^}]*\}|\\\w+|<[^>]*>", "", said)
        sentence = re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", plain) and not plain.startswith(".drawing svg")
        assert not sentence or any(words in plain for words in IN_ERRORS), said


def test_every_word_of_lessons_is_used_and_there() -> None:
    text = "".join(p.read_text("utf-8") for p in [*LESSON, *SCRIPTS])
    keys = table("en", "lesson").keys() | table("en", "shared").keys()
    assert set(re.findall(r'say(?:\.html)?\("([\w-]+)"', text)) <= keys
    built = set(re.findall(r"""["'`]([\w-]+-)(?:\$?\{)""", text)) | {"theme-", "nav-", "pace-", "fit-", "mode-"}
    unused = {key for key in keys if not re.search(rf"""["'`]{re.escape(key.removesuffix("-one"))}["'`]""", text)}
    assert {key for key in unused if not any(key.startswith(part) for part in built)} == set()


def test_no_word_is_left_in_a_script() -> None:
    """What stands between quotes is a key, a name of the page's, or one of the signs that every language has."""
    for path in SCRIPTS:
        code = re.sub(r"//.*", "", path.read_text("utf-8"))
        for text in re.findall(r'"([^"\n]*)"', code):
            words = re.findall(r"[A-Za-z]{2,}", text)
            sentence = len(words) > 2 and re.search(r"[a-z] [a-z]", text) and not re.search(r"[\[\].#=:>]", text)
            assert not sentence, (path.name, text)
        assert not re.search(r"textContent = [\"'`][A-Za-z]", code), path.name
        assert not re.search(r"aria-label\", [\"'`][A-Za-z]", code), path.name


def test_no_word_is_left_in_the_markup_of_a_lesson() -> None:
    """Text between two tags of a template in Python is made of words from the table."""
    for path in LESSON:
        for text in re.findall(r">([^<>{}\n\"']+)<", path.read_text("utf-8")):
            assert not re.search(r"[A-Za-z]{3,}", text), (path.name, text)
        for text in re.findall(r'(?:aria-label|title|placeholder)="([A-Za-z][^"{}]*)"', path.read_text("utf-8")):
            raise AssertionError((path.name, text))


def test_words_are_filled_in_and_safe() -> None:
    say = Words("en")
    assert say("step", k=3, last=7) == "Step 3 of 7"
    assert say.html("say-input", name="<b>x</b>", number="2") == "The input <b>x</b> is 2."
    with pytest.raises(KeyError):
        say("step", k=3)
    with pytest.raises(KeyError):
        say("nope")
