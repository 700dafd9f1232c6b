"""Drawings go into files, onto Axes, onto slides, and into DOT."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from networks import inputs, karpathy, loss, network
from PIL import Image

import viz
from microgrAD import Value
from viz.layout import embedded
from viz.scene import Text, bounds
from viz.write import svg
from viz.write.mpl import SceneArtist

has_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="the native dot is not installed")


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


# ---------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("x.png", b"\x89PNG\r\n\x1a\n"),
        ("x.svg", b"<svg "),
        ("x.pdf", b"%PDF-"),
        ("x.dot", b"digraph"),
        ("x.tex", rb"\documentclass"),
        ("UPPER.PNG", b"\x89PNG"),
        ("two.dots.svg", b"<svg "),
    ],
)
def test_a_picture_is_saved_as_its_name_ends(tmp_path: Path, name: str, start: bytes) -> None:
    path = viz.draw(karpathy()).save(tmp_path / name)
    assert path == tmp_path / name and path.read_bytes().startswith(start)
    assert os.listdir(tmp_path) == [name]
    assert viz.draw(karpathy()).save(str(path)) == path  # and over itself


@pytest.mark.parametrize("name", ["x.bmp", "x", "x.svg.gz", ".png", "x."])
def test_another_ending_is_an_error_that_lists_them(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        ValueError,
        match=r"must end in one of \['.png', '.svg', '.pdf', '.dot', '.tex', '.pptx', '.drawio', '.mmd', '.md'\], got",
    ):
        viz.draw(karpathy()).save(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere.* make it first"):
        viz.draw(karpathy()).save(tmp_path / "nowhere" / "x.png")


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing, path = viz.draw(karpathy()), tmp_path / "x.svg"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        drawing.save(path)
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["x.svg"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_file_has_the_permissions_that_others_have(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    saved = viz.draw(Value(1.0)).save(tmp_path / "x.svg")
    assert saved.stat().st_mode == plain.stat().st_mode
    saved.chmod(0o640)
    viz.draw(Value(1.0)).save(saved)
    assert saved.stat().st_mode & 0o777 == 0o640


def test_a_png_is_as_large_as_the_scene_at_its_dpi() -> None:
    for dpi in (72, 96, 200):
        drawing = viz.draw(karpathy(), dpi=dpi)
        height, width, _ = pixels(drawing.png()).shape
        sides = drawing.scene.width / 72 * dpi, drawing.scene.height / 72 * dpi
        assert (width, height) == pytest.approx(sides, abs=1)
        assert Image.open(io.BytesIO(drawing.png())).info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_the_background_is_the_themes_or_none(theme: str) -> None:
    solid = pixels(viz.draw(karpathy(), theme=theme).png())
    clear = pixels(viz.draw(karpathy(), theme=theme, transparent=True).png())
    corners = [(0, 0), (-1, -1), (0, -1), (-1, 0)]
    expected = (15, 19, 24, 255) if theme == "dark" else (255, 255, 255, 255)
    assert [tuple(solid[c]) for c in corners] == [expected] * 4
    assert [clear[c][3] for c in corners] == [0] * 4
    assert clear[..., 3].max() == 255


def test_a_png_shows_the_colours_of_value_and_gradient() -> None:
    image = pixels(viz.draw(karpathy(), dpi=200).png())[..., :3].reshape(-1, 3)
    for color in ((0x00, 0x6B, 0x4B), (0xA8, 0x36, 0x00), (0x00, 0x5F, 0x99)):
        assert (np.abs(image - color).max(axis=1) <= 3).sum() > 200


def test_a_png_says_nothing_of_time_or_tools() -> None:
    info = Image.open(io.BytesIO(viz.draw(karpathy()).png())).info
    assert info.keys() <= {"dpi", "Title"} and info["Title"] == "Computational graph of o = 0.707107"


def test_a_png_beyond_reason_is_refused_with_what_to_do() -> None:
    value = Value(1.0)
    for _ in range(110):
        value = value + 1e-3
    with pytest.raises(ValueError, match=r"this PNG would have [\d,]+ × [\d,]+ dots, .* fewer dpi, a slide's size"):
        viz.draw(value).png()
    assert viz.draw(value, dpi=20).png()


def test_a_pdf_holds_text_and_no_date() -> None:
    pdf = viz.draw(karpathy()).pdf()
    assert pdf.rstrip().endswith(b"%%EOF") and b"CreationDate" not in pdf and b"/Producer" not in pdf
    assert re.search(rb"/FontFile2|/Type0|/TrueType", pdf) and b"DejaVuSans" in pdf
    streams = [
        zlib.decompress(s) for s in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S) if s[:1] == b"\x78"
    ]
    assert any(b"BT" in s and b"Tf" in s for s in streams)
    box = re.search(rb"/MediaBox \[([\d. ]+)\]", pdf)
    assert box
    scene = viz.draw(karpathy()).scene
    assert [float(x) for x in box[1].split()] == pytest.approx([0, 0, scene.width, scene.height], abs=0.1)


@given(st.text(max_size=30))
@settings(max_examples=40)
def test_no_label_breaks_a_png(label: str) -> None:
    drawing = viz.draw(Value(1.0, label=f"${label}$\\_^{{"), dpi=50, engine="embedded")
    assert pixels(drawing.png()).shape[2] == 4


def test_no_label_breaks_a_pdf() -> None:
    label = "$\\frac{1}$ ( ) < > \\ 猫 🦊 é \u202e \ud800 ∂ \x00"
    assert b"%%EOF" in viz.draw(Value(1.0, label=label) * Value(2.0, label="$")).pdf()


def test_a_users_settings_change_nothing() -> None:
    plain = viz.draw(karpathy())
    expected = plain.png(), plain.pdf()
    with matplotlib.rc_context(
        {
            "font.size": 30,
            "text.hinting": "force_autohint",
            "savefig.bbox": "tight",
            "savefig.transparent": True,
            "path.snap": True,
            "lines.linewidth": 9,
            "axes.facecolor": "red",
            "figure.constrained_layout.use": True,
        }
    ):
        assert (plain.png(), plain.pdf()) == expected


def test_it_shows_itself_in_a_notebook() -> None:
    drawing = viz.draw(karpathy())
    assert drawing.svg == svg.write(drawing.scene)
    assert repr(drawing).startswith("<Drawing of 10 boxes and 9 wires, ")


# ---------------------------------------------------------------------------------------------- Axes


def axes(width: float = 6, height: float = 4) -> matplotlib.axes.Axes:
    figure = Figure((width, height), dpi=100)
    FigureCanvasAgg(figure)
    return figure.add_axes((0, 0, 1, 1))


def drawn(ax: matplotlib.axes.Axes) -> np.ndarray:
    canvas = ax.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(int)


def test_it_is_drawn_on_an_axes_which_comes_back() -> None:
    ax, drawing = axes(), viz.draw(karpathy())
    assert drawing.plot(ax) is ax
    (artist,) = (child for child in ax.get_children() if isinstance(child, SceneArtist))
    assert artist.scene is drawing.scene
    assert ax.get_xlim() == (0, drawing.scene.width) and ax.get_ylim() == (drawing.scene.height, 0)
    assert (drawn(ax).reshape(-1, 3) == (0, 0x5F, 0x99)).all(axis=1).sum() > 100


def test_type_and_lines_grow_with_the_axes() -> None:
    ink = []
    for scale in (1, 3):
        ax = axes(6 * scale, 4 * scale)
        viz.draw(karpathy()).plot(ax)
        ink.append((drawn(ax).sum(axis=2) < 600).sum() / scale**2)
    assert ink[1] == pytest.approx(ink[0], rel=0.12)


def test_it_stands_beside_other_axes_in_a_figure() -> None:
    figure = Figure((8, 4), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    left.plot([0, 1], [0, 1])
    viz.draw(karpathy(), theme="dark").plot(right)
    buffer = io.BytesIO()
    figure.savefig(buffer, bbox_inches="tight")
    assert (pixels(buffer.getvalue())[..., :3] == (15, 19, 24)).all(axis=2).sum() > 1000


def test_without_an_axes_it_makes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib.use("agg")
    from matplotlib import pyplot

    ax = viz.draw(karpathy()).plot()
    assert pyplot.gcf() is ax.figure
    pyplot.close("all")


# ---------------------------------------------------------------------------------------------- slides


@pytest.mark.parametrize(
    ("size", "theme", "expected"),
    [
        ("16:9", "light", (1280, 720)),
        ("16:9", "dark", (1280, 720)),
        ("16:9", "print", (1280, 720)),
        ("4:3", "light", (1024, 768)),
        ((1600, 500), "light", (1600, 500)),
    ],
)
def test_a_slide_has_exactly_its_pixels(size: str | tuple[int, int], theme: str, expected: tuple[int, int]) -> None:
    drawing = viz.draw(karpathy(), size=size, theme=theme)
    assert pixels(drawing.png()).shape[1::-1] == expected
    assert f'width="{expected[0]}" height="{expected[1]}"' in drawing.svg


def test_a_slide_has_twice_the_pixels_at_twice_the_dpi() -> None:
    assert pixels(viz.draw(karpathy(), size="16:9", dpi=192).png()).shape == (1440, 2560, 4)


def type_size(drawing: viz.Drawing) -> float:
    return min(
        shape.size
        for group in drawing.scene.groups
        for part in group.parts
        if part.role in ("value", "grad")
        for shape in part.shapes
        if isinstance(shape, Text)
    )


@pytest.mark.parametrize("rankdir", [None, "LR", "TB"])
def test_a_slide_is_filled_and_readable(rankdir: str | None) -> None:
    drawing = viz.draw(karpathy(), size="16:9", rankdir=rankdir)
    assert type_size(drawing) >= 14
    image = pixels(drawing.png())[..., :3]
    rows, columns = np.where((image != 255).any(axis=2))
    assert rows.min() >= 20 and rows.max() < 700 and columns.min() >= 20 and columns.max() < 1260
    if rankdir is None:
        assert type_size(drawing) >= 19  # the neuron from two metres
        assert np.ptp(columns) > 0.9 * 1280 and np.ptp(rows) > 0.8 * 720


def test_a_slide_takes_the_direction_that_reads_best() -> None:
    sizes = {d: type_size(viz.draw(karpathy(), size="16:9", rankdir=d)) for d in (None, "LR", "TB")}
    assert sizes[None] == max(sizes.values()) > min(sizes.values())
    tall = viz.draw(karpathy(), size=(500, 1200))
    boxes = [part.shapes[0] for g in tall.scene.groups for part in g.parts if part.id in ("n0.box", "n9.box")]
    assert abs(boxes[0].x - boxes[1].x) < abs(boxes[0].y - boxes[1].y)


def test_a_slide_that_cannot_be_read_warns_with_what_to_do() -> None:
    root = loss(network(2, 4, 1), [(0, 1)])
    with pytest.warns(UserWarning, match=r"type on this slide is \d+\.\d points, .* collapse='neuron' or 'layer'"):
        viz.draw(root, size="16:9")
    assert type_size(viz.draw(root, size="16:9", collapse="layer")) >= 14  # and does not otherwise


@pytest.mark.parametrize("rankdir", [None, "TB"])
def test_a_long_chain_fills_a_slide_in_rows(rankdir: str | None) -> None:
    value = Value(0.5, label="x")
    for _ in range(9):
        value = (value + 0.3).sin()
    value.backward()
    drawing = viz.draw(value, size="16:9", rankdir=rankdir)
    assert type_size(drawing) >= 14
    left, top, right, bottom = bounds(drawing.scene.groups)
    assert left >= 0 and top >= 0 and right <= 960 and bottom <= 540


def test_a_small_graph_does_not_shout() -> None:
    assert type_size(viz.draw(Value(1.0, label="x"), size="16:9")) <= 25


# ---------------------------------------------------------------------------------------------- DOT


def rendered(source: str) -> str:
    return subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, text=True, check=True).stdout


def test_a_digraph_has_the_graphs_nodes_and_edges() -> None:
    dot = viz.to_graphviz(karpathy(), format="png", rankdir="TB")
    assert type(dot).__name__ == "Digraph" and dot.format == "png" and "rankdir=TB" in dot.source
    assert len(re.findall(r"^\t\S+ -> ", dot.source, re.M)) == 14  # 9 to operations, 5 from them
    assert "= 0.7071" in dot.source and "∂ −1.5" in dot.source


@has_dot
@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=25)
def test_no_label_breaks_dot(label: str, scope: str) -> None:
    root = Value(2.0, label=label) * Value(3.0, label="<b>&\"'|{}\\N" + label)
    (net,) = network(1, 1)([root])
    assert "tanh" in rendered(viz.to_graphviz(net).source)


@has_dot
def test_saved_dot_is_what_graphviz_reads(tmp_path: Path) -> None:
    for root in (karpathy(), network(2, 2, 1)(inputs(1.0, 2.0))[0]):
        text = viz.draw(root, ops="nodes").save(tmp_path / "x.dot").read_text("utf-8")
        assert "tanh" in rendered(text)


def test_the_look_of_micrograds_notebook(tmp_path: Path) -> None:
    drawing = viz.draw_dot(karpathy(), format="png", rankdir="TB")
    roles = [group.role for group in drawing.scene.groups]
    assert roles.count("operation") == 5 and roles.count("result") == 5 and roles.count("leaf") == 5
    assert drawing.render(tmp_path / "gout") == str(tmp_path / "gout.png")
    assert pixels((tmp_path / "gout.png").read_bytes()).size
    assert "image/png" in viz.draw_dot(karpathy())._repr_mimebundle_()[0]
    with pytest.raises(
        ValueError,
        match=r"format must be one of \['png', 'svg', 'pdf', 'dot', 'tex', 'pptx', 'drawio', 'mmd', 'md'\], got 'jpg'",
    ):
        viz.draw_dot(karpathy(), format="jpg")


# ---------------------------------------------------------------------------------------------- quick


HEAVY = {
    "numpy",
    "matplotlib",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "graphviz",
    "wasmtime",
    "fontTools",
}


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("", set()),
        ("x.svg", {"fontTools"}),
        ("x.png", {"fontTools", "numpy", "matplotlib", "matplotlib.backends.backend_agg"}),
    ],
)
@has_dot
def test_nothing_heavy_is_imported_before_it_is_needed(tmp_path: Path, name: str, needed: set[str]) -> None:
    code = (
        "import sys, viz; from microgrAD import Value; x = Value(2.0, label='x'); y = (x * x).tanh(); "
        f"{name!r} and viz.draw(y).save({str(tmp_path / name)!r}); print(*sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert HEAVY & set(found) == needed


def test_the_compiled_engine_is_kept_on_disk(tmp_path: Path) -> None:
    code = "from viz.layout import embedded; embedded.layout('digraph { a -> b }', 10)"
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, **home})
    assert any(path.is_file() for path in tmp_path.rglob("*")), "nothing was kept"
    assert embedded.packages().count(" ") == 3
