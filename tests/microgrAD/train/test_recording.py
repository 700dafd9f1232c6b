"""A recorded run holds each epoch's weights; the loss surface around its end holds the losses that were measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microgrAD import interpret
from microgrAD.datasets import make_moons, make_xor
from microgrAD.nn import MLP
from microgrAD.optim import SGD
from microgrAD.train import Recording, evaluate, fit

X, y = make_xor()


@pytest.fixture(scope="module")
def recording() -> Recording:
    return fit(
        MLP(2, [3, 1], rng=2), X, y, optimizer=lambda p: SGD(p, lr=0.5), epochs=45, record=10, progress=False
    ).recording


def test_every_frame_is_the_network_of_its_epoch(recording: Recording) -> None:
    assert recording.epochs == [0, 10, 20, 30, 40, 45]
    for frame, epoch in enumerate(recording.epochs):
        again = MLP(2, [3, 1], rng=2)
        if epoch:
            fit(again, X, y, optimizer=lambda p: SGD(p, lr=0.5), epochs=epoch, progress=False)
        assert recording.weights[frame].tolist() == [p.data for p in again.parameters()]
        assert recording.loss[frame] == pytest.approx(evaluate(again, X, y)[0], rel=1e-12)
        assert recording.accuracy[frame] == evaluate(again, X, y)[1]


def test_held_out_rows_and_their_losses_are_kept() -> None:
    rows, targets = make_moons(20)
    recording = fit(MLP(2, [2, 1]), rows, targets, validation=0.25, epochs=3, record=True, progress=False).recording
    assert recording.held_out is not None
    held_rows, held_targets = recording.held_out
    assert (recording.X.shape, held_rows.shape) == ((15, 2), (5, 2))
    assert sorted(map(tuple, np.vstack([recording.X, held_rows]))) == sorted(map(tuple, rows))
    for frame in range(4):
        with recording.at(frame) as model:
            assert evaluate(model, recording.X, recording.y)[0] == pytest.approx(recording.loss[frame], rel=1e-12)
            loss, accuracy = evaluate(model, held_rows, held_targets)
        assert recording.test_loss[frame] == pytest.approx(loss, rel=1e-12)
        assert recording.test_accuracy[frame] == accuracy


def test_a_history_is_the_same_with_and_without() -> None:
    plain, recorded = (fit(MLP(2, [2, 1]), X, y, epochs=3, record=record, progress=False) for record in (False, True))
    assert plain == recorded
    assert plain.as_dict() == recorded.as_dict()
    with pytest.raises(ValueError, match=r"fit\(\.\.\., record=True\)"):
        _ = plain.recording
    with pytest.raises(ValueError, match="record takes a whole number of 1 or more, got 0"):
        fit(MLP(2, [2, 1]), X, y, epochs=3, record=0, progress=False)


def test_a_resumed_run_is_recorded_from_there_on(tmp_path: Path) -> None:
    options: dict[str, Any] = {"checkpoint": tmp_path / "run.json", "progress": False, "record": 4}
    fit(MLP(2, [2, 1]), X, y, epochs=3, **options)
    recording = fit(MLP(2, [2, 1]), X, y, epochs=9, **options).recording
    assert recording.epochs == [3, 4, 8, 9]
    with recording.at(0) as model:
        assert evaluate(model, X, y)[0] == pytest.approx(recording.loss[0], rel=1e-12)


def test_a_frame_is_put_back(recording: Recording) -> None:
    end = [p.data for p in recording.model.parameters()]
    with pytest.raises(RuntimeError), recording.at(1) as model:
        assert [p.data for p in model.parameters()] == recording.weights[1].tolist()
        raise RuntimeError
    assert [p.data for p in recording.model.parameters()] == end


def test_weights_by_layer(recording: Recording) -> None:
    found = recording.by_layer()
    assert {name: w.shape for name, w in found.items()} == {"layer1": (6, 9), "layer2": (6, 4)}
    assert np.hstack(list(found.values())).tolist() == recording.weights.tolist()


def test_the_surface_holds_the_loss_at_its_weights(recording: Recording) -> None:
    axes, shares = interpret.path_directions(recording.weights)
    assert axes @ axes.T == pytest.approx(np.eye(2))
    assert shares.sum() <= 1 + 1e-12
    before = [p.data for p in recording.model.parameters()]
    surface = interpret.loss_surface(recording.model, X, y, directions=axes, a=[-0.5, 0.0, 1.0], b=[0.0, 2.0])
    assert surface.loss.shape == (2, 3)
    assert surface.loss[0, 1] == pytest.approx(recording.loss[-1])
    for p, number in zip(recording.model.parameters(), surface.center + axes[0] + 2 * axes[1], strict=True):
        p.data = float(number)
    assert surface.loss[1, 2] == pytest.approx(evaluate(recording.model, X, y)[0], rel=1e-13)
    for p, number in zip(recording.model.parameters(), before, strict=True):
        p.data = number
    assert surface.project([surface.center + 0.3 * axes[0] - 0.7 * axes[1]]) == pytest.approx(np.array([[0.3, -0.7]]))


def test_random_directions_are_as_long_as_each_neurons_weights(recording: Recording) -> None:
    directions = interpret.random_directions(recording.model, rng=1)
    weights = np.array([p.data for p in recording.model.parameters()])
    for neuron in (slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 13)):
        assert np.linalg.norm(directions[:, neuron], axis=1) == pytest.approx(np.linalg.norm(weights[neuron]))


def test_weights_of_another_network_are_refused(recording: Recording) -> None:
    with pytest.raises(ValueError, match=r"directions takes an array of shape \(2, 13\)"):
        interpret.loss_surface(recording.model, X, y, directions=np.ones((2, 3)))
