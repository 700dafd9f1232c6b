"""Widths and middles of text without matplotlib: the same numbers, for every character of the font."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from viz import fonts, metrics


def forget() -> None:
    for function in (fonts.has_file, fonts._advances, fonts.mathematics, fonts.middle):
        function.cache_clear()


@pytest.fixture
def without_matplotlib(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """A function after which the font's own file is not there, but what was recorded of it."""
    file = tmp_path / "metrics.json"
    file.write_text(metrics.written(fonts.file(), fonts.file(bold=True)), "utf-8")

    def leave() -> None:
        forget()
        monkeypatch.setattr(metrics, "FILE", file)
        monkeypatch.setattr(fonts.importlib.util, "find_spec", lambda name: None)

    yield leave
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize("bold", [False, True])
def test_every_character_is_as_wide_and_as_high(bold: bool, without_matplotlib: Callable[[], None]) -> None:
    characters = [*map(chr, fonts._advances(bold)), "語", "😀", "\u0301"]  # the font lacks some of the last
    signs = [
        c for c in ["+", "×", "−", "÷", "∂", "δ", "σ", "Σ", "√", "²", "1", "語", *characters[300::500]] if c.strip()
    ]

    def measured() -> tuple[list[float], list[float], list[bool]]:
        return (
            [fonts.width(c, 14.0, bold) for c in characters],
            [fonts.middle(c, bold) for c in signs],
            [fonts.lacks(c, bold) for c in characters],
        )

    expected = measured()
    without_matplotlib()
    assert measured() == expected
    assert len(characters) > 5500


@pytest.mark.parametrize("bold", [False, True])
def test_the_metrics_are_those_of_the_font(bold: bool, without_matplotlib: Callable[[], None]) -> None:
    expected = metrics.of_font(fonts.file(bold))
    without_matplotlib()
    assert metrics.recorded(bold) == expected


def test_a_line_is_shortened_at_the_same_place(without_matplotlib: Callable[[], None]) -> None:
    text = "the loss of the whole training set"
    expected = fonts.shorten(text, 100, 14)
    without_matplotlib()
    assert fonts.shorten(text, 100, 14) == expected == "the loss of t…"
    assert fonts.mathematics("$w_{12}$") == 0.0  # what matplotlib would typeset is shown as it is written


def test_the_recorded_metrics_are_small() -> None:
    assert len(metrics.written(fonts.file(), fonts.file(bold=True))) < 150_000
