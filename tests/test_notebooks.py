"""The teaching notebooks: each runs, says what it promises, and is stored with the outputs that it has."""

from __future__ import annotations

import base64
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter, MarkdownExporter
from paths import ROOT

FOLDER = ROOT / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
INSTALL = '%pip install -q "microgrAD-studio[notebook]"'

# what each says of its point: numbers of CS231n, of a sum over paths, and of runs that have to succeed
SAYS = {
    "1_first_graph": ("Value(data=-12.0, grad=1.0, label='f')", "says -0.0040", "f = -24"),
    "2_why_order_matters": ("∂y/∂c = 1 + 6 = 7", "∂y/∂a is 25, depth first 29", "d → a: 6 · 3 = 18, part 2 of 2"),
    "3_a_neuron_learns": ("the loss was 0.1811, and is 0.1236", "100% right"),
    "4_xor_and_what_it_learned": ("mistakes on 100 rows", "100% right"),
    "5_your_own_data": ("['beech', 'lime', 'willow']", "100% right", "lime: 0.71", "answers the same: True"),
    "6_from_scalars_to_matrices": ("h1 = W1 x + b1", "than rounding: True", "below 0.01: True", "[0, 1, 1, 0]"),
}


def converter() -> Any:
    spec = importlib.util.spec_from_file_location("notebooks_convert", FOLDER / "_convert.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def stored(name: str) -> Any:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def texts(notebook: Any) -> list[str]:
    """What its outputs say: the text of each, as Markdown where it is mathematics."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    data = [output.get("data", {"text/plain": output.get("text", "")}) for output in outputs]
    return [each.get("text/markdown", each["text/plain"]) for each in data]


def kinds(notebook: Any) -> list[list[str]]:
    return [sorted(output.get("data", {})) for cell in notebook.cells for output in cell.get("outputs", [])]


def test_there_are_six_and_each_has_its_promise() -> None:
    assert sorted(SAYS) == NAMES and len(NAMES) == 6
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_promises_and_is_stored_with_what_it_gives_now(name: str) -> None:
    now, then = converter().executed(FOLDER / f"{name}.py"), stored(name)
    assert [promise for promise in SAYS[name] if not any(promise in text for text in texts(now))] == []
    assert [(cell.cell_type, cell.source, cell.id) for cell in then.cells] == [
        (cell.cell_type, cell.source, cell.id) for cell in now.cells
    ], "run `make notebooks`"
    assert texts(then) == texts(now) and kinds(then) == kinds(now), "run `make notebooks`"
    nbformat.validate(then)


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_with_one_line_that_installs(name: str) -> None:
    title, install, *rest = stored(name).cells
    assert title.cell_type == "markdown" and title.source.startswith("# ")
    assert install.source == INSTALL and not install.outputs
    assert not any("pip install" in cell.source for cell in rest)
    assert any("Your turn" in cell.source for cell in rest)


@pytest.mark.parametrize("name", NAMES)
def test_converted_it_shows_every_picture(name: str) -> None:
    notebook = stored(name)
    assert "widgets" not in notebook.metadata
    data = [output["data"] for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    pictures = [each["image/png"] for each in data if "image/png" in each]
    assert len(pictures) >= 2 and all(base64.b64decode(each).startswith(b"\x89PNG") for each in pictures)
    assert all({"image/png", "text/markdown", "text/html"} & each.keys() for each in data)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    films = sum("image/png" in each and "text/html" in each for each in data)
    assert html.count("data:image/png;base64") >= len(pictures) - films
    assert "No module named" not in html and "Traceback" not in html
    text, resources = MarkdownExporter().from_notebook_node(notebook)
    assert "![png]" in text or "![" in text
    assert len(resources["outputs"]) >= len(pictures) - films


def test_a_notebook_that_fails_is_not_written(tmp_path: Path) -> None:
    from nbclient.exceptions import CellExecutionError

    (script := tmp_path / "broken.py").write_text("# %%\n1 / 0\n", "utf-8")
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        converter().executed(script)
