"""Every picture of a network, several of them in more than one shape, to be drawn with options of its common signature.

What a picture is drawn from is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

import viz
from microgrAD import interpret
from microgrAD.datasets import GLYPHS, make_glyphs, make_moons
from microgrAD.nn import MLP, Conv2d, Flatten, Layer, MaxPool2d, Sequential, Unflatten
from microgrAD.train import History, Trial, fit, sweep

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


def models(count: int) -> dict[str, Any]:
    return {f"{k} hidden layers": network for k in range(count)}


@cache
def sizes() -> dict[int, list[Trial]]:
    def make(units: int, *, rng: Any) -> MLP:
        return MLP(2, [units, 1], rng=rng)

    return sweep(make, [1, 2, 4], X, y, folds=2, epochs=3)


def kinds() -> dict[str, MLP]:
    return {kind: MLP(12, [10, 8, 4], init=kind, rng=0) for kind in ("uniform", "xavier", "kaiming")}


def reviews() -> tuple[MLP, Any]:
    rows = np.arange(40).reshape(4, 10) % 3
    return MLP(10, [1], rng=0), rows


@dataclass(frozen=True)
class Slide:
    """A function of viz, what it takes by position, and the options that it needs."""

    function: Callable[..., viz.Picture]
    arguments: Callable[[], tuple[Any, ...]]
    options: dict[str, Any] = field(default_factory=dict)

    def draw(self, **options: Any) -> viz.Picture:
        return self.function(*self.arguments(), **self.options, **options)


def on_the_plane() -> tuple[Any, ...]:
    """Return the network, its data and their classes."""
    return network, X, y


QUICK: dict[str, Any] = {"resolution": 8}
LETTERS: dict[str, Any] = {"class_names": names}
SLIDES: dict[str, Slide] = {
    "one boundary": Slide(viz.decision_boundary, on_the_plane, QUICK),
    "two boundaries": Slide(viz.compare_boundaries, lambda: (models(2), X, y), {**QUICK, "held_out": (X, y)}),
    "three boundaries": Slide(viz.compare_boundaries, lambda: (models(3), X, y), QUICK),
    "four boundaries": Slide(viz.compare_boundaries, lambda: (models(4), X, y), {**QUICK, "held_out": (X, y)}),
    "six boundaries": Slide(viz.compare_boundaries, lambda: (models(6), X, y), QUICK),
    "a unit": Slide(viz.unit_boundary, on_the_plane, QUICK),
    "hidden units": Slide(viz.hidden_units, on_the_plane, QUICK),
    "one latent space": Slide(viz.latent_space, on_the_plane, {"layer": 2}),
    "latent spaces": Slide(viz.latent_spaces, on_the_plane),
    "four latent spaces": Slide(viz.latent_spaces, lambda: (MLP(2, [8, 8, 8, 1], rng=0), X, y)),
    "six latent spaces": Slide(viz.latent_spaces, lambda: (MLP(2, [8] * 5 + [1], rng=0), X, y)),
    "thirteen latent spaces": Slide(viz.latent_spaces, lambda: (MLP(2, [4] * 12 + [1], rng=0), X, y)),
    "network": Slide(viz.network_drawing, lambda: (network, X[0])),
    "network by gradient": Slide(viz.network_drawing, lambda: (network, X[0]), {"color_by": "gradient"}),
    "network of letters": Slide(viz.network_drawing, lambda: (reader, images[0]), LETTERS),
    "planes": Slide(viz.network_planes, on_the_plane, QUICK),
    "planes of classes": Slide(viz.network_planes, lambda: (MLP(2, [8, 8, 4], rng=0), X, np.arange(24) % 4), QUICK),
    "curve": Slide(viz.fitted_curve, lambda: (MLP(1, [3, 1]), X[:, :1], X[:, 1])),
    "arrows": Slide(viz.input_gradients, on_the_plane, QUICK),
    "saliency": Slide(viz.saliency_maps, lambda: (reader, images[0]), LETTERS),
    "words": Slide(viz.word_importance, reviews),
    "weights": Slide(viz.weight_images, lambda: (MLP(64, [6]),), LETTERS),
    "hidden weights": Slide(viz.weight_images, lambda: (reader,), LETTERS),
    "exciting": Slide(viz.exciting_images, lambda: (reader, images)),
    "maximised": Slide(viz.maximised_images, lambda: (reader,), {"layer": 2, **LETTERS}),
    "feature maps": Slide(viz.feature_maps, lambda: (filters, images[0])),
    "logits": Slide(viz.logit_bars, lambda: (reader, images[0]), LETTERS),
    "hard images": Slide(viz.hard_images, lambda: (reader, images, letters), LETTERS),
    "adversarial": Slide(viz.adversarial_images, lambda: (reader, images[0]), LETTERS),
    "dependence": Slide(viz.dependence_curve, lambda: (network, X), {"resolution": 5}),
    "influence": Slide(
        viz.influential_points,
        on_the_plane,
        {**QUICK, "x": X[0], "left_out": np.linspace(-1, 1, 24), "alike": np.linspace(1, -1, 24)},
    ),
    "concept": Slide(
        viz.concept_effect,
        lambda: (reader, images),
        {**LETTERS, "concept": crossbar, "concept_name": "a crossbar"},
    ),
    "loss": Slide(viz.loss_curve, lambda: (history(),)),
    "accuracy": Slide(viz.accuracy_curve, lambda: (history(),)),
    "gradients": Slide(viz.gradient_norms, lambda: (history(),)),
    "weights by epoch": Slide(viz.weight_histograms, lambda: (history(),)),
    "learning": Slide(viz.learning_curves, lambda: (history(),)),
    "losses": Slide(viz.loss_curves, lambda: ({"one way": history(), "the other way": history()},)),
    "path": Slide(viz.training_path, lambda: (history(),), {"resolution": 5}),
    "plane of two weights": Slide(viz.weight_plane, lambda: (history(),), {"weights": ("w13", "w23"), "resolution": 5}),
    "activations": Slide(viz.activation_curves, lambda: (["step", "sigmoid", "relu"],)),
    "an activation": Slide(viz.activation_curves, lambda: ("tanh",)),
    "confusion": Slide(viz.confusion_matrix, lambda: (reader, images, letters), LETTERS),
    "gradients by layer": Slide(viz.layer_gradients, on_the_plane),
    "sizes": Slide(viz.sweep_curve, lambda: (sizes(),)),
    "initial weights": Slide(viz.weights_by_layer, lambda: (kinds(),)),
    "plane of the loss": Slide(viz.random_plane, on_the_plane, {"resolution": 3}),
}
