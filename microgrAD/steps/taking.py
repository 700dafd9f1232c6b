"""Records the trace of a pass: backward from a root, or forward with tangents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from microgrAD import floats
from microgrAD.choices import living, sent_to
from microgrAD.errors import DomainError, one_of, places, real
from microgrAD.graph import backward_order, grouped, topological
from microgrAD.operators import Value
from microgrAD.steps import naming
from microgrAD.steps.trace import Backward, Event, Forward, Mode, Seed, Tangent, TangentSeed, Trace, Variable

_MODES = ("reverse", "forward")


def steps(
    root: Value,
    *,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    update: bool = False,
) -> Trace:
    """Return the trace of a backward pass from `root`, or of a forward pass with tangents.

    The derivatives are equal to those of backward(), to the last bit.

    Arguments:
        root: the result to differentiate.
        gradient: the gradient that flows into the root from above.
        mode: "reverse" for a backward pass, "forward" for a forward pass with tangents.
        wrt: for forward mode, the Value to differentiate by, or a dict of several with their tangents.
        update: whether to call root.backward(gradient) as well; by default no gradient changes.
    Returns: a `Trace`, the sequence of events.
    Raises: ValueError if a Value has changed since the expression was computed; DomainError if a derivative is not
    finite.

    >>> x, y, z = Value(1, label="x"), Value(2, label="y"), Value(2, label="z")
    >>> trace = steps((x + y) * z, gradient=2)
    >>> for event in trace:
    ...     if isinstance(event, Backward):
    ...         print(f"{event.node.name} -> {event.arg.name}: {event.upstream} × {event.local} = {event.contribution}")
    f -> v1: 2.0 × 2.0 = 4.0
    f -> z: 2.0 × 3.0 = 6.0
    v1 -> x: 4.0 × 1.0 = 4.0
    v1 -> y: 4.0 × 1.0 = 4.0
    """
    if not isinstance(root, Value):
        raise TypeError(f"steps takes a Value, the result to differentiate, got {type(root).__name__}")
    one_of(mode, "mode", _MODES)
    order = topological(root)
    found = _variables(order)
    if mode == "forward":
        if update or gradient != 1:
            raise ValueError("gradient and update are for mode='reverse'; mode='forward' takes wrt, with tangents")
        return _forward(order, found, _tangents(wrt, found))
    if wrt is not None:
        raise ValueError("wrt is for mode='forward'; mode='reverse' finds the derivatives by every node")
    trace = _reverse(order, found, real(gradient, "gradient"))
    if update:
        root.backward(gradient)
    return trace


def traced(
    root: Value | Trace,
    *,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
) -> Trace:
    """Return the trace of a pass: `root` itself if it is a trace, otherwise that of `steps`."""
    if not isinstance(root, Trace):
        return steps(root, gradient=gradient, mode=mode, wrt=wrt)
    if (gradient, mode, wrt) != (1.0, "reverse", None):
        raise ValueError(
            "gradient, mode and wrt belong to taking a trace, and this one is there already; give them to steps()"
        )
    return root


def _variables(order: list[Value]) -> dict[Value, Variable]:
    names = naming.names(order)
    ids = {v: f"n{k}" for k, v in enumerate(order)}
    for v in order:
        _check_present(v)
    return {
        v: Variable(
            ids[v],
            names[v],
            v.data,
            v.op,
            tuple(ids[arg] if isinstance(arg, Value) else arg for arg in v.args),
            v.partials,
            v.label,
            v.scope,
            v,
        )
        for v in order
    }


def _check_present(v: Value) -> None:
    """Raise ValueError if a node's value does not follow from its operands any more."""
    if v.op:
        numbers = [float(arg) for arg in v.args]
        try:
            present = floats.value(v.op)(*grouped(v.op, numbers))
        except floats.FAULTS:
            present = None
        if present != v.data:
            raise ValueError(
                f"{v.op} was computed as {v.data!r}, but is {present!r} now for {places(v.op, v.args)}: a Value "
                "has changed; compute the expression again, or explain it before the update"
            )


