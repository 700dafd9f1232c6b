"""Linear views of a cloud of points: its principal plane, and a linear classifier.

H    points, (rows, features)      K    number of classes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.interpret.rows import Array, table


@dataclass(frozen=True)
class Plane:
    """A plane through a cloud of points.

    Arguments:
        center: a point of the plane, (features,).
        axes: two directions of length 1, (2, features).
        shares: the share of the cloud's variance along each, (2,).
    """

    center: Array
    axes: Array
    shares: Array

    def project(self, H: Any) -> Array:
        """Return the coordinates in the plane, (rows, 2), of points H."""
        coordinates: Array = (np.asarray(H, dtype=float) - self.center) @ self.axes.T
        return coordinates

    def lift(self, points: Any) -> Array:
        """Return the points in space, (rows, features), of coordinates in the plane, (rows, 2)."""
        lifted: Array = self.center + np.asarray(points, dtype=float) @ self.axes
        return lifted


def principal_plane(H: Any) -> Plane:
    """Return the plane of a cloud's first two principal components, in which it varies most.

    The largest entry of each component is positive, so that the picture is the same on every run.

    Arguments:
        H: points, (rows, features), with two features or more.
    Raises: ValueError for fewer features.
    Source: Pearson 1901.
    """
    H = table(H, "H")
    if H.shape[1] < 2:
        raise ValueError(f"a plane takes points with two features or more, got {H.shape[1]}")
    center = H.mean(axis=0)
    _, spread, axes = np.linalg.svd(H - center, full_matrices=True)
    variance = np.zeros(H.shape[1])
    variance[: len(spread)] = spread**2
    axes = axes[:2] * np.sign(axes[[0, 1], np.abs(axes[:2]).argmax(axis=1)])[:, None]
    return Plane(center, axes, variance[:2] / max(variance.sum(), np.finfo(float).tiny))


@dataclass(frozen=True)
class Probe:
    """A linear classifier: the class of a point h is the largest entry of weights @ h + bias.

    Arguments:
        weights: (K, features).
        bias: (K,).
        accuracy: the share of right classes on the points that it was fitted to.
    """

    weights: Array
    bias: Array
    accuracy: float

    def __call__(self, h: Any) -> Array:
        """Return the scores of one point, (K,), or of several, (rows, K)."""
        scores: Array = np.asarray(h, dtype=float) @ self.weights.T + self.bias
        return scores


def linear_probe(H: Any, y: Any, *, l2: float = 1e-4) -> Probe:
    """Return the softmax regression of classes on points. Its accuracy shows how well planes separate the classes.

    It minimises the mean cross entropy + l2/2 · Σ w² by Newton's method.

    Arguments:
        H: points, (rows, features).
        y: their classes, (rows,), numbered from 0.
        l2: the weight of the penalty, above 0.
    Returns: a `Probe`.
    Raises: ValueError for other classes or penalties.
    Source: Alain & Bengio 2016.
    """
    H, y = table(H, "H"), np.asarray(y)
    if y.shape != (len(H),) or (y != y.astype(int)).any() or y.min() < 0:
        raise ValueError(f"y takes a class, numbered from 0, for each of {len(H)} rows, got shape {y.shape}")
    if not l2 > 0:
        raise ValueError(
            f"l2 must be above 0, got {l2}: without it there is no finite optimum for classes that planes separate"
        )
    w = _newton(np.hstack([H, np.ones((len(H), 1))]), np.eye(int(y.max()) + 1)[y.astype(int)], l2)
    weights, bias = w[:, :-1], w[:, -1]
    return Probe(weights, bias, float(((H @ weights.T + bias).argmax(axis=1) == y).mean()))


def _newton(Z: Array, truth: Array, l2: float) -> Array:
    """Return the weights (K, features) at the minimum. A small penalty on the bias makes the minimum unique."""
    n, d = Z.shape
    k = truth.shape[1]
    penalty = np.tile(np.r_[np.full(d - 1, l2), 1e-9], k)
    w = np.zeros(k * d)

    def loss(w: Array) -> tuple[float, Array]:
        z = Z @ w.reshape(k, d).T
        z = z - z.max(axis=1, keepdims=True)
        log = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return float(-(truth * log).sum() / n + (penalty * w * w).sum() / 2), np.exp(log)

    now, p = loss(w)
    for _ in range(100):
        gradient = ((p - truth).T @ Z / n).ravel() + penalty * w
        curvature = np.einsum("nab,ni,nj->aibj", _covariances(p), Z, Z, optimize=True).reshape(
            k * d, k * d
        ) / n + np.diag(penalty)
        size = 1 / np.sqrt(np.diag(curvature))  # rescaled, or large features make the matrix singular
        step = size * np.linalg.solve(size[:, None] * curvature * size + 1e-12 * np.eye(k * d), size * gradient)
        length = 1.0
        while (found := loss(w - length * step))[0] > now - 1e-4 * length * float(gradient @ step) and length > 1e-8:
            length /= 2
        if now - found[0] < 1e-14:
            break
        w, (now, p) = w - length * step, found
    return w.reshape(k, d)


def _covariances(p: Array) -> Array:
    """Return diag(p) - p pᵀ for each row of p, (rows, K, K)."""
    matrices: Array = p[:, :, None] * np.eye(p.shape[1]) - p[:, :, None] * p[:, None, :]
    return matrices
