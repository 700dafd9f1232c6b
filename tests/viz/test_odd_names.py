"""Names and paths that are out of the ordinary: pictures and pages are made of them, or say what is wrong."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

import viz
from microgrAD import Value
from microgrAD.datasets import make_xor
from microgrAD.files import FileError
from microgrAD.nn import MLP, load

ODD = ["\ufeffa", "a\ufeff", "b\ud800", "$c_1", "$5 and $6_", "$x^", "\\$", "%&#{}"]


@pytest.mark.parametrize("label", ODD)
@pytest.mark.parametrize("ending", ["svg", "pdf", "png", "tex", "dot"])
def test_a_picture_with_an_odd_label(label: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"odd.{ending}"
    viz.draw(Value(2.0, label=label) * 2).save(file)
    assert file.stat().st_size > 100


@pytest.mark.parametrize("label", ODD)
def test_a_page_with_an_odd_label(label: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.html"
    viz.page(Value(2.0, label=label) * 2, file)
    assert "</html>" in file.read_text("utf-8")


@pytest.mark.parametrize("names", [["$5", "$6_$"], ["a$b$_", "$x^"], ["\ufeffa", "b"]])
def test_names_of_features_and_classes_are_no_mathematics(names: list[str], tmp_path: Path) -> None:
    model = MLP(2, [2, 1], rng=0)
    picture = viz.decision_boundary(model, *make_xor(), feature_names=names, class_names=names)
    picture.figure.savefig(tmp_path / "odd.png")
    said = [text.get_text().replace(r"\$", "$") for text in picture.figure.findobj(plt.Text)]
    assert any(names[0] in text for text in said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there are no such devices")
def test_devices_are_refused_or_say_that_they_are_full() -> None:
    for device in ("/dev/zero", "/dev/full"):
        with pytest.raises(FileError, match="is a device"):
            load(device)
    with pytest.raises(OSError, match="No space left"):
        MLP(2, [1]).save("/dev/full")
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)  # and no file is in its place
