"""The body of a function while it is written: its locals, its instructions, and formulas as instructions.

Every number is a pair of rows, in one v128. A condition is a pair of masks: all bits set, or none.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from microgrAD.compiler.program import simplify
from microgrAD.compiler.write.wasm import primitives
from microgrAD.compiler.write.wasm.encoding import V128, Instruction
from microgrAD.compiler.write.wasm.tables import PIECES, TWO_OVER_PI

_ARITHMETIC: dict[type[ast.AST], str] = {
    ast.Add: "f64x2.add",
    ast.Sub: "f64x2.sub",
    ast.Mult: "f64x2.mul",
    ast.Div: "f64x2.div",
    ast.BitOr: "v128.or",
    ast.BitAnd: "v128.and",
}
_COMPARE: dict[type[ast.AST], str] = {
    ast.Eq: "f64x2.eq",
    ast.NotEq: "f64x2.ne",
    ast.Lt: "f64x2.lt",
    ast.Gt: "f64x2.gt",
    ast.LtE: "f64x2.le",
    ast.GtE: "f64x2.ge",
}
ZERO = 0.0  # what a name stands for that is 0 wherever it stands
_ENTRY = 16  # bytes of an entry of two numbers


def _mask(bits: int) -> Instruction:
    return ("v128.const", (bits & (1 << 64) - 1).to_bytes(8, "little") * 2)


# what a primitive comes to, after its operands
PRIMITIVES: dict[str, list[Instruction]] = {
    **{name: [(f"f64x2.{name}",)] for name in ("nearest", "floor", "sqrt", "abs")},
    "min": [("f64x2.pmin",)],  # as in Python: the first one, unless the second is less
    "max": [("f64x2.pmax",)],
    "minimum": [("f64x2.min",)],
    "maximum": [("f64x2.max",)],
    "logical_and": [("v128.and",)],
    "logical_or": [("v128.or",)],
    "logical_not": [("v128.not",)],
    "pow2": [("v128.const", primitives.SHIFT), ("f64x2.add",), ("i32.const", 52), ("i64x2.shl",)],
    "top": [_mask(primitives.TOP), ("v128.and",)],
    "mantissa": [_mask(primitives.FRACTION), ("v128.and",), _mask(primitives.ONE), ("v128.or",)],
    "exponent": [
        ("i32.const", 52),
        ("i64x2.shr_u",),
        ("v128.const", 2.0**52),
        ("v128.or",),
        ("v128.const", 2.0**52 + 1023),
        ("f64x2.sub",),
    ],
}


class Body:
    """Parameters, locals and instructions; `function` gives the number of a function by its name."""

    def __init__(self, parameters: tuple[str, ...], function: Callable[[str], int]) -> None:
        self.parameters, self.function = parameters, function
        self.locals: list[str] = []
        self.code: list[Instruction] = []
        self.put = self.code.append

    def local(self, kind: str = V128) -> int:
        """A new local."""
        self.locals.append(kind)
        return len(self.parameters) + len(self.locals) - 1

    def keep(self) -> int:
        """A new local that holds what is on the stack."""
        place = self.local()
        self.put(("local.set", place))
        return place

    def get(self, place: int) -> None:
        """Push a local."""
        self.put(("local.get", place))

    def advance(self, place: int, by: int) -> None:
        """Add a whole number to a local."""
        self.get(place)
        self.code.extend([("i32.const", by), ("i32.add",), ("local.set", place)])

    def doubt(self, fault: int, push: Callable[[], None]) -> None:
        """Add 0 times a number, which `push` pushes, to the local `fault`: it stays 0 as long as all are finite."""
        push()
        self.code.extend([("v128.const", 0.0), ("f64x2.mul",)])
        self.get(fault)
        self.code.extend([("f64x2.add",), ("local.set", fault)])

    def push_fault(self, fault: int) -> None:
        """Push 1 where a number was not finite, else 0."""
        for lane in (0, 1):
            self.get(fault)
            self.put(("f64x2.extract_lane", lane))
        self.code.extend([("f64.add",), ("f64.const", 0.0), ("f64.ne",)])

    # ------------------------------------------------------------------------------------------ formulas

    def formula(self, tree: ast.expr, names: Mapping[str, Any]) -> None:
        """Push the value of an expression. A name stands for a local, or for a function that pushes a number."""
        match tree:
            case ast.Name(id=name):
                self._name(name, names)
            case ast.Constant(value=value):
                self.put(("v128.const", float(value)))  # type: ignore[arg-type]
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
                self.put(("v128.const", -float(value)))  # type: ignore[arg-type]
            case ast.UnaryOp(operand=operand):
                self.formula(operand, names)
                self.put(("f64x2.neg",))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                self._call(simplify.POWER, [left, right], names)
            case ast.BinOp(left=left, op=ast.Sub(), right=ast.Name(id=name)) if names.get(name) is ZERO:
                self.formula(left, names)
            case ast.BinOp(left=left, op=op, right=right):
                self._apply(_ARITHMETIC[type(op)], [left, right], names)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                masks = isinstance(left, ast.Compare)
                self._apply("i64x2.eq" if masks else _COMPARE[type(op)], [left, right], names)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._choice(test, body, orelse, names)
            case ast.Call(func=ast.Name(id=name), args=args):
                self._call(name, args, names)
            case _:
                raise AssertionError(ast.dump(tree))

    def _name(self, name: str, names: Mapping[str, Any]) -> None:
        if name not in names:
            self.put(("v128.const", float(getattr(primitives, name))))
        elif isinstance(names[name], int):
            self.get(names[name])
        elif isinstance(names[name], float):
            self.put(("v128.const", names[name]))
        else:
            names[name]()

    def _apply(self, instruction: str, args: list[ast.expr], names: Mapping[str, Any]) -> None:
        for arg in args:
            self.formula(arg, names)
        self.put((instruction,))

    def _call(self, name: str, args: list[ast.expr], names: Mapping[str, Any]) -> None:
        if name == simplify.WHERE:
            self._choice(args[0], args[1], args[2], names)
        elif name == simplify.POWER and simplify.is_number(args[1], 2):
            self.formula(args[0], names)
            root = self.keep()
            self.get(root)
            self.get(root)
            self.put(("f64x2.mul",))
        elif name == "_poly":
            self._polynomial(args, names)
        elif name == "_quick":
            self._in_pairs(args, names)
        elif name == "copysign":
            self._copy_sign(args, names)
        elif name == "piece":
            self._pieces(args[0], names)
        elif name in PRIMITIVES:
            for arg in args:
                self.formula(arg, names)
            self.code.extend(PRIMITIVES[name])
        else:
            for arg in args:
                self.formula(arg, names)
            self.put(("call", self.function(name)))

    def _polynomial(self, args: list[ast.expr], names: Mapping[str, Any]) -> None:
        self.formula(args[0], names)
        x = self.keep()
        self.formula(args[-1], names)
        for coefficient in args[-2:0:-1]:
            self.get(x)
            self.put(("f64x2.mul",))
            self.formula(coefficient, names)
            self.put(("f64x2.add",))

    def _in_pairs(self, args: list[ast.expr], names: Mapping[str, Any]) -> None:
        self.formula(args[0], names)
        power = self.keep()
        terms: list[ast.expr | int] = list(args[1:])
        while len(terms) > 1:
            pairs: list[ast.expr | int] = []
            for a, b in zip(terms[::2], terms[1::2], strict=False):
                self._term(a, names)
                self._term(b, names)
                self.get(power)
                self.code.extend([("f64x2.mul",), ("f64x2.add",)])
                pairs.append(self.keep())
            terms = pairs + terms[len(pairs) * 2 :]
            self.get(power)
            self.get(power)
            self.put(("f64x2.mul",))
            power = self.keep()
        self._term(terms[0], names)

    def _term(self, term: ast.expr | int, names: Mapping[str, Any]) -> None:
        self.get(term) if isinstance(term, int) else self.formula(term, names)

    def _copy_sign(self, args: list[ast.expr], names: Mapping[str, Any]) -> None:
        self.formula(args[0], names)
        self.formula(args[1], names)
        self.put(_mask((1 << 63) - 1))
        self.put(("v128.bitselect",))

    def _pieces(self, place: ast.expr, names: Mapping[str, Any]) -> None:
        """Two numbers of the table in memory, one for each row."""
        self.formula(place, names)
        k = self.keep()
        for lane in (0, 1):
            self.get(k)
            self.put(("f64x2.extract_lane", lane))
            self.put(("f64.const", len(TWO_OVER_PI) - 1.0))
            self.put(("f64.min",))
            self.put(("i32.trunc_sat_f64_u",))
            self.put(("i32.const", 3))
            self.put(("i32.shl",))
            self.put(("v128.load64_splat", PIECES) if lane == 0 else ("f64.load", PIECES))
        self.put(("f64x2.replace_lane", 1))

    def entries(self, table: int) -> list[int]:
        """Two locals with an entry of a table, a pair of numbers: its place is in the lowest bits of what is on the
        stack."""
        self.code.extend([("i32.const", 4), ("i64x2.shl",), _mask(primitives.ENTRY * _ENTRY), ("v128.and",)])
        at = self.keep()
        rows = []
        for lane in (0, 1):
            self.get(at)
            self.code.extend([("i32x4.extract_lane", 2 * lane), ("v128.load", table)])
            rows.append(self.keep())
        found = []
        for part in (0, 1):
            self.get(rows[0])
            self.get(rows[1])
            self.put(("i8x16.shuffle", bytes([*range(8 * part, 8 * part + 8), *range(8 * part + 16, 8 * part + 24)])))
            found.append(self.keep())
        return found

    # ------------------------------------------------------------------------------------------ choices

    def _choice(self, test: ast.expr, a: ast.expr, b: ast.expr, names: Mapping[str, Any]) -> None:
        """a where the test holds, else b. What is long is computed only if one of the rows needs it."""
        long_a, long_b = is_long(a), is_long(b)
        if not long_a and not long_b:
            self.formula(a, names)
            self.formula(b, names)
            self.formula(test, names)
            self.put(("v128.bitselect",))
            return
        self.formula(test, names)
        mask, found = self.keep(), self.local()
        if not long_b or not long_a:
            self.formula(a if long_b else b, names)
            self.put(("local.set", found))
        for branch, needed in ((a, long_a), (b, long_b)):
            if needed:
                self._where_any(mask, found, branch, names, negate=branch is b)
        self.get(found)

    def _where_any(self, mask: int, found: int, tree: ast.expr, names: Mapping[str, Any], *, negate: bool) -> None:
        self.get(mask)
        if negate:
            self.put(("v128.not",))
        self.put(("v128.any_true",))
        self.put(("if",))
        if negate:
            self.get(found)
            self.formula(tree, names)
        else:
            self.formula(tree, names)
            self.get(found)
        self.get(mask)
        self.put(("v128.bitselect",))
        self.put(("local.set", found))
        self.put(("end",))


def is_long(tree: ast.expr) -> bool:
    """Whether an expression calls a function that is not a primitive."""
    short = {*PRIMITIVES, simplify.WHERE, "copysign"}
    return any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id not in short
        for part in ast.walk(tree)
    )
