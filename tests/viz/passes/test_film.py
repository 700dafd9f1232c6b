"""Films: what each frame shows, that nothing moves, and what the files are."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filmed_parts import at_rest, caption, parts
from graphs import graphs
from hypothesis import given, settings
from lessons import circuit, expected, fan_out, neuron
from PIL import Image

import viz
from microgrAD import Value
from microgrAD.explanation import lines
from microgrAD.steps import steps
from viz import fonts
from viz.passes.board import prepare
from viz.passes.captions import Pictured, pieces
from viz.passes.film import filmed
from viz.passes.stages import frames, stages
from viz.scene import Rectangle, Scene, Text, bounds
from viz.style import LIGHT
from viz.write import mp4
from viz.write.gif import COLORS

OPTIONS: dict[str, Any] = {"theme": "light", "size": None, "caption": True, "digits": 4}


def shown(scene: Scene) -> dict[str, str]:
    """The numbers that a frame shows, by part."""
    return {
        id: shape.text
        for id, part in parts(scene).items()
        if part.role in ("value", "grad", "local") and part.visible
        for shape in part.shapes
        if isinstance(shape, Text)
    }


@settings(max_examples=25, deadline=None)
@given(graphs(most=8))
def test_every_frame_shows_pythons_numbers_and_nothing_moves(root: Value) -> None:
    trace = list(steps(root))
    _, pictures = filmed(root, **OPTIONS)
    wires = {(edge.target, edge.index): edge.id for edge in prepare(root, LIGHT).graph.edges}
    assert len(pictures) == len(trace) + 1
    for k, picture in enumerate(pictures):
        assert shown(picture) == expected(trace[:k], wires)
    still = [
        {id: at_rest(part) for id, part in parts(picture).items() if not id.startswith("caption")}
        for picture in pictures
    ]
    assert all(picture == still[0] for picture in still)
    assert len({(picture.width, picture.height) for picture in pictures}) == 1


def test_what_is_active_stands_out_and_no_more() -> None:
    board = prepare(fan_out(), LIGHT)
    told = stages(board.trace, board.graph)
    first, *others = frames(board.scene, told, LIGHT, 4)
    for stage, picture in zip(told, others, strict=True):
        changed = {
            id.split(".")[0]
            for id, part in parts(picture).items()
            if part.role in ("box", "line") and part != parts(first)[id]
        }
        assert changed == {stage.node, *stage.wires, *filter(None, [stage.source])}


@settings(max_examples=15, deadline=None)
@given(graphs(most=8))
def test_numbers_stay_in_their_boxes_in_every_frame(root: Value) -> None:
    _, pictures = filmed(root, **OPTIONS)
    boxes = {
        id: shape
        for id, part in parts(pictures[0]).items()
        if part.role == "box"
        for shape in part.shapes
        if isinstance(shape, Rectangle)
    }
    for picture in pictures:
        for id, part in parts(picture).items():
            if part.role in ("value", "grad") and part.visible:
                text, box = part.shapes[0], boxes[f"{id.split('.')[0]}.box"]
                assert isinstance(text, Text)
                assert text.x + fonts.width(text.text, text.size) <= box.x + box.width


def test_captions_say_what_happens() -> None:
    _, pictures = filmed(circuit(), gradient=2, **OPTIONS)
    assert [caption(picture) for picture in pictures][5:8] == [
        ["f   = q · z   = 3 · 2   = 6"],
        ["∂L/∂f   = 2"],
        ["∂L/∂q   = ∂L/∂f · ∂f/∂q   = 2 · z", "= 2 · 2   = 4"],
    ]
    counts = [parts(picture)["caption.count"].shapes[0] for picture in pictures]
    assert [shape.text for shape in counts if isinstance(shape, Text)][::10] == ["0 / 10", "10 / 10"]


def long_names() -> Value:
    several = [Value(k + 0.12345, label=f"a rather long name number {k}") for k in range(4)]
    product = several[0] * several[1]
    product.label = "the product of the first two"
    return product * several[2] * several[3] + several[0] * product


@pytest.mark.parametrize("size", [None, "16:9", "4:3", (400, 300)])
@pytest.mark.parametrize("make", [neuron, fan_out, long_names])
def test_long_captions_take_more_rows_and_are_never_cut(make: Any, size: Any) -> None:
    root = make()
    trace = steps(root)
    _, pictures = filmed(root, theme="light", size=size, caption=True, digits=6)
    writer = Pictured(6)
    sizes = set()
    for k, picture in enumerate(pictures):
        told = lines.event(trace, k - 1, writer) if k else []
        wanted = "".join("".join(piece) for equation in pieces(told) for piece in equation)
        assert "".join(caption(picture)).replace(" ", "") == wanted.replace(" ", "")
        shapes = [shape for shape in parts(picture)["caption.said"].shapes if isinstance(shape, Text)]
        sizes |= {shape.size for shape in shapes}
        assert all(shape.x + fonts.width(shape.text, shape.size) <= picture.width for shape in shapes)
        assert all(shape.y + 0.25 * shape.size <= picture.height for shape in shapes)
        graph = [group for group in picture.groups if group.id != "caption"]
        assert not shapes or bounds(graph)[3] <= shapes[0].y - fonts.CAP * shapes[0].size
    assert len(sizes) == 1
    if make is not long_names and size != (400, 300):
        assert max(len(caption(picture)) for picture in pictures) <= 2


# ---------------------------------------------------------------------------------------------- files


def test_a_gif_plays_every_frame_and_holds_the_last(tmp_path: Path) -> None:
    [file] = viz.movie(circuit(), seconds=0.5, hold=3).save(tmp_path / "pass.gif")
    stills = viz.movie(circuit(), dpi=120).save(tmp_path / "still.png")
    with Image.open(file) as film:
        assert film.n_frames == len(stills) == 11
        assert film.info["loop"] == 0
        durations = []
        for k, still in enumerate(stills):
            film.seek(k)
            durations.append(film.info["duration"])
            with Image.open(still) as image:
                away = np.abs(np.asarray(film.convert("RGB"), int) - np.asarray(image.convert("RGB"), int))
            assert away.max() < 100 and away.mean() < 0.5
        assert durations == [500] * 10 + [3000]
        film.seek(10)
        colors = film.convert("RGB").getcolors()
        assert colors and len(colors) <= COLORS
        theme = {tuple(int(c[k : k + 2], 16) for k in (1, 3, 5)) for c in (LIGHT.background, LIGHT.ink, LIGHT.value)}
        assert theme <= {color for _, color in colors}, "the theme's colours are as they are"
    assert file.stat().st_size < 100_000


def test_a_video_shows_every_frame_for_its_time(tmp_path: Path) -> None:
    pytest.importorskip("imageio_ffmpeg")
    film = viz.movie(circuit(), seconds=0.5, hold=1, dpi=61)
    [file] = film.save(tmp_path / "pass.mp4")
    stills = [np.stack([p >> 16, p >> 8 & 255, p & 255], axis=2) for p in film.pixels()]
    high, wide = (side + side % 2 for side in stills[0].shape[:2])
    decoded = subprocess.run(
        [mp4.needed(), "-loglevel", "error", "-i", str(file), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        capture_output=True,
        check=True,
    ).stdout
    shown = np.frombuffer(decoded, np.uint8).reshape(-1, high, wide, 3).astype(int)
    assert len(shown) == (10 * 0.5 + 1) * 10
    for k, still in enumerate(stills):
        frame = shown[5 * k + 2, : still.shape[0], : still.shape[1]]
        nearest = min(range(len(stills)), key=lambda j: float(np.abs(frame - stills[j]).mean()))
        assert nearest == k and np.abs(frame - still).mean() < 2
    [again] = film.save(tmp_path / "again.mp4")
    assert again.read_bytes() == file.read_bytes()


def test_without_ffmpeg_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ImportError, match="pip install imageio-ffmpeg"):
        viz.movie(circuit(), tmp_path / "pass.mp4")
    assert list(tmp_path.iterdir()) == []


def test_numbered_frames_and_stale_ones_go(tmp_path: Path) -> None:
    files = viz.movie(fan_out(), dpi=20).save(tmp_path / "slides.png")
    assert [file.name for file in files] == [f"slides-{k:02}.png" for k in range(19)]
    (tmp_path / "slides-notes.png").write_text("mine")
    shorter = viz.movie(circuit(), dpi=20).save(tmp_path / "slides.png")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["slides-notes.png", *(file.name for file in shorter)])


def test_pdf_frames(tmp_path: Path) -> None:
    files = viz.movie(Value(2.0, label="x").exp(), size="16:9").save(tmp_path / "slides.pdf")
    assert [file.name for file in files] == [f"slides-{k:02}.pdf" for k in range(5)]
    assert all(file.read_bytes().startswith(b"%PDF") for file in files)


def test_a_folder_of_frames_at_a_slides_size(tmp_path: Path) -> None:
    files = viz.movie(neuron(), size="16:9", theme="dark").save(f"{tmp_path}/frames/")
    assert [file.relative_to(tmp_path).as_posix() for file in files[:2]] == ["frames/step-00.png", "frames/step-01.png"]
    sizes = set()
    for file in files:
        with Image.open(file) as image:
            sizes.add(image.size)
    assert sizes == {(1280, 720)}


def test_the_same_film_has_the_same_bytes(tmp_path: Path) -> None:
    one, two = (viz.movie(circuit()).save(tmp_path / name)[0].read_bytes() for name in ("a.gif", "b.gif"))
    assert one == two


def test_forward_mode_and_a_trace(tmp_path: Path) -> None:
    root = circuit()
    x = root.args[0].args[0]
    assert isinstance(x, Value)
    trace = steps(root, mode="forward", wrt=x)
    files = viz.movie(trace).save(tmp_path / "forward.png")
    assert len(files) == len(trace) + 1
    assert [a.read_bytes() == b.read_bytes() for a, b in itertools.pairwise(files)].count(True) == 0


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("x.avi", {}, "must end in .gif, .mp4 or .pptx"),
        ("x.gif", {"seconds": 0}, "seconds must be a number"),
        ("x.gif", {"hold": -1}, "hold must be"),
        ("x.png", {"dpi": 1}, "dpi must be"),
        ("x.gif", {"size": "3:1"}, "size must be"),
        ("x.gif", {"theme": "blue"}, "theme must be"),
    ],
)
def test_what_is_refused(path: str, options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        viz.movie(circuit(), tmp_path / path, **options)
    assert list(tmp_path.iterdir()) == []


def test_no_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"must end in \.gif"):
        viz.movie(circuit(), "")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make it first"):
        viz.movie(circuit(), tmp_path / "no" / "x.gif")


def test_a_trace_has_its_gradient_already() -> None:
    with pytest.raises(ValueError, match="give them to"):
        viz.page(steps(circuit()), gradient=2)


def test_paths_on_the_picture_add_up_to_the_gradient(tmp_path: Path) -> None:
    x, y = Value(1.5, label="x"), Value(2.0, label="y")
    root = (x + y) * x + x
    film = viz.path_movie(root, x)
    assert len(film.scenes) == 1 + 3 + 1
    still, *paths, last = film.scenes
    rest = parts(still)
    for k, scene in enumerate(paths, 1):
        strong = {id for id, part in parts(scene).items() if part.role == "line" and part != rest[id]}
        said = " ".join(caption(scene))
        assert said.startswith(f"{k}: ") and len(strong) == said.count("→")
    root.backward()
    assert caption(last)[-1].endswith(f"= {x.grad:g}")
    assert len(film.save(tmp_path / "paths.png")) == 5
    with pytest.raises(ValueError, match="does not depend on"):
        viz.path_movie(root, Value(1.0))
