"""Graphs of PyTorch, as they were recorded, become ours, with its numbers."""

from __future__ import annotations

import copy
import math
import re
from typing import Any

import pytest
from torch_graphs import CASES, IN_32_BITS, compare, rebuilt

from microgrAD import GraphError, from_torch, topological

LOOSE = {"number: gelu": 4}  # PyTorch adds 1 and erf, which loses digits below 0


@pytest.mark.parametrize("name", CASES)
def test_a_recorded_graph_has_the_numbers_of_pytorch(name: str) -> None:
    told = CASES[name]
    loss, leaves = rebuilt(told)
    root = from_torch(loss, names=leaves)
    compare(root, loss.tolist(), told["gradients"], single=name in IN_32_BITS)


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
