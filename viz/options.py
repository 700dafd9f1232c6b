"""The choices that only pictures have, checked: the Axes to draw on, and a slide's size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZES = {"16:9": (1280, 720), "4:3": (1024, 768), "16:10": (1280, 800), "1:1": (1080, 1080)}


def one_axes(got: Axes) -> Axes:
    """`got`, if it is a matplotlib Axes."""
    from matplotlib.axes import Axes

    if not isinstance(got, Axes):
        raise TypeError(
            f"ax takes one matplotlib Axes, got {type(got).__name__}; pass one as of plt.subplots(), or "
            "leave it out for a new figure"
        )
    return got


def slide_pixels(size: str | tuple[int, int] | None) -> tuple[int, int] | None:
    """The pixels of a slide, by its name or as they are; None for none."""
    if size is None or isinstance(size, str) and size in SIZES:
        return SIZES[size] if size else None
    if isinstance(size, tuple) and len(size) == 2 and all(isinstance(n, int) and 100 <= n <= 20000 for n in size):
        return size
    raise ValueError(f"size must be one of {list(SIZES)} or (width, height) of 100 to 20000 pixels, got {size!r}")
