"""`microgrAD train`: a small network learns.

Train a network on a small data set or on a table of numbers, show how its loss falls, and what it answers
in the end.

  microgrAD train xor
  microgrAD train circles --hidden 4 --seed 3 --plot circles.png
  microgrAD train flowers.csv --target kind --save model.json --history history.json
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import path
from microgrAD.cli.pictures import page, picture, save
from microgrAD.cli.tables import table

if TYPE_CHECKING:
    from microgrAD.nn import Module
    from microgrAD.optim import Optimizer
    from microgrAD.train import History
    from microgrAD.train.recipes import Problem

LINES = 50          # so many lines of progress at most
FEW = 16            # so many rows have their answers listed
NOTE = "where nothing is said, the data set's own recipe holds"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The data, the network and how it learns."""
    from microgrAD.train.recipes import RECIPES

    parser.add_argument("data", metavar="DATASET|FILE.csv", help=", ".join(RECIPES) + ", or a table")
    parser.add_argument("--target", metavar="COLUMN", help="what to learn from a table: its last column")
    parser.add_argument("--samples", metavar="N", type=int, help="rows of a built-in data set")
    parser.add_argument("--noise", metavar="X", type=float, help="standard deviation of its noise")
    parser.add_argument("--test-size", metavar="X", type=float, default=0.25, help="share of rows held out (0.25)")
    parser.add_argument("--hidden", metavar="N,N", type=_sizes, help="neurons of each hidden layer")
    parser.add_argument("--activation", metavar="NAME", help="of the hidden layers")
    parser.add_argument("--optimizer", metavar="NAME", help="sgd, rmsprop, adam or adamw")
    parser.add_argument("--lr", metavar="X", type=float, help="learning rate")
    parser.add_argument("--momentum", metavar="X", type=float, help="of sgd (0.9) and rmsprop (0)")
    parser.add_argument("--l2", metavar="X", type=float, default=0.0, help="weight of the penalty on weights (0)")
    parser.add_argument("--epochs", metavar="N", type=int, help="at most so many")
    parser.add_argument("--batch-size", metavar="N", type=int, help="rows a step")
    parser.add_argument("--stop-below", metavar="LOSS", type=float, help="until the loss is below")
    parser.add_argument("--patience", metavar="N", type=int, help="until it has not fallen for so many epochs")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of the data and the first weights (0)")
    parser.add_argument("--save", metavar="FILE", type=_json, help="the model, for `microgrAD predict`: .json")
    parser.add_argument("--history", metavar="FILE", type=_json, help="loss and accuracy of every epoch: .json")
    parser.add_argument("-o", "--plot", metavar="FILE", type=picture,
                        help="the decision boundary, the curve, or the loss: .png, .svg or .pdf")
    parser.add_argument("--player", metavar="FILE", type=page,
                        help="the training itself, to play back in a browser: .html")
    parser.epilog = NOTE


def run(args: argparse.Namespace) -> int:
    """Train, say how it went, keep what is asked for; 1 if it was not learned."""
    for name, least in (("epochs", 1), ("seed", 0), ("samples", 2), ("batch_size", 1), ("patience", 1)):
        if (given := getattr(args, name)) is not None and given < least:
            raise Refusal(f"--{name.replace('_', '-')} must be {least} or more, got {given}")
    problem = _problem(args)
    model = problem.network(hidden=args.hidden, activation=args.activation, rng=args.seed)
    held = f", {len(problem.held_out[0])} more held out" if problem.held_out else ""
    head = f"{problem.name}: {len(problem.X)} rows{held}; {described(model)}\n"
    chosen = {name: getattr(args, name) for name in ("optimizer", "lr", "momentum", "epochs", "batch_size",
                                                     "stop_below", "patience", "l2")}
    if args.player:
        _playable(problem, model)
    history = _told(problem, lambda **more: problem.teach(model, **chosen, rng=args.seed, record=bool(args.player),
                                                          **more), model, args.epochs or problem.recipe.epochs, head)
    if problem.held_out is None and len(problem.X) <= FEW:
        print(f"\n{answers(model, problem.X, problem.y)}")
    status = _verdict(problem, history)
    _keep(args, problem, model, history)
    return status


