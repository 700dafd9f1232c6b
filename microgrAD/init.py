"""Initial weights. An initialiser is a function of (rng, fan_in, fan_out) that draws one weight.

fan_in, fan_out   how many inputs and outputs a layer has
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from microgrAD.errors import positive, real

Init = Callable[[Any, int, int], float]


def generator(rng: Any) -> Any:
    """Return NumPy's random generator.

    Arguments:
        rng: a seed; a generator, which is returned as it is; or None for a random seed.
    Raises: TypeError or ValueError for anything else.
    """
    import numpy as np

    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"rng takes a whole number of 0 or more, numpy.random.default_rng(...) or None, got "
            f"{type(rng).__name__} {rng!r:.60}"
        ) from None


def uniform(alpha: float = 1.0) -> Init:
    """Return an initialiser that is uniform in [-alpha, alpha]."""
    return partial(_uniform, positive(alpha, "uniform: alpha"))


def xavier(*, gain: float = 1.0) -> Init:
    """Return an initialiser for tanh and sigmoid: uniform in [-a, a], a = gain · √(6 / (fan_in + fan_out)).

    Arguments:
        gain: a factor for all weights.
    Source: Glorot & Bengio 2010.
    """
    return partial(_xavier, positive(gain, "xavier: gain"))


def kaiming(*, gain: float = math.sqrt(2)) -> Init:
    """Return an initialiser for rectifiers: uniform in [-a, a], a = gain · √(3 / fan_in).

    Arguments:
        gain: a factor for all weights; the default keeps the size of signals from layer to layer, with relu.
    Source: He et al. 2015.
    """
    return partial(_kaiming, positive(gain, "kaiming: gain"))


def constant(value: float) -> Init:
    """Return an initialiser that makes all weights equal.

    It shows why one should not: neurons that start equal get equal gradients, and stay equal.
    """
    return partial(_constant, real(value, "constant"))


# partial and not lambda: a search over models pickles its initialisers for other processes


def _uniform(bound: float, rng: Any, fan_in: int, fan_out: int) -> float:
    return float(rng.uniform(-bound, bound))


def _xavier(gain: float, rng: Any, fan_in: int, fan_out: int) -> float:
    return _uniform(gain * math.sqrt(6 / (fan_in + fan_out)), rng, fan_in, fan_out)


def _kaiming(gain: float, rng: Any, fan_in: int, fan_out: int) -> float:
    return _uniform(gain * math.sqrt(3 / fan_in), rng, fan_in, fan_out)


def _constant(value: float, rng: Any, fan_in: int, fan_out: int) -> float:
    return value


NAMED: dict[str, Callable[[], Init]] = {"uniform": uniform, "xavier": xavier, "kaiming": kaiming}


def drawing(init: Init | str, fan_in: int, fan_out: int, rng: Any) -> Callable[[], float]:
    """Return a function that draws one weight in each call; ValueError lists the names of initialisers."""
    if isinstance(init, str):
        if init not in NAMED:
            raise ValueError(f"init must be one of {list(NAMED)} or a function of (rng, fan_in, fan_out), got {init!r}")
        init = NAMED[init]()
    if not callable(init):
        raise TypeError(f"init must be one of {list(NAMED)} or a function of (rng, fan_in, fan_out), got {init!r}")
    rng, chosen = generator(rng), init
    return lambda: chosen(rng, fan_in, fan_out)
