"""Every demo runs, warns of nothing, says where its pictures are, and they are what it promises."""

from __future__ import annotations

import ast
import math
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib.image
import mpmath
import numpy as np
import pytest
from paths import ROOT

DEMOS = {path.stem: path for path in sorted((ROOT / "demos").glob("*.py")) if not path.name.startswith("_")}
DOCS = ROOT / "docs"
SLIDE = (1280, 720)
Demo = Callable[[str], tuple[Path, str]]


@dataclass(frozen=True)
class Promise:
    """What a demo makes: its files, each with its width and height in pixels or None for any; and what it says."""

    files: dict[str, tuple[int, int] | None]
    says: tuple[str, ...] = ()


PROMISES = {
    "first_graph": Promise(
        {"first_graph.png": SLIDE},
        ("x = 1, gradient 4", "y = 2, gradient 4", "q = 3, gradient 4", "z = 2, gradient 6", "f = 6, gradient 2"),
    ),
    "neuron": Promise(
        {
            "neuron_light.png": SLIDE,
            "neuron_dark.png": SLIDE,
            "neuron_print.png": SLIDE,
            "neuron_as_in_micrograd.png": None,
        },
        (
            "x1 = 2, gradient -1.5",
            "w1 = -3, gradient 1",
            "x2 = 0, gradient 0.5",
            "w2 = 1, gradient 0",
            "b = 6.881, gradient 0.5",
            "n = 0.8814, gradient 0.5",
            "o = 0.7071, gradient 1",
        ),
    ),
    "slides": Promise(
        {"neuron.pptx": None, "neuron.drawio": None, "neuron.md": None, "steps.pptx": None}, ("21 slides",)
    ),
    "micrograd_readme": Promise(
        {"micrograd_readme.png": None, "micrograd_readme_by_gradient.png": None},
        ("g = 24.7041, ∂g/∂a = 138.8338, ∂g/∂b = 645.5773",),
    ),
    "higher_derivatives": Promise({"higher_derivatives.png": SLIDE}),
    "worked_solution": Promise(
        {"neuron.md": None, "neuron.tex": None, "neuron.png": SLIDE},
        ("  o            = tanh(n)            = tanh(0.881374)  = 0.707107", "                     = 1 · (1 − o²)"),
    ),
    "order_matters": Promise({"order_matters.png": SLIDE}, ("∂y/∂a is 25, depth first 29",)),
    "lecture_network": Promise(
        {"loss.png": SLIDE, "first_example.png": None},
        (
            "δ4: the lecture has 0.0025, we get 0.0025",
            "the loss of an epoch is under 0.01 after 11756 epochs, 47024 examples",
        ),
    ),
    "training_steps": Promise(
        dict.fromkeys(("sgd.md", "sgd.tex", "adam.md", "adam.tex")),
        (
            "  w45: 0.1, gradient 0.05, step -0.01, then 0.09",
            "  w13: 0.1, gradient -0.00025, step 5e-05, then 0.10005",
        ),
    ),
    "derivations": Promise(
        {"derivations.md": None},
        (
            "∂L/∂w35  = ∂L/∂o5 · ∂o5/∂n5 · ∂n5/∂w35 = (o5 − y) · o5 · (1 − o5) · o3",
            "a hidden layer, in general: δᵢ = (Σⱼ wᵢⱼ · δⱼ) · oᵢ · (1 − oᵢ)",
            "  ∂f/∂n = 1 if n > 0, else 0 = 1 if −6 > 0, else 0 = 0: ReLU(n) is flat at n = −6",
        ),
    ),
    "network_steps": Promise(
        {
            **{f"lecture_{stage}.png": SLIDE for stage in ("forward", "backward", "gradients", "update")},
            "lecture_unit_5.png": SLIDE,
            **dict.fromkeys(("lecture_step.gif", "lecture_step.tex", "lecture_step.pdf", "lecture_step-key.pdf")),
            "mazur_update.png": None,
        },
        (
            "backward: inputs 0.1, 0.1. layer 1: unit 3: output 0.5, δ −0.0025; unit 4: output 0.5, δ 0.0025. "
            "layer 2: unit 5: output 0.5, δ 0.1. loss 0.08.",
        ),
    ),
    "gallery": Promise(
        {"mazur.png": None},
        (
            "mazur: 22 of 22 published numbers",
            "    0.291027924 is not E after the update, but E after an update of the output layer first",
        ),
    ),
    "decision_boundaries": Promise(
        {
            "boundaries.png": SLIDE,
            "hidden_units.png": SLIDE,
            "network_planes.png": SLIDE,
            "four_classes.png": SLIDE,
            "learning.gif": (960, 540),
        },
        (
            "logistic regression: 60% right",
            "1 hidden layer: 100% right",
            "2 hidden layers: 100% right",
            "3 hidden layers: 100% right",
        ),
    ),
    "crafted_inputs": Promise(
        {"crafted_inputs.png": SLIDE, "crafted_weights.png": SLIDE},
        ("one unit on x1 and x2: 60% right", "one unit on seven inputs: 100% right"),
    ),
    "fitted_curves": Promise({"fitted_curves.png": SLIDE}),
    "latent_spaces": Promise(
        {"latent_spaces.png": SLIDE, "network.png": SLIDE, "network_gradient.png": SLIDE},
        ("input: a linear classifier gets 60% right", "layer 2: a linear classifier gets 100% right"),
    ),
    "saliency": Promise(
        {"arrows.png": SLIDE, "saliency_maps.png": SLIDE, "words.png": SLIDE, "one_review.png": SLIDE},
        ("the cuisine that makes its rating worse: mexican",),
    ),
    "gpt": Promise(
        {f"gpt_{name}.png": SLIDE for name in ("loss", "samples", "attention", "embeddings")} | {"gpt_logit.png": None},
        ("4,192 parameters",),
    ),
    "letters": Promise(
        {
            f"{name}.png": SLIDE
            for name in (
                "hard_images",
                "softmax_weights",
                "hidden_weights",
                "exciting",
                "maximised",
                "adversarial",
                "logits",
                "feature_maps",
            )
        }
    ),
    "questions": Promise({"dependence.png": SLIDE, "influence.png": SLIDE, "concept.png": SLIDE}),
    "training_player": Promise(
        {"training.html": None}, ("50% right before training, 100% after it, and 100% of the rows held out",)
    ),
    "playground": Promise({"playground.html": None}, ("kB, and needs no connection",)),
    "learning": Promise({"learning_curves.png": SLIDE, "loss_surface.png": SLIDE, "random_plane.png": SLIDE}),
    "lesson": Promise(dict.fromkeys(("lesson.html", "exercise.html", "sheet.html", "sheet-key.html"))),
    "film": Promise({"film.gif": None, "beamer.tex": None, **{f"slide-{k:02}.png": SLIDE for k in range(11)}}),
    "perceptron_xor": Promise(
        {"perceptron_xor.png": SLIDE},
        (
            "AND: the perceptron makes no mistake after 7 epochs",
            "XOR: after 1000 epochs it still makes 4 mistakes in one, and never fewer than 3",
        ),
    ),
    "logistic_circles": Promise(
        {"logistic_circles.png": SLIDE},
        (
            "logistic regression: 50% of the held-out points are right",
            "8 hidden units: 96% of the held-out points are right",
        ),
    ),
    "vanishing_gradients": Promise(
        {"vanishing_gradients.png": SLIDE},
        (
            "sigmoid, 10 hidden layers: the first gets 5.2e-07 of what the last gets",
            "relu, 10 hidden layers: the first gets 7.1e-01 of what the last gets",
        ),
    ),
    "momentum": Promise(
        {"momentum.png": SLIDE},
        (
            "momentum 0.0: the loss is under 0.02 after 827 epochs",
            "momentum 0.9: the loss is under 0.02 after 87 epochs",
        ),
    ),
    "random_restarts": Promise({"random_restarts.png": SLIDE}),
    "equal_weights": Promise(
        {"equal_weights.png": SLIDE},
        ("all weights start at 0.5: 75% right, units apart by 0", "random start: 100% right, units apart by 5.5"),
    ),
    "hidden_units": Promise({"hidden_units.png": SLIDE}, ("smallest held-out loss with 4 hidden units",)),
    "overfitting": Promise({"overfitting.png": SLIDE}),
    "hill_climbing": Promise(
        {"hill_climbing.png": SLIDE},
        (
            "hill climbing: after 1500 evaluations the loss is 0.0553",
            "gradient descent: after 1500 evaluations the loss is 0.0100",
        ),
    ),
    "unfair_reviews": Promise(
        {"unfair_reviews.png": SLIDE},
        ("the same praise for greek food: P(good) = 0.92", "the same praise for mexican food: P(good) = 0.31"),
    ),
    "readme_pictures": Promise(
        {
            "neuron_light.png": None,
            "neuron_dark.png": None,
            "xor_light.png": (864, 648),
            "xor_dark.png": (864, 648),
            "planes_light.png": (1152, 648),
            "planes_dark.png": (1152, 648),
            "pass.gif": None,
        }
    ),
}


