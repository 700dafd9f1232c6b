"""The exercise in the page: a question for each blank, in groups, with its hints."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from microgrAD.explanation import lines
from microgrAD.explanation.blanks import Blank
from microgrAD.steps.trace import Trace
from viz.passes.lesson import said
from viz.web.words import Words

GROUP = 8  # the most blanks in a group


def groups(blanks: Sequence[Blank]) -> list[list[tuple[int, Blank]]]:
    """Return the blanks with their numbers, in groups of about the same size."""
    count = -(-len(blanks) // GROUP)
    numbered = list(enumerate(blanks))
    return [numbered[k * len(blanks) // count : (k + 1) * len(blanks) // count] for k in range(count)]


def exercise(trace: Trace, blanks: Sequence[Blank], say: Words, *, lock: bool = False) -> str:
    """Return the form with all questions. With `lock` it has the equations that its hints copy, as no step has them."""
    found = groups(blanks)
    lists = "\n".join(
        f'<ol data-group="{k}"{" hidden" * (k > 0)}>\n'
        + "\n".join(_question(trace, number, blank, say) for number, blank in group)
        + "\n</ol>"
        for k, group in enumerate(found)
    )
    tabs = "".join(
        f'<button type="button" data-to="{k}" aria-pressed="{str(k == 0).lower()}">'
        f'<span class="unseen">{escape(say("group"))} </span>{k + 1}</button>'
        for k in range(len(found))
    )
    pages = f'<div class="groups" role="group" aria-label="{escape(say("groups"))}">{tabs}</div>' * (len(found) > 1)
    return f"""<form id="exercise" aria-label="{escape(say("mode-exercise"))}" autocomplete="off">
<h2>{escape(say("mode-exercise"))} <small class="score" role="status"></small></h2>
<progress max="{len(blanks)}" value="0" aria-label="{escape(say("solved"))}"></progress>
<p class="how">{said.keys(say("exercise-how"))}</p>
{pages}
{lists}
<div class="done"><p>{escape(say("done"))}</p>
<p><label>{escape(say("your-name"))} <input type="text" data-name maxlength="40" spellcheck="false"></label>
{escape(say("code"))} <output class="code"></output></p></div>
<p class="acts"><button type="button" data-other>{escape(say("other-numbers"))}</button>
<button type="button" data-again>{escape(say("again"))}</button>
<button type="button" data-undo hidden>{escape(say("undo"))}</button>
<span class="undone" role="status"></span></p>
{_copied(trace, say) if lock else ""}
</form>"""


def _copied(trace: Trace, say: Words) -> str:
    steps = "".join(
        f'<div data-step="{k + 1}">{said.step(trace, k, say, answered=False)}</div>' for k in range(len(trace))
    )
    return f'<div class="copied" hidden>{steps}</div>'


def _question(trace: Trace, k: int, blank: Blank, say: Words) -> str:
    value = blank.key.endswith(".data")
    left = said.WRITER.name(blank.node.name) if value else lines.derivative(trace, blank.node, said.WRITER)
    spoken = say("value-of" if value else "derivative-at", name=said.spoken(blank.node.name))
    hints = "".join(said.hints(trace, blank.key, say))
    return (
        f'<li class="question" data-part="{blank.part}" data-key="{blank.key}">'
        f'<label for="answer-{k}">{said.math(left + " =")}<span class="unseen">{escape(spoken)}</span></label> '
        f'<input type="text" inputmode="text" id="answer-{k}" spellcheck="false" enterkeyhint="done" '
        f'aria-describedby="verdict-{k}"> '
        f'<button type="button" data-hint>{escape(say("hint"))}</button> '
        f'<output id="verdict-{k}"></output>{hints}</li>'
    )
