"""Writes torch.json: numbers computed with PyTorch (2.13.0, CPU, float64), which the tests compare with.

    pip install torch==2.13.0 && python tests/recorded/record_torch.py

PyTorch is needed to record only; the tests read the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

OPTIMISERS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"lr": 0.01}),
    ("SGD", {"lr": 0.01, "momentum": 0.9}),
    ("SGD", {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.01, "momentum": 0.5, "weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.02}),
    ("RMSprop", {"lr": 0.02, "alpha": 0.9, "eps": 1e-4, "momentum": 0.8, "weight_decay": 0.05}),
    ("RMSprop", {"lr": 0.02, "centered": True}),
    ("Adam", {"lr": 0.1}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1}),
    ("AdamW", {"lr": 0.1}),
    ("AdamW", {"lr": 0.1, "betas": (0.5, 0.9), "weight_decay": 0.3}),
]
SCHEDULES: list[tuple[str, dict[str, Any]]] = [
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 10, "eta_min": 0.01}),
]
START = [-1.2, 1.0, 0.5]


def valley(x: Any) -> Any:
    """Rosenbrock's valley of three variables; plain arithmetic, so that a list of Values does too."""
    return sum(100 * (x[i + 1] - x[i] * x[i]) ** 2 + (1 - x[i]) ** 2 for i in range(2)) / 100


def ten_steps(rule: str, options: dict[str, Any]) -> list[list[float]]:
    x = torch.tensor(START, requires_grad=True)
    optimiser = getattr(torch.optim, rule)([x], **options)
    path = []
    for _ in range(10):
        optimiser.zero_grad()
        valley(x).backward()
        optimiser.step()
        path.append(x.tolist())
    return path


def rates(name: str, options: dict[str, Any]) -> list[float]:
    optimiser = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    schedule = getattr(torch.optim.lr_scheduler, name)(optimiser, **options)
    found = []
    for _ in range(25):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return found


def clipped() -> dict[str, Any]:
    g = [3.0, -4.0, 12.0]
    out: dict[str, Any] = {"gradients": g}
    for max_norm in (1.0, 13.0, 20.0):
        x = torch.zeros(3)
        x.grad = torch.tensor(g)
        norm = nn.utils.clip_grad_norm_([x], max_norm)
        out[f"norm {max_norm}"] = [norm.item(), x.grad.tolist()]
    x.grad = torch.tensor(g)
    nn.utils.clip_grad_value_([x], 3.5)
    out["value 3.5"] = x.grad.tolist()
    return out


def losses() -> list[dict[str, Any]]:
    """Losses with their gradients: name here, options here, outputs, targets, reduction, value, gradient."""
    torch.manual_seed(0)
    p, z = 2 * torch.randn(6), 3 * torch.randn(5, 4)
    probabilities, y = torch.rand(6), torch.rand(6)
    signs, classes = torch.tensor([1.0, -1, 1, -1, -1, 1]), torch.tensor([2, 0, 3, 3, 1])
    one_hot = F.one_hot(classes, 4).double()
    soft = torch.softmax(torch.randn(5, 4), 1)
    cases: list[tuple[str, dict[str, Any], Any, Any, Any]] = [
        ("mse", {}, p, y, F.mse_loss),
        ("mse", {}, z, soft, F.mse_loss),
        ("mse", {"half": True}, p, y, lambda a, b, reduction: F.mse_loss(a, b, reduction=reduction) / 2),
        ("binary_cross_entropy", {}, probabilities, y, F.binary_cross_entropy),
        ("binary_cross_entropy", {}, probabilities, (y > 0.5).double(), F.binary_cross_entropy),
        ("binary_cross_entropy_with_logits", {}, 20 * p, y, F.binary_cross_entropy_with_logits),
        ("binary_cross_entropy_with_logits", {}, p, (y > 0.5).double(), F.binary_cross_entropy_with_logits),
        ("cross_entropy", {}, z, classes, F.cross_entropy),
        ("cross_entropy", {}, 50 * z, classes, F.cross_entropy),
        ("cross_entropy", {}, z, one_hot, F.cross_entropy),
        ("cross_entropy", {}, z, soft, F.cross_entropy),
        ("nll", {}, torch.log_softmax(z, 1), classes, F.nll_loss),
        ("hinge", {}, p, signs, lambda a, b, reduction: _reduced(torch.clamp(1 - a * b, min=0), reduction)),
        (
            "hinge",
            {"margin": 0.5},
            p,
            signs,
            lambda a, b, reduction: _reduced(torch.clamp(0.5 - a * b, min=0), reduction),
        ),
        ("multi_margin", {}, z, classes, F.multi_margin_loss),
        (
            "multi_margin",
            {"margin": 2.5},
            z,
            classes,
            lambda a, b, reduction: F.multi_margin_loss(a, b, margin=2.5, reduction=reduction),
        ),
        ("huber", {}, p, y, F.huber_loss),
        ("huber", {"delta": 0.3}, p, y, lambda a, b, reduction: F.huber_loss(a, b, delta=0.3, reduction=reduction)),
    ]
    return [_loss(*case, reduction) for case in cases for reduction in ("mean", "sum", "none")]


