"""One gradient as the sum over its paths, and why a gradient is 0."""

from __future__ import annotations

from dataclasses import dataclass, field

from microgrAD.explanation import lines
from microgrAD.explanation.writers import Text
from microgrAD.operators import Value
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Backward, Trace, Variable

MOST = 10_000  # paths that are listed
SMALL = 1e-6  # a local derivative below it is said to be saturated


@dataclass(frozen=True)
class Path:
    """One way from the result to a node.

    Arguments:
        edges: the events of its edges, from the result on.
        product: the product of the local derivatives along it, and of the gradient that flows into the result.
    """

    trace: Trace = field(repr=False)
    edges: tuple[Backward, ...]
    product: float

    def written(self, writer: Text) -> list[str]:
        """Return the path, then its product: in symbols, in numbers, and as one number."""
        symbols = {f"a_{k}": writer.partial(e.node.name, e.arg.name) for k, e in enumerate(self.edges)}
        numbers = {f"a_{k}": writer.operand(e.local, "") for k, e in enumerate(self.edges)}
        names = [self.trace.root.name, *(e.arg.name for e in self.edges)]
        product = " * ".join(symbols) or "1"
        return [
            " → ".join(names),
            writer.formula(product, symbols),
            writer.formula(product, numbers),
            writer.number(self.product, ""),
        ]


def paths(root: Value, wrt: Value) -> list[Path]:
    """Return the paths from `root` to `wrt`. Their products add up to the gradient ∂root/∂wrt.

    Arguments:
        root: the result.
        wrt: a Value that it is computed from.
    Raises: ValueError if `wrt` is not in the graph, or there are more than 10,000 paths.

    >>> a = Value(3.0, label="a")
    >>> [path.product for path in paths(a * a + 2 * a, a)]
    [3.0, 3.0, 2.0]
    """
    trace, target = _taken(root, wrt)
    edges: dict[str, list[Backward]] = {}
    leads = _leading(trace, target)
    for event in trace:
        if isinstance(event, Backward) and event.arg.id in leads:
            edges.setdefault(event.node.id, []).append(event)
    found: list[Path] = []
    ahead: list[tuple[str, tuple[Backward, ...], float]] = [(trace.root.id, (), 1.0)]
    while ahead:
        here, taken, product = ahead.pop()
        if here == target.id:
            found.append(Path(trace, taken, product))
            if len(found) > MOST:
                raise ValueError(
                    f"there are more than {MOST:,} paths to {target.name}; take a node nearer to the result"
                )
        ahead += [(e.arg.id, (*taken, e), product * e.local) for e in reversed(edges.get(here, []))]
    return found


def explain_paths(root: Value, wrt: Value, *, digits: int = 6) -> str:
    """Return a gradient as the sum over its paths, as text: a line for each path, then the sum.

    Arguments:
        root, wrt: as for `paths`.
        digits: significant digits of numbers.
    """
    writer, found = Text(digits), paths(root, wrt)
    trace, target = _taken(root, wrt)
    rows = ["\n    = ".join(path.written(writer)) for path in found]
    total, left = writer.number(trace.derivatives[target.id], ""), writer.partial(trace.root.name, target.name)
    terms = {f"a_{k}": writer.operand(path.product, "") for k, path in enumerate(found)}
    said = f" = {writer.formula(' + '.join(terms), terms)}" if len(found) > 1 else ""
    return "\n".join([*rows, f"{left}{said} = {total}"])


def why_zero(root: Value, wrt: Value, *, digits: int = 6) -> str:
    """Return why ∂root/∂wrt is 0, or as good as 0: which factor stops what flows back, and at which value.

    Arguments:
        root, wrt: as for `paths`.
        digits: significant digits of numbers.

    >>> w, x = Value(2.0, label="w"), Value(-1.0, label="x")
    >>> n = w * x
    >>> n.label = "n"
    >>> print(why_zero(n.relu(), w))
    ∂f/∂w = 0, since on its only way
      ∂f/∂n = 1 if n > 0, else 0 = 1 if −2 > 0, else 0 = 0: ReLU(n) is flat at n = −2
    """
    trace, target = _taken(root, wrt)
    writer, name = Text(digits), Text().partial(trace.root.name, target.name)
    total, leads = trace.derivatives[target.id], _leading(trace, target)
    behind = [e for e in trace if isinstance(e, Backward) and e.arg.id in leads]
    stopped = [e for e in behind if e.upstream != 0 and abs(e.local) <= (0 if total == 0 else SMALL)]
    if not stopped and total != 0:
        return f"{name} = {writer.number(total, '')} is not 0, and no factor on the way is below {SMALL:g}"
    if not stopped:
        return f"{name} = 0, though no factor is: the contributions of its paths add up to 0\n" + explain_paths(
            root, wrt, digits=digits
        )
    where = "on its only way" if len(stopped) == 1 else f"each of its ways is stopped, by one of {len(stopped)} factors"
    state = "= 0" if total == 0 else f"= {writer.number(total, '')}, as good as 0"
    reasons = [_reason(trace, e, writer) for e in stopped]
    return "\n".join([f"{name} {state}, since {where}", *reasons])


def _reason(trace: Trace, e: Backward, writer: Text) -> str:
    line = lines.local(trace, e, writer)
    equation = f"  {line.left} = {' = '.join(dict.fromkeys(line.written()))}"
    operands = [x for x in trace.operands(e.node) if isinstance(x, Variable)]
    others = [x for x in operands if x is not e.arg and x.data == 0]
    if e.local == 0 and others and len(operands) > 1:
        return f"{equation}: {others[0].name} is 0"
    source = lines.value(trace, e.node, writer).written()[0]
    how = "is flat" if e.local == 0 else "is saturated"
    return f"{equation}: {source} {how} at {writer.alone(e.arg.name)} = {writer.number(e.arg.data, '')}"


def _taken(root: Value, wrt: Value) -> tuple[Trace, Variable]:
    trace = steps(root)
    target = next((v for v in trace.variables.values() if v.value is wrt), None)
    if target is None:
        label = getattr(wrt, "label", "") or "this Value"
        raise ValueError(
            f"{trace.root.name} does not depend on {label}: its gradient is 0 since there is no path to it"
        )
    return trace, target


def _leading(trace: Trace, target: Variable) -> set[str]:
    """Return the ids of the nodes that depend on a node, and its own."""
    found = {target.id}
    for v in trace.variables.values():
        if found.intersection(a for a in v.args if isinstance(a, str)):
            found.add(v.id)
    return found