def run(name: str, *arguments: str) -> str:
    """What a demo prints; it must end well and complain of nothing."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(DEMOS[name]), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run a demo, once for all tests: its folder, which was not there before, and what it said."""

    @cache
    def made(name: str) -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp(name) / "new" / "folder"
        return folder, run(name, "-o", str(folder))

    return made


def colors(path: Path) -> np.ndarray:
    """The red, green and blue of each pixel of a picture, or of a film's first frame, from 0 to 1."""
    image = matplotlib.image.imread(path)[..., :3]
    return image / 255 if image.dtype == np.uint8 else image


def squares(picture: np.ndarray, side: int = 8) -> np.ndarray:
    """The mean colour of each square of a picture."""
    high, wide = picture.shape[0] // side, picture.shape[1] // side
    return picture[: high * side, : wide * side].reshape(high, side, wide, side, -1).mean(axis=(1, 3))


def check_picture(path: Path, size: tuple[int, int] | None) -> None:
    """The PNG opens, has its size, and there is something on it, in more than a few colours."""
    image = matplotlib.image.imread(path)
    height, width = image.shape[:2]
    if size:
        assert (width, height) == size
    assert min(width, height) >= 400
    scale = 1 if image.dtype == np.uint8 else 255  # a film's first frame comes in bytes
    colors = (scale * image[..., :3]).astype(int) @ (1, 256, 65536)
    counts = np.bincount(colors.ravel())
    assert np.count_nonzero(counts) > 20
    assert 1 - counts.max() / colors.size > 0.01


