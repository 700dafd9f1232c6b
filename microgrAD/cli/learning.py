"""The progress of training in a terminal: a line every few epochs, with the loss and the share of right answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microgrAD.nn import Module
    from microgrAD.optim import Optimizer
    from microgrAD.train import History
    from microgrAD.train.history import Measured
    from microgrAD.train.problem import Problem

LINES = 50  # the largest number of lines of progress


def learn(model: Module, X: Any, y: Any, optimizer: Optimizer, *, epochs: int = 500, stop_below: float = 0.02) -> float:
    """Train on a whole truth table, print a line every few epochs, and return the final accuracy."""
    from microgrAD.train import evaluate, fit

    print(_head(right=True))
    print(_line(0, evaluate(model, X, y)))
    history = fit(
        model,
        X,
        y,
        optimizer=optimizer,
        epochs=epochs,
        stop_below=stop_below,
        progress=False,
        callbacks=[_Report(epochs)],
    )
    _last(history, epochs)
    return history.accuracy[-1]


def told(problem: Problem, teach: Any, model: Module, epochs: int, head: str) -> History:
    """Train, print a line every few epochs, and return the history.

    Arguments:
        problem: the data.
        teach: a function that trains; it takes `callbacks` and `progress`, and returns the history.
        model: the network.
        epochs: the largest number of epochs.
        head: lines to print first. They are printed after the first epoch, so that an error comes before them.
    """
    from microgrAD.train import evaluate

    sets = [(problem.X, problem.y), *([problem.watched] if problem.watched else [])]
    start = _line(0, *[evaluate(model, X, y, loss=problem.loss) for X, y in sets])
    beside = "" if problem.watched is None else "test" if problem.validation is None else "valid."
    columns = _head(right=bool(problem.class_names), beside=beside)
    history: History = teach(callbacks=[_Report(epochs, [head, columns, start])], progress=False)
    _last(history, epochs)
    if history.restored:
        print(
            f"\nthe weights are those of epoch {history.restored}"
            + (
                f", after which the loss on {len(problem.watched[0])} validation rows was no better"
                if problem.watched and history.restored < history.epochs
                else ""
            )
        )
    return history


class _Report:
    """A callback of `fit` that prints a line every few epochs, and before the first one the lines of a head."""

    def __init__(self, epochs: int, head: Sequence[str] = ()) -> None:
        self.every, self.head = _every(epochs), head

    def __call__(self, _: object, history: History) -> None:
        if self.head:
            print(*self.head, sep="\n")
            self.head = ()
        if history.epochs % self.every == 0:
            print(_present(history), flush=True)


def _every(epochs: int) -> int:
    """Return the number of epochs from line to line, 1, 2, 5, 10, 20, ..., for up to LINES lines."""
    step = 1
    while epochs / step > LINES:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step


def _last(history: History, epochs: int) -> None:
    if history.epochs % _every(epochs):
        print(_present(history))


def _present(history: History) -> str:
    lists = ((history.loss, history.accuracy), (history.test_loss, history.test_accuracy))
    return _line(history.epochs, *[(losses[-1], shares[-1] if shares else None) for losses, shares in lists if losses])


def _head(*, right: bool, beside: str = "") -> str:
    share = "  right" if right else ""
    return f"epoch    loss{share}" + (f"  {beside:>6}{share}" if beside else "")


def _line(epoch: int, *measured: Measured) -> str:
    return f"{epoch:5d}" + "".join(
        f"  {_short(mean):>6}" + ("" if share is None else f"  {share:5.0%}") for mean, share in measured
    )


def _short(loss: float) -> str:
    """Return a loss with four decimal places; a large one with four digits."""
    return f"{loss:.4f}" if loss < 10 else f"{loss:.4g}"
