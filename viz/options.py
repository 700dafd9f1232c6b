"""The options that pictures share: checked, with an error that says what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from matplotlib.axes import Axes

T = TypeVar("T")
SIZES = {"16:9": (1280, 720), "4:3": (1024, 768), "16:10": (1280, 800), "1:1": (1080, 1080)}


def one_of(name: str, got: T, choices: Sequence[object]) -> T:
    """`got`, if it is one of the choices."""
    if got not in choices:
        raise ValueError(f"{name} must be one of {list(choices)}, got {got!r}")
    return got


def between(name: str, got: float, low: float, high: float) -> float:
    """`got`, if it is a number within the limits."""
    if isinstance(got, bool) or not isinstance(got, (int, float)) or not low <= got <= high:
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}, got {got!r}")
    return got


def whole_digits(digits: int) -> int:
    """A number of significant digits."""
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= 17:
        raise ValueError(f"digits must be a whole number from 1 to 17, got {digits!r}")
    return digits


def words(name: str, got: str) -> str:
    """`got`, if it is a text."""
    if not isinstance(got, str):
        raise TypeError(f"{name} takes a text, got {type(got).__name__} {got!r}; pass str(...)")
    return got


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
