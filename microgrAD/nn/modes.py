"""Train mode and eval mode inside a block, and the layers that behave differently in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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


def dropouts(model: Module) -> list[Dropout]:
    """Return the Dropout layers of a model, in order."""
    return [module for module in model.modules() if isinstance(module, Dropout)]
