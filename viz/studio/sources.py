"""From what is typed to a graph: an expression with the values of its inputs, or a program in Python.

A program is the same text that a file of Python would hold. Its result is the Value on its last line, or the last Value
that it names. The names of its variables become labels, and each line such as `x = Value(2.0)` is an input.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import CodeType, TracebackType
from typing import Any

import microgrAD
from microgrAD.expression import ExpressionError, parse
from microgrAD.expression.grammar import statements
from microgrAD.expression.parsing import CONSTANTS
from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.ops import OPS

LENGTH = 5_000  # characters of a text; more than a page can follow while it is typed
PRINTED = 10_000  # characters that are kept of what a program prints
BLANK = 1.0  # the value of an input that has none yet
FILE = "<studio>"


class ProgramError(ValueError):
    """A program that fails, or that has no result. `position`: where its line begins in the text, from 0, or None."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


@dataclass
class Source:
    """A graph, and what it was made of.

    Arguments:
        root: the result.
        inputs: the number of each input.
        spans: for a program, where the number of each input stands in the text: its start and its end.
        printed: what a program printed.
    """

    root: Value
    inputs: dict[str, float]
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    printed: str = ""


def source(text: str, values: Mapping[str, Any], *, python: bool) -> Source:
    """Return the graph of a text.

    Arguments:
        text: the expression, or the program.
        values: the numbers of an expression's inputs; others are 1.
        python: whether it is a program.
    Raises: ExpressionError or DomainError for an expression; ProgramError for a program.
    """
    if len(text) > LENGTH:
        raise ExpressionError(f"the studio reads at most {LENGTH:,} characters, got {len(text):,}", text)
    return _program(text) if python else _expression(text, values)


def _expression(text: str, values: Mapping[str, Any]) -> Source:
    try:
        numbers = given(text, values)
        return Source(parse(text, **numbers), numbers)
    except ExpressionError as error:
        if re.search(r"\bValue\(|\bimport\b|\bprint\(|\bdef\b|\bfor\b", text):
            error.args = (f"{error}\nThis looks like a program. Press Python above the text.",)
        raise


def given(text: str, values: Mapping[str, Any]) -> dict[str, float]:
    """Return the number of each input of an expression. ExpressionError if it cannot be read."""
    return {name: float(values.get(name, BLANK)) for name in inputs(text)}


def inputs(text: str) -> list[str]:
    """Return the names that an expression needs values for, in the order of the text."""
    read = statements(text)
    known = {statement.target.text for statement in read if statement.target}
    used = [step.text for statement in read for step in statement.instructions if step.do == "name"]
    return [name for name in dict.fromkeys(used) if name not in known and name not in CONSTANTS and name not in OPS]


# ---------------------------------------------------------------------------------------------- Python


def _program(text: str) -> Source:
    printed = io.StringIO()
    names = space()
    before = set(names)
    with contextlib.redirect_stdout(printed):
        try:
            tree = ast.parse(text, FILE)
            result = _run(tree, names)
        except SyntaxError as error:
            raise ProgramError(_told(error), _start(text, error.lineno or 1)) from None
        except BaseException as error:
            raise _failed(error, text) from None
    made = {name: value for name, value in names.items() if name not in before and isinstance(value, Value)}
    root = next(reversed(made.values()), None) if result is None else result
    if not isinstance(root, Value):
        got = "makes no Value" if result is None else f"ends with {type(result).__name__}, not with a Value"
        hint = "\nmath.sin(x) and its kind, and float(x), give a plain number; write sin(x)" if made else ""
        raise ProgramError(
            f"the program {got}; end it with its result, such as\n  x = Value(2.0)\n  f = x * x\n  f{hint}"
        )
    for name, value in made.items():
        value.label = value.label or name
    spans = _spans(text, tree)
    known = {node.label for node in topological(root) if not node.op}
    found = {name: (start, end) for name, (start, end) in spans.items() if name in known}
    numbers = {name: float(text[start:end]) for name, (start, end) in found.items()}
    return Source(root, numbers, found, _cut(printed.getvalue()))


