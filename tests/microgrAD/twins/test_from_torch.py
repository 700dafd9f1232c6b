"""Graphs of PyTorch become ours, with its numbers: as recorded, and live where PyTorch is installed."""

from __future__ import annotations

import copy
import importlib.util
import math
import re
from types import ModuleType
from typing import Any

import pytest
from exported import ours, settings
from paths import RECORDED
from torch_graphs import CASES, by_label, rebuilt

from microgrAD import GraphError, Value, export, from_torch, parse, topological

IN_32_BITS = {"32 bits"}
LOOSE = {"number: gelu": 4}  # PyTorch adds 1 and erf, which loses digits below 0


def live() -> tuple[ModuleType, ModuleType]:
    """PyTorch, and the cases that were recorded of it."""
    torch = pytest.importorskip("torch")
    spec = importlib.util.spec_from_file_location("record_torch_graphs", RECORDED / "record_torch_graphs.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return torch, module


def compare(root: Value, value: float, gradients: dict[str, Any], *, single: bool) -> None:
    """Values to a few units in the last place of the largest number on the way; in 32 bits, to those of 32 bits."""
    root.backward()
    order = topological(root)
    largest = max(abs(v.data) for v in order)
    assert abs(root.data - value) <= (1e-6 if single else 8 * math.ulp(largest))
    found = {v.label: v.grad for v in order if not v.op and v.label}
    expected = by_label(gradients)
    assert found.keys() <= expected.keys()
    for label, slope in expected.items():
        assert found.get(label, 0.0) == pytest.approx(
            slope, rel=1e-5 if single else 1e-13, abs=1e-6 if single else 1e-15
        )


@pytest.mark.parametrize("name", CASES)
def test_a_recorded_graph_has_the_numbers_of_pytorch(name: str) -> None:
    told = CASES[name]
    loss, leaves = rebuilt(told)
    root = from_torch(loss, names=leaves)
    compare(root, loss.tolist(), told["gradients"], single=name in IN_32_BITS)


def test_a_live_graph_has_the_numbers_of_pytorch() -> None:
    _, record = live()
    cases = record.cases()
    assert cases.keys() == CASES.keys()
    for name, case in cases.items():
        loss, leaves = record.computed(case)
        root = from_torch(loss, names=leaves)
        loss.backward()
        gradients = {leaf: tensor.grad.tolist() for leaf, tensor in leaves.items()}
        compare(root, loss.item(), gradients, single=name in IN_32_BITS)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("number: ")])
def test_single_operations_are_those_of_pytorch_to_the_last_place(name: str) -> None:
    told = CASES[name]
    loss, leaves = rebuilt(told)
    root = from_torch(loss, names=leaves)
    assert abs(root.data - loss.tolist()) <= LOOSE.get(name, 1) * math.ulp(loss.tolist())
    root.backward()
    found = {v.label: v.grad for v in topological(root) if not v.op}
    for label, slope in told["gradients"].items():
        assert abs(found[label] - slope) <= 4 * math.ulp(slope)


def test_a_network_is_read_as_one_would_write_it() -> None:
    loss, leaves = rebuilt(CASES["a neuron"])
    root = from_torch(loss, names=leaves)
    assert [v.op or v.label for v in topological(root)] == [
        *("x1", "w1", "mul", "x2", "w2", "mul", "add", "b", "add", "tanh"),
    ]


def test_a_number_that_was_added_is_found_with_few_digits() -> None:
    loss, leaves = rebuilt(CASES["sum of numbers"])
    root = from_torch(loss, names=leaves)
    plain = {arg for v in topological(root) for arg in v.args if isinstance(arg, float)}
    assert {2.0, 3.0, 0.5} <= plain


def test_leaves_without_a_name_have_no_label() -> None:
    loss, _ = rebuilt(CASES["a neuron"])
    assert {v.label for v in topological(from_torch(loss)) if not v.op} == {""}


# ---------------------------------------------------------------------------------------------- what is not read


