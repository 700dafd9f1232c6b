"""A trace of training: its numbers are those of `fit` to the last bit, and its lines follow from one rule."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paths import GOLDEN
from printed import lecture

from microgrAD import Value, optim
from microgrAD.explanation import explain
from microgrAD.gallery import agrees, find, networks
from microgrAD.init import constant
from microgrAD.losses import mse
from microgrAD.nn import MLP, Dropout, Layer, Module, Neuron, Sequential
from microgrAD.optim.working import Assignment
from microgrAD.steps.training import Epoch, Example, TrainingTrace, Update
from microgrAD.train import fit, train_steps

RULES: list[tuple[Any, dict[str, Any]]] = [
    (optim.SGD, {}),
    (optim.SGD, {"weight_decay": 0.1}),
    (optim.SGD, {"momentum": 0.9}),
    (optim.SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    (optim.RMSprop, {}),
    (optim.RMSprop, {"momentum": 0.5, "centered": True, "weight_decay": 0.1}),
    (optim.Adam, {}),
    (optim.Adam, {"betas": (0.8, 0.9), "weight_decay": 0.1}),
    (optim.AdamW, {}),
]
rng = np.random.default_rng(7)
X, Y = rng.normal(size=(7, 3)), rng.normal(size=7)


def numbers(model: Module) -> list[float]:
    return [p.data for p in model.parameters()]


def lecture_trace(epochs: int = 1, **options: Any) -> TrainingTrace:
    rows, targets = zip(*networks.EXAMPLES, strict=True)
    rule = partial(optim.SGD, lr=networks.ETA)
    return train_steps(lecture(), rows, targets, optimizer=rule, loss=partial(mse, half=True), epochs=epochs, **options)


# ---------------------------------------------------------------------------------------------- the numbers of fit


@pytest.mark.parametrize("batch_size", [1, 3, 7])
@pytest.mark.parametrize("compiled", [None, False])
@pytest.mark.parametrize(("rule", "options"), RULES)
def test_the_numbers_are_fits_to_the_last_bit(rule: Any, options: Any, batch_size: int, compiled: Any) -> None:
    given: dict[str, Any] = {
        "optimizer": partial(rule, lr=0.05, **options),
        "epochs": 3,
        "batch_size": batch_size,
        "compiled": compiled,
    }
    taught, stepped = MLP(3, [3, 1]), MLP(3, [3, 1])
    start = dict(zip(stepped.parameters(), numbers(stepped), strict=True))
    history = fit(taught, X, Y, shuffle=False, progress=False, **given)
    trace = train_steps(stepped, X, Y, **given)
    assert numbers(stepped) == numbers(taught)
    assert list(trace.losses[1:]) == history.loss
    for update in (event for event in trace if isinstance(event, Update)):
        assert update.before == start[update.value]
        start[update.value] = update.after
    assert list(start.values()) == numbers(taught)


def test_in_random_order_too() -> None:
    taught, stepped = MLP(3, [3, 1]), MLP(3, [3, 1])
    fit(taught, X, Y, epochs=3, batch_size=2, rng=5, progress=False)
    trace = train_steps(stepped, X, Y, epochs=3, batch_size=2, order="random", rng=5)
    assert numbers(stepped) == numbers(taught)
    rows = [event.row for event in trace if isinstance(event, Example)]
    assert rows[:7] != list(range(7))
    assert all(sorted(rows[k : k + 7]) == list(range(7)) for k in (0, 7, 14))


def test_as_given_rows_come_in_their_order() -> None:
    trace = train_steps(MLP(3, [2, 1]), X, Y, epochs=2, batch_size=3)
    assert [[e.row for e in step.examples] for step in trace.steps] == [[0, 1, 2], [3, 4, 5], [6]] * 2
    assert [e.epoch for e in trace if isinstance(e, Epoch)] == [1, 2]


@pytest.mark.parametrize("batch_size", [1, 2, 7])
def test_the_passes_of_the_rows_add_up_to_the_gradient(batch_size: int) -> None:
    trace = train_steps(MLP(3, [3, 1]), X, Y, epochs=2, batch_size=batch_size, compiled=False)
    for step in trace.steps:
        passes = [example.trace() for example in step.examples]
        found = [{v.value: t.derivatives[v.id] for v in t.variables.values()} for t in passes]
        for update in step.updates:
            slopes = [slope[update.value] for slope in found]
            assert np.mean(slopes) == pytest.approx(update.gradient, rel=1e-12, abs=1e-15)
            assert batch_size > 1 or slopes == [update.gradient]


def test_a_row_can_be_looked_at_long_after_with_the_weights_of_its_time() -> None:
    model = MLP(3, [3, 1])
    trace = train_steps(model, X, Y, epochs=3)
    end, labels = numbers(model), [p.label for p in model.parameters()]
    for step in (trace.steps[0], trace.steps[-1]):
        shown = {v.value: v.data for v in step.examples[0].trace().variables.values()}
        assert all(shown[update.value] == update.before for update in step.updates)
    assert (numbers(model), [p.label for p in model.parameters()]) == (end, labels)


def test_until_stops() -> None:
    trace = train_steps(MLP(3, [3, 1]), X, Y, optimizer="adam", epochs=500, until=0.5)
    assert trace.stopped == "until"
    assert trace.losses[-1] < 0.5 <= min(trace.losses[:-1])
    assert train_steps(MLP(3, [3, 1]), X, Y).stopped == "epochs"


# ---------------------------------------------------------------------------------------------- the lecture


def test_the_lectures_first_example() -> None:
    trace = lecture_trace()
    printed = {
        name.split()[0]: number
        for name, number in find("lecture-network").published.items()
        if name.endswith("after the first example")
    }
    first = {update.parameter: update.after for update in trace.steps[0].updates}
    assert len(printed) == 6
    assert all(agrees(number, first[name]) for name, number in printed.items())
    passes = trace.steps[0].examples[0].trace()
    deltas = {v.name: passes.derivatives[v.id] for v in passes.variables.values()}
    published = find("lecture-network").published
    assert all(agrees(published[f"δ{unit}"], deltas[f"n{unit}"]) for unit in (3, 4, 5))


def test_epochs_by_the_lectures_rule() -> None:
    trace = lecture_trace(epochs=50)
    loop = networks.train(epochs=50)
    for step, by_hand in zip(trace.steps, loop, strict=True):
        assert {u.parameter: u.after for u in step.updates} == pytest.approx(dict(by_hand.weights), abs=1e-12)


# ---------------------------------------------------------------------------------------------- in words


def runs() -> Iterator[tuple[str, TrainingTrace]]:
    rows, targets = zip(*networks.EXAMPLES, strict=True)
    yield "sgd", lecture_trace()
    for name, rule in (
        ("adam", partial(optim.Adam, lr=0.2, weight_decay=0.1)),
        ("rmsprop", partial(optim.RMSprop, lr=0.2, momentum=0.5, centered=True)),
        ("adamw", partial(optim.AdamW, lr=0.2)),
        ("momentum", partial(optim.SGD, lr=0.2, momentum=0.9, nesterov=True)),
    ):
        model = Neuron(2, activation="sigmoid", init=constant(0.5))
        yield name, train_steps(model, rows, targets, optimizer=rule, loss="mse", batch_size=2)


RUNS = dict(runs())


@pytest.mark.parametrize(("format", "ending"), [("text", "txt"), ("markdown", "md"), ("latex", "tex")])
def test_a_run_reads_as_it_was_read(format: Any, ending: str) -> None:
    golden = GOLDEN / f"explain_training.{ending}"
    written = explain(RUNS["adam"], format=format)
    assert written.rstrip("\n") + "\n" == golden.read_text("utf-8"), (
        f"read the difference to tests/golden/{golden.name}"
    )


@pytest.mark.parametrize("name", RUNS)
def test_every_line_of_an_update_is_true(name: str) -> None:
    """Python computes each line of numbers again, from the text that a reader sees."""
    said, checked = explain(RUNS[name], digits=17), 0
    for chapter in said.split("\n\n"):
        if "pdate by" in chapter.split("\n")[0]:
            lines = re.sub(r"\n {8,}", " ", re.sub(r"\n {2,}= ", " = ", chapter)).splitlines()[1:]
            for line in lines:
                *_, computed, result = re.sub(" +", " ", line).split(" = ")
                if "∂" not in computed:
                    assert number(computed) == pytest.approx(number(result), rel=1e-9, abs=1e-15), line
                    checked += 1
    assert checked >= 3 * len(RUNS[name].steps)


def number(text: str) -> float:
    for sign, plain in (("−", "-"), ("·", "*"), ("^", "**")):
        text = text.replace(sign, plain)
    powers = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda digits: f"**{digits[0].translate(powers)}", text)
    return float(eval(text.replace("√", "sqrt"), {"sqrt": math.sqrt}))


@pytest.mark.parametrize("name", RUNS)
def test_the_document_compiles(name: str, tmp_path: Path) -> None:
    if not shutil.which("pdflatex"):
        pytest.skip("no pdflatex")
    (tmp_path / "run.tex").write_text(explain(RUNS[name], format="latex"), "utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "run.tex"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]


# ---------------------------------------------------------------------------------------------- rules of one's own


class Signs(optim.Optimizer):
    """A step of lr against the sign of the gradient, on arrays."""

    def update(self, theta: Any, g: Any) -> Any:
        return theta - self.lr * np.sign(g)


class Halved(optim.Optimizer):
    """Half of SGD's step, as formulas."""

    def rule(self) -> Iterator[Assignment]:
        yield Assignment("Δ", "-η * g / 2")
        yield Assignment("θ", "θ + Δ")


