"""Small grey pictures of letters, which a network of images can learn in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from microgrAD.datasets.arrays import Array, Labels, noisy, shares, shuffled
from microgrAD.errors import counted, real
from microgrAD.guesses import seeded
from microgrAD.init import generator

SIDE = 8  # pixels

_DRAWN = """
 A        H        L        O        T        X
 ..##..   #....#   #.....   .####.   ######   #....#
 .#..#.   #....#   #.....   #....#   ..##..   .#..#.
 #....#   #....#   #.....   #....#   ..##..   ..##..
 ######   ######   #.....   #....#   ..##..   ..##..
 #....#   #....#   #.....   #....#   ..##..   .#..#.
 #....#   #....#   ######   .####.   ..##..   #....#
"""


def _read(drawn: str) -> dict[str, Array]:
    names, *lines = [line.split() for line in drawn.strip().splitlines()]
    return {
        name: np.array([[float(mark == "#") for mark in line[k]] for line in lines]) for k, name in enumerate(names)
    }


GLYPHS: dict[str, Array] = _read(_DRAWN)  # 6×6, ink is 1; A and H have a crossbar


@seeded
def make_glyphs(
    n_samples: int = 120,
    *,
    kinds: Sequence[str] = tuple(GLYPHS),
    shift: int = 1,
    noise: float = 0.1,
    contrast: float = 0.3,
    rng: Any = 0,
) -> tuple[Array, Labels]:
    """Return pictures of letters, 8×8 pixels each, and which letter each one is.

    Arguments:
        n_samples: the number of pictures.
        kinds: the letters; class k is kinds[k].
        shift: each picture is moved by up to this number of pixels in each direction, 0 or 1.
        noise: the standard deviation of Gaussian noise on each pixel.
        contrast: the ink of each picture loses up to this share.
        rng: a seed or generator.
    Returns: X (n_samples, 64), from 0 (paper) to 1 (ink), and y (n_samples,). `X.reshape(-1, 8, 8)` are the pictures.
    Raises: ValueError for other kinds, shift, noise or contrast.

    >>> X, y = make_glyphs(6, noise=0)
    >>> X.shape, sorted(y.tolist())
    ((6, 64), [0, 1, 2, 3, 4, 5])
    """
    known = hasattr(kinds, "__len__") and all(kind in GLYPHS for kind in kinds)
    if not known or not 0 < len(set(kinds)) == len(kinds):
        raise ValueError(f"kinds must be one or more of {list(GLYPHS)}, each once, got {kinds!r}")
    if shift not in (0, 1):
        raise ValueError(f"shift must be 0 or 1, got {shift}: a glyph of 6×6 pixels stands in 8×8")
    if not 0 <= real(contrast, "contrast") < 1:
        raise ValueError(f"contrast is the share of ink that can be lost, from 0 to below 1, got {contrast}")
    rng = generator(rng)
    y = np.repeat(np.arange(len(kinds)), shares(counted(n_samples, "n_samples"), len(kinds)))
    X = np.zeros((n_samples, SIDE, SIDE))
    for picture, k in zip(X, y.tolist(), strict=True):
        down, across = 1 + rng.integers(-shift, shift + 1, 2)
        picture[down : down + 6, across : across + 6] = GLYPHS[kinds[k]] * (1 - contrast * rng.random())
    return shuffled(np.clip(noisy(X, noise, rng), 0, 1).reshape(n_samples, -1), y, rng)
