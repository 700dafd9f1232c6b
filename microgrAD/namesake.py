"""Karpathy's `micrograd`. If file names ignore case (macOS, Windows), it is installed in the folder of microgrAD."""

from __future__ import annotations

import os
import warnings

FOLDER = os.path.dirname(__file__)
REMEDY = "install them in separate environments: python -m venv .venv, then pip install one of them there"


def shares_folder() -> bool:
    """Return whether files of `micrograd` are in our folder: its `nn` is a file, ours is a folder."""
    return os.path.exists(os.path.join(FOLDER, "nn.py"))


def warn() -> None:
    """Warn if the two packages share a folder, since the later one has replaced files of the other."""
    if shares_folder():
        warnings.warn(f"micrograd is installed in the same folder, {FOLDER}; {REMEDY}", stacklevel=3)


def said(version: str) -> str:
    """Return what `doctor` says about an installed `micrograd` of this version."""
    if shares_folder():
        return f"{version}, in the same folder as microgrAD: {REMEDY}"
    return f"{version}, in a folder of its own"
