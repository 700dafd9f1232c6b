"""Formulas of the engine, as JavaScript over typed arrays: activations from the table, losses from traces."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from microgrAD import formula, losses
from microgrAD.engine import Value
from microgrAD.formula.reading import copy
from microgrAD.nn.layers import ACTIVATIONS, LINEAR
from microgrAD.ops import OPS, Op
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Backward, Trace
from viz.web import javascript

# losses of one output and its target; losses over all outputs of a row are loops in the engine
ELEMENTWISE = ("mse", "binary_cross_entropy_with_logits", "hinge", "huber")


def everywhere() -> list[str]:
    """Return the activations that are defined for every number: "linear", then those of the table, in its order."""
    return [LINEAR, *(name for name in ACTIVATIONS if name != LINEAR and not OPS[name].domain)]


def activations(names: Iterable[str]) -> str:
    """Return ACTIVATIONS as JavaScript: forward(z, a, n) fills a, backward(z, a, d, n) multiplies d by derivatives."""
    return "const ACTIVATIONS = {\n" + "".join(map(_activation, names)) + "};\n"


def _activation(name: str) -> str:
    if name == LINEAR:
        return f"  {name}: {{forward(z, a, n) {{ a.set(z.subarray(0, n)); }}, backward() {{}}}},\n"
    op = OPS[name]
    constants = {arg: ast.Constant(number) for arg, number in op.constants.items()}
    value, slope = (_inline(text, constants) for text in (op.computed_value, str(op.computed_partials[0])))
    return (
        f"  {name}: {{\n"
        f"    forward(z, a, n) {{ for (let i = 0; i < n; i += 1) {{ const x = z[i]; a[i] = {value}; }} }},\n"
        "    backward(z, a, d, n) {\n"
        f"      for (let i = 0; i < n; i += 1) {{ const x = z[i], out = a[i]; d[i] *= {slope}; }}\n    }},\n  }},\n"
    )


def elementwise() -> str:
    """Return LOSSES as JavaScript: value(p, y) of an output and its target, and slope(p, y), its derivative by p."""
    return "const LOSSES = {\n" + "".join(_loss(name, losses.NAMED[name]) for name in ELEMENTWISE) + "};\n"


def _loss(name: str, function: Callable[[Any, Any], Any]) -> str:
    """Return the loss of one output as a list of assignments, made from its graph, and the same for its derivative."""
    p, y = Value(0.25, label="p"), Value(1.0, label="y")
    trace = steps(function(p, y))
    names: dict[str, str] = {
        v.id: v.name if not v.op and v.value in (p, y) else f"v{k}" for k, v in enumerate(trace.variables.values())
    }
    forward = [
        f"const {names[v.id]} = {_inline(OPS[v.op].computed_value, _operands(OPS[v.op], v.args, names))};"
        for v in trace.variables.values()
        if v.op
    ]
    result = names[trace.root.id]
    return (
        f"  {name}: {{\n"
        f"    value(p, y) {{ {' '.join(forward)} return {result}; }},\n"
        f"    slope(p, y) {{ {' '.join(forward + _back(trace, names))} return d_p; }},\n"
        "  },\n"
    )


def _back(trace: Trace, names: Mapping[str, str]) -> list[str]:
    """Return the derivative of each node between the loss and p, in the order of the trace."""
    lines, begun = [f"const d_{names[trace.root.id]} = 1;"], set[str]()
    for event in trace:
        if not isinstance(event, Backward) or names[event.arg.id] == "y":
            continue
        node = trace.variables[event.node.id]
        op, target = OPS[node.op], names[event.arg.id]
        local = _inline(
            str(op.computed_partials[event.index]), {**_operands(op, node.args, names), "out": _name(names[node.id])}
        )
        sign, let = ("+=", "") if target in begun else ("=", "let ")
        begun.add(target)
        lines.append(f"{let}d_{target} {sign} d_{names[node.id]} * ({local});")
    return lines


def _operands(op: Op, args: Iterable[Any], names: Mapping[str, str]) -> dict[str, ast.expr]:
    return {
        arg: _name(names[given]) if isinstance(given, str) else ast.Constant(given)
        for arg, given in zip(op.args, args, strict=True)
    }


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


class _Put(ast.NodeTransformer):
    """Replaces each argument of a formula by an operand."""

    def __init__(self, operands: Mapping[str, ast.expr]) -> None:
        self.operands = operands

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.operands.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.Call(node.func, [self.visit(arg) for arg in node.args], [])


def _inline(text: str, operands: Mapping[str, ast.expr]) -> str:
    """Return a formula of the table in JavaScript, with operands in place of its arguments."""
    tree = _Put(operands).visit(copy(text))
    written = formula.javascript(ast.unparse(tree), own=javascript.own())
    return f"({written})" if "?" in written else written
