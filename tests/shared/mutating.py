"""Small changes of source text, each of which a test should notice: a sign, a bound, a statement that goes."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}


class Mutation(NamedTuple):
    """Bytes `start` to `end` of a file, and what to write there."""

    file: Path
    line: int
    start: int
    end: int
    text: str
    before: str

    def __str__(self) -> str:
        short = " ".join(self.before.split())
        return f"{self.file}:{self.line}: {short[:100]}  →  {self.text[:100]}"

    def applied(self, source: bytes) -> bytes:
        """The source with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def expressions(node: ast.AST) -> Iterator[ast.expr]:
    """What an expression may become: the same with one thing changed at its top."""
    match node:
        case ast.Compare(ops=[op, *_]):
            for other in _COMPARISONS[type(op)]:
                yield _with(node, ops=[other(), *node.ops[1:]])
        case ast.BinOp(op=op) if type(op) in _ARITHMETIC and not isinstance(node.left, (ast.Constant, ast.JoinedStr)):
            yield _with(node, op=_ARITHMETIC[type(op)]())
        case ast.BoolOp(op=op):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.IfExp(test=test):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as number) if number + 1 != number:
            yield ast.Constant(number + 1)
        case ast.Call(keywords=[*_, last]) if last.arg != "strict":
            yield _with(node, keywords=node.keywords[:-1])


def _with(node: ast.expr, **changes: object) -> ast.expr:
    changed = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def statements(node: ast.AST) -> Iterator[str]:
    """What a statement may become, as text."""
    match node:
        case ast.Raise(exc=ast.Call(func=ast.Name(id="AssertionError"))):
            return  # it says that no input gets there
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "pass"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "return None"
        case ast.Continue():
            yield "break"
        case ast.Break():
            yield "continue"


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a tree that run, without types and without what an error says."""
    yield node
    for name, field in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params", "type_comment") or isinstance(
            node, (ast.JoinedStr, ast.Raise)
        ):
            continue
        for part in field if isinstance(field, list) else [field]:
            if _is_shape(node) and isinstance(part, ast.UnaryOp):
                yield part  # and not what is in it: to NumPy, -2 says the same as -1
            elif isinstance(part, ast.AST) and not _is_type(part):
                yield from walk(part)


def _is_shape(node: ast.AST) -> bool:
    """Whether it is a call such as x.reshape(-1, 2)."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "reshape"


def _is_type(node: ast.AST) -> bool:
    """Whether it is there for the type checker, for Windows, or, as strict=True, for what no input can do."""
    match node:
        case ast.keyword(arg="strict"):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.FunctionDef(decorator_list=[ast.Name(id="overload"), *_]):
            return True
        case ast.ClassDef(bases=[ast.Name(id="Protocol"), *_]):
            return True
        case ast.Assign(value=ast.BinOp(op=ast.BitOr()) | ast.Subscript()):
            return True
    return False


def mutations(file: Path, source: bytes) -> list[Mutation]:
    """All changes of a file."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for node in walk(ast.parse(source)):
        texts = [f"({ast.unparse(other)})" for other in expressions(node)]
        texts += statements(node)
        if isinstance(node, (ast.If, ast.While)):
            node, texts = node.test, [f"(not ({ast.unparse(node.test)}))"]
        elif file.name == "ops.py" and isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts += _formulas(node.value)
        for text in texts:
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            found.append(Mutation(file, node.lineno, start, end, text, source[start:end].decode()))
    return found


def _formulas(text: str) -> Iterator[str]:
    """A formula of the table with one thing changed, as a literal; nothing for other texts."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return
    if not isinstance(tree.body, (ast.BinOp, ast.Call, ast.IfExp, ast.UnaryOp, ast.Compare)):
        return
    for node in ast.walk(tree):
        for other in expressions(node):
            yield repr(ast.unparse(_replaced(tree, node, other)))


class _Replacing(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _replaced(tree: ast.AST, old: ast.AST, new: ast.expr) -> ast.AST:
    """A tree with one node replaced by another. The tree itself stays as it is."""
    memo: dict[int, ast.AST] = {}
    whole = copy.deepcopy(tree, memo)
    return _Replacing(memo[id(old)], new).visit(whole)
