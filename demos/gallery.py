"""Published worked examples of backpropagation, computed here: every digit that their sources print, and two misprints.

A page that thousands have followed by hand prints an error that its own rule does not give: it was computed with the
output layer updated before the errors went back through it.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD.gallery import ENTRIES, agrees

folder = _folder.chosen(__doc__)

for entry in ENTRIES.values():
    rows = list(entry.rows())
    right = sum(agrees(printed, ours) for _, printed, ours in rows)
    print(f"{entry.name}: " + (f"{right} of {len(rows)} published numbers" if rows else f"{len(entry.laws)} laws"))
    for erratum in entry.errata:
        print(f"    {erratum.printed} is no {erratum.instead}, but {erratum.source_of}")

mazur = ENTRIES["mazur"].make().root
mazur.backward()
_folder.wrote(viz.draw(mazur, digits=3).save(folder / "mazur.png"))
