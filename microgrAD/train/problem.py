"""A problem: data to learn, some of it held out, and a recipe that says how to learn it.

The network of a problem takes features and returns quantities in the units of the data. It standardizes and scales them
itself.
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

PATIENCE = 20  # by default, epochs without a better loss on the validation rows
FEW = 10  # from this number of rows on, a recipe keeps some for validation


@dataclass(frozen=True)
class Recipe:
    """How to learn a data set. `samples` and `noise` are None for the defaults of the data set."""

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
    validation: float = 0.0  # share of the rows to learn from that is kept for validation
    class_names: tuple[str, ...] = ()
    feature_names: Callable[[], Sequence[str]] | None = None


@dataclass(frozen=True)
class Problem:
    """Data to learn, and data held out.

    Arguments:
        X, y: rows (rows, features) and targets (rows,) to learn from.
        held_out: (X, y) for the final scores, which choose nothing; None for a whole truth table.
        validation: (X, y) that say when to stop, or None.
    """

    name: str
    recipe: Recipe
    X: Any
    y: Any
    held_out: tuple[Any, Any] | None
    feature_names: Sequence[str]
    class_names: Sequence[str] = field(default=())  # empty if y holds quantities
    target_name: str = "y"
    validation: tuple[Any, Any] | None = None

    @property
    def watched(self) -> tuple[Any, Any] | None:
        """The rows on which `fit` measures the held-out loss: the validation rows, otherwise the rows held out."""
        return self.validation or self.held_out

    def stopping(self, size: float, *, rng: Any = 0) -> Problem:
        """Return the problem with a random share of the rows to learn from, `size`, kept for validation."""
        X, kept_X, y, kept_y = datasets.train_test_split(self.X, self.y, test_size=size, rng=rng)
        return replace(self, X=X, y=y, validation=(kept_X, kept_y))

    @property
    def outputs(self) -> int:
        """The number of outputs: 1 for two classes or a quantity, otherwise one for each class."""
        return len(self.class_names) if len(self.class_names) > 2 else 1

    @property
    def deviation(self) -> float:
        """The standard deviation of a quantity over the rows to learn from."""
        return scale(self.y[:, None])[1][0]

    @property
    def loss_unit(self) -> str:
        """The unit of the loss; empty if it has none."""
        return "" if self.class_names else "unexplained share of the targets' variance"

    @property
    def loss(self) -> Loss:
        """The loss: cross entropy for classes, `unexplained` for a quantity, which is the same in all units."""
        if not self.class_names:
            return partial(unexplained, deviation=self.deviation)
        return losses.cross_entropy if self.outputs > 1 else losses.binary_cross_entropy_with_logits

    def network(self, *, hidden: Sequence[int] | None = None, activation: str | None = None, rng: Any = 0) -> Module:
        """Return a network for the data; by default as the recipe says.

        Arguments:
            hidden: the number of units in each hidden layer.
            activation: the activation of the hidden layers.
            rng: a seed or generator for the weights.
        """
        sizes = [*(self.recipe.hidden if hidden is None else hidden), self.outputs]
        kinds = [activation or self.recipe.activation] * (len(sizes) - 1) + [LINEAR]
        network: Module = MLP(self.X.shape[1], sizes, activation=kinds, rng=rng)
        if self.held_out is not None:  # a truth table needs no scaling
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
        """Train a network, by default as the recipe says. With held-out data, the learning rate falls during the run.

        Arguments:
            network: the network.
            optimizer: the name of the optimizer.
            lr, momentum: its learning rate and momentum.
            epochs, batch_size, stop_below, callbacks, rng, options: as for `fit`.
            patience: as for `fit`, on the validation rows; by default 20.
        Returns: the history.
        Raises: ValueError for `patience` without validation rows, and what `fit` raises.
        """
        recipe = self.recipe
        if self.validation:
            patience = PATIENCE if patience is None else patience
        elif patience is not None and self.held_out:
            raise ValueError("patience takes validation rows other than those held out; use problem.stopping(0.2)")
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
    """Return ((p - y) / deviation)². Its mean is the share of the variance that is not explained; the mean scores 1."""
    return losses.mse((p - y) / deviation, 0.0)


def scale(columns: Any) -> tuple[list[float], list[float]]:
    """Return the mean and the standard deviation of each column."""
    mean, deviation = datasets.scaling(columns)
    return mean.tolist(), deviation.tolist()


def make_rule(name: str, network: Module, lr: float, momentum: float | None) -> Optimizer:
    """Return an optimizer by its name. The momentum of SGD is 0.9 by default, as in the lecture."""
    if name not in NAMED:
        raise ValueError(f"optimizer must be one of {list(NAMED)}, got {name!r}")
    if momentum is None:
        momentum = 0.9 if NAMED[name] is SGD else 0.0
    elif "momentum" not in NAMED[name].__init__.__annotations__:
        raise ValueError(f"{name} takes no momentum; take sgd or rmsprop")
    extra: dict[str, Any] = {"momentum": momentum} if momentum else {}
    return NAMED[name](network.parameters(), lr=lr, **extra)
