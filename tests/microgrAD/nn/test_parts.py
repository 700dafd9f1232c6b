"""Every parameter that a module keeps is found, trained and saved, or refused at once with its attribute's name."""

from __future__ import annotations

import collections
import dataclasses
import types
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microgrAD import Value, no_grad
from microgrAD.nn import MLP, Conv2d, Layer, Module, Neuron
from microgrAD.optim import SGD
from microgrAD.train import fit, predict


class Bare(Module):
    """Keeps what it is given."""


def array(*rows: Any) -> Any:
    made = np.empty(len(rows), dtype=object)
    made[:] = rows
    return made


@pytest.mark.parametrize(
    ("keep", "names"),
    [
        (lambda v: array(v, v * 0), ["weight1"]),
        (lambda v: np.array([[v]], dtype=object), ["weight1_1"]),
        (lambda v: np.array(v, dtype=object), ["weight1"]),
        (lambda v: collections.deque([v]), ["weight1"]),
        (lambda v: collections.OrderedDict(a=v), ["weights_a"]),
        (lambda v: collections.UserList([v]), ["weight1"]),
        (lambda v: collections.UserDict(a=[v]), ["weights_a1"]),
        (lambda v: types.MappingProxyType({"a": (v,)}), ["weights_a1"]),
        (lambda v: collections.ChainMap({"a": v}), ["weights_a"]),
        (lambda v: collections.namedtuple("Pair", "one two")(v, 1.0), ["weight1"]),
        (lambda v: [array([collections.deque([v])])], ["weight1_1_1_1"]),
        (lambda v: pd.Series([v], dtype=object), ["weight1"]),
        (lambda v: pd.DataFrame({"a": [v]}), ["weight1_1"]),
        (lambda v: [v, [v, {"k": v}]], ["weight1"]),
    ],
)
def test_parameters_are_found_in_any_sequence_and_mapping(keep: Any, names: list[str]) -> None:
    v, module = Value(1.0), Bare()
    module.weights = keep(v)
    assert module.parameters() == [v]
    assert [name for name, _ in module.named_parameters()] == names
    assert v.label == names[0]


def test_modules_are_found_there_too() -> None:
    module = Bare()
    module.layers = collections.deque([Neuron(2), array(Neuron(3))])
    assert [len(child.parameters()) for child in module.children()] == [3, 4]
    assert [name for name, _ in module.named_parameters()][-1] == "layer2_1.b"
    module.eval()
    assert not any(part.training for part in module.modules())


@dataclasses.dataclass
class Settings:
    weight: Any


class Slotted:
    __slots__ = ("weight",)


def slotted(v: Any) -> Slotted:
    made = Slotted()
    made.weight = v
    return made


@pytest.mark.parametrize(
    "keep",
    [
        lambda v: {v},
        lambda v: frozenset([v]),
        lambda v: [{v}],
        lambda v: Settings(v),
        lambda v: Settings([v]),
        lambda v: types.SimpleNamespace(deep=Settings({"k": v})),
        slotted,
        lambda v: {Neuron(2)},
        lambda v: Settings(Neuron(2)),
    ],
)
def test_where_they_would_not_be_found_the_attribute_is_refused(keep: Any) -> None:
    module = Bare()
    with pytest.raises(TypeError, match=r"Bare\.hidden is a \w+ with \d parameters in it"):
        module.hidden = keep(Value(1.0))
    assert not hasattr(module, "hidden")
    module._hidden = keep(Value(1.0))  # private: the user's own business
    assert module.parameters() == []


def test_what_is_put_into_a_set_later_is_refused_when_parameters_are_asked_for() -> None:
    module = Bare()
    module.late = set()
    module.late.add(Value(1.0))
    with pytest.raises(TypeError, match=r"Bare\.late"):
        module.parameters()


def test_what_only_refers_to_parameters_that_are_known_is_welcome() -> None:
    module = Bare()
    module.layer = Neuron(2)
    module.optimizer = SGD(module.parameters(), lr=0.1)
    module.all = set(module.parameters())
    module.settings = Settings(module.layer.w[0])
    module.table, module.names, module.call = np.zeros(10**6), {"a", "b"}, lambda x: x
    assert len(module.parameters()) == 3


