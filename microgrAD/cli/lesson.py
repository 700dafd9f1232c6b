"""Writes a pass to a file: an explanation, a picture, a lesson or a film, by the ending of the file's name."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from microgrAD.cli.choices import LOOK, add_choices, digits, fitting, made
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import path
from microgrAD.explanation import explain
from microgrAD.explanation.chapters import Told
from microgrAD.files import in_folder
from microgrAD.steps.trace import Trace
from microgrAD.steps.training import TrainingTrace

Writer = Callable[[Any, Path, dict[str, Any]], list[Path]]


def _words(format: str) -> Writer:
    def write(trace: Told, file: Path, choices: dict[str, Any]) -> list[Path]:
        told: dict[str, Any] = fitting(choices, explain, "a text")
        text = explain(trace, format=format, color=False, **told)  # type: ignore[arg-type]
        file.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        return [file]

    return write


def _picture(trace: Trace, file: Path, choices: dict[str, Any]) -> list[Path]:
    from viz import draw

    return [draw(trace, **fitting(choices, draw, "a picture")).save(file)]


def _page(trace: Told, file: Path, choices: dict[str, Any]) -> list[Path]:
    from viz import page

    return [page(trace, **fitting(choices, page, "a page")).save(file)]


def _film(trace: Told, file: Path, choices: dict[str, Any]) -> list[Path]:
    from viz import movie

    return movie(trace, **choices).save(file)


def _overlays(trace: Told, file: Path, choices: dict[str, Any]) -> list[Path]:
    from viz import tikz

    told = fitting(choices, tikz, "an overlay")
    return [tikz(trace, overlays=True, document=False, **told).save(file)]


def _frames(trace: Told, folder: Path, choices: dict[str, Any]) -> list[Path]:
    """Write a slide of each step, or a numbered picture in the size of a slide."""
    return _film(trace, folder, {"size": "16:9", **choices})


WRITERS: dict[str, Writer] = {
    ".txt": _words("text"),
    ".md": _words("markdown"),
    ".tex": _words("latex"),
    ".html": _page,
    ".gif": _film,
    ".mp4": _film,
    ".pptx": _frames,
    ".tikz": _overlays,
    **dict.fromkeys((".png", ".svg", ".pdf", ".dot", ".drawio", ".mmd"), _picture),
}
OF_A_RUN = (".txt", ".md", ".tex", ".html", ".gif", ".mp4", ".pptx", ".tikz")  # of a run of training


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `write` reads, except --digits."""
    endings = f"one of {', '.join(WRITERS)}; or a folder, for a numbered picture of each step"
    parser.add_argument("-o", "--output", metavar="FILE", type=path, help=endings)
    add_choices(parser, LOOK)


def write(trace: Told, args: argparse.Namespace) -> None:
    """Write the file; or a folder of frames, if its name has no ending. Raise Refusal for another ending."""
    writer = writer_of(args.output, list(OF_A_RUN) if isinstance(trace, TrainingTrace) else list(WRITERS))
    file: Path = args.output
    with writing(file):
        in_folder(file)
        files = writer(trace, file, {"digits": digits(args), **made(args)})
    print(f"wrote {files[0]}" + (f" to {files[-1].name}" if len(files) > 1 else ""))


def writer_of(file: Path, endings: list[str]) -> Writer:
    """Return what writes a file of this name; a Refusal lists the endings."""
    ending = file.suffix.lower()
    if not ending and file.name:
        return _frames
    if ending not in endings:
        raise Refusal(f"a file's name must end in one of {endings}, or be a folder's; got {str(file)!r}")
    return WRITERS[ending]
