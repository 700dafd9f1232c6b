"""Checkpoints: a run that was broken off goes on as if it had not been; another run's, or a damaged one, is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from microgrAD.datasets import make_moons, make_xor
from microgrAD.files import FileError
from microgrAD.nn import MLP, Dropout, Layer, Module, Sequential
from microgrAD.optim import SGD, Adam, CosineAnnealingLR, LambdaLR, RMSprop
from microgrAD.train import History, fit


class Killed(Exception):
    pass


def learner(checkpoint: Any, *, epochs: int = 8, die_after: int = 999, rule: Any = SGD, **change: Any) -> Module:
    """A run with everything that has a memory: momentum, a schedule, Dropout, minibatches, patience."""
    X, y = make_moons(16, noise=0.3)
    model = Sequential(Layer(2, 3), Dropout(0.4), Layer(3, 1, activation="linear"))
    optimizer = rule(model.parameters(), lr=0.3, **({"momentum": 0.9} if rule is SGD else {}))

    def die(_: Module, history: History) -> None:
        if history.epochs >= die_after:
            raise Killed
    fit(model, X, y, **{"optimizer": optimizer, "epochs": epochs, "batch_size": 5, "validation": 0.25, "patience": 7,
                        "schedule": CosineAnnealingLR(optimizer, T_max=epochs), "rng": 3, "callbacks": [die],
                        "checkpoint": checkpoint, **change})
    return model


@pytest.mark.parametrize("rule", [SGD, Adam, RMSprop])
def test_a_run_broken_off_after_any_epoch_goes_on_to_identical_weights(rule: Any, tmp_path: Path) -> None:
    whole = learner(None, rule=rule).state_dict()
    for k in range(1, 9):
        with pytest.raises(Killed):
            learner(tmp_path / f"{k}.json", rule=rule, die_after=k)
        assert learner(tmp_path / f"{k}.json", rule=rule).state_dict() == whole, f"broken off in epoch {k}"


SCRIPT = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from test_checkpoints import learner
from microgrAD.train import fit
done = []
def die(model, history):
    done.append(1)
    if len(done) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
learner({path!r}, callbacks=[die])
"""


def test_a_killed_process_resumes_to_identical_weights(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    script = SCRIPT.format(tests=os.path.dirname(__file__), path=str(path))
    whole = learner(None).state_dict()
    codes = []
    while not codes or codes[-1]:               # each run gets one epoch further, and dies after the next
        codes.append(subprocess.run([sys.executable, "-c", script], check=False).returncode)
        assert codes[-1] in (0, -signal.SIGKILL)
        assert len(codes) <= 10
    assert codes.count(-signal.SIGKILL) >= 3
    assert learner(path).state_dict() == whole


def test_a_finished_run_is_only_looked_up(tmp_path: Path) -> None:
    first = learner(tmp_path / "run.json").state_dict()
    assert learner(tmp_path / "run.json", die_after=0).state_dict() == first


def test_more_epochs_go_on_from_a_finished_run(tmp_path: Path) -> None:
    X, y = make_xor()
    for epochs in (3, 7):
        model = MLP(2, [2, 1])
        history = fit(model, X, y, epochs=epochs, checkpoint=tmp_path / "run.json")
    whole = MLP(2, [2, 1])
    assert fit(whole, X, y, epochs=7).loss == history.loss
    assert whole.state_dict() == model.state_dict()


@pytest.mark.parametrize(("change", "named"), [
    ({"batch_size": 6}, "batch_size"), ({"l2": 0.1}, "l2"), ({"loss": "mse"}, "loss"), ({"patience": None}, "the best"),
    ({"max_norm": 1.0}, "max_norm"), ({"validation": 0.5}, "data"), ({"rng": 4}, "data"),
    ({"schedule": None}, "schedule"),
])
def test_a_checkpoint_of_another_run_is_refused(change: dict[str, Any], named: str, tmp_path: Path) -> None:
    learner(tmp_path / "run.json", epochs=2)
    before = (tmp_path / "run.json").read_bytes()
    with pytest.raises(FileError, match=f"of a run with another {named}|of a run with another keeps {named}"):
        learner(tmp_path / "run.json", **change, epochs=2)
    assert (tmp_path / "run.json").read_bytes() == before


def test_a_damaged_checkpoint_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    X, y = make_xor()
    path = tmp_path / "run.json"
    fit(Sequential(Layer(2, 2), Dropout(0.2), Layer(2, 1, activation="linear")), X, y, epochs=2, checkpoint=path)
    good = json.loads(path.read_text("utf-8"))
    damaged = [path.read_text("utf-8")[:k] for k in range(0, 2000, 90)]
    for key in good:
        damaged += [json.dumps({**good, key: value}) for value in (None, "x", -1, [], [1], {"a": 1}, 1e400)
                    if not (key == "best" and value == {}) and not (key == "schedule" and value == -1)]
    for key in ("steps", "state", "options", "rule"):
        damaged += [json.dumps({**good, "optimizer": {**good["optimizer"], key: value}})
                    for value in (None, "x", -1, {"mean": [1.0]}, {"lr": -1.0}, {"nonsense": 1})]
    model = Sequential(Layer(2, 2), Dropout(0.2), Layer(2, 1, activation="linear"))
    before = model.state_dict()
    for text in damaged:
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError) as caught:
            fit(model, X, y, epochs=4, checkpoint=path)
        assert "\n" not in str(caught.value)
        assert model.state_dict() == before, text[:99]
    assert len(damaged) > 80


def test_a_model_of_ones_own_class_is_resumed(tmp_path: Path) -> None:
    class Own(Module):
        def __init__(self, width: int) -> None:
            self.first, self.last = Layer(2, width), Layer(width, 1, activation="linear")

        def __call__(self, x: Any) -> Any:
            return self.last(self.first(x))
    for epochs in (2, 5):
        history = fit(Own(3), *make_xor(), epochs=epochs, checkpoint=tmp_path / "run.json")
    assert history == fit(Own(3), *make_xor(), epochs=5)
    assert repr(Own(3)) == "Own(13 parameters)"
    with pytest.raises(FileError, match="a run with another model"):
        fit(Own(4), *make_xor(), epochs=5, checkpoint=tmp_path / "run.json")


def test_an_optimizer_whose_options_are_not_json_is_refused(tmp_path: Path) -> None:
    model = MLP(2, [1])
    optimizer = SGD(model.parameters())
    optimizer.table = object()  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r"options\(\) as JSON"):
        fit(model, *make_xor(), optimizer=optimizer, checkpoint=tmp_path / "run.json")


def test_a_schedule_by_function_is_resumed(tmp_path: Path) -> None:
    X, y = make_xor()

    def run(epochs: int, checkpoint: Any) -> list[float]:
        model = MLP(2, [2, 1])
        optimizer = SGD(model.parameters(), lr=1.0)
        return fit(model, X, y, optimizer=optimizer, epochs=epochs, checkpoint=checkpoint,
                   schedule=LambdaLR(optimizer, lr_lambda=lambda t: 1 / (1 + t))).lr
    run(2, tmp_path / "c.json")
    assert run(4, tmp_path / "c.json") == run(4, None) == [1.0, 1 / 2, 1 / 3, 1 / 4]
