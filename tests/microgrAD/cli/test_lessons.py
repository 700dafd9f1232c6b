"""`microgrAD exercise`, and what `step` and `gallery` write as lessons and films."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from microgrAD.steps import steps

Said = Callable[..., tuple[int, str, str]]
LECTURE = ["q = x + y; f = q * z", "x=1", "y=2", "z=2"]


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have these lines ready at the keyboard."""
    return lambda lines: monkeypatch.setattr("sys.stdin", io.StringIO(lines))


# ---------------------------------------------------------------------------------------------- in the terminal


def test_an_exercise_solved(said: Said, type_in: Callable[[str], None]) -> None:
    type_in("3\n6\n2\n3\n2\n2\n")
    status, out, err = said("exercise", *LECTURE)
    assert (status, err) == (0, "")
    assert out.startswith("Given: x = 1, y = 2, z = 2\n")
    assert out.count("  right\n") == 6
    assert out.endswith("\n6 of 6 solved, 0 wrong, 0 hints\n")


def test_an_exercise_failed_and_helped(said: Said, type_in: Callable[[str], None]) -> None:
    type_in("h\nh\nh\n-3\n5\nthree\n\n9/3\ns\nq\n")
    status, out, _ = said("exercise", *LECTURE, "--blanks", "q", "--blanks", "z.grad")
    assert status == 1
    assert [line for line in out.splitlines() if line.startswith("  ")] == [
        "  q = x + y = ?",
        "  q = x + y = 1 + 2 = ?",
        "  there are no more hints: s shows the answer",
        "  not yet: look at the sign",
        "  not yet",
        "  a number is needed, such as -1.5 or 1/4",
        "  right",
        "  ∂f/∂q = ∂f/∂f · ∂f/∂q = 1 · z = 1 · 2 = 2",
    ]
    assert out.endswith("\n1 of 3 solved, 2 wrong, 2 hints\n")


def test_where_paths_meet_the_hint_has_every_local_derivative(said: Said, type_in: Callable[[str], None]) -> None:
    type_in("h\nh\n7\n")
    status, out, _ = said("exercise", "c = a + b; d = a * b; y = (c + d) + c * d", "a=2", "b=3", "--blanks", "c.grad")
    assert status == 0
    assert "  ∂v1/∂c = 1\n  ∂v2/∂c = d = 6\n" in out
    assert "1 + 6 = ?" in out


def test_the_tolerance(said: Said, type_in: Callable[[str], None]) -> None:
    type_in("0.46\n")
    assert said("exercise", "tanh(x)", "x=0.5", "--blanks", "f.value")[0] == 0
    type_in("0.46\n")
    assert said("exercise", "tanh(x)", "x=0.5", "--blanks", "f.value", "--tolerance", "0.001")[0] == 1


# ---------------------------------------------------------------------------------------------- files


def test_pages(said: Said) -> None:
    assert said("step", *LECTURE, "-o", "lesson.html") == (0, "wrote lesson.html\n", "")
    assert '"mode":"steps"' in Path("lesson.html").read_text("utf-8")
    assert said("exercise", *LECTURE, "--blanks", "q", "-o", "x.html") == (0, "wrote x.html\n", "")
    text = Path("x.html").read_text("utf-8")
    assert '"mode":"exercise"' in text
    assert text.count('class="question"') == 2


@pytest.mark.parametrize("file", ["sheet.pdf", "sheet.html"])
def test_paper(file: str, said: Said) -> None:
    key = file.replace(".", "-key.")
    assert said("exercise", *LECTURE, "--paper", "-o", file) == (0, f"wrote {file}\nwrote {key}\n", "")
    assert Path(file).stat().st_size > 2000 and Path(key).stat().st_size > 2000


def test_a_film_and_a_folder_of_frames(said: Said) -> None:
    assert said("step", *LECTURE, "-o", "pass.gif") == (0, "wrote pass.gif\n", "")
    with Image.open("pass.gif") as film:
        assert film.n_frames == 11
    status, out, _ = said("step", *LECTURE, "-o", "frames/")
    assert (status, out) == (0, "wrote frames/step-00.png to step-10.png\n")
    assert len(list(Path("frames").iterdir())) == 11
    Path("taken").write_text("mine")
    status, out, err = said("step", *LECTURE, "-o", "taken")
    assert (status, out) == (2, "")
    assert "can't write 'taken'" in err and Path("taken").read_text() == "mine"


def test_forward_mode_as_a_lesson(said: Said) -> None:
    assert said("step", "x * y", "x=2", "y=3", "--wrt", "x", "-o", "x.html")[0] == 0
    assert '"mode":"forward"' in Path("x.html").read_text("utf-8")


def test_an_example_of_the_gallery_as_a_lesson(said: Said) -> None:
    from microgrAD.gallery import find

    assert said("gallery", "colah", "-o", "colah.html") == (0, "wrote colah.html\n", "")
    trace = steps(find("colah").make().root)
    assert Path("colah.html").read_text("utf-8").count('class="step"') == len(trace) + 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["exercise", *LECTURE, "--blanks", "w"], "the names are x, y, q, z, f"),
        (["exercise", *LECTURE, "--tolerance", "2"], "--tolerance must lie between 0 and 1"),
        (["exercise", *LECTURE, "--digits", "0"], "--digits must be"),
        (["exercise", *LECTURE, "-o", "x.doc"], "must end in .html"),
        (["exercise", *LECTURE, "--paper", "-o", "x.doc"], "must end in one of ['.pdf', '.html', '.tex']"),
        (["exercise", *LECTURE, "-o", "no/x.html"], "there is no folder 'no'"),
    ],
)
def test_what_is_refused(arguments: list[str], complaint: str, said: Said, type_in: Callable[[str], None]) -> None:
    type_in("")
    status, out, err = said(*arguments)
    assert (status, out) == (2, "")
    assert complaint in err
