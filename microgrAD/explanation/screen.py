"""Writes one step of a trace as a screen of a terminal: the nodes, their numbers so far, and what happens.

Where there is no terminal, the steps are a numbered list.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from microgrAD.explanation import lines
from microgrAD.explanation.terminal import BOLD, DIM, GREEN, RED, WIDTH, groups, measure, pad, paint, table
from microgrAD.explanation.writers import Text
from microgrAD.steps.trace import Backward, Forward, Seed, Tangent, TangentSeed, Trace

KEYS = "→ or space: next   ←: back   Home, End   q: done"


@dataclass(frozen=True)
class State:
    """What is known after some events.

    Arguments:
        values: ids of the nodes whose values are computed.
        derivatives: the derivatives so far, by id.
        waiting: ids of the nodes whose derivatives get further contributions.
    """

    values: set[str] = field(default_factory=set)
    derivatives: dict[str, float] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


def state(trace: Trace, k: int) -> State:
    """Return what is known after event number k."""
    now = State()
    for event in trace[: k + 1]:
        match event:
            case Forward(node):
                now.values.add(node.id)
            case Seed(root, gradient):
                now.derivatives[root.id] = gradient
            case TangentSeed(node, tangent):
                now.derivatives[node.id] = tangent
            case Backward() | Tangent():
                found = event.arg if isinstance(event, Backward) else event.node
                now.derivatives[found.id] = event.total
                (now.waiting.add if event.part < event.parts else now.waiting.discard)(found.id)
    return now


def listing(trace: Trace, *, digits: int = 6, width: int = WIDTH, color: bool = False) -> str:
    """Return every event, numbered from 1, as plain text. A blank line separates the two passes of reverse mode.

    Arguments:
        trace: the trace.
        digits: significant digits of numbers.
        width: characters of a line.
        color: whether to use colours.
    """
    turn = len(trace.variables) if trace.mode == "reverse" else len(trace)
    writer, room = Text(digits), len(str(len(trace)))
    blocks = []
    for some, style in ((range(turn), GREEN), (range(turn, len(trace)), RED)):
        said = [(k, line) for k in some for line in lines.event(trace, k, writer)]
        heads = [" " * room if j and said[j - 1][0] == k else f"{k + 1:{room}}" for j, (k, _) in enumerate(said)]
        rows = groups([line for _, line in said], width - room, color, style)
        blocks.append(
            "\n".join(
                f"\n{' ' * room}".join([head + first, *rest]) for head, (first, *rest) in zip(heads, rows, strict=True)
            )
        )
    return "\n\n".join(filter(None, blocks))


def screen(trace: Trace, k: int, *, digits: int = 6, width: int = 80, height: int = 24, color: bool = False) -> str:
    """Return the screen of event number k: up to `height` lines, or more if the event alone needs more.

    Arguments:
        trace: the trace.
        k: the number of the event, from 0.
        digits: significant digits of numbers.
        width, height: the size of the terminal, in characters.
        color: whether to use colours.
    """
    writer, forward = Text(digits), isinstance(trace[k], Forward)
    said = table(lines.event(trace, k, writer), width, color, GREEN if forward else RED)
    if forward:
        passing = "forward pass"
    else:
        passing = "backward pass" if trace.mode == "reverse" else f"tangents by {', '.join(v.name for v in trace.wrt)}"
    return "\n".join(
        [
            paint(f"Step {k + 1} of {len(trace)}: {passing}", BOLD, color),
            "",
            *_nodes(trace, k, writer, color, width, height - len(said) - 5),
            "",
            *said,
            "",
            paint(KEYS, DIM, color),
        ]
    )


def _nodes(trace: Trace, k: int, writer: Text, color: bool, width: int, room: int) -> list[str]:
    """Return a table of the nodes with those of the event marked; for a large graph, only the nodes around them."""
    now, known = trace[k], state(trace, k)
    active = [v.id for v in (getattr(now, name, None) for name in ("arg", "node", "root")) if v is not None]
    ids = list(trace.variables)
    start = max(0, min(ids.index(active[0]) - room // 2, len(ids) - room + 1))
    heads = ("", "node", "computed as", "value", "gradient" if trace.mode == "reverse" else "tangent")
    rows = [heads, *(_cells(trace, id, known, id in active, writer) for id in ids[start : start + max(1, room - 1)])]
    widths = [max(measure(row[j]) for row in rows) for j in range(len(heads))]
    widths[2] = max(measure(heads[2]), min(widths[2], width - sum(widths) + widths[2] - 8))
    styles = ("", "", "", GREEN, RED)
    return [
        "  ".join(
            paint(pad(_cut(cell, space), space), DIM if row is heads else style, color)
            for cell, space, style in zip(row, widths, styles, strict=True)
        ).rstrip()
        for row in rows
    ]


def _cells(trace: Trace, id: str, known: State, active: bool, writer: Text) -> tuple[str, ...]:
    v = trace.variables[id]
    derivative = known.derivatives.get(id)
    return (
        "▸" if active else " ",
        v.name,
        lines.value(trace, v, writer).written()[0] if v.op else "",
        writer.number(v.data, "") if id in known.values else "",
        "" if derivative is None else writer.number(derivative, "") + (" …" if id in known.waiting else ""),
    )


def _cut(text: str, width: int) -> str:
    """Return a text, cut to a width of `width` cells."""
    while measure(text) > width:
        text = text[:-2] + "…"
    return text
