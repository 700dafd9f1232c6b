"""Networks: their parameters and names, their shapes, and that they compute what they say."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import numpy as np
import pytest

from microgrAD import Value, init, topological
from microgrAD.nn import MLP, Flatten, Layer, Module, Neuron, Sequential, Softmax, Standardize, Unflatten, modes
from microgrAD.nn.layers import ACTIVATIONS
from microgrAD.ops import OPS
from microgrAD.outputs import WORTH_COMPILING, outputs


def weights(model: MLP) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (
            np.array([[w.data for w in n.w] for n in layer.neurons]),
            np.array([n.b.data if n.b else 0.0 for n in layer.neurons]),
        )
        for layer in model.layers
    ]


def test_karpathys_neuron() -> None:
    n = Neuron(2, activation="tanh")
    n.w[0].data, n.w[1].data, n.b.data = -3.0, 1.0, 6.8813735870195432
    x = [Value(2.0, label="x1"), Value(0.0, label="x2")]
    o = n(x)
    o.backward()
    assert o.data == pytest.approx(0.7071067811865476, abs=1e-15)
    assert [p.grad for p in (*x, *n.w)] == pytest.approx([-1.5, 0.5, 1.0, 0.0])


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("give", [list, np.array, lambda x: [Value(v) for v in x], lambda x: np.array(x, dtype=object)])
def test_an_mlp_is_its_matrix_formula(fused: bool, give: Any) -> None:
    rng = np.random.default_rng(1)
    model = MLP(3, [5, 4, 2], activation=["tanh", "sigmoid", "linear"], fused=fused, rng=rng)
    for p in model.parameters():
        p.data = rng.normal()
    x = [0.3, -1.2, 2.0]
    (W1, b1), (W2, b2), (W3, b3) = weights(model)
    expected = W3 @ (1 / (1 + np.exp(-(W2 @ np.tanh(W1 @ x + b1) + b2)))) + b3
    out = model(give(x))
    assert isinstance(out, list)
    assert [v.data for v in out] == pytest.approx(expected, abs=1e-14)


def test_plain_neurons_are_products_and_sums_and_fused_ones_a_dot_product() -> None:
    plain = topological(Neuron(3)([1.0, 2.0, 3.0]))
    fused = topological(Neuron(3, fused=True)([1.0, 2.0, 3.0]))
    assert [len(plain), len(fused)] == [3 + 3 + 3 + 2, 3 + 1 + 3]
    assert max(len(v.args) for v in plain) == 2


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_operation_of_one_argument_is_an_activation(activation: str) -> None:
    import microgrAD

    x = 1.5 if activation == "acosh" else 0.5  # within its domain
    n = Neuron(1, activation=activation, init=init.constant(x / 2))
    expected = x if activation == "linear" else getattr(microgrAD, activation)(x)
    assert n([2.0]).data == expected


def test_the_activations_are_all_of_the_table() -> None:
    unary = {name for name, op in OPS.items() if not op.variadic and len(op.args) - len(op.constants) == 1}
    assert set(ACTIVATIONS) == unary | {"linear"}


def test_one_output_is_a_value_and_several_are_a_list() -> None:
    assert isinstance(MLP(2, [3, 1])([1, 2]), Value)
    assert isinstance(MLP(2, [3, 2])([1, 2]), list)
    assert isinstance(Layer(2, 1)([1, 2]), Value)


def test_parameters_have_names_labels_and_scopes() -> None:
    model = MLP(2, [2, 1])
    names = [name for name, _ in model.named_parameters()]
    assert names == [f"layer1.neuron{k}.{p}" for k in (1, 2) for p in ("w1", "w2", "b")] + [
        f"layer2.neuron1.{p}" for p in ("w1", "w2", "b")
    ]
    assert [f"{p.scope}/{p.label}" for p in model.parameters()] == [name.replace(".", "/") for name in names]


def test_only_parameters_and_outputs_of_neurons_have_a_scope() -> None:
    model = MLP(2, [2, 1])
    scoped = [v for v in topological(model([Value(1.0), Value(2.0)])) if v.op and v.scope]
    assert [v.scope for v in scoped] == ["layer1/neuron1", "layer1/neuron2", "layer2/neuron1"]
    assert [v.op for v in scoped] == [v.op for v in scoped[:2]] + ["add"]


def test_a_neuron_by_itself_has_no_scope() -> None:
    n = Neuron(2)
    assert {v.scope for v in topological(n([1, 2]))} == {""}


def test_scopes_follow_a_layer_into_a_network() -> None:
    layer = Layer(2, 2)
    assert layer.neurons[1].scope == "neuron2"
    model = Sequential(Layer(2, 2), layer)
    assert layer.neurons[1].w[0].scope == "layer2/neuron2"
    assert model([1, 2])[1].scope == "layer2/neuron2"


def test_a_users_module_finds_its_parameters() -> None:
    class Twice(Module):
        def __init__(self) -> None:
            self.gain = Value(2.0, label="g")
            self.same = self.gain
            self.table = {"a": Value(1.0)}
            self.grid = [[Value(1.0), Value(2.0)], [Value(3.0)]]
            self.inner = Layer(1, 1)
            self.note = "no parameter"
            self._cache = Value(9.0)

        def __call__(self, x: Any) -> Any:
            self.last = self.gain * x
            return self.last

    model = Twice()
    model(3.0)
    assert [name for name, _ in model.named_parameters()] == [
        "gain",
        "table_a",
        "grid1_1",
        "grid1_2",
        "grid2_1",
        "inner.neuron1.w1",
        "inner.neuron1.b",
    ]
    assert model.gain.label == "g"
    assert model.inner.neurons[0].scope == "inner/neuron1"


def test_zero_grad_clears_every_parameter() -> None:
    model = MLP(2, [2, 1])
    model([1.0, 2.0]).backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert not any(p.grad for p in model.parameters())


def test_train_and_eval_reach_every_module() -> None:
    model = MLP(2, [2, 1])
    assert model.eval() is model
    assert not any(m.training for m in model.modules())
    assert all(m.training for m in model.train().modules())


def test_one_seed_gives_one_network_and_neurons_differ() -> None:
    a, b, c = ([p.data for p in MLP(2, [4, 1], rng=rng).parameters()] for rng in (7, np.random.default_rng(7), 8))
    assert a == b != c
    assert len({w.data for n in MLP(2, [4, 1]).layers[0].neurons for w in n.w}) == 8


def test_a_seeds_network_is_the_same_on_every_machine() -> None:
    drawn = np.array([0.6369616873214543, 0.2697867137638703])  # NumPy's first of default_rng(0), as published
    assert [w.data for w in Neuron(2, rng=0).w] == pytest.approx(math.sqrt(2) * (2 * drawn - 1), abs=1e-15)


@pytest.mark.parametrize("x", [[1.0], [1.0, 2.0, 3.0], [], np.zeros(3), 5.0])
def test_a_row_of_another_length_is_an_error(x: Any) -> None:
    with pytest.raises(ValueError, match=r"takes 2 inputs, got \d"):
        MLP(2, [2, 1])(x)


@pytest.mark.parametrize("x", [[[1.0, 2.0]], np.zeros((2, 2)), ["a", "b"], [None, 1.0], None, print])
def test_several_rows_or_other_things_are_an_error(x: Any) -> None:
    with pytest.raises(TypeError, match="takes one row of 2 numbers, got"):
        MLP(2, [2, 1])(x)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP(2, []), "nouts takes the size of one layer or more"),
        (lambda: MLP(2, [0]), "nout must be 1 or more, got 0"),
        (lambda: Layer(0, 1), "nin must be 1 or more"),
        (lambda: MLP(2, [2, 1], activation=["tanh"]), "one for each of 2 layers"),
        (lambda: Neuron(2, activation="softmx"), "activation must be one of"),
        (lambda: Neuron(2, init="nought"), "init must be one of"),
        (lambda: Sequential(), "one module or more"),
        (lambda: MLP(2, 4), r"nouts takes the sizes of the layers, such as \[4, 1\], got 4"),
        (lambda: MLP(2, [2, 1], activation=None), "activation must be one of .*, got None"),
        (lambda: Standardize(1.0, 2.0), r"Standardize takes a list of means and one of deviations, got 1\.0 and 2\.0"),
        (lambda: Unflatten(), r"Unflatten takes the size in each direction, such as Unflatten\(1, 8, 8\), got none"),
        (lambda: Flatten()(None), "a row takes numbers, got NoneType None"),
        (lambda: MLP(2, [1], bias="no"), "bias takes True or False, got str 'no'"),
        (lambda: Neuron(2, fused=1), "fused takes True or False, got int 1"),
        (lambda: Neuron(2, init=5), "init must be one of .* got 5"),
        (lambda: init.uniform(-1.0), "alpha must be 0 or more"),
        (lambda: init.xavier(gain=-1.0), "gain must be 0 or more"),
        (lambda: Sequential([Layer(2, 2)]), "Sequential takes modules one after the other"),
        (lambda: Sequential(Layer(2, 2), Softmax), "Sequential takes modules one after the other"),
    ],
)
def test_what_cannot_be_built_says_why(make: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        make()


def test_parameters_of_one_name_are_not_lost_in_a_state() -> None:
    class Twice(Module):
        def __init__(self) -> None:
            self.layers, self.layer1 = [Layer(2, 1)], Layer(2, 1)

    assert len(Twice().parameters()) == 6
    with pytest.raises(ValueError, match=r"two parameters are called 'layer1\.neuron1\.w1'"):
        Twice().state_dict()


def test_sizes_are_whole_numbers() -> None:
    with pytest.raises(TypeError, match=r"nin takes a whole number, got float 2\.5"):
        Neuron(2.5)


@pytest.mark.parametrize(
    ("name", "bound"), [("uniform", 1.0), ("xavier", math.sqrt(6 / 50)), ("kaiming", math.sqrt(2) * math.sqrt(3 / 20))]
)
def test_initialisers_fill_their_interval(name: str, bound: float) -> None:
    drawn = [w.data for n in Layer(20, 30, init=name).neurons for w in n.w]
    assert 0.98 * bound < max(drawn) <= bound
    assert -bound <= min(drawn) < -0.98 * bound
    assert np.std(drawn) == pytest.approx(bound / math.sqrt(3), rel=0.05)


def test_equal_weights_stay_equal() -> None:
    model = MLP(2, [3, 1], init=init.constant(0.5))
    (model([0.3, -0.7]) - 1).backward()
    assert len({tuple(w.grad for w in n.w) for n in model.layers[0].neurons}) == 1


# ---------------------------------------------------------------------------------------------- many rows at once


def same(model: Module, X: np.ndarray) -> None:
    """A program's answers are those of the model, row by row."""
    assert len(X) * len(model.parameters()) >= WORTH_COMPILING > 5 * len(model.parameters())
    assert outputs(model, X)[:5] == pytest.approx(outputs(model, X[:5]), rel=1e-13, abs=1e-13)


