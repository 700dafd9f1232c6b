"""The lesson of a run of training: the picture of its network, or of its loss, and what each step computes.

A page keeps each line of its pictures once, however many steps have it. Without scripts it shows the last picture and
the text of all steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from rcssmin import cssmin
from rjsmin import jsmin

from microgrAD.explanation.writers import OnPage
from microgrAD.steps.training import TrainingTrace
from viz.passes.captions import Said
from viz.passes.lesson.said import equation
from viz.passes.tell import tell
from viz.web import shell
from viz.web.navigation import navigation, theme_button
from viz.web.words import Words
from viz.write import svg

SCRIPTS = ("web/theme.js", "web/address.js", "web/stepper.js", "passes/lesson/run.js")
STYLES = ("web/base.css", "passes/lesson/run.css")


def document(trace: TrainingTrace, say: Words, *, theme: str | None, digits: int, title: str, **options: Any) -> str:
    """Return the page. The options are those of `tell`.

    Raises: ValueError for a run of more steps than can be watched, or an option that such a page does not have.
    """
    told = tell(trace, shell.VARIABLES, digits=digits, **options)
    heading = title or told.name
    frames = [svg.write(scene).split("\n") for scene in told.draw(None, 0.0)]
    lines = {line: k for k, line in enumerate(dict.fromkeys(line for frame in frames for line in frame))}
    return shell.document(
        title=heading,
        lang=say.lang,
        style=cssmin(shell.style(STYLES, theme)),
        script=jsmin(shell.script("", SCRIPTS)),
        body=_body(told.said, "\n".join(frames[-1]), heading, say, theme, digits),
        data={"lines": list(lines), "frames": [[lines[line] for line in frame] for frame in frames]},
        theme=theme,
    )


def _body(said: Sequence[Said], picture: str, heading: str, say: Words, theme: str | None, digits: int) -> str:
    steps = "\n".join(_step(k, some, digits, say) for k, some in enumerate(said))
    return f"""<header>
<h1>{escape(heading)}</h1>
{theme_button(theme, say.lang)}
</header>
<p class="still">{escape(say("still-run"))}</p>
<main>
<figure tabindex="0" aria-label="{escape(say("picture"))}">{picture}</figure>
<div class="told" tabindex="0" role="region" aria-live="polite" aria-label="{escape(say("panel"))}">
{steps}
</div>
</main>
{navigation("steps", "step", say.lang)}"""


def _step(k: int, said: Said, digits: int, say: Words) -> str:
    equations = "".join(equation(line) for line in said(OnPage(digits)))
    return f'<section data-step="{k}"><h2>{escape(say("run-step", k=k))}</h2>{equations}</section>'
