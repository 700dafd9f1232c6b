"""Small networks by hand: the lecture's, with Rumelhart, Hinton and Williams' rule, and Mazur's, with its erratum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from microgrAD.backward import gradients
from microgrAD.gallery.circuits import LECTURE
from microgrAD.gallery.entry import Entry, Erratum, Worked, label, labelled, named
from microgrAD.operators import Value

# ---------------------------------------------------------------------------------------------- the lecture's network
# units: 1 and 2 are inputs, 3 and 4 hidden, 5 the output; w13 is the weight from 1 to 3, b3 the bias (threshold) of 3

WEIGHTS = {"w13": 0.1, "w23": -0.1, "w14": -0.1, "w24": 0.1, "w35": -0.1, "w45": 0.1, "b3": 0.0, "b4": 0.0, "b5": 0.0}
EXAMPLES = (((0.1, 0.1), 0.1), ((0.1, 0.9), 0.9), ((0.9, 0.1), 0.9), ((0.9, 0.9), 0.1))
ETA = 0.2


@dataclass(frozen=True)
class Update:
    """One update of the weights.

    Arguments:
        epoch: the number of the epoch, from 1.
        example: the number of the example, from 0.
        loss: the example's loss before the update.
        weights: the weights after the update, by name.
    """

    epoch: int
    example: int
    loss: float
    weights: Mapping[str, float]


def network_loss(w: Mapping[str, Value], x: Sequence[float], y: float) -> Value:
    """Return the loss ½ (y - o5)² of one example.

    Arguments:
        w: the weights by name, as in WEIGHTS.
        x: the two inputs.
        y: the target.
    """
    x1, x2 = named(x1=x[0], x2=x[1])
    n3 = label(w["w13"] * x1 + w["w23"] * x2 + w["b3"], "n3")
    n4 = label(w["w14"] * x1 + w["w24"] * x2 + w["b4"], "n4")
    o3, o4 = label(n3.sigmoid(), "o3"), label(n4.sigmoid(), "o4")
    n5 = label(w["w35"] * o3 + w["w45"] * o4 + w["b5"], "n5")
    o5 = label(n5.sigmoid(), "o5")
    return label((Value(y, label="y") - o5) ** 2 / 2, "L")


def train(
    *, stop_below: float = 0.01, eta: float = ETA, epochs: int = 20_000, thresholds: bool = True
) -> Iterator[Update]:
    """Train the lecture's network by its rule, w -= η ∂L/∂w after every example, and yield each update.

    Arguments:
        stop_below: training ends after an epoch whose losses add up to less than this.
        eta: the learning rate η.
        epochs: the largest number of epochs.
        thresholds: whether the biases learn too. If they stay 0, the loss of an epoch stays above 0.1.
    """
    weights = labelled(WEIGHTS)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for k, (x, y) in enumerate(EXAMPLES):
            loss = network_loss(weights, x, y)
            loss.backward()
            for name, w in weights.items():
                if thresholds or not name.startswith("b"):
                    w.data -= eta * w.grad
                w.grad = 0.0
            total += loss.data
            yield Update(epoch, k, loss.data, {name: w.data for name, w in weights.items()})
        if total < stop_below:
            return


def _lecture() -> Worked:
    loss = network_loss(labelled(WEIGHTS), *EXAMPLES[0])
    slopes = {v.label: g for v, g in gradients(loss, 1.0).items()}
    after = next(train())
    return Worked(
        loss,
        more={
            **{f"δ{unit}": slopes[f"n{unit}"] for unit in (5, 4, 3)},
            **{f"{name} after the first example": data for name, data in after.weights.items()},
        },
    )


# ---------------------------------------------------------------------------------------------- Mazur's network

MAZUR = {"w1": 0.15, "w2": 0.20, "w3": 0.25, "w4": 0.30, "w5": 0.40, "w6": 0.45, "w7": 0.50, "w8": 0.55}


def mazur_loss(weights: Mapping[str, float]) -> Value:
    """Return ½ Σ (target - out)² of Mazur's 2-2-2 network, whose biases are 0.35 and 0.60."""
    w = labelled(weights)
    i1, i2, b1, b2 = named(i1=0.05, i2=0.10, b1=0.35, b2=0.60)
    out_h1 = label(label(w["w1"] * i1 + w["w2"] * i2 + b1, "net_h1").sigmoid(), "out_h1")
    out_h2 = label(label(w["w3"] * i1 + w["w4"] * i2 + b1, "net_h2").sigmoid(), "out_h2")
    out_o1 = label(label(w["w5"] * out_h1 + w["w6"] * out_h2 + b2, "net_o1").sigmoid(), "out_o1")
    out_o2 = label(label(w["w7"] * out_h1 + w["w8"] * out_h2 + b2, "net_o2").sigmoid(), "out_o2")
    e1 = label((0.01 - out_o1) ** 2 / 2, "E_o1")
    e2 = label((0.99 - out_o2) ** 2 / 2, "E_o2")
    return label(e1 + e2, "E")


