"""The text of a lesson's steps: formulas as MathML, and sentences, with a slot for each number of the trace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

from microgrAD import formula
from microgrAD.explanation import lines
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Slots
from microgrAD.ops import OPS
from microgrAD.steps import naming
from microgrAD.steps.trace import Backward, Edge, Event, Forward, Seed, Tangent, TangentSeed, Trace, Variable
from viz.passes.captions import indexed
from viz.style import MINUS
from viz.style import number as written
from viz.web.words import Words

WRITER = Slots()


# ---------------------------------------------------------------------------------------------- formulas


def math(latex: str) -> str:
    """Return a formula as MathML. Each formula is an element of its own, so that a line can break between two."""
    return f'<math displaystyle="true">{formula.translate(latex)}</math>'


def equation(line: Line, about: str = "", *, until: int | None = None) -> str:
    """Return a line's equation as HTML.

    Arguments:
        line: the line.
        about: what it works out, such as "value n4", "edge n4.0", "sum n1"; slots.js chooses its digits by that.
        until: how many sides to show, with ? for the rest; by default all.
    """
    sides = line.written()
    told = f' data-about="{about}"' if about else ""
    shown = [*sides[:until], *(["?"] if until is not None else [])]
    return (
        f'<p class="equation"{told}>'
        + math(line.left)
        + "".join(f'<span class="side">{math("= " + side)}</span>' for side in shown)
        + "</p>"
    )


def called(name: str) -> str:
    """Return a name as HTML; a label between dollars is set as mathematics."""
    return math(WRITER.name(name)) if naming.mathematics(name) else escape(name)


def spoken(name: str) -> str:
    """Return a name in plain text, with small indices."""
    return indexed(naming.plain(name))


def keys(text: str) -> str:
    """Return a text in which what stands between backquotes is a key or a number to type."""
    return re.sub(r"`([^`]+)`", r"<kbd>\1</kbd>", escape(text))


def slot(key: str) -> str:
    """Return the place of a number of the trace."""
    return f'<span data-slot="{key}"></span>'


def number(x: float, digits: int = 4) -> str:
    """Return a number as pictures write it; with 17 digits as Python writes it."""
    return repr(x).removesuffix(".0").replace("-", MINUS) if digits == 17 else written(x, digits)


def filled(html: str, numbers: Mapping[str, float], digits: int) -> str:
    """Return HTML with its numbers in their slots, for a page whose script may not run."""

    def put(found: re.Match[str]) -> str:
        text = number(numbers[found[2]], digits)
        return found[1] + (f"({text})" if "operand" in found[1] and numbers[found[2]] < 0 else text)

    return re.sub(r'(<(?:mn|span)[^<>]* data-slot="([^"]+)"[^<>]*>)(?=<)', put, html)


def numbers(trace: Trace) -> dict[str, float]:
    """Return every number of a trace by its key, such as "n3.data" or "n4.0.local"."""
    found = {f"{v.id}.data": v.data for v in trace.variables.values()}
    found |= {f"{id}.derivative": x for id, x in trace.derivatives.items()}
    for event in trace:
        if isinstance(event, (Backward, Tangent)):
            found |= {_key(event, field): getattr(event, field) for field in ("local", "contribution", "total")}
    return found


# ---------------------------------------------------------------------------------------------- steps


def step(trace: Trace, k: int, say: Words, *, answered: bool = True) -> str:
    """Return the text of event number k, from 0, as HTML; only its equations unless it is `answered`."""
    event = trace[k]
    told = lines.event(trace, k, WRITER)
    if isinstance(event, (Backward, Tangent)):
        own, equations = _edge_equations(trace, event, told)
        if not answered:
            return own + equations
        part = say("part", part=event.part, parts=event.parts) if event.parts > 1 else ""
        remark = f'<p class="remark">{escape(part)}</p>' if part else ""
        return (
            f'<p class="say">{sentence(trace, event, say)}</p>{_product(trace, event, say)}'
            f'<div class="derivation">{own}{equations}{remark}</div>'
        )
    about = f"value {event.node.id}" if isinstance(event, Forward) and event.node.op else ""
    equations = "".join(equation(line, about) for line in told)
    return (f'<p class="say">{sentence(trace, event, say)}</p>' if answered else "") + equations


def _edge_equations(trace: Trace, event: Edge, told: list[Line]) -> tuple[str, str]:
    """Return the equation of an edge's local derivative, and those of its contribution and of the sum so far."""
    edge = f"edge {event.node.id}.{event.index}"
    to = event.arg if isinstance(event, Backward) else event.node
    abouts = [edge, f"sum {to.id}"]
    local = equation(lines.local(trace, event, WRITER), edge)
    return local, "".join(equation(line, about) for line, about in zip(told, abouts, strict=False))


