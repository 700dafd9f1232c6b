"""Losses: how wrong a network's outputs are, as one Value for `backward`.

p   outputs: a number or Value, a row of them, or several rows
y   targets: numbers, in the same shape as p
z   logits: a row of k, or several rows; their targets are one class for each row, numbered from 0
k   the number of classes
n   the number of losses: one for each element of p, or one for each row of z
reduction   "mean" (the default) or "sum" of the n losses; "none" returns all of them
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any

from microgrAD import functions, operators
from microgrAD.errors import one_of, real
from microgrAD.operators import Value

REDUCTIONS = ("mean", "sum", "none")
Shape = tuple[int, ...]


def mse(p: Any, y: Any, *, half: bool = False, per: str = "output", reduction: str = "mean") -> Any:
    """Return the mean squared error, Σ (p - y)² / n.

    Arguments:
        half: whether to return half of it, Σ (p - y)² / 2n.
        per: what the n losses are: "output" for one of each output; "row" for one of each row, which is the sum over
            its outputs. p of one dimension is one row.
    Source: Rumelhart et al. 1986, eq. 2.

    >>> mse([Value(1.0), Value(2.0)], [0.0, 4.0]).data
    2.5
    >>> mse([Value(1.0), Value(2.0)], [0.0, 4.0], per="row").data
    5.0
    """
    square = _half_square if half else _square
    if one_of(per, "per", ["output", "row"]) == "output":
        return _elementwise(square, p, y, reduction)
    return _elementwise_by_row(square, p, y, reduction)


def binary_cross_entropy(p: Any, y: Any, *, reduction: str = "mean") -> Any:
    """Return -Σ [y ln p + (1 - y) ln(1 - p)] / n for probabilities p and targets y, both from 0 to 1.

    If p is the output of a sigmoid, use binary_cross_entropy_with_logits on the sigmoid's input instead: a sigmoid can
    round to exactly 0 or 1, and then this loss may have no finite value.

    Raises: DomainError if p is 0 and y is not, or if p is 1 and y is not; ValueError for other targets.
    Source: Bishop 2006, eq. 4.90.
    """
    return _elementwise(_cross_entropy, p, y, reduction)


def binary_cross_entropy_with_logits(p: Any, y: Any, *, reduction: str = "mean") -> Any:
    """Return Σ [softplus(p) - y p] / n, the binary cross entropy of sigmoid(p). It is finite for every logit p.

    >>> binary_cross_entropy_with_logits(Value(-1000.0), 1).data
    1000.0
    """
    return _elementwise(_logit_cross_entropy, p, y, reduction)


def cross_entropy(z: Any, y: Any, *, reduction: str = "mean") -> Any:
    """Return the softmax cross entropy, Σ [ln Σⱼ exp zⱼ - z_y] / n.

    Targets may also be rows of k probabilities t, such as one-hot rows: the loss of a row is then
    Σⱼ tⱼ (ln Σᵢ exp zᵢ - zⱼ).

    Source: Bishop 2006, eq. 4.108.

    >>> cross_entropy([Value(0.0), Value(0.0)], 1).data
    0.6931471805599453
    """
    return _rowwise(_softmax_cross_entropy, z, y, reduction)


def nll(p: Any, y: Any, *, reduction: str = "mean") -> Any:
    """Return the negative log likelihood, Σ -p_y / n.

    Arguments:
        p: rows of k logarithms of probabilities.
        y: targets, as for `cross_entropy`.
    """
    return _rowwise(_negative_at, p, y, reduction)


def hinge(p: Any, y: Any, *, margin: float = 1.0, reduction: str = "mean") -> Any:
    """Return the hinge loss, Σ max(0, margin - y p) / n, for targets y of -1 or 1.

    Arguments:
        margin: the loss is 0 for outputs on the right side that are at least this far from 0.
    Source: Cortes & Vapnik 1995.

    >>> hinge([Value(0.5), Value(3.0)], [-1, 1]).data
    0.75
    """
    return _elementwise(lambda a, b: operators.relu(margin - _sign(b) * a), p, y, reduction)


def multi_margin(z: Any, y: Any, *, margin: float = 1.0, reduction: str = "mean") -> Any:
    """Return the hinge loss of several classes, the mean over rows of Σ_{j≠y} max(0, margin - z_y + zⱼ) / k.

    Targets may also be one-hot rows.

    Arguments:
        margin: the loss is 0 if the right class leads by at least this much.
    Source: Crammer & Singer 2001.
    """

    def one(row: list[Any], target: Any) -> Any:
        chosen = _one_hot(target, len(row))
        right = operators.dot(chosen, row)
        terms = [operators.relu((1 - t) * (margin - right + a)) for t, a in zip(chosen, row, strict=True)]
        return operators.sum(terms) / len(row)

    return _rowwise(one, z, y, reduction)


def huber(p: Any, y: Any, *, delta: float = 1.0, reduction: str = "mean") -> Any:
    """Return the Huber loss, Σ h(p - y) / n, with h(e) = e²/2 if |e| <= delta, else delta (|e| - delta/2).

    Arguments:
        delta: the error from which on the loss grows linearly, above 0.
    Source: Huber 1964.

    >>> huber([Value(1.0), Value(5.0)], [0.0, 0.0], reduction="none")
    [Value(data=0.5, grad=0.0), Value(data=4.5, grad=0.0)]
    """
    if not real(delta, "delta") > 0:
        raise ValueError(f"delta must be above 0, got {delta}")

    def one(a: Any, b: Any) -> Any:
        e = operators.abs(a - b)
        return operators.where(e - delta, delta * (e - delta / 2), operators.pow(e, 2) / 2)

    return _elementwise(one, p, y, reduction)


def l1_penalty(parameters: Iterable[Any], weight: float) -> Any:
    """Return weight · Σ |w|, to add to a loss. It makes weights that have little effect 0.

    Source: Tibshirani 1996.
    """
    return weight * operators.sum([operators.abs(w) for w in parameters])


def l2_penalty(parameters: Iterable[Any], weight: float) -> Any:
    """Return weight · Σ w², to add to a loss. It keeps weights small, like a weight_decay of 2 · weight in SGD."""
    return weight * operators.sum([w * w for w in parameters])


NAMED: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        mse,
        binary_cross_entropy,
        binary_cross_entropy_with_logits,
        cross_entropy,
        nll,
        hinge,
        multi_margin,
        huber,
    )
}


# ---------------------------------------------------------------------------------------------- one element


def _square(p: Any, y: Any) -> Any:
    return operators.pow(p - y, 2)


def _half_square(p: Any, y: Any) -> Any:
    return operators.pow(p - y, 2) / 2


def _cross_entropy(p: Any, y: Any) -> Any:
    _unit(y)
    return -(_times_log(y, p) + _times_log(1 - y, 1 - p))


def _times_log(y: Any, p: Any) -> Any:
    """Return y ln p; 0 if y is 0, even if p is 0."""
    return y * operators.log(operators.where(y, p, 1.0))


def _logit_cross_entropy(p: Any, y: Any) -> Any:
    _unit(y)
    return operators.softplus(-p) if isinstance(y, float) and y == 1 else operators.softplus(p) - y * p


def _unit(y: Any) -> None:
    if isinstance(y, float) and not 0 <= y <= 1:
        raise ValueError(f"binary cross entropy takes targets from 0 to 1, got {y}; number the two classes 0 and 1")


def _sign(y: Any) -> Any:
    if isinstance(y, float) and y not in (-1, 1):
        raise ValueError(f"the hinge takes targets of -1 or 1, got {y}; for classes 0 and 1 pass 2 * y - 1")
    return y


# ---------------------------------------------------------------------------------------------- one row of classes


def _softmax_cross_entropy(row: list[Any], target: Any) -> Any:
    if isinstance(target, list):
        return operators.sum(target) * functions.logsumexp(row) - operators.dot(target, row)
    return functions.logsumexp(row) - row[_class(target, len(row))]


def _negative_at(row: list[Any], target: Any) -> Any:
    if isinstance(target, list):
        return -operators.dot(target, row)
    return -row[_class(target, len(row))]


def _class(target: Any, k: int) -> int:
    """Return a target as the number of a class; ValueError unless it is from 0 to k - 1."""
    if not isinstance(target, float) or target != int(target) or not 0 <= target < k:
        raise ValueError(f"{k} classes take targets that are whole numbers from 0 to {k - 1}, got {target!r}")
    return int(target)


def _one_hot(target: Any, k: int) -> list[Any]:
    if not isinstance(target, list):
        return [float(j == _class(target, k)) for j in range(k)]
    if all(isinstance(t, float) for t in target) and sorted(target) != [0.0] * (k - 1) + [1.0]:
        raise ValueError(f"a one-hot target takes one 1, and 0 for the other classes, got {target}")
    return target


# ---------------------------------------------------------------------------------------------- shapes


def _rowwise(loss: Callable[[list[Any], Any], Any], z: Any, y: Any, reduction: str) -> Any:
    (numbers, shape), (targets, target_shape) = flat(z), flat(y)
    if not 1 <= len(shape) <= 2 or target_shape not in (shape, shape[:-1]):
        raise ValueError(
            f"targets of shape {target_shape} do not fit outputs of shape {shape}; pass one row of outputs for "
            "each sample, and for each the number of its class or a one-hot row"
        )
    if not numbers:
        raise ValueError("a loss takes one output or more, got none")
    k = shape[-1]
    rows = [numbers[i : i + k] for i in range(0, len(numbers), k)]
    wanted = targets if target_shape != shape else [targets[i : i + k] for i in range(0, len(targets), k)]
    return reduce([loss(row, target) for row, target in zip(rows, wanted, strict=True)], shape[:-1], reduction)


def _elementwise(loss: Callable[[Any, Any], Any], p: Any, y: Any, reduction: str) -> Any:
    (outputs, shape), (targets, target_shape) = flat(p), flat(y)
    if shape != target_shape:
        raise ValueError(f"outputs of shape {shape} take targets of the same shape, got {target_shape}")
    return reduce([loss(a, b) for a, b in zip(outputs, targets, strict=True)], shape, reduction)


def _elementwise_by_row(loss: Callable[[Any, Any], Any], p: Any, y: Any, reduction: str) -> Any:
    """The losses of each row's elements, added up; p of one dimension is one row."""
    (outputs, shape), (targets, target_shape) = flat(p), flat(y)
    if shape != target_shape:
        raise ValueError(f"outputs of shape {shape} take targets of the same shape, got {target_shape}")
    several = [loss(a, b) for a, b in zip(outputs, targets, strict=True)]
    k = shape[-1] if shape else 1
    rows = [several[i : i + k] for i in range(0, len(several), k or 1)]
    return reduce([row[0] if len(row) == 1 else operators.sum(row) for row in rows], shape[:-1], reduction)


