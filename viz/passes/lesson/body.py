"""The body of the lesson's page: the drawing, the steps, the exercise, the inputs, and a table of all numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from microgrAD import formula
from microgrAD.explanation import lines
from microgrAD.explanation.blanks import Blank
from microgrAD.steps.trace import Trace, Variable
from viz.graph.nodes import Graph
from viz.passes.lesson import said
from viz.web.navigation import navigation, theme_button


def title(trace: Trace) -> str:
    """Return the default title of a lesson."""
    how = "Backpropagation" if trace.mode == "reverse" else "Forward mode"
    return f"{how} through {trace.root.name}, step by step"


def write(trace: Trace, graph: Graph, svg: str, heading: str, blanks: Sequence[Blank], theme: str | None = None) -> str:
    """Return the page's body. `theme`: the page's own theme; None if it follows the reader's."""
    return f"""<header>
<h1>{escape(heading)}</h1>
<div class="modes" role="group" aria-label="what to do">
<button type="button" data-mode-button="steps" aria-pressed="true">Steps</button>
<button type="button" data-mode-button="exercise" aria-pressed="false"{"" if blanks else " disabled"}>Exercise</button>
</div>
{theme_button(theme)}
</header>
<noscript><p>This page computes its numbers by a script, which is switched off here.</p></noscript>
<main>
<figure id="picture"><div class="drawing">{svg}</div>{_legend(trace)}</figure>
<div class="columns">
<div class="reading">
{_steps(trace)}
{_exercise(trace, blanks, graph)}
</div>
{_inputs(trace)}
</div>
{_table(trace)}
</main>
{navigation("steps", "step")}
<p id="live" class="unseen" aria-live="polite"></p>"""


def _legend(trace: Trace) -> str:
    return (
        f'<figcaption><span class="value">= value</span> <span class="grad">∂ {escape(trace.quantity)}</span> '
        '<span class="local">× local derivative</span></figcaption>'
    )


# ---------------------------------------------------------------------------------------------- steps


def _steps(trace: Trace) -> str:
    sections = "\n".join(
        f'<section class="step" data-step="{k + 1}" hidden>\n'
        f"<h2>Step {k + 1} of {len(trace)} <small>{_phase(trace, k)}</small></h2>\n"
        f"{said.step(trace, k)}\n</section>"
        for k in range(len(trace))
    )
    return f"""<div class="steps">
<section class="step" data-step="0" hidden>
<h2>Before the first step</h2>
<p class="say">{_beginning(trace)}</p>
<p class="keys"><kbd>→</kbd> next, <kbd>←</kbd> back, <kbd>Home</kbd> first, <kbd>End</kbd> last,
<kbd>Space</kbd> play</p>
</section>
{sections}
</div>"""


def _phase(trace: Trace, k: int) -> str:
    kind = type(trace[k]).__name__
    return {"Forward": "forward pass", "Backward": "backward pass", "Seed": "backward pass"}.get(kind, "tangents")


def _beginning(trace: Trace) -> str:
    if trace.mode == "forward":
        return "Values are computed from the inputs to the result, and with each its derivative, by the chain rule."
    return (
        "First the values are computed, from the inputs to the result. Then the gradients, from the result back to "
        "the inputs, by the chain rule: each wire hands on upstream times local, and what arrives at a node is "
        "added up."
    )


# ---------------------------------------------------------------------------------------------- inputs


def _inputs(trace: Trace) -> str:
    rows = "\n".join(_input(v) for v in trace.variables.values() if not v.op)
    return f"""<form id="inputs" aria-label="inputs" autocomplete="off">
<h2>Inputs <small>type or drag</small></h2>
{rows}
<button type="button" data-reset>Reset inputs</button>
</form>"""


