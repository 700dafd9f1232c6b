"""One choice, one name: functions have the choices of ARCHITECTURE's tables, their defaults and their order."""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from paths import ROOT

import viz
from microgrAD.cli import COMMANDS
from microgrAD.cli.choices import CHOICES
from microgrAD.explanation import explain

SECTION = re.search(r"^## One choice, one name\n(.*?)^## ", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.M | re.S)
ROW = re.compile(r"^\| `(\w+)` \| `([^`]+)` \| ([\w, ]+) \| (.+) \|$", re.MULTILINE)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(viz, name) for name in ("draw", "page", "movie", "worksheet", "tikz", "to_graphviz", "player")},
    "explain": explain,
}
FIRST = {"player": ("history", "path"), "explain": ("root",), "to_graphviz": ("root",)}  # of the others: root, path


class Choice(NamedTuple):
    """A row: a choice, the source of its default, and the functions that have it."""

    name: str
    default: str
    functions: tuple[str, ...]
    about: str


def tables() -> list[list[Choice]]:
    """The tables of the section."""
    assert SECTION
    blocks = [block for block in SECTION[1].split("\n\n") if block.startswith("| choice |")]
    return [
        [Choice(name, default, tuple(names.split(", ")), about) for name, default, names, about in ROW.findall(block)]
        for block in blocks
    ]


COMMON, PASS = tables()
ROWS = {choice.name: choice for choice in COMMON + PASS}


def choices(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The parameters of a function that are given by keyword."""
    found = inspect.signature(function).parameters
    return {name: p for name, p in found.items() if p.kind is p.KEYWORD_ONLY}


def test_the_tables_are_read_whole() -> None:
    assert SECTION
    assert len(ROWS) == SECTION[1].count("\n| `")
    assert {name for row in ROWS.values() for name in row.functions} == FUNCTIONS.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_comes_first_goes_by_position_and_the_rest_by_keyword(name: str) -> None:
    parameters = inspect.signature(FUNCTIONS[name]).parameters.values()
    assert tuple(p.name for p in parameters if p.kind is not p.KEYWORD_ONLY) == FIRST.get(name, ("root", "path"))
    assert all(p.default is None for p in parameters if p.name == "path")


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_choice_is_in_the_functions_that_the_table_names_and_in_no_other(row: Choice) -> None:
    assert [name for name in FUNCTIONS if row.name in choices(FUNCTIONS[name])] == [
        name for name in FUNCTIONS if name in row.functions or f"`{name}`" in row.about and name == "explain"
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_choice_has_the_default_of_the_table(name: str) -> None:
    for choice, p in choices(FUNCTIONS[name]).items():
        if choice in ROWS:
            row = ROWS[choice]
            other = re.search(rf"`([^`]+)` in `{name}`", row.about)
            assert repr(p.default) == repr(ast.literal_eval(other[1] if other else row.default)), choice


@pytest.mark.parametrize("name", FUNCTIONS)
def test_choices_stand_in_the_order_of_the_tables_with_a_functions_own_between(name: str) -> None:
    found = list(choices(FUNCTIONS[name]))
    common = [row.name for row in COMMON if row.name in found]
    of_a_pass = [row.name for row in PASS if row.name in found]
    own = [choice for choice in found if choice not in ROWS]
    assert found == common + own + of_a_pass


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_choice_is_told_in_the_docstring(name: str) -> None:
    told = inspect.getdoc(FUNCTIONS[name]) or ""
    missing = [c for c in inspect.signature(FUNCTIONS[name]).parameters if not re.search(rf"\b{c}\b", told)]
    assert missing == []


def test_micrograds_function_has_micrograds_arguments() -> None:
    parameters = inspect.signature(viz.draw_dot).parameters.values()
    assert [(p.name, p.default) for p in parameters][1:] == [("format", "svg"), ("rankdir", "LR")]


# ---------------------------------------------------------------------------------------------- the command line


def options(command: str) -> dict[str, argparse.Action]:
    """The options of a command, by the name that they have in Python."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"microgrAD.cli.commands.{command}").arguments(parser)
    return {a.dest: a for a in parser._actions if any(o.startswith("--") for o in a.option_strings)}


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_of_the_command_line_has_the_name_of_the_choice(command: str) -> None:
    for name, option in options(command).items():
        assert f"--{name.replace('_', '-')}" in option.option_strings
        if name in CHOICES:
            assert option.default is None, "the function that is called has the only default"
            assert option.help == CHOICES[name]["help"]


def test_the_command_line_has_no_choice_of_its_own() -> None:
    assert set(CHOICES) < set(choices(viz.draw)) | set(choices(viz.page))
