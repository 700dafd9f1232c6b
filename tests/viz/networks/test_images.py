"""Pictures of images and words, and of what networks of them look for: what is drawn agrees with what they answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import viz
from microgrAD import interpret
from microgrAD.datasets import GLYPHS, bag_of_words, make_glyphs
from microgrAD.nn import MLP, Conv2d, Flatten, Layer, MaxPool2d, Sequential, Unflatten
from microgrAD.optim import Adam
from microgrAD.outputs import outputs
from microgrAD.train import fit
from viz import style
from viz.networks.feature_maps import image_steps
from viz.networks.pixels import glyph
from viz.networks.words import word_gradients


def titles(axes: list[Any]) -> list[str]:
    return [ax.get_title() for ax in axes]


@pytest.fixture(scope="module")
def letters() -> tuple[MLP, Any, Any]:
    X, y = make_glyphs(24, kinds="AHL")
    model = MLP(64, [4, 3], fused=True, rng=0)
    fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.05), epochs=8, batch_size=8, progress=False)
    return model, X, y


def test_saliency_maps_show_their_sums(letters: tuple[MLP, Any, Any]) -> None:
    model, images, _ = letters
    axes = viz.saliency_maps(model, images[0], output=1).axes
    shown = [np.asarray(ax.images[0].get_array()).ravel() for ax in axes]
    gradient = interpret.input_gradient(model, images[0], output=1)
    assert shown[0].tolist() == images[0].tolist()
    assert shown[1].tolist() == gradient.tolist()
    assert shown[2] == pytest.approx(gradient * images[0])
    blank = outputs(model, np.zeros((1, 64)))[0, 1]
    assert shown[3].sum() == pytest.approx(outputs(model, images[:1])[0, 1] - blank, abs=1e-6)
    bars = next(ax for ax in axes[0].figure.axes if ax.get_title() == "adds up to")
    assert [bar.get_height() for bar in bars.patches] == pytest.approx([image.sum() for image in shown[1:]])
    assert list(bars.lines[1].get_ydata()) == pytest.approx([shown[3].sum()] * 2, abs=1e-6)


def test_words_are_ranked_by_their_gradient() -> None:
    rows, words = bag_of_words(["good soup", "bad soup", "good fish", "bad fish"])
    slopes = dict(zip(words, (-2.0, 0.5, 3.0, 0.1), strict=True))

    def model(x: Any) -> Any:
        return sum(slope * n for slope, n in zip(slopes.values(), x, strict=True))

    assert word_gradients(model, rows).tolist() == list(slopes.values())
    (ax,) = viz.word_importance(model, rows, feature_names=words, count=3, highlight=["bad"]).axes
    labels = ax.get_yticklabels()
    assert [label.get_text() for label in labels] == ["bad", "fish", "good"]
    assert [label.get_fontweight() for label in labels] == ["bold", "normal", "normal"]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([-2.0, 0.5, 3.0])
    look = style.theme("light")
    signs = [look.flow_negative, look.flow_positive, look.flow_positive]
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [color.lower() for color in signs]
    (one,) = viz.word_importance(model, rows[:1], feature_names=words).axes
    assert [label.get_text() for label in one.get_yticklabels()] == ["soup", "good"]
    with pytest.raises(ValueError, match="feature_names takes one"):
        viz.word_importance(model, rows, feature_names=words[1:])


def test_weights_are_shown_on_one_scale(letters: tuple[MLP, Any, Any]) -> None:
    model = letters[0]
    axes = viz.weight_images(model, class_names="AHL").axes
    shown = [np.asarray(ax.images[0].get_array()) for ax in axes]
    for image, neuron in zip(shown, model.layers[0].neurons, strict=True):
        assert image.ravel().tolist() == [p.data for p in neuron.w]
    reach = max(np.abs(image).max() for image in shown)
    assert {ax.images[0].get_clim() for ax in axes} == {(-reach, reach)}
    bars = [ax for ax in axes[0].figure.axes if len(ax.patches) == 3]
    assert [p.get_height() for p in bars[2].patches] == [n.w[2].data for n in model.layers[1].neurons]


def test_the_images_that_excite_most_come_first(letters: tuple[MLP, Any, Any]) -> None:
    model, images, _ = letters
    axes = viz.exciting_images(model, images, unit=3, count=2).axes
    given = outputs(interpret.unit(model, 1, 3), images)[:, 0]
    order = np.argsort(-given)
    assert titles(axes[1:3]) == [f"gives {style.number(float(given[k]), 2)}" for k in order[:2]]
    assert np.asarray(axes[3].images[0].get_array()).ravel().tolist() == images[order[-1]].tolist()


def test_maximised_images_say_what_their_unit_gives(letters: tuple[MLP, Any, Any]) -> None:
    model = letters[0]
    axes = viz.maximised_images(model, layer=2, class_names="AHL", max_norm=1.5).axes
    for k, ax in enumerate(axes):
        x = np.asarray(ax.images[0].get_array()).ravel()
        assert np.linalg.norm(x) == pytest.approx(1.5)
        assert ax.get_xlabel() == f"gives {style.number(float(outputs(model, x[None])[0, k]), 3)}"
    assert titles(axes) == ["A", "H", "L"]


def test_a_unit_that_sleeps_on_grey_is_woken() -> None:
    """relu is 0 with slope 0 at an even image when all weights are negative; what it likes best is -w's direction."""
    model = MLP(4, [1, 1], activation="relu", rng=0)
    for p, number in zip(model.parameters(), [-1.0, -2.0, -2.0, -4.0, 0.0], strict=False):
        p.data = number
    (ax,) = viz.maximised_images(model, shape=(2, 2), max_norm=2.0).axes
    assert np.asarray(ax.images[0].get_array()).ravel() == pytest.approx([-0.4, -0.8, -0.8, -1.6], abs=1e-4)
    assert ax.get_xlabel() == "gives 10"


