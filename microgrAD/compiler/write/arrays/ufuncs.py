"""Writing a formula as calls of NumPy's functions, each into a buffer, so that nothing is allocated."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import numpy as np

from microgrAD.compiler.program import simplify
from microgrAD.compiler.program.functions import functions
from microgrAD.compiler.program.tensors import Rows
from microgrAD.compiler.write.arrays.conditions import is_safe, mentions, opposite
from microgrAD.compiler.write.arrays.source import BEFORE, VALUES, Code, Source
from microgrAD.compiler.write.arrays.tails import tails

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.USub: "negative",
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}


class Writer:
    """Writes expressions over operands, whose results have some shape of lines."""

    def __init__(self, source: Source, shape: tuple[int, ...], operands: Mapping[str, Rows]) -> None:
        self.source, self.size, self.operands = source, ", ".join(map(str, shape)), operands
        self.names = {name: source.operand(rows) for name, rows in operands.items()}

    def into(self, out: str, tree: ast.expr) -> None:
        """Write `out = tree`."""
        self._assign(tree, Code(out, True))

    def _drop(self, code: Code) -> None:
        """Give the buffer of a value back; operands, numbers and kept conditions stay."""
        self.source.free(self.size, code)

    # ------------------------------------------------------------------------------------------ expressions

    def _write(self, tree: ast.expr, out: str = "") -> Code:
        match tree:
            case ast.Name(id=name):
                return self.names[name]
            case ast.Constant(value=value):
                return Code(repr(value), False)
            case ast.UnaryOp(op=op, operand=operand):
                return self._call(_OPERATORS[type(op)], [operand], out)
            case ast.BinOp(left=left, op=op, right=right):
                chosen = self._product(left, right, out) if isinstance(op, ast.Mult) else None
                return chosen or self._call(_OPERATORS[type(op)], [left, right], out)
            case ast.Compare(left=left, ops=[test], comparators=[right]):  # as numbers 0 and 1
                return self._call(_COMPARE[type(test)], [left, right], out)
            case ast.Call(func=ast.Name(id=name), args=[test, a, b]) if name == simplify.WHERE:
                return self._choice(test, a, b, out)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._function(name, args, out)
        raise AssertionError(ast.dump(tree))

    def _function(self, name: str, args: list[ast.expr], out: str) -> Code:
        if name == simplify.POWER and simplify.is_number(args[1], 2):
            return self._call("square", args[:1], out)
        if isinstance(functions[name], np.ufunc):
            return self._call(name, args, out)
        codes = [self._write(arg) for arg in args]
        target = Code(out, True) if out else self.source.take(self.size, any(code.wide for code in codes))
        self.source.line(f"{target.text}[...] = {name}({', '.join([code.text for code in codes])})")
        for code in codes:
            self._drop(code)
        return target

    def _call(self, ufunc: str, args: list[ast.expr], out: str) -> Code:
        codes, place = [], "" if out and any(code.text == out for code in self.names.values()) else out
        for arg in args:  # the first operand that has to be computed goes where the result will be
            codes.append(self._write(arg, place if place and self._wide(arg) else ""))
            place = "" if codes[-1].text == place else place
        for code in codes:  # the result may go where an operand was
            if code.text != out:  # which is not ours to give back
                self._drop(code)
        target = Code(out, True) if out else self.source.take(self.size, any(code.wide for code in codes))
        self._apply(ufunc, codes, target.text)
        return target

    def _apply(self, ufunc: str, codes: list[Code], out: str) -> None:
        self.source.line(f"{ufunc}({', '.join([code.text for code in codes])}, out={out})")

    # ------------------------------------------------------------------------------------------ choices

    def _product(self, a: ast.expr, b: ast.expr, out: str) -> Code | None:
        """a · (1 if c else 0), without the choice; None where there is none."""
        for factor, other in ((b, a), (a, b)):
            match factor:
                case ast.Call(func=ast.Name(id=name), args=[test, one, zero]) if name == simplify.WHERE:
                    if (
                        simplify.is_number(one, 1)
                        and simplify.is_number(zero, 0)
                        or (simplify.is_number(one, 0) and simplify.is_number(zero, 1))
                    ):
                        return self._masked(test if simplify.is_number(one, 1) else opposite(test), other, out)
        return None

    def _masked(self, test: ast.expr, other: ast.expr, out: str) -> Code:
        mask = self._mask(test)
        code = self._write(other)
        self._drop(code)
        target = Code(out, True) if out else self.source.take(self.size, mask.wide or code.wide)
        self._apply("multiply", [code, mask], target.text)
        return target

    def _choice(self, test: ast.expr, a: ast.expr, b: ast.expr, out: str) -> Code:
        """a where the test holds, else b; both are computed unless one look says that a will do."""
        if simplify.is_number(b, 0) and is_safe(a):
            if simplify.is_number(a, 1):
                return self._mask(test)
            if simplify.code(test) == f"{simplify.code(a)} > {simplify.code(b)}":
                return self._call("maximum", [a, b], out)
            if self.source.section not in VALUES:  # a product with 0 may be -0.0, which atan2 of a value would see
                return self._masked(test, a, out)
        if simplify.is_number(a, 0) and is_safe(b):
            return self._choice(opposite(test), b, a, out)
        wide = self._wide(test, a, b)
        target = Code(out, True) if out else self.source.take(self.size, wide)
        if mend := tails(test, b):
            self._assign(a, target)
            helper = self.source.helper("mend", f"{', '.join(mend[0])}, result", mend[1])
            self.source.line(f"{helper}({', '.join([self.names[name].text for name in mend[0]])}, {target.text})")
        else:
            self._select(test, a, b, target)
        return target

    def _assign(self, tree: ast.expr, target: Code) -> None:
        code = self._write(tree, target.text)
        if code.text != target.text:
            self.source.line(f"{target.text}[...] = {code.text}")
            self._drop(code)

    def _select(self, test: ast.expr, a: ast.expr, b: ast.expr, target: Code) -> None:
        codes = [self._write(test), self._write(a), self._write(b)]
        self.source.line(f"{target.text}[...] = where({', '.join([code.text for code in codes])})")
        for code in codes:
            self._drop(code)

    def _mask(self, test: ast.expr) -> Code:
        """A condition as numbers 0 and 1, computed once and kept."""
        operands = {name: rows for name, rows in self.operands.items() if mentions((test,), name)}
        key, masks = (simplify.code(test), tuple(operands.items())), self.source.masks
        if key in masks and masks[key][1] in BEFORE[self.source.section]:
            return masks[key][0]
        wide = any(rows.batched for rows in operands.values())
        mask = Code(self.source.keep(self.size, wide), wide)
        self._assign(test, mask)
        masks[key] = mask, self.source.section
        return mask

    def _wide(self, *trees: ast.expr) -> bool:
        return any(code.wide and mentions(trees, name) for name, code in self.names.items())
