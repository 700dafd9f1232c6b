"""Backpropagation through a neuron, with every step in words: on the terminal, in Markdown and in LaTeX.

Each line shows what flows into a node as upstream × local, first with symbols, then with numbers. The picture shows
the same numbers.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import explain, latex
from microgrAD.gallery import find

folder = _folder.chosen(__doc__)

o = find("karpathy-neuron").make().root
print(explain(o), "\n")
print(latex(o), "\n")

for file, format in (("neuron.md", "markdown"), ("neuron.tex", "latex")):
    (folder / file).write_text(explain(o, format=format), encoding="utf-8")
o.backward()
_folder.wrote(
    folder / "neuron.md", folder / "neuron.tex", viz.draw(o, size="16:9", show_local=True).save(folder / "neuron.png")
)
