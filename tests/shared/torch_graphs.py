"""Graphs of PyTorch as recorded/record_torch_graphs.py wrote them down, read through the same attributes."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from paths import RECORDED

from microgrAD import Value, topological

IN_32_BITS = {"32 bits"}
CASES: dict[str, dict[str, Any]] = json.loads((RECORDED / "torch_graphs.json").read_text("utf-8"))["cases"]


class Tensor:
    """What is read of a tensor."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._numbers, self.shape, self.dtype = told["tensor"], tuple(told["shape"]), told["dtype"]
        self.grad_fn: GradFn | None = None
        self.requires_grad = False

    def tolist(self) -> Any:
        return self._numbers


class Metadata:
    """Shape and type of one result."""

    def __init__(self, shape: list[int], dtype: str) -> None:
        self.shape, self.dtype = shape, dtype


class GradFn:
    """What is read of a grad_fn."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._name = told["name"]
        self._input_metadata = [Metadata(*one) for one in told["metadata"]]
        self.next_functions: tuple[tuple[GradFn | None, int], ...] = ()
        for name, value in told["saved"].items():
            setattr(self, name, _kept(value))

    def name(self) -> str:
        return str(self._name)


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return Tensor(value)
    return tuple(_kept(part) for part in value) if isinstance(value, list) else value


def rebuilt(told: dict[str, Any]) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a recorded case, and its leaves by name."""
    leaves = {name: Tensor(one) for name, one in told["leaves"].items()}
    nodes = [GradFn(one) for one in told["nodes"]]
    for node, one in zip(nodes, told["nodes"], strict=True):
        node.next_functions = tuple((None if k is None else nodes[k], slot) for k, slot in one["next"])
        if "variable" in one:
            node.variable = leaves[one["variable"]]  # type: ignore[attr-defined]
    loss = Tensor(told["loss"])
    loss.grad_fn = nodes[0]
    return loss, leaves


def by_label(gradients: dict[str, Any]) -> dict[str, float]:
    """The numbers of tensors by the labels of their leaves, such as w[0,1]."""
    return {
        name + (f"[{','.join(map(str, place))}]" if place else ""): float(number)
        for name, numbers in gradients.items()
        for place, number in np.ndenumerate(np.array(numbers))
    }


def compare(root: Value, value: float, gradients: dict[str, Any], *, single: bool) -> None:
    """As in PyTorch: to a few units in the last place of the largest number on the way, or to those of 32 bits."""
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