def test_feature_maps_are_what_the_layers_give() -> None:
    model = Sequential(Unflatten(1, 8, 8), Conv2d(1, 2, 3, rng=1), MaxPool2d(2), Flatten(), Layer(18, 3, rng=1))
    x = make_glyphs(1)[0][0]
    steps = image_steps(model, x)
    given = interpret.activations(model, [x])
    assert [name for name, _ in steps] == ["the image", "Conv", "MaxPool"]
    for (_, maps), row in zip(steps, given[1:], strict=False):
        assert np.concatenate([m.ravel() for m in maps]).tolist() == row[0].tolist()
    axes = viz.feature_maps(model, x).axes
    shown = [np.asarray(ax.images[0].get_array()) for ax in axes]
    assert len(shown) == 1 + 2 + 2 + 2
    kernels = [[w.data for w in f.w] for f in model.layers[1].filters]
    assert [kernel.ravel().tolist() for kernel in shown[1:3]] == kernels
    assert np.concatenate([drawn.ravel() for drawn in shown[3:5]]).tolist() == given[2][0].tolist()
    with pytest.raises(TypeError, match="Unflatten, then Conv2d"):
        viz.feature_maps(MLP(2, [1]), [0.0, 1.0])


def test_bars_are_outputs(letters: tuple[MLP, Any, Any]) -> None:
    model, images, _ = letters
    (ax,) = viz.logit_bars(model, images[0], class_names="AHL").axes
    given = outputs(model, images[:1])[0]
    p = np.exp(given) / np.exp(given).sum()
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(given)
    assert [t.get_text() for t in ax.texts] == [f"{share:.0%}" for share in p]


def test_the_hardest_images_are_those_least_sure_of_the_truth(letters: tuple[MLP, Any, Any]) -> None:
    model, images, labels = letters
    axes = viz.hard_images(model, images, labels, class_names="AHL", count=4).axes
    given = outputs(model, images)
    p = np.exp(given) / np.exp(given).sum(axis=1, keepdims=True)
    hardest = np.argsort(p[np.arange(24), labels], kind="stable")[:4]
    for ax, k in zip(axes, hardest, strict=True):
        assert np.asarray(ax.images[0].get_array()).ravel().tolist() == images[k].tolist()
        right = given[k].argmax() == labels[k]
        assert (
            ax.get_title() == f"{'AHL'[labels[k]]}, says {'AHL'[given[k].argmax()]}"
            if not right
            else (f"{'AHL'[labels[k]]}, right")
        )
    bars = [ax for ax in axes[0].figure.axes if len(ax.patches) == 3]
    assert [bar.get_width() for bar in bars[0].patches] == pytest.approx(np.sort(p[hardest[0]])[::-1])
    wrong = int((given.argmax(axis=1) != labels).sum())
    assert f"wrong in {wrong} of 24" in axes[0].figure.get_suptitle()
    with pytest.raises(ValueError, match="a class for each of 24 images"):
        viz.hard_images(model, images, labels[:3])


def test_an_adversarial_image_is_answered_otherwise(letters: tuple[MLP, Any, Any]) -> None:
    model, images, _ = letters
    axes = viz.adversarial_images(model, images[0], class_names="AHL").axes
    before, change, after = (np.asarray(ax.images[0].get_array()).ravel() for ax in axes[:3])
    assert before + change == pytest.approx(after)
    assert after.min() >= 0
    assert after.max() <= 1
    names = [f"“{'AHL'[int(outputs(model, x[None])[0].argmax())]}”" for x in (before, after)]
    assert axes[0].get_title() == names[0]
    assert axes[2].get_title() == f"= {names[1]}"
    assert names[0] != names[1]
    bars = [np.array([bar.get_width() for bar in ax.patches]) for ax in axes[3:]]
    assert bars[0] + bars[1] == pytest.approx(bars[2])
    assert bars[2] == pytest.approx(outputs(model, after[None])[0])
    assert len({ax.get_xlim() for ax in axes[3:]}) == 1


def test_concepts_show_their_numbers(letters: tuple[MLP, Any, Any]) -> None:
    network, images, labels = letters
    crossbar = interpret.concept(network, 1, images[labels < 2], images[labels == 2])
    (ax,) = viz.concept_effect(network, images[labels == 2], concept=crossbar, class_names="AHL").axes
    at_zero = [float(np.interp(0, line.get_xdata(), line.get_ydata())) for line in ax.lines[:3]]
    given = outputs(network, images[labels == 2])
    p = np.exp(given) / np.exp(given).sum(axis=1, keepdims=True)
    assert at_zero == pytest.approx(p.mean(axis=0), abs=1e-9)


def test_a_glyph_is_ink_on_paper() -> None:
    ax = Figure().subplots()
    glyph(ax, GLYPHS["A"], style.theme("light"), shape=(6, 6))
    assert ax.images[0].get_clim() == (0, 1)
    with pytest.raises(ValueError, match="6×6 takes 36 numbers, got 4"):
        glyph(ax, [0, 1, 1, 0], style.theme("light"), shape=(6, 6))
