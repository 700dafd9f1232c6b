"""A 2-2-1 network learns with the rule of Rumelhart, Hinton and Williams, one example at a time.

After each example every weight moves by -η ∂L/∂w. For thousands of epochs hardly anything happens, since the gradients
are small if all weights are close to 0. Then the hidden units become different, and the loss falls.
"""

from __future__ import annotations

import _folder
import _slides

import viz
from microgrAD.gallery import find, networks
from viz import style

folder = _folder.chosen(__doc__)

for name, printed, ours in find("lecture-network").rows():
    print(f"{name}: the lecture has {printed}, we get {ours:.6g}")

losses, last = [], None
for last in networks.train(stop_below=0.01):
    if last.example == 0:
        losses.append(0.0)
    losses[-1] += last.loss
print(f"the loss of an epoch is under 0.01 after {len(losses)} epochs, {4 * len(losses)} examples")

ax = _slides.slide()
ax.plot(range(1, len(losses) + 1), losses, linewidth=2.5, color=style.CLASSES[0])
ax.set(
    title="XOR on a 2-2-1 network: for thousands of epochs nothing, then it falls",
    xlabel="epoch",
    ylabel="loss of the epoch, ½ Σ (y − o)²",
)
ax.set_ylim(bottom=0)
ax.grid(alpha=0.3)
_slides.save(ax.figure, folder / "loss.png")

loss = find("lecture-network").make().root
loss.backward()
_folder.wrote(viz.draw(loss).save(folder / "first_example.png"))
