"""Those who come from elsewhere: code of micrograd and its like runs, and guesses are told what to write."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import weakref
from typing import Any

import pytest

import microgrAD
import microgrAD.train
import viz
from microgrAD import Value, datasets, nn
from microgrAD.engine import Value as EngineValue
from microgrAD.nn import MLP, Perceptron, Sequential, Softmax
from microgrAD.train import fit

X, Y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 0, 0, 1]


def test_micrograds_names_of_a_node() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    d = a * b + a
    assert EngineValue is Value
    assert d._prev == {a, d.args[0]}
    assert d._children == (d.args[0], a)
    assert [(v._op, len(v._prev)) for v in (d, d.args[0], a)] == [("+", 2), ("*", 2), ("", 0)]
    assert (a * b)._local_grads == (-3.0, 2.0)
    assert (2.0 * a)._local_grads == (2.0,)
    assert (a**2)._op == "**"
    assert a.tanh()._op == "tanh"


def test_the_notebooks_walk_over_a_graph() -> None:
    nodes: set[Any] = set()
    edges: set[Any] = set()

    def build(v: Any) -> None:
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    x, y = Value(1.0), Value(2.0)
    build((x * y + x).tanh())
    assert (len(nodes), len(edges)) == (5, 5)


def test_micrograds_constructor() -> None:
    assert Value(1.0, (), "+").data == 1.0
    assert Value(1.0, (), "", "x").label == "x"
    assert Value(1.0, _children=(), _op="").args == ()
    with pytest.raises(TypeError, match=r"write the operation, such as a \+ b"):
        Value(1.0, (Value(2.0), Value(3.0)), "+")


def test_a_network_as_micrograds_readers_write_it() -> None:
    model = nn.MLP(3, [4, 4, 1])
    xs, ys = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]], [1.0, -1.0, -1.0, 1.0]
    losses = []
    for _ in range(20):
        loss = sum((yout - ygt) ** 2 for ygt, yout in zip(ys, [model(x) for x in xs], strict=True))
        for p in model.parameters():
            p.grad = 0.0
        loss.backward()
        for p in model.parameters():
            p.data += -0.05 * p.grad
        losses.append(loss.data)
    assert len(model.parameters()) == 41
    assert losses[-1] < losses[0] / 2


def takes_a_generator(thing: Any) -> bool:
    given = thing.__init__ if isinstance(thing, type) else thing
    return callable(given) and "rng" in inspect.signature(given).parameters


DRAWN = [thing for room in (nn, datasets) for name in room.__all__ if takes_a_generator(thing := getattr(room, name))]


@pytest.mark.parametrize("function", DRAWN, ids=lambda function: function.__name__)
@pytest.mark.parametrize("name", ["seed", "random_state"])
def test_whoever_takes_a_generator_says_so_to_those_who_guess(function: Any, name: str) -> None:
    assert len(DRAWN) > 15
    with pytest.raises(TypeError, match=rf"{function.__name__}\(\) takes no argument '{name}'; write rng="):
        function(**{name: 1})


@pytest.mark.parametrize(
    ("guess", "error", "written"),
    [
        (lambda: microgrAD.MLP, AttributeError, "from microgrAD.nn import MLP"),
        (lambda: microgrAD.fit, AttributeError, "from microgrAD.train import fit"),
        (lambda: microgrAD.SGD, AttributeError, "from microgrAD.optim import SGD"),
        (lambda: microgrAD.make_moons, AttributeError, "from microgrAD.datasets import make_moons"),
        (lambda: microgrAD.mse, AttributeError, "microgrAD.losses.mse"),
        (lambda: microgrAD.nonsense, AttributeError, "no attribute 'nonsense'$"),
        (lambda: microgrAD.losses.bce, AttributeError, "write binary_cross_entropy of"),
        (lambda: microgrAD.losses.CrossEntropyLoss, AttributeError, "write cross_entropy"),
        (lambda: microgrAD.losses.nonsense, AttributeError, "there are mse, binary"),
        (lambda: MLP(2, [1]).fit(X, Y), AttributeError, r"write microgrAD\.train\.fit\(model, X, y\)"),
        (lambda: MLP(2, [1]).predict(X), AttributeError, r"model\(x\) for one row"),
        (lambda: MLP(2, [1]).forward(X[0]), AttributeError, r"write model\(x\)"),
        (lambda: Value(1.0).explain(), AttributeError, r"write microgrAD\.explain\(v\)"),
        (lambda: Value(1.0).item(), AttributeError, r"write v\.data"),
        (lambda: Value(1.0).draw(), AttributeError, r"write viz\.draw\(v\)"),
        (lambda: Value(1.0).requires_grad, AttributeError, r"v\.detach\(\)"),
        (lambda: fit(MLP(2, [1]), X, Y, lr=0.1), TypeError, "no argument 'lr'; write optimizer="),
        (lambda: fit(MLP(2, [1]), X, Y, seed=1), TypeError, "no argument 'seed'; write rng="),
        (lambda: MLP(2, [1], seed=1), TypeError, r"MLP\(\) takes no argument 'seed'; write rng="),  # type: ignore[call-arg]
        (lambda: Softmax(seed=1), TypeError, r"takes no arguments"),  # type: ignore[call-arg]
        (lambda: viz.draw(Value(1.0), title="a"), TypeError, "no argument 'title'; name the root"),  # type: ignore[call-overload]
        (lambda: viz.loss_curves(fit(MLP(2, [1]), X, Y, epochs=1)), TypeError, r"write loss_curve\(history\)"),  # type: ignore[arg-type]
        (lambda: fit(MLP(2, [1]), X, Y, validation_data=(X, Y)), TypeError, r"write validation=\(X, y\)"),
        (lambda: fit(MLP(2, [1]), X, Y, nonsense=1), TypeError, "no argument 'nonsense'$"),
        (lambda: fit(Perceptron(2), X, Y), ValueError, r"derivative is 0.*call model\.fit\(X, y\)"),
        (lambda: fit(MLP(2, [2, 1], activation=["tanh", "step"]), X, Y), ValueError, "take another last activation"),
        (lambda: fit(Sequential(Perceptron(2)), X, Y), ValueError, "ends in a step"),
    ],
)
def test_a_guess_is_told_what_to_write(guess: Any, error: type[Exception], written: str) -> None:
    with pytest.raises(error, match=written):
        guess()


def test_a_guess_is_no_attribute() -> None:
    assert not hasattr(MLP(2, [1]), "fit")
    assert not hasattr(Value(1.0), "item")
    assert not hasattr(microgrAD, "MLP")
    assert hasattr(Perceptron(2), "fit")


class Named(Value):
    def __init__(self, data: float, name: str) -> None:
        super().__init__(data)
        self.name = name


class Slotted(Value):
    __slots__ = ("tag",)


WAYS = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda v: pickle.loads(pickle.dumps(v))}


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_of_a_subclass_keeps_its_class_and_attributes(way: str) -> None:
    named, slotted = Named(2.0, "w"), Slotted(3.0)
    named.grad, slotted.tag = 5.0, [1]
    twin, other = WAYS[way](named), WAYS[way](slotted)
    assert (type(twin), twin.name, twin.data, twin.grad) == (Named, "w", 2.0, 5.0)
    assert (type(other), other.tag, other.data) == (Slotted, [1], 3.0)
    assert twin is not named


@pytest.mark.parametrize("way", ["deepcopy", "pickle"])
@pytest.mark.parametrize("first", [True, False])
def test_a_graph_keeps_its_subclasses_shared(way: str, first: bool) -> None:
    leaf = Named(2.0, "w")
    pair = [leaf, leaf * leaf * 3.0]
    copied = WAYS[way](pair if first else pair[::-1])
    twin, root = copied if first else copied[::-1]
    root.backward()
    assert (type(twin), twin.name, twin.grad, leaf.grad) == (Named, "w", 12.0, 0.0)


def test_a_value_can_be_referred_to_weakly() -> None:
    x = Value(2.0)
    y = x * x
    known = weakref.WeakKeyDictionary({x: "x", y: "y"})
    assert [known[x], known[y]] == ["x", "y"]
    del y
    gc.collect()
    assert list(known.values()) == ["x"]
