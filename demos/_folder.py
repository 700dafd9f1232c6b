"""Parts that all demos share: the folder for the pictures, and a message about each file."""

from __future__ import annotations

import argparse
from pathlib import Path


def chosen(about: str | None) -> Path:
    """Return the folder named on the command line, which is created if needed. `about`: the demo's docstring."""
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
    """Print the paths of the pictures."""
    for file in files:
        print(f"wrote {file}")
