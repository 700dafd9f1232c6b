"""Small circuits from courses, books and blogs: products, sums and their derivatives."""

from __future__ import annotations

from microgrAD.backward import gradients
from microgrAD.gallery.entry import Entry, Worked, label, named

CS231N = "Stanford CS231n, notes on backpropagation, cs231n.github.io/optimization-2"
LECTURE = "The lecture on backpropagation that this package accompanies"


def _lecture_product() -> Worked:
    x, y, z = named(x=1, y=2, z=2)
    q = label(x + y, "q")
    return Worked(label(q * z, "f"), {"gradient": 2.0})


def _order() -> Worked:
    a, b = named(a=2, b=3)
    c, d = label(a + b, "c"), label(a * b, "d")
    return Worked(label((c + d) + c * d, "y"))


def _cs231n_product() -> Worked:
    x, y, z = named(x=-2, y=5, z=-4)
    q = label(x + y, "q")
    return Worked(label(q * z, "f"))


def _colah() -> Worked:
    a, b = named(a=2, b=1)
    c, d = label(a + b, "c"), label(b + 1, "d")
    return Worked(label(c * d, "e"))


def _jurafsky() -> Worked:
    a, b, c = named(a=3, b=1, c=-2)
    d = label(2 * b, "d")
    e = label(a + d, "e")
    return Worked(label(c * e, "L"))


def _ng() -> Worked:
    a, b, c = named(a=5, b=3, c=2)
    u = label(b * c, "u")
    v = label(a + u, "v")
    return Worked(label(3 * v, "J"))


def _baydin(mode: str) -> Worked:
    x1, x2 = named(x1=2, x2=5)
    v1, v2, v3 = label(x1.log(), "v1"), label(x1 * x2, "v2"), label(x2.sin(), "v3")
    v4 = label(v1 + v2, "v4")
    return Worked(label(v4 - v3, "y"), {"mode": "forward", "wrt": x1} if mode == "forward" else {})


def _karpathy_loss() -> Worked:
    a, b, c, f = named(a=2, b=-3, c=10, f=-2)
    e = label(a * b, "e")
    d = label(e + c, "d")
    loss = label(d * f, "L")
    slopes = gradients(loss, 1.0)
    # the video then moves every input a little along its gradient, which increases L
    a, b, c, f = named(**{v.label: v.data + 0.01 * slopes[v] for v in (a, b, c, f)})
    return Worked(loss, more={"L after a step of 0.01 up the gradient": ((a * b + c) * f).data})


def _karpathy_readme() -> Worked:
    a, b = named(a=-4, b=2)
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + (b + a).relu())
    d = d + (3 * d + (b - a).relu())
    e = c - d
    f = e**2
    g = f / 2.0
    return Worked(label(g + 10.0 / f, "g"))


CIRCUITS = (
    Entry(
        "lecture-product",
        "f = (x + y) z, with 2 flowing in from above",
        LECTURE,
        _lecture_product,
        {"q": "3", "f": "6", "∂L/∂f": "2", "∂L/∂q": "4", "∂L/∂z": "6", "∂L/∂x": "4", "∂L/∂y": "4"},
    ),
    Entry(
        "order",
        "c = a + b, d = a b, y = (c + d) + c d: why the order matters",
        LECTURE,
        _order,
        {"y": "41", "∂y/∂a": "25", "∂y/∂b": "19"},
        both_orders=True,
    ),
    Entry(
        "cs231n-product",
        "f = (x + y) z",
        CS231N,
        _cs231n_product,
        {"q": "3", "f": "-12", "∂f/∂f": "1", "∂f/∂q": "-4", "∂f/∂z": "3", "∂f/∂x": "-4", "∂f/∂y": "-4"},
    ),
    Entry(
        "colah",
        "e = (a + b) (b + 1)",
        "C. Olah, Calculus on Computational Graphs: Backpropagation, 2015, colah.github.io/posts/2015-08-Backprop",
        _colah,
        {"c": "3", "d": "2", "e": "6", "∂e/∂c": "2", "∂e/∂d": "3", "∂e/∂a": "2", "∂e/∂b": "5"},
    ),
    Entry(
        "jurafsky-martin",
        "L(a, b, c) = c (a + 2b)",
        "D. Jurafsky, J. H. Martin, Speech and Language Processing, 3rd ed. draft, chapter on neural networks",
        _jurafsky,
        {
            "d": "2",
            "e": "5",
            "L": "-10",
            "∂L/∂L": "1",
            "∂L/∂e": "-2",
            "∂L/∂c": "5",
            "∂L/∂a": "-2",
            "∂L/∂d": "-2",
            "∂L/∂b": "-4",
        },
    ),
    Entry(
        "ng",
        "J = 3 (a + b c)",
        "A. Ng, Neural Networks and Deep Learning, DeepLearning.AI, week 2, 2017",
        _ng,
        {"u": "6", "v": "11", "J": "33", "∂J/∂v": "3", "∂J/∂a": "3", "∂J/∂u": "3", "∂J/∂b": "6", "∂J/∂c": "9"},
    ),
    Entry(
        "baydin-reverse",
        "y = ln x1 + x1 x2 - sin x2, reverse mode",
        "A. G. Baydin et al., Automatic Differentiation in Machine Learning: a Survey, JMLR 18 (2018), table 3",
        lambda: _baydin("reverse"),
        {
            "v1": "0.693",
            "v2": "10",
            "v3": "-0.959",
            "v4": "10.693",
            "y": "11.652",
            "∂y/∂y": "1",
            "∂y/∂v4": "1",
            "∂y/∂v3": "-1",
            "∂y/∂v1": "1",
            "∂y/∂v2": "1",
            "∂y/∂x2": "1.716",
            "∂y/∂x1": "5.5",
        },
    ),
    Entry(
        "baydin-forward",
        "y = ln x1 + x1 x2 - sin x2, forward mode by x1",
        "A. G. Baydin et al., Automatic Differentiation in Machine Learning: a Survey, JMLR 18 (2018), table 2",
        lambda: _baydin("forward"),
        {
            "v1": "0.693",
            "v2": "10",
            "v3": "-0.959",
            "v4": "10.693",
            "y": "11.652",
            "∂x1/∂x1": "1",
            "∂x2/∂x1": "0",
            "∂v1/∂x1": "0.5",
            "∂v2/∂x1": "5",
            "∂v3/∂x1": "0",
            "∂v4/∂x1": "5.5",
            "∂y/∂x1": "5.5",
        },
    ),
    Entry(
        "karpathy-loss",
        "L = (a b + c) f",
        "A. Karpathy, The spelled-out intro to neural networks and backpropagation: building micrograd, 2022",
        _karpathy_loss,
        {
            "e": "-6",
            "d": "4",
            "L": "-8",
            "∂L/∂d": "-2",
            "∂L/∂f": "4",
            "∂L/∂c": "-2",
            "∂L/∂e": "-2",
            "∂L/∂a": "6",
            "∂L/∂b": "-4",
            "L after a step of 0.01 up the gradient": "-7.286496",
        },
    ),
    Entry(
        "karpathy-readme",
        "micrograd's README",
        "A. Karpathy, micrograd, github.com/karpathy/micrograd, README",
        _karpathy_readme,
        {"g": "24.70408163265306", "∂g/∂a": "138.8338192419825", "∂g/∂b": "645.5772594752186"},
    ),
)