def test_many_rows_go_through_a_program_that_keeps_up_with_the_model() -> None:
    X = np.random.default_rng(0).normal(size=(2000, 2))
    model = MLP(2, [4, 1])
    same(model, X)
    first = model._program
    model.layers[0].neurons[1].w[0].data = 3.0
    same(model, X)
    assert model._program is first
    model.layers.append(Layer(1, 2))
    same(model, X)
    assert model._program is not first
    assert copy.deepcopy(model)._program is None
    assert [p.data for p in pickle.loads(pickle.dumps(model)).parameters()] == [p.data for p in model.parameters()]


def test_a_kept_program_sees_that_a_number_of_a_layer_was_changed() -> None:
    X = np.random.default_rng(0).normal(size=(2000, 2))
    model = Sequential(Standardize([0.0, 0.0], [1.0, 1.0]), Layer(2, 4))
    same(model, X)
    model.layers[0].mean[1] = 5.0
    same(model, X)
    model.layers[0].deviation = [2.0, 3.0]
    same(model, X)


def test_of_a_users_own_module_no_program_is_kept() -> None:
    class Switched(Module):
        def __init__(self) -> None:
            self.inner, self.on = MLP(2, [4, 1]), True

        def __call__(self, x: Any) -> Any:
            return self.inner(x) if self.on else -self.inner(x)

    X, model = np.random.default_rng(0).normal(size=(2000, 2)), Switched()
    same(model, X)
    model.on = False
    same(model, X)


