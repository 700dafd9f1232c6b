"""The body of the lesson's page: the drawing, the steps, the inputs, and a table of all numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from microgrAD import formula
from microgrAD.explanation import lines
from microgrAD.explanation.blanks import Blank
from microgrAD.steps.trace import Backward, Forward, Seed, Trace, Variable
from viz.passes.board import quantity_of
from viz.passes.lesson import said
from viz.passes.lesson.exploring import exploring
from viz.passes.lesson.questions import exercise
from viz.web.navigation import navigation, theme_button
from viz.web.words import Words

PACES = {"slow": 3.2, "usual": 1.6, "fast": 0.6}  # seconds that a step stays


def title(trace: Trace, say: Words) -> str:
    """Return the default title of a lesson."""
    return say(f"title-{trace.mode}", root=said.spoken(trace.root.name))


def write(
    trace: Trace,
    pictures: Sequence[str],
    heading: str,
    blanks: Sequence[Blank],
    say: Words,
    theme: str | None = None,
    *,
    lock: bool = False,
) -> str:
    """Return the page's body.

    Arguments:
        trace: the trace.
        pictures: the drawing in its shapes, each as SVG; the first one shows where no script runs.
        heading: the title.
        blanks: the numbers of the exercise.
        say: the words.
        theme: the page's own theme; None if it follows the reader's.
        lock: whether the reader sees only the exercise.
    """
    others = "".join(f"<template>{svg}</template>" for svg in pictures[1:])
    drawn = f'<div class="drawing">{pictures[0]}</div>{others}'
    told = "" if lock else f'<div class="reading">\n{_steps(trace, say)}\n{exploring(trace, say)}\n</div>'
    return f"""<header>
<h1>{escape(heading)}</h1>
{_modes(say, lock=lock, blanks=bool(blanks))}
{_settings(theme, say, lock=lock)}
</header>
<p class="still">{escape(say("still-locked" if lock else "still"))}</p>
<main>
<figure id="picture" aria-label="{escape(say("picture"))}">{drawn}{_tools(say)}{_legend(trace, say)}</figure>
<div class="panel" tabindex="0" role="region" aria-label="{escape(say("panel"))}">
<div class="columns">
{told}
{exercise(trace, blanks, say, lock=lock)}
{_inputs(trace, say)}
</div>
{"" if lock else _table(trace, say)}
</div>
</main>
{"" if lock else navigation("steps", "step", say.lang)}
<p id="live" class="unseen" aria-live="polite"></p>"""


def _modes(say: Words, *, lock: bool, blanks: bool) -> str:
    if lock:
        return ""
    buttons = "".join(
        f'<button type="button" data-mode-button="{mode}" aria-pressed="{str(mode == "steps").lower()}"'
        f"{' disabled' * (mode == 'exercise' and not blanks)}>{escape(say(f'mode-{mode}'))}</button>"
        for mode in ("steps", "explore", "exercise")
    )
    return f'<div class="modes" role="group" aria-label="{escape(say("modes"))}">{buttons}</div>'


def _settings(theme: str | None, say: Words, *, lock: bool) -> str:
    paces = "".join(
        f'<option value="{seconds}"{" selected" * (name == "usual")}>{escape(say(f"pace-{name}"))}</option>'
        for name, seconds in PACES.items()
    )
    steps = f"""<label>{escape(say("pace"))} <select data-pace>{paces}</select></label>
