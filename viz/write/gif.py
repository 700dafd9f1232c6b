"""Frames as an animated GIF, with one palette for all. A frame after the first stores only its changes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[np.int32]]

COLORS = 64  # in the palette of all frames
SHADES = 256  # in the palette of frames with gradual colours


def write(frames: Sequence[Pixels], *, seconds: float, hold: float, shaded: bool = False) -> bytes:
    """Return an animated GIF.

    Arguments:
        frames: the pixels of each frame, (height, width), as numbers 0xRRGGBB.
        seconds: how long each frame is shown.
        hold: how many seconds the last frame is shown.
        shaded: whether colours are gradual; then similar ones become one, so that the palette has room for all hues.
    """
    if shaded:
        frames = [frame & 0xF8F8F8 | frame >> 5 & 0x070707 for frame in frames]
    first, *others = _reduced(frames, SHADES if shaded else COLORS)
    durations = [round(1000 * seconds)] * len(others) + [round(1000 * hold)]
    buffer = io.BytesIO()
    first.save(
        buffer, "GIF", save_all=True, append_images=others, duration=durations, loop=0, optimize=True, disposal=1
    )
    return buffer.getvalue()


def pixels(png: bytes) -> Pixels:
    """Return the pixels of a PNG, (height, width), as numbers 0xRRGGBB."""
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        channels = np.asarray(image.convert("RGB"), dtype=np.int32)
    return np.asarray(channels @ np.array([65536, 256, 1], dtype=np.int32))


def _reduced(frames: Sequence[Pixels], count: int) -> list[Image]:
    """Return the frames in the colours that they use most. These include the theme's colours, unchanged."""
    import numpy as np
    from PIL import Image

    found = [np.unique(frame, return_inverse=True, return_counts=True) for frame in frames]
    colors, places = np.unique(np.concatenate([used for used, _, _ in found]), return_inverse=True)
    often = np.bincount(places, weights=np.concatenate([counts for _, _, counts in found]))
    palette = _channels(colors[np.argsort(-often, kind="stable")[:count]])
    images = []
    for used, inverse, _ in found:
        away = ((_channels(used)[:, None] - palette[None]) ** 2).sum(axis=2)
        image = Image.fromarray(away.argmin(axis=1)[inverse].reshape(frames[0].shape).astype(np.uint8))
        image.putpalette(palette.astype(np.uint8).tobytes())
        images.append(image)
    return images


def _channels(colors: Pixels) -> Pixels:
    import numpy as np

    return np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=1)
