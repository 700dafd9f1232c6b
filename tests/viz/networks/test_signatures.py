"""All pictures of networks are asked for in the same way: one name, one place and one default for each choice."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure
from slides import SLIDES

import viz

FIRST = [("model",), ("model", "X"), ("model", "X", "y"), ("model", "x"), ("model", "x", "y"), ("models", "X", "y")]
OF_A_RUN = [("history",), ("histories",), ("history", "path"), ("trials",)]
OTHERS = [("models",), ("activations",)]  # some networks without data; some functions
COMMON = ("layer", "unit", "units", "output", "feature_names", "class_names", "ax", "figure", "title", "theme")
DRAWN = {slide.function.__name__: slide.function for slide in SLIDES.values()}
FUNCTIONS: dict[str, Callable[..., Any]] = {**DRAWN, "boundary_movie": viz.boundary_movie}


def parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


def test_every_picture_of_a_network_is_held_to_it() -> None:
    of_networks = {name: getattr(viz, name) for name in viz.__all__}
    found = {name for name, f in of_networks.items() if f.__module__.startswith("viz.networks.")}
    # the network as a lecture draws it has no Axes: it is made of shapes, as graphs are
    shapes = {name for name in found if inspect.signature(of_networks[name]).return_annotation == "NetworkDrawing"}
    assert shapes == {"network"}
    assert found - shapes == FUNCTIONS.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_what_is_pictured_goes_by_position(name: str) -> None:
    by_position = tuple(p.name for p in parameters(FUNCTIONS[name]) if p.kind is p.POSITIONAL_OR_KEYWORD)
    assert by_position in FIRST + OF_A_RUN + OTHERS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_common_arguments_stand_in_one_order(name: str) -> None:
    common = [p.name for p in parameters(FUNCTIONS[name]) if p.name in COMMON]
    assert common == sorted(common, key=COMMON.index)
    assert common[-2:] == ["title", "theme"]
    assert ("ax" in common) + ("figure" in common) == (name != "boundary_movie")


def test_each_name_has_one_default() -> None:
    defaults: dict[str, set[str]] = {}
    for function in FUNCTIONS.values():
        for p in parameters(function):
            if p.kind is p.KEYWORD_ONLY:
                defaults.setdefault(p.name, set()).add(repr(p.default))
    several = {name: sorted(found) for name, found in defaults.items() if len(found) > 1}
    # a layer is the first one, but for the spread of weights, which is that of all; counts and resolutions are of
    # other things: places on a plane of inputs, of weights, on a curve; images, words
    assert several == {"layer": ["1", "None"], "resolution": ["100", "300", "41"], "count": ["16", "4", "8"]}


@pytest.mark.parametrize("name", SLIDES)
def test_a_picture_is_a_slide_with_a_title_that_can_be_replaced(name: str) -> None:
    slide = SLIDES[name]
    own, mine, none = slide.draw(), slide.draw(title="What I want to say"), slide.draw(title="")
    for picture in (own, mine, none):
        assert isinstance(picture, viz.Picture)
        assert tuple(picture.figure.get_size_inches() * picture.figure.dpi) == pytest.approx((1280, 720))
        assert set(picture.axes) <= {*picture.figure.axes, *(t for ax in picture.figure.axes for t in ax.child_axes)}
    assert len(own.title) > 10
    assert mine.title == "What I want to say"
    over_all = "figure" in inspect.signature(slide.function).parameters
    assert not (none.figure.get_suptitle() if over_all else none.axes[0].get_title())


@pytest.mark.parametrize("name", SLIDES)
def test_it_is_drawn_on_what_is_given(name: str) -> None:
    slide, figure = SLIDES[name], Figure(figsize=(9, 6), layout="constrained")
    if "figure" in inspect.signature(slide.function).parameters:
        part = figure.subfigures(1, 2)[1]
        picture = slide.draw(figure=part)
        assert part.get_suptitle() and not figure.get_suptitle()
        assert {ax.figure for ax in picture.axes} == {part}
    else:
        ax = figure.subplots(1, 2)[1]
        picture = slide.draw(ax=ax)
        assert picture.axes == [ax] and ax.get_title()
    assert picture.figure is figure


def test_a_title_is_a_text() -> None:
    with pytest.raises(TypeError, match="title takes a text, got int 3"):
        SLIDES["one boundary"].draw(title=3)
