"""Checkpoints: a run that was broken off goes on as if it had not been; another run's, or a damaged one, is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from paths import TESTS
from runs import Killed, learner

from microgrAD.datasets import make_sine, make_xor
from microgrAD.files import FileError
from microgrAD.losses import huber
from microgrAD.nn import MLP, Dropout, Flatten, Layer, MaxPool2d, Module, Sequential, Standardize, Unflatten
from microgrAD.optim import SGD, Adam, LambdaLR, RMSprop
from microgrAD.train import checkpoint, fit


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
from runs import learner

def die(*_):
    print("killed", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

def after_its_second_epoch(model, history):
    started.append(1)
    if len(started) == 2 and {writing}:
        os.replace = die                    # while the file is written
    elif len(started) == 2:
        die()
started = []
learner({path!r}, epochs={epochs}, callbacks=[after_its_second_epoch])
"""


def test_a_killed_process_resumes_to_identical_weights(tmp_path: Path) -> None:
    path, epochs = tmp_path / "run.json", 5
    for run in range(epochs):  # each keeps one epoch more, and is killed in the next
        script = SCRIPT.format(tests=str(TESTS / "shared"), path=str(path), epochs=epochs, writing=run % 2)
        done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
        last = run == epochs - 1  # killed by its own hand, and not by one that has no memory left
        assert (done.returncode, done.stdout) == ((0, "") if last else (-signal.SIGKILL, "killed\n")), done.stderr
        assert len(json.loads(path.read_text("utf-8"))["history"]["loss"]) == run + 1
    assert os.listdir(tmp_path) == ["run.json"]
    assert learner(path, epochs=epochs).state_dict() == learner(None, epochs=epochs).state_dict()


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


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"batch_size": 6}, "batch_size"),
        ({"l2": 0.1}, "l2"),
        ({"loss": "mse"}, "loss"),
        ({"patience": None}, "the best"),
        ({"max_norm": 1.0}, "max_norm"),
        ({"validation": 0.5}, "data"),
        ({"rng": 4}, "data"),
        ({"schedule": None}, "schedule"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(change: dict[str, Any], named: str, tmp_path: Path) -> None:
    learner(tmp_path / "run.json", epochs=2)
    before = (tmp_path / "run.json").read_bytes()
    with pytest.raises(FileError, match=f"from a run with another {named}|from a run with another keeps {named}"):
        learner(tmp_path / "run.json", **change, epochs=2)
    assert (tmp_path / "run.json").read_bytes() == before


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (Standardize([0.0, 0.0], [1.0, 1.0]), Standardize([0.0, 5.0], [1.0, 1.0])),
        (Layer(2, 2), Layer(2, 2, fused=True)),
        (
            Sequential(Unflatten(1, 2, 1), MaxPool2d(1, stride=1), Flatten()),
            Sequential(Unflatten(1, 2, 1), MaxPool2d(1, stride=(1, 2)), Flatten()),
        ),
    ],
)
def test_what_a_model_does_not_learn_is_part_of_the_run(first: Module, other: Module, tmp_path: Path) -> None:
    assert repr(first) == repr(other)
    for epochs in (1, 2):
        model = Sequential(first, Layer(2, 1, activation="linear"))
        fit(model, *make_xor(), epochs=epochs, checkpoint=tmp_path / "run.json")
    model = Sequential(other, Layer(2, 1, activation="linear"))
    with pytest.raises(FileError, match="from a run with another config of the model"):
        fit(model, *make_xor(), epochs=3, checkpoint=tmp_path / "run.json")


def test_what_partial_sets_of_a_loss_is_part_of_the_run(tmp_path: Path) -> None:
    X, y = make_sine(8)
    for epochs in (1, 2):
        fit(MLP(1, [1]), X, y, loss=partial(huber, delta=0.5), epochs=epochs, checkpoint=tmp_path / "run.json")
    with pytest.raises(FileError, match=r"with another loss: 'huber\(delta=0.5\)', here it is 'huber\(delta=2.0\)'"):
        fit(MLP(1, [1]), X, y, loss=partial(huber, delta=2.0), epochs=3, checkpoint=tmp_path / "run.json")


def test_a_damaged_checkpoint_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    X, y = make_xor()
    path = tmp_path / "run.json"
    fit(Sequential(Layer(2, 2), Dropout(0.2), Layer(2, 1, activation="linear")), X, y, epochs=2, checkpoint=path)
    good = json.loads(path.read_text("utf-8"))
    damaged = [path.read_text("utf-8")[:k] for k in range(0, 2000, 90)]
    for key in good:
        damaged += [
            json.dumps({**good, key: value})
            for value in (None, "x", -1, [], [1], {"a": 1}, 1e400)
            if not (key == "best" and value == {}) and not (key == "schedule" and value == -1)
        ]
    for key in ("steps", "state", "options", "rule"):
        damaged += [
            json.dumps({**good, "optimizer": {**good["optimizer"], key: value}})
            for value in (None, "x", -1, {"mean": [1.0]}, {"lr": -1.0}, {"nonsense": 1})
        ]
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
    optimizer.table = object()
    with pytest.raises(TypeError, match=r"options\(\) as JSON"):
        fit(model, *make_xor(), optimizer=optimizer, checkpoint=tmp_path / "run.json")


def test_a_schedule_by_function_is_resumed(tmp_path: Path) -> None:
    X, y = make_xor()

    def run(epochs: int, checkpoint: Any) -> list[float]:
        model = MLP(2, [2, 1])
        optimizer = SGD(model.parameters(), lr=1.0)
        return fit(
            model,
            X,
            y,
            optimizer=optimizer,
            epochs=epochs,
            checkpoint=checkpoint,
            schedule=LambdaLR(optimizer, lr_lambda=lambda t: 1 / (1 + t)),
        ).lr

    run(2, tmp_path / "c.json")
    assert run(4, tmp_path / "c.json") == run(4, None) == [1.0, 1 / 2, 1 / 3, 1 / 4]


@pytest.mark.parametrize(
    "state", ["text", {}, {"bit_generator": "MT19937"}, {"bit_generator": "PCG64", "state": {"state": -1, "inc": 1}}]
)
def test_a_random_state_that_is_none_is_refused(state: Any) -> None:
    with pytest.raises(FileError, match="a checkpoint's random state is damaged"):
        checkpoint._generator(state)
