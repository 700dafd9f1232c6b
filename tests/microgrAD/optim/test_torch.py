"""Optimisers, schedules, clipping, losses and layers against PyTorch, as recorded/record_torch.py wrote it down."""

from __future__ import annotations

import json
from typing import Any

import pytest
from paths import RECORDED as RECORDED_FILES

from microgrAD import Value, functions, losses, nn, optim, reducing

RECORDED = json.loads((RECORDED_FILES / "torch.json").read_text("utf-8"))
LAYERS: dict[str, nn.Module] = {
    "mlp": nn.MLP(3, [5, 4, 2], activation=["tanh", "gelu", "linear"]),
    "rectifiers": nn.MLP(3, [5, 4, 3, 2], activation=["relu", "silu", "elu", "softplus"], fused=True),
    "softmax": nn.Sequential(nn.Layer(3, 4, activation="linear"), nn.Softmax()),
    "conv": nn.Conv2d(2, 3, 3),
    "conv, strides": nn.Conv2d(2, 3, (3, 2), stride=(2, 3), padding=(1, 2), fused=True),
    "conv, no bias": nn.Conv2d(2, 2, 2, bias=False),
    "max pool": nn.MaxPool2d(2),
    "max pool, strides": nn.MaxPool2d(3, stride=2),
    "average pool": nn.AvgPool2d(2),
    "sum pool": nn.SumPool2d(2),
    "small cnn": nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1, activation="tanh"),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Layer(27, 4, activation="linear"),
    ),
}


def each(numbers: Any, make: Any) -> Any:
    """The same nesting with make(x) for every number x."""
    return [each(part, make) for part in numbers] if isinstance(numbers, list) else make(numbers)


def close(ours: Any, theirs: Any, tolerance: float = 1e-9) -> None:
    (a, shape), (b, other) = reducing.flat(ours), reducing.flat(theirs)
    assert shape == other
    assert [float(v) for v in a] == pytest.approx(b, rel=tolerance, abs=tolerance)


def valley(x: list[Value]) -> Value:
    terms = [100 * (x[i + 1] - x[i] * x[i]) ** 2 + (1 - x[i]) ** 2 for i in range(2)]
    return (terms[0] + terms[1]) / 100


@pytest.mark.parametrize(("rule", "options", "path"), RECORDED["optimisers"], ids=str)
def test_ten_steps_of_an_optimiser(rule: str, options: dict[str, Any], path: list[list[float]]) -> None:
    x = [Value(v) for v in RECORDED["start"]]
    optimiser = getattr(optim, rule)(x, **options)
    assert len(path) == 10
    for expected in path:
        optimiser.zero_grad()
        valley(x).backward()
        optimiser.step()
        close([v.data for v in x], expected, 1e-12)


def test_every_rule_is_recorded() -> None:
    assert {rule.lower() for rule, _, _ in RECORDED["optimisers"]} == optim.NAMED.keys()


@pytest.mark.parametrize(("name", "options", "rates"), RECORDED["schedules"], ids=str)
def test_a_schedule(name: str, options: dict[str, Any], rates: list[float]) -> None:
    optimiser = optim.SGD([Value(0.0)], lr=0.3)
    schedule = getattr(optim, name)(optimiser, **options)
    for expected in rates:
        assert optimiser.lr == pytest.approx(expected, rel=1e-12, abs=1e-15)
        schedule.step()


@pytest.mark.parametrize("max_norm", [1.0, 13.0, 20.0])
def test_clipping_by_norm(max_norm: float) -> None:
    x = with_gradients(RECORDED["clipping"]["gradients"])
    norm = optim.clip_grad_norm_(x, max_norm)
    close(
        [norm, *(v.grad for v in x)],
        [RECORDED["clipping"][f"norm {max_norm}"][0], *RECORDED["clipping"][f"norm {max_norm}"][1]],
        1e-14,
    )


def test_clipping_by_value() -> None:
    x = with_gradients(RECORDED["clipping"]["gradients"])
    optim.clip_grad_value_(x, 3.5)
    assert [v.grad for v in x] == RECORDED["clipping"]["value 3.5"]


def with_gradients(gradients: list[float]) -> list[Value]:
    x = [Value(0.0) for _ in gradients]
    for v, g in zip(x, gradients, strict=True):
        v.grad = g
    return x


@pytest.mark.parametrize("case", RECORDED["losses"], ids=lambda case: f"{case['name']}-{case['options']}")
def test_a_loss_and_its_gradient(case: dict[str, Any]) -> None:
    p = each(case["p"], Value)
    value = getattr(losses, case["name"])(p, case["y"], **case["options"])
    close(value, case["value"])
    terms, _ = reducing.flat(value)
    functions.mean(terms).backward(float(len(terms)))
    close(each(p, lambda v: v.grad), case["gradient"])


def test_every_loss_is_recorded() -> None:
    assert {case["name"] for case in RECORDED["losses"]} == losses.NAMED.keys()


@pytest.mark.parametrize("name", RECORDED["layers"])
def test_a_network_its_outputs_and_all_gradients(name: str) -> None:
    model, recorded = LAYERS[name], RECORDED["layers"][name]
    for p, number in zip(model.parameters(), recorded["parameters"], strict=True):
        p.data, p.grad = number, 0.0
    x = each(recorded["x"], Value)
    out = model(x)
    close(out, recorded["out"], 1e-12)
    squares = [v * v for v in reducing.flat(out)[0]]
    functions.mean(squares).backward(float(len(squares)))
    close(each(x, lambda v: v.grad), recorded["input gradient"])
    close([p.grad for p in model.parameters()], recorded["gradients"])
