"""Writes a formula as MathML, which browsers show as mathematics, by translating the LaTeX that this package writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape

from microgrAD.formula.words import latex
from microgrAD.ops import OPS

GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Xi": "Ξ",
    "Pi": "Π",
    "Sigma": "Σ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
}
# LaTeX command -> its sign, and Unicode's combining mark for it
ACCENTS = {
    "hat": ("^", "\u0302"),
    "tilde": ("~", "\u0303"),
    "bar": ("¯", "\u0304"),
    "dot": ("˙", "\u0307"),
    "ddot": ("¨", "\u0308"),
    "vec": ("→", "\u20d7"),
}
_OPERATORS = {
    "cdot": "·",
    "times": "×",
    "le": "≤",
    "ge": "≥",
    "ne": "≠",
    "wedge": "∧",
    "vee": "∨",
    "sum": "∑",
    "partial": "∂",
    "approx": "≈",
    "rightarrow": "→",
}
_FUNCTIONS = {name for op in OPS.values() for name in re.findall(r"\\([A-Za-z]+)\\left", op.latex)} - _OPERATORS.keys()
_SPACES = {"quad": "1em", "qquad": "2em", ",": "0.17em", ";": "0.28em", "!": "-0.17em"}
_IN_TEXT = {
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textquotedbl": '"',
}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S")


def mathml(formula: str, names: Mapping[str, str] | None = None) -> str:
    """Return the formula in MathML, as an <mrow>.

    Arguments:
        formula: a formula of the table.
        names: the LaTeX to write for each of its arguments, such as x_{1}; by default their own names.

    >>> mathml("x ** 2", {"x": "w"})
    '<mrow><msup><mi>w</mi><mn>2</mn></msup></mrow>'
    """
    return translate(latex(formula, names or {}))


def translate(source: str) -> str:
    r"""Return MathML, as an <mrow>, for mathematics in LaTeX.

    \slot{key} becomes an empty <mn data-slot="key">, which a page fills in. \operand{key} becomes one of class
    "operand", in which the page writes a negative number in parentheses.

    Raises: ValueError for LaTeX that this package does not write itself.
    """
    return _row(_Reader(source).items())


def literal(text: str) -> str:
    r"""Return a text for \text{...} in `translate`. Browsers have letters of all scripts, so each one is kept."""
    return re.sub(r"[\\{}]", r"\\\g<0>", text)


def _row(items: list[str]) -> str:
    return f"<mrow>{''.join(items)}</mrow>"


def _one(items: list[str]) -> str:
    """Return several items as one."""
    return items[0] if len(items) == 1 else _row(items)


class _Reader:
    """Reads LaTeX from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def peek(self) -> str:
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1
        found = _TOKEN.match(self.source, self.at)
        return found[0] if found else ""

    def next(self) -> str:
        token = self.peek()
        self.at += len(token)
        return token

    def items(self, *ends: str) -> list[str]:
        """Read all items up to one of the tokens in `ends`, which itself is not read."""
        found: list[str] = []
        while (token := self.peek()) and token not in ends:
            self.next()
            if token in ("^", "_"):
                if not found:
                    raise ValueError(f"{token} follows nothing in {self.source!r}")
                found.append(self.scripts(found.pop(), token))
            elif token == "-" and (not found or found[-1].startswith("<mo")):
                found.append('<mo form="prefix">−</mo>')
            else:
                found.append(self.item(token))
        if ends and not token:
            raise ValueError(f"{' or '.join(ends)} is missing in {self.source!r}")
        return found

    def scripts(self, base: str, first: str) -> str:
        marks = {first: self.group()}
        if self.peek() in {"^", "_"} - {first}:
            second = self.next()
            marks[second] = self.group()
        below, above = marks.get("_"), marks.get("^")
        if below and above:
            return f"<msubsup>{base}{below}{above}</msubsup>"
        return f"<msub>{base}{below}</msub>" if below else f"<msup>{base}{above}</msup>"

    def group(self) -> str:
        """Read what is in braces, or one token, as one item."""
        if (token := self.next()) != "{":
            return self.item(token)
        found = _one(self.items("}"))
        self.next()
        return found

    def item(self, token: str) -> str:
        if token.startswith("\\"):
            return self.command(token[1:])
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token == "{":
            found = _row(self.items("}"))
            self.next()
            return found
        if token.isalpha():
            return f"<mi>{token}</mi>"
        return _operator("−" if token == "-" else token)

    def command(self, name: str) -> str:
        if name in self.commands:
            return self.commands[name](self)
        if name in ACCENTS:
            return f"<mover>{self.group()}<mo>{ACCENTS[name][0]}</mo></mover>"
        if name in GREEK:
            return f"<mi>{GREEK[name]}</mi>"
        if name in _FUNCTIONS:
            return f"<mi>{name}</mi>"
        if name in _OPERATORS:
            return _operator(_OPERATORS[name])
        if name in _SPACES:
            return f'<mspace width="{_SPACES[name]}"></mspace>'
        raise ValueError(f"no MathML for \\{name} in {self.source!r}")

    def fraction(self) -> str:
        return f"<mfrac>{self.group()}{self.group()}</mfrac>"

    def root(self) -> str:
        return f"<msqrt>{self.group()}</msqrt>"

    def word(self) -> str:
        return f"<mi>{escape(self.plain())}</mi>"

    def words(self) -> str:
        return f"<mtext>{escape(self.plain())}</mtext>"

    def slot(self) -> str:
        return f'<mn data-slot="{escape(self.plain())}"></mn>'

    def operand(self) -> str:
        return f'<mn class="operand" data-slot="{escape(self.plain())}"></mn>'

    def brackets(self) -> str:
        opening = self.next()
        inside = self.items("\\right")
        self.next()
        return _row([_operator(opening), *inside, _operator(self.next())])

    def table(self) -> str:
        """Read an environment: two backslashes end a row, an ampersand ends a cell."""
        kind = self.plain()
        rows: list[list[str]] = [[]]
        while True:
            rows[-1].append(f"<mtd>{''.join(self.items('&', chr(92) * 2, chr(92) + 'end'))}</mtd>")
            end = self.next()
            if end == "\\end":
                break
            if end != "&":
                rows.append([])
        if self.plain() != kind:
            raise ValueError(f"{kind} does not end in {self.source!r}")
        body = "".join(f"<mtr>{''.join(row)}</mtr>" for row in rows)
        left = _operator("{") if kind == "cases" else ""
        return f'<mrow>{left}<mtable class="{escape(kind)}">{body}</mtable></mrow>'

    def plain(self) -> str:
        """Read the text in braces, with its escaped characters as they are shown."""
        if self.next() != "{":
            raise ValueError(f"a text needs braces in {self.source!r}")
        return "".join(self._characters())

    def _characters(self) -> Iterator[str]:
        depth = 0
        while self.at < len(self.source):
            token = _PLAIN.match(self.source, self.at)
            assert token
            self.at = token.end()
            match token[0]:
                case "{":
                    depth += 1
                case "}":
                    depth -= 1
                    if depth < 0:
                        return
                case command if command.startswith("\\"):
                    yield _IN_TEXT.get(command[1:], command[1:])
                case character:
                    yield character
        raise ValueError(f"a text does not end in {self.source!r}")

    commands: Mapping[str, Callable[[_Reader], str]] = {
        "frac": fraction,
        "sqrt": root,
        "mathrm": word,
        "mathit": word,
        "text": words,
        "slot": slot,
        "operand": operand,
        "left": brackets,
        "begin": table,
    }


_PLAIN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)


def _operator(sign: str) -> str:
    """Return a sign. Browsers stretch brackets to the height of what they enclose."""
    return f"<mo>{escape(sign)}</mo>"
