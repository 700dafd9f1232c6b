"""Pictures of networks: what is drawn agrees with what the network answers, number by number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pictured
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.quiver import Quiver
from pictured import X, y
from PIL import Image

import viz
from microgrAD import interpret, losses
from microgrAD.datasets import make_xor
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.outputs import outputs
from microgrAD.train import History, fit
from viz import style
from viz.networks import boundary_film
from viz.networks.boundary_film import chosen_frames
from viz.networks.decision_boundary import TIES, repaint
from viz.networks.latent_spaces import latent


@pytest.fixture(scope="module")
def history() -> History:
    return pictured.history()


@pytest.fixture(scope="module")
def model(history: History) -> MLP:
    assert isinstance(history.recording.model, MLP)
    return history.recording.model


def boundary(ax: Any) -> np.ndarray:
    (lines,) = [c for c in ax.collections if c.get_gid() == TIES]
    return np.concatenate([path.vertices for path in lines.get_paths()])


def contour(ax: Any) -> np.ndarray:
    found = [
        path.vertices
        for c in ax.collections
        if not isinstance(c, (PathCollection, LineCollection))
        for path in c.get_paths()
    ]
    return np.concatenate([v for v in found if len(v)])


def titles(axes: list[Any]) -> list[str]:
    return [ax.get_title() for ax in axes]


# ---------------------------------------------------------------------------------------------- boundaries


def test_side_by_side_each_model_has_its_own_boundary_and_its_own_score(model: MLP) -> None:
    axes = viz.compare_boundaries({"nothing": lambda x: 4 * (x[0] - 0.25), "network": model}, X, y, resolution=30).axes
    assert boundary(axes[0])[:, 0] == pytest.approx(0.25, abs=0.01)
    right = float(((outputs(model, X)[:, 0] > 0) == y).mean())
    assert titles(axes)[1] == f"network\n{right:.0%} right"
    assert axes[0].get_xlim() == axes[1].get_xlim()


def test_a_units_line_is_where_its_weighted_sum_is_0(model: MLP) -> None:
    (ax,) = viz.unit_boundary(model, X, y, unit=2, resolution=60).axes
    neuron = model.layers[0].neurons[1]
    assert neuron.b is not None
    at = contour(ax)
    assert at @ [p.data for p in neuron.w] + neuron.b.data == pytest.approx(0.0, abs=1e-6)
    shown = np.asarray(ax.images[0].get_array())
    (left, right, bottom, top) = ax.images[0].get_extent()
    rows, columns = shown.shape
    assert min(rows, columns) >= 60
    for i, j in ((0, 0), (rows - 1, 0), (rows // 2, columns - 1)):
        x = [left + (right - left) * j / (columns - 1), bottom + (top - bottom) * i / (rows - 1)]
        assert shown[i, j] == pytest.approx(float(model.layers[0](x)[1]), abs=1e-9)


def test_a_deeper_unit_has_a_bent_line(model: MLP) -> None:
    at = contour(viz.unit_boundary(model, X, layer=2, resolution=80).axes[0])
    neuron = model.layers[1].neurons[0]
    assert neuron.b is not None
    sums = interpret.activations(model, at)[1] @ [p.data for p in neuron.w] + neuron.b.data
    assert np.abs(sums).max() < 0.05 * max(abs(p.data) for p in neuron.w)


def test_all_units_and_the_network(model: MLP) -> None:
    axes = viz.hidden_units(model, X, y, resolution=12).axes
    assert titles(axes) == ["unit 1", "unit 2", "unit 3", "unit 4", "the network"]


def test_a_film_has_a_picture_for_each_frame(history: History, tmp_path: Path) -> None:
    recording = history.recording
    before = recording.model.state_dict()
    path = viz.boundary_movie(history, tmp_path / "film.gif", frames=3, resolution=10)
    with Image.open(path) as film:
        assert film.n_frames == len(chosen_frames(recording.loss, 3)) == 3
        assert film.size == (960, 540)
        shown = np.asarray(film.convert("RGB")).reshape(-1, 3)
    for color in style.CLASSES[:2]:  # both classes' hues are there, as they are to within GIF's few colours
        assert np.abs(shown - [int(color[i : i + 2], 16) for i in (1, 3, 5)]).max(axis=1).min() <= 8
    assert recording.model.state_dict() == before
    with pytest.raises(ValueError, match=r"must end in one of \['\.gif', '\.mp4'\]"):
        viz.boundary_movie(history, tmp_path / "film.avi")
    with pytest.raises(ValueError, match="seconds must be a number"):
        viz.boundary_movie(history, tmp_path / "film.gif", seconds=0)


def test_a_films_frames_are_those_that_are_drawn_one_by_one(history: History) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    camera = boundary_film._Camera(figure)
    for k in range(3):
        for artist in [*left.lines, *right.lines, *left.collections]:
            artist.remove()
        left.plot([0, 1, 2], [0, k, 2], color="red")
        left.scatter([0, 1], [1, k])
        left.set(xlim=(-1, 3), ylim=(-1, 3))
        right.plot([0, k], [0, 1])
        right.set(xlim=(0, 2), ylim=(0, 1), title=f"picture {k}")
        taken = camera.take()
        camera.canvas.draw()
        plain = np.asarray(camera.canvas.buffer_rgba(), dtype=int)[..., :3]
        channels = np.stack([taken >> 16, taken >> 8 & 255, taken & 255], axis=2)
        assert np.abs(channels - plain).mean() < 0.1
        assert channels.shape[1] == boundary_film.WIDTH


def test_frames_are_where_much_happens() -> None:
    assert chosen_frames([1.0] * 11, 6) == [0, 2, 4, 6, 8, 10]
    found = chosen_frames([1.0, 0.5, 0.2, 0.1, *[0.1] * 97], 10)
    assert found[0] == 0
    assert found[-1] == 100
    assert found[1:4] == [1, 2, 3] or found[1] <= 2


def test_a_curve_is_what_the_model_gives() -> None:
    def parabola(x: Any) -> Any:
        return x[0] ** 2 - 1

    x, target = np.array([-2.0, 0.0, 3.0]), np.array([3.0, -1.0, 7.0])
    for table in (x, x[:, None]):
        (ax,) = viz.fitted_curve(parabola, table, target, feature_names="t", target_name="h").axes
        line = np.array(ax.lines[0].get_data())
        assert line[1] == pytest.approx(line[0] ** 2 - 1)
        assert line[0][0] < -2
        assert line[0][-1] > 3
        assert np.asarray(ax.collections[0].get_offsets()).tolist() == np.stack([x, target], axis=1).tolist()
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("t", "h")
        assert ax.get_title() == f"mean squared error {style.number(1 / 3, 2)}"
    with pytest.raises(ValueError, match="one feature, and a target for each row"):
        viz.fitted_curve(parabola, np.zeros((3, 2)), target)
    with pytest.raises(ValueError, match="one feature, and a target for each row"):
        viz.fitted_curve(parabola, x, target[:2])


# ---------------------------------------------------------------------------------------------- hidden layers


def test_latent_points_are_the_activations_or_their_principal_components(model: MLP) -> None:
    given = interpret.activations(model, X)
    assert latent(model, 0, X, y).points.tolist() == X.tolist()
    seen = latent(model, 2, X, y)
    assert seen.points == pytest.approx(interpret.principal_plane(given[2]).project(given[2]))
    assert seen.accuracy == interpret.linear_probe(given[2], y).accuracy == 1.0
    assert latent(model, 0, X, y).accuracy < 1.0


def test_the_warped_grid_is_the_grid_seen_by_the_layer() -> None:
    model = MLP(2, [2, 1], rng=4)
    flat, bent = latent(model, 0, X, y), latent(model, 1, X, y)
    for line, warped in zip(flat.grid, bent.grid, strict=True):
        assert warped == pytest.approx(interpret.activations(model, line)[1])


def test_the_last_layers_line_is_its_own() -> None:
    Xx, yx = make_xor()
    model = MLP(2, [2, 1], rng=3)
    fit(model, Xx, yx, optimizer=Adam(model.parameters(), lr=0.1), epochs=150, progress=False)
    (ax,) = viz.latent_space(model, Xx, yx).axes
    neuron = model.layers[1].neurons[0]
    assert neuron.b is not None
    assert boundary(ax) @ [p.data for p in neuron.w] + neuron.b.data == pytest.approx(0.0, abs=1e-3)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("unit 1", "unit 2")


def test_principal_components_say_so(model: MLP) -> None:
    axes = viz.latent_spaces(model, X, y).axes
    assert axes[1].get_xlabel().startswith("1st principal\ncomponent (")
    assert titles(axes)[0].startswith("input\na line gets ")
    assert titles(axes)[2] == "layer 2, 3 units\na plane gets 100% right"


# ---------------------------------------------------------------------------------------------- inputs


def test_arrows_are_gradients(model: MLP) -> None:
    at = np.array([[0.1, 0.2], [1.0, -0.5]])
    (ax,) = viz.input_gradients(model, X, y, points=at, resolution=10).axes
    arrows = next(c for c in ax.collections if isinstance(c, Quiver))
    wanted = np.array([interpret.input_gradient(model, x) for x in at])
    drawn = np.stack([arrows.U, arrows.V], axis=1)
    scale = np.linalg.norm(drawn, axis=1).max() / np.linalg.norm(wanted, axis=1).max()
    assert drawn == pytest.approx(wanted * scale)
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    assert np.linalg.norm(drawn, axis=1).max() == pytest.approx(np.diff(ax.get_xlim())[0] / 8, rel=0.3)


def test_arrows_of_the_loss(model: MLP) -> None:
    loss = losses.binary_cross_entropy_with_logits
    (ax,) = viz.input_gradients(model, X, y, points=[3], loss=loss, resolution=10).axes
    arrows = next(c for c in ax.collections if isinstance(c, Quiver))
    wanted = interpret.input_gradient(model, X[3], loss=loss, target=int(y[3]))
    assert np.arctan2(arrows.V, arrows.U)[0] == pytest.approx(np.arctan2(wanted[1], wanted[0]))


# ---------------------------------------------------------------------------------------------- questions


def test_dependence_and_influence_show_their_numbers(model: MLP) -> None:
    (ax,) = viz.dependence_curve(model, X, resolution=7).axes
    found = interpret.partial_dependence(model, X, 0, resolution=7)
    assert next(line for line in ax.lines if line.get_label() == "average").get_ydata() == pytest.approx(
        found.mean[:, 1]
    )
    amounts = np.linspace(-1, 2, len(X))
    picture = viz.influential_points(model, X, y, x=[0.5, 0.5], left_out=amounts, alike=-amounts, resolution=10)
    dots = [c for c in picture.axes[0].collections if isinstance(c, PathCollection)][:2]
    assert np.concatenate([np.asarray(d.get_array()) for d in dots]) == pytest.approx(
        np.r_[amounts[y == 0], amounts[y == 1]]
    )


def test_each_frame_of_a_film_shows_the_boundary_of_its_epoch_where_the_ticks_say(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, limits = boundary_film._Camera.take, set()

    def watched(camera: Any) -> Any:
        taken = take(camera)
        limits.add((camera.figure.axes[0].get_xlim(), camera.figure.axes[0].get_ylim()))
        return taken

    monkeypatch.setattr(boundary_film._Camera, "take", watched)
    viz.boundary_movie(history, tmp_path / "film.gif", frames=3, resolution=10)
    assert len(limits) == 1  # the ticks are drawn once
    recording, axes = history.recording, [Figure().subplots() for _ in range(2)]
    for frame, ax in ((0, axes[0]), (len(recording) - 1, axes[1])):
        with recording.at(frame) as model:
            viz.decision_boundary(model, recording.X, recording.y, ax=ax, resolution=10)
            if ax is axes[1]:
                before = boundary(axes[0])
                repaint(axes[0], model, style.LIGHT)
    assert not np.array_equal(before, boundary(axes[0]))
    assert np.array_equal(boundary(axes[0]), boundary(axes[1]))
    assert np.array_equal(axes[0].images[0].get_array(), axes[1].images[0].get_array())
