"""`microgrAD demo`: a first look.

Draw a neuron's graph with values and gradients, train a network on XOR, and draw what it learned.

  microgrAD demo
  microgrAD demo -o pictures
"""

from __future__ import annotations

import argparse
from pathlib import Path

from microgrAD.cli import learning, outcome
from microgrAD.cli.errors import writing
from microgrAD.cli.inputs import path
from microgrAD.expression import parse

# the neuron of Karpathy's lecture on micrograd, with a bias for which the output is 1/√2
NEURON = "n = x1*w1 + x2*w2 + b; o = tanh(n)"
INPUTS = {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}
FOLDER = "microgrAD-demo"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the folder for the pictures."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=path,
        default=Path(FOLDER),
        help=f"the folder for the pictures, created if needed ({FOLDER})",
    )


def run(args: argparse.Namespace) -> int:
    """Make the pictures, and print where they are; return 1 if the network did not learn."""
    with writing(args.output):
        args.output.mkdir(parents=True, exist_ok=True)
    graph, boundary = args.output / "neuron.png", args.output / "xor.png"
    draw_neuron(graph)
    print(f"A neuron, o = tanh(x1·w1 + x2·w2 + b), and its gradients:\n  {graph}\n")
    status = learn_xor(boundary)
    print(f"\nAnd what it learned, its decision boundary:\n  {boundary}\n")
    print('Next: microgrAD draw "(x + y) * z" x=1 y=2 z=2 -o graph.png')
    return status


def draw_neuron(file: Path) -> None:
    """Draw the neuron's graph after a backward pass, as a slide."""
    from viz import draw

    neuron = parse(NEURON, **INPUTS)
    neuron.backward()
    with writing(file):
        draw(neuron, file, size="16:9")


def learn_xor(file: Path) -> int:
    """Train the network, and draw its decision boundary; return 1 if it did not learn."""
    from microgrAD.datasets import make_xor
    from microgrAD.nn import MLP
    from microgrAD.optim import SGD

    X, y = make_xor()
    model = MLP(2, [4, 1])
    print(f"XOR, learned by {outcome.described(model)}:\n")
    right = learning.learn(model, X, y, SGD(model.parameters(), lr=0.5, momentum=0.9))
    print(f"\n{outcome.answers(model, X, y)}")
    outcome.plot(model, X, y, file)
    return 0 if right == 1 else 1
