"""What eyes see: contrast by WCAG 2.2, and colours as colour-blind readers see them (Machado et al. 2009)."""

from __future__ import annotations

import math

# Machado, Oliveira & Fernandes 2009, table of the full severity, on linear RGB
BLINDNESS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_D65 = (0.95047, 1.0, 1.08883)


def linear(color: str) -> tuple[float, ...]:
    """#rrggbb in linear light, from 0 to 1."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    luminances = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True)) for color in (a, b)
    )
    return (luminances[1] + 0.05) / (luminances[0] + 0.05)


def seen(color: str, blindness: str) -> tuple[float, ...]:
    """A colour as such a reader sees it, in linear light."""
    rgb = linear(color)
    return tuple(min(max(sum(w * c for w, c in zip(row, rgb, strict=True)), 0.0), 1.0) for row in BLINDNESS[blindness])


def lab(rgb: tuple[float, ...]) -> tuple[float, ...]:
    """Linear light in CIELAB."""
    rows = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    xyz = (sum(w * c for w, c in zip(row, rgb, strict=True)) / white for row, white in zip(rows, _D65, strict=True))
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(a: str, b: str, blindness: str | None = None) -> float:
    """How far apart two colours are in CIELAB (CIE76): 2.3 is just noticeable."""
    return math.dist(*(lab(seen(c, blindness) if blindness else linear(c)) for c in (a, b)))
