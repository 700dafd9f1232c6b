"""A run of training as film, slides and worksheet: the printed digits, the numbers of `fit`, and nothing moves."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from filmed_parts import at_rest, caption, parts
from printed import lecture, mazur

import viz
from microgrAD import Value, optim
from microgrAD.cli import descent
from microgrAD.explanation import explain
from microgrAD.explanation.writers import Latex
from microgrAD.explanation.writers import Text as Plain
from microgrAD.gallery import agrees, find, networks
from microgrAD.losses import mse
from microgrAD.nn import MLP, Conv2d, Module, Sequential, Standardize
from microgrAD.steps.training import TrainingTrace
from microgrAD.train import fit, train_steps
from viz.passes.film import filmed
from viz.passes.worksheet import html
from viz.passes.worksheet.files import Worksheet
from viz.scene import Scene, Text

HALF = partial(mse, half=True)
SGD = partial(optim.SGD, lr=networks.ETA)
OPTIONS: dict[str, Any] = {"theme": "light", "size": "16:9", "caption": True}


def run(rows: int = 1, rule: Any = SGD, **options: Any) -> TrainingTrace:
    X, y = [x for x, _ in networks.EXAMPLES[:rows]], [y for _, y in networks.EXAMPLES[:rows]]
    return train_steps(lecture(), X, y, optimizer=rule, loss=HALF, **options)


def mazur_run() -> TrainingTrace:
    loss = partial(mse, half=True, reduction="sum")
    return train_steps(mazur(), [(0.05, 0.10)], [[0.01, 0.99]], optimizer=partial(optim.SGD, lr=0.5), loss=loss)


def shown(scene: Scene) -> dict[str, str]:
    """The text of each part that is seen."""
    return {
        id: re.sub(" *= ", " = ", "".join(s.text for s in part.shapes if isinstance(s, Text))).replace("−", "-")
        for id, part in parts(scene).items()
        if part.visible
    }


def said(pictures: list[Scene]) -> list[str]:
    return [" ".join(caption(picture)).replace("   ", " ") for picture in pictures]


# ---------------------------------------------------------------------------------------------- the printed digits


def test_the_lectures_first_example_as_a_film() -> None:
    telling, pictures = filmed(run(), digits=5, **OPTIONS)
    assert telling.name == "A 2-2-1 network learns"
    first, last = shown(pictures[0]), shown(pictures[-1])
    assert {first["x1.value"], first["w1.3.0"]} == {"x1 = 0.1", "w13 = 0.1"}
    assert not {"u3.value", "u5.grad", "w1.3.1", "loss.value"} & first.keys()
    assert [last[f"u{k}.value"] for k in (3, 4, 5)] == ["o3 = 0.5", "o4 = 0.5", "o5 = 0.5"]
    assert [last[f"u{k}.grad"] for k in (5, 4, 3)] == ["δ5 = 0.1", "δ4 = 0.0025", "δ3 = -0.0025"]
    published = {
        name.split()[0]: number
        for name, number in find("lecture-network").published.items()
        if name.endswith("after the first example")
    }
    assert len(published) == 6
    for name, number in published.items():
        assert last[f"w{(int(name[1]) - 1) % 2 + 1}.{name[2]}.1"] == f"new {name} = {number}"
    captions = said(pictures)
    assert "δ5 = (o5 − 0.1) · o5 · (1 − o5) = (0.5 − 0.1) · 0.5 · (1 − 0.5) = 0.1" in captions
    assert "δ4 = w45 · δ5 · o4 · (1 − o4) = 0.1 · 0.1 · 0.5 · (1 − 0.5) = 0.0025" in captions
    assert any("w45′ = w45 + Δw45 = 0.1 + (−0.01) = 0.09" in line for line in captions)
    assert captions[-1].startswith("mean loss of all rows after epoch 1 = ")


def test_mazurs_eight_weights_as_a_film_and_on_a_worksheet(tmp_path: Path) -> None:
    trace = mazur_run()
    _, pictures = filmed(trace, digits=12, **OPTIONS)
    last, published = shown(pictures[-1]), find("mazur").published
    places = ["1.3", "2.3", "1.4", "2.4", "1.5", "2.5", "1.6", "2.6"]
    section = viz.worksheet(trace, digits=12).sheet.sections[0]
    answers = {question.name: question.line.written()[-1] for question in section.questions(Plain(12))}
    for k, place in enumerate(places, 1):
        source, unit = int(place[0]) + 2 * (k > 4), place[2]
        printed = published[f"w{k} after"]
        assert agrees(printed, float(last[f"w{place}.1"].partition(" = ")[2]))
        assert agrees(printed, float(answers[f"w{source}{unit}"]))


def test_mazurs_digits_are_in_every_medium() -> None:
    trace, published = mazur_run(), find("mazur").published
    media = {
        **{form: explain(trace, format=form, digits=12) for form in ("text", "markdown", "latex")},
        "page": viz.page(trace, digits=12),
        "overlays": viz.tikz(trace, overlays=True, digits=12),
        "key": html.write(viz.worksheet(trace, digits=12).sheets, key=True).decode(),
    }
    of_units = ("net_h1", "out_h1", "out_h2", "net_o1", "out_o1", "out_o2", "E", "∂E/∂net_o1", "∂E/∂w5", "∂E/∂w1")
    for medium, text in media.items():
        numbers = [float(x) for x in re.findall(r"(?<![\w.])\d+\.\d+", text)]
        for name in (*(f"w{k} after" for k in range(1, 9)), *of_units):
            assert any(agrees(published[name], x) for x in numbers), (medium, name)


# ---------------------------------------------------------------------------------------------- the film


@pytest.mark.parametrize("rule", [optim.SGD, partial(optim.SGD, momentum=0.9), optim.RMSprop, optim.Adam])
def test_the_numbers_are_those_of_fit(rule: Any) -> None:
    trace = run(4, partial(rule, lr=0.1), batch_size=2, epochs=2)
    _, pictures = filmed(trace, digits=12, **OPTIONS)
    model = lecture()
    X, y = [x for x, _ in networks.EXAMPLES], [y for _, y in networks.EXAMPLES]
    fit(model, X, y, optimizer=partial(rule, lr=0.1), loss=HALF, shuffle=False, batch_size=2, epochs=2, progress=False)
    last = shown(pictures[-1])
    ids = ["w1.3.1", "w2.3.1", "u3.bias1", "w1.4.1", "w2.4.1", "u4.bias1", "w1.5.1", "w2.5.1", "u5.bias1"]
    for id, p in zip(ids, model.parameters(), strict=True):
        assert float(last[id].partition(" = ")[2]) == pytest.approx(p.data, rel=1e-11)
    count = sum(1 + 3 + 1 + 3 for _ in range(8)) + 4 * 9 + 2
    assert len(pictures) == count
    assert sum("Σ ∂L_i/∂" in line or "Σ" in line for line in said(pictures)) == 4 * 9


def test_nothing_moves_and_each_frame_adds_one_thing() -> None:
    _, pictures = filmed(run(2), digits=4, **OPTIONS)
    still = [
        {id: [getattr(s, "x", 0) for s in at_rest(part).shapes][:1] for id, part in parts(p).items() if "box" in id}
        for p in pictures
    ]
    assert all(one == still[0] for one in still)
    first = [shown(p) for p in pictures[: len(pictures) // 2]]
    for before, after in pairwise(first):
        new = {id for id in after.keys() - before.keys() if not id.startswith("caption")}
        assert len(new) <= 1 and before.keys() - after.keys() <= {"caption.said", "caption.count"}


def test_a_network_with_parts_around_it_and_more_units() -> None:
    model = Sequential(Standardize([1.0, 2.0, 0.0], [2.0, 4.0, 1.0]), *MLP(3, [12, 2], rng=1).layers)
    trace = train_steps(model, [[3.0, 6.0, 1.0]], [1], optimizer=partial(optim.SGD, lr=0.1), loss="cross_entropy")
    _, pictures = filmed(trace, digits=4, **OPTIONS)
    captions = said(pictures)
    assert shown(pictures[0])["x1.value"] == "x1 = 1"
    assert any(line.startswith("n4 = w14 · x1 + w24 · x2 + w34 · x3 + b4") for line in captions)
    assert any("w15_16 · δ16" in line or "w1_16 · δ16" in line or "_16 · δ16" in line for line in captions)
    assert any("… +" in line for line in captions), "a sum of twelve terms is abridged"
    assert "… 8 more …" in shown(pictures[0])["more1.text"]


def test_too_long_a_run_is_refused() -> None:
    with pytest.raises(ValueError, match=r"more than 400 pictures.*fewer rows"):
        viz.movie(run(4, epochs=9))


def test_options_of_graphs_are_refused() -> None:
    with pytest.raises(ValueError, match="no choice of rankdir"):
        viz.movie(run(), rankdir="TB")
    with pytest.raises(ValueError, match="no choice of gradient"):
        viz.movie(run(), gradient=2.0)


def test_slides_say_whole_sentences() -> None:
    assert r"\text{mean loss of all rows after epoch 1}" in viz.tikz(run(), overlays=True).replace("{}", "")


# ---------------------------------------------------------------------------------------------- other models


def falling(updates: int = 2, rule: str = "adam") -> TrainingTrace:
    return descent.run("(w * x - y) ** 2 / 2", {"w": 0.5, "x": 2.0, "y": 3.0}, ["w"], rule, 0.1, updates)


def test_an_expression_is_told_on_its_graph() -> None:
    trace = falling()
    telling, pictures = filmed(trace, digits=6, **OPTIONS)
    assert telling.name == "L falls"
    taken = [step.examples[0].trace() for step in trace.steps]
    assert len(pictures) == sum(len(t) + 2 for t in taken)
    (w,) = [v.id for v in taken[0].variables.values() if v.name == "w"]
    updated = [k for k, line in enumerate(said(pictures)) if "w′" in line]
    after = [shown(pictures[k])[f"{w}.value"] for k in updated]
    assert after == [f"{step.updates[0].after:.6g}" for step in trace.steps]
    assert shown(pictures[updated[0] + 3])[f"{w}.value"] == after[0], "the next step begins with it"


def test_another_model_is_told_on_its_graph() -> None:
    class Line(Module):
        def __init__(self) -> None:
            self.a = Value(0.5, label="a")

        def __call__(self, x: Any) -> Value:
            return self.a * x[0]

    trace = train_steps(
        Line(), [[1.0], [2.0]], [1.0, 2.0], optimizer=partial(optim.SGD, lr=0.1), loss="mse", batch_size=2
    )
    _, pictures = filmed(trace, digits=4, **OPTIONS)
    assert any("Σ" in line for line in said(pictures))
    worksheet = viz.worksheet(trace)
    assert [len(list(s.questions(Plain()))) > 3 for s in worksheet.sheet.sections] == [True, True]
    images = Sequential(Conv2d(1, 1, 2))
    assert not viz.passes.run_on_network.fits(TrainingTrace("SGD", trace.steps, (1.0,), "epochs", images))


# ---------------------------------------------------------------------------------------------- slides and sheets


def test_slides_have_a_page_for_each_frame(tmp_path: Path) -> None:
    trace = run()
    text = viz.tikz(trace, overlays=True)
    count = len(filmed(trace, digits=4, **OPTIONS)[1])
    assert f"\\only<{count}>" in text
    assert "\\delta_{5} = \\left(o_{5} - 0.1\\right)" in text
    if shutil.which("pdflatex"):
        (tmp_path / "x.tex").write_text(text, "utf-8")
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "x.tex"], cwd=tmp_path, capture_output=True
        )
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]
        assert f"({count} pages" in done.stdout.decode(errors="replace")
    assert "new w" in re.sub(r"[{}\\]", "", viz.tikz(trace))


def questions(worksheet: Worksheet) -> Iterator[str]:
    for section in worksheet.sheet.sections:
        yield from (question.name for question in section.questions(Plain()))


def test_a_worksheet_asks_for_everything_and_its_key_answers() -> None:
    worksheet = viz.worksheet(run(2), digits=5)
    asked = list(questions(worksheet))
    assert len(asked) == 2 * (6 + 1 + 3 + 18)
    assert asked[:7] == ["n3", "o3", "n4", "o4", "n5", "o5", "L"]
    (first, _) = worksheet.sheet.sections
    blank, key = shown(first.picture(key=False)), shown(first.picture(key=True))
    for part, name, number in (("u3.value", "o3", "0.5"), ("u5.grad", "δ5", "0.1"), ("w2.5.1", "new w45", "0.09")):
        assert blank[part] == f"{name} = _____"
        assert key[part] == f"{name} = {number}"


def test_chosen_blanks() -> None:
    worksheet = viz.worksheet(run(2, batch_size=2), blanks=["o3", "w45"])
    assert list(questions(worksheet)) == ["o3", "o3", "w45"]
    assert "28" not in repr(worksheet) and "3 questions" in repr(worksheet)
    picture = shown(worksheet.sheet.sections[1].picture(key=False))
    assert picture["u3.value"] == "o3 = _____" and picture["u4.value"] != "o4 = _____"
    with pytest.raises(ValueError, match="blanks takes names from"):
        viz.worksheet(run(), blanks=["o9"])
    with pytest.raises(TypeError, match="takes True for all, or names"):
        viz.worksheet(run(), blanks=[1])  # type: ignore[list-item]


def test_sheets_are_written(tmp_path: Path) -> None:
    for ending in ("pdf", "html"):
        sheet, key = viz.worksheet(falling(1)).save(tmp_path / f"sheet.{ending}")
        assert sheet.stat().st_size > 5000 and key.stat().st_size > 5000
    assert "w" in key.read_text("utf-8")


# ---------------------------------------------------------------------------------------------- notation and language


@pytest.mark.parametrize(
    ("notation", "weight", "spoken"),
    [("w12", "w13", "w13"), ("w12(2)", "w^{(1)}_{11}", "w₁₁⁽¹⁾"), ("W2_12", "W^{1}_{11}", "W¹₁₁")],
)
def test_every_medium_takes_the_notation(notation: str, weight: str, spoken: str, tmp_path: Path) -> None:
    options: dict[str, Any] = {"notation": notation, "error": "∂", "digits": 5}
    telling, pictures = filmed(run(), **options, **OPTIONS)
    last, captions = shown(pictures[-1]), "\n".join(said(pictures))
    name = {"w12": "w13", "w12(2)": "w11(1)", "W2_12": "W111"}[notation]
    assert last["w1.3.1"] == f"new {name} = 0.10005"
    assert f"{spoken}′ = {spoken} + Δ{spoken} = 0.1 + 5e−5 = 0.10005" in captions
    assert "δ" not in captions
    assert any(title.endswith(f"the new {spoken}") for title in telling.titles)
    page = viz.page(run(), **options)
    assert page.count("∂") > 10 and "<mi>δ</mi>" not in page
    sheet = viz.worksheet(run(), **options)
    assert weight.replace("w13", "w_{13}") in "".join(
        line.line.left for section in sheet.sheet.sections for line in section.questions(Latex())
    )
    source = viz.tikz(run(), overlays=True, **options)
    assert r"\delta" not in source
    assert weight.replace("w13", "w_{13}") in source


def test_where_there_is_no_network_there_is_no_notation() -> None:
    x = Value(2.0, label="x")
    for tell in (viz.movie, viz.tikz, viz.page, viz.worksheet):
        with pytest.raises(ValueError, match="the graph of a pass has no choice of notation"):
            tell(x * x, notation="w12(2)")  # type: ignore[operator]
    with pytest.raises(ValueError, match=r"notation must be one of \['w12'"):
        viz.movie(run(), notation="w21")


def test_films_slides_and_sheets_speak_italian() -> None:
    learns, falls = run(), descent.run("(w * x - y) ** 2 / 2", {"w": 0.5, "x": 2.0, "y": 3.0}, ["w"], "sgd", 0.1, 1)
    for trace, name in ((learns, "Una rete 2-2-1 impara"), (falls, "L scende")):
        telling, pictures = filmed(trace, digits=4, lang="it", **OPTIONS)
        assert telling.name == name
        spoken = "\n".join([*said(pictures), *telling.titles, *shown(pictures[-1]).values()])
        assert "riga 1 dell'epoca 1" in spoken
        assert not re.search(r"\b(row|epoch|new|value|gradient|local|Forward|Backward)\b", spoken)
        assert (
            r"\text{riga 1 dell'epoca 1}" in viz.tikz(trace, overlays=True, lang="it").replace("{}", "")
            or trace is falls
        )
        if trace is learns:
            assert r"\text{perdita media su tutte le righe dopo l'{}epoca 1}" in viz.tikz(
                trace, overlays=True, lang="it"
            )
            assert "perdita media su tutte le righe dopo l'epoca 1" in unescape(viz.page(trace, lang="it"))
        sheet = html.write(viz.worksheet(trace, lang="it").sheets, key=False).decode()
        assert '<html lang="it"' in sheet and "Nome:" in sheet and "Fill" not in sheet
    x = Value(2.0, label="x")
    _, pictures = filmed(x * x, digits=4, lang="it", **OPTIONS)
    assert {"=valore", "×derivata locale"} <= set(shown(pictures[0]).values())
    with pytest.raises(ValueError, match=r"lang must be one of \['en', 'it'\]"):
        viz.worksheet(x * x, lang="de")
