"""`train` and `predict`: built-in data and tables, what is kept in files, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import matplotlib.image
import pytest

from microgrAD import nn
from microgrAD.datasets import make_moons, read_csv, train_test_split
from microgrAD.outputs import outputs

QUICK = ("--samples", "60", "--epochs", "30")


@pytest.fixture
def flowers(here: Path) -> Path:
    """A table of two features and three kinds."""
    draw = random.Random(1)
    lines = ["length,width,kind"]
    for k, kind in enumerate(("aster", "rose", "tulip") * 20):
        lines.append(f"{100 + 30 * (k % 3) + draw.gauss(0, 3):.2f},{draw.gauss(5 - k % 3, 0.3):.3f},{kind}")
    (here / "flowers.csv").write_text("\n".join(lines) + "\n")
    return here / "flowers.csv"


def test_a_noisy_set_is_learned_and_all_is_kept(said: Any, here: Path) -> None:
    status, out, err = said("train", "moons", *QUICK, "--save", "m.json", "--history", "h.json", "--plot", "m.png")
    assert (status, err) == (0, "")
    assert out.startswith("moons: 45 rows, 15 more held out; a network of 2-8-8-1, tanh, then linear, 105 parameters\n")
    assert out.endswith("wrote m.json\nwrote h.json\nwrote m.png\n")
    history = json.loads((here / "h.json").read_text())
    assert {len(history[name]) for name in ("loss", "accuracy", "test_loss", "test_accuracy")} == {30}
    last = next(line for line in reversed(out.splitlines()) if line.strip().startswith("30 "))
    assert last.split() == [
        "30",
        f"{history['loss'][-1]:.4f}",
        f"{history['accuracy'][-1]:.0%}",
        f"{history['test_loss'][-1]:.4f}",
        f"{history['test_accuracy'][-1]:.0%}",
    ]
    assert f"{history['test_accuracy'][-1]:.1%}" in out
    assert min(matplotlib.image.imread("m.png").shape[:2]) > 500
    assert nn.load("m.json").notes["data"] == "moons"


def test_a_truth_table_has_nothing_held_out(said: Any, here: Path) -> None:
    said("train", "xor", "--history", "h.json")
    history = json.loads((here / "h.json").read_text())
    assert "test_loss" not in history
    assert history["accuracy"][-1] == 1.0
    said("train", "xor", "--noise", "0.1", *QUICK, "--history", "h.json")
    assert len(json.loads((here / "h.json").read_text())["test_accuracy"]) == 30


def test_options_reach_the_training(said: Any, here: Path) -> None:
    def losses(*options: str) -> list[float]:
        said("train", "moons", "--samples", "40", "--epochs", "3", "--history", "h.json", *options)
        found: list[float] = json.loads((here / "h.json").read_text())["loss"]
        return found

    plain = losses()
    assert plain == losses()
    for change in (
        ("--optimizer", "rmsprop"),
        ("--lr", "0.1"),
        ("--hidden", "3"),
        ("--activation", "relu"),
        ("--seed", "1"),
        ("--l2", "0.1"),
        ("--batch-size", "7"),
        ("--noise", "0.3"),
        ("--test-size", "0.5"),
    ):
        assert losses(*change) != plain, change
    assert losses("--optimizer", "sgd") != losses("--optimizer", "sgd", "--momentum", "0")


def test_with_patience_what_is_said_is_of_the_model_that_is_kept(said: Any, here: Path) -> None:
    table = "".join(
        f"{x},{y},{k}\n" for (x, y), k in zip(*(part.tolist() for part in make_moons(60, noise=0.6)), strict=True)
    )
    (here / "t.csv").write_text(table)
    _, out, _ = said("train", "t.csv", "--patience", "3", "--lr", "0.1", "--save", "m.json", "--history", "h.json")
    assert out.startswith("t.csv: 36 rows, 9 for validation, 15 more held out; ")
    history = json.loads((here / "h.json").read_text())
    assert history["restored"] == history["best_epoch"] < len(history["loss"])
    X, y = read_csv("t.csv").X, read_csv("t.csv").y
    _, X, _, y = train_test_split(X, y)
    right = int(((outputs(nn.load("m.json"), X)[:, 0] > 0) == y).sum())
    assert f"\nthis network    {right} of 15 " in out
    assert f"the weights are those of epoch {history['best_epoch']}, after which the loss on 9 validation rows" in out


def test_a_table_is_learned_and_answered(said: Any, flowers: Path, here: Path) -> None:
    status, out, _ = said("train", "flowers.csv", "--hidden", "6", "--epochs", "80", "--save", "m.json")
    assert status == 0
    assert "flowers.csv: 36 rows, 9 for validation, 15 more held out; a network of 2-6-3" in out
    assert "'kind', one of 3 classes, is learned from 2 features" in out
    status, out, err = said("predict", "m.json", "flowers.csv")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["kind", "P(aster)", "P(rose)", "P(tulip)"]
    truth = [line.split(",")[-1] for line in flowers.read_text().splitlines()[1:]]
    right = sum(row["kind"] == kind for row, kind in zip(rows, truth, strict=True))
    assert err == f"{right} of 60 answers are right, {right / 60:.1%}\n"
    assert right >= 57
    assert all(abs(sum(float(row[name]) for name in list(row)[1:]) - 1) < 3e-6 for row in rows)
    head, *lines = flowers.read_text().splitlines()
    (here / "other.csv").write_text("\n".join([head.title(), *lines]).replace("rose", "Rose") + "\n")
    status, _, err = said("predict", "m.json", "other.csv")
    assert status == 0 and "took " in err and " as 'kind'" in err
    roses = truth.count("rose")
    assert f"; {roses} rows have another class than ['aster', 'rose', 'tulip'], such as 'Rose'" in err
    (here / "other.csv").write_text("\n".join([head.replace(",", " (cm),"), *lines]) + "\n")
    status, _, err = said("predict", "m.json", "other.csv")
    assert status == 2 and "give the columns the model's names" in err


def test_features_are_found_by_name_or_by_place(said: Any, flowers: Path, here: Path) -> None:
    said("train", "flowers.csv", "--epochs", "20", "--save", "m.json")
    whole = said("predict", "m.json", "flowers.csv")[1]
    lines = [line.split(",") for line in flowers.read_text().splitlines()]
    (here / "turned.csv").write_text(
        "\n".join(f"{c},x,{b},{a}" if k else f"{c},note,{b},{a}" for k, (a, b, c) in enumerate(lines))
    )
    (here / "bare.csv").write_text("\n".join(f"{a},{b}" for a, b, _ in lines[1:]))
    assert said("predict", "m.json", "turned.csv")[1] == whole
    assert said("predict", "m.json", "bare.csv")[1:] == (whole, "")
    assert said("predict", "m.json", "bare.csv", "-o", "out.csv")[1] == "wrote out.csv\n"
    assert (here / "out.csv").read_text() == whole


def test_quantities_are_learned_with_a_curve(said: Any, here: Path) -> None:
    status, out, _ = said("train", "sine", "--samples", "80", "--epochs", "60", "-o", "s.png", "--save", "m.json")
    assert status == 0
    assert "held out         error  R²\n" in out
    assert min(matplotlib.image.imread("s.png").shape[:2]) > 500
    (here / "t.csv").write_text("x1\n0.0\n1.5\n")
    rows = said("predict", "m.json", "t.csv")[1].splitlines()
    assert rows[0] == "y"
    assert abs(float(rows[2]) - float(rows[1]) - 1) < 0.4


def test_prices_are_learned_and_answered_in_their_own_unit(said: Any, here: Path) -> None:
    draw = random.Random(2)
    sizes = [draw.uniform(40, 200) for _ in range(80)]
    prices = [2500 * size + 60_000 + draw.gauss(0, 4000) for size in sizes]
    rows = "".join(f"{a:.1f},{b:.0f}\n" for a, b in zip(sizes, prices, strict=True))
    (here / "t.csv").write_text("size,price\n" + rows)
    status, out, _ = said("train", "t.csv", "--epochs", "60", "--save", "m.json", "--history", "h.json")
    assert status == 0
    assert (
        "; a network of 1-16-16-1, tanh, then linear, 321 parameters\n"
        "'price', a quantity, is learned from 1 feature\nthe loss is the unexplained share of the "
        "targets' variance, 1 if every answer is the mean\n\nepoch    loss  valid.\n" in out
    )
    history = json.loads((here / "h.json").read_text())
    assert history["loss_unit"] == "unexplained share of the targets' variance"
    last = str(len(history["loss"]))
    lines = [line.split() for line in out.splitlines() if line.strip().startswith(f"{last} ")]
    assert lines == [[last, f"{history['loss'][-1]:.4f}", f"{history['test_loss'][-1]:.4f}"]]
    error = float(out.partition("this network")[2].split()[0])
    assert 2000 < error < 20_000
    assert "the error is the root mean squared error, in the unit of 'price'\n" in out
    _, answers, err = said("predict", "m.json", "t.csv")
    given = [float(line) for line in answers.splitlines()[1:]]
    error = (sum((a - round(b)) ** 2 for a, b in zip(given, prices, strict=True)) / 80) ** 0.5
    assert error < 12_000
    assert err == f"root mean squared error {error:.3g}\n"
    (here / "u.csv").write_text("size,price\n100,NA\n90,1\n")
    assert "not every row has a number as its target" in said("predict", "m.json", "u.csv")[2]


def test_many_features_have_their_loss_drawn(said: Any) -> None:
    assert said("train", "glyphs", *QUICK, "-o", "g.png")[0] == 0
    assert min(matplotlib.image.imread("g.png").shape[:2]) > 500


def test_what_was_not_learned_is_status_1(said: Any) -> None:
    status, out, _ = said("train", "circles", "--hidden", "", *QUICK)
    assert status in (0, 1)
    shares = [float(line.split()[-1].rstrip("%")) for line in out.splitlines() if line.endswith("%")]
    assert max(shares[-3:]) < 80
    assert (status == 1) == (shares[-1] <= shares[-3]) == ("the same answer for every row does as well" in out)


def test_what_a_table_does_not_say_is_asked_or_told(said: Any, here: Path) -> None:
    draw = random.Random(3)
    lines = [f"{k},{draw.gauss(0, 1):.4f},{draw.gauss(0, 1):.4f},{k % 3}\n" for k in range(60)]
    (here / "t.csv").write_text(",a,b,n\n" + "".join(lines))
    status, out, err = said("train", "t.csv")
    assert (status, out) == (2, "")
    assert "pass --classes (in Python: classes=True) or --quantity (in Python: quantity=True)" in err
    status, out, err = said("train", "t.csv", "--quantity", "--save", "m.json")
    assert status == 1  # noise, which the index does not explain
    assert "'n', a quantity, is learned from 2 features\n" in out
    assert out.endswith("not learned: the same answer for every row does as well\nwrote m.json\n")
    assert err.startswith("microgrAD train: warning: t.csv: column 1 has no name and is different in every row")
    assert said("train", "t.csv", "--quantity", "--features", "a,b")[2] == ""
    assert (
        "'n', one of 3 classes, is learned from 1 feature\n"
        in said("train", "t.csv", "--classes", "--features", '"a"', "--hidden", "", "--save", "m.json")[1]
    )
    assert said("predict", "m.json", "t.csv", "--header")[0] == 0
    (here / "u.csv").write_text("2019,2020\n" + "".join(lines[k][2:].rpartition(",")[0] + "\n" for k in range(10)))
    assert "--header (in Python: header=True) or --no-header" in said("train", "u.csv")[2]
    assert "'2020', a quantity, is learned from 1 feature" in said("train", "u.csv", "--header")[1]
    assert "'x2', a quantity, is learned from 1 feature" in said("train", "u.csv", "--no-header")[1]


def test_the_index_is_never_what_is_learned(said: Any, here: Path) -> None:
    """Noise in the order of its classes, with an index: a network given the index would be right in all rows."""
    draw = random.Random(4)
    lines = [f"{k},{draw.gauss(0, 1):.4f},{'ab'[k > 59]}\n" for k in range(120)]
    (here / "t.csv").write_text(",x,kind\n" + "".join(lines))
    right = float(said("train", "t.csv")[1].partition("this network")[2].split("%")[0].split()[-1])
    assert right < 75
    right = said("train", "t.csv", "--features", "column 1,x")[1].partition("this network")[2].split("%")[0]
    assert float(right.split()[-1]) > 90  # if it is asked for


def test_a_network_stands_beside_a_constant_and_a_line(said: Any, here: Path) -> None:
    draw = random.Random(5)
    xs = [draw.gauss(0, 1) for _ in range(80)]
    (here / "t.csv").write_text("x,y\n" + "".join(f"{x:.4f},{3 * x + draw.gauss(0, 0.5):.4f}\n" for x in xs))
    _, out, _ = said("train", "t.csv", "--lr", "1e-4", "--epochs", "200")
    rows = {line[:16].strip(): float(line.split()[-1]) for line in out.splitlines()[-5:-2]}
    assert rows["a straight line"] > 0.9 > rows["this network"] > rows["always the mean"]
    assert rows["always the mean"] < 0.02
    assert out.endswith("a linear model does as well or better; take it, or look for a better network\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n3\n", "t.csv, line 3: 1 columns"),
        ("", "t.csv is empty"),
        ("a,kind\n1,x\n2,x\n", "is 'x' in every row"),
        ("a,price\n1,2.5\n2,2.5\n3,2.5\n", "column 'price' is '2.5' in every row"),
        ("a,b\n1,2.5\n", "t.csv has one row; a table takes two"),
        ('a,price\n1,"1,000"\n2,"2,000"\n3,$5\n', "t.csv, line 2: '1,000' is 1000 or 1.000"),
        ("a,price\n1,$7\n2,$6\n3,$5\n", "has another text in every row, such as '$5'"),
    ],
)
def test_a_table_that_cannot_be_learned(said: Any, here: Path, text: str, message: str) -> None:
    (here / "t.csv").write_text(text)
    status, out, err = said("train", "t.csv", "--save", "m.json")
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert not (here / "m.json").exists()


@pytest.mark.parametrize("option", ["--save", "--history"])
def test_a_folder_is_no_file_to_save_in(said: Any, here: Path, option: str) -> None:
    (here / "m.json").mkdir()
    status, out, err = said("train", "xor", option, "m.json")
    assert (status, out) == (2, "")
    assert "'m.json' is a folder; name a file" in err


@pytest.mark.parametrize(
    "options",
    [
        ("--lr", "-1"),
        ("--lr", "nan"),
        ("--momentum", "-1"),
        ("--l2", "-1"),
        ("--stop-below", "nan"),
        ("--epochs", "0"),
        ("--activation", "foo"),
        ("--activation", "log"),
        ("--optimizer", "foo"),
        ("--noise", "inf"),
        ("--momentum", ".5", "--optimizer", "adam"),
        ("--noise", "0.1", "--samples", "10000000000000000"),
        ("--test-size", "2"),
        ("--batch-size", "0"),
        ("--patience", "0"),
        ("--hidden", "2,,3"),
    ],
)
@pytest.mark.parametrize("data", ["xor", "circles"])
def test_what_train_refuses_it_refuses_before_it_says_a_word(said: Any, data: str, options: tuple[str, ...]) -> None:
    status, out, err = said("train", data, *options)
    assert (status, out) == (2, "")
    assert err.startswith("microgrAD train: error: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("model", "text", "message"),
    [
        ("m.json", "a\n1\n", "has 1 columns"),
        ("m.json", "a,b,c,d\n1,2,3,4\n", "has 4 columns"),
        ("m.json", "a,b\n1,x\n", "takes a number, got the text 'x'"),
        ("t.csv", "1,2\n", "is no model file"),
        ("bare.json", "1,2\n", "does not say what its features are"),
    ],
)
def test_what_predict_refuses(said: Any, here: Path, model: str, text: str, message: str) -> None:
    said("train", "moons", "--samples", "20", "--epochs", "1", "--save", "m.json")
    nn.MLP(2, [1]).save("bare.json")
    (here / "t.csv").write_text(text)
    status, out, err = said("predict", model, "t.csv")
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
