"""Training: networks learn, the history says so, runs stop, resume, and fail with a reason."""

from __future__ import annotations

import io
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microgrAD import Value, losses
from microgrAD.datasets import make_blobs, make_glyphs, make_moons, make_sine, make_xor
from microgrAD.nn import MLP, Conv2d, Dropout, Flatten, Layer, MaxPool2d, Module, Sequential, Softmax, Unflatten
from microgrAD.optim import SGD, Adam, RMSprop, StepLR
from microgrAD.outputs import classes, outputs, probabilities
from microgrAD.train import History, TrainingError, evaluate, fit, predict
from microgrAD.train.fitting import data_of


@pytest.mark.parametrize("seed", range(4))
def test_xor_is_learned(seed: int) -> None:
    model, (X, y) = MLP(2, [4, 1], rng=seed), make_xor()
    history = fit(model, X, y, optimizer=SGD(model.parameters(), lr=1.0), epochs=300, stop_below=0.1)
    assert (classes(outputs(model, X), "logits") == y).all()
    assert history.loss[-1] < 0.1 <= history.loss[-2]
    assert history.accuracy[-1] == 1.0
    assert history.epochs == len(history.accuracy) < 300
    assert history.stopped == "stop_below"


def test_the_loop_that_a_student_writes_and_fit_give_the_same() -> None:
    X, y = make_xor()
    by_hand, by_fit = (MLP(2, [4, 1], activation=["tanh", "sigmoid"]) for _ in range(2))
    optimizer = SGD(by_hand.parameters(), lr=1.0, momentum=0.9)
    for _ in range(150):
        loss = losses.mse([by_hand(x) for x in X], y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.data < 0.01
    fit(by_fit, X, y, loss="mse", optimizer=partial(SGD, lr=1.0, momentum=0.9), epochs=150)
    assert list(by_fit.state_dict().values()) == pytest.approx(list(by_hand.state_dict().values()), rel=1e-9)


def test_the_online_rule_goes_row_by_row_until_the_loss_is_small() -> None:
    model, seen = MLP(2, [4, 1]), []

    class Counting(SGD):
        def step(self) -> None:
            seen.append(1)
            super().step()

    history = fit(model, *make_xor(), optimizer=partial(Counting, lr=0.5), batch_size=1, epochs=400, stop_below=0.05)
    assert len(seen) == 4 * history.epochs < 1600
    assert history.loss[-1] < 0.05


def test_a_regression() -> None:
    X, y = make_sine(40, noise=0.0)
    model = MLP(1, [8, 1])
    history = fit(model, X, y, optimizer=partial(Adam, lr=0.05), epochs=150)
    assert history.loss[-1] < 0.02 < 0.2 < history.loss[0]
    assert history.accuracy == []
    assert evaluate(model, X, y) == (pytest.approx(history.loss[-1]), None)


def test_three_classes_with_minibatches() -> None:
    X, y = make_blobs(60)
    model = MLP(2, [3])
    history = fit(model, X, y, optimizer=partial(RMSprop, lr=0.1), batch_size=16, epochs=20, validation=0.25)
    assert history.test_accuracy[-1] > 0.9
    assert history.accuracy[-1] > 0.9


def test_a_small_convolutional_network_learns_glyphs() -> None:
    X, y = make_glyphs(24, kinds=("L", "X"), noise=0.05)
    model = Sequential(
        Unflatten(1, 8, 8),
        Conv2d(1, 2, 3, stride=2, activation="tanh"),
        MaxPool2d(2, stride=1),
        Flatten(),
        Layer(8, 2, activation="linear"),
    )
    assert fit(model, X, y, optimizer=partial(Adam, lr=0.05), epochs=25).accuracy[-1] == 1.0


@pytest.mark.parametrize(
    ("last", "width", "loss", "y", "reading"),
    [
        ("linear", 1, None, [0, 1, 1, 0], "logits"),
        ("sigmoid", 1, None, [0, 1, 1, 0], "probabilities"),
        ("linear", 2, None, [0, 1, 1, 0], "logits"),
        ("tanh", 1, None, [-1, 1, 1, -1], "signs"),
        ("linear", 1, "hinge", [-1, 1, 1, -1], "signs"),
        ("linear", 2, "multi_margin", [0, 1, 1, 0], "logits"),
        ("linear", 2, "cross_entropy", [[1, 0], [0, 1], [0.1, 0.9], [1, 0]], "logits"),
        ("sigmoid", 2, "mse", [0, 1, 1, 0], "probabilities"),
        ("linear", 1, "mse", [0, 1, 1, 0], "probabilities"),
        ("linear", 1, "huber", [0, 1, 1, 0], "probabilities"),
    ],
)
def test_every_kind_of_target_is_learned_and_its_accuracy_is_right(
    last: str, width: int, loss: str | None, y: Any, reading: str
) -> None:
    X, _ = make_xor()
    model = MLP(2, [8, width], activation=["tanh", last], rng=3)
    history = fit(model, X, y, loss=loss, optimizer=partial(Adam, lr=0.1), epochs=200)
    assert history.accuracy[-1] == 1.0
    truth = [0, 1, 1, 0]
    assert (classes(outputs(model, X), reading) == truth).all()
    assert (probabilities(outputs(model, X), reading).sum(axis=1) == pytest.approx(1.0)) or width == 2
    assert history.accuracy[0] == pytest.approx(round(4 * history.accuracy[0]) / 4)


# ---------------------------------------------------------------------------------------------- history and stopping


def test_the_history_is_what_one_measures() -> None:
    X, y = make_moons(20)
    model, seen = MLP(2, [3, 1]), []

    def look(model: Module, history: History) -> None:
        seen.append((*evaluate(model, X, y), *evaluate(model, X[:5], y[:5])))

    history = fit(model, X, y, epochs=4, batch_size=7, validation=(X[:5], y[:5]), callbacks=[look])
    found = zip(history.loss, history.accuracy, history.test_loss, history.test_accuracy, strict=True)
    assert np.array(list(found)) == pytest.approx(np.array(seen))
    assert history.gradient_norms.keys() == {"layer1", "layer2"}
    assert {len(norms) for norms in history.gradient_norms.values()} == {4}
    assert (history.stopped, history.epochs) == ("epochs", 4)


def test_gradient_norms_are_those_of_the_loss() -> None:
    X, y = make_xor()
    model, before = MLP(2, [3, 1]), MLP(2, [3, 1])
    history = fit(model, X, y, epochs=1)
    losses.binary_cross_entropy_with_logits([before(x) for x in X], y).backward()
    for k, layer in enumerate(before.layers, 1):
        norm = np.sqrt(sum(p.grad**2 for p in layer.parameters()))
        assert history.gradient_norms[f"layer{k}"] == pytest.approx([norm])


def test_patience_puts_the_best_parameters_back() -> None:
    X, y = make_moons(20, noise=0.5)
    model, kept = MLP(2, [12, 1]), []
    history = fit(
        model,
        X,
        y,
        optimizer=partial(Adam, lr=0.1),
        epochs=300,
        validation=0.5,
        patience=5,
        callbacks=[lambda m, _: kept.append(m.state_dict())],
    )
    assert history.stopped == "patience"
    best = int(np.argmin(history.test_loss))
    assert history.best_epoch == best + 1 == history.epochs - 5
    assert model.state_dict() == kept[best]
    assert (history.restored, history.end) == (best + 1, best)
    assert evaluate(model, X, y)[0] != history.loss[-1]


def test_a_callback_ends_the_run() -> None:
    history = fit(MLP(2, [2, 1]), *make_xor(), epochs=50, callbacks=[lambda _, h: h.epochs == 3])
    assert (history.epochs, history.stopped) == (3, "callback")


def test_a_schedule_and_the_rates_in_the_history() -> None:
    model = MLP(2, [2, 1])
    optimizer = SGD(model.parameters(), lr=0.8)
    history = fit(model, *make_xor(), optimizer=optimizer, epochs=5, schedule=StepLR(optimizer, step_size=2, gamma=0.5))
    assert history.lr == [0.8, 0.8, 0.4, 0.4, 0.2]


def test_outputs_between_minus_one_and_one_as_probabilities() -> None:
    found = probabilities(np.array([[-1.0], [0.0], [1.0], [-0.5], [1.5]]), "signs")
    assert found[:, -1].tolist() == [0.0, 0.5, 1.0, 0.25, 1.0]


def test_penalties_and_clipping_change_the_steps_as_they_say() -> None:
    X, y = make_xor()

    def step(**options: Any) -> np.ndarray:
        model = MLP(2, [2, 1])
        before = np.array(list(model.state_dict().values()))
        fit(model, X, y, optimizer=partial(SGD, lr=1.0), epochs=1, **options)
        return np.array([before, before - np.array(list(model.state_dict().values()))])

    w, plain = step()
    assert step(l2=0.1)[1] == pytest.approx(plain + 0.2 * w)
    assert step(l1=0.1)[1] == pytest.approx(plain + 0.1 * np.sign(w))
    assert step(max_norm=0.01)[1] == pytest.approx(plain * 0.01 / np.linalg.norm(plain), rel=1e-3)
    assert step(clip_value=0.02)[1] == pytest.approx(np.clip(plain, -0.02, 0.02))


def test_dropout_rests_while_one_measures_and_comes_back() -> None:
    X, y = make_xor()
    model = Sequential(Layer(2, 8), Dropout(0.5), Layer(8, 1, activation="linear"))
    model.eval()
    history = fit(model, X, y, epochs=3)
    assert not model.layers[1].training
    assert evaluate(model, X, y)[0] == pytest.approx(history.loss[-1])


def test_one_rng_gives_one_run() -> None:
    X, y = make_moons(20)

    def run(rng: Any) -> list[float]:
        model = Sequential(Layer(2, 4), Dropout(0.3), Layer(4, 1, activation="linear"))
        return fit(model, X, y, epochs=3, batch_size=6, rng=rng).loss

    assert run(5) == run(np.random.default_rng(5)) != run(6)


def test_the_history_is_saved_as_lists(tmp_path: Path) -> None:
    history = fit(MLP(2, [2, 1]), *make_xor(), epochs=3, validation=make_xor())
    history.save(tmp_path / "h.json")
    content = json.loads((tmp_path / "h.json").read_text("utf-8"))
    assert content["loss"] == history.loss == content["test_loss"]
    assert content["accuracy"] == history.accuracy
    assert content["test_accuracy"] == history.test_accuracy


def test_the_bar_is_there_when_asked_for_and_else_quiet(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(MLP(2, [2, 1]), *make_xor(), epochs=2)
    assert capsys.readouterr() == ("", "")
    fit(MLP(2, [2, 1]), *make_xor(), epochs=2, progress=True)
    said = capsys.readouterr()
    assert said.out == ""
    assert "0/2" in said.err

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    fit(MLP(2, [2, 1]), *make_xor(), epochs=2)
    assert "training" in terminal.getvalue()


# ---------------------------------------------------------------------------------------------- what goes wrong


def test_a_loss_that_is_not_finite_names_the_first_node() -> None:
    model = MLP(1, [2, 1], activation=["exp", "linear"])
    model.layers[0].neurons[1].w[0].data = 1e3
    before = model.state_dict()
    with pytest.raises(TrainingError, match=r"epoch 1, in layer1/neuron2: exp of 1000\.0") as caught:
        fit(model, [[1.0], [2.0]], [0.5, 0.5])
    assert caught.value.history.epochs == 0
    assert model.state_dict() == before


def test_a_step_that_is_too_large_says_which_parameter() -> None:
    with pytest.raises(TrainingError, match=r"parameter 'layer1/neuron1/w1' .* use a smaller lr"):
        fit(MLP(1, [1]), [[1e10]], [1e10], optimizer=partial(SGD, lr=1e300), epochs=5)


@pytest.mark.parametrize("compiled", [None, False])
@pytest.mark.parametrize(
    ("activation", "y"),
    [("relu", [1.0, 2.0]), ("relu", [1.3e154, -1.3e154]), ("relu", [1e155, -1e155]), ("exp", [1.0, 2.0])],
)
@pytest.mark.filterwarnings("error")
def test_a_run_that_diverges_says_at_which_operation(activation: str, y: list[float], compiled: bool | None) -> None:
    model = MLP(1, [2, 1], activation=activation)
    with pytest.raises(TrainingError, match=r"^epoch \d.*: .*( of |gradient ).*more than a float holds") as caught:
        fit(model, [[9.0], [-2.0]], y, loss="mse", optimizer=partial(SGD, lr=10.0), epochs=50, compiled=compiled)
    history = caught.value.history
    assert np.isfinite(list(model.state_dict().values())).all()
    assert len(history.loss) == len(history.lr) == len(history.gradient_norms.get("layer1", history.loss))
    assert np.isfinite(history.loss).all()


@pytest.mark.filterwarnings("error")
def test_the_norm_of_a_huge_gradient_is_finite(tmp_path: Path) -> None:
    history = fit(
        MLP(1, [1]),
        [[1e150], [2e150]],
        [1e3, -1e3],
        optimizer=partial(SGD, lr=1e-320),
        epochs=2,
        checkpoint=tmp_path / "c.json",
    )
    assert 1e299 < history.gradient_norms["layer1"][0] < 1e302


@pytest.mark.parametrize("compiled", [None, False])
@pytest.mark.parametrize(
    ("width", "y", "loss"),
    [
        (1, [0.1, 0.5, 0.9, 0.3], lambda p, t: (p - t).cosh().log()),
        (2, [[0.1, 0.5], [1.0, 2.0], [0.0, -1.0], [3.0, 1.0]], lambda p, t: (p[0] - t[0]) ** 2 + abs(p[1] - t[1])),
        (2, [0, 1, 1, 0], lambda z, t: losses.cross_entropy(z, t)),
        (2, [0, 1, 1, 0], partial(losses.multi_margin, margin=2)),
        (1, [-1, 1, 1, -1], partial(losses.hinge, margin=2)),
    ],
    ids=["of one output", "of two", "of classes", "multi_margin with an option", "hinge with an option"],
)
def test_a_loss_of_ones_own(width: int, y: Any, loss: Any, compiled: bool | None) -> None:
    model, (X, _) = MLP(2, [4, width], rng=1), make_xor()
    history = fit(model, X, y, loss=loss, optimizer=partial(Adam, lr=0.05), epochs=150, compiled=compiled)
    assert history.loss[-1] < 0.3 * history.loss[0]
    total = sum(float(loss(model(x), t)) for x, t in zip(X, y, strict=True))
    assert history.loss[-1] == pytest.approx(total / 4)
    with pytest.raises(ValueError, match="targets"):
        fit(model, X, [0.5, 3.0, 7.0, 1.0], loss=partial(losses.hinge, margin=2))


def test_an_optimizer_of_ones_own_may_hold_anything() -> None:
    class Own(SGD):
        def __init__(self, parameters: Any) -> None:
            super().__init__(parameters, lr=0.1)
            self.table, self.say = np.ones(3), print

    history = fit(MLP(2, [2, 1]), *make_xor(), optimizer=Own, epochs=2)
    assert history.loss == fit(MLP(2, [2, 1]), *make_xor(), optimizer=partial(SGD, lr=0.1), epochs=2).loss


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": -1}, "epochs takes a whole number"),
        ({"epochs": 2.5}, "epochs takes"),
        ({"epochs": float("nan")}, "epochs takes"),
        ({"epochs": True}, "epochs takes"),
        ({"patience": 0}, "patience takes"),
        ({"stop_below": float("nan")}, "stop_below takes"),
        ({"stop_below": "x"}, "stop_below takes one real number"),
        ({"l1": -1.0}, "l1 must be 0 or more"),
        ({"l2": float("inf")}, "l2 takes a finite number"),
        ({"max_norm": -1.0}, "max_norm must be"),
        ({"clip_value": float("nan")}, "clip_value takes"),
        ({"callbacks": None}, "callbacks takes a list"),
        ({"batch_size": 2.0}, "batch_size takes"),
        ({"callbacks": [3]}, "callbacks takes a list of functions"),
        ({"callbacks": print}, "callbacks takes a list of functions"),
        ({"loss": 3}, "loss takes a name"),
        ({"optimizer": 3}, "optimizer takes a name"),
        ({"optimizer": lambda p: None}, "optimizer takes a name"),
        ({"schedule": StepLR}, "schedule is that of another"),
        ({"validation": 1}, "between 0 and 1"),
        ({"validation": "some"}, "validation takes one real number"),
        ({"checkpoint": "/no such folder/c.json"}, "there is no folder '/no such folder' to write 'c.json' to"),
        ({"checkpoint": "c.json", "rng": np.random.Generator(np.random.MT19937(1))}, "got a generator of MT19937"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_options_that_cannot_be_are_refused_before_the_first_step(change: dict[str, Any], message: str) -> None:
    model, seen = MLP(2, [2, 1]), []
    before = model.state_dict()
    with pytest.raises((ValueError, TypeError, FileNotFoundError), match=message) as caught:
        fit(model, *make_xor(), **{"callbacks": [lambda *_: seen.append(1)], **change})
    assert not isinstance(caught.value, TrainingError)
    assert (model.state_dict(), seen) == (before, [])


@pytest.mark.parametrize("call", [fit, evaluate, lambda m, X, y: predict(m, X)])
def test_a_model_is_a_module(call: Any) -> None:
    with pytest.raises(TypeError, match=r"a microgrAD\.nn\.Module, got function"):
        call(lambda x: x[0], *make_xor())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"validation": 1.0}, "validation takes .* between 0 and 1, got 1.0"),
        ({"validation": True}, "between 0 and 1, got True"),
        ({"validation": (1, 2, 3, 4)}, "got 4 parts"),
        ({"X": [[0.0, 1j]] * 4}, "X takes rows of numbers.*: complex"),
        ({"y": [0, 1, float("nan"), 1]}, "got nan at 2"),
        ({"y": list("abcd")}, "y takes numbers, got <U1 values such as .*'a'"),
        ({"X": [[0.0, float("nan")]] * 4}, "finite numbers, got nan at"),
        ({"X": [1, 2, 3, 4]}, "rows of numbers, shape"),
        ({"X": [["a", "b"]] * 4}, "rows of numbers"),
        ({"X": [[1.0, 2.0, 3.0]] * 4}, "takes 2 inputs, got 3"),
        ({"X": np.zeros((0, 2)), "y": []}, "rows of numbers, shape"),
        ({"y": [0, 1]}, "one target for each of 4 rows"),
        ({"y": ["a"] * 4}, "number classes from 0"),
        ({"y": [0.0, 1.0, float("inf"), 0.0]}, "finite numbers"),
        ({"y": np.zeros((4, 3))}, "y has 3 columns"),
        ({"loss": "mae"}, "loss must be one of"),
        ({"loss": "hinge"}, r"targets of -1 or 1, got 0"),
        ({"model": MLP(2, [2]), "loss": "multi_margin", "y": [[0.5, 0.5]] * 4}, "takes one 1, and 0 for"),
        ({"loss": "cross_entropy"}, "one output a class, the model gives 1"),
        ({"optimizer": "adamax"}, "optimizer must be"),
        ({"batch_size": 0}, "batch_size takes"),
        ({"validation": ([[0.0, 1.0]],)}, "validation takes"),
        ({"validation": 1.5}, "validation takes .* between 0 and 1, got 1.5"),
        ({"optimizer": SGD(MLP(2, [1]).parameters())}, "parameters that are not the model's"),
    ],
)
def test_what_fit_refuses_leaves_the_model_as_it_was(change: dict[str, Any], message: str) -> None:
    X, y = make_xor()
    arguments = {"model": MLP(2, [2, 1]), "X": X, "y": y, **change}
    model = arguments.pop("model")
    before = model.state_dict()
    with pytest.raises(ValueError, match=message):
        fit(model, arguments.pop("X"), arguments.pop("y"), **arguments)
    assert model.state_dict() == before


