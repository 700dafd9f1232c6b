"""How each medium writes names, numbers, derivatives and formulas; what is said with them stands in lines.py.

key     which number of a trace it is, for pages that fill it in themselves: "n3.data", "n3.derivative",
        "n4.0.local", "n4.0.contribution" and "n4.0.total" for the edge to operand 0 of n4; empty for a constant
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from microgrAD import formula
from microgrAD.steps import naming

LABEL = 30  # letters of a label that a line of LaTeX has room for, so that it holds several


@dataclass(frozen=True)
class Text:
    """Plain text, with the signs of mathematics."""

    digits: int = 6

    def name(self, name: str) -> str:
        return naming.as_text(name)

    def alone(self, name: str) -> str:
        """A name by itself."""
        return name

    def number(self, x: float, key: str) -> str:
        """A number by itself; `key` says which one it is."""
        written = f"{x + 0.0:.{self.digits}g}"  # -0.0 reads as 0
        return "−" + written[1:] if x < 0 else written

    def operand(self, x: float, key: str) -> str:
        """A number within a formula."""
        return self.number(x, key)

    def partial(self, of: str, by: str) -> str:
        """∂of/∂by."""
        return f"∂{self.name(of)}/∂{self.name(by)}"

    def tangent(self, of: str) -> str:
        """The derivative of a node along a direction."""
        return f"d{self.name(of)}"

    def formula(self, text: str, names: Mapping[str, str], *, first: bool = True) -> str:
        return formula.text(text, names, first=first)


class Latex(Text):
    """LaTeX's mathematics mode."""

    def label(self, text: str) -> str:
        """A label that is no symbol, within \\text."""
        return naming.escape(naming.abridged(text, LABEL))

    def name(self, name: str) -> str:
        return naming.as_latex(name, self.label)

    def alone(self, name: str) -> str:
        written = self.name(name)
        return rf"\text{{{self.label(name)}}}" if written.startswith(r"\text{(") else written

    def number(self, x: float, key: str) -> str:
        mantissa, _, exponent = f"{x + 0.0:.{self.digits}g}".partition("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    def operand(self, x: float, key: str) -> str:
        written = self.number(x, key)
        return rf"\left({written}\right)" if "^" in written else written

    def partial(self, of: str, by: str) -> str:
        return rf"\frac{{\partial {self.name(of)}}}{{\partial {self.name(by)}}}"

    def tangent(self, of: str) -> str:
        letter, below, subscript = self.name(of).partition("_{")
        return rf"\dot{{{letter}}}{below}{subscript}" if letter.count("{") == letter.count("}") else self.name(of) + "'"

    def formula(self, text: str, names: Mapping[str, str], *, first: bool = True) -> str:
        return formula.latex(text, names, first=first)


class Measure(Text):
    """Text about as wide as what LaTeX sets: a fraction is as wide as its wider half."""

    def name(self, name: str) -> str:
        return re.sub(r"\\[A-Za-z]+|[\\{}$_^]", "", Latex().name(name))

    def alone(self, name: str) -> str:
        return self.name(name)

    def partial(self, of: str, by: str) -> str:
        return "∂" + max(self.name(of), self.name(by), key=len)


class OnPage(Latex):
    """LaTeX for formula.translate: labels stay as they are."""

    def label(self, text: str) -> str:
        return formula.literal(text)


class Slots(OnPage):
    r"""LaTeX for formula.translate with places in place of numbers: \slot{key} alone, \operand{key} in a formula.

    A page fills both, the second with parentheses around a negative number.
    """

    def number(self, x: float, key: str) -> str:
        return rf"\slot{{{key}}}" if key else super().number(x, key)

    def operand(self, x: float, key: str) -> str:
        return rf"\operand{{{key}}}" if key else super().operand(x, key)
