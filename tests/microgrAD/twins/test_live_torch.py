"""Graphs of PyTorch itself become ours. These tests are for where it is installed; elsewhere it is recorded."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType
from typing import Any

import pytest
from exported import ours, settings
from paths import RECORDED
from torch_graphs import CASES, IN_32_BITS, compare

from microgrAD import GraphError, export, from_torch, parse

torch: Any = pytest.importorskip("torch")


def recording() -> ModuleType:
    """The script that recorded PyTorch."""
    spec = importlib.util.spec_from_file_location("record_torch_graphs", RECORDED / "record_torch_graphs.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_live_graph_has_the_numbers_of_pytorch() -> None:
    record = recording()
    cases = record.cases()
    assert cases.keys() == CASES.keys()
    for name, case in cases.items():
        loss, leaves = record.computed(case)
        root = from_torch(loss, names=leaves)
        loss.backward()
        gradients = {leaf: tensor.grad.tolist() for leaf, tensor in leaves.items()}
        compare(root, loss.item(), gradients, single=name in IN_32_BITS)


def test_live_graphs_that_can_not_be_read_are_named() -> None:
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
    root = parse("n = x1*w1 + x2*w2 + b; o = tanh(n) * softplus(n)", x1=2, w1=-3, x2=0.5, w2=1, b=6.9)
    space: dict[str, Any] = {}
    with settings():
        exec(export(root, "torch").replace("o.backward()", "o.backward(retain_graph=True)"), space)
        back = from_torch(space["o"], names=space["leaves"])
    assert ours(back).gradients == pytest.approx(ours(root).gradients, rel=1e-14)
