"""Training: fit a model to data and keep its history; searches that train many.

task          a loss, targets in its form, and what counts as right
holding       rows that count, and rows held out
replay        gradients of batches and measurements, compiled or not
weights       all parameters as one vector
history       what a run leaves behind, its weights too if recorded
checkpoint    a run saved, to be resumed
loop          epochs, measurements, reasons to stop
fitting       `fit`, `evaluate`, `predict`
stepping      `train_steps`: the trace of a run, step by step
search        hill climbing, restarts, cross-validation, sweeps
problem       data ready to be learned, some of it held out
baselines     a constant guess and a linear model, to compare with
recipes       what learns each built-in data set, and a table
"""

from microgrAD.train.fitting import evaluate, fit, predict
from microgrAD.train.history import History, Recording
from microgrAD.train.loop import TrainingError
from microgrAD.train.search import Trial, cross_validate, hill_climb, random_restarts, sweep
from microgrAD.train.stepping import train_steps

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
    "train_steps",
]
