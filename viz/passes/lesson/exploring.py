"""What a gradient is good for: a step down the slope, a nudge of one input, and the curve along it."""

from __future__ import annotations

from html import escape

from microgrAD.steps.trace import Trace, Variable
from viz.passes.lesson import said
from viz.web.words import Words

FEW = 6  # inputs, of which the list is open


def exploring(trace: Trace, say: Words) -> str:
    """Return the section of the page; explore.js fills in its numbers."""
    given = [v for v in trace.variables.values() if not v.op]
    return f"""<section class="explore" aria-label="{escape(say("mode-explore"))}">
{_nudge(trace, given, say)}
{_step(trace, given, say) if trace.mode == "reverse" else ""}
</section>"""


def _nudge(trace: Trace, given: list[Variable], say: Words) -> str:
    """Return the card with the curve: along one input, or in forward mode along the direction of the tangents."""
    if trace.mode == "reverse":
        options = "".join(f'<option value="{v.id}">{escape(said.spoken(v.name))}</option>' for v in given)
        which = f"<label>{escape(say('nudge-which'))} <select data-along>{options}</select></label>"
    else:
        which = f"<p>{escape(say('nudge-tangent', by=', '.join(said.spoken(v.name) for v in trace.wrt)))}</p>"
    root = said.spoken(trace.root.name)
    rows = [
        _number(say("nudge-moved"), "delta"),
        _number(say("nudge-predicted", root=root), "predicted", "grad"),
        _number(say("nudge-true", root=root), "true", "value"),
    ]
    slider = '<input type="range" data-nudge min="-100" max="100" value="25" step="1">'
    return f"""<div class="act nudge">
<h2>{escape(say("nudge"))}</h2>
{which}
<svg class="curve" viewBox="0 0 320 170"></svg>
<label>{escape(say("nudge-size"))} {slider}</label>
<table><tbody>{"".join(rows)}</tbody></table>
<p class="off" data-out="off"></p>
</div>"""


def _step(trace: Trace, given: list[Variable], say: Words) -> str:
    """Return the card of a step: parameters of a network move, or if there is none, all inputs."""
    learned = {v.id for v in given if v.scope} or {v.id for v in given}
    moves = "".join(
        f'<label><input type="checkbox" data-moves="{v.id}"{" checked" * (v.id in learned)}> '
        f"{said.called(v.name)}</label>"
        for v in given
    )
    root = said.spoken(trace.root.name)
    x = said.math("x")
    opened = " open" * (len(given) <= FEW)
    rows = [
        _number(say("descent-before", root=root), "before", "value"),
        _number(say("descent-predicted", root=root), "after-predicted", "grad"),
        _number(say("descent-true", root=root), "after", "value"),
    ]
    return f"""<div class="act descent">
<h2>{escape(say("descent"))}</h2>
<p>{x} ← {x} − η · {said.math(said.WRITER.partial(root, "x"))}</p>
<label>{escape(say("rate"))} <input type="range" data-rate min="-300" max="50" value="-100" step="5">
<output data-out="rate"></output></label>
<details{opened}><summary>{escape(say("moves"))}</summary><div class="moves">{moves}</div></details>
<table><tbody>{"".join(rows)}</tbody></table>
<p class="off" data-out="verdict"></p>
<button type="button" data-descend>{escape(say("descend"))}</button>
<button type="button" data-ascend disabled>{escape(say("undo"))}</button>
<svg class="losses" viewBox="0 0 320 60" hidden></svg>
</div>"""


def _number(name: str, out: str, kind: str = "") -> str:
    """Return a row of a table: a name, and the place of a number."""
    return f'<tr><th scope="row">{escape(name)}</th><td class="{kind}" data-out="{out}"></td></tr>'
