"""Train mode and eval mode for a while, and the layers to which the difference matters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from microgrAD.nn.module import Module
from microgrAD.nn.regular import Dropout


@contextmanager
def mode(model: Module, *, training: bool) -> Iterator[None]:
    """Train mode, or eval mode, for a while; each module then is as it was."""
    if not isinstance(model, Module):
        raise TypeError(f"what learns is a microgrAD.nn.Module, got {type(model).__name__} {model!r}")
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was in before:
            object.__setattr__(module, "training", was)


def dropouts(model: Module) -> list[Dropout]:
    """The Dropout layers of a model, in order."""
    return [module for module in model.modules() if isinstance(module, Dropout)]
