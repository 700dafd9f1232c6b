"""The expression of micrograd's README: it has every operator, uses nodes several times, and its numbers are known.

If a value is used more than once, the gradients that come back along its wires add up.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import Value

folder = _folder.chosen(__doc__)

a, b = Value(-4.0, label="a"), Value(2.0, label="b")
c = a + b
d = a * b + b**3
c += c + 1
c += 1 + c + (-a)
d += d * 2 + (b + a).relu()
d += 3 * d + (b - a).relu()
e = c - d
f = e**2
g = f / 2.0
g += 10.0 / f
for label, v in {"c": c, "d": d, "e": e, "f": f, "g": g}.items():
    v.label = label
g.backward()

print(f"g = {g:.4f}, ∂g/∂a = {a.grad:.4f}, ∂g/∂b = {b.grad:.4f}")
_folder.wrote(
    viz.draw(g, rankdir="LR").save(folder / "micrograd_readme.png"),
    viz.draw(g, color_by="grad", theme="dark").save(folder / "micrograd_readme_by_gradient.png"),
)
