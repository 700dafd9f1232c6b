"""Pictures of networks as they come out of the first layout: all text is on the slide, and no two titles meet."""

from __future__ import annotations

import inspect
import itertools
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from slides import SLIDES, X, history, network, y

import viz
from viz import fonts
from viz.networks.axes import folded


@cache
def drawn(name: str) -> tuple[Figure, list[Axes]]:
    figure = SLIDES[name].draw().figure
    figure.draw_without_rendering()
    return figure, figure.axes


@pytest.mark.parametrize("name", SLIDES)
def test_everything_is_on_the_slide(name: str) -> None:
    figure, axes = drawn(name)
    width, height = figure.bbox.width, figure.bbox.height
    for part in [*axes, *figure.legends, *figure.texts]:
        box = part.get_tightbbox()
        assert box is not None
        assert min(box.x0, box.y0) > -1, part
        assert box.x1 < width + 1, part
        assert box.y1 < height + 1, part


@pytest.mark.parametrize("name", SLIDES)
def test_titles_keep_apart_and_type_can_be_read(name: str) -> None:
    figure, axes = drawn(name)
    heads = [ax.title for ax in axes if ax.get_title()] + [text for text in figure.texts if text.get_text()]
    assert heads, "a slide has a title"
    for one, other in itertools.combinations(heads, 2):
        a, b = one.get_window_extent(), other.get_window_extent()
        assert not a.overlaps(b), f"{one.get_text()!r} and {other.get_text()!r}"
    pixels = 1280 / figure.bbox.width * figure.dpi / 72  # of a slide, in a point of type
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip():
            assert text.get_fontsize() * pixels >= 15, text.get_text()


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: viz.decision_boundary(network, X, y, ax=ax),
        lambda ax: viz.latent_space(network, X, y, ax=ax),
        lambda ax: viz.dependence_curve(network, X, ax=ax),
        lambda ax: viz.training_path(history(), resolution=5, ax=ax),
    ],
)
def test_a_legend_stands_under_the_name_of_the_axis_however_small_the_axes(draw: Any) -> None:
    for lines in (1, 4):
        figure = Figure(figsize=(8, 6), layout="constrained")
        (ax,) = draw(figure.subplots(lines, 3, squeeze=False)[0, 0]).axes
        figure.draw_without_rendering()
        legend, name = ax.get_legend().get_window_extent(), ax.xaxis.label.get_window_extent()
        assert name.y0 - 20 < legend.y1 < name.y0


@given(st.lists(st.text("abcW. ", min_size=0, max_size=30), max_size=3), st.floats(1, 400))
def test_a_long_title_is_folded_between_words_and_nothing_is_lost(lines: list[str], room: float) -> None:
    text = "\n".join(lines)
    made = folded(text, room)
    assert made.split() == text.split()
    assert all(fonts.width(line, 12) <= room for line in made.split("\n") if " " in line.strip())


ON_ONE_AXES = [name for name, slide in SLIDES.items() if "ax" in inspect.signature(slide.function).parameters]


@pytest.mark.parametrize("names", [ON_ONE_AXES[k : k + 6] for k in range(0, len(ON_ONE_AXES), 6)], ids=str)
def test_titles_keep_apart_on_small_axes(names: list[str]) -> None:
    figure = Figure(figsize=(10, 6), layout="constrained")
    for name, ax in zip(names, figure.subplots(2, 3).flat, strict=False):
        SLIDES[name].draw(ax=ax)
    figure.draw_without_rendering()
    boxes = [ax.title.get_window_extent() for ax in figure.axes if ax.get_title()]
    assert len(boxes) == len(names)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    assert all(box.x0 > -1 and box.x1 < figure.bbox.width + 1 and box.y1 < figure.bbox.height + 1 for box in boxes)
