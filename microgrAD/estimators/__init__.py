"""Networks as estimators of scikit-learn: `fit`, `predict`, `score`; for a Pipeline or a GridSearchCV.

settings      scikit-learn's names for settings of this package
stopping      when training has converged
network       what both estimators share: settings, training, weights
classifier    classes and labels
regressor     quantities

scikit-learn is an extra: pip install "microgrAD-studio[sklearn]". Names of arguments are those of its MLPClassifier.
"""

try:
    import sklearn  # noqa: F401
except ImportError as error:
    raise ImportError(
        'microgrAD.estimators needs scikit-learn 1.6 or newer: pip install "microgrAD-studio[sklearn]"'
    ) from error

from microgrAD.estimators.classifier import MLPClassifier
from microgrAD.estimators.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
