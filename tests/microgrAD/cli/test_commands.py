"""The commands as their user meets them: what each prints and writes."""

from __future__ import annotations

import inspect
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

import microgrAD
import viz
from microgrAD.cli.tables import table
from viz.style import THEMES

LECTURE = ["q = x + y; f = q * z", "x=1", "y=2", "z=2"]


def pixels(path: Path | str) -> np.ndarray[Any, Any]:
    """The picture in a PNG file, which must not be blank."""
    image = matplotlib.image.imread(path)
    assert np.count_nonzero(np.bincount(((255 * image[..., :3]).astype(int) @ (1, 256, 65536)).ravel())) > 20
    return image


# ---------------------------------------------------------------------------------------------- grad


def test_grad_prints_an_aligned_table(said: Any) -> None:
    assert said("grad", *LECTURE, "--gradient", "2") == (
        0,
        """\
node  computed as  value  gradient
x                      1         4
y                      2         4
q     x + y            3         4
z                      2         6
f     q · z            6         2
""",
        "",
    )


def test_grad_aligns_decimal_points_and_names_what_has_no_name(said: Any) -> None:
    assert (
        said("grad", "sigmoid(w * x) ** 2 + sum(w, x, 3) * 1e-9", "w=-10.5", "x=0.25", "--digits", "3")[1]
        == """\
node  computed as       value  gradient
w                  -10.5        0.00213
x                    0.25      -0.0893
v1    w · x         -2.62       0.00851
v2    σ(v1)          0.0675     0.135
v3    v2²            0.00456    1
v4    Σ(w, x, 3)    -7.25       1e-09
v5    v4 · 1e-09    -7.25e-09   1
f     v3 + v5        0.00456    1
"""
    )


def test_grad_as_json_has_all_digits(said: Any) -> None:
    status, out, err = said("grad", "x ** 2 * sin(pi * x)", "x=1/3", "--json")
    found = json.loads(out)
    assert (status, err, found["result"], found["gradient"]) == (0, "", "f", 1.0)
    x = 1 / 3
    assert found["nodes"][0] == {
        "name": "x",
        "op": None,
        "args": [],
        "value": x,
        "grad": 2 * x * np.sin(np.pi * x) + x * x * np.pi * np.cos(np.pi * x),
    }
    assert [n["name"] for n in found["nodes"]] == ["x", "v1", "v2", "v3", "f"]
    assert found["nodes"][1]["args"] == ["x", 2.0]


def test_tables_align_whatever_is_in_them() -> None:
    rows = [["x", -1.5], ["速度", 1e300], ["x̂", 12345.678], ["y", 2.0], ["z", 1e-20], ["0", -0.0]]
    assert table(["a", "number"], rows, digits=7).splitlines() == [
        "a         number",
        "x        -1.5",
        "速度      1e+300",
        "x̂     12345.68",
        "y         2",
        "z         1e-20",
        "0         0",
    ]


# ---------------------------------------------------------------------------------------------- draw


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "dot"])
def test_draw_writes_a_picture_and_says_where(said: Any, ending: str) -> None:
    assert said("draw", *LECTURE, "-o", f"graph.{ending}") == (0, f"wrote graph.{ending}\n", "")
    content = Path(f"graph.{ending}").read_bytes()
    assert content.startswith({"png": b"\x89PNG", "svg": b"<", "pdf": b"%PDF", "dot": b"digraph"}[ending])


def test_draw_shows_values_and_gradients(said: Any) -> None:
    assert said("draw", *LECTURE, "--gradient", "2", "-o", "f.svg")[0] == 0
    svg = Path("f.svg").read_text("utf-8")
    for title in ("x = 1.0; gradient 4.0", "q = 3.0; gradient 4.0", "z = 2.0; gradient 6.0", "f = 6.0; gradient 2.0"):
        assert title in svg
    assert said("draw", *LECTURE, "--values-only", "-o", "f.svg")[0] == 0
    assert "gradient 4.0" not in Path("f.svg").read_text("utf-8")


@pytest.mark.parametrize(("size", "shape"), [("16:9", (720, 1280)), ("800x600", (600, 800)), ("4:3", (768, 1024))])
def test_draw_fills_a_slide(said: Any, size: str, shape: tuple[int, int]) -> None:
    assert said("draw", *LECTURE, "--size", size, "-o", "slide.png")[0] == 0
    assert pixels("slide.png").shape[:2] == shape


def test_small_type_on_a_slide_is_a_warning_of_one_line(said: Any) -> None:
    names = [f"x{k}" for k in range(40)]
    given = [f"{name}=1" for name in names]
    status, out, err = said("draw", " + ".join(names), *given, "--size", "16:9", "-o", "s.png")
    assert (status, out) == (0, "wrote s.png\n")
    assert re.fullmatch(r"microgrAD draw: warning: type on this slide is .* 14 it can't be read .*\n", err)


def test_options_may_stand_anywhere_among_the_values(said: Any) -> None:
    outputs = set()
    for arguments in ("E x=1 y=2", "E --digits 6 x=1 y=2", "--json E x=1 y=2", "E x=1 --json y=2"):
        status, out, _ = said("grad", *arguments.replace("E", "x-y").split())
        assert status == 0
        outputs.add(out)
    assert len(outputs) == 2


@pytest.mark.parametrize("expression", ["-x", "-x**2", "-(x)", "-2*x", "- x", "(-x)"])
def test_an_expression_may_begin_with_a_minus(said: Any, expression: str) -> None:
    status, out, _ = said("grad", expression, "x=3")
    assert (status, out.splitlines()[-1].split()[0]) == (0, "f")


