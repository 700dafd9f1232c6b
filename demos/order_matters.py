"""Why backpropagation goes through a graph in topological order.

In y = (c + d) + c d both c and d are used twice. In depth-first order, a node sends its gradient after the first of its
consumers has reported, and the sum after the second, so the first part is counted twice. In topological order, a node
waits for all of its consumers, and sends its gradient once.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD.gallery import find
from microgrAD.gallery.order import lesson, side_by_side

folder = _folder.chosen(__doc__)

y = find("order").make().root
print(side_by_side(lesson(y)), "\n")

y.backward()
_folder.wrote(viz.draw(y, size="16:9", show_local=True).save(folder / "order_matters.png"))
