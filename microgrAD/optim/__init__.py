"""Optimisers, schedules of their learning rate, and clipping of gradients.

working      a rule as formulas in text, and its arithmetic
optimizer    what all optimisers share
rules        SGD, RMSprop, Adam and AdamW
schedules    the learning rate as a function of the epoch
clipping     gradient clipping
"""

from microgrAD.optim.clipping import clip_grad_norm_, clip_grad_value_
from microgrAD.optim.optimizer import Optimizer
from microgrAD.optim.rules import NAMED, SGD, Adam, AdamW, RMSprop
from microgrAD.optim.schedules import CosineAnnealingLR, ExponentialLR, LambdaLR, Schedule, StepLR

__all__ = [
    "NAMED",
    "SGD",
    "Adam",
    "AdamW",
    "CosineAnnealingLR",
    "ExponentialLR",
    "LambdaLR",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "StepLR",
    "clip_grad_norm_",
    "clip_grad_value_",
]
