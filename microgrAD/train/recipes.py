"""Recipes: what learns each built-in data set without being told how, and any table of numbers.

A Problem is data ready to be learned; its `network` takes features and gives quantities in the units of the data, since
it standardizes the ones and scales back the others itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from microgrAD import datasets, losses
from microgrAD.datasets.reviews import vocabulary
from microgrAD.errors import real
from microgrAD.nn import MLP, Module, Rescale, Sequential, Standardize
from microgrAD.nn.layers import LINEAR
from microgrAD.optim import NAMED, SGD, CosineAnnealingLR, Optimizer
from microgrAD.train.fitting import fit
from microgrAD.train.history import History
from microgrAD.train.loop import Callback
from microgrAD.train.task import Loss


@dataclass(frozen=True)
class Recipe:
    """How to learn a set of data. `samples` and `noise` are None where the set has its own."""

    make: Callable[..., Any]
    samples: int | None = 400
    noise: float | None = None
    hidden: tuple[int, ...] = (8, 8)
    activation: str = "tanh"
    optimizer: str = "adam"
    lr: float = 0.03
    epochs: int = 100
    batch_size: int | None = 32
    stop_below: float | None = None
    class_names: tuple[str, ...] = ()
    feature_names: Callable[[], Sequence[str]] | None = None


def _bags(n_samples: int, *, rng: Any) -> tuple[Any, Any]:
    texts, y = datasets.make_reviews(n_samples, rng=rng)
    return datasets.bag_of_words(texts, vocabulary())[0], y


# a whole truth table, learned until the loss is small; the momentum is the lecture's
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
TABLE = Recipe(datasets.read_csv, hidden=(16, 16), lr=0.02)  # for a CSV file


@dataclass(frozen=True)
class Problem:
    """Rows X (rows, features) and targets y to learn, and (X, y) held out, or None for a whole truth table."""

    name: str
    recipe: Recipe
    X: Any
    y: Any
    held_out: tuple[Any, Any] | None
    feature_names: Sequence[str]
    class_names: Sequence[str] = field(default=())  # empty where y are quantities
    target_name: str = "y"

    @property
    def outputs(self) -> int:
        """One for two classes or a quantity, else one a class."""
        return len(self.class_names) if len(self.class_names) > 2 else 1

    @property
    def deviation(self) -> float:
        """The standard deviation of a quantity, among the rows to learn from."""
        return _scale(self.y[:, None])[1][0]

    @property
    def loss_unit(self) -> str:
        """What a loss of 1 is, where it has a unit."""
        return "" if self.class_names else "unexplained share of the targets' variance"

    @property
    def loss(self) -> Loss:
        """Cross entropy; of a quantity what is `unexplained`, which is the same in any unit of the quantity."""
        if not self.class_names:
            return partial(unexplained, deviation=self.deviation)
        return losses.cross_entropy if self.outputs > 1 else losses.binary_cross_entropy_with_logits

    def network(self, *, hidden: Sequence[int] | None = None, activation: str | None = None, rng: Any = 0) -> Module:
        """A network of the right shape, as the recipe says where nothing else is said."""
        sizes = [*(self.recipe.hidden if hidden is None else hidden), self.outputs]
        kinds = [activation or self.recipe.activation] * (len(sizes) - 1) + [LINEAR]
        network: Module = MLP(self.X.shape[1], sizes, activation=kinds, rng=rng)
        if self.held_out is not None:  # a truth table has its scale already
            back = () if self.class_names else (Rescale(*_scale(self.y[:, None])),)
            network = Sequential(Standardize(*_scale(self.X)), *network.children(), *back)
        network.notes = {
            "data": self.name,
            "features": list(self.feature_names),
            "target": self.target_name,
            "classes": list(self.class_names),
        }
        return network

    def teach(
        self,
        network: Module,
        *,
        optimizer: str | None = None,
        lr: float | None = None,
        momentum: float | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        stop_below: float | None = None,
        callbacks: Sequence[Callback] = (),
        rng: Any = 0,
        **options: Any,
    ) -> History:
        """Teach it, by the recipe where nothing else is said; with held-out data the learning rate falls to its end."""
        recipe = self.recipe
        epochs = recipe.epochs if epochs is None else epochs
        rule = make_rule(optimizer or recipe.optimizer, network, recipe.lr if lr is None else lr, momentum)
        schedule = CosineAnnealingLR(rule, T_max=max(epochs, 1), eta_min=rule.lr / 50) if self.held_out else None
        history = fit(
            network,
            self.X,
            self.y,
            loss=self.loss,
            optimizer=rule,
            schedule=schedule,
            epochs=epochs,
            batch_size=batch_size or recipe.batch_size,
            validation=self.held_out,
            stop_below=recipe.stop_below if stop_below is None else stop_below,
            callbacks=callbacks,
            rng=rng,
            **options,
        )
        history.loss_unit = self.loss_unit
        return history


def unexplained(p: Any, y: Any, *, deviation: float) -> Any:
    """((p - y) / deviation)²; its mean is the share of the variance left over, 1 for always answering the mean."""
    return losses.mse((p - y) / deviation, 0.0)


def make_rule(name: str, network: Module, lr: float, momentum: float | None) -> Optimizer:
    """An optimizer by its name; SGD has the lecture's momentum of 0.9 by itself."""
    if name not in NAMED:
        raise ValueError(f"optimizer must be one of {list(NAMED)}, got {name!r}")
    if momentum is None:
        momentum = 0.9 if NAMED[name] is SGD else 0.0
    elif "momentum" not in NAMED[name].__init__.__annotations__:
        raise ValueError(f"{name} takes no momentum; take sgd or rmsprop")
    extra: dict[str, Any] = {"momentum": momentum} if momentum else {}
    return NAMED[name](network.parameters(), lr=lr, **extra)


def built_in(
    name: str, *, samples: int | None = None, noise: float | None = None, test_size: float = 0.25, rng: Any = 0
) -> Problem:
    """A problem of RECIPES by name; ValueError lists them. A truth table without noise holds nothing out."""
    if name not in RECIPES:
        raise ValueError(f"a data set is one of {list(RECIPES)}, got {name!r}")
    if not 0 < real(test_size, "test_size") < 1:
        raise ValueError(f"test_size is the share held out, between 0 and 1, got {test_size}")
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
    return _problem(name, recipe, X, y, features, names, "y", None if exact else test_size, rng)


def table(path: Any, *, target: str | int = -1, test_size: float = 0.25, rng: Any = 0) -> Problem:
    """The problem in a CSV file, see `microgrAD.datasets.read_csv`; a share of its rows is held out."""
    t = datasets.read_csv(path, target=target)
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
    return _problem(str(path), TABLE, t.X, t.y, t.feature_names, t.class_names, t.target_name, test_size, rng)


def _scale(columns: Any) -> tuple[list[float], list[float]]:
    mean, deviation = datasets.scaling(columns)
    return mean.tolist(), deviation.tolist()


def _problem(
    name: str,
    recipe: Recipe,
    X: Any,
    y: Any,
    features: Sequence[str],
    classes: Sequence[str],
    target: str,
    test_size: float | None,
    rng: Any,
) -> Problem:
    held_out = None
    if test_size is not None:
        X, held_X, y, held_y = datasets.train_test_split(X, y, test_size=test_size, rng=rng)
        held_out = (np.asarray(held_X), np.asarray(held_y))
    return Problem(name, recipe, X, y, held_out, features, classes, target)
