"""What leaves the playground: Python with the same numbers, a model's file that `predict` reads, points, links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playing import epoch, message, opened, ready, taken, trained, until, weights
from playwright.sync_api import Page

import viz
from microgrAD import datasets, nn
from microgrAD.cli import main
from microgrAD.outputs import outputs

# settings of a run, and how many epochs of it
RUNS = {
    "circles": ("#data=circles&n=80", 3),
    "three classes": ("#data=blobs&classes=3&n=60&noise=1&net=4.3&act=relu.tanh&lr=0.01", 3),
    "inputs": ("#data=spirals&n=60&inputs=x1.sq2.prod.sin1.sin2&net=3", 3),
    "momentum, penalties": ("#data=moons&n=50&rule=momentum&lr=0.05&l1=0.001&l2=0.003&batch=7&clip=0.5", 3),
    "nesterov, no batches": ("#data=xor&n=40&noise=0.2&rule=nesterov&lr=0.1&batch=100", 4),
    "rmsprop, schedule": ("#data=moons&n=50&rule=rmsprop&lr=0.003&schedule=cosine&init=kaiming&seed=5", 3),
    "adamw, dropout": ("#data=moons&n=50&rule=adamw&dropout=0.25&net=6.4", 3),
    "squared": ("#data=moons&n=50&loss=squared&out=sigmoid&rule=sgd&lr=1", 3),
    "squared, many": ("#data=yin-yang&n=60&loss=squared&net=5", 3),
    "hinge": ("#data=moons&n=50&loss=hinge&share=0", 3),
    "quantity": ("#data=sine&n=50&loss=huber", 3),
    "the page's own set": ("#data=bumps&n=40", 3),
    "a formula": ("#data=formula&n=40&formula=sin(3*x)&init=equal", 2),
    "no hidden layer": ("#data=blobs&n=40&net=", 3),
}


@pytest.mark.parametrize("name", RUNS)
def test_python_gives_the_same_numbers(page: Page, tmp_path: Path, name: str) -> None:
    hash, epochs = RUNS[name]
    opened(page, tmp_path, hash)
    assert message(page) == ""
    trained(page, epochs)
    scope: dict[str, Any] = {}
    exec(compile(taken(page, "python"), "playground.py", "exec"), scope)
    expected = np.array([p.data for p in scope["model"].parameters()])
    assert len(scope["history"].loss) == epochs == epoch(page)
    assert weights(page) == pytest.approx(expected, rel=1e-11, abs=1e-12)


def test_python_of_points_changed_by_hand(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&n=30&share=0.2")
    page.locator("#plane .points").focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    page.click("#reset")
    page.wait_for_timeout(200)
    trained(page, 2)
    scope: dict[str, Any] = {}
    exec(compile(taken(page, "python"), "playground.py", "exec"), scope)
    assert len(scope["X"]) == 25
    assert weights(page) == pytest.approx([p.data for p in scope["model"].parameters()], rel=1e-11, abs=1e-12)


def test_a_table_trains_as_python_says(page: Page, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(40, 3)) * [1, 20, 300] + [0, 5, 1000]
    y = X @ [1.0, 0.1, 0.01] + 3
    viz.playground(path=tmp_path / "own.html", X=X, y=y)
    page.goto((tmp_path / "own.html").as_uri())
    ready(page)
    trained(page, 3)
    scope: dict[str, Any] = {}
    exec(compile(taken(page, "python"), "playground.py", "exec"), scope)
    assert weights(page) == pytest.approx([p.data for p in scope["model"].parameters()], rel=1e-10, abs=1e-11)


# ---------------------------------------------------------------------------------------------- model's files


def test_a_models_file_answers_as_the_page_does(page: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    X, y = datasets.make_moons(40, noise=0.1)
    lines = ["a,b,kind", *(f"{x1!r},{x2!r},{'uv'[k]}" for (x1, x2), k in zip((X * [1, 50]).tolist(), y, strict=True))]
    (tmp_path / "table.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert main(["play", str(tmp_path / "table.csv"), "-o", str(tmp_path / "play.html")]) == 0
    page.goto((tmp_path / "play.html").as_uri())
    ready(page)
    trained(page, 20)
    (tmp_path / "model.json").write_text(taken(page, "model"), "utf-8")
    model = nn.load(tmp_path / "model.json")
    assert [p.data for p in model.parameters()] == weights(page).tolist()
    capsys.readouterr()
    assert main(["predict", str(tmp_path / "model.json"), str(tmp_path / "table.csv")]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("kind,P(u),P(v)\n")
    learned = float(page.inner_text("#metric-learn").split(", ")[1].split(" ")[0])
    held = float(page.inner_text("#metric-held").split(", ")[1].split(" ")[0])
    assert float(err.split(", ")[1].rstrip("%\n")) == pytest.approx((30 * learned + 10 * held) / 40, abs=0.2)


def test_a_models_file_of_python_comes_in(page: Page, tmp_path: Path) -> None:
    model = nn.MLP(2, [5, 3, 1], activation=["relu", "tanh", "linear"], rng=9)
    model.save(tmp_path / "model.json")
    opened(page, tmp_path)
    page.set_input_files("#csv-file", tmp_path / "model.json")
    until(page, "() => document.querySelector('#message-text').textContent.includes('is in the page')")
    assert weights(page).tolist() == [p.data for p in model.parameters()]
    (tmp_path / "bad.json").write_text(json.dumps({"format": "something"}), "utf-8")
    page.set_input_files("#csv-file", tmp_path / "bad.json")
    until(page, "() => document.querySelector('#message-text').textContent.includes('no model')")


def test_a_trained_model_of_a_table_keeps_its_answers(page: Page, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(50, 2)) * [3, 40] + [1, 100]
    model = nn.Sequential(nn.Standardize([2.0, 90.0], [2.5, 30.0]), nn.Layer(2, 4, rng=1),
                          nn.Layer(4, 1, activation="linear", rng=2), nn.Rescale([10.0], [3.0]))  # fmt: skip
    y = outputs(model, X)[:, 0]
    model.save(tmp_path / "model.json")
    viz.playground(path=tmp_path / "own.html", X=X, y=y)
    page.goto((tmp_path / "own.html").as_uri())
    ready(page)
    page.set_input_files("#csv-file", tmp_path / "model.json")
    until(page, "() => document.querySelector('#message-text').textContent.includes('is in the page')")
    until(page, "() => Math.abs(Number(document.querySelector('#metric-learn').textContent.replace('−', '-'))) < 1e-20")


# ---------------------------------------------------------------------------------------------- links and pictures


def test_a_link_brings_settings_points_and_weights_back(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&n=40&net=3.2&lr=0.01&share=0&seed=4")
    page.locator("#plane .points").focus()
    for key in ("ArrowLeft", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    trained(page, 2)
    link, before, loss = taken(page, "weights"), weights(page), page.inner_text("#metric-learn")
    page.goto("about:blank")
    page.goto(link)
    ready(page)
    assert message(page) == ""
    assert (weights(page) == before).all()
    assert page.inner_text("#metric-learn") == loss
    assert len(taken(page, "csv").splitlines()) == 42


def test_points_as_csv_are_the_data(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=circles&n=50&noise=0.1&dataseed=3")
    (tmp_path / "points.csv").write_text(taken(page, "csv"), "utf-8")
    table = datasets.read_csv(tmp_path / "points.csv")
    X, y = datasets.make_circles(50, noise=0.1, rng=3)
    learn_X, held_X, learn_y, held_y = datasets.train_test_split(X, y, rng=3)
    assert np.concatenate([learn_X, held_X]) == pytest.approx(table.X, rel=1e-13)
    assert table.y.tolist() == [*learn_y, *held_y]


def test_pictures_are_pictures(page: Page, tmp_path: Path) -> None:
    import xml.etree.ElementTree as ElementTree

    opened(page, tmp_path, "#data=moons&net=3")
    svg = ElementTree.fromstring(taken(page, "svg"))
    paths = [e for e in svg.iter() if e.tag.endswith("path")]
    assert len(paths) == 2 * 3 + 3
    with page.expect_download() as download:
        page.reload()
        ready(page)
        page.click("[data-opens-dialog=sharing]")
        page.click("[data-out=png]")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


# ---------------------------------------------------------------------------------------------- challenges


def test_a_challenge_is_judged_and_its_code_can_be_repeated(page: Page, tmp_path: Path) -> None:
    codes = []
    for _ in range(2):
        opened(page, tmp_path, "#data=moons&challenge=moons-noisy&net=12.12&noise=0.3&lr=0.03&batch=10")
        assert page.is_visible("#asked")
        for _ in range(40):
            trained(page, 1)
            if "code" in page.inner_text("#asked-code"):
                break
        codes.append(page.inner_text("#asked-code"))
    assert codes[0] == codes[1]
    assert "MOONS-NOISY-" in codes[0]
    page.click("#layers-more")
    until(
        page, "() => document.querySelector('#asked-parts').textContent.includes('○ at most 24 hidden units (now 28)')"
    )
    assert page.inner_text("#asked-code") == ""