class Line(Module):
    def __init__(self) -> None:
        self.w = np.array([Value(0.0), Value(0.0)], dtype=object)
        self.b = collections.deque([Value(0.0)])

    def __call__(self, x: Any) -> Any:
        return np.dot(self.w, x) + self.b[0]


def test_they_are_trained_and_saved(tmp_path: Path) -> None:
    X = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]
    line = Line()
    fit(line, X, [3.0, 2.0, 4.0, 1.0], epochs=400, optimizer=lambda p: SGD(p, lr=0.5))
    assert [p.data for p in line.parameters()] == pytest.approx([1.0, 2.0, 1.0], abs=1e-6)
    line.save(tmp_path / "line.json")
    other = Line()
    other.load(tmp_path / "line.json")
    assert other.state_dict() == line.state_dict()


def test_the_networks_of_the_package_keep_their_names() -> None:
    model = MLP(2, [2, 1], rng=0)
    assert [name for name, _ in model.named_parameters()][:4] == [
        "layer1.neuron1.w1",
        "layer1.neuron1.w2",
        "layer1.neuron1.b",
        "layer1.neuron2.w1",
    ]


def test_what_was_computed_without_a_graph_is_no_parameter() -> None:
    class Looking(Module):
        def __init__(self) -> None:
            self.a = Value(2.0)

        def __call__(self, x: Any) -> Any:
            self.last = self.a * x[0]
            self.all = [self.a * t for t in x]
            return self.last

    model = Looking()
    predict(model, [[1.0, 2.0], [3.0, 4.0]])
    assert model.parameters() == [model.a] and list(model.state_dict()) == ["a"]
    fit(model, [[1.0], [2.0]], [3.0, 6.0], epochs=200, optimizer="adam")
    assert list(model.state_dict()) == ["a"] and model.a.data > 2.5


def test_an_attribute_may_have_any_public_name() -> None:
    module = Bare()
    module.kept = [Value(1.0), Neuron(2)]
    assert len(module.parameters()) == 4 and len(module.children()) == 1


@pytest.mark.parametrize("layer", [Layer(2, 3, rng=0), Conv2d(1, 2, 2, activation="tanh", rng=0), Neuron(2, rng=0)])
def test_another_activation_is_computed_and_saved(layer: Any) -> None:
    x = [[[0.5, -1.0], [0.25, 2.0]]] if isinstance(layer, Conv2d) else [0.5, -1.0]
    layer.activation = "relu"
    made = type(layer)(**{**layer.config(), "activation": "relu"})
    made.load_state_dict(layer.state_dict())
    assert repr(layer(x)) == repr(made(x)) and layer.config()["activation"] == "relu"
    with pytest.raises(ValueError, match="activation must be one of"):
        layer.activation = "rellu"


@pytest.mark.parametrize("value", [Value(0.1), [Value(0.1)], {"w": [Value(0.1)]}, Neuron(2), Settings(Value(0.1))])
def test_parameters_of_a_class_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"make them in __init__: self\.w = "):
        type("Shared", (Module,), {"w": value})
    type("Private", (Module,), {"_w": value, "rate": 0.1, "names": ["a"]})


def test_slots_of_a_module_are_refused() -> None:
    with pytest.raises(TypeError, match="takes no __slots__"):
        type("Slotted", (Module,), {"__slots__": ("w",)})


def test_an_object_with_slots_that_hides_parameters_is_refused_when_it_is_filled_later() -> None:
    class Slots:
        __slots__ = ("w",)

    module = Bare()
    module.part = Slots()
    assert module.parameters() == []
    module.part.w = Value(0.1)
    with pytest.raises(TypeError, match="neither trained nor saved"):
        module.parameters()


@pytest.mark.parametrize("keep", [lambda v: v, lambda v: [v], lambda v: {"w": (v,)}])
def test_a_parameter_that_is_computed_without_a_graph_is_refused_where_a_module_is_made(keep: Any) -> None:
    class Scaled(Module):
        def __init__(self) -> None:
            self.w = keep(Value(1.0) * 0.1)

    with no_grad(), pytest.raises(TypeError, match=r"Scaled\.w was computed within no_grad, and so is no parameter"):
        Scaled()
    with no_grad():
        assert len(MLP(2, [3, 1]).parameters()) == 13
