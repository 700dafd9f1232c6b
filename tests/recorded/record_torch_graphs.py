"""Record graphs of PyTorch: grad_fns with what they have kept, and the value and gradients that PyTorch computes.

`python tests/recorded/record_torch_graphs.py` writes torch_graphs.json; it takes torch 2.13. A test reads the
recorded graphs with `microgrAD.from_torch`, and live ones where PyTorch is installed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

Leaves = dict[str, torch.Tensor]
Case = tuple[Leaves, Callable[..., torch.Tensor]]


def leaf(*shape: int, low: float = -2.0, high: float = 2.0) -> torch.Tensor:
    return (low + (high - low) * torch.rand(shape)).requires_grad_()


def positive(*shape: int) -> torch.Tensor:
    return leaf(*shape, low=0.2, high=3.0)


def weighted(result: torch.Tensor) -> torch.Tensor:
    """A number that each element of a result moves differently."""
    return (result * torch.linspace(0.5, 2.0, result.numel()).reshape(result.shape)).sum()


def elementwise() -> dict[str, Case]:
    free = {
        name: getattr(torch, name)
        for name in ("exp", "expm1", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "asinh", "erf", "erfc", "abs")
    } | {
        name: getattr(F, name)
        for name in ("relu", "leaky_relu", "elu", "selu", "celu", "softplus", "silu", "gelu", "mish", "logsigmoid")
    }
    free |= {
        "sigmoid": torch.sigmoid,
        "sign": lambda x: torch.sign(x) * x,
        "hardtanh": F.hardtanh,
        "relu6": F.relu6,
        "softsign": F.softsign,
        "gelu, tanh": lambda x: F.gelu(x, approximate="tanh"),
        "softplus, beta": lambda x: F.softplus(x, beta=3.0, threshold=4.0),
        "clamp": lambda x: x.clamp(-0.5, 1.0),
        "clamp, one bound": lambda x: x.clamp(min=-0.5) * x.clamp(max=0.5),
        "clamp, at the bound": lambda x: (x * 0).clamp(0.0, 1.0) + x,
        "neg": lambda x: -x,
        "square": torch.square,
        "cube": lambda x: x**3,
        "number to a power": lambda x: 2**x,
        "sum of numbers": lambda x: (x + 2) * (3 - x) * (x - 0.5),
    }
    above = {name: getattr(torch, name) for name in ("log", "log1p", "log2", "log10", "sqrt", "rsqrt", "reciprocal")}
    above |= {"power": lambda x: x**0.3, "division": lambda x: 2 / x + x / 3, "acosh": lambda x: torch.acosh(1 + x * x)}
    inside = {name: getattr(torch, name) for name in ("asin", "acos", "atanh")}
    made: dict[str, Case] = {}
    for where, functions in ((leaf, free), (positive, above)):
        for name, function in functions.items():
            made[name] = {"x": where(2, 3)}, _weighted(function)
    for name, function in inside.items():
        made[name] = {"x": leaf(3, low=-0.9, high=0.9)}, _weighted(function)
    return made


def _weighted(function: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    return lambda **leaves: weighted(function(*leaves.values()))


def numbers() -> dict[str, Case]:
    """Single operations on single numbers."""
    free = [getattr(torch, name) for name in ("exp", "sin", "cos", "tanh", "atan", "sinh", "erf", "sigmoid", "expm1")]
    free += [F.relu, F.leaky_relu, F.elu, F.softplus, F.silu, F.gelu]
    above = [getattr(torch, name) for name in ("log", "log1p", "sqrt", "cosh", "asinh", "tan", "erfc")]
    two = [
        getattr(torch, name) for name in ("add", "sub", "mul", "div", "pow", "atan2", "hypot", "logaddexp", "maximum")
    ]
    made: dict[str, Case] = {}
    for functions, leaves in ((free, [leaf]), (above, [positive]), (two, [positive, positive])):
        for function in functions:
            given = {name: make() for name, make in zip("xy", leaves, strict=False)}
            made[f"number: {function.__name__}"] = given, lambda f=function, **tensors: f(*tensors.values())
    return made


def pairs() -> dict[str, Case]:
    two = {
        "add": lambda x, y: x + y,
        "add, alpha": lambda x, y: torch.add(x, y, alpha=2),
        "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y,
        "pow": lambda x, y: x**y,
        "atan2": torch.atan2,
        "hypot": torch.hypot,
        "logaddexp": torch.logaddexp,
        "maximum": torch.maximum,
        "minimum": torch.minimum,
        "maximum, ties": lambda x, y: torch.maximum(x * y, y * x),
        "where": lambda x, y: torch.where(x > y, x * y, x - y),
        "where, a number": lambda x, y: torch.where(x > 1, x * y, 0.25) * x,
        "addcmul": lambda x, y: torch.addcmul(x, x, y, value=0.5),
    }
    made: dict[str, Case] = {
        name: ({"x": positive(2, 3), "y": positive(2, 3)}, _weighted(f)) for name, f in two.items()
    }
    made["broadcast"] = {"x": leaf(2, 1), "y": leaf(3)}, _weighted(lambda x, y: x * y + x / (y * y + 1))
    return made


def shapes() -> dict[str, Case]:
    one: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "view": lambda x: x.view(6),
        "reshape": lambda x: x.t().reshape(2, 3),
        "flatten": torch.flatten,
        "transpose": lambda x: x.transpose(0, 1) * 2,
        "mT": lambda x: x.mT * 2,
        "permute": lambda x: x[None].permute(2, 0, 1),
        "expand": lambda x: x[:1].expand(4, 3),
        "repeat": lambda x: x.repeat(2, 1),
        "select": lambda x: x[1] * x[:, 2][0],
        "last": lambda x: x[-1] * x[..., -1:].sum(),
        "slice": lambda x: x[:, 1:] * x[:, :2],
        "index": lambda x: x[[1, 0, 1]],
        "mask": lambda x: x[torch.tensor([[True, False, True], [False, True, True]])],
        "index_select": lambda x: x.index_select(1, torch.tensor([2, 0])),
        "gather": lambda x: x.gather(1, torch.tensor([[2], [0]])),
        "embedding": lambda x: F.embedding(torch.tensor([1, 0, 1]), x),
        "stack": lambda x: torch.stack([x[0], x[1] * 2], 1),
        "cat": lambda x: torch.cat([x, x * 2], 1),
        "unbind": lambda x: torch.unbind(x)[1] * torch.unbind(x)[0],
        "split": lambda x: x.split(2, 1)[1] * x.split(2, 1)[0][:, :1],
        "chunk": lambda x: torch.chunk(x, 3, 1)[1] * 2,
        "split, sizes": lambda x: x.split([1, 2], 1)[1] * 2,
        "squeeze": lambda x: x[:1].squeeze() * x[:1].squeeze(0),
        "unsqueeze": lambda x: x.unsqueeze(1) * x,
        "diagonal": torch.diagonal,
        "flip": lambda x: x.flip(1),
        "clone": lambda x: x.clone(),
        "cumsum": lambda x: x.cumsum(1),
        "trace": torch.trace,
        "sum": torch.sum,
        "sum, axis": lambda x: x.sum(1),
        "sum, kept": lambda x: x.sum((0, 1), keepdim=True),
        "mean": torch.mean,
        "mean, axis": lambda x: x.mean(0),
        "prod": torch.prod,
        "prod, axis": lambda x: x.prod(1),
        "var": torch.var,
        "var, axis": lambda x: x.var(1, correction=0),
        "std": torch.std,
        "norm": torch.norm,
        "norm, axis": lambda x: torch.linalg.vector_norm(x, dim=1),
        "norm of order 1": lambda x: x.norm(p=1),
        "max": torch.max,
        "min": torch.min,
        "max, axis": lambda x: x.max(1).values,
        "min, kept": lambda x: x.min(0, keepdim=True).values,
        "amax": lambda x: x.amax(0),
        "amax, ties": lambda x: torch.cat([x, x]).amax(0),
        "logsumexp": lambda x: torch.logsumexp(x, 1),
        "softmax": lambda x: torch.softmax(x, 1),
        "log_softmax": lambda x: torch.log_softmax(x, 0),
    }
    return {name: ({"x": leaf(2, 3)}, _weighted(function)) for name, function in one.items()}


def products() -> dict[str, Case]:
    def net(x: torch.Tensor, w1: torch.Tensor, b1: torch.Tensor, w2: torch.Tensor, b2: torch.Tensor) -> torch.Tensor:
        hidden = torch.tanh(F.linear(x, w1, b1))
        return F.mse_loss(F.linear(hidden, w2, b2).squeeze(1), torch.tensor([0.3, -0.2, 0.9, 0.1]))

    rows = torch.rand(4, 2)
    weights = {"w1": leaf(3, 2), "b1": leaf(3), "w2": leaf(1, 3), "b2": leaf(1)}
    return {
        "dot": ({"x": leaf(3), "y": leaf(3)}, lambda x, y: torch.dot(x, y)),
        "mv": ({"x": leaf(2, 3), "y": leaf(3)}, _weighted(lambda x, y: x @ y)),
        "mm": ({"x": leaf(2, 3), "y": leaf(3, 2)}, _weighted(lambda x, y: x @ y)),
        "bmm": ({"x": leaf(2, 2, 3), "y": leaf(2, 3, 1)}, _weighted(torch.bmm)),
        "matmul of three axes": ({"x": leaf(2, 2, 3), "y": leaf(3, 2)}, _weighted(lambda x, y: x @ y)),
        "outer": ({"x": leaf(2), "y": leaf(3)}, _weighted(torch.outer)),
        "einsum": ({"x": leaf(2, 3), "y": leaf(3, 2)}, _weighted(lambda x, y: torch.einsum("ij,jk->ik", x, y))),
        "addmv": ({"x": leaf(2), "y": leaf(2, 3), "z": leaf(3)}, _weighted(torch.addmv)),
        "linear of one row": ({"w": leaf(2, 3), "b": leaf(2)}, _weighted(lambda w, b: F.linear(torch.ones(3), w, b))),
        "a network": (weights, lambda **leaves: net(rows, **leaves)),
        "a neuron": (
            {"x1": leaf(), "x2": leaf(), "w1": leaf(), "w2": leaf(), "b": leaf()},
            lambda x1, x2, w1, w2, b: torch.tanh(x1 * w1 + x2 * w2 + b),
        ),
    }


def layers() -> dict[str, Case]:
    convolved: dict[str, dict[str, Any]] = {
        "conv": {},
        "conv, strides": {"stride": (2, 1), "padding": (1, 2)},
        "conv, dilation": {"dilation": (2, 1)},
    }
    made: dict[str, Case] = {
        name: (
            {"x": leaf(1, 2, 4, 5), "w": leaf(2, 2, 2, 3), "b": leaf(2)},
            _weighted(lambda x, w, b, o=options: F.conv2d(x, w, b, **o)),
        )
        for name, options in convolved.items()
    }
    pixels = torch.rand(2, 1, 4, 4)
    return {
        **made,
        "conv, no bias": ({"w": leaf(2, 1, 2, 2)}, _weighted(lambda w: F.conv2d(pixels, w, padding=1))),
        "conv of one axis": ({"x": leaf(1, 2, 6), "w": leaf(3, 2, 3)}, _weighted(F.conv1d)),
        "max pool": ({"x": leaf(1, 2, 4, 4)}, _weighted(lambda x: F.max_pool2d(x, 2))),
        "max pool, strides": ({"x": leaf(2, 5, 5)}, _weighted(lambda x: F.max_pool2d(x, 3, stride=2))),
        "average pool": ({"x": leaf(1, 2, 4, 4)}, _weighted(lambda x: F.avg_pool2d(x, 2))),
        "average pool, strides": ({"x": leaf(2, 5, 5)}, _weighted(lambda x: F.avg_pool2d(x, 3, stride=2))),
    }


def losses() -> dict[str, Case]:
    classes, soft = torch.tensor([2, 0, 1]), torch.softmax(torch.rand(3, 4), 1)
    targets, ones = torch.rand(3, 4), (torch.rand(3, 4) > 0.5).double()
    signs = 2 * ones - 1
    made: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "mse": lambda x: F.mse_loss(x, targets),
        "mse, sum": lambda x: F.mse_loss(x, targets, reduction="sum"),
        "mse, by hand": lambda x: ((x - targets) ** 2).mean(),
        "mse, the other way": lambda x: ((targets - x) ** 2).mean(),
        "mse, each": lambda x: weighted(F.mse_loss(x, targets, reduction="none")),
        "l1": lambda x: F.l1_loss(x, targets),
        "huber": lambda x: F.huber_loss(x, targets, delta=0.7),
        "smooth l1": lambda x: F.smooth_l1_loss(x, targets, beta=0.7),
        "cross entropy": lambda x: F.cross_entropy(x, classes),
        "cross entropy, sum": lambda x: F.cross_entropy(x, classes, reduction="sum"),
        "cross entropy of one row": lambda x: F.cross_entropy(x[0], classes[0]),
        "cross entropy, soft": lambda x: F.cross_entropy(x, soft),
        "binary": lambda x: F.binary_cross_entropy(torch.sigmoid(x), ones),
        "binary, soft": lambda x: F.binary_cross_entropy(torch.sigmoid(x), targets),
        "binary, logits": lambda x: F.binary_cross_entropy_with_logits(x, ones),
        "hinge": lambda x: torch.clamp(1 - signs * x, min=0).mean(),
        "regularised": lambda x: F.mse_loss(x, targets) + 0.1 * (x * x).sum(),
    }
    return {f"loss: {name}": ({"x": leaf(3, 4)}, function) for name, function in made.items()}


def single() -> dict[str, Case]:
    """A network as PyTorch makes it by default, in 32 bits."""
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)).float()
    rows, classes = torch.rand(3, 2, dtype=torch.float32), torch.tensor([1, 0, 1])
    return {"32 bits": (dict(model.named_parameters()), lambda **_: F.cross_entropy(model(rows), classes))}


def cases() -> dict[str, Case]:
    """All cases by name."""
    torch.set_num_threads(1)
    torch.manual_seed(7)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return {**elementwise(), **numbers(), **pairs(), **shapes(), **products(), **layers(), **losses(), **single()}
    finally:
        torch.set_default_dtype(before)


def computed(case: Case) -> tuple[torch.Tensor, Leaves]:
    """The loss of a case, before backward, and its leaves."""
    leaves, function = case
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return function(**leaves), leaves
    finally:
        torch.set_default_dtype(before)


# ---------------------------------------------------------------------------------------------- recording


def recorded(case: Case) -> dict[str, Any]:
    loss, leaves = computed(case)
    loss.backward(retain_graph=True)
    order = order_of(loss.grad_fn)
    return {
        "loss": number(loss),
        "nodes": [node(fn, order, leaves) for fn in order],
        "leaves": {name: number(tensor) for name, tensor in leaves.items()},
        "gradients": {name: tensor.grad.tolist() for name, tensor in leaves.items()},
    }


def order_of(root: Any) -> dict[Any, int]:
    """A number for each grad_fn, from the root on."""
    order = {root: 0}
    found = [root]
    for fn in found:
        for parent, _ in fn.next_functions:
            if parent is not None and parent not in order:
                order[parent] = len(order)
                found.append(parent)
    return order


def node(fn: Any, order: dict[Any, int], leaves: Leaves) -> dict[str, Any]:
    made: dict[str, Any] = {"name": fn.name()}
    if hasattr(fn, "variable"):
        made["variable"] = next(name for name, tensor in leaves.items() if tensor is fn.variable)
    made["next"] = [[order[parent] if parent is not None else None, slot] for parent, slot in fn.next_functions]
    made["metadata"] = [[list(data.shape), str(data.dtype)] for data in fn._input_metadata]
    made["saved"] = {name: kept(getattr(fn, name)) for name in dir(fn) if name.startswith("_saved_")}
    return made


def kept(value: Any) -> Any:
    """What a node has kept, for JSON: a tensor as an object."""
    if isinstance(value, torch.Tensor):
        return number(value)
    return [kept(part) for part in value] if isinstance(value, (tuple, list)) else value


def number(tensor: torch.Tensor) -> dict[str, Any]:
    return {"tensor": tensor.tolist(), "shape": list(tensor.shape), "dtype": str(tensor.dtype)}


if __name__ == "__main__":
    content = {"torch": torch.__version__, "cases": {name: recorded(case) for name, case in cases().items()}}
    text = json.dumps(content, separators=(",", ":"))
    Path(__file__).with_name("torch_graphs.json").write_text(text + "\n")
