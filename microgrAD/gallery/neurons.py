"""Single neurons: sigmoid and tanh, with squared loss, cross entropy, and a softmax over logits."""

from __future__ import annotations

from functools import partial

from microgrAD.functions import softmax
from microgrAD.gallery.circuits import CS231N, LECTURE
from microgrAD.gallery.entry import Entry, Worked, label, named
from microgrAD.operators import Value

KARPATHY = "A. Karpathy, The spelled-out intro to neural networks and backpropagation: building micrograd, 2022"


def _sigmoid_neuron() -> Value:
    """Return o = σ(w1 x1 + w2 x2 + b). The lecture has letters only; the numbers are ours."""
    x1, w1, x2, w2, b = named(x1=1, w1=0.5, x2=2, w2=-0.5, b=0.5)
    n = label(w1 * x1 + w2 * x2 + b, "n")
    return label(n.sigmoid(), "o")


def _squared() -> Worked:
    o = _sigmoid_neuron()
    y = Value(1, label="y")
    return Worked(label((y - o) ** 2 / 2, "L"), more={"η": 0.2})


def _cross_entropy(y: float) -> Worked:
    o = _sigmoid_neuron()
    return Worked(label(-(y * o.log() + (1 - y) * (1 - o).log()), "L"), more={"y": y})


def _cs231n() -> Worked:
    w0, x0, w1, x1, w2 = named(w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
    dot = label(w0 * x0 + w1 * x1 + w2, "dot")
    e = label((-dot).exp(), "exp")
    return Worked(label(1 / label(e + 1, "plus"), "f"))


def _karpathy(form: str) -> Worked:
    x1, x2, w1, w2, b = named(x1=2, x2=0, w1=-3, w2=1, b=6.8813735870195432)
    n = label(label(label(x1 * w1, "x1w1") + label(x2 * w2, "x2w2"), "x1w1 + x2w2") + b, "n")
    if form == "tanh":
        return Worked(label(n.tanh(), "o"))
    e = label((2 * n).exp(), "e")
    return Worked(label((e - 1) / (e + 1), "o"))


def _logits() -> Worked:
    logits = [Value(x, label=f"l{k}") for k, x in enumerate((0.0, 3.0, -2.0, 1.0))]
    probs = [label(p, f"p{k}") for k, p in enumerate(softmax(logits))]
    return Worked(label(-probs[3].log(), "loss"))


NEURONS = (
    Entry(
        "lecture-neuron",
        "A sigmoid neuron with squared loss, step by step",
        LECTURE,
        _squared,
        laws={
            "L": "(y - o) ** 2 / 2",  # step 1: the loss
            "∂L/∂o": "o - y",  # step 2: by the output
            "∂L/∂n": "(o - y) * o * (1 - o)",  # step 3: through the sigmoid
            "∂L/∂w1": "(o - y) * o * (1 - o) * x1",  # step 4: by the weights
            "∂L/∂w2": "(o - y) * o * (1 - o) * x2",
            "∂L/∂b": "(o - y) * o * (1 - o)",
        },
        note="The lecture has letters only. The numbers are ours; they are easy to compute on paper.",
    ),
    *(
        Entry(
            f"lecture-exercise-{y}",
            f"The same neuron with binary cross entropy, for y = {y}",
            LECTURE,
            partial(_cross_entropy, y),
            laws={
                "L": formula,
                "∂L/∂o": slope,
                "∂L/∂n": "o - y",
                "∂L/∂w1": "(o - y) * x1",
                "∂L/∂w2": "(o - y) * x2",
                "∂L/∂b": "o - y",
            },
            note="The sigmoid's derivative cancels: ∂L/∂n is o - y, even if the neuron is very wrong.",
        )
        for y, formula, slope in ((1, "-log(o)", "-1 / o"), (0, "-log(1 - o)", "1 / (1 - o)"))
    ),
    Entry(
        "cs231n-neuron",
        "f = σ(w0 x0 + w1 x1 + w2), with the sigmoid in single steps",
        CS231N,
        _cs231n,
        {
            "dot": "1.00",
            "exp": "0.37",
            "plus": "1.37",
            "f": "0.73",
            "∂f/∂plus": "-0.53",
            "∂f/∂exp": "-0.53",
            "∂f/∂dot": "0.20",
            "∂f/∂w0": "-0.20",
            "∂f/∂x0": "0.39",
            "∂f/∂w1": "-0.39",
            "∂f/∂x1": "-0.59",
            "∂f/∂w2": "0.20",
        },
    ),
    Entry(
        "karpathy-neuron",
        "o = tanh(x1 w1 + x2 w2 + b)",
        KARPATHY,
        lambda: _karpathy("tanh"),
        {
            "n": "0.8814",
            "o": "0.7071067811865476",
            "∂o/∂n": "0.5",
            "∂o/∂x1": "-1.5",
            "∂o/∂w1": "1.0",
            "∂o/∂x2": "0.5",
            "∂o/∂w2": "0.0",
            "∂o/∂b": "0.5",
        },
    ),
    Entry(
        "karpathy-neuron-exp",
        "The same neuron, with tanh written with exponentials",
        KARPATHY,
        lambda: _karpathy("exp"),
        {
            "n": "0.8814",
            "o": "0.7071067811865477",
            "∂o/∂n": "0.5",
            "∂o/∂x1": "-1.5",
            "∂o/∂w1": "1.0",
            "∂o/∂x2": "0.5",
            "∂o/∂w2": "0.0",
        },
    ),
    Entry(
        "karpathy-logits",
        "loss = -ln softmax(logits)[3]",
        "A. Karpathy, micrograd exercises, 2022",
        _logits,
        {
            "loss": "2.1755153626167147",
            "∂loss/∂l0": "0.041772570515350445",
            "∂loss/∂l1": "0.8390245074625319",
            "∂loss/∂l2": "0.005653302662216329",
            "∂loss/∂l3": "-0.8864503806400986",
        },
    ),
)
