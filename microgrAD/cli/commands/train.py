"""`microgrAD train`: a small network learns.

Train a network on a small data set or on a table of numbers. Show how the loss falls, and the answers at the
end.

  microgrAD train xor
  microgrAD train circles --hidden 4 --seed 3 --plot circles.png
  microgrAD train flowers.csv --target kind --save model.json --history history.json
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD.cli import learning, outcome
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import output_file, page_file, picture_file, sizes
from microgrAD.cli.problems import add_data, described, learned, problem_of

if TYPE_CHECKING:
    from microgrAD.nn import Module
    from microgrAD.train import History
    from microgrAD.train.problem import Problem

LISTED = 16  # the largest number of rows whose answers are listed
NOTE = "By default, options are those of the recipe for the data set."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the data, the network, how it learns, and the files."""
    add_data(parser)
    parser.add_argument("--hidden", metavar="N,N", type=sizes, help="neurons of each hidden layer")
    parser.add_argument("--activation", metavar="NAME", help="activation of the hidden layers")
    parser.add_argument("--optimizer", metavar="NAME", help="sgd, rmsprop, adam or adamw")
    parser.add_argument("--lr", metavar="X", type=float, help="learning rate")
    parser.add_argument("--momentum", metavar="X", type=float, help="of sgd (0.9) and rmsprop (0)")
    parser.add_argument("--l2", metavar="X", type=float, default=0.0, help="weight of the penalty on weights (0)")
    parser.add_argument("--epochs", metavar="N", type=int, help="the largest number of epochs")
    parser.add_argument("--batch-size", metavar="N", type=int, help="rows in each step")
    parser.add_argument("--stop-below", metavar="LOSS", type=float, help="stop when the loss is below this")
    parser.add_argument("--patience", metavar="N", type=int, help="stop after N epochs without a better loss")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="seed of the data and the first weights (0)")
    parser.add_argument("--save", metavar="FILE", type=_json, help="the model, for `microgrAD predict`: .json")
    parser.add_argument("--history", metavar="FILE", type=_json, help="loss and accuracy of every epoch: .json")
    parser.add_argument(
        "-o",
        "--plot",
        metavar="FILE",
        type=picture_file,
        help="the decision boundary, the curve, or the loss: .png, .svg or .pdf",
    )
    parser.add_argument(
        "--player", metavar="FILE", type=page_file, help="the training itself, to play back in a browser: .html"
    )
    parser.epilog = NOTE


def run(args: argparse.Namespace) -> int:
    """Train, print the result, and write the files; return 1 if nothing was learned."""
    for name, least in (("epochs", 1), ("seed", 0), ("samples", 2), ("batch_size", 1), ("patience", 1)):
        if (given := getattr(args, name)) is not None and given < least:
            raise Refusal(f"--{name.replace('_', '-')} must be {least} or more, got {given}")
    if args.save and args.save == args.history:
        raise Refusal(f"--save and --history take two files, got {str(args.save)!r} for both")
    problem = problem_of(args)
    model = problem.network(hidden=args.hidden, activation=args.activation, rng=args.seed)
    head = _head(problem, model)
    chosen = {
        name: getattr(args, name)
        for name in ("optimizer", "lr", "momentum", "epochs", "batch_size", "stop_below", "patience", "l2")
    }
    if args.player:
        _playable(problem, model)
    teach = partial(problem.teach, model, **chosen, rng=args.seed, record=bool(args.player))
    history = learning.told(problem, teach, model, args.epochs or problem.recipe.epochs, head)
    if problem.held_out is None and len(problem.X) <= LISTED:
        print(f"\n{outcome.answers(model, problem.X, problem.y)}")
    status = outcome.verdict(problem, model, history)
    _keep(args, problem, model, history)
    return status


def _head(problem: Problem, model: Module) -> str:
    from microgrAD.train.recipes import TABLE

    lines = [f"{described(problem)}; {outcome.described(model)}"]
    if problem.recipe is TABLE:
        lines.append(learned(problem))
    if problem.loss_unit:
        lines.append(f"the loss is the {problem.loss_unit}, 1 if every answer is the mean")
    return "\n".join(lines) + "\n"


def _playable(problem: Problem, model: Module) -> None:
    """Raise Refusal, before training, for what the player cannot show."""
    from viz.playback.playable import MOST_CLASSES, MOST_FEATURES, MOST_PARAMETERS

    features, classes = problem.X.shape[1], len(problem.class_names)
    if features > MOST_FEATURES or features == 1 and problem.class_names:
        raise Refusal(
            f"--player shows data of two to {MOST_FEATURES} features, or quantities of one, got {features} "
            f"{'feature' if features == 1 else 'features'}; for other data take --plot"
        )
    if classes > MOST_CLASSES:
        raise Refusal(f"--player shows up to {MOST_CLASSES} classes, got {classes}; for other data take --plot")
    if missing := [name for k, name in enumerate(problem.class_names) if k not in problem.y]:
        raise Refusal(
            f"--player needs a row of every class to learn from, and of {missing[0][:40]!r} there is none; "
            "take more rows, a smaller --test-size or another --seed"
        )
    if (count := len(model.parameters())) > MOST_PARAMETERS:
        raise Refusal(
            f"--player draws every weight, up to {MOST_PARAMETERS} parameters, and this network has {count}; "
            "take smaller layers in --hidden"
        )


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
            player(
                history,
                args.player,
                title=f"A network learns {Path(problem.name).name}",
                feature_names=problem.feature_names,
                target_name=problem.target_name,
                class_names=problem.class_names if problem.class_names and problem.class_names[0] != "0" else None,
            )
        print(f"wrote {args.player}")
    if args.plot:
        picture = outcome.picture(problem, model, history)
        with writing(args.plot):
            picture.save(args.plot)
        print(f"wrote {args.plot}")


def _json(text: str) -> Path:
    """Return the path of a JSON file to write; a `type` for argparse."""
    return output_file(text, "a file's", [".json"])
