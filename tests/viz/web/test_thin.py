"""Thin scripts do the same as the whole ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

import viz
from viz.web import thin

ASSETS = sorted((Path(viz.__file__).parent).rglob("assets/*.js"))


@pytest.mark.parametrize(
    "code",
    [
        "[1 - -1, 1 + +1, 2 - - 3]",
        '["a  b // c", \'it /* is */ "so"\']',
        "[`a  ${ 1 + 2 }  b ${ `c  ${ [3 , 4].map( (x) => x * 2 ) }` } // d`]",
        "['a/b'.split( /[/]/ ), /\\s+x \\/ \"/.test(' x / \"'), 8 / 2 / 2]",
        "[((a) => { /* one */ return /[\",\\n]|^\\s/.test(a) ? `\"${a.replaceAll('\"', '\"\"')}\"` : a; })('x,  y')]",
        "[true ? .5 : 1, [1,   2 ].length, ({ a : 1 }).a]",
        "[(() => { // a comment with ` and ' and \"\n  const x = 1\n  const y = 2\n  return x  +  y })()]",
    ],
)
def test_it_gives_the_same(page: Page, code: str) -> None:
    page.goto("about:blank")
    assert page.evaluate(f"() => ({thin.script(code)})") == page.evaluate(f"() => ({code})")


@pytest.mark.parametrize("file", ASSETS, ids=lambda path: path.name)
def test_every_script_is_still_a_program(page: Page, file: Path) -> None:
    page.goto("about:blank")
    text = file.read_text("utf-8")
    small = thin.script(text)
    assert len(small) < len(text)
    page.evaluate("(code) => { new Function(code); }", small)


def test_styles_say_the_same(page: Page) -> None:
    page.goto("about:blank")
    rules = (
        "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); return [...s.cssRules].map((r) => r.cssText); }"
    )
    for file in sorted((Path(viz.__file__).parent).rglob("assets/*.css")):
        text = file.read_text("utf-8")
        small, whole = (page.evaluate(rules, css) for css in (thin.style(text), text))
        assert [re.sub(r"\s", "", rule) for rule in small] == [re.sub(r"\s", "", rule) for rule in whole], file
