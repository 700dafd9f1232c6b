"""Writes a pass to a file: an explanation, a picture, a lesson or a film, by the ending of the file's name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD.cli.errors import Refusal, writing
from microgrAD.explanation import explain_trace
from microgrAD.steps.trace import Trace

if TYPE_CHECKING:
    from viz import Drawing


def _words(format: str) -> Callable[[Trace, Path, int], None]:
    def write(trace: Trace, file: Path, digits: int) -> None:
        text = explain_trace(trace, format=format, digits=digits, color=False)  # type: ignore[arg-type]
        with writing(file):
            file.write_text(text.rstrip("\n") + "\n", encoding="utf-8")

    return write


def _picture(trace: Trace, file: Path, digits: int) -> None:
    drawing = _drawn(trace, digits)
    with writing(file):
        drawing.save(file)


def _drawn(trace: Trace, digits: int) -> Drawing:
    """Draw the graph after the pass. A graph with tangents, which nodes do not store, is the last frame of a film."""
    from viz import Drawing, draw

    if trace.mode == "reverse":
        trace.root.value.backward(next(e.gradient for e in trace if hasattr(e, "gradient")))
        return draw(trace.root.value, digits=digits)
    from viz.passes.board import prepare
    from viz.passes.stages import finished, stages
    from viz.style import theme

    board = prepare(trace, theme("light"), legend=True, show_local=False, digits=digits)
    return Drawing(board.graph, finished(board.scene, stages(trace, board.graph), digits))


def _page(trace: Trace, file: Path, digits: int) -> None:
    from viz import page

    with writing(file):
        page(trace, file, digits=digits)


def _film(trace: Trace, file: Path, digits: int) -> None:
    from viz import movie

    with writing(file):
        movie(trace, file, digits=digits)


def _overlays(trace: Trace, file: Path, digits: int) -> None:
    from viz import tikz

    with writing(file):
        tikz(trace, file, overlays=True, document=False, digits=digits)


def frames(trace: Trace, folder: Path, digits: int) -> None:
    """Write a numbered picture of each step to a folder, in the size of a slide."""
    from viz import movie

    with writing(folder):
        files = movie(trace, f"{folder}/", digits=digits, size="16:9")
    print(f"wrote {files[0]} to {files[-1].name}")


WRITERS: dict[str, Callable[[Trace, Path, int], None]] = {
    ".txt": _words("text"),
    ".md": _words("markdown"),
    ".tex": _words("latex"),
    ".html": _page,
    ".gif": _film,
    ".tikz": _overlays,
    **dict.fromkeys((".png", ".svg", ".pdf", ".dot"), _picture),
}
ENDINGS = f"one of {', '.join(WRITERS)}; or a folder, for a numbered picture of each step"


def write(trace: Trace, file: Path, digits: int) -> None:
    """Write a trace to a file, or to a folder of frames if the name has no ending.

    Arguments:
        trace: the trace.
        file: the path; its ending chooses what is written.
        digits: significant digits of numbers.
    Raises: Refusal for another ending; it lists all endings.
    """
    ending = file.suffix.lower()
    if not ending and file.name:
        return frames(trace, file, digits)
    if ending not in WRITERS:
        raise Refusal(f"a file's name must end in one of {list(WRITERS)}, or name a folder, got {str(file)!r}")
    WRITERS[ending](trace, file, digits)
    print(f"wrote {file}")
