"""The decision boundary: colours, contour and marks agree with what the model answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from microgrAD.datasets import make_xor
from microgrAD.nn import MLP
from microgrAD.outputs import default_reading
from viz import style
from viz.boundary import decision_boundary


def line(x: Any) -> float:
    """A model whose boundary is x1 = 0.25."""
    return float(4 * (x[0] - 0.25))


def contour(ax: Any) -> np.ndarray:
    found = [path.vertices for c in ax.collections if not isinstance(c, PathCollection) for path in c.get_paths()]
    return np.concatenate([v for v in found if len(v)])


def test_the_contour_is_where_the_model_is_undecided() -> None:
    ax = decision_boundary(line)
    assert contour(ax)[:, 0] == pytest.approx(0.25, abs=1e-3)
    assert np.ptp(contour(ax)[:, 1]) == pytest.approx(2.0)


def test_each_side_has_the_hue_of_its_class_and_the_boundary_is_white() -> None:
    shade = np.asarray(decision_boundary(lambda x: 40 * x[0], resolution=101).images[0].get_array())
    blue, orange = (np.array([int(c[i:i + 2], 16) / 255 for i in (1, 3, 5)]) for c in style.CLASSES[:2])
    assert shade[50, 0] == pytest.approx(0.45 + 0.55 * blue, abs=1e-3)
    assert shade[50, -1] == pytest.approx(0.45 + 0.55 * orange, abs=1e-3)
    assert shade[50, 50] == pytest.approx(1.0)


def test_the_data_are_on_it_with_marker_colour_and_legend() -> None:
    X, y = make_xor()
    ax = decision_boundary(MLP(2, [4, 1]), X, y, class_names=["same", "different"], feature_names=("a", "b"))
    dots = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert [np.asarray(d.get_offsets()).tolist() for d in dots] == [X[y == 0].tolist(), X[y == 1].tolist()]
    assert [to_hex(d.get_facecolor()[0]).upper() for d in dots] == list(style.CLASSES[:2])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["same", "different", "P = 0.5"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")
    assert ax.figure.axes[1].get_ylabel() == "P(different)"


def test_three_classes_meet_in_lines() -> None:
    ax = decision_boundary(lambda x: [x[0], x[1], -x[0] - x[1]], colorbar=False)
    p = contour(ax)
    scores = np.sort(np.stack([p[:, 0], p[:, 1], -p.sum(axis=1)]), axis=0)
    assert scores[2] - scores[1] == pytest.approx(0.0, abs=0.03)
    assert "tie of two classes" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_it_draws_on_the_axes_it_is_given() -> None:
    from matplotlib.figure import Figure
    figure = Figure()
    ax = figure.subplots()
    assert decision_boundary(line, ax=ax, colorbar=False) is ax
    assert figure.axes == [ax]


@pytest.mark.parametrize(("last", "reading"), [("sigmoid", "probabilities"), ("tanh", "signs"), ("linear", "logits"),
                                               ("relu", "logits"), ("log", "logits")])
def test_outputs_are_read_by_the_range_of_the_last_activation(last: str, reading: str) -> None:
    assert default_reading(MLP(2, [2, 1], activation=["tanh", last])) == reading


@pytest.mark.parametrize(("arguments", "message"), [
    ({"X": np.zeros((3, 3))}, "data of shape"),
    ({"X": np.zeros((3, 2)), "y": [0, 1, 2]}, "3 classes"),
    ({"class_names": ["a"]}, "one name for each of 2"),
    ({"reading": "guess"}, "reading must be one of"),
    ({"theme": "neon"}, "theme must be one of"),
])
def test_bad_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decision_boundary(line, **arguments)