def test_a_file_may_begin_with_a_minus(said: Any) -> None:
    assert said("draw", "-x", "x=3", "-o", "-x.svg", "--gradient", "-2") == (0, "wrote -x.svg\n", "")
    assert "gradient -2.0" in Path("-x.svg").read_text("utf-8")


@pytest.mark.parametrize("option", [o for o in inspect.signature(viz.draw).parameters if o not in ("root", "collapse")])
def test_every_option_of_draw_that_an_expression_can_use_is_there(said: Any, option: str) -> None:
    written = {"path": "output"}.get(option, option.replace("_", "-"))
    assert f"--{written} " in said("draw", "--help")[1].replace("]", " ").replace("\n", " ")


def test_each_option_changes_the_picture(said: Any) -> None:
    pictures = set()
    for options in (
        "",
        "--theme dark",
        "--rankdir TB",
        "--digits 2",
        "--show-local",
        "--show-constants",
        "--no-show-ops",
        "--ops nodes",
        "--color-by grad",
        "--no-legend",
        "--transparent",
        "--size 16:9",
        "--values-only",
        "--gradient 3",
    ):
        status, _, err = said("draw", "a = x / 3; f = a * 2 + x", "x=1", "-o", "p.svg", *options.split())
        assert (status, err) == (0, "")
        pictures.add(Path("p.svg").read_text("utf-8"))
    assert len(pictures) == 14


def test_the_help_names_the_themes(said: Any) -> None:
    assert all(theme in said("draw", "--help")[1] for theme in THEMES)


# ---------------------------------------------------------------------------------------------- train, demo, doctor


def test_train_xor_learns_and_draws(said: Any) -> None:
    status, out, err = said("train", "xor", "-o", "xor.png")
    assert (status, err) == (0, "")
    assert out.startswith("xor: 4 rows; a network of 2-4-1, tanh, then linear, 17 parameters\n\nepoch    loss  right\n")
    losses = [float(line.split()[1]) for line in out.splitlines() if re.fullmatch(r" +\d+  \d\.\d{4} +\d+%", line)]
    assert losses[0] > 0.5
    assert losses[-1] < 0.02
    rows = [line.split() for line in out.splitlines() if re.match(r" [01]   [01]  ", line)]
    assert [(row[:2], row[2], row[4]) for row in rows] == [
        (["0", "0"], "0", "0"),
        (["0", "1"], "1", "1"),
        (["1", "0"], "1", "1"),
        (["1", "1"], "0", "0"),
    ]
    assert out.endswith("learned: every answer is right\nwrote xor.png\n")
    assert min(pixels("xor.png").shape[:2]) > 500


@pytest.mark.parametrize("seed", range(20))
def test_train_xor_learns_from_any_seed(said: Any, seed: int) -> None:
    assert said("train", "xor", "--seed", str(seed))[0] == 0


def test_train_says_when_nothing_was_learned(said: Any) -> None:
    status, out, _ = said("train", "xor", "--epochs", "3")
    assert status == 1
    assert re.search(r"not learned: [1-4] of 4 answers are wrong; try another --seed", out)
    assert out.count("  wrong\n") == int(re.search(r"not learned: (\d)", out)[1])


def test_train_takes_the_network_from_its_options(said: Any) -> None:
    out = said("train", "xor", "--hidden", "5,3", "--activation", "sigmoid", "--epochs", "1")[1]
    assert "2-5-3-1, sigmoid, then linear, 37 parameters" in out
    assert "a network of 2-1, linear, 3 parameters" in said("train", "xor", "--hidden", "", "--epochs", "1")[1]


def test_demo_makes_pictures_and_says_where(said: Any, here: Path) -> None:
    status, out, err = said("demo")
    assert (status, err) == (0, "")
    files = sorted(path.relative_to(here) for path in here.rglob("*") if path.is_file())
    assert files == [Path("microgrAD-demo/neuron.png"), Path("microgrAD-demo/xor.png")]
    for file in files:
        assert f"  {file}\n" in out
        pixels(file)
    assert pixels(files[0]).shape[:2] == (720, 1280)
    assert "100%" in out
    command = shlex.split(out.splitlines()[-1].removeprefix("Next: microgrAD "))
    assert said(*command)[0] == 0


def test_demo_takes_a_folder(said: Any) -> None:
    assert said("demo", "-o", "new/folder")[0] == 0
    assert len(list(Path("new/folder").iterdir())) == 2


def test_doctor_says_what_is_in_use(said: Any) -> None:
    status, out, _ = said("doctor")
    facts = dict(re.split(r"  +", line, maxsplit=1) for line in out.splitlines())
    assert status == 0
    assert facts["microgrAD"] == microgrAD.__version__
    assert facts["numpy"] == np.__version__
    assert facts["matplotlib"] == matplotlib.__version__
    assert facts["Python"].startswith(".".join(map(str, sys.version_info[:3])))
    assert facts["layout in use"] in ("dot", "embedded")
    assert re.fullmatch(r"Graphviz \d+\.\d+\.\d+ \(.*\), draws a graph in \d+ ms", facts["layout by embedded"])


def test_doctor_without_dot(said: Any, no_dot: None) -> None:
    status, out, _ = said("doctor")
    assert status == 0
    assert re.search(r"layout by dot +does not work: no `dot` on the PATH", out)
    assert re.search(r"layout in use +embedded", out)


def test_doctor_when_nothing_works(said: Any, no_dot: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROGRAD_LAYOUT", "dot")
    status, out, _ = said("doctor")
    assert status == 1
    assert re.search(r"MICROGRAD_LAYOUT +dot\n", out)
    assert re.search(r"layout in use +does not work: no `dot`", out)
