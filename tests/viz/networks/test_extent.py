"""How much of the plane is seen: circles are round on whatever Axes, which are filled, and no data are cut off."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import viz
from microgrAD.datasets import make_circles, make_xor
from microgrAD.nn import MLP

X, y = make_circles(40, rng=1)
network, four = MLP(2, [4, 3, 1], rng=0), MLP(2, [3, 4], rng=0)


def pixels_of_a_unit(ax: Axes) -> tuple[float, float]:
    """How many pixels a unit has across, and up."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    box, (left, right), (bottom, top) = ax.get_window_extent(), ax.get_xlim(), ax.get_ylim()
    return box.width / (right - left), box.height / (top - bottom)


def check(ax: Axes) -> None:
    """Circles are round, all data are there, and so is what the model answers at every place that is seen."""
    across, up = pixels_of_a_unit(ax)
    assert across == pytest.approx(up, rel=1e-6)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    dots = [c.get_offsets() for c in ax.collections if isinstance(c, PathCollection)]
    for points in map(np.asarray, dots):
        assert (points > (left, bottom)).all() and (points < (right, top)).all()
    for image in ax.images:
        x0, x1, y0, y1 = image.get_extent()
        assert x0 <= left + 1e-9 and right <= x1 + 1e-9 and y0 <= bottom + 1e-9 and top <= y1 + 1e-9


FIGURES: dict[str, Callable[[], viz.Picture]] = {
    "one": lambda: viz.decision_boundary(network, X, y, resolution=8),
    "four classes": lambda: viz.decision_boundary(four, X, np.arange(40) % 4, resolution=8),
    "a unit": lambda: viz.unit_boundary(network, X, y, resolution=8),
    "units": lambda: viz.hidden_units(network, X, y, resolution=8),
    "planes": lambda: viz.network_planes(network, X, y, resolution=8),
    "arrows": lambda: viz.input_gradients(network, X, y, resolution=8),
    "influence": lambda: viz.influential_points(network, X, y, x=X[0], left_out=y - 0.5, alike=y - 0.5, resolution=8),
    "input": lambda: viz.latent_space(network, X, y, layer=0),
    "layers": lambda: viz.latent_spaces(network, X, y),
    **{
        f"{count} models": lambda count=count: viz.compare_boundaries(
            {str(k): network for k in range(count)}, X, y, resolution=8
        )
        for count in (1, 2, 3, 4, 5)
    },
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_circle_is_round(name: str) -> None:
    for ax in FIGURES[name]().axes:
        check(ax)


@pytest.mark.parametrize("layout", ["constrained", "compressed", "tight", None])
@pytest.mark.parametrize(("lines", "columns"), [(1, 1), (1, 3), (3, 1), (2, 3)])
def test_a_circle_is_round_on_axes_of_your_own(layout: Any, lines: int, columns: int) -> None:
    figure = Figure(figsize=(8, 4.5), layout=layout)
    axes = figure.subplots(lines, columns, squeeze=False)
    for ax in axes.flat:
        viz.decision_boundary(network, X, y, ax=ax, resolution=8)
        ax.set_title("two lines,\nwhich take room")
    for ax in axes.flat:
        check(ax)


def test_a_circle_is_round_in_a_part_of_a_figure() -> None:
    left, right = Figure(figsize=(8, 4.5), layout="constrained").subfigures(1, 2, width_ratios=[2, 1])
    for ax in [
        *viz.hidden_units(network, X, y, figure=left, resolution=8).axes,
        *viz.decision_boundary(network, X, y, ax=right.subplots(), resolution=8).axes,
    ]:
        check(ax)


def test_axes_stay_round_when_a_figure_is_resized_and_drawn_anew() -> None:
    (ax,) = viz.decision_boundary(network, X, y, resolution=8, colorbar=False).axes
    for size in ((8, 4.5), (4, 6), (8, 4.5)):
        ax.figure.set_size_inches(*size)
        check(ax)
    seen = ax.get_xlim()
    viz.decision_boundary(network, X, y, ax=ax, resolution=8, colorbar=False)
    check(ax)
    assert ax.get_xlim() == pytest.approx(seen)


def test_limits_that_you_set_stay() -> None:
    (ax,) = viz.decision_boundary(network, X, y, resolution=8).axes
    ax.set_xlim(0, 1)
    pixels_of_a_unit(ax)
    assert ax.get_xlim() == (0, 1)
    limits = ((-3.0, 2.0), (-1.0, 4.0))
    for draw in (
        viz.decision_boundary(network, X, y, ax=ax, limits=limits, resolution=8),
        viz.decision_boundary(network, limits=limits, resolution=8),
        viz.compare_boundaries({"it": network}, X, y, limits=limits, resolution=8),
    ):
        (drawn,) = draw.axes
        pixels_of_a_unit(drawn)
        assert (drawn.get_xlim(), drawn.get_ylim()) == limits
        assert drawn.images[-1].get_extent() == [-3.0, 2.0, -1.0, 4.0]


def test_features_far_apart_in_scale_keep_their_own() -> None:
    (ax,) = viz.decision_boundary(lambda x: x[0] - x[1], X * [1.0, 1000.0], y, resolution=8).axes
    across, up = pixels_of_a_unit(ax)
    assert 300 < across / up < 3000


def test_numbers_keep_off_the_ends_of_an_axis() -> None:
    """At a new epoch, shape or zoom too: a number at the end would run into that of the next panel."""
    axes = viz.compare_boundaries({"a": network, "b": network}, *make_xor(), resolution=8).axes
    for limits in (axes[0].get_xlim(), (-0.2, 1.2), (0.0, 100.0)):
        axes[0].set_xlim(*limits)
        low, high = limits
        ticks = axes[0].get_xticks()
        assert len(ticks) >= 3
        assert (ticks - low).min() > 0.05 * (high - low) < (high - ticks).min() + 1e-9


def test_a_figure_can_be_pickled() -> None:
    (ax,) = viz.decision_boundary(network, X, y, resolution=8).axes
    again = pickle.loads(pickle.dumps(ax.get_figure(root=True))).axes[0]
    check(again)


def test_of_many_points_no_class_hides_another() -> None:
    """Two classes at the same places: half of what is seen belongs to each, and every point is there."""
    points = np.random.default_rng(0).normal(size=(30_000, 2))
    (ax,) = viz.decision_boundary(lambda x: 0.0, points, np.repeat([0, 1], 15_000), resolution=8, colorbar=False).axes
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["class 0", "class 1", "P = 0.5"]
    dots = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert sum(len(np.asarray(c.get_offsets())) for c in dots) == 30_000
    figure, file = ax.get_figure(root=True), io.BytesIO()
    assert figure is not None
    figure.savefig(file, format="rgba", dpi=200)  # at which the smallest dots have pixels of their pure colour
    width, height = (round(200 * inches) for inches in figure.get_size_inches())
    shown = np.frombuffer(file.getvalue(), dtype=np.uint8).reshape(height, width, 4)[..., :3]
    first, second = (
        (shown == [int(to_hex(c.get_facecolor()[0])[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=2).sum()
        for c in dots[:2]
    )
    assert 0.5 < first / second < 2
