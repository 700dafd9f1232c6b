"""A graph as text for `parse`: what has a label, or is used twice, is a line of its own; the rest stands inside."""

from __future__ import annotations

from collections import Counter

from microgrAD.expression.parsing import CONSTANTS
from microgrAD.expression.tokens import BINARY, PREFIX
from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.ops import OPS, Op
from microgrAD.steps import naming
from microgrAD.twins.write.identifiers import free, identifier


def expression(root: Value) -> tuple[str, dict[str, float]]:
    """Return the graph's text, and the number of each input.

    >>> x, y = Value(2.0, label="x"), Value(3.0, label="y")
    >>> expression((x + y) * x)
    ('f = (x + y) * x', {'x': 2.0, 'y': 3.0})
    """
    order = topological(root)
    uses = Counter(arg for v in order for arg in v.args if isinstance(arg, Value))
    own = [v for v in order if not v.op or v.label or uses[v] > 1 or v is root]
    names = naming.names(order)
    lines = _Lines(_called(own, names))
    text = "\n".join(f"{lines.called[v]} = {lines.call(v)[0]}" for v in own if v.op)
    return text, {lines.called[v]: v.data for v in own if not v.op}


def _called(own: list[Value], names: dict[Value, str]) -> dict[Value, str]:
    """Return a name that `parse` reads for each node; an input is not named as a constant."""
    called: dict[Value, str] = {}
    for v in own:
        taken = {*called.values(), *OPS, *(CONSTANTS if not v.op else ())}
        called[v] = free(identifier(names[v]), taken)
    return called


class _Lines:
    def __init__(self, called: dict[Value, str]) -> None:
        self.called = called

    def operand(self, arg: Value | float) -> tuple[str, int]:
        """Return an operand's text, and how strongly it holds together."""
        if isinstance(arg, Value):
            return (self.called[arg], 9) if arg in self.called else self.call(arg)
        return (f"{arg:.17g}" if float(f"{arg:.15g}") != arg else f"{arg:.15g}"), 9 if arg >= 0 else PREFIX["-"][0]

    def call(self, v: Value) -> tuple[str, int]:
        op = OPS[v.op]
        args = [self.operand(arg) for arg in v.args]
        if op.sign in BINARY and len(args) == 2:
            return _infix(op.sign, *args), BINARY[op.sign][0]
        if op.python == "__neg__":
            return f"-{_held(args[0], PREFIX['-'][0])}", PREFIX["-"][0]
        return f"{op.name}({', '.join(_lists(op, [text for text, _ in args]))})", 9


def _infix(sign: str, left: tuple[str, int], right: tuple[str, int]) -> str:
    strength = BINARY[sign][0]
    from_the_right = sign == "**"
    return f"{_held(left, strength + from_the_right)} {sign} {_held(right, strength + (not from_the_right))}"


def _held(part: tuple[str, int], strength: int) -> str:
    return part[0] if part[1] >= strength else f"({part[0]})"


def _lists(op: Op, args: list[str]) -> list[str]:
    if not op.variadic:
        return args
    size = len(args) // len(op.args)
    return [f"[{', '.join(args[k : k + size])}]" for k in range(0, len(args), size)]