def test_a_module_that_asks_for_numbers_answers_row_by_row() -> None:
    class Branching(Module):
        def __init__(self) -> None:
            self.inner = MLP(2, [4, 1])

        def __call__(self, x: Any) -> Any:
            return self.inner(x) if x[0] > 0 else 0.0

    same(Branching(), np.random.default_rng(0).normal(size=(2000, 2)))


def test_neurons_are_fused_inside_a_block_alone() -> None:
    model = Sequential(MLP(2, [3, 1], rng=0), Layer(1, 1, rng=1, fused=True))
    neurons = [part for part in model.modules() if isinstance(part, Neuron)]
    before = [neuron.fused for neuron in neurons]
    assert set(before) == {False, True}
    with pytest.raises(KeyError), modes.fused(model):
        assert {v.op for v in topological(model([0.5, -0.5])) if v.op} == {"dot", "add", "tanh"}
        raise KeyError
    assert [neuron.fused for neuron in neurons] == before


def test_a_program_for_many_rows_sees_parameters_that_are_shared_in_another_way() -> None:
    X = np.random.default_rng(0).normal(size=(3000, 2))
    model = MLP(2, [8, 1], rng=0)
    neuron = model.layers[0].neurons[0]
    for shared in (neuron.w[0], neuron.w[1], neuron.w[0]):
        neuron.b = shared
        for _ in range(3):
            same(model, X)
    neuron.w[1] = neuron.w[0]
    same(model, X)
    neuron.w[1] = neuron.w[0] * 2.0
    same(model, X)
