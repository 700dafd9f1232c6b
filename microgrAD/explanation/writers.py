"""How each medium writes names, numbers, derivatives and formulas. lines.py makes equations of them.

key     the name of a number in a trace, for pages that fill numbers in: "n3.data" and "n3.derivative" of node n3;
        "n4.0.local", "n4.0.contribution" and "n4.0.total" of the edge to operand 0 of n4; empty for a constant
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from microgrAD import formula
from microgrAD.steps import naming

LABEL = 30  # letters of a label in LaTeX; longer ones are cut, since a line holds several


@dataclass(frozen=True)
class Text:
    """Writes plain text with signs of mathematics, such as ∂ and ·."""

    digits: int = 6

    def name(self, name: str) -> str:
        return naming.as_text(name)

    def alone(self, name: str) -> str:
        """Write a name on its own."""
        return naming.plain(name)

    def words(self, text: str) -> str:
        """Write words in place of a name."""
        return text

    def number(self, x: float, key: str) -> str:
        """Write a number on its own."""
        written = f"{x + 0.0:.{self.digits}g}"  # -0.0 reads as 0
        return "−" + written[1:] if x < 0 else written

    def operand(self, x: float, key: str) -> str:
        """Write a number inside a formula."""
        return self.number(x, key)

    def partial(self, of: str, by: str) -> str:
        """Write ∂of/∂by."""
        return f"∂{self.name(of)}/∂{self.name(by)}"

    def tangent(self, of: str) -> str:
        """Write the derivative of a node along a direction."""
        return f"d{self.name(of)}"

    def indexed(self, letter: str, index: int) -> str:
        """Write a letter with a number, such as o3."""
        return f"{self.name(letter)}{index}"

    def change(self, of: str) -> str:
        """Write the step of a parameter."""
        return f"Δ{self.name(of)}"

    def arrow(self) -> str:
        """Write the sign between the nodes of a path."""
        return " → "

    def total(self, written: str) -> str:
        """Write the sum of what a letter stands for, over all rows."""
        return f"Σ {written}"

    def prime(self, written: str) -> str:
        """Write a letter's new value."""
        return f"{written}′"

    def formula(self, text: str, names: Mapping[str, str], *, first: bool = True) -> str:
        return formula.text(text, names, first=first)


class Latex(Text):
    """Writes LaTeX's mathematics mode."""

    def label(self, text: str) -> str:
        """Write a label that is no symbol, for \\text{...}."""
        return naming.escape(naming.abridged(text, LABEL))

    def name(self, name: str) -> str:
        return naming.as_latex(name, self.label)

    def alone(self, name: str) -> str:
        written = self.name(name)
        return rf"\text{{{self.label(name)}}}" if written.startswith(r"\text{(") else written

    def words(self, text: str) -> str:
        return rf"\text{{{self.quoted(text)}}}"

    def quoted(self, text: str) -> str:
        """Write a text for \\text{...}, whole."""
        return naming.escape(text)

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

    def indexed(self, letter: str, index: int) -> str:
        return f"{self.name(letter)}_{{{index}}}"

    def change(self, of: str) -> str:
        return rf"\Delta {self.name(of)}"

    def arrow(self) -> str:
        return r" \to "

    def total(self, written: str) -> str:
        return rf"\sum {written}"

    def prime(self, written: str) -> str:
        return f"{{{written}}}'" if "^" in written else f"{written}'"  # TeX allows no second index above

    def formula(self, text: str, names: Mapping[str, str], *, first: bool = True) -> str:
        return formula.latex(text, names, first=first)


class Measure(Text):
    """Writes text of about the width that LaTeX prints: a fraction is as wide as its wider half."""

    def name(self, name: str) -> str:
        return re.sub(r"\\[A-Za-z]+|[\\{}$_^]", "", Latex().name(name))

    def alone(self, name: str) -> str:
        return self.name(name)

    def partial(self, of: str, by: str) -> str:
        return "∂" + max(self.name(of), self.name(by), key=len)


class OnPage(Latex):
    """Writes LaTeX for formula.translate, with labels as they are."""

    def label(self, text: str) -> str:
        return formula.literal(text)

    def quoted(self, text: str) -> str:
        return formula.literal(text)


class Slots(OnPage):
    r"""Writes LaTeX for formula.translate with slots in place of numbers: \slot{key}, or in a formula \operand{key}.

    A page fills both. In an \operand a negative number gets parentheses.
    """

    def number(self, x: float, key: str) -> str:
        return rf"\slot{{{key}}}" if key else super().number(x, key)

    def operand(self, x: float, key: str) -> str:
        return rf"\operand{{{key}}}" if key else super().operand(x, key)