def reduce(losses: list[Any], shape: Shape, reduction: str) -> Any:
    """Return the mean or sum of losses, or the losses themselves in their shape."""
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {list(REDUCTIONS)}, got {reduction!r}")
    if not losses:
        raise ValueError("a loss takes one output or more, got none")
    if reduction == "none":
        return _shaped(iter(losses), shape)
    total = losses[0] if len(losses) == 1 else operators.sum(losses)
    return total / len(losses) if reduction == "mean" and len(losses) > 1 else total


def flat(x: Any) -> tuple[list[Any], Shape]:
    """Return the numbers and Values of a nested sequence or array, and its shape; ValueError if rows differ."""
    if hasattr(x, "tolist"):
        x = x.tolist()
    if isinstance(x, Value):
        return [x], ()
    if isinstance(x, (Real, str, bytes)) or not hasattr(x, "__iter__"):
        return [real(x, "a loss")], ()
    parts = [flat(element) for element in x]
    shapes = {shape for _, shape in parts}
    if len(shapes) > 1:
        raise ValueError(f"rows must have the same shape, got {sorted(shapes)}")
    return [number for numbers, _ in parts for number in numbers], (len(parts), *next(iter(shapes), ()))


def _shaped(losses: Any, shape: Shape) -> Any:
    return [_shaped(losses, shape[1:]) for _ in range(shape[0])] if shape else next(losses)


_ELSEWHERE = {
    "bce": "binary_cross_entropy of probabilities, binary_cross_entropy_with_logits of logits",
    "bce_loss": "binary_cross_entropy",
    "bce_with_logits": "binary_cross_entropy_with_logits",
    "ce": "cross_entropy",
    "crossentropy": "cross_entropy",
    "cross_entropy_loss": "cross_entropy",
    "softmax_cross_entropy": "cross_entropy",
    "mse_loss": "mse",
    "MSELoss": "mse",
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "CrossEntropyLoss": "cross_entropy",
    "nll_loss": "nll",
    "smooth_l1_loss": "huber",
    "mean_squared_error": "mse",
    "hinge_loss": "hinge",
}


def __getattr__(name: str) -> Any:
    """An error for other libraries' names that says what the loss is called here."""
    here = _ELSEWHERE.get(name, "")
    here = f"; write {here}" if here and here.split()[0] in globals() else ""
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{here}; there are {', '.join(NAMED)}")
