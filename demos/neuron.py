"""A neuron with two inputs, o = tanh(x1 w1 + x2 w2 + b), as in Karpathy's lecture on micrograd.

The bias is chosen for round numbers: tanh'(n) is 1/2. Since x2 is 0, w2 gets no gradient: a change of w2 would change
nothing. The demo draws all three themes, and the style of micrograd's notebook.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import parse, topological

folder = _folder.chosen(__doc__)

o = parse("n = x1*w1 + x2*w2 + b; o = tanh(n)", x1=2, x2=0, w1=-3, w2=1, b=6.8813735870195432)
o.backward()

for v in topological(o):
    if v.label:
        print(f"{v.label} = {v:.4g}, gradient {v.grad:.4g}")
for theme in ("light", "dark", "print"):
    _folder.wrote(viz.draw(o, theme=theme, size="16:9").save(folder / f"neuron_{theme}.png"))
_folder.wrote(viz.draw_dot(o).save(folder / "neuron_as_in_micrograd.png"))
