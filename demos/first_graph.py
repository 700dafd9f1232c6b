"""The first graph of a lecture on backpropagation: f = (x + y) z, with a gradient of 2 from above.

Each node sends its gradient, times the local derivative on the wire, to its operands. An addition sends the gradient
unchanged to both operands. A product sends to each factor the gradient times the other factor.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import Value, topological

folder = _folder.chosen(__doc__)

x, y, z = Value(1, label="x"), Value(2, label="y"), Value(2, label="z")
q = x + y
q.label = "q"
f = q * z
f.label = "f"
f.backward(2.0)

for v in topological(f):
    print(f"{v.label} = {v:g}, gradient {v.grad:g}")
_folder.wrote(viz.draw(f, size="16:9", show_local=True).save(folder / "first_graph.png"))
