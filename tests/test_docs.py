"""The documentation keeps its word: the examples of its pages run. `.ci/docs` builds the site and looks at it."""

from __future__ import annotations

import configparser
import re
import runpy
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import examples
import pytest
from paths import ROOT

DOCS = ROOT / "docs"
COPIED = "<!-- a copy"  # of a file that has tests of its own; docs/_site/copies.py makes it
PAGES = {
    path.relative_to(DOCS).as_posix(): text
    for path in sorted(DOCS.rglob("*.md"))
    if not {"made", "_build"} & set(path.relative_to(DOCS).parts)  # which the build has written
    and not (text := path.read_text("utf-8")).startswith(COPIED)
}


@pytest.mark.parametrize("page", [page for page, text in PAGES.items() if examples.found(text)])
def test_the_examples_of_a_page_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    wrong = [examples.run(example, names, DOCS / page) for example in examples.found(PAGES[page])]
    assert "".join(wrong) == ""
    shown = re.findall(r"^:::\{(?:picture|live|file)\} (?!/)(\S+)$", PAGES[page], re.MULTILINE)
    assert [file for file in shown if not Path(file).is_file()] == [], "no code on the page writes it"


def test_what_the_examples_import_is_installed_where_the_documentation_is_built() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", "utf-8")
    required = settings["options"]["install_requires"] + settings["options.extras_require"]["docs"]
    names = {re.split(r"[\[<>=]", line.strip())[0].lower() for line in required.splitlines()}
    imported = {
        name for text in PAGES.values() for name in re.findall(r"^>>> (?:import|from) (\w+)", text, re.MULTILINE)
    }
    known = packages_distributions()
    others = {name: known[name][0] for name in imported - sys.stdlib_module_names - {"microgrAD", "viz"}}
    assert {"numpy", "sympy", "sklearn"} <= set(others)
    assert {name for name, package in others.items() if package.lower() not in names} == set()


def test_pictures_have_words_for_readers_who_do_not_see_them() -> None:
    pictures = [block for text in PAGES.values() for block in re.findall(r":::\{picture\}.*?^:::$", text, re.M | re.S)]
    assert len(pictures) > 40
    assert [block for block in pictures if not re.search(r"^:alt: .{10,}", block, re.MULTILINE)] == []


def test_demos_that_pages_show_are_there() -> None:
    shown = {name for text in PAGES.values() for name in re.findall(r"(?:/demos/|demos/)(\w+)(?:/|\.rst)", text)}
    assert len(shown) > 15
    assert [name for name in sorted(shown) if not (ROOT / "demos" / f"{name}.py").is_file()] == []


@pytest.mark.parametrize(
    ("language", "source", "said"),
    [
        ("python", ">>> 1 + 1\n2\n", ""),
        ("python", ">>> 1 + 1\n3\n", "Expected:\n    3\nGot:\n    2"),
        ("python", "1 + 1\n", "write it with >>>"),
        ("sh", "pip install nothing\nmicrogrAD grad x*y x=2 y=3\n", ""),
        ("sh", "microgrAD grad x*y x=2\n", "microgrAD grad x*y x=2 ends with 2"),
    ],
)
def test_an_example_that_is_wrong_is_noticed(language: str, source: str, said: str) -> None:
    wrong = examples.run(examples.Example(source, language, 0), {}, Path("page.md"))
    assert said in wrong and bool(said) == bool(wrong)


def test_blocks_of_a_page_are_found_with_their_lines() -> None:
    text = "a\n```python\n>>> 1\n1\n```\n```text\nno\n```\n```sh\nmicrogrAD doctor\n```\n"
    assert [(e.language, e.line) for e in examples.found(text)] == [("python", 2), ("sh", 9)]


def test_docstrings_become_restructuredtext() -> None:
    rewritten = runpy.run_path(str(DOCS / "_site" / "docstrings.py"))["rewritten"]
    lines = rewritten(
        [
            "Return x*y, `x` times |y|_1.",
            "",
            "Arguments:",
            "    x, y: numbers;",
            "        finite.",
            "Raises: ValueError for `nan`s.",
            "",
            "    a   table",
            "",
            ">>> 1 * 2",
            "2",
        ]
    )
    assert "\n".join(line for line in lines if line) == "\n".join(
        [
            r"Return x\*y, ``x`` times \|y\|\_1.",
            "**Arguments**:",
            "- ``x``, ``y``: numbers;",
            "  finite.",
            r"**Raises**: ValueError for ``nan``\ s.",
            ".. code-block:: text",
            "    a   table",
            ">>> 1 * 2",
            "2",
        ]
    )
