"""Training: fit a model to data and keep its history; searches that train many."""

from microgrAD.train.fit import evaluate, fit, predict
from microgrAD.train.history import History
from microgrAD.train.loop import TrainingError
from microgrAD.train.recording import Recording
from microgrAD.train.search import Trial, cross_validate, hill_climb, random_restarts, sweep

__all__ = [
    "History",
    "Recording",
    "TrainingError",
    "Trial",
    "cross_validate",
    "evaluate",
    "fit",
    "hill_climb",
    "predict",
    "random_restarts",
    "sweep",
]
