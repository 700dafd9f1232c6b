"""Pictures of a network and of its training: what is drawn agrees with it; themes, names, and colours kept apart."""

from __future__ import annotations

import itertools

import numpy as np
import pictured
import pytest
from colors import BLINDNESS, apart
from matplotlib.collections import LineCollection, PathCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from pictured import X, y

import viz
from microgrAD import interpret
from microgrAD.nn import MLP, Sequential, Softmax, Standardize
from microgrAD.train import History, fit
from viz import style
from viz.networks.colors import color, diverging, marker
from viz.networks.diagram import wiring


@pytest.fixture(scope="module")
def history() -> History:
    return pictured.history()


@pytest.fixture(scope="module")
def model(history: History) -> MLP:
    assert isinstance(history.recording.model, MLP)
    return history.recording.model


def test_the_networks_lines_are_weights_and_gradients(model: MLP) -> None:
    seen = wiring(model, X[0])
    assert seen.lines[1].tolist() == [[w.data for w in n.w] for n in model.layers[1].neurons]
    assert [h.tolist() for h in seen.given] == [h[0].tolist() for h in interpret.activations(model, X[:1])]
    model.zero_grad()
    model(X[0]).backward()
    slopes = wiring(model, X[0], color_by="gradient")
    assert slopes.lines[0] == pytest.approx(np.array([[w.grad for w in n.w] for n in model.layers[0].neurons]))
    model.zero_grad()
    (ax,) = viz.network_drawing(model, X[0]).axes
    assert len(ax.collections[0].get_segments()) == 2 * 4 + 4 * 3 + 3
    assert [len(c.get_offsets()) for c in ax.collections if isinstance(c, PathCollection)] == [2, 4, 3, 1]
    with pytest.raises(ValueError, match="color_by must be one of"):
        viz.network_drawing(model, X[0], color_by="mood")


def test_each_units_plane_is_what_it_gives_there(model: MLP) -> None:
    limits = ((-2.0, 2.0), (-1.0, 1.0))
    *tiles, whole = viz.network_planes(model, X, y, limits=limits, resolution=20).axes
    assert len(tiles) == 2 + 4 + 3
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 50), np.linspace(-1, 1, 50)), axis=-1).reshape(-1, 2)
    given = interpret.activations(model, grid)
    for tile, wanted in zip(tiles, np.hstack(given[:3]).T, strict=True):
        shown = np.asarray(tile.images[0].get_array())
        assert shown.ravel() == pytest.approx(wanted, abs=1e-9)
        assert tile.images[0].get_extent() == [-2.0, 2.0, -1.0, 1.0]
    figure = whole.get_figure(root=True)
    lines = next(c for ax in figure.axes for c in ax.collections if isinstance(c, LineCollection))
    assert len(lines.get_segments()) == 2 * 4 + 4 * 3 + 3
    assert whole.get_xlim() == limits[0]
    with pytest.raises(ValueError, match="a network of two inputs, got one of 3"):
        viz.network_planes(MLP(3, [1]), np.zeros((2, 3)), [0, 1])


def test_several_outputs_have_planes_of_their_own() -> None:
    axes = viz.network_planes(MLP(2, [3, 4], rng=0), X, np.arange(24) % 4).axes
    assert len(axes) == 2 + 3 + 4 + 1


def test_a_wide_layer_is_shown_in_part() -> None:
    (ax,) = viz.network_drawing(MLP(64, [2], rng=0), np.zeros(64)).axes
    assert [len(c.get_offsets()) for c in ax.collections if isinstance(c, PathCollection)] == [16, 2]
    assert "… 48 more …" in [t.get_text() for t in ax.texts]


def test_curves_are_the_history(history: History) -> None:
    axes = viz.learning_curves(history).axes
    assert list(axes[0].lines[0].get_ydata()) == history.loss
    assert list(axes[1].lines[0].get_ydata()) == history.accuracy
    assert {line.get_label(): list(line.get_ydata()) for line in axes[2].lines} == history.gradient_norms
    mesh = next(c for c in axes[3].collections if isinstance(c, QuadMesh))
    assert np.asarray(mesh.get_array()).reshape(41, -1).sum(axis=0) == pytest.approx(1.0)
    medians = next(line for line in axes[3].lines if line.get_label() == "median")
    assert list(medians.get_ydata()) == pytest.approx(np.median(history.recording.weights, axis=1))


def test_held_out_data_have_a_line_and_the_best_epoch_a_mark() -> None:
    history = fit(MLP(2, [2, 1], rng=0), X[:16], y[:16], validation=(X[16:], y[16:]), epochs=4, progress=False)
    (ax,) = viz.loss_curve(history).axes
    assert list(ax.lines[1].get_ydata()) == history.test_loss
    assert ax.lines[2].get_xdata()[0] == history.best_epoch
    assert [line.get_label() for line in viz.loss_curves({"a": history, "b": history}).axes[0].lines] == ["a", "b"]


