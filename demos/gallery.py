"""Published worked examples of backpropagation: our numbers agree with every printed digit, except two misprints.

Thousands of people have followed one of these pages by hand. It prints an error that its own rule does not give: the
output layer was updated before the errors went back through it.
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
        print(f"    {erratum.printed} is not {erratum.instead}, but {erratum.source_of}")

mazur = ENTRIES["mazur"].make().root
mazur.backward()
_folder.wrote(viz.draw(mazur, digits=3).save(folder / "mazur.png"))
