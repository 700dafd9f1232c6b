"""Networks of scalars: neurons, layers, and networks of layers; each weight is a `Value`.

parts         what an attribute holds
module        what every part of a network can do
shapes        checks the inputs of a module
layers        neurons, layers, MLP
images        convolution and pooling
regular       layers without weights: Standardize, Dropout, Softmax
perceptron    Rosenblatt's perceptron and its rule
units         the units of a network, numbered through as in a lecture
modes         train mode and eval mode
saving        reads a model from a file
"""

from microgrAD.nn.images import AvgPool2d, Conv2d, Flatten, MaxPool2d, SumPool2d, Unflatten
from microgrAD.nn.layers import MLP, Layer, Neuron, Sequential
from microgrAD.nn.module import Module
from microgrAD.nn.perceptron import Perceptron
from microgrAD.nn.regular import Dropout, Rescale, Softmax, Standardize
from microgrAD.nn.saving import load

__all__ = [
    "MLP",
    "AvgPool2d",
    "Conv2d",
    "Dropout",
    "Flatten",
    "Layer",
    "MaxPool2d",
    "Module",
    "Neuron",
    "Perceptron",
    "Rescale",
    "Sequential",
    "Softmax",
    "Standardize",
    "SumPool2d",
    "Unflatten",
    "load",
]
