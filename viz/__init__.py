"""Pictures of computational graphs, and of what networks learned.

    draw(root)              a Drawing: shows itself in Jupyter, .save("x.png") or .svg, .pdf, .tex, .dot; .plot(ax)
    draw_dot(root)          the same in the look of micrograd's notebook
    to_graphviz(root)       a graphviz.Digraph, to edit DOT by hand
    page(root, "x.html")    a lesson: step by step, live numbers, an exercise, in one file
    movie(root, "x.gif")    the pass as a film, or as numbered pictures for slides
    worksheet(root, "x.pdf")    the pass as a printable exercise, and its key
    tikz(root, "x.tex")     the graph as TikZ, or the pass as beamer's overlays

and of what networks learned, each with the Axes to draw on as `ax`, or the figure as `figure`:

    curves                  fitted_curve, of one input
    boundaries              decision_boundary, compare_boundaries, unit_boundary and hidden_units, boundary_movie
    hidden layers           latent_space, latent_spaces, network_drawing, network_planes
    inputs                  input_gradients, saliency_maps, word_importance, logit_bars, hard_images, adversarial_images
    features                weight_images, exciting_images, maximised_images, feature_maps
    questions               dependence_curve, influential_points, concept_effect
    training                learning_curves and each of them, loss_curves, training_path, random_plane
    player(history, "x.html")       a recorded run of training, in one page

NumPy and matplotlib are imported when a picture needs them, and not before.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from viz.dot import to_graphviz
from viz.drawing import Drawing, draw
from viz.graph import GraphTooLargeError
from viz.layout import LayoutError
from viz.movie import movie
from viz.notebook import draw_dot
from viz.page import page
from viz.tikz import tikz
from viz.worksheet import worksheet

if TYPE_CHECKING:
    from viz.boundaries import boundary_movie, compare_boundaries, hidden_units, unit_boundary
    from viz.boundary import decision_boundary
    from viz.features import adversarial_images, feature_maps, hard_images, logit_bars, maximised_images
    from viz.fitted import fitted_curve
    from viz.latent import latent_space, latent_spaces
    from viz.learning import accuracy_curve, gradient_norms, learning_curves, loss_curve, loss_curves, weight_histograms
    from viz.network import network_drawing
    from viz.planes import network_planes
    from viz.questions import concept_effect, dependence_curve, influential_points
    from viz.saliency import input_gradients, saliency_maps, word_importance
    from viz.surface import random_plane, training_path
    from viz.training import player
    from viz.weights import exciting_images, weight_images

__all__ = [
    "Drawing",
    "GraphTooLargeError",
    "LayoutError",
    "accuracy_curve",
    "adversarial_images",
    "boundary_movie",
    "compare_boundaries",
    "concept_effect",
    "decision_boundary",
    "dependence_curve",
    "draw",
    "draw_dot",
    "exciting_images",
    "feature_maps",
    "fitted_curve",
    "gradient_norms",
    "hard_images",
    "hidden_units",
    "influential_points",
    "input_gradients",
    "latent_space",
    "latent_spaces",
    "learning_curves",
    "logit_bars",
    "loss_curve",
    "loss_curves",
    "maximised_images",
    "movie",
    "network_drawing",
    "network_planes",
    "page",
    "player",
    "random_plane",
    "saliency_maps",
    "tikz",
    "to_graphviz",
    "training_path",
    "unit_boundary",
    "weight_histograms",
    "weight_images",
    "word_importance",
    "worksheet",
]

_LATER = {
    name: f"viz.{module}"
    for module, names in {
        "boundaries": ("boundary_movie", "compare_boundaries", "hidden_units", "unit_boundary"),
        "boundary": ("decision_boundary",),
        "features": ("adversarial_images", "feature_maps", "hard_images", "logit_bars", "maximised_images"),
        "fitted": ("fitted_curve",),
        "latent": ("latent_space", "latent_spaces"),
        "learning": (
            "accuracy_curve",
            "gradient_norms",
            "learning_curves",
            "loss_curve",
            "loss_curves",
            "weight_histograms",
        ),
        "network": ("network_drawing",),
        "planes": ("network_planes",),
        "questions": ("concept_effect", "dependence_curve", "influential_points"),
        "saliency": ("input_gradients", "saliency_maps", "word_importance"),
        "surface": ("random_plane", "training_path"),
        "training": ("player",),
        "weights": ("exciting_images", "weight_images"),
    }.items()
    for name in names
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'viz' has no attribute {name!r}")
