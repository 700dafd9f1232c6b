"""Checks of what pictures are given: rows of a plane, labels, names, limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from microgrAD.interpret.rows import Array, table
from viz import style

Limits = tuple[tuple[float, float], tuple[float, float]]


def plane_rows(X: Any, what: str = "X") -> Array:
    """Return rows of two finite numbers, (rows, 2). Raise ValueError for anything else."""
    shape = np.shape(X)
    if len(shape) != 2 or shape[1] != 2 or not shape[0]:
        raise ValueError(f"a plane takes data of shape (rows, 2), got {what} of shape {shape}")
    return table(X, what)


def labels(y: Any, rows: int, what: str = "y") -> Any:
    """Return the label of each of `rows` rows, (rows,). Raise ValueError for another number, or a missing label."""
    y = np.asarray(y)
    if y.shape != (rows,):
        raise ValueError(f"{what} takes a label for each of {rows} rows, got shape {y.shape}")
    if missing := [k for k, label in enumerate(y.tolist()) if label is None or label != label]:
        raise ValueError(
            f"{what} takes a label for each row, got {y[missing[0]]} in row {missing[0]}; leave such rows out"
        )
    if y.dtype.kind == "f" and (y != y.round()).any() and len(found := np.unique(y)) > len(style.CLASSES):
        raise ValueError(
            f"{what} takes labels of classes, got {len(found)} quantities such as {found[0]:.4g}; those "
            "viz.player shows, and of one input viz.fitted_curve"
        )
    return y


def classes_of(y: Any, count: int) -> list[Any]:
    """Return the labels of a model's `count` classes, in the order of its outputs: those in y, or 0, 1, 2, ..."""
    found = [] if y is None else np.unique(y).tolist()
    if len(found) > count:
        raise ValueError(f"y has {len(found)} classes, {found}, and the model answers with {count}")
    if len(found) == count:
        return found
    if unknown := [c for c in found if c not in range(count)]:
        raise ValueError(
            f"of the model's {count} classes y has only {found}, and which outputs these are can't be "
            f"told from {unknown[0]!r}; number the classes from 0"
        )
    return list(range(count))


def names(
    given: Sequence[str] | None,
    otherwise: Sequence[Any],
    what: str = "class_names",
    each: str = "classes",
    *,
    page: bool = False,
) -> list[str]:
    """Return the names that are given, one for each; without them, those `otherwise`.

    On matplotlib's Axes, text between two dollar signs would be mathematics, so they are escaped. A `page` needs no
    escape.
    """
    if given is None:
        return [str(name) for name in otherwise]
    if len(given) != len(otherwise):
        raise ValueError(f"{what} takes one name for each of {len(otherwise)} {each}, got {given!r}")
    return [str(name) if page else str(name).replace("$", r"\$") for name in given]


def features(given: Sequence[str] | None, count: int = 2, *, page: bool = False) -> list[str]:
    """Return the names of the features; by default x1, x2, ..."""
    return names(given, [f"x{k}" for k in range(1, count + 1)], "feature_names", "features", page=page)


def classes(given: Sequence[str] | None, labels: Sequence[Any], *, page: bool = False) -> list[str]:
    """Return the names of the classes, one for each label; by default class 0, class 1, ..."""
    return names(given, [f"class {label}" for label in labels], page=page)


def checked(X: Any, y: Any) -> tuple[Array | None, Any]:
    """Return rows of a plane, and the label of each, if they are given. Raise ValueError for labels without rows."""
    if X is None:
        if y is not None:
            raise ValueError("y are the labels of the rows of X, and there is no X; pass both")
        return None, None
    X = plane_rows(X)
    return X, None if y is None else labels(y, len(X))


def sides(given: Limits) -> Limits:
    """Return the limits of a plane, ((left, right), (bottom, top)). Raise ValueError for anything else."""
    try:
        found = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        found = np.empty(0)
    if found.shape != (2, 2) or not np.isfinite(found).all() or (found[:, 0] >= found[:, 1]).any():
        raise ValueError(f"limits takes ((left, right), (bottom, top)), each from low to high, got {given!r}")
    (left, right), (bottom, top) = found.tolist()
    return (left, right), (bottom, top)