def _product(trace: Trace, event: Edge, say: Words) -> str:
    """Return upstream × local = contribution, in large type."""
    source = event.node if isinstance(event, Backward) else event.arg
    sign = math(r"\times"), math("="), math(r"\rightarrow")
    cards = [
        _card("upstream", say("upstream"), lines.derivative(trace, source, WRITER), f"{source.id}.derivative"),
        sign[0],
        _card("local", say("local-short"), WRITER.partial(event.node.name, event.arg.name), _key(event, "local")),
        sign[1],
        _card("contribution", say("contribution"), "", _key(event, "contribution")),
    ]
    if event.parts > 1:
        total = lines.derivative(trace, event.arg if isinstance(event, Backward) else event.node, WRITER)
        so_far = say("sum-so-far", part=event.part, parts=event.parts)
        cards += [sign[2], _card("total", so_far, total, _key(event, "total"))]
    return f'<div class="product">{"".join(cards)}</div>'


def _card(kind: str, name: str, latex: str, key: str) -> str:
    what = math(latex) if latex else ""
    return (
        f'<div class="card {kind}"><span class="kind">{escape(name)}</span>'
        f'<span class="what">{what}<span class="number" data-slot="{key}"></span></span></div>'
    )


def _key(event: Edge, field: str) -> str:
    return f"{event.node.id}.{event.index}.{field}"


# ---------------------------------------------------------------------------------------------- sentences


def sentence(trace: Trace, event: Event, say: Words) -> str:
    """Return the step in words, as HTML."""
    match event:
        case Forward(node=node) if not node.op:
            key, given = "say-input", {"name": _name(node), "number": slot(f"{node.id}.data")}
        case Forward(node=node):
            key = "say-forward"
            given = {
                "symbol": escape(OPS[node.op].symbol),
                "name": _name(node),
                "operands": _operands(trace, node, say),
                "number": slot(f"{node.id}.data"),
            }
        case Seed(root=node):
            key = "say-seed" if trace.objective == node.name else "say-seed-above"
            given = {"name": _name(node), "number": slot(f"{node.id}.derivative")}
        case TangentSeed(node=node):
            key = "say-tangent-seed" if node in trace.wrt else "say-tangent-zero"
            given = {"name": _name(node), "number": slot(f"{node.id}.derivative")}
        case Backward(node=by, arg=to) | Tangent(node=to, arg=by):
            key = "say-backward" if isinstance(event, Backward) else "say-tangent"
            given = {
                "by": _name(by),
                "to": _name(to),
                "upstream": slot(f"{by.id}.derivative"),
                "local": slot(_key(event, "local")),
                "number": slot(_key(event, "contribution")),
            }
    return say.html(key, **given) + _total(event, say)


def _total(event: Event, say: Words) -> str:
    if not isinstance(event, (Backward, Tangent)) or event.parts == 1:
        return ""
    key = "say-last-part" if event.part == event.parts else "say-part"
    return " " + say.html(key, part=event.part, parts=event.parts, total=slot(_key(event, "total")))


def _name(node: Variable) -> str:
    return f"<b>{called(node.name)}</b>"


def _operands(trace: Trace, node: Variable, say: Words) -> str:
    names = [
        _name(arg) if isinstance(arg, Variable) else escape(f"{arg:g}".replace("-", MINUS))
        for arg in trace.operands(node)
    ]
    return f" {escape(say('and'))} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


# ---------------------------------------------------------------------------------------------- exercise


def hints(trace: Trace, key: str, say: Words) -> Iterator[str]:
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
        told = say("hint-seed") if trace.mode == "reverse" else say("hint-tangent", name=spoken(node.name))
        yield _hint(f"<p>{escape(told)}</p>")
        return
    line = lines.gradient(trace, edges, WRITER)
    places = [next(k for k, event in enumerate(trace) if event is edge) + 1 for edge in edges]
    yield _copies(*(f"{k}:0" for k in places))
    yield (
        _copies(f"{places[0]}:1:{len(line.sides) - 1}")
        if len(edges) == 1
        else _hint(equation(line, f"sum {id}", until=len(line.sides) - 1))
    )


def _hint(html: str) -> str:
    return f'<div class="hint" hidden>{html}</div>'


def _copies(*places: str) -> str:
    """Return a hint that copies equations of steps: "step:equation", or "step:equation:sides" for the first sides."""
    return f'<div class="hint" hidden data-copy="{" ".join(places)}"></div>'
