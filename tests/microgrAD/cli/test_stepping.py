"""`microgrAD step` and `gallery`: listed when piped, stepped through with keys on a terminal, written to files."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from graphs import graphs
from hypothesis import given
from paths import ROOT

from microgrAD import Value
from microgrAD.cli import keys, lesson
from microgrAD.explanation.screen import listing, screen, state
from microgrAD.explanation.terminal import measure
from microgrAD.gallery import ENTRIES, find
from microgrAD.steps import Forward, steps

LECTURE = ["q = x + y; f = q * z", "x=1", "y=2", "z=2", "--gradient", "2"]


# ---------------------------------------------------------------------------------------------- step


def test_piped_it_lists_every_step(said: Any) -> None:
    status, out, err = said("step", *LECTURE)
    assert (status, err) == (0, "")
    assert out == (
        " 1  x                    = 1\n"
        " 2  y                    = 2\n"
        " 3  q  = x + y  = 1 + 2  = 3\n"
        " 4  z                    = 2\n"
        " 5  f  = q · z  = 3 · 2  = 6\n"
        "\n"
        " 6  ∂L/∂f  given from above                   = 2\n"
        " 7  ∂L/∂q  = ∂L/∂f · ∂f/∂q  = 2 · z  = 2 · 2  = 4\n"
        " 8  ∂L/∂z  = ∂L/∂f · ∂f/∂z  = 2 · q  = 2 · 3  = 6\n"
        " 9  ∂L/∂x  = ∂L/∂q · ∂q/∂x  = 4 · 1           = 4\n"
        "10  ∂L/∂y  = ∂L/∂q · ∂q/∂y  = 4 · 1           = 4\n"
    )


def test_forward_mode(said: Any) -> None:
    _, out, _ = said("step", "log(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5", "--wrt", "x1")
    assert re.search(r"\n 6  ∂x2/∂x1 +held constant += 0\n", out)
    assert re.search(r"\n    ∂f/∂x1 +part 1 of 2 += 5.5\n", out)


def test_inputs_learn(said: Any, tmp_path: Path) -> None:
    learn = ["step", "(w * x - y) ** 2 / 2", "w=0.5", "x=2", "y=3", "--train", "w", "--lr", "0.25", "--updates", "2"]
    status, out, err = said(*learn)
    assert (status, err) == (0, "")
    out = re.sub(" +", " ", out)
    assert "w′ = w + Δw = 0.5 + 1 = 1.5" in out  # x·w must be 3, and is
    assert "∂L/∂w = 0" in out
    assert out.count("Update by SGD") == 2
    for ending in ("txt", "md", "tex"):
        assert said(*learn, "-o", str(tmp_path / f"run.{ending}"))[0] == 0
        assert "1.5" in (tmp_path / f"run.{ending}").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--train", "v"], "from ['w', 'x'], got 'v'"),
        (["--train", "w", "--optimizer", "newton"], "--optimizer must be one of"),
        (["--train", "w", "--updates", "0"], "--updates must be 1 or more"),
        (["--train", "w", "--wrt", "x"], "leave out --wrt"),
        (["--train", "w", "-o", "a.png"], "end in one of"),
    ],
)
def test_what_cannot_learn_is_refused(said: Any, options: list[str], message: str) -> None:
    status, out, err = said("step", "w * x", "w=1", "x=2", *options)
    assert (status, out) == (2, "")
    assert message in err


@given(graphs())
def test_every_event_has_its_number(root: Value) -> None:
    trace = steps(root)
    numbered = re.findall(r"^ *(\d+)  ", listing(trace, width=400), re.MULTILINE)
    assert [int(n) for n in numbered] == list(range(1, len(trace) + 1))


@pytest.mark.parametrize(
    ("file", "holds"),
    [
        ("x.md", "| ∂L/∂q | ∂L/∂f · ∂f/∂q = 2 · z = 2 · 2 | **4** |"),
        ("x.txt", "= 2 · z  = 2 · 2  = 4\n"),
        ("x.TEX", r"\frac{\partial L}{\partial q} &= \frac{\partial L}{\partial f}"),
        ("x.svg", "<svg"),
    ],
)
def test_it_writes_by_the_ending(said: Any, file: str, holds: str) -> None:
    status, out, err = said("step", *LECTURE, "-o", file)
    assert (status, out, err) == (0, f"wrote {file}\n", "")
    assert holds in Path(file).read_text("utf-8")


def test_a_picture_has_the_gradient_from_above(said: Any) -> None:
    said("step", *LECTURE, "-o", "x.svg")
    assert "6" in re.findall(r">([^<>]+)</text>", Path("x.svg").read_text("utf-8"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["step", *LECTURE, "-o", "x.doc"], "a file's name must end in one of ['.txt', "),
        (["step", *LECTURE, "--digits", "0"], "--digits must be a whole number from 1 to 17, got 0"),
        (["step", *LECTURE, "--wrt", "x"], "give only one of them"),
        (["step", "x * y", "x=1", "y=2", "--wrt", "z"], "--wrt must be one of ['x', 'y'], got 'z'"),
        (["step", *LECTURE, "-o", "no/such/x.md"], "can't write 'no/such/x.md'"),
        (["step", "sqrt(x)", "x=0"], "the derivative of sqrt at 0.0 at 'x' is not finite"),
        (["gallery", "collah"], "the gallery has no 'collah'; did you mean 'colah'?"),
        (["gallery", "-o", "x.md"], "-o takes one example"),
        (["gallery", "colah", "--digits", "99"], "--digits must be"),
    ],
)
def test_bad_input_gets_one_line(said: Any, arguments: list[str], complaint: str) -> None:
    status, out, err = said(*arguments)
    assert (status, out) == (2, "")
    assert complaint in err
    assert err.count("\n") == 1


# ---------------------------------------------------------------------------------------------- the screen


def test_a_screen_shows_what_is_known_by_then() -> None:
    trace = find("order").make().trace()
    assert screen(trace, 12, width=80, height=24) == (
        "Step 13 of 18: backward pass\n"
        "\n"
        "   node  computed as  value  gradient\n"
        "   a                  2\n"
        "   b                  3\n"
        "▸  c     a + b        5      7\n"
        "   d     a · b        6      1 …\n"
        "   v1    c + d        11     1\n"
        "▸  v2    c · d        30     1\n"
        "   y     v1 + v2      41     1\n"
        "\n"
        "  ∂y/∂v2 · ∂v2/∂c  = 1 · d  = 1 · 6  = 6\n"
        "  ∂y/∂c            = 1 + 6           = 7   part 2 of 2\n"
        "\n"
        "→ or space: next   ←: back   Home, End   q: done"
    )


@given(graphs())
def test_screens_fit_and_end_on_all_that_there_is(root: Value) -> None:
    trace = steps(root)
    for k in range(len(trace)):
        shown = screen(trace, k, width=100, height=24).splitlines()
        assert len(shown) <= 24 or len(trace.variables) <= 24
    last = state(trace, len(trace) - 1)
    assert (last.values, last.derivatives, last.waiting) == (set(trace.variables), dict(trace.derivatives), set())
    first = state(trace, 0)
    assert (len(first.values), first.derivatives) == (1, {})
    assert isinstance(trace[0], Forward)


def test_a_large_graph_shows_the_nodes_around_the_step() -> None:
    trace = find("mazur").make().trace()
    for k in range(len(trace)):
        rows = screen(trace, k, width=80, height=24).splitlines()
        assert len(rows) <= 24
        assert all(measure(row) <= 80 for row in rows[:-8])
        assert any(row.startswith("▸") for row in rows)


# ---------------------------------------------------------------------------------------------- keys


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty on Windows")
def test_on_a_terminal_keys_step_on_and_back(tmp_path: Path) -> None:
    import pty
    import termios

    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "90", "LINES": "30", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "microgrAD", "step", *LECTURE],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env=env,
        start_new_session=True,
    )
    heard = ""

    def until(text: str) -> None:
        nonlocal heard
        end = time.monotonic() + 15
        while text not in heard:
            assert select.select([ours], [], [], max(0.0, end - time.monotonic()))[0], f"{text!r} is not in {heard!r}"
            heard += os.read(ours, 65536).decode()

    try:
        for key, step in (
            (None, 1),
            (b" ", 2),
            (b"\x1b[C", 3),
            (b"\x1b[D", 2),
            (b"\x1b[F", 10),
            (b"n", 10),
            (b"\x1b[H", 1),
            (b"b", 1),
            (b"G", 10),
        ):
            heard = ""
            if key:
                os.write(ours, key)
            until(f"Step {step} of 10")
            until("q: done")
        heard = ""
        os.write(ours, b"q")
        until("\x1b[?1049l")
        until("∂L/∂y  = ∂L/∂q · ∂q/∂y  = 4 · 1  = 4")
        assert process.wait(30) == 0
        assert termios.tcgetattr(theirs) == before, "the terminal is as it was"
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize(
    ("key", "word"),
    [
        (" ", "next"),
        ("\x1b[C", "next"),
        ("\x1bOC", "next"),
        ("\x1b[D", "back"),
        ("\x1b[1~", "first"),
        ("\x1b[F", "last"),
        ("q", "done"),
        ("\x1b", "done"),
        ("x", ""),
        ("\x1b[5~", ""),
    ],
)
def test_what_keys_mean(key: str, word: str) -> None:
    assert keys.word(key) == word


# ---------------------------------------------------------------------------------------------- gallery


def test_the_gallery_lists_all(said: Any) -> None:
    status, out, _ = said("gallery")
    assert status == 0
    assert [row.split()[0] for row in out.splitlines()[1:]] == list(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_each_example_is_shown_with_its_source(said: Any, name: str) -> None:
    status, out, err = said("gallery", name)
    entry = ENTRIES[name]
    assert (status, err) == (0, "")
    assert entry.source in out
    assert all(printed in out for printed in entry.published.values())
    assert "differs" not in out


def test_errata_are_shown(said: Any) -> None:
    _, out, _ = said("gallery", "mazur")
    assert "0.29102777369359933  and not 0.291027924" in out
    assert "which is what is printed" in out


def test_the_order_is_shown_both_ways(said: Any) -> None:
    assert "! c → a: 7 · 1, total 11" in said("gallery", "order")[1]


@pytest.mark.parametrize("ending", lesson.WRITERS)
def test_the_gallery_writes_by_the_ending(said: Any, ending: str) -> None:
    assert said("gallery", "baydin-forward", "-o", f"x{ending}") == (0, f"wrote x{ending}\n", "")
    assert Path(f"x{ending}").stat().st_size > 300


def test_a_picture_of_forward_mode_has_the_tangents_on_it(said: Any) -> None:
    assert said("step", "x * y", "x=2", "y=3", "--wrt", "x", "-o", "x.svg")[0] == 0
    picture = ElementTree.parse("x.svg")
    texts = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert [text for text in texts if text in ("0", "1", "2", "3", "6")] == ["2", "1", "3", "0", "6", "3"]
    assert "derivative by x" in texts and not any("no backward pass" in text for text in texts)
