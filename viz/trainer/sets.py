"""The data sets of the page, and the settings that each begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Set:
    """A data set: the function that makes it in Python, the limits of its noise, and settings that solve it."""

    begin: dict[str, Any] = field(default_factory=dict)  # settings that differ from those of the page
    maker: str = ""  # a function of microgrAD.datasets; empty if only the page has this set
    noise: str = "noise"  # the names of the maker's arguments for the noise and the number of classes
    classes: str = ""
    most: float = 0.5  # the end of the slider for the noise
    fixed: int = 2  # the number of classes, if the reader cannot choose it
    quantity: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the data set as plain data for the page's script."""
        python = {"name": self.maker, "noise": self.noise, "classes": self.classes} if self.maker else None
        found = {**self.begin, "most": self.most, "python": python, "quantity": self.quantity}
        return found | ({"many": True} if self.classes else {"fixed": self.fixed})


_QUANTITY: dict[str, Any] = {"loss": "squared", "noise": 0.05}
SETS: dict[str, Set] = {
    "circles": Set({"noise": 0.08}, "make_circles"),
    "xor": Set({"noise": 0.15}, "make_xor"),
    "blobs": Set({"noise": 1.0, "net": [3]}, "make_blobs", "cluster_std", "centers", most=3.0),
    "spirals": Set({"noise": 0.02, "net": [8, 8]}, "make_spirals", classes="n_classes", most=0.2),
    "moons": Set({"noise": 0.1, "net": [6]}, "make_moons"),
    "yin-yang": Set({"noise": 0.0, "net": [10, 10], "n": 900}, "make_yin_yang", fixed=3),
    "formula": Set({"noise": 0.05, "net": [6]}),
    "plane": Set({**_QUANTITY, "net": [2]}, quantity=True),
    "bumps": Set({**_QUANTITY, "net": [8, 6]}, quantity=True),
    "sine": Set({**_QUANTITY, "noise": 0.1, "net": [8], "inputs": ["x1"]}, "make_sine", quantity=True),
}