def _input(v: Variable) -> str:
    reach = _reach(v.data)
    low, high, step = v.data - reach, v.data + reach, reach / 100
    label = escape(v.name, quote=True)
    return (
        f'<div class="input" data-input="{v.id}" data-number="{v.data!r}">'
        f'<label for="input-{v.id}">{math_name(v)}<span class="unseen">{label}</span></label>'
        f'<input type="text" inputmode="decimal" id="input-{v.id}" aria-describedby="wrong-{v.id}" '
        'spellcheck="false">'
        f'<input type="range" aria-label="drag {label}" min="{low!r}" max="{high!r}" step="{step!r}">'
        f'<span class="wrong" id="wrong-{v.id}"></span></div>'
    )


def math_name(v: Variable) -> str:
    """Return a node's name as mathematics."""
    return f'<math aria-hidden="true">{formula.translate(said.WRITER.name(v.name))}</math>'


def _reach(x: float) -> float:
    """Return how far a slider goes to each side of x: a round number, at least twice as large as x."""
    size = max(2 * abs(x), 2.0)
    power = 10.0 ** math.floor(math.log10(size))
    return math.ceil(size / power) * power


# ---------------------------------------------------------------------------------------------- exercise


def _exercise(trace: Trace, blanks: Sequence[Blank], graph: Graph) -> str:
    wires = {(edge.target, edge.index): edge.id for edge in graph.edges}
    questions = "\n".join(_question(trace, k, blank, wires) for k, blank in enumerate(blanks))
    return f"""<form id="exercise" aria-label="exercise" autocomplete="off">
<h2>Exercise <small class="score" role="status"></small></h2>
<progress max="{len(blanks)}" value="0" aria-label="solved"></progress>
<p>Work out each <b>?</b> in the drawing. Type the number and press <kbd>Enter</kbd>; 1/4 is a number, too.</p>
<ol>
{questions}
</ol>
<p class="done">All found. Try it with other numbers.</p>
<button type="button" data-other>Other numbers</button> <button type="button" data-again>Start again</button>
</form>"""


def _question(trace: Trace, k: int, blank: Blank, wires: Mapping[tuple[str, int], str]) -> str:
    value = blank.key.endswith(".data")
    left = said.WRITER.name(blank.node.name) if value else lines.derivative(trace, blank.node, said.WRITER)
    spoken = f"value of {blank.node.name}" if value else f"derivative at {blank.node.name}"
    edges = [] if value else lines.edges_to(trace, blank.node)
    parts = " ".join(f"{e.node.id}.{e.index}.contribution" for e in edges)
    locals_ = " ".join(wires[e.node.id, e.index] for e in edges)
    hints = "".join(said.hints(trace, blank.key))
    return (
        f'<li class="question" data-part="{blank.part}" data-key="{blank.key}" '
        f'data-parts="{parts}" data-locals="{locals_}">'
        f'<label for="answer-{k}">{said.math(left + " =")}<span class="unseen">{escape(spoken)}</span></label> '
        f'<input type="text" inputmode="text" id="answer-{k}" spellcheck="false" enterkeyhint="done"> '
        f'<button type="button" data-hint>Hint</button> <output></output>{hints}</li>'
    )


# ---------------------------------------------------------------------------------------------- table


def _table(trace: Trace) -> str:
    rows = "\n".join(_row(trace, v) for v in trace.variables.values())
    head = "gradient" if trace.mode == "reverse" else "derivative"
    return f"""<details class="table"><summary>All of it as a table</summary>
<table><thead><tr><th scope="col">node</th><th scope="col">computed as</th><th scope="col">value</th>
<th scope="col">{head}</th></tr></thead><tbody>
{rows}
</tbody></table></details>"""


def _row(trace: Trace, v: Variable) -> str:
    return (
        f'<tr><th scope="row">{escape(v.name)}</th><td>{_formula(trace, v)}</td>'
        f'<td class="value" data-part="{v.id}.value"></td><td class="grad" data-part="{v.id}.grad"></td></tr>'
    )


def _formula(trace: Trace, v: Variable) -> str:
    if not v.op:
        return "input"
    return said.math(" + ".join(lines.value(trace, v, said.WRITER).sides[0]))
