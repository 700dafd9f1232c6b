"""Recipes: good settings for each built-in data set, and for a table of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from microgrAD import datasets
from microgrAD.datasets.reviews import vocabulary
from microgrAD.errors import real
from microgrAD.train.problem import FEW, Problem, Recipe


def _bags(n_samples: int, *, rng: Any) -> tuple[Any, Any]:
    texts, y = datasets.make_reviews(n_samples, rng=rng)
    return datasets.bag_of_words(texts, vocabulary())[0], y


# truth tables are learned until the loss is small; the momentum is the lecture's
_LOGIC = partial(
    Recipe, samples=None, hidden=(4,), optimizer="sgd", lr=0.5, epochs=500, batch_size=None, stop_below=0.02
)

RECIPES: dict[str, Recipe] = {
    "xor": _LOGIC(datasets.make_xor),
    "and": _LOGIC(datasets.make_and, hidden=()),
    "or": _LOGIC(datasets.make_or, hidden=()),
    "parity": _LOGIC(datasets.make_parity, hidden=(8,), optimizer="adam", lr=0.1),
    "circles": Recipe(datasets.make_circles),
    "moons": Recipe(datasets.make_moons),
    "blobs": Recipe(datasets.make_blobs, hidden=(8,), epochs=40),
    "spirals": Recipe(datasets.make_spirals, hidden=(16, 16), epochs=150),
    "yin-yang": Recipe(
        datasets.make_yin_yang, samples=3000, hidden=(20, 20), lr=0.02, class_names=("yin", "yang", "dot")
    ),
    "sine": Recipe(datasets.make_sine, hidden=(16,), epochs=150),
    "glyphs": Recipe(datasets.make_glyphs, hidden=(16,), epochs=40, lr=0.01, class_names=tuple(datasets.GLYPHS)),
    "reviews": Recipe(_bags, hidden=(), epochs=40, class_names=("bad", "good"), feature_names=vocabulary),
}
TABLE = Recipe(datasets.read_csv, hidden=(16, 16), lr=0.02, validation=0.2)  # for a CSV file


def built_in(
    name: str,
    *,
    samples: int | None = None,
    noise: float | None = None,
    test_size: float = 0.25,
    validation_size: float | None = None,
    rng: Any = 0,
) -> Problem:
    """Return the problem of a built-in data set. A truth table without noise holds no rows out.

    Arguments:
        name: a name in RECIPES.
        samples: the number of rows; by default as the recipe says.
        noise: the noise of the data; by default as the recipe says.
        test_size: the share of the rows that is held out.
        validation_size: the share of the other rows that is kept for validation; by default none.
        rng: a seed or generator.
    Raises: ValueError for another name, or for sizes or noise that are not valid.
    """
    if name not in RECIPES:
        raise ValueError(f"a data set is one of {list(RECIPES)}, got {name!r}")
    _share(test_size, "test_size", "held out")
    recipe, options = RECIPES[name], {}
    exact = recipe.samples is None and not noise
    if noise is not None:
        if recipe.make is _bags:
            raise ValueError("reviews take no noise")
        options["cluster_std" if recipe.make is datasets.make_blobs else "noise"] = noise
    count = samples or recipe.samples or (None if exact else 200)
    X, y = recipe.make(**({} if count is None else {"n_samples": count}), **options, rng=rng)
    quantities = y.dtype.kind == "f"
    names = [] if quantities else list(recipe.class_names) or [str(k) for k in range(int(y.max()) + 1)]
    features = recipe.feature_names() if recipe.feature_names else [f"x{k}" for k in range(1, X.shape[1] + 1)]
    return _problem(name, recipe, X, y, features, names, "y", None if exact else test_size, validation_size, rng)


def table(
    path: Any,
    *,
    target: str | int = -1,
    test_size: float = 0.25,
    validation_size: float | None = None,
    rng: Any = 0,
    **options: Any,
) -> Problem:
    """Return the problem of a CSV file.

    Arguments:
        path: the file.
        target: the name or number of the column to predict.
        test_size: the share of the rows that is held out.
        validation_size: the share of the other rows that is kept for validation; by default 0.2 of 10 or more rows.
        rng: a seed or generator.
        options: options of `microgrAD.datasets.read_csv`.
    Raises: TableError for a table that cannot be learned; ValueError for sizes that are not valid.
    """
    _share(test_size, "test_size", "held out")
    t = datasets.read_csv(path, target=target, **options)
    if len(t.y) < 2:
        raise datasets.TableError(f"{path} has one row; a table takes two or more, since some are held out")
    if len(t.class_names) == len(t.y) > 2:
        raise datasets.TableError(
            f"{path}: column {t.target_name!r} has another text in every row, such as "
            f"{t.class_names[0][:40]!r}; classes are there more than once, and numbers are "
            "written as 1234.5"
        )
    if (t.y == t.y[0]).all():
        only = t.class_names[0] if t.class_names else f"{t.y[0]:g}"
        raise datasets.TableError(
            f"{path}: column {t.target_name!r} is {only!r} in every row; there is nothing to learn"
        )
    return _problem(
        str(path), TABLE, t.X, t.y, t.feature_names, t.class_names, t.target_name, test_size, validation_size, rng
    )


def _share(size: float, name: str, what: str) -> None:
    if not 0 < real(size, name) < 1:
        raise ValueError(f"{name} is the share {what}, between 0 and 1, got {size}")


def _problem(
    name: str,
    recipe: Recipe,
    X: Any,
    y: Any,
    features: Sequence[str],
    classes: Sequence[str],
    target: str,
    test_size: float | None,
    validation_size: float | None,
    rng: Any,
) -> Problem:
    if validation_size:
        _share(validation_size, "validation_size", "of the rows to learn from that is kept for validation")
    if test_size is None:
        if validation_size:
            raise ValueError(f"{name} is a whole truth table, of which no row can be spared; leave validation_size out")
        return Problem(name, recipe, X, y, None, features, classes, target)
    X, held_X, y, held_y = datasets.train_test_split(X, y, test_size=test_size, rng=rng)
    problem = Problem(name, recipe, X, y, (np.asarray(held_X), np.asarray(held_y)), features, classes, target)
    if validation_size is None:
        validation_size = recipe.validation if len(X) >= FEW else 0.0
    return problem.stopping(validation_size, rng=rng) if validation_size else problem
