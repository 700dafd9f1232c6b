"""What each kind of node of PyTorch's graph computes, over arrays of Values.

A node of the name of an operation of the table, such as TanhBackward0, computes that, number by number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from microgrAD import functions, operators
from microgrAD.ops import OPS
from microgrAD.twins.torch.extremes import clamp, extreme, extremes, where
from microgrAD.twins.torch.layers import LAYERS
from microgrAD.twins.torch.losses import LOSSES
from microgrAD.twins.torch.nodes import Array, Node, each, filled, mapped
from microgrAD.twins.torch.shapes import SHAPES
from microgrAD.twins.torch.sums import (
    Rule,
    add,
    addcmul,
    addmm,
    addmv,
    along,
    bmm,
    cumulated,
    deviation,
    dot,
    mean,
    norm,
    product,
    reduction,
    rsub,
    scaled,
    sub,
    total,
    variance,
)


def operation(kind: str) -> str:
    """Return the operation of the table that has the name of a kind of node; "" if there is none.

    >>> operation("LeakyReluBackward"), operation("ViewBackward")
    ('leaky_relu', '')
    """
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.removesuffix("Backward")).lower()
    return name if name in OPS and not OPS[name].variadic else ""


def by_name(node: Node) -> Array:
    """Compute the operation of the table that has the node's name."""
    op = OPS[operation(node.kind)]
    if node.kept("rounding_mode") is not None:
        node.refuse("that rounds", "take floor or trunc out of the loss; their derivative is 0")
    given = [name for name in ("self", "exponent", "other") if name in node.tracked or node.kept(name) is not None]
    plain = [node.kept(name) for name in op.constants]
    return each(op.name, *[node.operand(name) for name in given], *plain)


# ---------------------------------------------------------------------------------------------- functions


def _elu(node: Node) -> Array:
    inside = scaled(node.operand("self"), float(node.kept("input_scale")))
    return scaled(each("elu", inside, float(node.kept("alpha"))), float(node.kept("scale")))


def _celu(node: Node) -> Array:
    alpha = float(node.kept("alpha"))
    return scaled(each("elu", scaled(node.operand("self"), 1 / alpha), 1.0), alpha)


def _softplus(node: Node) -> Array:
    beta, threshold = float(node.kept("beta")), float(node.kept("threshold"))

    def rule(x: Any) -> Any:
        scaled = x if beta == 1 else x * beta
        return x if float(scaled) > threshold else operators.softplus(scaled) / beta

    return mapped(rule, node.operand("self"))


def _gelu(node: Node) -> Array:
    x = node.operand("self")
    if node.kept("approximate") == "none":
        return mapped(operators.gelu, x)
    return mapped(lambda v: 0.5 * v * (1 + operators.tanh((2 / np.pi) ** 0.5 * (v + 0.044715 * v**3))), x)


def _of(function: Callable[[Any], Any]) -> Rule:
    return lambda node: mapped(function, node.operand("self"))


RULES: dict[str, Rule] = {
    # sums and products
    "AddBackward": add,
    "SubBackward": sub,
    "RsubBackward": rsub,
    "AddcmulBackward": addcmul,
    "AddmmBackward": addmm,
    "AddmvBackward": addmv,
    "BmmBackward": bmm,
    "DotBackward": lambda node: filled((), [dot([*node.operand("self")], [*node.operand("tensor")])]),
    "MmBackward": lambda node: product(node.operand("self"), node.operand("mat2")),
    "MvBackward": lambda node: product(node.operand("self"), node.operand("vec")[:, None])[:, 0],
    # reductions
    "SumBackward": reduction(total),
    "MeanBackward": reduction(mean),
    "ProdBackward": reduction(functions.prod),
    "VarBackward": variance,
    "StdBackward": deviation,
    "LinalgVectorNormBackward": norm,
    "LogsumexpBackward": reduction(lambda items: functions.logsumexp(items, fused=True)),
    "SoftmaxBackward": lambda node: along(node, lambda items: functions.softmax(items, fused=True)),
    "LogSoftmaxBackward": lambda node: along(node, lambda items: functions.log_softmax(items, fused=True)),
    "CumsumBackward": lambda node: along(node, cumulated),
    "TraceBackward": lambda node: filled((), [total([*np.diagonal(node.operand("self"))])]),
    # extremes and choices
    "MaximumBackward": extreme(operators.max),
    "MinimumBackward": extreme(operators.min),
    **dict.fromkeys(("MaxBackward", "AmaxBackward"), extremes(max, operators.max)),
    **dict.fromkeys(("MinBackward", "AminBackward"), extremes(min, operators.min)),
    "ClampBackward": clamp("min", "max", inclusive=True),
    "ClampMinBackward": clamp("min", "", inclusive=True),
    "ClampMaxBackward": clamp("", "max", inclusive=True),
    "HardtanhBackward": clamp("min_val", "max_val", inclusive=False),
    "WhereBackward": where,
    # functions
    "EluBackward": _elu,
    "CeluBackward": _celu,
    "SoftplusBackward": _softplus,
    "GeluBackward": _gelu,
    "LogSigmoidBackward": _of(lambda x: -operators.softplus(-x)),
    "MishBackward": _of(lambda x: x * operators.tanh(operators.softplus(x))),
    "ReciprocalBackward": _of(lambda x: 1.0 / x),
    "RsqrtBackward": _of(lambda x: 1.0 / operators.sqrt(x)),
    "SignBackward": _of(lambda x: operators.step(x) - operators.step(-x)),
    **SHAPES,
    **LAYERS,
    **LOSSES,
}
