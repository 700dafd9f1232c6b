"""`microgrAD grad`: the numbers of a graph as a table.

List every node of an expression's graph: its formula, its value, and the derivative of the result by it.

  microgrAD grad "q = x + y; f = q * z" x=1 y=2 z=2
  microgrAD grad "x ** 2 * sin(x)" x=pi/3 --json
"""

from __future__ import annotations

import argparse
import json

from microgrAD import formula
from microgrAD.cli.choices import add_digits, digits
from microgrAD.cli.inputs import add_expression, evaluated
from microgrAD.cli.tables import shortened, table
from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.ops import OPS
from microgrAD.steps import naming

WIDEST = 60  # the most characters in the column "computed as"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the expression, and the form of the output."""
    add_expression(parser)
    add_digits(parser, 6)
    parser.add_argument("--json", action="store_true", help="all digits, as JSON")


def run(args: argparse.Namespace) -> None:
    """Print a table, or JSON."""
    shown = digits(args)
    root = evaluated(args)
    root.backward(args.gradient)
    names = naming.names(topological(root))
    if args.json:
        print(json.dumps(_as_data(args, root, names), indent=2, ensure_ascii=False))
        return
    rows: list[list[str | float]] = [
        [name, shortened(written(v, names), WIDEST), v.data, float(v.grad)] for v, name in names.items()
    ]
    print(table(["node", "computed as", "value", "gradient"], rows, digits=shown))


def written(v: Value, names: dict[Value, str]) -> str:
    """Return how a node is computed, with the names of its operands; "" for an input."""
    if not v.op:
        return ""
    op = OPS[v.op]
    args = [names[arg] if isinstance(arg, Value) else f"{arg:.6g}" for arg in v.args]
    if op.variadic:
        size = len(args) // len(op.args)
        groups = [", ".join(args[k : k + size]) for k in range(0, len(args), size)]
        args = groups if len(groups) == 1 else [f"[{group}]" for group in groups]
    shape = op.value if op.python else f"{op.name}({', '.join(op.args)})"
    return formula.text(shape, dict(zip(op.args, args, strict=True)))


def _as_data(args: argparse.Namespace, root: Value, names: dict[Value, str]) -> dict[str, object]:
    nodes = [
        {
            "name": name,
            "op": v.op or None,
            "args": [names[arg] if isinstance(arg, Value) else arg for arg in v.args],
            "value": v.data,
            "grad": float(v.grad),
        }
        for v, name in names.items()
    ]
    return {"expression": args.expression.strip(), "result": names[root], "gradient": args.gradient, "nodes": nodes}
