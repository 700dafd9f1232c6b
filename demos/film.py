"""Backpropagation through f = (x + y) z as a film, as a slide for each step, and as LaTeX with overlays.

The layout is made once, with room for every number, so nothing moves between frames.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import parse

folder = _folder.chosen(__doc__)

f = parse("q = x + y; f = q * z", x=1, y=2, z=2)
_folder.wrote(*viz.movie(f, gradient=2).save(folder / "film.gif"))
_folder.wrote(*viz.movie(f, gradient=2, size="16:9").save(folder / "slide.png"))
_folder.wrote(viz.tikz(f, gradient=2, overlays=True).save(folder / "beamer.tex"))