def _reverse(order: list[Value], found: dict[Value, Variable], gradient: float) -> Trace:
    root = order[-1]
    events: list[Event] = [Forward(found[v]) for v in order]
    events.append(Seed(found[root], gradient))
    totals = {root: gradient}
    parts = Counter(arg for v in order for arg in v.args if isinstance(arg, Value))
    arrived: Counter[Value] = Counter()
    alive = living(root)
    for v in backward_order(root):
        for index, (arg, local) in enumerate(zip(v.args, v.partials, strict=True)):
            if isinstance(arg, Value) and local is not None:
                # the sum starts at 0.0, as in backward, so that -0.0 becomes 0.0
                counts = v in alive and sent_to(v, index, local)
                sent, totals[arg] = _add(totals.get(arg, 0.0), totals[v], local, v, counts)
                arrived[arg] += 1
                events.append(
                    Backward(found[v], found[arg], index, local, totals[v], sent, totals[arg], arrived[arg], parts[arg])
                )
    taken = {variable.name for variable in found.values()}
    objective = found[root].name if gradient == 1 else naming.objective(taken)
    return _trace("reverse", objective, found, events, totals)


def _forward(order: list[Value], found: dict[Value, Variable], seeds: Mapping[Value, float]) -> Trace:
    events: list[Event] = []
    tangents: dict[Value, float] = {}
    alive = living(order[-1])
    for v in order:
        events.append(Forward(found[v]))
        edges = [
            (index, arg, local)
            for index, (arg, local) in enumerate(zip(v.args, v.partials, strict=True))
            if isinstance(arg, Value) and local is not None
        ]
        if v in seeds or not edges:
            tangents[v] = seeds.get(v, 0.0)
            events.append(TangentSeed(found[v], tangents[v]))
            continue
        tangents[v] = 0.0
        for part, (index, arg, local) in enumerate(edges, 1):
            counts = v in alive and sent_to(v, index, local)
            sent, tangents[v] = _add(tangents[v], tangents[arg], local, v, counts)
            events.append(
                Tangent(found[v], found[arg], index, local, tangents[arg], sent, tangents[v], part, len(edges))
            )
    return _trace("forward", found[order[-1]].name, found, events, tangents, tuple(found[v] for v in seeds))


def _trace(
    mode: Mode,
    objective: str,
    found: dict[Value, Variable],
    events: list[Event],
    totals: dict[Value, float],
    wrt: tuple[Variable, ...] = (),
) -> Trace:
    variables = {variable.id: variable for variable in found.values()}
    return Trace(
        mode,
        objective,
        next(reversed(variables.values())),
        variables,
        tuple(events),
        {found[v].id: totals[v] for v in found},
        wrt,
    )


def _add(total: float, upstream: float, local: float, v: Value, counts: bool) -> tuple[float, float]:
    """Return what flows through an edge of v, and the total with it; DomainError if that is not finite.

    Nothing flows where it does not count: to a side that was not taken, and behind it.
    """
    sent = upstream * local if counts else 0.0
    total += sent
    if total - total != 0:
        raise DomainError(
            f"the derivative of {v.op} at {places(v.op, v.args)} is not finite: "
            f"it would be {upstream!r} × {local!r}; keep the input away from that point"
        )
    return sent, total


def _tangents(wrt: Value | Mapping[Value, float] | None, found: Mapping[Value, Variable]) -> Mapping[Value, float]:
    """Return the Values to differentiate by, with their tangents."""
    if wrt is None:
        raise ValueError("mode='forward' takes wrt=, the Value to differentiate by, or several with their tangents")
    if not isinstance(wrt, (Value, Mapping)):
        raise TypeError(
            f"wrt takes a Value, or several with their tangents as in {{x: 1.0, y: 0.5}}, got "
            f"{type(wrt).__name__} {wrt!r}; pass the Value itself"
        )
    seeds = {wrt: 1.0} if isinstance(wrt, Value) else {v: real(t, "a tangent") for v, t in wrt.items()}
    if not seeds:
        raise ValueError("wrt takes at least one Value to differentiate by, got none")
    for v in seeds:
        if v not in found:
            inputs = ", ".join(variable.name for variable in found.values() if not variable.op)
            raise ValueError(f"the root does not depend on {v!r}; choose one of its nodes, such as the inputs {inputs}")
    return seeds
