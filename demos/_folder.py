"""What every demo does besides its subject: take a folder for its pictures, and say what was written there."""

from __future__ import annotations

import argparse
from pathlib import Path


def chosen(about: str | None) -> Path:
    """The folder named on the command line, made if it is not there; `about` is the demo's docstring."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=Path,
        default=Path("microgrAD-demo"),
        help="the folder for the pictures (microgrAD-demo)",
    )
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wrote(*files: Path) -> None:
    """Say where the pictures are."""
    for file in files:
        print(f"wrote {file}")