def _reduced(terms: Any, reduction: str) -> Any:
    return {"mean": terms.mean, "sum": terms.sum, "none": lambda: terms}[reduction]()


def _loss(name: str, options: dict[str, Any], p: Any, y: Any, function: Any, reduction: str) -> dict[str, Any]:
    p = p.clone().requires_grad_()
    value = function(p, y, reduction=reduction)
    value.sum().backward()
    return {
        "name": name,
        "options": {**options, "reduction": reduction},
        "p": p.tolist(),
        "y": y.tolist(),
        "value": value.tolist(),
        "gradient": p.grad.tolist(),
    }


def layers() -> dict[str, Any]:
    """Networks: for each the parameters in order, an input, the outputs, and the gradients of Σ outputs²."""
    torch.manual_seed(1)
    image = torch.randn(2, 6, 7)
    cases = {
        "mlp": (nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4), nn.GELU(), nn.Linear(4, 2)), torch.randn(3)),
        "rectifiers": (
            nn.Sequential(
                nn.Linear(3, 5),
                nn.ReLU(),
                nn.Linear(5, 4),
                nn.SiLU(),
                nn.Linear(4, 3),
                nn.ELU(),
                nn.Linear(3, 2),
                nn.Softplus(),
            ),
            torch.randn(3),
        ),
        "softmax": (nn.Sequential(nn.Linear(3, 4), nn.Softmax(-1)), torch.randn(3)),
        "conv": (nn.Conv2d(2, 3, 3), image),
        "conv, strides": (nn.Conv2d(2, 3, (3, 2), stride=(2, 3), padding=(1, 2)), image),
        "conv, no bias": (nn.Conv2d(2, 2, 2, bias=False), image),
        "max pool": (nn.MaxPool2d(2), image),
        "max pool, strides": (nn.MaxPool2d(3, stride=2), image),
        "average pool": (nn.AvgPool2d(2), image),
        "sum pool": (nn.LPPool2d(1, 2), image.abs()),
        "small cnn": (
            nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(0), nn.Linear(27, 4)),
            image,
        ),
    }
    return {name: _layer(model, x) for name, (model, x) in cases.items()}


def _layer(model: nn.Module, x: Any) -> dict[str, Any]:
    x = x.clone().requires_grad_()
    out = model(x)
    (out * out).sum().backward()
    parameters = list(_neuron_by_neuron(model))
    return {
        "x": x.tolist(),
        "parameters": [p for p, _ in parameters],
        "out": out.tolist(),
        "gradients": [g for _, g in parameters],
        "input gradient": x.grad.tolist(),
    }


def _neuron_by_neuron(model: nn.Module) -> Any:
    """Parameters with gradients in our order: each neuron's weights, then its bias."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            for k in range(len(layer.weight)):
                yield from zip(layer.weight[k].flatten().tolist(), layer.weight.grad[k].flatten().tolist(), strict=True)
                if layer.bias is not None:
                    yield layer.bias[k].item(), layer.bias.grad[k].item()


if __name__ == "__main__":
    recorded = {
        "torch": torch.__version__,
        "start": START,
        "optimisers": [[rule, options, ten_steps(rule, options)] for rule, options in OPTIMISERS],
        "schedules": [[name, options, rates(name, options)] for name, options in SCHEDULES],
        "clipping": clipped(),
        "losses": losses(),
        "layers": layers(),
    }
    Path(__file__).with_name("torch.json").write_text(json.dumps(recorded, separators=(",", ":")) + "\n")
