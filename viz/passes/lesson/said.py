"""The text of a lesson's steps: formulas as MathML, and sentences, with a slot for each number of the trace."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from microgrAD import formula
from microgrAD.explanation import lines
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Slots
from microgrAD.ops import OPS
from microgrAD.steps.trace import Backward, Edge, Event, Forward, Seed, Tangent, TangentSeed, Trace, Variable

WRITER = Slots()


# ---------------------------------------------------------------------------------------------- formulas


def math(latex: str) -> str:
    """Return a formula as MathML. Each formula is an element of its own, so that a line can break between two."""
    return f'<math displaystyle="true">{formula.translate(latex)}</math>'


def equation(line: Line, *, until: int | None = None) -> str:
    """Return a line's equation as HTML. `until`: how many sides to show, with ? for the rest; by default all."""
    sides = line.written()
    shown = [*sides[:until], *(["?"] if until is not None else [])]
    return (
        '<p class="equation">'
        + math(line.left)
        + "".join(f'<span class="side">{math("= " + side)}</span>' for side in shown)
        + (f' <span class="remark">{escape(line.note)}</span>' if line.note else "")
        + "</p>"
    )


# ---------------------------------------------------------------------------------------------- steps


def step(trace: Trace, k: int) -> str:
    """Return the text of event number k, from 0, as HTML."""
    event = trace[k]
    equations = "".join(map(equation, lines.event(trace, k, WRITER)))
    if not isinstance(event, (Backward, Tangent)):
        return f'<p class="say">{sentence(trace, event)}</p>{equations}'
    return (
        f'<p class="say">{sentence(trace, event)}</p>{_product(trace, event)}'
        f'<div class="derivation">{equation(lines.local(trace, event, WRITER))}{equations}</div>'
    )


def _product(trace: Trace, event: Edge) -> str:
    """Return upstream × local = contribution, in large type."""
    source = event.node if isinstance(event, Backward) else event.arg
    sign = math(r"\times"), math("="), math(r"\rightarrow")
    cards = [
        _card("upstream", "upstream", lines.derivative(trace, source, WRITER), f"{source.id}.derivative"),
        sign[0],
        _card("local", "local", WRITER.partial(event.node.name, event.arg.name), _key(event, "local")),
        sign[1],
        _card("contribution", "contribution", "", _key(event, "contribution")),
    ]
    if event.parts > 1:
        total = lines.derivative(trace, event.arg if isinstance(event, Backward) else event.node, WRITER)
        cards += [sign[2], _card("total", f"sum so far, {event.part} of {event.parts}", total, _key(event, "total"))]
    return f'<div class="product">{"".join(cards)}</div>'


def _card(kind: str, name: str, latex: str, key: str) -> str:
    what = math(latex) if latex else ""
    return (
        f'<div class="card {kind}"><span class="kind">{name}</span>'
        f'<span class="what">{what}<span class="number" data-slot="{key}"></span></span></div>'
    )


def _key(event: Edge, field: str) -> str:
    return f"{event.node.id}.{event.index}.{field}"


# ---------------------------------------------------------------------------------------------- sentences


def sentence(trace: Trace, event: Event) -> str:
    """Return the step in words, as HTML."""
    match event:
        case Forward(node=node) if not node.op:
            return f"The input {_name(node)} is {_slot(f'{node.id}.data')}."
        case Forward(node=node):
            return (
                f"Forward: {_operation(node)} makes {_name(node)} of {_operands(trace, node)}: "
                f"{_slot(f'{node.id}.data')}."
            )
        case Seed(root=node):
            by = "its derivative by itself is" if trace.objective == node.name else "the gradient from above is"
            return f"The backward pass begins at {_name(node)}: {by} {_slot(f'{node.id}.derivative')}."
        case TangentSeed(node=node) if node in trace.wrt:
            return f"We differentiate by {_name(node)}: its own derivative is {_slot(f'{node.id}.derivative')}."
        case TangentSeed(node=node):
            return f"{_name(node)} does not depend on that: its derivative is {_slot(f'{node.id}.derivative')}."
        case Backward(node=by, arg=to):
            verb = "Backward"
        case Tangent(node=to, arg=by):
            verb = "Forward"
    total = f" That is part {event.part} of {event.parts}, {_slot(_key(event, 'total'))} so far." * (event.parts > 1)
    if event.part == event.parts > 1:
        total = f" It is the last of {event.parts} parts, which add up to {_slot(_key(event, 'total'))}."
    return (
        f"{verb}: from {_name(by)} to {_name(to)} flows upstream {_slot(f'{by.id}.derivative')} times local "
        f"{_slot(_key(event, 'local'))}, which is {_slot(_key(event, 'contribution'))}.{total}"
    )


def _name(node: Variable) -> str:
    return f"<b>{escape(node.name)}</b>"


def _operation(node: Variable) -> str:
    return f"the operation {escape(OPS[node.op].symbol)}"


def _operands(trace: Trace, node: Variable) -> str:
    names = [
        _name(arg) if isinstance(arg, Variable) else escape(f"{arg:g}".replace("-", "−"))
        for arg in trace.operands(node)
    ]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _slot(key: str) -> str:
    return f'<span data-slot="{key}"></span>'


# ---------------------------------------------------------------------------------------------- exercise


def hints(trace: Trace, key: str) -> Iterator[str]:
    """Return two hints for a number: for a derivative, the local derivatives; then the chain rule without the result.

    The page copies text that is in the steps already.
    """
    id, _, field = key.partition(".")
    node = trace.variables[id]
    if field == "data":
        k = next(k for k, event in enumerate(trace) if isinstance(event, Forward) and event.node == node)
        yield _copies(f"{k + 1}:0:1")
        yield _copies(f"{k + 1}:0:{len(lines.value(trace, node, WRITER).sides) - 1}")
        return
    edges = lines.edges_to(trace, node)
    if not edges:
        yield _hint("<p>This is where the derivatives begin.</p>")
        return
    line = lines.gradient(trace, edges, WRITER)
    places = [next(k for k, event in enumerate(trace) if event is edge) + 1 for edge in edges]
    yield _copies(*(f"{k}:0" for k in places))
    yield (
        _copies(f"{places[0]}:1:{len(line.sides) - 1}")
        if len(edges) == 1
        else _hint(equation(line, until=len(line.sides) - 1))
    )


def _hint(html: str) -> str:
    return f'<div class="hint" hidden>{html}</div>'


def _copies(*places: str) -> str:
    """Return a hint that copies equations of steps: "step:equation", or "step:equation:sides" for the first sides."""
    return f'<div class="hint" hidden data-copy="{" ".join(places)}"></div>'