def test_a_rule_on_arrays_is_followed_without_formulas() -> None:
    model = Neuron(1, activation="linear", bias=False, init=constant(2.0))
    trace = train_steps(model, [[3.0]], [5.0], optimizer=partial(Signs, lr=0.5), loss="mse")
    (update,) = trace.steps[0].updates
    assert (update.before, update.gradient, update.step, update.after) == (2.0, 6.0, -0.5, 1.5)
    assert re.search(r"w1′ +by a rule without formulas += 1\.5", explain(trace))


def test_a_rule_of_formulas_is_told() -> None:
    model = Neuron(1, activation="linear", bias=False, init=constant(2.0))
    trace = train_steps(model, [[3.0]], [5.0], optimizer=partial(Halved, lr=0.5), loss="mse")
    assert "Δw1 = −η · g / 2 = −0.5 · 6 / 2 = −1.5" in re.sub(" +", " ", explain(trace))
    assert model.w[0].data == 0.5


class Twice(optim.SGD):
    def step(self) -> None:
        super().step()
        super().step()


def test_what_cannot_be_followed_is_refused() -> None:
    model = MLP(3, [2, 1])
    before = numbers(model)
    with pytest.raises(ValueError, match="order must be one of"):
        train_steps(model, X, Y, order="backwards")
    with pytest.raises(ValueError, match="without Dropout"):
        train_steps(Sequential(Layer(3, 2), Dropout(0.5), Layer(2, 1)), X, Y)
    with pytest.raises(ValueError, match="a step of its own"):
        train_steps(model, X, Y, optimizer=partial(Twice, lr=0.1))
    with pytest.raises(ValueError, match="batch_size"):
        train_steps(model, X, Y, batch_size=0)
    with pytest.raises((TypeError, ValueError), match="shuffle"):
        fit(model, X, Y, shuffle="no")  # type: ignore[arg-type]
    assert numbers(model) == before


def test_units_of_a_large_network_are_told_apart() -> None:
    names = train_steps(MLP(3, [6, 1]), X, Y).steps[0].names
    assert list(names[:2]) == ["w14", "w24"] and list(names[-2:]) == ["w9_10", "b10"]
    assert len(set(names)) == len(names)


def test_labels_that_differ_are_kept() -> None:
    shared = Value(1.0, label="shared")

    class Line(Module):
        def __init__(self) -> None:
            self.a = shared

        def __call__(self, x: Any) -> Any:
            return self.a * x[0]

    assert train_steps(Line(), [[1.0]], [2.0], loss="mse").steps[0].names == ["shared"]
