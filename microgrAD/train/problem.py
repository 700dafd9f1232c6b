"""A problem: data ready to be learned, some of it held out, and a recipe for how.

Its network takes features and gives quantities in the units of the data, since it standardizes the ones and scales back
the others itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from microgrAD import datasets, losses
from microgrAD.nn import MLP, Module, Rescale, Sequential, Standardize
from microgrAD.nn.layers import LINEAR
from microgrAD.optim import NAMED, SGD, CosineAnnealingLR, Optimizer
from microgrAD.train.fitting import fit
from microgrAD.train.history import History
from microgrAD.train.loop import Callback
from microgrAD.train.task import Loss

PATIENCE = 20  # epochs without a better loss on the rows to stop on, if nothing else is said
FEW = 10  # rows from which a recipe keeps some to stop on


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
    validation: float = 0.0  # share of the rows to learn from that is kept to stop on
    class_names: tuple[str, ...] = ()
    feature_names: Callable[[], Sequence[str]] | None = None


@dataclass(frozen=True)
class Problem:
    """Rows X (rows, features) and targets y to learn, and (X, y) held out, or None for a whole truth table.

    `validation` are other rows (X, y) to stop on, or None. What is reported of the rows held out chose nothing.
    """

    name: str
    recipe: Recipe
    X: Any
    y: Any
    held_out: tuple[Any, Any] | None
    feature_names: Sequence[str]
    class_names: Sequence[str] = field(default=())  # empty where y are quantities
    target_name: str = "y"
    validation: tuple[Any, Any] | None = None

    @property
    def watched(self) -> tuple[Any, Any] | None:
        """The rows on which the loss is followed beside those learned from: those to stop on, else those held out."""
        return self.validation or self.held_out

    def stopping(self, size: float, *, rng: Any = 0) -> Problem:
        """The same with a share of the rows to learn from, at random, kept to stop on."""
        X, kept_X, y, kept_y = datasets.train_test_split(self.X, self.y, test_size=size, rng=rng)
        return replace(self, X=X, y=y, validation=(kept_X, kept_y))

    @property
    def outputs(self) -> int:
        """One for two classes or a quantity, else one a class."""
        return len(self.class_names) if len(self.class_names) > 2 else 1

    @property
    def deviation(self) -> float:
        """The standard deviation of a quantity, among the rows to learn from."""
        return scale(self.y[:, None])[1][0]

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
            back = () if self.class_names else (Rescale(*scale(self.y[:, None])),)
            network = Sequential(Standardize(*scale(self.X)), *network.children(), *back)
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
        patience: int | None = None,
        callbacks: Sequence[Callback] = (),
        rng: Any = 0,
        **options: Any,
    ) -> History:
        """Teach it, by the recipe where nothing else is said; with held-out data the learning rate falls to its end.

        With rows to stop on, it ends after `patience` epochs without a better loss there (20), and the weights of the
        best epoch are put back.
        """
        recipe = self.recipe
        if self.validation:
            patience = PATIENCE if patience is None else patience
        elif patience is not None and self.held_out:
            raise ValueError("patience takes rows to stop on other than those held out; take problem.stopping(0.2)")
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
            validation=self.watched,
            patience=patience,
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


def scale(columns: Any) -> tuple[list[float], list[float]]:
    """The mean and the standard deviation of each column."""
    mean, deviation = datasets.scaling(columns)
    return mean.tolist(), deviation.tolist()


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
