"""Writing a formula for readers: as plain text and as LaTeX."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from microgrAD.formula.reading import read
from microgrAD.ops import OPS

_NONE: Mapping[str, str] = {}
_CHOICE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(6)  # precedence, lowest first
_STRENGTH: dict[type[ast.operator], int] = {ast.Add: _SUM, ast.Sub: _SUM, ast.Mult: _PRODUCT, ast.Div: _PRODUCT}
_COMPARE: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<"),
    ast.LtE: ("≤", r"\le"),
    ast.Gt: (">", ">"),
    ast.GtE: ("≥", r"\ge"),
    ast.Eq: ("=", "="),
    ast.NotEq: ("≠", r"\ne"),
}
_SCIENTIFIC = re.compile(r"[\d.]+e[+-]?\d+")  # 1e-05 squared is (1e-05)²
_SUPERSCRIPT = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def text(formula: str, names: Mapping[str, str] = _NONE, *, first: bool = True) -> str:
    """Return the formula as plain text, for a terminal.

    Arguments:
        formula: a formula of the table, such as "x ** 2".
        names: what to write for each of its arguments; by default their own names.
        first: False if the formula follows a plus sign. A sign or a condition then gets parentheses.
    """
    return _Text(names).write(read(formula), _CHOICE if first else _SUM, first=first)


def latex(formula: str | ast.expr, names: Mapping[str, str] = _NONE, *, first: bool = True) -> str:
    """Return the formula, given as text or as a tree, in LaTeX's mathematics mode. Arguments as for `text`."""
    tree = read(formula) if isinstance(formula, str) else formula
    return _Latex(names).write(tree, _CHOICE if first else _SUM, first=first)


class _Text:
    """Writes an expression with as few parentheses as precedence allows."""

    open, close, times, minus = "(", ")", "·", "−"
    either, otherwise = " if ", ", else "
    comparison = 0
    conjunction = {ast.And: " and ", ast.Or: " or "}

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def write(self, node: ast.expr, around: int = _CHOICE, *, first: bool = True) -> str:
        """Write an expression, in parentheses if its precedence is lower than `around`."""
        written, strength = self._write(node, first)
        return written if strength >= around else self.open + self._write(node, True)[0] + self.close

    def _write(self, node: ast.expr, first: bool) -> tuple[str, int]:
        """Return an expression and its precedence. Unless it is `first`, a leading sign gets parentheses."""
        match node:
            case ast.Constant(value=value):
                return self.number(value), _ATOM
            case ast.Name(id=name):
                return self._signed(*self.name(name), first)
            case ast.UnaryOp(operand=operand):
                return self._signed(self.minus + self.write(operand, _PRODUCT, first=False), _SIGN, first)
            case ast.BinOp():
                return self._binary(node, first)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.call(name, ", ".join(map(self.write, args))), _ATOM
            case ast.Compare():
                return self._compare(node), _SUM
            case ast.BoolOp(op=op, values=terms):
                inner = _CHOICE if isinstance(op, ast.Or) else _SUM
                return self.conjunction[type(op)].join(self.write(t, inner) for t in terms), _CHOICE
            case ast.IfExp():
                return self.choice(node), _CHOICE
        raise AssertionError(ast.dump(node))

    def _signed(self, written: str, strength: int, first: bool) -> tuple[str, int]:
        return (written, strength) if first or strength != _SIGN else (self.open + written + self.close, _ATOM)

    def _binary(self, node: ast.BinOp, first: bool) -> tuple[str, int]:
        if isinstance(node.op, ast.Pow):
            return self.power(node.left, node.right), _POWER
        if isinstance(node.op, ast.Div):
            return self.fraction(node.left, node.right, first)
        strength = _STRENGTH[type(node.op)]
        sign = {ast.Add: " + ", ast.Sub: f" {self.minus} ", ast.Mult: f" {self.times} "}[type(node.op)]
        # a - (b - c) and a * (b / c) need their parentheses
        needed = (
            isinstance(node.op, ast.Sub) or isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Div)
        )
        right = strength + (1 if needed else 0)
        return (
            self.write(node.left, strength, first=first) + sign + self.write(node.right, right, first=False)
        ), strength

    def _compare(self, node: ast.Compare) -> str:
        written = self.write(node.left, _SUM)
        for op, term in zip(node.ops, node.comparators, strict=True):
            written += f" {_COMPARE[type(op)][self.comparison]} {self.write(term, _SUM)}"
        return written

    def number(self, value: object) -> str:
        assert isinstance(value, (int, float))
        return f"{value:.12g}"

    def name(self, name: str) -> tuple[str, int]:
        if name in self.names:
            return self.renamed(name)
        return self.symbol(name), _ATOM

    def renamed(self, name: str) -> tuple[str, int]:
        written = self.names[name]
        if written.startswith(("-", "−")):
            return written, _SIGN
        return written, _POWER if _SCIENTIFIC.fullmatch(written) else _ATOM

    def symbol(self, name: str) -> str:
        return "π" if name == "pi" else name

    def call(self, name: str, args: str) -> str:
        template = OPS[name].text if name in OPS else ""
        return (template or name + "({})").format(args)

    def fraction(self, top: ast.expr, bottom: ast.expr, first: bool) -> tuple[str, int]:
        return f"{self.write(top, _PRODUCT, first=first)} / {self.write(bottom, _POWER, first=False)}", _PRODUCT

    def power(self, base: ast.expr, exponent: ast.expr) -> str:
        low = self.write(base, _ATOM)
        high = self.write(exponent)
        if high.lstrip("-−").isdecimal():
            return low + high.translate(_SUPERSCRIPT)
        return f"{low}^{self.write(exponent, _ATOM)}"

    def choice(self, node: ast.IfExp) -> str:
        return (
            self.write(node.body, _SUM) + self.either + self.write(node.test) + self.otherwise + self.write(node.orelse)
        )


class _Latex(_Text):
    open, close, times, minus = r"\left(", r"\right)", r"\cdot", "-"
    comparison = 1
    conjunction = {ast.And: r" \wedge ", ast.Or: r" \vee "}

    def symbol(self, name: str) -> str:
        if name == "pi":
            return r"\pi"
        return name if len(name) == 1 else r"\mathrm{" + name.replace("_", r"\_") + "}"

    def number(self, value: object) -> str:
        mantissa, _, exponent = super().number(value).partition("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa

    def call(self, name: str, args: str) -> str:
        template = OPS[name].latex if name in OPS else ""
        return (template or rf"\mathrm{{{{{name}}}}}\left({{}}\right)").format(args)

    def fraction(self, top: ast.expr, bottom: ast.expr, first: bool) -> tuple[str, int]:
        return rf"\frac{{{self.write(top)}}}{{{self.write(bottom)}}}", _POWER

    def power(self, base: ast.expr, exponent: ast.expr) -> str:
        low = self.write(base, _ATOM)
        if "^" in low and not low.endswith(r"\right)"):  # TeX allows one superscript only
            low = self.open + low + self.close
        return f"{low}^{{{self.write(exponent)}}}"

    def choice(self, node: ast.IfExp) -> str:
        rows: list[str] = []
        rest: ast.expr = node
        while isinstance(rest, ast.IfExp):
            rows.append(rf"{self.write(rest.body)} & {self.write(rest.test)}")
            rest = rest.orelse
        rows.append(rf"{self.write(rest)} & \text{{otherwise}}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