@pytest.mark.parametrize("name", DEMOS)
def test_every_demo_makes_what_it_promises(name: str, demo: Demo) -> None:
    promise, (folder, said) = PROMISES[name], demo(name)
    assert sorted(path.name for path in folder.iterdir()) == sorted(promise.files)
    for file, size in promise.files.items():
        assert f"wrote {folder / file}\n" in said
        if file.endswith((".png", ".gif")):
            check_picture(folder / file, size)
        elif file.endswith(".pdf"):
            data = (folder / file).read_bytes()
            assert data.startswith(b"%PDF-") and len(data) > 5_000
        elif file.endswith(".pptx"):
            assert zipfile.is_zipfile(folder / file)
        else:
            assert (folder / file).read_text("utf-8").count("\n") > 10
    for line in promise.says:
        assert f"{line}\n" in said


def test_every_promise_has_its_demo() -> None:
    assert PROMISES.keys() == DEMOS.keys()


@pytest.mark.parametrize("name", DEMOS)
def test_every_demo_begins_with_what_it_shows(name: str) -> None:
    about = ast.get_docstring(ast.parse(DEMOS[name].read_text("utf-8")))
    assert about is not None
    assert about.split("\n")[0].endswith(".")


def test_a_demo_explains_itself() -> None:
    assert "-o DIR" in run("first_graph", "--help")
    assert "A product sends to each factor" in run("first_graph", "--help")


def test_the_pictures_of_readme_come_out_the_same_on_every_run(demo: Demo, tmp_path: Path) -> None:
    run("readme_pictures", "-o", str(tmp_path))
    for file in PROMISES["readme_pictures"].files:
        assert (demo("readme_pictures")[0] / file).read_bytes() == (tmp_path / file).read_bytes()


@pytest.mark.parametrize("file", PROMISES["readme_pictures"].files)
def test_the_pictures_of_readme_are_kept(file: str, demo: Demo) -> None:
    made, kept = (colors(folder / file) for folder in (demo("readme_pictures")[0], DOCS))
    assert made.shape == kept.shape, "run: python demos/readme_pictures.py -o docs"
    # another version of matplotlib moves what it draws by a dot or two, so that squares of 8 dots are compared
    assert np.abs(squares(made) - squares(kept)).mean() < 0.02, "run: python demos/readme_pictures.py -o docs"


def test_the_derivatives_of_tanh_are_those_of_mpmath(demo: Demo) -> None:
    said = dict(line.split("(0.5) = ") for line in demo("higher_derivatives")[1].splitlines()[:4])
    for order, name in enumerate(("tanh", "tanh′", "tanh″", "tanh‴")):
        assert float(said[name]) == pytest.approx(float(mpmath.diff(mpmath.tanh, 0.5, order)), rel=1e-9)


def test_each_remedy_helps_against_overfitting(demo: Demo) -> None:
    said = dict(line.split(": loss ") for line in demo("overfitting")[1].splitlines() if ": loss " in line)
    learned, held_out = ({name: float(text.split(", held out ")[k]) for name, text in said.items()} for k in (0, 1))
    plain = held_out.pop("300 hidden units")
    assert plain > 1.0 > 20 * learned["300 hidden units"]
    assert all(loss < plain / 2 for loss in held_out.values())
    assert held_out.keys() == {"L2 penalty", "dropout", "early stopping"}


def test_a_supple_curve_learns_the_noise(demo: Demo) -> None:
    stiff, right, supple = (
        tuple(map(float, re.findall(r"\d\.\d+", line)))
        for line in demo("fitted_curves")[1].splitlines()
        if "squared error" in line
    )
    assert stiff[0] > right[0] > supple[0]
    assert right[1] < min(stiff[1], supple[1])


def test_some_starts_get_stuck_and_the_best_does_not(demo: Demo) -> None:
    stuck, best, worst = (
        float(part) for part in re.findall(r"[0-9.]+[0-9]", demo("random_restarts")[1])[:4:1] if part != "30"
    )
    assert 5 <= stuck <= 25
    assert best < 0.01 < 0.3 < worst


def test_the_gpt_learns_to_spell(demo: Demo) -> None:
    before, after = map(float, re.findall(r"loss of new names: (\d\.\d+), then (\d\.\d+)", demo("gpt")[1])[0])
    assert before > math.log(27) - 0.1  # as if all letters were alike
    assert after < 1.8
