"""A page that trains: choose data and a network, watch it learn, and open any unit as its graph.

Open it in a browser: press Space, click a unit, drag a weight, or drop a CSV file on it.
"""

from __future__ import annotations

import _folder

import viz

folder = _folder.chosen(__doc__)

page = viz.playground("spirals", folder / "playground.html")
print(f"the page has {len(page.encode()) / 1000:.0f} kB, and needs no connection")
_folder.wrote(folder / "playground.html")
