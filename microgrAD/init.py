"""How weights start. An initialiser is a function of (rng, fan_in, fan_out) that draws one weight.

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
    """NumPy's random generator for a seed, a generator (which goes on where it is) or None (a fresh seed)."""
    import numpy as np

    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"rng takes a whole number of 0 or more, numpy.random.default_rng(...) or None, got "
            f"{type(rng).__name__} {rng!r:.60}"
        ) from None


def uniform(alpha: float = 1.0) -> Init:
    """Uniform in [-α, α]."""
    return partial(_uniform, positive(alpha, "uniform: alpha"))


def xavier(*, gain: float = 1.0) -> Init:
    """Uniform in [-a, a] with a = gain · √(6 / (fan_in + fan_out)), for tanh and its like. Glorot & Bengio 2010."""
    return partial(_xavier, positive(gain, "xavier: gain"))


def kaiming(*, gain: float = math.sqrt(2)) -> Init:
    """Uniform in [-a, a] with a = gain · √(3 / fan_in), for rectifiers. He et al. 2015."""
    return partial(_kaiming, positive(gain, "kaiming: gain"))


def constant(value: float) -> Init:
    """All alike. Kept to show why not: neurons that start equal get equal gradients and stay equal."""
    return partial(_constant, real(value, "constant"))


# partial, not lambda: a search over models sends its initialisers to other processes


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
    """A function that draws one weight after the other; ValueError lists the names of initialisers."""
    if isinstance(init, str):
        if init not in NAMED:
            raise ValueError(f"init must be one of {list(NAMED)} or a function of (rng, fan_in, fan_out), got {init!r}")
        init = NAMED[init]()
    if not callable(init):
        raise TypeError(f"init must be one of {list(NAMED)} or a function of (rng, fan_in, fan_out), got {init!r}")
    rng, chosen = generator(rng), init
    return lambda: chosen(rng, fan_in, fan_out)
