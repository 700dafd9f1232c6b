"""How pictures look: themes with all colours, sizes of type, and the text of numbers.

The hues are those of Okabe and Ito's palette (Color Universal Design, 2008), which colour-blind readers can tell apart.
For text they are darker on paper and lighter on a dark screen, so that text has a contrast of at least 4.5 to 1 with
its background (WCAG 2.2, 1.4.3). Values are bluish green and gradients vermilion. Each also has a sign and a place of
its own, so that no reader depends on colour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from microgrAD.errors import one_of

VALUE, GRADIENT, LOCAL = "=", "∂", "×"  # the signs before a value, a gradient, a local derivative
NOTHING = "–"  # in place of a gradient that has not been computed
WAITING = "…"  # after a gradient that is not complete yet
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a picture, as #rrggbb."""

    name: str
    background: str
    ink: str  # labels
    muted: str  # legend, notes, names of clusters
    value: str
    gradient: str
    local: str  # local derivatives on edges
    edge: str
    leaf: str  # fills of boxes: inputs and parameters, results, constants, ...
    result: str
    constant: str
    leaf_line: str  # borders of boxes
    result_line: str
    root_line: str
    badge: str  # the operation's badge, and the text on it
    badge_ink: str
    cluster: str
    cluster_line: str
    active: str  # the highlight in a lesson's steps
    positive: str  # color_by="grad": the fills of the largest gradient of each sign
    negative: str
    flow_positive: str  # color_by="grad": wires
    flow_negative: str


LIGHT = Theme(
    "light",
    background="#FFFFFF",
    ink="#15191F",
    muted="#565E69",
    value="#006B4B",
    gradient="#A83600",
    local="#8C3B6C",
    edge="#6C7683",
    leaf="#FFFFFF",
    result="#F3F6F9",
    constant="#FFFFFF",
    leaf_line="#8A94A1",
    result_line="#8A94A1",
    root_line="#15191F",
    badge="#005F99",
    badge_ink="#FFFFFF",
    cluster="#F8FAFC",
    cluster_line="#C3CBD5",
    active="#E69F00",
    positive="#F9D9C3",
    negative="#C6E0F3",
    flow_positive="#D55E00",
    flow_negative="#0072B2",
)

DARK = Theme(
    "dark",
    background="#0F1318",
    ink="#F4F6F8",
    muted="#A3ADB9",
    value="#3FD6AB",
    gradient="#FF9560",
    local="#E6A3C9",
    edge="#8E99A6",
    leaf="#161C23",
    result="#202933",
    constant="#0F1318",
    leaf_line="#66727F",
    result_line="#66727F",
    root_line="#F4F6F8",
    badge="#56B4E9",
    badge_ink="#06121B",
    cluster="#12181E",
    cluster_line="#414C58",
    active="#F0E442",
    positive="#5A2D12",
    negative="#123E5C",
    flow_positive="#FF8A4C",
    flow_negative="#56B4E9",
)

PRINT = Theme(
    "print",
    background="#FFFFFF",
    ink="#000000",
    muted="#333333",
    value="#00573D",
    gradient="#8F2F00",
    local="#6E2A54",
    edge="#000000",
    leaf="#FFFFFF",
    result="#FFFFFF",
    constant="#FFFFFF",
    leaf_line="#000000",
    result_line="#000000",
    root_line="#000000",
    badge="#000000",
    badge_ink="#FFFFFF",
    cluster="#FFFFFF",
    cluster_line="#777777",
    active="#000000",
    positive="#F2D3BF",
    negative="#C9DFEE",
    flow_positive="#8F2F00",
    flow_negative="#004C7A",
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}

# Okabe and Ito's hues, in the order in which classes of data get them; each class also has its own marker
CLASSES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")  # matplotlib's names: circle, square, triangle, ...

Direction = Literal["LR", "TB"]


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a graph's picture, as the user chose it. Lengths are points (1/72 inch)."""

    theme: Theme = LIGHT
    rankdir: Direction = "LR"
    digits: int = 4  # significant digits of every number
    inline: bool = False  # whether the label and the value are on one line
    show_ops: bool = True
    show_local: bool = False
    by_gradient: bool = False  # whether colours show the sign and size of gradients
    legend: bool = True
    quantity: str = ""  # the legend's name for the derivatives; "" for the root's gradients
    signs: tuple[str, str] = ("value", "local derivative")  # the legend's names for these
    text: float = 14.0  # the size of type on the graph
    small: float = 11.0  # the size of type in legend and notes
    gap: float = 15.0  # between neighbours of a rank
    rank: float = 34.0  # between ranks


def theme(name: str | None, usual: Theme = LIGHT) -> Theme:
    """Return the theme with this name, or `usual` for None; ValueError for an unknown name."""
    return usual if name is None else THEMES[one_of(name, "theme", list(THEMES))]


def direction(rankdir: Direction | None) -> Direction | None:
    """Return a checked direction, or None if the picture may choose; ValueError for an unknown one."""
    return None if rankdir is None else one_of(rankdir, "rankdir", ["LR", "TB"])


def number(x: float, digits: int = 4) -> str:
    """Return `x` as short text: without trailing zeros, with a real minus sign, and far from 1 with a power of ten.

    >>> [number(x) for x in (2.0, -1.5, 0.70710678, 138.8338, 12345.6, -0.0)]
    ['2', '−1.5', '0.7071', '138.8', '12346', '0']
    >>> [number(x) for x in (1.7e-17, 1e300, -0.00012, 0.99999, float("inf"))]
    ['1.7e−17', '1e300', '−0.00012', '1', '∞']
    """
    if math.isnan(x):
        return "nan"
    sign = MINUS if x < 0 else ""
    if math.isinf(x):
        return sign + "∞"
    mantissa, _, power = f"{abs(x):.{digits - 1}e}".partition("e")
    exponent = int(power)  # after rounding: 0.99999 is 1e0
    if -5 < exponent < 6:
        return sign + _short(f"{abs(x):.{max(digits - 1 - exponent, 0)}f}")
    return f"{sign}{_short(mantissa)}e{str(exponent).replace('-', MINUS)}"


def digits_apart(*numbers: float) -> int:
    """Return how many digits different numbers need, so that no two of them look alike: 2, or up to 6.

    >>> digits_apart(0.5, 0.25), digits_apart(0.08, 0.0799)
    (2, 3)
    """
    different = set(numbers)
    return next((n for n in range(2, 6) if len({number(x, n) for x in different}) == len(different)), 6)


def _short(decimal: str) -> str:
    return decimal.rstrip("0").rstrip(".") if "." in decimal else decimal


def blend(color: str, base: str, share: float) -> str:
    """Return a mixture of two colours, with `share` of the first.

    >>> blend("#FF0000", "#FFFFFF", 0.5)
    '#FF8080'
    """
    mixed = (round(share * int(color[i : i + 2], 16) + (1 - share) * int(base[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)
