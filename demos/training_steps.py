"""One epoch of the lecture's network, step by step: each example's passes, then every weight's update, by two rules.

The trace is that of `fit`, number for number. SGD takes two lines a weight, Adam six: both are read from the rule that
computes the step.
"""

from __future__ import annotations

from functools import partial

import _folder

from microgrAD import optim
from microgrAD.explanation import explain
from microgrAD.gallery import networks
from microgrAD.losses import mse
from microgrAD.nn import MLP
from microgrAD.train import train_steps

folder = _folder.chosen(__doc__)
rows, targets = zip(*networks.EXAMPLES, strict=True)

for rule in (optim.SGD, optim.Adam):
    model = MLP(2, [2, 1], activation=["sigmoid", "sigmoid"])
    for p, name in zip(model.parameters(), ["w13", "w23", "b3", "w14", "w24", "b4", "w35", "w45", "b5"], strict=True):
        p.data = networks.WEIGHTS[name]
    trace = train_steps(
        model, rows, targets, optimizer=partial(rule, lr=networks.ETA), loss=partial(mse, half=True), epochs=1
    )
    print(f"{trace.optimizer}, the first example:")
    for update in trace.steps[0].updates:
        change = f"gradient {update.gradient:g}, step {update.step:g}, then {update.after:g}"
        print(f"  {update.parameter}: {update.before:g}, {change}")
    print(f"  the mean loss falls from {trace.losses[0]:.5f} to {trace.losses[1]:.5f}")
    for ending, format in (("md", "markdown"), ("tex", "latex")):
        file = folder / f"{trace.optimizer.lower()}.{ending}"
        file.write_text(explain(trace, format=format), encoding="utf-8")
        _folder.wrote(file)
