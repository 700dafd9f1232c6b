"""Training: fit a model to data and keep its history; searches that train many.

task          a loss, targets in its form, and what counts as right
holding       rows that count, and rows held out
eager         gradients of batches and measurements; each row's graph is built anew
replay        the same by a compiled program, compared with eager
weights       all parameters as one vector
history       what a run leaves behind, its weights too if recorded
checkpoint    a run saved, to be resumed
loop          epochs, measurements, reasons to stop
settings      what a resumed run must have in common with the run before
fitting       `fit`, `evaluate`, `predict`
stepping      `train_steps`: the trace of a run, step by step
search        random restarts, cross-validation, sweeps: searches that train many models
climbing      hill climbing, which needs no gradient
problem       data ready to be learned, some of it held out
baselines     a constant guess and a linear model, to compare with
recipes       what learns each built-in data set, and a table
"""

from microgrAD.train.climbing import hill_climb
from microgrAD.train.fitting import evaluate, fit, predict
from microgrAD.train.history import History, Recording
from microgrAD.train.loop import TrainingError
from microgrAD.train.search import Trial, cross_validate, random_restarts, sweep
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
