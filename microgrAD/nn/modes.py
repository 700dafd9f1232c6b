"""Train mode, eval mode and few nodes inside a block, and the layers that behave differently in these modes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from microgrAD.nn.layers import Neuron
from microgrAD.nn.module import Module
from microgrAD.nn.regular import Dropout


@contextmanager
def mode(model: Module, *, training: bool) -> Iterator[None]:
    """Switch a model to train mode or eval mode inside the block. After it, each module is in its old mode."""
    if not isinstance(model, Module):
        raise TypeError(f"a model to train must be a microgrAD.nn.Module, got {type(model).__name__} {model!r}")
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was in before:
            object.__setattr__(module, "training", was)


@contextmanager
def fused(model: Module) -> Iterator[None]:
    """Let each neuron make one node of its weighted sum inside the block, and not one of each product."""
    neurons = [part for part in model.modules() if isinstance(part, Neuron)]
    before = [neuron.fused for neuron in neurons]
    try:
        for neuron in neurons:
            neuron.fused = True
        yield
    finally:
        for neuron, was in zip(neurons, before, strict=True):
            neuron.fused = was


def dropouts(model: Module) -> list[Dropout]:
    """Return the Dropout layers of a model, in order."""
    return [module for module in model.modules() if isinstance(module, Dropout)]
