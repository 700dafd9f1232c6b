"""The lecture's 2-2-1 network as the lecture draws it: forward, δ, gradients, update; and Mazur's eight new weights.

Each picture has the numbers of one example on the network: o at the units, δ below, w on the lines. The same step of
training is a film, slides for beamer, and a worksheet with its key.
"""

from __future__ import annotations

from functools import partial

import _folder

import viz
from microgrAD import optim
from microgrAD.gallery import networks
from microgrAD.losses import mse
from microgrAD.nn import MLP
from microgrAD.train import train_steps

folder = _folder.chosen(__doc__)

model = MLP(2, [2, 1], activation=["sigmoid", "sigmoid"])
for p, name in zip(model.parameters(), ["w13", "w23", "b3", "w14", "w24", "b4", "w35", "w45", "b5"], strict=True):
    p.data = networks.WEIGHTS[name]
x, y = networks.EXAMPLES[0]
rule = partial(optim.SGD, lr=networks.ETA)
for stage in ("forward", "backward", "gradients", "update"):
    drawing = viz.network(
        model,
        x,
        y,
        stage=stage,
        loss=partial(mse, half=True),
        optimizer=rule if stage == "update" else None,
        digits=5,
        size="16:9",
    )
    print(f"{stage}: {drawing.scene.description}")
    _folder.wrote(drawing.save(folder / f"lecture_{stage}.png"))

near = viz.network(model, x, y, loss=partial(mse, half=True), digits=5, open=5, size="16:9")
_folder.wrote(near.save(folder / "lecture_unit_5.png"))

trace = train_steps(model, [x], [y], optimizer=rule, loss=partial(mse, half=True))
_folder.wrote(*viz.movie(trace, digits=5, dpi=96).save(folder / "lecture_step.gif"))
_folder.wrote(viz.tikz(trace, overlays=True, digits=5).save(folder / "lecture_step.tex"))
_folder.wrote(*viz.worksheet(trace, digits=5).save(folder / "lecture_step.pdf"))

mazur = MLP(2, [2, 2], activation=["sigmoid", "sigmoid"])
w = networks.MAZUR
numbers = [w["w1"], w["w2"], 0.35, w["w3"], w["w4"], 0.35, w["w5"], w["w6"], 0.6, w["w7"], w["w8"], 0.6]
for p, number in zip(mazur.parameters(), numbers, strict=True):
    p.data = number
drawing = viz.network(
    mazur,
    (0.05, 0.10),
    (0.01, 0.99),
    loss=partial(mse, half=True, reduction="sum"),
    optimizer=partial(optim.SGD, lr=0.5),
    notation="w12(2)",
    digits=9,
)
_folder.wrote(drawing.save(folder / "mazur_update.png"))
