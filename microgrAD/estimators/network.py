"""What both estimators share: settings, training, and the weights in scikit-learn's form."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from microgrAD.estimators.settings import activation_of, batch_size_of, check, sizes_of
from microgrAD.estimators.stopping import Plateau
from microgrAD.nn import MLP
from microgrAD.nn.layers import LINEAR
from microgrAD.optim import NAMED
from microgrAD.train.fitting import fit, predict
from microgrAD.train.task import Loss

SETTINGS = """Arguments:
        hidden_layer_sizes: the number of neurons in each hidden layer.
        activation: of the hidden layers: a name in `microgrAD.nn.layers.ACTIVATIONS`, "logistic" or "identity".
        solver: the optimizer: "sgd", "rmsprop", "adam" or "adamw".
        alpha: the weight of the L2 penalty: ½ alpha Σw² is added to the sum of the losses, for all weights and biases.
        batch_size: the number of rows in a step; "auto" is up to 200, None is all rows.
        learning_rate_init: the learning rate of the optimizer.
        max_iter: the largest number of epochs. A ConvergenceWarning says if they were too few.
        tol: training stops after more than n_iter_no_change epochs without a loss that is lower by this number; None
            never stops early.
        early_stopping: whether that loss is measured on validation_fraction of the rows, which are held out; then the
            weights of the best epoch are kept.
        warm_start: whether `fit` continues from the weights of the last call.
        random_state: of the weights, the batches, and the rows held out.

    After `fit` there are model_ (a microgrAD.nn.MLP), history_ (of the last call), n_iter_ (its number of epochs),
    loss_curve_ (of all calls since the first one, or since the last one without warm_start), loss_, coefs_ and
    intercepts_ (arrays, one for each layer)"""


class Network(BaseEstimator):  # type: ignore[misc]
    __doc__ = f"""An estimator with a network: its settings and its training.

    {SETTINGS}.
    """

    model_: MLP
    loss_curve_: list[float]
    _rule: dict[str, Any]  # the state of the optimizer between calls of partial_fit

    def __init__(
        self,
        hidden_layer_sizes: Any = (8,),
        *,
        activation: str = "tanh",
        solver: str = "adam",
        alpha: float = 0.0,
        batch_size: int | str | None = None,
        learning_rate_init: float = 0.05,
        max_iter: int = 200,
        tol: float | None = 1e-4,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        warm_start: bool = False,
        random_state: Any = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.tol = tol
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.warm_start = warm_start
        self.random_state = random_state

    @property
    def coefs_(self) -> list[Any]:
        """The weights of each layer, (inputs, units)."""
        return [np.array([[w.data for w in unit.w] for unit in layer.neurons]).T for layer in self._layers()]

    @property
    def intercepts_(self) -> list[Any]:
        """The biases of each layer, (units,)."""
        return [np.array([unit.b.data for unit in layer.neurons]) for layer in self._layers()]

    def _layers(self) -> list[Any]:
        return list(self.model_.children())

    def _goes_on(self, incremental: bool) -> bool:
        """Return whether a call continues from the weights of the last call."""
        return hasattr(self, "model_") and (incremental or self.warm_start)

    def _checked(self, X: Any, y: Any, *, incremental: bool, **options: Any) -> tuple[Any, Any]:
        """Return X and y as dense arrays."""
        reset = not self._goes_on(incremental)
        X, y = validate_data(
            self, X, y, accept_sparse=True, multi_output=True, dtype=np.float64, reset=reset, **options
        )
        return _dense(X), _dense(y)

    def _teach(self, X: Any, y: Any, outputs: int, loss: Loss, sample_weight: Any, *, incremental: bool) -> None:
        check(self)
        if incremental and self.early_stopping:
            raise ValueError("partial_fit sees some rows only, so it can't stop early; let early_stopping be False")
        w = None if sample_weight is None else _check_sample_weight(sample_weight, X)
        if not self._goes_on(incremental):
            self._begin(X.shape[1], outputs)
        elif (shape := self._shape(X.shape[1], outputs)) != self._taught:
            raise ValueError(
                f"the trained network has layers {self._taught}, and now they would be {shape}; use a new estimator"
            )
        X, y, w, held = self._held_out(X, y, w)
        rule = NAMED[self.solver](self.model_.parameters(), lr=self.learning_rate_init)
        if incremental and self._rule.get("rule") == type(rule).__name__:  # its averages stay
            rule.load_state_dict(self._rule)
            rule.lr = float(self.learning_rate_init)
        size = batch_size_of(self.batch_size, len(X))
        plateau = Plateau(self.tol, self.n_iter_no_change)
        counts = len(X) if w is None else float(w.sum())
        self.history_ = fit(
            self.model_,
            X,
            y,
            loss=loss,
            optimizer=rule,
            epochs=1 if incremental else self.max_iter,
            batch_size=size,
            sample_weight=w,
            l2=self.alpha / (2 * counts * size / len(X)) if counts else 0.0,
            validation=held,
            callbacks=[plateau],
            progress=False,
            rng=self._seed(),
        )
        plateau.restore(self.model_)
        self._rule = rule.state_dict() if incremental else {}
        self.n_iter_ = self.history_.epochs
        self.loss_ = self.history_.loss[plateau.epoch - 1 if held else -1]
        self.loss_curve_ = [*self.loss_curve_, *self.history_.loss]
        if not incremental and self.history_.stopped == "epochs":
            warnings.warn(
                f"max_iter={self.max_iter} epochs were run, and the loss still falls; raise max_iter or "
                "learning_rate_init, or scale the features",
                ConvergenceWarning,
                stacklevel=3,
            )

    def _begin(self, features: int, outputs: int) -> None:
        self._random = check_random_state(self.random_state)
        self._taught = self._shape(features, outputs)
        sizes = self._taught[1:]
        kinds = [activation_of(self.activation)] * (len(sizes) - 1) + [LINEAR]
        self.model_ = MLP(features, sizes, activation=kinds, rng=self._seed())
        self.model_.eval()
        self.loss_curve_, self._rule = [], {}

    def _shape(self, features: int, outputs: int) -> list[Any]:
        return [features, *sizes_of(self.hidden_layer_sizes), outputs]

    def _seed(self) -> int:
        return int(self._random.randint(2**31 - 1))

    def _held_out(self, X: Any, y: Any, w: Any) -> tuple[Any, Any, Any, Any]:
        """Return the rows to learn from and those held out; each class has the same share in both, if possible."""
        if not self.early_stopping:
            return X, y, w, None
        w = np.ones(len(X)) if w is None else w
        X, y, w = X[w > 0], y[w > 0], w[w > 0]
        share = float(self.validation_fraction)
        held = int(np.ceil(share * len(X)))
        if held < 1 or held >= len(X):
            raise ValueError(f"validation_fraction={share} of {len(X)} rows leaves none to learn from or to hold out")
        classes = np.unique(y, return_counts=True)[1] if is_classifier(self) and y.ndim == 1 else [0]
        even = min(classes) > 1 and len(classes) <= min(held, len(X) - held)
        X, held_X, y, held_y, w, held_w = train_test_split(
            X, y, w, test_size=held, random_state=self._random, stratify=y if even else None
        )
        return X, y, w, (held_X, held_y, held_w)

    def _outputs(self, X: Any) -> Any:
        check_is_fitted(self)
        return predict(self.model_, _dense(validate_data(self, X, reset=False, dtype=np.float64, accept_sparse=True)))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _dense(array: Any) -> Any:
    return array.toarray() if hasattr(array, "toarray") else array