def _cut(printed: str) -> str:
    return (
        printed if len(printed) <= PRINTED else f"{printed[:PRINTED]}\n… and {len(printed) - PRINTED:,} characters more"
    )


def space() -> dict[str, Any]:
    """Return what a program has without an import: Value, the operations, and grad and its kind."""
    names = [
        "Value",
        *(name for name in OPS if not hasattr(builtins, name)),
        "grad",
        "value_and_grad",
        "jvp",
        "explain",
    ]
    return {"__name__": "__main__", **{name: getattr(microgrAD, name) for name in names}}


def _run(tree: ast.Module, space: dict[str, Any]) -> Any:
    """Run a program; returns what its last line is, or names; None if it is neither, or only prints."""
    match tree.body:
        case [*before, ast.Expr(value)]:
            exec(_code(ast.Module(before, [])), space)
            return eval(_code(ast.Expression(value)), space)
        case [*_, ast.Assign([ast.Name(name)]) | ast.AugAssign(ast.Name(name))]:
            exec(_code(tree), space)
            return space[name]
    exec(_code(tree), space)
    return None


def _code(tree: ast.Module | ast.Expression) -> CodeType:
    return compile(tree, FILE, "eval" if isinstance(tree, ast.Expression) else "exec")


def _spans(text: str, tree: ast.Module) -> dict[str, tuple[int, int]]:
    """Return where the number of each line such as `x = Value(2.0)` stands."""
    found: dict[str, tuple[int, int]] = {}
    for statement in tree.body:
        for name, value in _assigned(statement):
            match name, value:
                case ast.Name(called), ast.Call(ast.Name("Value"), [number, *_]) if _is_number(number):
                    found[called] = (_place(text, number.lineno, number.col_offset), _end(text, number))
    return found


def _assigned(statement: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    """Return what gets which value: one pair, or several in `x, y = Value(2.0), Value(3.0)`."""
    match statement:
        case ast.Assign([ast.Tuple(names)], ast.Tuple(values)) if len(names) == len(values):
            return list(zip(names, values, strict=True))
        case ast.Assign([name], value):
            return [(name, value)]
    return []


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.UnaryOp(ast.USub(), ast.Constant(value)) | ast.Constant(value):
            return isinstance(value, (int, float)) and not isinstance(value, bool)
    return False


def _end(text: str, node: ast.expr) -> int:
    assert node.end_lineno is not None and node.end_col_offset is not None
    return _place(text, node.end_lineno, node.end_col_offset)


def _start(text: str, line: int) -> int:
    return _place(text, line, 0)


def _place(text: str, line: int, column: int) -> int:
    """Return the place in the text, from 0, of a line, from 1, and of a column, which `ast` counts in bytes."""
    lines = text.split("\n")
    before = sum(len(each) + 1 for each in lines[: line - 1])
    return before + len(lines[line - 1].encode()[:column].decode(errors="ignore"))


def _told(error: SyntaxError) -> str:
    """Return what Python says of a text that it can't read: the line, the caret, and why."""
    said = "".join(traceback.format_exception_only(error)).strip()
    return said.replace(f'File "{FILE}", ', "")


def _failed(error: BaseException, text: str) -> ProgramError:
    """Return the error of a program, with its line."""
    line = next(
        (each.tb_lineno for each in _frames(error.__traceback__) if each.tb_frame.f_code.co_filename == FILE), 1
    )
    lines = text.split("\n")
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, ModuleNotFoundError):
        said += "; the studio has Python's own modules and microgrAD without training; install the package for others"
    return ProgramError(f"line {line}: {lines[line - 1].strip()}\n{said}", _start(text, line))


def _frames(found: TracebackType | None) -> list[TracebackType]:
    """Return the frames of a traceback, the innermost first."""
    frames = []
    while found:
        frames.append(found)
        found = found.tb_next
    return frames[::-1]
