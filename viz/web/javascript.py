"""The operations as JavaScript, generated from the table, for pages that compute their numbers themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache

from microgrAD import formula
from microgrAD.choices import differences, has_sides
from microgrAD.ops import OPS, Op
from viz.web.shell import asset


@cache
def runtime() -> str:
    """Return the functions that JavaScript's Math lacks, and `compute` and `replay`; see web/assets/runtime.js."""
    return asset("web/runtime.js")


def source(names: Iterable[str] = OPS) -> str:
    """Return a script with the runtime, the functions of operations, and `OPERATIONS`, a table by name.

    Each of OPERATIONS has value(...args), partials(...args, out), aligned with the operands and null for an argument
    that is a plain number, domain(...args), and in words what it `needs` and a `remedy`; and where it may leave a side
    that it does not take, untaken(...args), for each operand whose derivative is 0. `replay(trace, inputs)`
    takes `Trace.as_dict()` and numbers by the inputs' ids. KeyError for a name that is not in the table.
    """
    wanted = [OPS[name] for name in _needed(names)]
    table = "\n".join(f"  {op.name}: {_entry(op)}," for op in wanted)
    functions = "\n".join(_functions(op) for op in wanted)
    return f"{runtime()}\n{functions}\nconst OPERATIONS = {{\n{table}\n}};\n"


def textbook(names: Iterable[str]) -> str:
    """Return a script with `BOOK`: value and partials of operations as their textbook formulas, which readers see.

    It has only operations that `source` computes by other formulas, which lose no digits. `source` must have what they
    call, see `called`.
    """
    entries = "\n".join(f"  {op.name}: {_book(op)}," for op in map(OPS.__getitem__, names) if _has_book(op))
    return f"const BOOK = {{\n{entries}\n}};\n"


def called(names: Iterable[str]) -> set[str]:
    """Return the operations that the textbook formulas of these operations call."""
    texts = [text for op in map(OPS.__getitem__, names) for text in (op.value, *op.partials) if text and _has_book(op)]
    return set().union(*map(formula.calls, texts)) & OPS.keys()


def _has_book(op: Op) -> bool:
    return not op.variadic and (op.value, *op.partials) != (op.computed_value, *op.computed_partials)


def _book(op: Op) -> str:
    args, partials = ", ".join(op.args), ", ".join(_write(p) if p else "null" for p in op.partials)
    return f"{{value: ({args}) => {_write(op.value)}, partials: ({args}, out) => [{partials}]}}"


def _needed(names: Iterable[str]) -> list[str]:
    """Return the operations, and those that their formulas call, in the order of the table."""
    found: set[str] = set()
    stack = list(names)
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            op = OPS[name]
            texts = (op.computed_value, *filter(None, op.computed_partials))
            called = set().union(*map(formula.calls, texts))
            stack += [name for name in called & OPS.keys() if not OPS[name].primitive]
    return [name for name in OPS if name in found]


@cache
def own() -> frozenset[str]:
    """The functions that the runtime has, for `formula.javascript`."""
    return frozenset(re.findall(r"^function (\w+)", runtime(), re.MULTILINE))


def _write(text: str) -> str:
    return formula.javascript(text, own=own())


def _functions(op: Op) -> str:
    """Return functions for an operation's value and its partials; a primitive's value is a library function already."""
    args = ", ".join(op.args)
    partials = f"[{', '.join(_write(p) if p else 'null' for p in op.computed_partials)}]"
    if op.variadic:
        count = len(op.args)
        return (
            f"function {op.name}(...flat) {{\n"
            f"  return fsum(rows(flat, {count}).map(([{args}]) => {_write(formula.summand(op.value))}));\n}}\n"
            f"function d_{op.name}(...flat) {{\n"
            f"  return columns(rows(flat.slice(0, -1), {count}).map(([{args}]) => {partials}));\n}}"
        )
    value = f"function {op.name}({args}) {{\n  return {_write(op.computed_value)};\n}}\n" * (not _library(op))
    return value + f"function d_{op.name}({args}, out) {{\n  return {partials};\n}}"


def _library(op: Op) -> str:
    """Return the library's name for a primitive operation; "" for others."""
    if not op.primitive or op.variadic:
        return ""
    return _write(op.value).partition("(")[0]


def _entry(op: Op) -> str:
    domain = f"({', '.join(op.args)}) => {_write(op.domain)}" if op.domain else "() => true"
    needs = json.dumps(formula.text(op.domain) if op.domain else "", ensure_ascii=False)
    remedy = json.dumps(op.remedy or "scale the input down", ensure_ascii=False)
    sides = [differences(op.name, k) for k in range(len(op.args))]
    untaken = [
        " && ".join(f"({_write(side)})" for side in each) or "true" if each is not None else "false" for each in sides
    ]
    return (
        f"{{value: {_library(op) or op.name}, partials: d_{op.name}, domain: {domain}, "
        f"needs: {needs}, remedy: {remedy}"
        + (f", untaken: ({', '.join(op.args)}) => [{', '.join(untaken)}]" if has_sides(op.name) else "")
        + "}"
    )