def _playable(problem: Problem, model: Module) -> None:
    """Refuse before training what can't be played back."""
    from viz.training import MOST_CLASSES, MOST_FEATURES, MOST_PARAMETERS

    features, classes = problem.X.shape[1], len(problem.class_names)
    if features > MOST_FEATURES or features == 1 and problem.class_names:
        raise Refusal(f"--player shows data of two to {MOST_FEATURES} features, or quantities of one, got {features} "
                      f"{'feature' if features == 1 else 'features'}; for other data take --plot")
    if classes > MOST_CLASSES:
        raise Refusal(f"--player shows up to {MOST_CLASSES} classes, got {classes}; for other data take --plot")
    if (count := len(model.parameters())) > MOST_PARAMETERS:
        raise Refusal(f"--player draws every weight, up to {MOST_PARAMETERS} parameters, and this network has {count}; "
                      "take smaller layers in --hidden")


def _problem(args: argparse.Namespace) -> Problem:
    from microgrAD.train import recipes

    if args.data in recipes.RECIPES:
        if args.target is not None:
            raise Refusal("--target is a column of a table; a built-in data set has its own")
        return recipes.built_in(args.data, samples=args.samples, noise=args.noise, test_size=args.test_size,
                                rng=args.seed)
    if not args.data.lower().endswith(".csv"):
        raise Refusal(f"data must be one of {list(recipes.RECIPES)}, or a file that ends in .csv, got {args.data!r}")
    if args.samples is not None or args.noise is not None:
        raise Refusal("--samples and --noise are for built-in data sets; a table is taken as it is")
    target = -1 if args.target is None else args.target
    return recipes.table(path(args.data), target=target, test_size=args.test_size, rng=args.seed)


def described(model: Module) -> str:
    """A network in words."""
    from microgrAD.nn import Layer

    layers = [part for part in model.modules() if isinstance(part, Layer)]
    sizes = [layers[0].nin, *(len(layer.neurons) for layer in layers)]
    kinds = dict.fromkeys(layer.activation for layer in layers)
    return f"a network of {'-'.join(map(str, sizes))}, {', then '.join(kinds)}, {len(model.parameters())} parameters"


# ---------------------------------------------------------------------------------------------- on the way

def learn(model: Module, X: Any, y: Any, optimizer: Optimizer, *, epochs: int = 500, stop_below: float = 0.02) -> float:
    """Train on a whole truth table and print a line every few epochs; the accuracy in the end."""
    from microgrAD.train import evaluate, fit

    print("epoch    loss  right")
    print(_line(0, [*evaluate(model, X, y)]))
    history = fit(model, X, y, optimizer=optimizer, epochs=epochs, stop_below=stop_below, progress=False,
                  callbacks=[_Report(epochs)])
    _last(history, epochs)
    return history.accuracy[-1]


def _told(problem: Problem, teach: Any, model: Module, epochs: int, head: str) -> History:
    """Train, with a line every few epochs. The head comes after the first: what is refused is refused before it."""
    from microgrAD.train import evaluate

    sets = [(problem.X, problem.y), *([problem.held_out] if problem.held_out else [])]
    loss = None if problem.class_names else "mse"
    columns = "epoch    loss" + ("  right" if problem.class_names else "") + (
        "" if problem.held_out is None else "    test" + ("  right" if problem.class_names else ""))
    start = _line(0, [number for X, y in sets for number in evaluate(model, X, y, loss=loss)])
    history: History = teach(callbacks=[_Report(epochs, [head, columns, start])], progress=False)
    _last(history, epochs)
    return history


class _Report:
    """A line every few epochs, after the lines of a head; a callback of `fit`."""

    def __init__(self, epochs: int, head: Sequence[str] = ()) -> None:
        self.every, self.head = _every(epochs), head

    def __call__(self, _: object, history: History) -> None:
        if self.head:
            print(*self.head, sep="\n")
            self.head = ()
        if history.epochs % self.every == 0:
            print(_present(history), flush=True)


def _every(epochs: int) -> int:
    """Epochs from one line to the next: 1, 2, 5 or 10, 20, 50, ..., so that there are no more than LINES."""
    step = 1
    while epochs / step > LINES:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step


def _last(history: History, epochs: int) -> None:
    if history.epochs % _every(epochs):
        print(_present(history))


def _present(history: History) -> str:
    lists = (history.loss, history.accuracy, history.test_loss, history.test_accuracy)
    return _line(history.epochs, [numbers[-1] for numbers in lists if numbers])


def _line(epoch: int, numbers: Sequence[float | None]) -> str:
    known = [x for x in numbers if x is not None]
    shares = len(known) in (2, 4) and len(known) == len(numbers)
    return f"{epoch:5d}" + "".join(f"  {x:5.0%}" if shares and k % 2 else f"  {x:6.4f}" for k, x in enumerate(known))


