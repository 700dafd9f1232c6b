"""Writes native/operations.c: the numbers of the operations that are methods of `Value`."""

from __future__ import annotations

import re

from microgrAD import formula
from microgrAD.ops import OPS, Op

_HEAD = """/* The operations: values and slopes. Generated from ops.py by `python -m microgrAD.generate`; do not edit. */

#include "engine.h"
"""

# Python's special methods, and what their slots are called: one operand, two, or pow's three
_SLOTS = {
    "__neg__": ("unary", "negative"),
    "__abs__": ("unary", "absolute"),
    "__add__": ("binary", "add"),
    "__sub__": ("binary", "subtract"),
    "__mul__": ("binary", "multiply"),
    "__truediv__": ("binary", "true_divide"),
    "__pow__": ("power", "power"),
}
_SLOT = {
    "unary": "static PyObject *{name}_slot(PyObject *v) {{ return unary(v, {k}); }}\n",
    "binary": "static PyObject *{name}_slot(PyObject *v, PyObject *w) {{ return binary(v, w, {k}); }}\n"
    "static PyObject *{name}_in_place(PyObject *v, PyObject *w) {{ return in_place(v, w, {k}); }}\n",
    "power": "static PyObject *{name}_slot(PyObject *v, PyObject *w, PyObject *m) {{ return power(v, w, m, {k}); }}\n"
    "static PyObject *{name}_in_place(PyObject *v, PyObject *w, PyObject *m) {{ return in_place_power(v, w, m, {k}); }}\n",
}


def module() -> str:
    """Return the text of operations.c."""
    ops = [op for op in OPS.values() if op.method]
    values = "".join(map(_value, ops))
    body = "".join(map(_compute, ops))
    functions = sorted(set(re.findall(r"MATH_(\w+)", values + body)))
    slots = "".join(_SLOT[_SLOTS[op.python][0]].format(name=op.name, k=k) for k, op in enumerate(ops) if op.python)
    return (
        _HEAD
        + f"\nenum {{ {', '.join(f'MATH_{name}' for name in functions)} }};\n"
        + f"\nconst char *const MATH[] = {{{', '.join(map(_text, functions))}, NULL}};\n"
        + values
        + body
        + f"\n{slots}"
        + f"\nconst Operation OPERATIONS[] = {{\n{''.join(map(_entry, ops))}}};\n"
        + f"\nconst int OPERATION_COUNT = {len(ops)};\n"
    )


def _value(op: Op) -> str:
    given = ", ".join(f"double {arg}" for arg in op.args)
    value = formula.native(op.computed_value, {arg: arg for arg in op.args})
    return f"\nstatic double value_{op.name}({given}, int *fault)\n{{\n    return {value};\n}}\n"


def _compute(op: Op) -> str:
    assert len(op.args) <= 2, f"{op.name} has more arguments than MOST_ARGUMENTS in engine.h"
    names = {arg: f"given[{k}]" for k, arg in enumerate(op.args)} | {"out": "*value"}
    slopes = [
        f"    if (wanted & {1 << k})\n        slopes[{k}] = {formula.native(partial, names)};\n"
        for k, partial in enumerate(op.computed_partials)
        if partial
    ]
    return (
        f"\nstatic int compute_{op.name}(const double *given, int wanted, double *value, double *slopes)\n{{\n"
        f"    int found = 0, *fault = &found;\n"
        f"    *value = value_{op.name}({', '.join(names[arg] for arg in op.args)}, fault);\n"
        + "".join(slopes)
        + "    return found;\n}\n"
    )


def _entry(op: Op) -> str:
    free = len(op.args) - len(op.constants)
    slot = f"offsetof(PyNumberMethods, nb_{_SLOTS[op.python][1]}), " if op.python else "NO_SLOT, "
    slot += f"offsetof(PyNumberMethods, nb_inplace_{_SLOTS[op.python][1]}), " if op.in_place else "NO_SLOT, "
    slot += f"{op.name}_slot, " if op.python else "NULL, "
    slot += f"{op.name}_in_place, " if op.in_place else "NULL, "
    defaults = ", ".join(repr(op.constants.get(arg, 0.0)) for arg in op.args)
    texts = ", ".join(map(_text, (op.name, op.method, op.reflected, op.in_place)))
    return f"    {{{texts}, {slot}\n     {free}, {len(op.args)}, {{{defaults}}}, compute_{op.name}}},\n"


def _text(name: str) -> str:
    return f'"{name}"' if name else "NULL"
