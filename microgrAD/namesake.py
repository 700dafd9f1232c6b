"""Karpathy's `micrograd` beside us: where file names ignore case (macOS, Windows), both packages share one folder."""

from __future__ import annotations

import os
import warnings

FOLDER = os.path.dirname(__file__)
REMEDY = "keep each in an environment of its own: python -m venv .venv, then pip install one of them in it"


def shares_folder() -> bool:
    """Whether files of `micrograd` lie in our folder: its `nn` is a file, ours a folder."""
    return os.path.exists(os.path.join(FOLDER, "nn.py"))


def warn() -> None:
    """Warn if the two packages share a folder, in which the later one has replaced files of the other."""
    if shares_folder():
        warnings.warn(f"micrograd is installed in the same folder, {FOLDER}; {REMEDY}", stacklevel=3)


def said(version: str) -> str:
    """What `doctor` says of an installed `micrograd` of that version."""
    if shares_folder():
        return f"{version}, in the same folder as microgrAD: {REMEDY}"
    return f"{version}, in a folder of its own"
