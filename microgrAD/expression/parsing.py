"""Carries out the instructions of an expression, which makes a graph of Values: `parse`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from microgrAD import operators
from microgrAD.errors import DomainError, real
from microgrAD.expression.errors import ExpressionError, near, pointed
from microgrAD.expression.grammar import Instruction, Statement, statements
from microgrAD.expression.tokens import normal
from microgrAD.operators import Value
from microgrAD.ops import OPS, Op

CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e, "tau": math.tau}
EXPONENT = 2.0**53  # larger floats are all even numbers, so a power of a negative base could have the wrong sign
_POWER = next(op.name for op in OPS.values() if op.python == "__pow__")


def parse(text: str, /, **values: Value | float) -> Value:
    """Return the graph of an expression. Names become labels of nodes.

    An expression may hold numbers, names, + - * / ** with Python's precedence, parentheses, and every operation of the
    table as a function. Lists are arguments of operations on sequences, `dot([a, b], [c, d])`; `sum(a, b, c)` needs no
    brackets. `q = x + y; f = q * z` names intermediate results, each on its own line or with ; between them. The
    last one is the result. The names pi, π, e and tau are constants unless a value is given for them.

    Arguments:
        text: the expression.
        values: a number or a Value for each name. A Value is used as it is; if it has no label, it gets the name.
    Returns: the result, a Value.
    Raises: ExpressionError, which points at what can't be read; DomainError, which points at an operation whose
    result is not finite.

    >>> f = parse("q = x + y; f = q * z", x=1, y=2, z=2)
    >>> f, f.args[0]
    (Value(data=6.0, grad=0.0, label='f'), Value(data=3.0, grad=0.0, label='q'))
    """
    program = statements(text)
    given = _normal(values, text)
    _check_names(text, program, given)
    known: dict[str, Any] = CONSTANTS | {name: _leaf(name, value) for name, value in given.items()}
    result: Any = None
    for statement in program:
        result = _Machine(text, known).run(statement)
        if statement.target:
            result = known[statement.target.text] = _named(result, statement.target.text)
    return result if isinstance(result, Value) else Value(result)


# ---------------------------------------------------------------------------------------------- names


def _normal(values: Mapping[str, Any], text: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in values.items():
        if normal(name) in given:
            raise ExpressionError(f"{normal(name)!r} is given twice; give it once", text)
        given[normal(name)] = value
    return given


def _leaf(name: str, value: Any) -> Value:
    return _named(value if isinstance(value, Value) else real(value, name), name)


def _named(result: Any, name: str) -> Value:
    """Return the result as a Value. If it has no label, it gets the name."""
    if not isinstance(result, Value):
        return Value(result, label=name)
    if not result.label:
        result.label = name
    return result


def _check_names(text: str, program: list[Statement], given: Mapping[str, Any]) -> None:
    """Raise ExpressionError unless every name has one value, has it before it is used, and is used."""
    targets = {statement.target.text for statement in program if statement.target}
    known, used = set(given), set()
    for statement in program:
        for step in statement.instructions:
            if step.do == "name":
                if step.text not in known and (step.text in targets or step.text not in CONSTANTS):
                    raise _unknown(text, step, targets, given)
                used.add(step.text)
        if target := statement.target:
            if target.text in known:
                raise ExpressionError(
                    f"{target.text!r} has a value already; choose another name", text, target.position
                )
            known.add(target.text)
    for statement in program[:-1]:
        if statement.target and statement.target.text not in used:
            raise ExpressionError(
                f"{statement.target.text!r} is not used; use it, or remove it", text, statement.target.position
            )
    if unused := [name for name in given if name not in used]:
        raise ExpressionError(
            f"{', '.join(map(repr, unused))} is given, but the expression does not use it; correct "
            "the name, or remove it",
            text,
        )


def _unknown(text: str, step: Instruction, targets: set[str], given: Mapping[str, Any]) -> ExpressionError:
    if step.text in targets:
        message = f"{step.text!r} is used before it has a value; put its line first"
    elif step.text in OPS:
        message = f"{step.text!r} has no value; to call the function write {step.text}(...)"
    else:
        message = f"{step.text!r} has no value{near(step.text, {*given, *targets})}; give it one, as in {step.text}=1.5"
    return ExpressionError(message, text, step.position)


# ---------------------------------------------------------------------------------------------- values


class _Machine:
    """Carries out instructions on a stack of Values and floats, and of lists, which are arguments of functions."""

    def __init__(self, text: str, known: Mapping[str, Any]) -> None:
        self.text, self.known = text, known
        self.stack: list[Any] = []

    def run(self, statement: Statement) -> Any:
        for step in statement.instructions:
            args = self.take(step.arity)
            self.stack.append(self.result(step, args))
        result = self.stack.pop()
        self.refuse_lists([result], statement.position)
        return result

    def take(self, count: int) -> list[Any]:
        args = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return args

    def result(self, step: Instruction, args: list[Any]) -> Any:
        if step.do == "number":
            return self.number(step)
        if step.do == "name":
            return self.known[step.text]
        if step.do == "list":
            self.refuse_lists(args, step.position)
            return args
        return self.call(step, OPS[step.text], args)

    def number(self, step: Instruction) -> float:
        number = float(step.text)
        if math.isinf(number):
            raise self.fail("this number is more than a float holds, at most 1.8e308", step.position)
        return number

    def call(self, step: Instruction, op: Op, args: list[Any]) -> Any:
        if op.variadic:
            args = self.sequences(step, op, args)
        else:
            self.check(step, op, args)
        try:
            return getattr(operators, step.text)(*args)
        except DomainError as error:
            raise DomainError(pointed(str(error), self.text, step.position)) from None

    def sequences(self, step: Instruction, op: Op, args: list[Any]) -> list[Any]:
        """Return the arguments of an operation on sequences, as lists of one length."""
        if len(op.args) == 1 and not (len(args) == 1 and isinstance(args[0], list)):
            args = [args]
        if len(args) != len(op.args) or not all(isinstance(arg, list) for arg in args):
            lists = ", ".join(["[a, b]", "[c, d]"][: len(op.args)])
            raise self.fail(f"{op.name} takes {len(op.args)} lists; write {op.name}({lists})", step.position)
        for arg in args:
            self.refuse_lists(arg, step.position)
        if len(set(map(len, args))) > 1 or not args[0]:
            raise self.fail(
                f"{op.name} takes lists of the same length, 1 or more, got "
                f"{' and '.join(str(len(arg)) for arg in args)}",
                step.position,
            )
        return args

    def check(self, step: Instruction, op: Op, args: list[Any]) -> None:
        """Raise ExpressionError if the number of arguments is wrong, or one of them is not allowed."""
        self.refuse_lists(args, step.position)
        least, most = len(op.args) - len(op.constants), len(op.args)
        if not least <= len(args) <= most:
            count = f"{most} argument{'s' * (most > 1)}" if least == most else f"{least} or {most} arguments"
            raise self.fail(f"{op.name} takes {count}, {op.name}({', '.join(op.args)}), got {len(args)}", step.position)
        for name, arg in zip(op.args, args, strict=False):
            if name in op.constants and isinstance(arg, Value):
                raise self.fail(
                    f"{name} of {op.name} must be a plain number, got {arg.label or 'an expression'}; write the "
                    "number itself",
                    step.position,
                )
        if op.name == _POWER and abs(float(args[1])) > EXPONENT:
            raise self.fail(f"an exponent must be from -2**53 to 2**53, got {float(args[1]):g}", step.position)

    def fail(self, message: str, position: int) -> ExpressionError:
        return ExpressionError(message, self.text, position)

    def refuse_lists(self, args: list[Any], position: int) -> None:
        if any(isinstance(arg, list) for arg in args):
            raise self.fail("a list is only allowed where a function takes one, as in dot([a, b], [c, d])", position)