def mazur_update(weights: Mapping[str, float], *, lr: float = 0.5, output_first: bool = False) -> dict[str, float]:
    """Return the eight weights after one step of gradient descent. The biases do not change.

    Arguments:
        weights: the weights by name, as in MAZUR.
        lr: the learning rate.
        output_first: whether to update the output layer first, and to compute the hidden layer's gradients with its
            new weights. By default all gradients are those of the old weights.
    """
    found = gradients(mazur_loss(weights), 1.0)
    data, slope = ({v.label: n for v, n in pairs} for pairs in (((v, v.data) for v in found), found.items()))
    after = {name: w - lr * slope[name] for name, w in weights.items()}
    if output_first:
        # the errors at the outputs are those of the forward pass; they flow back through the new weights
        for h, (to_o1, to_o2), into in (("h1", ("w5", "w7"), ("w1", "w2")), ("h2", ("w6", "w8"), ("w3", "w4"))):
            upstream = slope["net_o1"] * after[to_o1] + slope["net_o2"] * after[to_o2]
            delta = upstream * data[f"out_{h}"] * (1 - data[f"out_{h}"])
            after |= {name: weights[name] - lr * delta * data[i] for name, i in zip(into, ("i1", "i2"), strict=True)}
    return after


def mazur_after(updates: int, *, output_first: bool = False) -> Value:
    """Return the total error after a number of updates."""
    weights: Mapping[str, float] = MAZUR
    for _ in range(updates):
        weights = mazur_update(weights, output_first=output_first)
    return mazur_loss(weights)


def _mazur() -> Worked:
    after = mazur_update(MAZUR)
    return Worked(
        mazur_loss(MAZUR),
        more={
            **{f"{name} after": data for name, data in after.items()},
            "E after the update": mazur_loss(after).data,
            "E after an update of the output layer first": mazur_after(1, output_first=True).data,
        },
    )


NETWORKS = (
    Entry(
        "lecture-network",
        "Rumelhart, Hinton and Williams' rule on a 2-2-1 network, one example at a time",
        LECTURE,
        _lecture,
        {
            "o3": "0.5",
            "o4": "0.5",
            "o5": "0.5",
            "δ5": "0.1",
            "δ4": "0.0025",
            "δ3": "-0.0025",
            "w45 after the first example": "0.09",
            "w35 after the first example": "-0.11",
            "w24 after the first example": "0.09995",
            "w23 after the first example": "-0.09995",
            "w14 after the first example": "-0.10005",
            "w13 after the first example": "0.10005",
        },
        note="D. E. Rumelhart, G. E. Hinton, R. J. Williams, Learning representations by back-propagating errors, "
        "Nature 323 (1986). δ is ∂L/∂net; η = 0.2. demos/lecture_network.py trains until the loss is small.",
    ),
    Entry(
        "mazur",
        "A 2-2-2 sigmoid network, one update of its eight weights",
        "M. Mazur, A Step by Step Backpropagation Example, 2015, mattmazur.com",
        _mazur,
        {
            "net_h1": "0.3775",
            "out_h1": "0.593269992",
            "out_h2": "0.596884378",
            "net_o1": "1.105905967",
            "out_o1": "0.75136507",
            "out_o2": "0.772928465",
            "E_o1": "0.274811083",
            "E_o2": "0.023560026",
            "E": "0.298371109",
            "∂E/∂out_o1": "0.74136507",
            "∂E/∂net_o1": "0.138498562",
            "∂E/∂w5": "0.082167041",
            "∂E/∂out_h1": "0.036350306",
            "∂E/∂w1": "0.000438568",
            "w1 after": "0.149780716133",
            "w2 after": "0.199561432266",
            "w3 after": "0.249751143632",
            "w4 after": "0.299502287265",
            "w5 after": "0.358916479718",
            "w6 after": "0.408666186076",
            "w7 after": "0.511301270239",
            "w8 after": "0.561370121108",
        },
        errata=(
            Erratum(
                "0.291027924",
                "E after the update",
                "E after an update of the output layer first",
                "The page says that all eight updates are computed with the old weights. This gives 0.291027773694 "
                "(the biases do not change). The printed number follows if w5 to w8 are updated first and the errors "
                "flow back to the hidden layer through the new weights. The outputs that the page prints for 10,000 "
                "updates, 0.015912196 and 0.984065734 with an error of 0.000035085, follow in the same way. Later "
                "versions print 0.0000351085: this is the error after 9,999 updates with the old weights.",
            ),
        ),
    ),
)
