"""Pictures of networks as they come out of the first layout: all text is on the slide, and no two titles meet."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import viz
from microgrAD import interpret
from microgrAD.datasets import GLYPHS, make_glyphs, make_moons
from microgrAD.nn import MLP, Conv2d, Flatten, Layer, MaxPool2d, Sequential, Unflatten
from microgrAD.train import History, fit

X, y = make_moons(24, noise=0.1)
images, letters = make_glyphs(12)
names = list(GLYPHS)
network, reader = MLP(2, [4, 3, 1], rng=0), MLP(64, [8, 6], rng=0)
filters = Sequential(
    Unflatten(1, 8, 8),
    Conv2d(1, 4, 3, activation="relu", rng=1),
    MaxPool2d(2),
    Flatten(),
    Layer(36, 6, activation="linear", rng=1),
)
crossbar = interpret.concept(reader, 1, images[letters < 2], images[letters >= 2])


@cache
def history() -> History:
    return fit(
        MLP(2, [3, 1], rng=0), X[:16], y[:16], validation=(X[16:], y[16:]), epochs=4, record=True, progress=False
    )


def several(count: int, **options: Any) -> viz.Picture:
    models = {f"{k} hidden layers": network for k in range(count)}
    return viz.compare_boundaries(models, X, y, resolution=8, **options)


SLIDES: dict[str, Callable[[], viz.Picture]] = {
    "one boundary": lambda: viz.decision_boundary(network, X, y, resolution=8),
    "two boundaries": lambda: several(2, held_out=(X, y)),
    "three boundaries": lambda: several(3),
    "four boundaries": lambda: several(4, held_out=(X, y)),
    "six boundaries": lambda: several(6),
    "a unit": lambda: viz.unit_boundary(network, X, y, resolution=8),
    "hidden units": lambda: viz.hidden_units(network, X, y, resolution=8),
    "latent spaces": lambda: viz.latent_spaces(network, X, y),
    "network": lambda: viz.network_drawing(network, X[0]),
    "network by gradient": lambda: viz.network_drawing(network, X[0], color_by="gradient"),
    "network of letters": lambda: viz.network_drawing(reader, images[0], class_names=names),
    "planes": lambda: viz.network_planes(network, X, y, resolution=8),
    "planes of classes": lambda: viz.network_planes(MLP(2, [8, 8, 4], rng=0), X, np.arange(24) % 4, resolution=8),
    "curve": lambda: viz.fitted_curve(MLP(1, [3, 1]), X[:, :1], X[:, 1]),
    "arrows": lambda: viz.input_gradients(network, X, y, resolution=8),
    "saliency": lambda: viz.saliency_maps(reader, images[0], class_names=names),
    "weights": lambda: viz.weight_images(MLP(64, [6]), class_names=names),
    "four latent spaces": lambda: viz.latent_spaces(MLP(2, [8, 8, 8, 1], rng=0), X, y),
    "six latent spaces": lambda: viz.latent_spaces(MLP(2, [8] * 5 + [1], rng=0), X, y),
    "thirteen latent spaces": lambda: viz.latent_spaces(MLP(2, [4] * 12 + [1], rng=0), X, y),
    "hidden weights": lambda: viz.weight_images(reader, class_names=names),
    "exciting": lambda: viz.exciting_images(reader, images),
    "maximised": lambda: viz.maximised_images(reader, layer=2, class_names=names),
    "feature maps": lambda: viz.feature_maps(filters, images[0]),
    "logits": lambda: viz.logit_bars(reader, images[0], class_names=names),
    "hard images": lambda: viz.hard_images(reader, images, letters, class_names=names),
    "adversarial": lambda: viz.adversarial_images(reader, images[0], class_names=names),
    "dependence": lambda: viz.dependence_curve(network, X, resolution=5),
    "influence": lambda: viz.influential_points(
        network, X, y, x=X[0], left_out=np.linspace(-1, 1, 24), alike=np.linspace(1, -1, 24), resolution=8
    ),
    "concept": lambda: viz.concept_effect(
        reader, images, concept=crossbar, concept_name="a crossbar", class_names=names
    ),
    "learning": lambda: viz.learning_curves(history()),
    "path": lambda: viz.training_path(history(), resolution=5),
    "plane of the loss": lambda: viz.random_plane(network, X, y, resolution=3),
}


@cache
def drawn(name: str) -> tuple[Figure, list[Axes]]:
    figure = SLIDES[name]().figure
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