def changed(name: str, edit: dict[str, Any]) -> Any:
    """The loss of a recorded case with something else in the first node that has what is edited."""
    told = copy.deepcopy(CASES[name])
    for key, value in edit.items():
        node = next(node for node in told["nodes"] if key in node or key in node["saved"])
        (node if key in node else node["saved"])[key] = value
    return rebuilt(told)[0]


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        (
            "tanh",
            {"name": "MyBackward"},
            r"does not read MyBackward; write that part with operations .*: Add, Addcmul, ",
        ),
        ("norm", {"_saved_ord": 3}, r"does not read LinalgVectorNormBackward0 of order 3; take the order 1 or 2"),
        ("conv", {"_saved_groups": 2}, "ConvolutionBackward0 that is transposed or has groups; write it as a plain"),
        ("average pool", {"_saved_ceil_mode": True}, "AvgPool2DBackward0 with padding, ceil_mode"),
        ("loss: binary", {"_saved_weight": [1.0]}, "BinaryCrossEntropyBackward0 with weights; multiply the losses"),
        ("loss: cross entropy", {"_saved_ignore_index": 2}, "NllLossBackward0 .*rows left out"),
        ("loss: mse", {"_saved_reduction": 2}, "computes .*, and PyTorch .*: some operation means something else"),
    ],
)
def test_what_can_not_be_read_is_named(name: str, edit: dict[str, Any], said: str) -> None:
    with pytest.raises(GraphError, match=said):
        from_torch(changed(name, edit))


def test_a_number_that_nobody_kept_is_named() -> None:
    told = copy.deepcopy(CASES["a neuron"])
    add = next(k for k, node in enumerate(told["nodes"]) if node["name"] == "AddBackward0")
    told["nodes"][add]["next"][1] = [None, 0]  # tanh(... + 0.5): PyTorch keeps the result of tanh alone
    with pytest.raises(GraphError, match=r"AddBackward0 has an operand without a gradient.*requires_grad=True"):
        from_torch(rebuilt(told)[0])


def test_what_is_no_tensor_of_one_number() -> None:
    with pytest.raises(TypeError, match="takes a tensor of PyTorch, got float"):
        from_torch(3.0)
    loss, leaves = rebuilt(CASES["tanh"])
    with pytest.raises(TypeError, match=re.escape("got the shape (2, 3); take its .sum() or .mean()")):
        from_torch(leaves["x"])
    loss.grad_fn = None
    with pytest.raises(GraphError, match="computed without gradients"):
        from_torch(loss)
    loss.requires_grad = True
    assert from_torch(loss, names={"w": loss}).label == "w"


def test_live_graphs_that_can_not_be_read_are_named() -> None:
    torch, _ = live()
    w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    spent = torch.tanh(w) ** 2
    spent.backward()
    with pytest.raises(GraphError, match=r"PowBackward0 can't be read any more .*call from_torch before backward"):
        from_torch(spent)
    moved = torch.exp(w * 2)
    used = moved * moved
    moved.mul_(2)
    with pytest.raises(GraphError, match=r"MulBackward0 .*modified by an inplace operation.*change no tensor in place"):
        from_torch(used)

    class Twice(torch.autograd.Function):  # type: ignore[misc,name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            return gradient * 2

    with pytest.raises(GraphError, match="does not read TwiceBackward; write that part with operations"):
        from_torch(Twice.apply(w))
    with pytest.raises(GraphError, match="AddBackward0 has an operand"):
        from_torch(torch.tanh(w + 0.5))
    large = torch.full((400, 400), 1.0, requires_grad=True)
    with pytest.raises(GraphError, match=re.escape("shape (400, 400) has more than 100000 numbers")):
        from_torch(large.sum())


def test_there_and_back_again() -> None:
    pytest.importorskip("torch")
    root = parse("n = x1*w1 + x2*w2 + b; o = tanh(n) * softplus(n)", x1=2, w1=-3, x2=0.5, w2=1, b=6.9)
    space: dict[str, Any] = {}
    with settings():
        exec(export(root, "torch").replace("o.backward()", "o.backward(retain_graph=True)"), space)
        back = from_torch(space["o"], names=space["leaves"])
    assert ours(back).gradients == pytest.approx(ours(root).gradients, rel=1e-14)
