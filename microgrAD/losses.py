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
from typing import Any

from microgrAD import functions, operators
from microgrAD.errors import real
from microgrAD.operators import Value  # noqa: F401  (used by the examples)
from microgrAD.reducing import elementwise, rowwise


def mse(p: Any, y: Any, *, half: bool = False, reduction: str = "mean") -> Any:
    """Return the mean squared error, Σ (p - y)² / n.

    Arguments:
        half: whether to return half of it, Σ (p - y)² / 2n.
    Source: Rumelhart et al. 1986, eq. 2.

    >>> mse([Value(1.0), Value(2.0)], [0.0, 4.0]).data
    2.5
    """
    return elementwise(_half_square if half else _square, p, y, reduction)


def binary_cross_entropy(p: Any, y: Any, *, reduction: str = "mean") -> Any:
    """Return -Σ [y ln p + (1 - y) ln(1 - p)] / n for probabilities p and targets y, both from 0 to 1.

    If p is the output of a sigmoid, use binary_cross_entropy_with_logits on the sigmoid's input instead: a sigmoid can
    round to exactly 0 or 1, and then this loss may have no finite value.

    Raises: DomainError if p is 0 and y is not, or if p is 1 and y is not; ValueError for other targets.
    Source: Bishop 2006, eq. 4.90.
    """
    return elementwise(_cross_entropy, p, y, reduction)


def binary_cross_entropy_with_logits(p: Any, y: Any, *, reduction: str = "mean") -> Any:
    """Return Σ [softplus(p) - y p] / n, the binary cross entropy of sigmoid(p). It is finite for every logit p.

    >>> binary_cross_entropy_with_logits(Value(-1000.0), 1).data
    1000.0
    """
    return elementwise(_logit_cross_entropy, p, y, reduction)


def cross_entropy(z: Any, y: Any, *, reduction: str = "mean") -> Any:
    """Return the softmax cross entropy, Σ [ln Σⱼ exp zⱼ - z_y] / n.

    Targets may also be rows of k probabilities t, such as one-hot rows: the loss of a row is then
    Σⱼ tⱼ (ln Σᵢ exp zᵢ - zⱼ).

    Source: Bishop 2006, eq. 4.108.

    >>> cross_entropy([Value(0.0), Value(0.0)], 1).data
    0.6931471805599453
    """
    return rowwise(_softmax_cross_entropy, z, y, reduction)


def nll(p: Any, y: Any, *, reduction: str = "mean") -> Any:
    """Return the negative log likelihood, Σ -p_y / n.

    Arguments:
        p: rows of k logarithms of probabilities.
        y: targets, as for `cross_entropy`.
    """
    return rowwise(_negative_at, p, y, reduction)


def hinge(p: Any, y: Any, *, margin: float = 1.0, reduction: str = "mean") -> Any:
    """Return the hinge loss, Σ max(0, margin - y p) / n, for targets y of -1 or 1.

    Arguments:
        margin: the loss is 0 for outputs on the right side that are at least this far from 0.
    Source: Cortes & Vapnik 1995.

    >>> hinge([Value(0.5), Value(3.0)], [-1, 1]).data
    0.75
    """
    return elementwise(lambda a, b: operators.relu(margin - _sign(b) * a), p, y, reduction)


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

    return rowwise(one, z, y, reduction)


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

    return elementwise(one, p, y, reduction)


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
