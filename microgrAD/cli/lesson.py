"""What commands write of a pass: an explanation, a picture, a lesson or a film, by the ending of the file's name."""

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
    """The graph after the pass; with tangents, which no node keeps, as the last frame of a film."""
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
    """A numbered picture of each step, at a slide's size."""
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
    """Write the file, or a folder of frames if it has no ending; a Refusal lists the endings."""
    ending = file.suffix.lower()
    if not ending and file.name:
        return frames(trace, file, digits)
    if ending not in WRITERS:
        raise Refusal(f"a file's name must end in one of {list(WRITERS)}, or be a folder's; got {str(file)!r}")
    WRITERS[ending](trace, file, digits)
    print(f"wrote {file}")
