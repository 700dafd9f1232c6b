"""Derivatives of derivatives: tanh and its first three derivatives, each computed with `grad` from the one before.

A gradient is an expression, too, so it can be differentiated again. Where tanh saturates, all of its derivatives
vanish. That is why deep networks of tanh learn slowly.
"""

from __future__ import annotations

import _folder
import numpy as np
from matplotlib.figure import Figure

from microgrAD import grad, tanh
from viz.style import CLASSES, LIGHT

folder = _folder.chosen(__doc__)

functions = {"tanh": tanh, "tanh′": grad(tanh), "tanh″": grad(grad(tanh)), "tanh‴": grad(grad(grad(tanh)))}
label_at = {"tanh": (2.8, -34), "tanh′": (0.42, 8), "tanh″": (0.9, -22), "tanh‴": (0.2, -16)}  # x, and points up

figure = Figure(figsize=(1280 / 96, 720 / 96), dpi=96, layout="constrained")
ax = figure.subplots()
xs = np.linspace(-4, 4, 401)
for (name, f), color in zip(functions.items(), (CLASSES[0], CLASSES[2], CLASSES[1], CLASSES[5]), strict=True):
    ax.plot(xs, [f(x) for x in xs], color=color, linewidth=3)
    x, up = label_at[name]
    ax.annotate(name, (x, f(x)), xytext=(10, up), textcoords="offset points", color=color, fontsize=22, weight="bold")
    print(f"{name}(0.5) = {f(0.5):.15g}")
ax.axhline(0, color=LIGHT.edge, linewidth=1)
ax.axvline(0, color=LIGHT.edge, linewidth=1)
ax.set_xlabel("x", fontsize=18)
ax.set_xlim(-4, 4)
ax.tick_params(labelsize=16)
ax.spines[["top", "right"]].set_visible(False)
path = folder / "higher_derivatives.png"
figure.savefig(path)
_folder.wrote(path)
