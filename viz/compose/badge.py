"""The text on an operation's badge: its symbol in the table, with the operands that are plain numbers."""

from __future__ import annotations

from microgrAD.ops import OPS
from viz.style import MINUS, number

_RAISED = {"x": "ˣ", "y": "ʸ"}  # the letters of a symbol such as xʸ
_DIGITS = str.maketrans("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def badge(name: str, plain: tuple[float | None, ...] = (), digits: int = 4) -> str:
    """Return an operation's symbol with the operands in `plain`, which holds None for operands that are Values.

    >>> [badge(op.name, (None, 3.0)) for op in OPS.values() if op.python and len(op.args) == 2]
    ['+ 3', '− 3', '× 3', '÷ 3', 'x³']
    >>> [badge(op.name, (0.5, None)) for op in OPS.values() if op.python and len(op.args) == 2]
    ['0.5 +', '0.5 −', '0.5 ×', '0.5 ÷', '0.5ʸ']
    """
    op = OPS[name]
    if op.variadic:
        return op.symbol
    given = {
        arg: number(x, digits)
        for arg, x in zip(op.args, plain, strict=False)
        if x is not None and op.constants.get(arg) != x
    }
    if not given:
        return op.symbol
    if set(op.symbol) & set(_RAISED.values()):
        return _raised(op.symbol, given)
    if op.python and len(op.args) == 2:
        before, after = (given.get(arg, "") for arg in op.args)
        after = f"({after})" if after.startswith(MINUS) else after
        return f"{before} {op.symbol} {after}".strip()
    return f"{op.symbol}({', '.join(given.get(arg, '·') for arg in op.args)})"


def _raised(symbol: str, given: dict[str, str]) -> str:
    """Return a symbol such as xʸ with numbers for its letters: whole exponents are raised, others follow ^."""
    for arg, written in given.items():
        whole = written.removeprefix("−").isdigit()
        symbol = symbol.replace(arg, written)
        symbol = symbol.replace(_RAISED[arg], written.translate(_DIGITS) if whole else f"^{written}")
    return symbol
