"""What is linear about a cloud of points: its principal plane, and how well a linear classifier parts it.

H    points, (rows, features)      K    number of classes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.interpret.rows import Array, table


@dataclass(frozen=True)
class Plane:
    """A plane through a cloud: two directions of unit length, and the share of the cloud's variance along each."""

    center: Array  # (features,)
    axes: Array  # (2, features)
    shares: Array  # (2,)

    def project(self, H: Any) -> Array:
        """The coordinates of points in the plane, (rows, 2)."""
        coordinates: Array = (np.asarray(H, dtype=float) - self.center) @ self.axes.T
        return coordinates

    def lift(self, points: Any) -> Array:
        """Points of the plane as points of the space, (rows, features)."""
        lifted: Array = self.center + np.asarray(points, dtype=float) @ self.axes
        return lifted


def principal_plane(H: Any) -> Plane:
    """The plane in which a cloud varies most: its first two principal components. Pearson 1901.

    A component's largest entry is positive, so that the picture is the same on every run.
    """
    H = table(H, "H")
    if H.shape[1] < 2:
        raise ValueError(f"a plane takes points of two features or more, got {H.shape[1]}")
    center = H.mean(axis=0)
    _, spread, axes = np.linalg.svd(H - center, full_matrices=True)
    variance = np.zeros(H.shape[1])
    variance[: len(spread)] = spread**2
    axes = axes[:2] * np.sign(axes[[0, 1], np.abs(axes[:2]).argmax(axis=1)])[:, None]
    return Plane(center, axes, variance[:2] / max(variance.sum(), np.finfo(float).tiny))


@dataclass(frozen=True)
class Probe:
    """A linear classifier: the class of h is the largest of weights @ h + bias."""

    weights: Array  # (K, features)
    bias: Array  # (K,)
    accuracy: float  # on what it was made of

    def __call__(self, h: Any) -> Array:
        """The scores of one row or of several."""
        scores: Array = np.asarray(h, dtype=float) @ self.weights.T + self.bias
        return scores


def linear_probe(H: Any, y: Any, *, l2: float = 1e-4) -> Probe:
    """The softmax regression that parts points H (rows, features) by classes y (rows,), numbered from 0.

    It minimises the mean cross entropy + l2/2 · Σ w² by Newton's method; the accuracy says how far the classes can
    be parted by planes. Alain & Bengio 2016.
    """
    H, y = table(H, "H"), np.asarray(y)
    if y.shape != (len(H),) or (y != y.astype(int)).any() or y.min() < 0:
        raise ValueError(f"y takes a class, numbered from 0, for each of {len(H)} rows, got shape {y.shape}")
    if not l2 > 0:
        raise ValueError(f"l2 must be above 0, got {l2}: classes that planes part have no finite optimum without it")
    w = _newton(np.hstack([H, np.ones((len(H), 1))]), np.eye(int(y.max()) + 1)[y.astype(int)], l2)
    weights, bias = w[:, :-1], w[:, -1]
    return Probe(weights, bias, float(((H @ weights.T + bias).argmax(axis=1) == y).mean()))


def _newton(Z: Array, truth: Array, l2: float) -> Array:
    """Weights (K, features) at the minimum; a little weight on the bias too makes the minimum unique."""
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
        size = 1 / np.sqrt(np.diag(curvature))  # of one size all, or large features make it singular
        step = size * np.linalg.solve(size[:, None] * curvature * size + 1e-12 * np.eye(k * d), size * gradient)
        length = 1.0
        while (found := loss(w - length * step))[0] > now - 1e-4 * length * float(gradient @ step) and length > 1e-8:
            length /= 2
        if now - found[0] < 1e-14:
            break
        w, (now, p) = w - length * step, found
    return w.reshape(k, d)


def _covariances(p: Array) -> Array:
    """diag(p) - p pᵀ for each row, (rows, K, K)."""
    matrices: Array = p[:, :, None] * np.eye(p.shape[1]) - p[:, :, None] * p[:, None, :]
    return matrices
