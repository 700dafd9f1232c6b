"""A Picture saves itself, shows itself in a notebook, and says in a line what it is."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from slides import SLIDES

import viz
from microgrAD.datasets import make_xor
from microgrAD.nn import MLP

MODEL = MLP(2, [3, 1], rng=0)
X, y = make_xor()


def picture() -> viz.Picture:
    return viz.decision_boundary(MODEL, X, y, resolution=8)


@pytest.mark.parametrize(
    ("name", "start"),
    [("x.png", b"\x89PNG\r\n\x1a\n"), ("x.svg", b"<?xml"), ("x.pdf", b"%PDF-"), ("UPPER.PNG", b"\x89PNG")],
)
def test_it_is_saved_as_its_name_ends_with_the_same_bytes_on_every_run(tmp_path: Path, name: str, start: bytes) -> None:
    path = picture().save(tmp_path / name)
    assert path == tmp_path / name and path.read_bytes().startswith(start)
    other = picture().save(str(tmp_path / f"another-{name}"))
    assert other.read_bytes() == path.read_bytes()
    assert sorted(os.listdir(tmp_path)) == sorted([name, f"another-{name}"])


@pytest.mark.parametrize("name", ["one boundary", "two boundaries", "hidden units", "planes", "saliency", "learning"])
def test_saved_again_it_is_the_same(name: str) -> None:
    drawn = SLIDES[name].draw()
    first = drawn.png()
    assert drawn.svg and drawn.png() == first


def test_saving_leaves_limits_that_you_set() -> None:
    drawn = picture()
    drawn.axes[0].set_xlim(0, 1)
    assert drawn.png() != picture().png()
    assert drawn.axes[0].get_xlim() == (0, 1)


@pytest.mark.parametrize("name", ["x.bmp", "x", "x.svg.gz", ".png"])
def test_another_ending_is_an_error_that_lists_them(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        ValueError, match=r"a picture's name must end in one of \['.png', '.svg', '.pdf', '.pptx'\], got"
    ):
        picture().save(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere.* make it first"):
        picture().save(tmp_path / "nowhere" / "x.png")


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, path = picture(), tmp_path / "x.png"
    path.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        drawn.save(path)
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["x.png"]


def test_a_slide_has_its_pixels_and_ground_whatever_a_user_has_set() -> None:
    drawn = viz.decision_boundary(MODEL, X, y, resolution=8, theme="dark")
    with matplotlib.rc_context({"savefig.bbox": "tight", "savefig.transparent": True, "savefig.facecolor": "red"}):
        image = np.asarray(Image.open(io.BytesIO(drawn.png())).convert("RGBA"))
    assert image.shape == (720, 1280, 4)
    assert tuple(image[0, 0]) == (15, 19, 24, 255)


def test_it_shows_itself_in_a_notebook_and_says_what_it_is() -> None:
    drawn = picture()
    data, said = drawn._repr_mimebundle_()
    assert data.keys() == {"image/png", "text/plain"} and data["text/plain"] == repr(drawn)
    assert (said["image/png"]["width"], said["image/png"]["height"]) == (800, 450)
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB"), dtype=float)
    assert np.abs(shown - np.asarray(Image.open(io.BytesIO(drawn.png())).convert("RGB"))).mean() < 1
    share = drawn.title.partition(": ")[2]
    assert repr(drawn) == f"<Picture “Where the answer changes: {share}”, 1280 × 720 pixels>"
    assert repr(viz.decision_boundary(MODEL, resolution=8, title="")) == "<Picture, 1280 × 720 pixels>"
    assert "\n" not in repr(viz.latent_space(MODEL, X, y))


def test_it_is_the_whole_of_a_figure_of_yours_which_stays_open() -> None:
    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(6, 3), dpi=100)
    left.plot([0, 1], [0, 1])
    drawn = viz.decision_boundary(MODEL, X, y, resolution=8, ax=right)
    assert drawn.figure is figure and drawn.axes == [right]
    assert Image.open(io.BytesIO(drawn.png())).size == (600, 300)
    assert pyplot.fignum_exists(figure.number)
    pyplot.close(figure)
    part = Figure().subfigures(1, 2)[0]
    assert viz.hidden_units(MODEL, X, y, resolution=8, figure=part).figure is part.figure


def test_asking_for_the_class_brings_no_matplotlib() -> None:
    code = "import sys, viz; viz.Picture; assert not {'numpy', 'matplotlib'} & set(sys.modules), sorted(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
