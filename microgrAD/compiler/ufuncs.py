"""Writing a formula as calls of NumPy's functions, each into a buffer, so that nothing is allocated."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import numpy as np

from microgrAD.compiler import simplify
from microgrAD.compiler.runtime import functions
from microgrAD.compiler.source import BEFORE, Code, Source

_OPERATORS: dict[type[ast.AST], str] = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide",
                                        ast.USub: "negative"}
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Lt: ast.GtE,
                                                     ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
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
                        return self._masked(test if simplify.is_number(one, 1) else _opposite(test), other, out)
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
        if simplify.is_number(b, 0) and _is_safe(a):
            return self._mask(test) if simplify.is_number(a, 1) else self._masked(test, a, out)
        if simplify.is_number(a, 0) and _is_safe(b):
            return self._choice(_opposite(test), b, a, out)
        wide = self._wide(test, a, b)
        target = Code(out, True) if out else self.source.take(self.size, wide)
        bounds = self._bounds(test)
        if not bounds:
            self._select(test, a, b, target)
            return target
        self._assign(a, target)
        kept = dict(self.masks)
        self.source.line(f"if not ({bounds}):")
        with _Indented(self.source):
            self._mend(test, b, target)
        self.masks = kept           # those of one branch are not there after the other
        return target

    def _mend(self, test: ast.expr, b: ast.expr, target: Code) -> None:
        """Write b over those numbers of `target` for which the test does not hold, which are few as a rule."""
        where, names = self.source.name("i"), {}
        self.source.line(f"{where} = flatnonzero(logical_not({self._condition(test).text}))")
        for name, code in self.names.items():
            if _mentions((b,), name):
                names[name] = self.source.name("x")
                self.source.line(f"{names[name]} = broadcast_to({code.text}, {target.text}.shape).ravel()[{where}]")
        for name, short in names.items():
            b = simplify.rename(b, name, short)
        self.source.line(f"{target.text}.flat[{where}] = {ast.unparse(b)}")

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
        operands = {name: code for name, code in self.names.items() if _mentions((test,), name)}
        key = ast.unparse(test)
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
        return any(code.wide for name, code in self.names.items() if _mentions(trees, name))

    def _bounds(self, test: ast.expr) -> str:
        """For a test that a name lies between two numbers: code that says whether all of it does; else empty."""
        match test:
            case ast.Call(func=ast.Name(id=name), args=[
                    ast.Compare(left=ast.Constant(value=low), ops=[ast.Lt()], comparators=[ast.Name(id=x)]),
                    ast.Compare(left=ast.Name(id=y), ops=[ast.Lt()], comparators=[ast.Constant(value=high)])]
                    ) if name == simplify.AND and x == y:
                pass
            case ast.Compare(left=ast.Call(func=ast.Name(id=name), args=[ast.Name(id=x)]), ops=[ast.Lt()],
                             comparators=[ast.Constant(value=high)]) if functions[name] is np.abs:
                low = -float(str(high))
            case _:
                return ""
        code = self.names[x].text       # the place of the least, and the number there: faster than min()
        return f"{code}.item({code}.argmin()) > {low!r} and {code}.item({code}.argmax()) < {high!r}"


class _Indented:
    """Indents what is written within it."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __enter__(self) -> None:
        self.start = len(self.source.sections[self.source.section])

    def __exit__(self, *exception: object) -> None:
        lines = self.source.sections[self.source.section]
        lines[self.start:] = [f"    {line}" for line in lines[self.start:]]


def _is_safe(tree: ast.expr) -> bool:
    """Whether an expression is finite wherever its operands are: names, numbers and their products."""
    return all(isinstance(part, (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Mult, ast.Add, ast.Sub, ast.USub,
                                 ast.Load)) for part in ast.walk(tree))


def _opposite(test: ast.expr) -> ast.expr:
    match test:
        case ast.Compare(left=left, ops=[op], comparators=comparators):
            return ast.Compare(left, [_OPPOSITE[type(op)]()], comparators)
    return ast.Call(ast.Name("logical_not", ast.Load()), [test], [])


def _mentions(trees: tuple[ast.expr, ...], name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for tree in trees for part in ast.walk(tree))
