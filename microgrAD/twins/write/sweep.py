"""The backward pass of a graph as lines of code, for a library without derivatives.

d_v      the derivative of the root by the node v
out      an operation's own value
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from microgrAD.compiler.program import simplify
from microgrAD.graph import backward_order
from microgrAD.operators import Value
from microgrAD.ops import OPS, Op
from microgrAD.twins.write.graphs import Lines
from microgrAD.twins.write.identifiers import free
from microgrAD.twins.write.pages import assigned, function, returned
from microgrAD.twins.write.wording import added, code, constant, name, number

_INLINE = 40  # letters of a derivative that is written where it is used; a longer one becomes a function


class Sweep:
    """The lines of the backward pass; `called` is the name of each node's derivative."""

    def __init__(self, lines: Lines) -> None:
        self.lines, used = lines, {*lines.called.values()}
        self.called: dict[Value, str] = {}
        for v, word in lines.called.items():
            self.called[v] = free(f"d_{word}", used)
            used.add(self.called[v])

    @property
    def backward(self) -> list[str]:
        """An assignment for each node, the root first."""
        shares: dict[Value, list[ast.expr]] = {}
        written = []
        for v in backward_order(self.lines.root):
            total = added(shares.pop(v, [])) if v is not self.lines.root else ast.Constant(1.0)
            written.append(assigned(self.called[v], code(total)))
            args = [self.lines.operand(arg) for arg in v.args]
            for k, arg in enumerate(v.args):
                if isinstance(arg, Value) and (share := self._share(v, args, k)) is not None:
                    shares.setdefault(arg, []).append(share)
        return written

    def _share(self, v: Value, args: Sequence[ast.expr], k: int) -> ast.expr | None:
        """Return what a node hands to its operand k: its own derivative times the local one; None for 0."""
        op, own = OPS[v.op], name(self.called[v])
        wrt, given = self._given(v, args, k)
        partial = op.computed_partials[wrt]
        assert partial is not None
        known = {arg: x for arg, tree in given.items() if (x := constant(tree)) is not None}
        match simplify.specialise(partial, known):
            case tree if simplify.is_number(tree, 0):
                return None
            case ast.BinOp(left=one, op=ast.Div(), right=divisor) if simplify.is_number(one, 1):
                return ast.BinOp(own, ast.Div(), self._written(op, wrt, divisor, given))
            case tree if constant(tree) == -1:
                return ast.UnaryOp(ast.USub(), own)
            case tree:
                return simplify.product(own, self._written(op, wrt, tree, given))

    def _given(self, v: Value, args: Sequence[ast.expr], k: int) -> tuple[int, dict[str, ast.expr]]:
        """Return which argument of the formula operand k is, and what stands for each name."""
        op = OPS[v.op]
        size = len(args) // len(op.args) if op.variadic else 1
        wrt, at = divmod(k, size)
        given = {arg: args[j * size + at] for j, arg in enumerate(op.args)}
        return wrt, {**given, "out": name(self.lines.called[v])}

    def _written(self, op: Op, wrt: int, tree: ast.expr, given: dict[str, ast.expr]) -> ast.expr:
        text = simplify.formula_of(tree)
        if (x := constant(tree)) is not None:
            return number(x)
        inline = self.lines.wording.formula(text, given)
        if len(text) <= _INLINE and " if " not in text:
            return inline
        used = [arg for arg in (*op.args, "out") if arg in simplify.names(tree)]
        return self._defined(op, wrt, text, used, given)

    def _defined(self, op: Op, wrt: int, text: str, used: list[str], given: dict[str, ast.expr]) -> ast.expr:
        """Return a call of a function for a long derivative, which the script defines once for each form."""
        helpers, base = (
            self.lines.wording.helpers,
            f"d_{op.name}" + (f"_{op.args[wrt]}" if len(op.partials) > 1 else ""),
        )
        body = code(self.lines.wording.formula(text, {arg: name(arg) for arg in used}))
        taken = {word for word in helpers if helpers[word] != function(word, used, [returned(body)])}
        word = free(base, {*taken, *self.lines.called.values(), *self.called.values()})
        helpers[word] = function(word, used, [returned(body)])
        return ast.Call(name(word), [given[arg] for arg in used], [])
