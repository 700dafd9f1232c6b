"""Slides of a trace: one a step, with its explanation as text and as notes, and nothing that moves between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import decks
import lessons
import pytest
from decks import named, opened

import viz
from microgrAD.steps import steps

TRACES: dict[str, Callable[[], Any]] = {"a pass": lessons.neuron, "a run": decks.run, "twice used": lessons.fan_out}


@pytest.fixture(params=TRACES)
def told(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[viz.Film, Any]:
    """A film, and its presentation."""
    film = viz.movie(TRACES[request.param](), tmp_path / "f.pptx")
    return film, opened(tmp_path / "f.pptx")


def test_there_is_a_slide_for_each_frame(told: tuple[viz.Film, Any]) -> None:
    film, deck = told
    last = len(film.scenes) - 1
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert len(deck.slides) == len(film.scenes) > 10
    assert [title.split(": ")[0] for title in titles] == [f"{k} / {last}" for k in range(last + 1)]
    assert all(title.split(": ", 1)[1] for title in titles)


def test_a_pass_has_a_slide_for_each_step(tmp_path: Path) -> None:
    root = lessons.neuron()
    viz.movie(root, tmp_path / "f.pptx")
    assert len(opened(tmp_path / "f.pptx").slides) == len(list(steps(root))) + 1


def test_what_is_shown_twice_has_one_name_one_id_and_one_place(told: tuple[viz.Film, Any]) -> None:
    seen: dict[str, tuple[int, ...]] = {}
    numbers: dict[int, str] = {}
    repeated = 0
    for slide in told[1].slides:
        for name, shape in named(slide).items():
            assert numbers.setdefault(shape.shape_id, name) == name
            place = (shape.shape_id,)
            if name.endswith((".box", ".badge", ".line")):
                place += (shape.left, shape.top, shape.width, shape.height)
            repeated += name in seen
            assert seen.setdefault(name, place) == place
    assert repeated > 100


def test_the_explanation_is_text_on_the_slide_and_in_the_notes(told: tuple[viz.Film, Any]) -> None:
    film, deck = told
    for slide, (_, notes) in zip(deck.slides, film.told, strict=True):
        assert slide.notes_slide.notes_text_frame.text.strip() == notes.strip()
        assert any(name.startswith("caption") and shape.text_frame.text for name, shape in named(slide).items())
    assert len({notes for _, notes in film.told}) > 8


def test_the_chain_rule_is_said_with_its_numbers(tmp_path: Path) -> None:
    viz.movie(lessons.neuron(), tmp_path / "f.pptx")
    slides = opened(tmp_path / "f.pptx").slides
    shown = ["".join(decks.texts(slide)).replace(" ", "") for slide in slides]
    assert any("∂o/∂x1=∂o/∂v1·∂v1/∂x1=0.5·w1=0.5·(−3)=−1.5" in text for text in shown)


def test_numbers_appear_as_the_pass_finds_them(tmp_path: Path) -> None:
    viz.movie(lessons.neuron(), tmp_path / "f.pptx")
    slides = list(opened(tmp_path / "f.pptx").slides)
    assert "∂ 1" not in [text.strip() for text in decks.texts(slides[0])]
    assert "0.7071" in "".join(decks.texts(slides[-1]))
    assert "0.7071" not in "".join(decks.texts(slides[0]))


@pytest.mark.parametrize(("size", "ratio"), [(None, 16 / 9), ("4:3", 4 / 3)])
def test_slides_of_a_trace_have_the_size_asked_for(size: str | None, ratio: float, tmp_path: Path) -> None:
    viz.movie(lessons.neuron(), tmp_path / "f.pptx", size=size)
    deck = opened(tmp_path / "f.pptx")
    assert deck.slide_width / deck.slide_height == pytest.approx(ratio, rel=1e-3)
