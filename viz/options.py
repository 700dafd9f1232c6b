"""Checks of the arguments that only pictures have: the Axes to draw on, and the size of a slide."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZES = {"16:9": (1280, 720), "4:3": (1024, 768), "16:10": (1280, 800), "1:1": (1080, 1080)}


def one_axes(got: Axes) -> Axes:
    """Return the argument if it is a matplotlib Axes, otherwise raise TypeError."""
    from matplotlib.axes import Axes

    if not isinstance(got, Axes):
        raise TypeError(
            f"ax takes one matplotlib Axes, got {type(got).__name__}; pass one, as plt.subplots() returns, or "
            "leave it out for a new figure"
        )
    return got


def slide_pixels(size: str | tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the (width, height) of a slide in pixels, by its name such as "16:9", or as given; None for no slide."""
    if size is None or isinstance(size, str) and size in SIZES:
        return SIZES[size] if size else None
    if isinstance(size, tuple) and len(size) == 2 and all(isinstance(n, int) and 100 <= n <= 20000 for n in size):
        return size
    raise ValueError(f"size must be one of {list(SIZES)} or (width, height) of 100 to 20000 pixels, got {size!r}")
