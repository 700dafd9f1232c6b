"""What a network has learned, in numbers: attributions, hidden layers, features, influence, concepts, loss surfaces.

    rows           checks a row; one number of an output, and its gradient
    passes         output, δ, gradient and update of every unit and weight, on one example
    layers         the layers of a network one by one
    attribution    how much each input adds to an output
    bounds         the range that inputs stay within
    features       the input that a unit reacts to most
    flips          the smallest change of an input that flips its class
    linear         principal planes and linear probes
    dependence     the average output when one feature is set
    influence      which training rows led to an output
    concepts       a concept as a direction in a hidden layer
    surface        the loss over a plane through the weights

The pictures of these numbers are in `viz`. Layers and neurons are numbered from 1, as in the name "layer1"; outputs and
classes are numbered from 0.
"""

from microgrAD.interpret.attribution import (
    Attribution,
    gradient_times_input,
    input_gradient,
    integrated_gradients,
)
from microgrAD.interpret.bounds import bounds_of
from microgrAD.interpret.concepts import Concept, along, concept
from microgrAD.interpret.dependence import Dependence, partial_dependence
from microgrAD.interpret.features import Maximised, maximise, most_exciting
from microgrAD.interpret.flips import Adversarial, adversarial
from microgrAD.interpret.influence import gradient_similarity, leave_one_out
from microgrAD.interpret.layers import activations, after, unit, upto
from microgrAD.interpret.linear import Plane, Probe, linear_probe, principal_plane
from microgrAD.interpret.surface import Surface, loss_surface, path_directions, random_directions

__all__ = [
    "Adversarial",
    "Attribution",
    "Concept",
    "Dependence",
    "Maximised",
    "Plane",
    "Probe",
    "Surface",
    "activations",
    "adversarial",
    "after",
    "along",
    "bounds_of",
    "concept",
    "gradient_similarity",
    "gradient_times_input",
    "input_gradient",
    "integrated_gradients",
    "leave_one_out",
    "linear_probe",
    "loss_surface",
    "maximise",
    "most_exciting",
    "partial_dependence",
    "path_directions",
    "principal_plane",
    "random_directions",
    "unit",
    "upto",
]