# ---------------------------------------------------------------------------------------------- in the end

def _verdict(problem: Problem, history: History) -> int:
    """Say whether it was learned; 1 if it was not: a wrong answer in a truth table, or no better than guessing."""
    import numpy as np

    if problem.held_out is None:
        wrong = round((1 - history.accuracy[history.end]) * len(problem.X))
        print("\nlearned: every answer is right" if not wrong else
              f"\nnot learned: {wrong} of {len(problem.X)} answers are wrong; try another --seed, "
              "more --epochs, or more neurons in --hidden")
        return int(wrong > 0)
    y = problem.held_out[1]
    if not problem.class_names:
        error = history.test_loss[history.end]
        explained = 1 - error / max(float(np.var(y)), 1e-300)
        print(f"\nheld out: mean squared error {error:.4g}, {explained:.1%} of the variance explained")
        return int(explained <= 0)
    guess = np.bincount(y).max() / len(y)
    right = history.test_accuracy[history.end]
    print(f"\nheld out: {round(right * len(y))} of {len(y)} answers are right, {right:.1%}"
          + ("" if right > guess else f"; always saying the same would get {guess:.1%}"))
    return int(right <= guess)


def answers(model: Module, X: Any, y: Any) -> str:
    """What the network says of every row."""
    from microgrAD.outputs import classes, default_reading, outputs, probabilities

    given, reading = outputs(model, X), default_reading(model)
    rows = [[*map(float, x), str(target), f"{of[1]:.3f}", str(said), "" if said == target else "wrong"]
            for x, target, of, said in zip(X.tolist(), y.tolist(), probabilities(given, reading),
                                           classes(given, reading).tolist(), strict=True)]
    return table([*(f"x{k + 1}" for k in range(X.shape[1])), "target", "P(1)", "answer", ""], rows)


def _keep(args: argparse.Namespace, problem: Problem, model: Module, history: History) -> None:
    if args.save:
        with writing(args.save):
            model.save(args.save)
        print(f"wrote {args.save}")
    if args.history:
        with writing(args.history):
            history.save(args.history)
        print(f"wrote {args.history}")
    if args.player:
        from viz import player

        with writing(args.player):
            player(history, args.player, title=f"A network learns {Path(problem.name).name}",
                   feature_names=problem.feature_names, target_name=problem.target_name,
                   class_names=problem.class_names if problem.class_names and problem.class_names[0] != "0" else None)
        print(f"wrote {args.player}")
    if args.plot:
        save(_picture(problem, model, history), args.plot)
        print(f"wrote {args.plot}")


def _picture(problem: Problem, model: Module, history: History) -> Any:
    """The Axes of what can best be seen: a boundary in the plane, a curve over one feature, or the loss."""
    from viz.boundary import decision_boundary
    from viz.fitted import fitted_curve
    from viz.learning import loss_curve

    features, called = problem.X.shape[1], [_plain(name) for name in problem.feature_names]
    if features == 2 and problem.class_names:
        return decision_boundary(model, problem.X, problem.y, feature_names=called,
                                 class_names=None if problem.class_names[0] == "0" else
                                 [_plain(name) for name in problem.class_names])
    if features == 1 and not problem.class_names:
        return fitted_curve(model, problem.X, problem.y, feature_name=called[0],
                            target_name=_plain(problem.target_name))
    return loss_curve(history)


def _plain(name: str) -> str:
    """A name out of a table for matplotlib, which takes what stands between dollars for mathematics."""
    return name.replace("$", r"\$")


def plot(model: Module, X: Any, y: Any, file: Path) -> None:
    """Write the picture of the decision boundary."""
    from viz.boundary import decision_boundary

    save(decision_boundary(model, X, y), file)


def _json(text: str) -> Path:
    """The path of a JSON file to be, as argparse's type."""
    file = path(text)
    if file.suffix.lower() != ".json":
        raise argparse.ArgumentTypeError(f"a file's name must end in .json, got {text!r}")
    if not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(file.parent)!r}; make it first")
    if file.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is a folder; name a file")
    return file


def _sizes(text: str) -> list[int]:
    """8,8 as [8, 8]; argparse reports the ValueError."""
    try:
        sizes = [int(part) for part in text.split(",")] if text else []
    except ValueError:
        sizes = [0]
    if any(size < 1 for size in sizes):
        raise argparse.ArgumentTypeError(f"takes numbers of neurons such as 4 or 8,8, got {text!r}")
    return sizes