def test_the_path_of_training_ends_where_the_surface_has_its_middle(history: History) -> None:
    recording = history.recording
    (ax,) = viz.training_path(history, resolution=5).axes
    path = np.array(ax.lines[0].get_data()).T
    assert path[-1] == pytest.approx([0.0, 0.0])
    moved = np.linalg.norm(recording.weights[0] - recording.weights[-1])
    assert 0.5 * moved < np.linalg.norm(path[0]) <= moved + 1e-9
    assert (
        viz.random_plane(recording.model, X, y, resolution=3).axes[0].get_title()
        == "The loss around the trained network"
    )


# ---------------------------------------------------------------------------------------------- manner


@pytest.mark.parametrize("theme", list(style.THEMES))
def test_every_theme_and_every_axes_will_do(theme: str, model: MLP) -> None:
    figure = Figure(layout="constrained")
    axes = figure.subplots(2, 2).ravel()
    look = style.theme(theme)
    for ax, draw in zip(
        axes,
        (
            lambda ax: viz.unit_boundary(model, X, y, ax=ax, theme=theme, resolution=8),
            lambda ax: viz.latent_space(model, X, y, ax=ax, theme=theme),
            lambda ax: viz.network_drawing(model, X[0], ax=ax, theme=theme),
            lambda ax: viz.logit_bars(model, X[0], ax=ax, theme=theme),
        ),
        strict=True,
    ):
        assert draw(ax).axes == [ax]
        assert ax.xaxis.label.get_color() == look.ink


def test_axes_have_names_and_legends_say_what_is_what(model: MLP) -> None:
    (ax,) = viz.latent_space(model, X, y, layer=0, class_names=["upper", "lower"]).axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x1", "x2")
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["upper", "lower"]
    with pytest.raises(ValueError, match="one name for each of 2"):
        viz.latent_space(model, X, y, layer=0, class_names=["upper"])


@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
def test_classes_stay_apart_for_colour_blind_readers(blindness: str | None) -> None:
    """2.3 is just noticeable. The eighth, grey, is the nearest to another one, and each has its own marker."""
    pairs = list(itertools.combinations(style.CLASSES, 2))
    assert min(apart(a, b, blindness) for a, b in pairs if style.CLASSES[7] not in (a, b)) >= 16
    assert min(apart(a, b, blindness) for a, b in pairs) >= 7
    assert len(set(style.MARKERS)) == len(style.CLASSES)


@pytest.mark.parametrize("theme", list(style.THEMES))
@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
def test_shades_of_classes_and_signs_of_weights_stay_apart(theme: str, blindness: str | None) -> None:
    look = style.theme(theme)
    planes = [style.blend(color, look.background, 0.55) for color in style.CLASSES[:4]]
    assert min(apart(a, b, blindness) for a, b in itertools.combinations(planes, 2)) >= 6
    signs = [to_hex(diverging(look)(share)) for share in (0.0, 0.5, 1.0)]
    assert min(apart(a, b, blindness) for a, b in itertools.combinations(signs, 2)) >= 25


def test_more_classes_than_colours_are_told_apart_by_their_markers() -> None:
    assert len({(color(k), marker(k)) for k in range(64)}) == 64
    assert [marker(k) for k in range(8)] == list(style.MARKERS)
    (ax,) = viz.latent_space(MLP(2, [3, 10], rng=0), X, np.arange(24) % 10).axes
    drawn = [c for c in ax.collections if isinstance(c, PathCollection)]
    looks = {(to_hex(c.get_facecolor()[0]), c.get_paths()[0].vertices.tobytes()) for c in drawn}
    assert len(looks) == len(drawn) == 10


def test_more_lines_than_colours_are_told_apart_by_their_dashes(history: History) -> None:
    lines = viz.loss_curves({str(k): history for k in range(20)}).axes[0].lines
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 20


def test_parts_around_the_layers_and_chosen_units() -> None:
    core = MLP(20, [30, 3], rng=0).layers
    model = Sequential(Standardize([1.0] * 20, [2.0] * 20), *core, Softmax())
    x = np.full(20, 3.0)
    seen = wiring(model, x)
    assert [len(h) for h in seen.given] == [20, 30, 3] and seen.given[0] == pytest.approx(1.0)
    assert seen.given[2] == pytest.approx(wiring(Sequential(*core), np.ones(20)).given[2])
    ax = viz.network_drawing(model, x, units={0: [1, 20], 1: [2, 9, 30]}).axes[0]
    texts = {t.get_text() for t in ax.texts}
    assert {"… 18 more …", "… 27 more …", "x20"} <= texts
    images = viz.weight_images(
        Sequential(Standardize([0.0] * 64, [1.0] * 64), *MLP(64, [300, 4]).layers), units=[1, 300]
    )
    assert [a.get_title() for a in images.axes[:2]] == ["unit 1", "unit 300"]
    assert len([a for a in viz.weight_images(MLP(64, [300, 4])).axes if a.get_title()]) == 12
    with pytest.raises(ValueError, match="from 1 to 300 in layer 1"):
        viz.weight_images(MLP(64, [300, 4]), units=[301])
