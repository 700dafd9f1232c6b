"""Networks by scikit-learn's conventions: `fit`, `predict`, `score`; in a Pipeline, in a GridSearchCV.

scikit-learn is an extra: pip install "microgrAD-studio[sklearn]". Names of arguments are those of its MLPClassifier.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from microgrAD.errors import counted, positive, real
from microgrAD.nn import MLP
from microgrAD.nn.layers import LINEAR
from microgrAD.optim import NAMED
from microgrAD.outputs import probabilities
from microgrAD.train.fitting import fit, predict

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise ImportError(
        'microgrAD.estimators needs scikit-learn 1.6 or newer: pip install "microgrAD-studio[sklearn]"'
    ) from error


class _Network(BaseEstimator):  # type: ignore[misc]
    """What both estimators share: the settings, and how a network is taught.

    hidden_layer_sizes    neurons of each hidden layer
    activation            of the hidden layers, any name of `microgrAD.nn.layers.ACTIVATIONS`
    solver                a name of `microgrAD.optim`: "sgd", "rmsprop", "adam", "adamw"
    alpha                 the weight of the L2 penalty
    batch_size            rows a step; None is all
    learning_rate_init    the optimiser's lr
    max_iter              epochs
    tol                   training ends once the loss is below it; None never
    early_stopping        holds out validation_fraction, and ends after n_iter_no_change epochs without a better loss
    random_state          of the weights, the batches and what is held out
    """

    def __init__(
        self,
        hidden_layer_sizes: Any = (8,),
        *,
        activation: str = "tanh",
        solver: str = "adam",
        alpha: float = 0.0,
        batch_size: int | None = None,
        learning_rate_init: float = 0.05,
        max_iter: int = 200,
        tol: float = 1e-3,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
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
        self.random_state = random_state

    def _teach(self, X: Any, y: Any, outputs: int, loss: str) -> None:
        self._check()
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        sizes = np.atleast_1d(self.hidden_layer_sizes).tolist()
        model = MLP(X.shape[1], [*sizes, outputs], activation=[self.activation] * len(sizes) + [LINEAR], rng=seed)
        stop = self.early_stopping
        self.history_ = fit(
            model,
            X,
            y,
            loss=loss,
            optimizer=partial(NAMED[self.solver], lr=self.learning_rate_init),
            epochs=counted(self.max_iter, "max_iter"),
            batch_size=self.batch_size,
            l2=self.alpha,
            stop_below=self.tol,
            progress=False,
            rng=seed,
            validation=float(self.validation_fraction) if stop else None,
            patience=self.n_iter_no_change if stop else None,
        )
        self.model_ = model.eval()
        self.n_iter_, self.loss_curve_ = self.history_.epochs, self.history_.loss
        self.loss_ = self.loss_curve_[self.history_.end]

    def _check(self) -> None:
        """Refuse settings by the names that they have here."""
        if self.solver not in NAMED:
            raise ValueError(f"solver must be one of {list(NAMED)}, got {self.solver!r}")
        for name in ("alpha", "learning_rate_init"):
            positive(getattr(self, name), name)
        if self.tol is not None:
            real(self.tol, "tol")
        if self.early_stopping:
            counted(self.n_iter_no_change, "n_iter_no_change")
            if not 0 < real(self.validation_fraction, "validation_fraction") < 1:
                raise ValueError(f"validation_fraction must be between 0 and 1, got {self.validation_fraction}")

    def _outputs(self, X: Any) -> Any:
        check_is_fitted(self)
        return predict(self.model_, validate_data(self, X, reset=False, dtype=np.float64))


class MLPClassifier(ClassifierMixin, _Network):  # type: ignore[misc]
    __doc__ = f"""A multi-layer perceptron that tells classes apart, taught by cross entropy.

    {(_Network.__doc__ or "").partition(chr(10))[2].strip()}

    After `fit`: classes_, model_ (a microgrAD.nn.MLP), history_, n_iter_, loss_curve_, loss_.
    """

    def fit(self, X: Any, y: Any) -> MLPClassifier:
        """Learn the classes y (rows,) of X (rows, features); gives the estimator itself."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"a classifier takes two classes or more, got one class: {self.classes_.tolist()[0]!r}")
        several = len(self.classes_) > 2
        self._teach(
            X,
            numbers,
            len(self.classes_) if several else 1,
            "cross_entropy" if several else "binary_cross_entropy_with_logits",
        )
        return self

    def predict_proba(self, X: Any) -> Any:
        """The probability of each class, (rows, classes), in the order of classes_."""
        return probabilities(self._outputs(X), "logits")

    def predict(self, X: Any) -> Any:
        """The most probable class of each row, (rows,)."""
        p = self.predict_proba(X)
        return self.classes_[p.argmax(axis=1)]


class MLPRegressor(RegressorMixin, _Network):  # type: ignore[misc]
    __doc__ = f"""A multi-layer perceptron that predicts a quantity, taught by the mean squared error.

    As scikit-learn's, it takes features and targets as they are, and learns those best whose deviation is about 1; for
    others there are StandardScaler in a Pipeline, and sklearn.compose.TransformedTargetRegressor around it.

    {(_Network.__doc__ or "").partition(chr(10))[2].strip()}

    After `fit`: model_ (a microgrAD.nn.MLP), history_, n_iter_, loss_curve_, loss_.
    """

    def fit(self, X: Any, y: Any) -> MLPRegressor:
        """Learn the quantities y (rows,) of X (rows, features); gives the estimator itself."""
        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        self._teach(X, np.asarray(y, dtype=float), 1, "mse")
        return self

    def predict(self, X: Any) -> Any:
        """The predicted quantity of each row, (rows,)."""
        return self._outputs(X)[:, 0]
