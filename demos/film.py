"""Backpropagation through f = (x + y) z as a film, as a slide a step, and as LaTeX with an overlay a step.

The layout is made once, with room for every number, so nothing moves from one frame to the next.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import parse

folder = _folder.chosen(__doc__)

f = parse("q = x + y; f = q * z", x=1, y=2, z=2)
_folder.wrote(*viz.movie(f, folder / "film.gif", gradient=2))
_folder.wrote(*viz.movie(f, folder / "slide.png", gradient=2, size="16:9"))
viz.tikz(f, folder / "beamer.tex", gradient=2, overlays=True)
_folder.wrote(folder / "beamer.tex")