<label><input type="checkbox" data-every> {escape(say("every"))}</label>"""
    inside = ("" if lock else steps) + theme_button(theme, say.lang)
    summary = f"<summary>{escape(say('settings'))}</summary>"
    return f'<details class="settings">{summary}<div>{inside}</div></details>' if inside else ""


def _tools(say: Words) -> str:
    buttons = "".join(
        f'<button type="button" data-fit="{name}" aria-label="{escape(say(f"fit-{name}"))}" '
        f'title="{escape(say(f"fit-{name}"))}">{sign}</button>'
        for name, sign in [("less", "−"), ("whole", escape(say("fit"))), ("more", "+")]
    )
    fold = (
        f'<button type="button" data-fit="fold" aria-pressed="false" data-open="{escape(say("unfold"))}" '
        f'data-shut="{escape(say("fold"))}">{escape(say("fold"))}</button>'
    )
    return (
        f'<div class="tools" role="group" aria-label="{escape(say("tools"))}">{fold}{buttons}</div>'
        '<div class="overview" hidden aria-hidden="true"></div>'
    )


def _legend(trace: Trace, say: Words) -> str:
    quantity = quantity_of(trace, say)
    return (
        f'<figcaption><span class="value">= {escape(say("value"))}</span> '
        f'<span class="grad">∂ {escape(quantity)}</span> '
        f'<span class="local">× {escape(say("local"))}</span></figcaption>'
    )


# ---------------------------------------------------------------------------------------------- steps


def _steps(trace: Trace, say: Words) -> str:
    sections = "\n".join(
        f'<section class="step" data-step="{k + 1}" hidden>\n'
        f'<h2><span class="which">{escape(say("step", k=k + 1, last=len(trace)))}</span> '
        f"<small>{escape(say(_phase(trace, k)))}</small></h2>\n"
        f'<div class="told">{said.step(trace, k, say)}</div>\n</section>'
        for k in range(len(trace))
    )
    onward = escape(say("mode-explore"))
    return f"""<div class="steps">
<section class="step" data-step="0" hidden>
<h2>{escape(say("beginning"))}</h2>
<p class="say">{escape(say(f"begin-{trace.mode}"))} {escape(say("begin-live"))}</p>
<p class="keys">{said.keys(say("keys"))}</p>
</section>
{sections}
<p class="onward"><button type="button" data-mode-button="explore" aria-pressed="false">{onward}</button></p>
</div>"""


def _phase(trace: Trace, k: int) -> str:
    return {Forward: "phase-forward", Backward: "phase-backward", Seed: "phase-backward"}.get(
        type(trace[k]), "phase-tangents"
    )


# ---------------------------------------------------------------------------------------------- inputs


def _inputs(trace: Trace, say: Words) -> str:
    rows = "\n".join(_input(v, say) for v in trace.variables.values() if not v.op)
    return f"""<form id="inputs" aria-label="{escape(say("inputs"))}" autocomplete="off">
<h2>{escape(say("inputs"))} <small>{escape(say("inputs-how"))}</small></h2>
<div class="rows">
{rows}
</div>
<button type="button" data-reset>{escape(say("reset"))}</button>
</form>"""


def _input(v: Variable, say: Words) -> str:
    reach = _reach(v.data)
    low, high, step = v.data - reach, v.data + reach, reach / 100
    label = escape(said.spoken(v.name), quote=True)
    return (
        f'<div class="input" data-input="{v.id}" data-number="{v.data!r}">'
        f'<label for="input-{v.id}">{math_name(v)}<span class="unseen">{label}</span></label>'
        f'<input type="text" inputmode="decimal" id="input-{v.id}" aria-describedby="wrong-{v.id}" '
        f'value="{said.number(v.data, 17)}" spellcheck="false">'
        f'<input type="range" aria-label="{escape(say("drag"))} {label}" min="{low!r}" max="{high!r}" step="{step!r}">'
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


# ---------------------------------------------------------------------------------------------- table


def _table(trace: Trace, say: Words) -> str:
    rows = "\n".join(_row(trace, v, say) for v in trace.variables.values())
    heads = ("column-node", "column-formula", "value", f"column-{trace.mode}")
    head = "".join(f'<th scope="col">{escape(say(key))}</th>' for key in heads)
    return f"""<details class="table"><summary>{escape(say("table"))}</summary>
<table><thead><tr>{head}</tr></thead><tbody>
{rows}
</tbody></table></details>"""


def _row(trace: Trace, v: Variable, say: Words) -> str:
    return (
        f'<tr><th scope="row">{said.called(v.name)}</th><td>{_formula(trace, v, say)}</td>'
        f'<td class="value" data-part="{v.id}.value">{said.slot(f"{v.id}.data")}</td>'
        f'<td class="grad" data-part="{v.id}.grad">{said.slot(f"{v.id}.derivative")}</td></tr>'
    )


def _formula(trace: Trace, v: Variable, say: Words) -> str:
    if not v.op:
        return escape(say("input"))
    return said.math(" + ".join(lines.value(trace, v, said.WRITER).sides[0]))