def test_classes_beyond_the_outputs_are_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 1 as targets, got from 0 to 2"):
        fit(MLP(2, [2]), make_xor()[0], [0, 1, 2, 0], loss="cross_entropy")


def test_data_are_looked_at_in_eval_mode() -> None:
    seen = []

    class Watched(MLP):
        def __call__(self, x: Any) -> Any:
            seen.append(self.training)
            return super().__call__(x)

    model = Watched(2, [1], rng=0)
    data_of(model, [[0.0, 1.0]], [1.0], "mse")
    assert seen == [False] and model.training


def test_softmax_in_training_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match="let the last layer be linear"):
        fit(Sequential(Layer(2, 2), Softmax()), *make_xor())


def test_a_schedule_of_another_optimizer_is_refused() -> None:
    model = MLP(2, [1])
    with pytest.raises(ValueError, match="schedule is that of another optimizer"):
        fit(
            model, *make_xor(), optimizer=SGD(model.parameters()), schedule=StepLR(SGD(model.parameters()), step_size=1)
        )


def test_an_attribute_that_is_a_result_is_said_to_be_never_trained() -> None:
    class Line(Module):
        def __init__(self, w: Any) -> None:
            self.w, self.b = w, Value(0.0)

        def __call__(self, x: Any) -> Any:
            w = self.w[0] if isinstance(self.w, list) else self.w
            self.last = w * x[0] + self.b
            return self.last

    X, y = [[1.0], [2.0]], [2.0, 4.0]
    for w in (Value(1.0) * 0.5, [Value(1.0) * 0.5]):
        with pytest.warns(UserWarning, match=r"Line\.w is a result of mul, which is never trained; .* Value\(0\.5\)"):
            fit(Line(w), X, y, epochs=1, compiled=False)
    model = Line(Value(0.5))
    model([1.0])  # what is kept of a pass depends on the parameters
    fit(model, X, y, epochs=3)
