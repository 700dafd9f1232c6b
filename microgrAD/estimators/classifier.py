"""A classifier: each row has one class, or any number of labels."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from microgrAD import losses
from microgrAD.estimators.network import SETTINGS, Network
from microgrAD.outputs import probabilities

MULTILABEL = "multilabel-indicator"


class MLPClassifier(ClassifierMixin, Network):  # type: ignore[misc]
    __doc__ = f"""A multi-layer perceptron that predicts classes, trained by cross entropy.

    {SETTINGS},
    and classes_.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPClassifier:
        """Train the network.

        Arguments:
            X: rows (rows, features).
            y: the class of each row, (rows,); or labels that are 0 or 1, (rows, labels).
            sample_weight: the weight of each row, (rows,).
        Returns: the estimator itself.
        """
        return self._learn(X, y, None, sample_weight, incremental=False)

    def partial_fit(self, X: Any, y: Any, *, classes: Any = None, sample_weight: Any = None) -> MLPClassifier:
        """Train the network for one epoch on some rows, from the weights of the last call.

        Arguments:
            X, y, sample_weight: as for `fit`.
            classes: all classes of this call and later ones; the first call needs it.
        Returns: the estimator itself.
        """
        return self._learn(X, y, classes, sample_weight, incremental=True)

    def _learn(self, X: Any, y: Any, classes: Any, sample_weight: Any, *, incremental: bool) -> MLPClassifier:
        X, y = self._checked(X, y, incremental=incremental)
        check_classification_targets(y)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        self._know(y, classes, incremental)
        if self._multilabel:
            loss: Any = partial(losses.binary_cross_entropy_with_logits, reduction="sum")
            self._teach(X, y.astype(float), y.shape[1], loss, sample_weight, incremental=incremental)
            return self
        numbers, count = np.searchsorted(self.classes_, y), len(self.classes_)
        loss = losses.cross_entropy if count > 2 else losses.binary_cross_entropy_with_logits
        self._teach(X, numbers, count if count > 2 else 1, loss, sample_weight, incremental=incremental)
        return self

    def _know(self, y: Any, classes: Any, incremental: bool) -> None:
        """Set classes_, or raise ValueError for a class that is not among them."""
        kind = type_of_target(y)
        if kind.startswith("multiclass-multi"):
            raise ValueError("a row has one class, or labels of 0 and 1; got several columns of other numbers")
        multilabel = kind == MULTILABEL
        found = np.arange(y.shape[1]) if multilabel else np.unique(y)
        if not self._goes_on(incremental):
            if incremental and classes is None and not multilabel:
                raise ValueError("the first call of partial_fit takes classes, all that later calls may have")
            known = found if classes is None else np.unique(classes)
            if multilabel and len(known) != len(found):
                raise ValueError(f"classes has {len(known)} labels, and y has {len(found)} columns")
            if len(known) < 2:
                raise ValueError(f"a classifier takes two classes or more, got one class: {known.tolist()[0]!r}")
            self.classes_, self._multilabel = known, multilabel
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(f"classes must be those of the first call, {self.classes_.tolist()}, got {classes}")
        if multilabel != self._multilabel or not np.isin(found, self.classes_).all():
            raise ValueError(
                f"y has other classes than were known, {self.classes_.tolist()}: {found.tolist()[:20]}; name all of "
                "them in the first call of partial_fit, or let warm_start be False"
            )

    def predict_proba(self, X: Any) -> Any:
        """Return the probability of each class, (rows, classes), in the order of classes_; or of each label."""
        given = self._outputs(X)
        return (1 + np.tanh(given / 2)) / 2 if self._multilabel else probabilities(given, "logits")

    def predict(self, X: Any) -> Any:
        """Return the most probable class of each row, (rows,); or 1 for each label with a probability above ½."""
        p = self.predict_proba(X)
        return (p > 0.5).astype(int) if self._multilabel else self.classes_[p.argmax(axis=1)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
