"""Model files: what is saved comes back, and what is damaged changes nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microgrAD import Value
from microgrAD.files import FileError
from microgrAD.nn import (
    MLP,
    AvgPool2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    MaxPool2d,
    Module,
    Neuron,
    Perceptron,
    Rescale,
    Sequential,
    Softmax,
    Standardize,
    SumPool2d,
    Unflatten,
    load,
)
from microgrAD.outputs import outputs

MODELS: list[tuple[Module, int]] = [
    (MLP(3, [4, 2], activation=["sigmoid", "linear"], fused=True), 3),
    (MLP(2, [3, 3, 1], bias=False), 2),
    (Neuron(3, activation="relu"), 3),
    (Layer(2, 3), 2),
    (Sequential(Standardize([1.0, 2.0], [0.5, 3.0]), Layer(2, 3)), 2),
    (Sequential(Layer(2, 2), Rescale([300.0, -1.0], [50.0, 1e-6])), 2),
    (Perceptron(4), 4),
    (
        Sequential(
            Unflatten(1, 6, 6),
            Conv2d(1, 2, 3, padding=1, activation="tanh"),
            MaxPool2d(2),
            SumPool2d(3, stride=1),
            Flatten(),
            Dropout(0.3),
            Layer(2, 2, activation="linear"),
            Softmax(),
        ),
        36,
    ),
    (Sequential(Unflatten(1, 4, 4), AvgPool2d((2, 4)), Flatten(), Sequential(Layer(2, 2), Layer(2, 1))), 16),
]


@pytest.mark.parametrize(("model", "width"), MODELS, ids=lambda m: type(m).__name__ if isinstance(m, Module) else m)
def test_a_model_comes_back_to_the_last_bit(model: Module, width: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for p in model.parameters():
        p.data = rng.normal() / 3
    model.notes = {"classes": ["no", "yes"]}
    model.save(tmp_path / "m.json")
    again = load(tmp_path / "m.json")
    assert repr(again) == repr(model)
    assert again.state_dict() == model.state_dict()
    assert again.notes == {"classes": ["no", "yes"]}
    X = rng.normal(size=(5, width))
    assert (outputs(again, X) == outputs(model.eval(), X)).all()
    model.train()


def test_the_file_is_json_that_says_what_it_is(tmp_path: Path) -> None:
    Neuron(1).save(tmp_path / "m.json")
    content = json.loads((tmp_path / "m.json").read_text("utf-8"))
    assert (content["format"], content["version"], content["kind"]) == ("microgrAD model", 1, "Neuron")
    assert content["parameters"].keys() == {"w1", "b"}


class Own(Module):
    def __init__(self) -> None:
        self.a, self.b = Value(1.0), Value(2.0)


def test_a_class_of_the_users_own_gives_its_weights(tmp_path: Path) -> None:
    Own().save(tmp_path / "m.json")
    with pytest.raises(FileError, match=r"has only the weights of Own, not its shape.*: model\.load\(path\)"):
        load(tmp_path / "m.json")
    model = Own()
    model.a.data = 7.0
    model.load(tmp_path / "m.json")
    assert model.state_dict() == {"a": 1.0, "b": 2.0}


def test_a_layer_that_is_there_twice_has_its_weights_once(tmp_path: Path) -> None:
    shared = Layer(2, 2)
    model = Sequential(shared, shared, Layer(2, 1))
    model.save(tmp_path / "m.json")
    with pytest.raises(FileError, match=r"not its shape, since the model has .*, or one layer twice"):
        load(tmp_path / "m.json")
    other = Layer(2, 2, rng=5)
    again = Sequential(other, other, Layer(2, 1, rng=6))
    again.load(tmp_path / "m.json")
    assert again([0.3, -1.0]).data == model([0.3, -1.0]).data


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, path = Neuron(1), tmp_path / "m.json"
    model.save(path)
    before = path.read_bytes()

    def full(*args: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        model.save(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["m.json"]


def test_notes_that_json_does_not_know_leave_no_file(tmp_path: Path) -> None:
    model = Neuron(1)
    model.notes = {"x": float("nan")}
    with pytest.raises(ValueError, match="not JSON compliant"):
        model.save(tmp_path / "m.json")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1.0}, "1 unknown to this model, such as 'extra'"),
        ({"w1": None}, "w1 takes a finite number, got None"),
        ({"w1": float("nan")}, "finite number, got nan"),
        ({"w1": 10**400}, "finite number"),
        ({"w1": True}, "finite number, got True"),
        ({"w1": "1.0"}, "finite number, got '1.0'"),
        ({"w1": [1.0]}, "finite"),
    ],
)
def test_a_damaged_state_dict_changes_nothing(change: dict[str, Any], message: str) -> None:
    model = Neuron(2)
    before = model.state_dict()
    with pytest.raises(FileError, match=message):
        model.load_state_dict({**dict.fromkeys(before, 9.0), **change})
    assert model.state_dict() == before


def test_a_state_dict_with_names_missing_changes_nothing() -> None:
    model = Neuron(2)
    before = model.state_dict()
    for state in ({"w1": 1.0, "w2": 1.0}, {}, [], None, "w1"):
        with pytest.raises(FileError, match="not that of this model"):
            model.load_state_dict(state)
    assert model.state_dict() == before


# ---------------------------------------------------------------------------------------------- damaged files

GOOD = {
    "format": "microgrAD model",
    "version": 1,
    "kind": "MLP",
    "config": {"nin": 2, "nouts": [2, 1], "activation": ["tanh", "linear"], "bias": True, "fused": False},
    "parameters": MLP(2, [2, 1]).state_dict(),
    "notes": {},
}


def _texts() -> list[str]:
    """Damaged files: cut off, of other types, foreign, huge, with numbers that are none."""
    whole = json.dumps(GOOD)
    strange: list[Any] = [None, True, 0, -1, 10**9, 1e400, float("nan"), "x", [], {}, [1e9], [[]], {"a": 1}]
    found = [whole[:k] for k in range(0, len(whole), 8)]  # cut off
    found += [
        json.dumps({**GOOD, key: value})
        for key in GOOD
        for value in strange
        if value != GOOD[key] and not (key == "notes" and isinstance(value, dict))
    ]
    found += [
        json.dumps({**GOOD, "version": 1.0}),
        json.dumps({**GOOD, "checksum": None}),
        json.dumps({**GOOD, "checksum": "0" * 16}),
    ]
    config = GOOD["config"]
    assert isinstance(config, dict)
    found += [
        json.dumps({**GOOD, "config": {**config, key: value}})
        for key in ("nin", "nouts", "activation")
        for value in strange
    ]
    found += [
        json.dumps({**GOOD, "config": {**config, key: value}})
        for key in ("bias", "fused")
        for value in strange
        if value is not True
    ]
    found += [json.dumps({key: value for key, value in GOOD.items() if key != gone}) for gone in GOOD]
    found += [
        json.dumps({**GOOD, "config": {**config, "nonsense": 1}}),
        json.dumps({**GOOD, "kind": "Sequential"}),
        json.dumps({**GOOD, "kind": "Conv2d"}),
        json.dumps({**GOOD, "kind": "os.system"}),
        json.dumps({**GOOD, "kind": "Sequential", "config": {"layers": [{"kind": "Softmax"}] * 3}}),
        json.dumps(
            {**GOOD, "kind": "Conv2d", "config": {"in_channels": 1, "out_channels": 10**8, "kernel_size": 10**8}}
        ),
        json.dumps({**GOOD, "kind": "Standardize", "config": {"mean": [1.0], "deviation": [0.0]}}),
        "[" * 100_000,
        "{" * 50,
        '{"format": "microgrAD history", "version": 1}',
        "<html></html>",
        "\x00" * 99,
        whole.replace(": 1,", ": 2,", 1),
        whole + whole,
        "w1,w2\n1,2\n",
        "{}",
        "null",
        '"' + "x" * 10_000,
    ]
    return found


TEXTS = _texts()


def test_there_are_two_hundred_damaged_files() -> None:
    assert len(set(TEXTS)) >= 200


@pytest.mark.parametrize("load_it", [load, MLP(2, [2, 1]).load], ids=["load", "model.load"])
def test_a_damaged_file_is_one_clear_error_and_changes_nothing(load_it: Any, tmp_path: Path) -> None:
    model = getattr(load_it, "__self__", None)
    before = model.state_dict() if model else None
    config_matters = model is None
    refused = 0
    for text in TEXTS:
        (tmp_path / "m.json").write_text(text, "utf-8")
        try:
            load_it(tmp_path / "m.json")
        except FileError as error:
            assert 20 < len(str(error)) < 400 + len(str(tmp_path)), text[:200]
            assert "\n" not in str(error)
            refused += 1
        else:
            # the weights alone were asked for, and they are whole
            assert not config_matters, text[:300]
            assert json.loads(text)["parameters"] == GOOD["parameters"]
        assert before is None or model.state_dict() == before
    assert refused >= (200 if config_matters else 125)


def test_every_changed_digit_is_seen(tmp_path: Path) -> None:
    model, path = MLP(2, [2, 1]), tmp_path / "m.json"
    model.notes = {"features": ["a", "b"], "of": 7}
    model.save(path)
    text, before = path.read_text("utf-8"), model.state_dict()
    places = [k for k, sign in enumerate(text) if sign.isdigit()]
    assert len(places) > 120
    for k in places:
        path.write_text(text[:k] + str((int(text[k]) + 1) % 10) + text[k + 1 :], "utf-8")
        same = json.loads(path.read_text("utf-8")) == json.loads(text)  # a last digit beyond a float's
        for read in (load, model.load):
            if not same:
                with pytest.raises(FileError):
                    read(path)
    assert model.state_dict() == before


def test_white_space_may_change_and_a_file_without_its_checksum_is_read(tmp_path: Path) -> None:
    model, path = MLP(2, [2, 1], rng=3), tmp_path / "m.json"
    model.save(path)
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(content, indent=2), "utf-8")
    assert load(path).state_dict() == model.state_dict()
    content["parameters"]["layer1.neuron1.w1"] = 0.5
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(FileError, match=r'is damaged.*remove its "checksum"'):
        load(path)
    del content["checksum"]
    path.write_text(json.dumps(content), "utf-8")
    assert load(path).state_dict()["layer1.neuron1.w1"] == 0.5


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such folder") as caught:
        MLP(2, [1]).save(tmp_path / "none" / "m.json")
    assert caught.value.filename == str(tmp_path / "none")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(bytes(range(128, 256)))
    with pytest.raises(FileError, match="is no model file"):
        load(tmp_path / "m.json")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with open(tmp_path / "m.json", "wb") as file:
        file.truncate(1 << 29)
    with pytest.raises(FileError, match="a model file has at most"):
        load(tmp_path / "m.json")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.json")
