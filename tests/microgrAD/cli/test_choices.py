"""Choices of how a file looks: the same options in every command, and refused where they would change nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from viz.style import DARK, LIGHT

Said = Callable[..., tuple[int, str, str]]
LECTURE = ["q = x + y; f = q * z", "x=1", "y=2", "z=2"]


@pytest.mark.parametrize("command", [["step", *LECTURE], ["gallery", "colah"]])
@pytest.mark.parametrize("ending", ["svg", "tikz"])
def test_a_file_has_the_theme(command: list[str], ending: str, said: Said) -> None:
    for theme, ink in (("light", LIGHT.ink), ("dark", DARK.ink)):
        assert said(*command, "--theme", theme, "-o", f"x.{ending}")[0] == 0
        assert ink.removeprefix("#") in Path(f"x.{ending}").read_text("utf-8")


@pytest.mark.parametrize("command", ["step", "exercise"])
def test_a_page_has_the_theme(command: str, said: Said) -> None:
    assert said(command, *LECTURE, "--theme", "dark", "-o", "x.html")[0] == 0
    assert '<html lang="en" data-theme="dark">' in Path("x.html").read_text("utf-8")


def test_a_sheet_has_the_theme(said: Said) -> None:
    assert said("exercise", *LECTURE, "--theme", "dark", "--paper", "-o", "x.html")[0] == 0
    assert '<html lang="en" data-theme="dark">' in Path("x-key.html").read_text("utf-8")


def test_what_is_said_on_the_command_line_reaches_the_picture(said: Said) -> None:
    found = set()
    for options in ("", "--show-local", "--rankdir TB", "--size 4:3", "--digits 2", "--size 640x360"):
        assert said("step", "x / 3", "x=1", "-o", "x.svg", *options.split())[0] == 0
        found.add(Path("x.svg").read_text("utf-8"))
    assert len(found) == 6


def test_frames_have_a_slides_size_or_the_one_that_is_said(said: Said) -> None:
    from PIL import Image

    for options, size in (([], (1280, 720)), (["--size", "640x480"], (640, 480))):
        assert said("step", "x * x", "x=2", "-o", "frames/", *options)[0] == 0
        with Image.open("frames/step-00.png") as image:
            assert image.size == size


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["step", *LECTURE, "--theme", "dark"], "--theme is for a file; name one with -o"),
        (["gallery", "--show-local"], "--show-local is for a file"),
        (["gallery", "colah", "--engine", "dot"], "--engine is for a file"),
        (["exercise", *LECTURE, "--rankdir", "TB"], "--rankdir is for a file"),
        (["step", *LECTURE, "--theme", "dark", "-o", "x.md"], "a text has no choice of theme; leave --theme out"),
        (["step", *LECTURE, "--size", "4:3", "-o", "x.html"], "a page has no choice of size; leave --size out"),
        (["step", *LECTURE, "--size", "4:3", "-o", "x.tikz"], "has no choice of size"),
        (["step", *LECTURE, "--theme", "pink", "-o", "x.gif"], "theme must be one of ['light', 'dark', 'print']"),
        (["exercise", *LECTURE, "--theme", "pink", "-o", "x.html"], "theme must be one of"),
        (["exercise", *LECTURE, "--theme", "pink", "-o", "x.pdf"], "theme must be one of"),
        (["compile", "w * x", "w=2", "--rows", "x", "--theme", "pink", "-o", "x.png"], "theme must be one of"),
        (["compile", "w * x", "w=2", "--rows", "x", "--theme", "dark"], "--theme is for a file; name one with -o"),
    ],
)
def test_a_choice_that_would_change_nothing_is_refused(arguments: list[str], complaint: str, said: Said) -> None:
    status, _, err = said(*arguments)
    assert status == 2
    assert complaint in err
    assert not list(Path().iterdir())
