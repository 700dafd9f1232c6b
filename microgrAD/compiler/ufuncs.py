"""Writing a formula as calls of NumPy's functions, each into a buffer, so that nothing is allocated."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping

import numpy as np

from microgrAD.compiler import simplify
from microgrAD.compiler.conditions import beyond, bounds, is_safe, mentions, opposite
from microgrAD.compiler.runtime import functions
from microgrAD.compiler.source import BEFORE, Code, Source

_OPERATORS: dict[type[ast.AST], str] = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide",
                                        ast.USub: "negative"}
_COMPARE: dict[type[ast.cmpop], str] = {ast.Gt: "greater", ast.GtE: "greater_equal", ast.Lt: "less",
                                        ast.LtE: "less_equal", ast.Eq: "equal", ast.NotEq: "not_equal"}


class Writer:
    """Writes expressions over operands of `size` lines."""

    def __init__(self, source: Source, size: int, names: Mapping[str, Code]) -> None:
        self.source, self.size, self.names = source, str(size), names
        self.masks: dict[str, tuple[Code, str]] = {}        # conditions as numbers 0 and 1, and where they are computed

    def into(self, out: str, tree: ast.expr) -> None:
        """Write `out = tree`."""
        self._assign(tree, Code(out, True))

    def value(self, tree: ast.expr) -> Code:
        """Write what computes `tree`, and give where it is: an operand or a buffer, to be given back by `drop`."""
        return self._write(tree)

    def drop(self, code: Code) -> None:
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
            case ast.Compare():
                return self._condition(tree)
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
        result = self.source.name("v")
        self.source.line(f"{result} = {name}({', '.join([code.text for code in codes])})")
        for code in codes:
            self.drop(code)
        return Code(result, any(code.wide for code in codes))

    def _call(self, ufunc: str, args: list[ast.expr], out: str) -> Code:
        codes, place = [], "" if any(code.text == out for code in self.names.values()) else out
        for arg in args:            # the first operand that has to be computed goes where the result will be
            codes.append(self._write(arg, place if self._wide(arg) else ""))
            place = "" if codes[-1].text == place else place
        for code in codes:          # the result may go where an operand was
            self.drop(code)
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
                    if simplify.is_number(one, 1) and simplify.is_number(zero, 0) or (
                            simplify.is_number(one, 0) and simplify.is_number(zero, 1)):
                        return self._masked(test if simplify.is_number(one, 1) else opposite(test), other, out)
        return None

    def _masked(self, test: ast.expr, other: ast.expr, out: str) -> Code:
        mask = self._mask(test)
        code = self._write(other)
        self.drop(code)
        target = Code(out, True) if out else self.source.take(self.size, mask.wide or code.wide)
        self._apply("multiply", [code, mask], target.text)
        return target

    def _choice(self, test: ast.expr, a: ast.expr, b: ast.expr, out: str) -> Code:
        """a where the test holds, else b; both are computed unless one look says that a will do."""
        if simplify.is_number(b, 0) and is_safe(a):
            return self._mask(test) if simplify.is_number(a, 1) else self._masked(test, a, out)
        if simplify.is_number(a, 0) and is_safe(b):
            return self._choice(opposite(test), b, a, out)
        wide = self._wide(test, a, b)
        target = Code(out, True) if out else self.source.take(self.size, wide)
        between = bounds(test)
        if not between:
            self._select(test, a, b, target)
            return target
        self._assign(a, target)
        kept, (low, name, high) = dict(self.masks), between
        x = self.names[name].text       # the place of the least, and the number there: faster than min()
        self.source.line(f"if not ({x}.item({x}.argmin()) > {low!r} and {x}.item({x}.argmax()) < {high!r}):")
        with _Indented(self.source):
            self._mend(beyond(*between), b, target)
        self.masks = kept           # those of one branch are not there after the other
        return target

    def _mend(self, missed: ast.expr, b: ast.expr, target: Code) -> None:
        """Write b over those numbers of `target` that are missed, which are few as a rule."""
        where, names = self.source.name("i"), {}
        self.source.line(f"{where} = {self._condition(missed).text}.ravel().nonzero()[0]")
        for name, code in self.names.items():
            if mentions((b,), name):
                names[name] = self.source.name("x")
                self.source.line(f"{names[name]} = taken({code.text}, {where}, {target.text}.shape)")
        for name, short in names.items():
            b = simplify.rename(b, name, short)
        self.source.line(f"{target.text}.put({where}, {ast.unparse(self._shared(b))})")

    def _shared(self, tree: ast.expr) -> ast.expr:
        """The expression with each call that it makes several times in a line before it, and squares as such."""
        calls = Counter(ast.unparse(part) for part in ast.walk(tree) if isinstance(part, ast.Call))
        again = {text: self.source.name("s") for text, count in calls.items() if count > 1}
        spelled = _Spelled(again)
        for text, name in sorted(again.items(), key=lambda item: len(item[0])):     # what is inside comes first
            inner = ast.parse(text, mode="eval").body
            self.source.line(f"{name} = {ast.unparse(spelled.generic_visit(inner))}")
        return spelled.visit(simplify.copied(tree))  # type: ignore[no-any-return]

    def _assign(self, tree: ast.expr, target: Code) -> None:
        code = self._write(tree, target.text)
        if code.text != target.text:
            self.source.line(f"{target.text}[...] = {code.text}")
            self.drop(code)

    def _select(self, test: ast.expr, a: ast.expr, b: ast.expr, target: Code) -> None:
        condition, first, second = self._condition(test), self._write(a), self._write(b)
        self.source.line(f"{target.text}[...] = where({condition.text}, {first.text}, {second.text})")
        self.drop(first)
        self.drop(second)

    def _mask(self, test: ast.expr) -> Code:
        """A condition as numbers 0 and 1, computed once and kept."""
        operands = {name: code for name, code in self.names.items() if mentions((test,), name)}
        key = simplify.code(test)
        if key in self.masks and self.masks[key][1] in BEFORE[self.source.section]:
            return self.masks[key][0]
        wide = any(code.wide for code in operands.values())
        mask = Code(self.source.keep(self.size, wide), wide)
        match test:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                codes = [self._write(left), self._write(right)]
                self._apply(_COMPARE[type(op)], codes, mask.text)
                for code in codes:
                    self.drop(code)
            case _:
                self.source.line(f"{mask.text}[...] = {self._condition(test).text}")
        self.masks[key] = mask, self.source.section
        return mask

    def _condition(self, test: ast.expr) -> Code:
        """A condition as code that gives an array of booleans."""
        match test:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                codes, name = [self._write(left), self._write(right)], _COMPARE[type(op)]
            case ast.Call(func=ast.Name(id=name), args=args):
                codes = [self._condition(arg) for arg in args]
            case _:
                raise AssertionError(ast.dump(test))
        result = self.source.name("c")
        self.source.line(f"{result} = {name}({', '.join([code.text for code in codes])})")
        for code in codes:
            self.drop(code)
        return Code(result, any(code.wide for code in codes))

    def _wide(self, *trees: ast.expr) -> bool:
        return any(code.wide for name, code in self.names.items() if mentions(trees, name))


class _Spelled(ast.NodeTransformer):
    """Puts names in the place of calls."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if name := self.names.get(ast.unparse(node)):
            return ast.Name(name, ast.Load())
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == simplify.POWER and simplify.is_number(node.args[1], 2):
            return ast.Call(ast.Name("square", ast.Load()), node.args[:1], [])
        return node


class _Indented:
    """Indents what is written within it."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __enter__(self) -> None:
        self.start = len(self.source.sections[self.source.section])

    def __exit__(self, *exception: object) -> None:
        lines = self.source.sections[self.source.section]
        lines[self.start:] = [f"    {line}" for line in lines[self.start:]]
