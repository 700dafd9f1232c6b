"""The decision boundary: colours, contour and marks agree with what the model answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from microgrAD.datasets import make_moons, make_xor
from microgrAD.nn import MLP
from microgrAD.outputs import default_reading, outputs, probabilities
from viz import style
from viz.networks.decision_boundary import decision_boundary
from viz.networks.extent import limits_of, widened


def line(x: Any) -> float:
    """A model whose boundary is x1 = 0.25."""
    return float(4 * (x[0] - 0.25))


def drawn(*args: Any, **options: Any) -> list[Axes]:
    """The Axes of a decision boundary."""
    return decision_boundary(*args, **options).axes


def contour(ax: Any) -> np.ndarray:
    found = [path.vertices for c in ax.collections if not isinstance(c, PathCollection) for path in c.get_paths()]
    return np.concatenate([v for v in found if len(v)])


def test_the_contour_is_where_the_model_is_undecided() -> None:
    (ax,) = drawn(line)
    assert contour(ax)[:, 0] == pytest.approx(0.25, abs=1e-3)
    assert np.ptp(contour(ax)[:, 1]) == pytest.approx(2.0)


def test_each_side_has_the_hue_of_its_class_and_the_boundary_is_white() -> None:
    shade = np.asarray(drawn(lambda x: 40 * x[0], resolution=101)[0].images[0].get_array())
    blue, orange = (np.array([int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)]) for c in style.CLASSES[:2])
    assert shade[50, 0] == pytest.approx(0.45 + 0.55 * blue, abs=1e-3)
    assert shade[50, -1] == pytest.approx(0.45 + 0.55 * orange, abs=1e-3)
    assert shade[50, 50] == pytest.approx(1.0)


def test_the_line_of_a_very_sure_model_is_as_smooth() -> None:
    at = contour(*drawn(lambda x: 400 * (x[0] * x[0] + x[1] * x[1] - 0.5), resolution=41))
    assert np.hypot(*at.T) == pytest.approx(np.sqrt(0.5), abs=2e-3)


def hue(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 4), st.booleans())
def test_every_place_has_the_hue_of_the_class_that_the_model_gives_there(seed: int, count: int, deep: bool) -> None:
    model = MLP(2, [*([5] if deep else []), count], rng=seed)
    for p in model.parameters():
        p.data *= 3
    shade = np.asarray(drawn(model, limits=((-3, 3), (-2, 2)), resolution=15)[0].images[0].get_array())
    points = np.stack(np.meshgrid(np.linspace(-3, 3, 15), np.linspace(-2, 2, 15)), axis=-1)
    p = probabilities(outputs(model, points.reshape(-1, 2)), default_reading(model)).reshape(15, 15, -1)
    white = np.ones(3)
    for at in np.ndindex(15, 15):
        sure = (p[at].max() - 1 / len(p[at])) * len(p[at]) / (len(p[at]) - 1)
        mixed = sum(share * hue(color) for share, color in zip(p[at], style.CLASSES, strict=False))
        assert shade[at] == pytest.approx(white + sure * 0.55 * (mixed - white), abs=1e-9)
    decided = p.max(axis=2) > 0.9
    hues = [0.45 + 0.55 * hue(color) for color in style.CLASSES[: p.shape[2]]]
    nearest = np.argmin([np.abs(shade - color).sum(axis=2) for color in hues], axis=0)
    assert (nearest == p.argmax(axis=2))[decided].all()


def test_both_features_have_one_scale_unless_theirs_differ_much() -> None:
    X = np.array([[0.0, 0.0], [1.0, 1.0], [0.2, 0.8]])
    for shape in (0.5, 1.0, 2.0):
        (left, right), (bottom, top) = widened(limits_of(X, share=0.1), shape)
        assert (top - bottom) / (right - left) == pytest.approx(shape)
        assert min(left, bottom) < 0 < 1 < max(right, top)
    apart = limits_of(X * [1.0, 1000.0])
    assert widened(apart, 0.5) == apart


def test_data_held_out_are_empty_markers() -> None:
    X, y = make_xor()
    (ax,) = drawn(MLP(2, [4, 1]), X, y, held_out=(X + 0.1, y))
    dots = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert [np.asarray(d.get_offsets()).tolist() for d in dots[2:]] == [(X + 0.1)[y == k].tolist() for k in (0, 1)]
    assert {to_hex(d.get_facecolor()[0]) for d in dots[2:]} == {"#ffffff"}
    assert [t.get_text() for t in ax.get_legend().get_texts()][2] == "held out"
    with pytest.raises(ValueError, match=r"must be among \[0, 1\], got \[2\] too"):
        decision_boundary(MLP(2, [4, 1]), X, y, held_out=(X, y + 1))


def test_more_points_have_smaller_markers() -> None:
    sizes = []
    for count in (4, 100, 1000):
        (ax,) = drawn(line, *make_moons(count), resolution=5)
        sizes.append(float(next(c for c in ax.collections if isinstance(c, PathCollection)).get_sizes()[0]))
    assert sizes[0] > sizes[1] > sizes[2] >= 6


def test_the_data_are_on_it_with_marker_colour_and_legend() -> None:
    X, y = make_xor()
    (ax,) = drawn(MLP(2, [4, 1]), X, y, class_names=["same", "different"], feature_names=("a", "b"))
    dots = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert [np.asarray(d.get_offsets()).tolist() for d in dots] == [X[y == 0].tolist(), X[y == 1].tolist()]
    assert [to_hex(d.get_facecolor()[0]).upper() for d in dots] == list(style.CLASSES[:2])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["same", "different", "P = 0.5"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")
    assert ax.figure.axes[1].get_ylabel() == "P(different)"


def test_three_classes_meet_in_lines() -> None:
    (ax,) = drawn(lambda x: [x[0], x[1], -x[0] - x[1]], colorbar=False)
    p = contour(ax)
    scores = np.sort(np.stack([p[:, 0], p[:, 1], -p.sum(axis=1)]), axis=0)
    assert scores[2] - scores[1] == pytest.approx(0.0, abs=0.03)
    assert "tie of two classes" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_it_draws_on_the_axes_it_is_given() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    ax = figure.subplots()
    assert drawn(line, ax=ax, colorbar=False) == [ax]
    assert figure.axes == [ax]


@pytest.mark.parametrize(
    ("last", "reading"),
    [("sigmoid", "probabilities"), ("tanh", "signs"), ("linear", "logits"), ("relu", "logits"), ("log", "logits")],
)
def test_outputs_are_read_by_the_range_of_the_last_activation(last: str, reading: str) -> None:
    assert default_reading(MLP(2, [2, 1], activation=["tanh", last])) == reading


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"X": np.zeros((3, 3))}, "data of shape"),
        ({"X": np.zeros((3, 2)), "y": [0, 1, 2]}, "3 classes"),
        ({"class_names": ["a"]}, "one name for each of 2"),
        ({"reading": "guess"}, "reading must be one of"),
        ({"theme": "neon"}, "theme must be one of"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decision_boundary(line, **arguments)
