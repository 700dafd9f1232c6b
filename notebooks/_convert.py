"""Makes the notebooks of this folder from its scripts: executed, with outputs stored. `make notebooks` runs it.

The scripts are written in jupytext's percent format: a cell begins with `# %%`. A notebook is written whole or not at
all, and only if every cell has run. Times and ids that differ from run to run are left out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

from microgrAD.files import write_text

FOLDER = Path(__file__).parent
SCRIPTS = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def read(script: Path) -> Any:
    """Return a script as a notebook without outputs."""
    notebook = jupytext.read(script, fmt="py:percent")
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for k, cell in enumerate(notebook.cells):
        cell.id = f"cell-{k}"
        cell.metadata.pop("lines_to_next_cell", None)
    return notebook


def executed(script: Path) -> Any:
    """Return the notebook with its outputs; nbclient's CellExecutionError names the cell that fails."""
    notebook = read(script)
    # a widget is stored as its picture: what it was linked with is gone when the notebook is opened
    client = NotebookClient(notebook, timeout=300, record_timing=False, store_widget_state=False, coalesce_streams=True)
    client.execute()
    notebook.metadata = read(script).metadata
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return notebook


if __name__ == "__main__":
    wanted = sys.argv[1:]
    for script in SCRIPTS:
        if not wanted or script.stem in wanted:
            write_text(script.with_suffix(".ipynb"), nbformat.writes(executed(script)) + "\n")
            print(script.with_suffix(".ipynb").name)
