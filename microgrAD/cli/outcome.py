"""The result of training: a verdict, some answers, and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.cli.errors import writing
from microgrAD.cli.tables import shortened, table

if TYPE_CHECKING:
    from microgrAD.nn import Module
    from microgrAD.train import History
    from microgrAD.train.baselines import Comparison, Score
    from microgrAD.train.problem import Problem
    from viz import Picture


def described(model: Module) -> str:
    """Return a network in words."""
    from microgrAD.nn import Layer

    layers = [part for part in model.modules() if isinstance(part, Layer)]
    sizes = [layers[0].nin, *(len(layer.neurons) for layer in layers)]
    kinds = dict.fromkeys(layer.activation for layer in layers)
    return f"a network of {'-'.join(map(str, sizes))}, {', then '.join(kinds)}, {len(model.parameters())} parameters"


def verdict(problem: Problem, model: Module, history: History) -> int:
    """Print how good the network is, compared with simple models, and return the exit status.

    It is 1 if nothing was learned: an answer in a truth table is wrong, or the network is not better than the same
    answer for every row.
    """
    if problem.held_out is None:
        wrong = round((1 - history.accuracy[history.end]) * len(problem.X))
        print(
            "\nlearned: every answer is right"
            if not wrong
            else f"\nnot learned: {wrong} of {len(problem.X)} answers are wrong; try another --seed, "
            "more --epochs, or more neurons in --hidden"
        )
        return int(wrong > 0)
    from microgrAD.train.baselines import compared

    found = compared(problem, model)
    _print_classes(problem, found) if problem.class_names else _print_quantity(problem, found)
    if found.network.loses_to(found.constant):
        print("not learned: the same answer for every row does as well")
        return 1
    if found.network.loses_to(found.linear):
        print("a linear model does as well or better; take it, or look for a better network")
    return 0


def _print_classes(problem: Problem, found: Comparison) -> None:
    guess = shortened(problem.class_names[int(found.guess)], 30)
    rows = [
        [who, f"{score.right} of {score.rows}", f"{(score.right or 0) / score.rows:.1%}"]
        for who, score in _by_name(f"always {guess!r}", "a linear model", found)
    ]
    print(f"\n{table(['held out', 'right', ''], rows)}")


def _print_quantity(problem: Problem, found: Comparison) -> None:
    rows = [
        [who, f"{score.error:.3g}", "none" if score.r2 is None else f"{round(score.r2, 2) + 0.0:.2f}"]
        for who, score in _by_name("always the mean", "a straight line", found)
    ]
    print(
        f"\n{table(['held out', 'error', 'R²'], rows)}\n"
        f"the error is the root mean squared error, in the unit of {shortened(problem.target_name, 40)!r}"
    )


def _by_name(constant: str, linear: str, found: Comparison) -> list[tuple[str, Score]]:
    return [(constant, found.constant), (linear, found.linear), ("this network", found.network)]


def answers(model: Module, X: Any, y: Any) -> str:
    """Return the answers for all rows as a table."""
    from microgrAD.outputs import classes, default_reading, outputs, probabilities

    given, reading = outputs(model, X), default_reading(model)
    rows = [
        [*map(float, x), str(target), f"{of[1]:.3f}", str(said), "" if said == target else "wrong"]
        for x, target, of, said in zip(
            X.tolist(), y.tolist(), probabilities(given, reading), classes(given, reading).tolist(), strict=True
        )
    ]
    return table([*(f"x{k + 1}" for k in range(X.shape[1])), "target", "P(1)", "answer", ""], rows)


def picture(problem: Problem, model: Module, history: History) -> Picture:
    """Return the best picture for the data: a boundary in the plane, a curve over one feature, or the loss."""
    from viz.networks.decision_boundary import decision_boundary
    from viz.networks.fitted_curve import fitted_curve
    from viz.networks.learning_curves import loss_curve

    features, called = problem.X.shape[1], [_plain(name) for name in problem.feature_names]
    if features == 2 and problem.class_names:
        return decision_boundary(
            model,
            problem.X,
            problem.y,
            feature_names=called,
            class_names=None if problem.class_names[0] == "0" else [_plain(name) for name in problem.class_names],
        )
    if features == 1 and not problem.class_names:
        return fitted_curve(model, problem.X, problem.y, feature_names=called, target_name=_plain(problem.target_name))
    return loss_curve(history)


def _plain(name: str) -> str:
    """Return a name for matplotlib, where text between dollar signs would be mathematics."""
    return name.replace("$", r"\$")


def plot(model: Module, X: Any, y: Any, file: Path) -> None:
    """Write the picture of the decision boundary."""
    from viz.networks.decision_boundary import decision_boundary

    drawn = decision_boundary(model, X, y)
    with writing(file):
        drawn.save(file)
