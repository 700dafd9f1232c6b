"""Slides that stay editable: a neuron as a presentation, as a drawing for diagrams.net, and step by step.

In PowerPoint, Keynote or LibreOffice, boxes move with their wires, and texts can be changed. The presentation of the
pass has a slide for each step; with the transition Morph nothing jumps. It takes the package python-pptx.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import parse

folder = _folder.chosen(__doc__)

f = parse("f = sigmoid(w0*x0 + w1*x1 + w2)", w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
f.backward()

drawing = viz.draw(f, size="16:9")
_folder.wrote(*(drawing.save(folder / f"neuron{ending}") for ending in (".pptx", ".drawio", ".md")))
film = viz.movie(f, folder / "steps.pptx")
print(f"{len(film.scenes)} slides")
_folder.wrote(folder / "steps.pptx")
