"""Equal weights stay equal: why a network starts with random ones.

If all weights start equal, all hidden units compute the same value, get the same gradient, and take the same step.
So they stay equal for ever. Four hidden units are then like one, and one unit cannot learn XOR. With random weights,
each unit learns something else.
"""

from __future__ import annotations

import _folder
import _slides

from microgrAD import init
from microgrAD.datasets import make_xor
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import fit
from viz import style

folder = _folder.chosen(__doc__)
X, y = make_xor()
figure = _slides.blank()

starts = {"all weights start at 0.5": init.constant(0.5), "random start": init.xavier()}
for ax, (name, start) in zip(figure.subplots(1, 2, sharey=True), starts.items(), strict=True):
    model = MLP(2, [4, 1], init=start)
    history = fit(model, X, y, optimizer=lambda p: Adam(p, lr=0.05), epochs=150, record=True)
    recording = history.recording
    weights = recording.by_layer()["layer1"].reshape(len(recording), 4, 3)  # w1, w2, b of each unit
    for k in range(4):
        ax.plot(
            recording.epochs,
            weights[:, k, 0],
            color=style.CLASSES[k],
            linestyle=("-", "--", "-.", ":")[k],
            linewidth=6 - 1.4 * k,
            label=f"unit {k + 1}",
        )
    ax.set(title=f"{name}: {history.accuracy[-1]:.0%} right", xlabel="epoch")
    apart = abs(weights[-1, :, 0] - weights[-1, 0, 0]).max()
    print(f"{name}: {history.accuracy[-1]:.0%} right, units apart by {apart:.2g}")
figure.suptitle("Hidden units that start alike stay alike")
figure.axes[0].set_ylabel("first weight of each hidden unit")
figure.axes[0].legend(frameon=False)
_slides.save(figure, folder / "equal_weights.png")
