"""The functions that a module calls, each once: those of `functions`, and the table's own from their formulas."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

from microgrAD.compiler.program import simplify
from microgrAD.compiler.write.wasm import functions
from microgrAD.compiler.write.wasm.body import ZERO, Body
from microgrAD.compiler.write.wasm.encoding import V128, Function
from microgrAD.compiler.write.wasm.tables import TANH, tables
from microgrAD.ops import OPS


@cache
def _written() -> dict[str, ast.FunctionDef]:
    """The functions of `functions`, by name."""
    tree = ast.parse(inspect.getsource(functions))
    return {part.name: part for part in tree.body if isinstance(part, ast.FunctionDef)}


class Library:
    """The functions that were asked for, in the order of their numbers: the first functions of a module."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.made: list[Function] = []

    def number(self, name: str) -> int:
        """The number of a function, by the name that NumPy has for it."""
        name = simplify.operation(name)
        if name not in self.numbers:
            made = _function(name)
            for other in made.calls:
                self.number(other)
            self.numbers[name] = len(self.made)
            code = [("call", self.number(part[1])) if part[0] == "call" else part for part in made.function.code]
            self.made.append(made.function._replace(code=code))
        return self.numbers[name]

    @property
    def data(self) -> list[tuple[int, bytes]]:
        """The tables that the functions look numbers up in."""
        return tables(any(map(_looks_up, self.numbers)))


class _Made:
    """A function whose calls are still by name."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.calls = dict.fromkeys(part[1] for part in function.code if part[0] == "call")


@cache
def _looks_up(name: str) -> bool:
    """Whether a function takes numbers out of the table of tanh."""
    parts = ast.walk(_written()[name]) if name in _written() else ()
    return any(isinstance(part, ast.Name) and part.id == "tanh_at" for part in parts)


@cache
def _function(name: str) -> _Made:
    """A function by its name: written out, or an operation's formula."""
    if name in _written():
        definition = _written()[name]
        parameters = tuple([V128] * len(definition.args.args))
        body = _Written(parameters)
        for result in body.inlined(name, list(range(len(parameters)))):
            body.get(result)
    else:
        op = OPS[name]
        parameters = tuple([V128] * len(op.args))
        body = _Written(parameters)
        body.formula(simplify.specialise(op.computed_value, {}), {arg: k for k, arg in enumerate(op.args)})
    return _Made(Function("", parameters, (V128,), tuple(body.locals), body.code))


class _Written(Body):
    """Reads the statements of `functions`: assignments and one `return`. What begins with _ is put in place."""

    def __init__(self, parameters: tuple[str, ...]) -> None:
        super().__init__(parameters, lambda name: name)  # type: ignore[arg-type, return-value]

    def inlined(self, name: str, args: list[Any]) -> list[Any]:
        """The results of a function of `functions`: locals, or plain numbers."""
        definition = _written()[name]
        names: dict[str, Any] = dict(zip([arg.arg for arg in definition.args.args], args, strict=True))
        for statement in definition.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=target)], value=value):
                    (names[target],) = self.several(value, names)
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value):
                    found = self.several(value, names)
                    names.update(zip([t.id for t in targets], found, strict=True))  # type: ignore[attr-defined]
                case ast.Return(value=ast.expr() as value):
                    return self.several(value, names)
                case ast.Expr(value=ast.Constant()):
                    pass  # the docstring
                case _:
                    raise AssertionError(ast.unparse(statement))
        raise AssertionError(name)

    def several(self, tree: ast.expr, names: Mapping[str, Any]) -> list[Any]:
        """Where the value, or the values, of an expression are."""
        match tree:
            case ast.Tuple(elts=parts):
                return [found for part in parts for found in self.several(part, names)]
            case ast.Constant(value=value):
                return [float(value) or ZERO]  # type: ignore[arg-type]
            case ast.Name(id=name) if name in names:
                return [names[name]]
            case ast.Call(func=ast.Name(id="tanh_at"), args=[k]):
                self.formula(k, names)
                return self.entries(TANH)
            case ast.Call(func=ast.Name(id=name), args=args) if _is_part(name):
                return self.inlined(name, [self.several(arg, names)[0] for arg in args])
            case ast.IfExp(body=ast.Call(func=ast.Name(id=name))) if _results(name) > 1:
                return self._either(tree, names)
        self.formula(tree, names)
        return [self.keep()]

    def _either(self, tree: ast.IfExp, names: Mapping[str, Any]) -> list[Any]:
        """Several values of one call where the test holds for a row, else of another, which is usual."""
        found = self.several(tree.orelse, names)
        self.formula(tree.test, names)
        mask = self.keep()
        self.get(mask)
        self.put(("v128.any_true",))
        self.put(("if",))
        for new, old in zip(self.several(tree.body, names), found, strict=True):
            self.get(new)
            self.get(old)
            self.get(mask)
            self.put(("v128.bitselect",))
            self.put(("local.set", old))
        self.put(("end",))
        return found

    def _name(self, name: str, names: Mapping[str, Any]) -> None:
        if name in names:
            super()._name(name, names)
        else:
            self.put(("v128.const", float(getattr(functions, name))))

    def _call(self, name: str, args: list[ast.expr], names: Mapping[str, Any]) -> None:
        if _is_part(name):
            (found,) = self.several(ast.Call(ast.Name(name, ast.Load()), args, []), names)
            self.get(found)
        else:
            super()._call(name, args, names)


def _results(name: str) -> int:
    """How many results a function of `functions` has."""
    definition = _written().get(name)
    last = definition.body[-1] if definition else None
    return len(last.value.elts) if isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple) else 1


def _is_part(name: str) -> bool:
    """Whether a function is put in the place of its calls. Horner's and Estrin's rules are written out instead."""
    return name.startswith("_") and name not in ("_poly", "_quick")
