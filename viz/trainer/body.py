"""The HTML of the playground's body, in a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from viz.trainer.formulas import everywhere
from viz.trainer.sets import SETS

Words = Mapping[str, str]
Options = Iterable[tuple[str, str]]

# in the order of the lists; the scripts hold the rest of each
RULES = ("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw")
SCHEDULES = ("constant", "step", "exponential", "cosine")
INITIAL = ("xavier", "kaiming", "uniform", "equal", "zero")
LOSSES = ("entropy", "squared", "hinge", "huber")
CHALLENGES = ("spirals-8", "circles-3", "xor-2", "circles-0", "moons-noisy", "yin-yang-20")
RATES = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
PENALTIES = (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
FACTORS = ("0.1", "0.33", "1", "3", "10")


def write(w: Words, title: str) -> str:
    """Return the page's body.

    Arguments:
        w: the words of the language.
        title: the heading.
    """
    return f"""<header data-part="head">
<h1>{escape(title)}</h1>
<div class="tabs" role="group" aria-label="{w["title"]}">{_tabs(w)}</div>
<button type="button" data-opens-dialog="challenge" data-part="challenge">{w["challenge"]}</button>
<button type="button" data-opens-dialog="sharing" data-part="out">{w["share"]}</button>
<button type="button" id="theme">{w["theme"]}: <span>auto</span></button>
</header>
<noscript><p>{w["noscript"]}</p></noscript>
<div id="message" role="alert" hidden><p id="message-text"></p>
<button type="button" id="message-close" aria-label="{w["close"]}">✕</button></div>
<div id="asked" role="status" hidden><b id="asked-title"></b><ul id="asked-parts"></ul>
<span id="asked-code"></span></div>
{_settings(w)}
<main>
{_data(w)}
{_network(w)}
{_result(w)}
</main>
{_steps(w)}
<p id="live" class="unseen" aria-live="polite"></p>
{_more(w)}
{_sharing(w)}
{_challenges(w)}
{_paste(w)}"""


def _tabs(w: Words) -> str:
    return "".join(
        f'<button type="button" data-tab="{name}" aria-pressed="{"true" if name == "network" else "false"}">'
        f"{w[f'tab-{name}']}</button>"
        for name in ("data", "network", "result")
    )


# ---------------------------------------------------------------------------------------------- controls


def _select(name: str, label: str, options: Options, *, id: str = "") -> str:
    listed = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return (
        f'<label class="setting"><span>{label}</span><select data-set="{name}"'
        f' id="{id or name}">{listed}</select></label>'
    )


def _number(name: str, label: str, choices: Iterable[float] = ()) -> str:
    listed = "".join(f'<option value="{x:.7g}"></option>' for x in choices)
    hint = f' list="{name}-choices"' if listed else ""
    return (
        f'<label class="setting"><span>{label}</span><input type="text" inputmode="decimal" spellcheck="false" '
        f'autocomplete="off" data-set="{name}" id="{name}"{hint}></label>'
        + (f'<datalist id="{name}-choices">{listed}</datalist>' if listed else "")
    )


def _slider(name: str, label: str, low: float, high: float, step: float) -> str:
    return (
        f'<label class="slider"><span>{label}</span><input type="range" min="{low}" max="{high}" step="{step}" '
        f'data-set="{name}" id="{name}"><output></output></label>'
    )


def _box(name: str, label: str) -> str:
    return f'<label class="box"><input type="checkbox" data-set="{name}" id="{name}"> {label}</label>'


def _named(w: Words, prefix: str, names: Iterable[str]) -> Options:
    return [(name, w[f"{prefix}-{name}"]) for name in names]


def _settings(w: Words) -> str:
    kinds = [("", w["activation-mixed"]), *((kind, kind) for kind in everywhere())]
    rules = [(rule, {"sgd": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW"}.get(rule, rule.title())) for rule in RULES]
    return f"""<section id="settings" data-part="settings" aria-label="{w["settings"]}">
{_number("lr", w["lr"], RATES)}
{_select("rule", w["rule"], rules)}
{_select("act", w["activation"], kinds)}
{_select("loss", w["loss"], _named(w, "loss", LOSSES))}
{_number("l1", w["l1"], PENALTIES)}
{_number("l2", w["l2"], PENALTIES)}
{_number("batch", w["batch"], (1, 5, 10, 20, 32, 64, 300))}
<button type="button" data-opens-dialog="more" data-part="more">{w["more"]} …</button>
</section>"""


# ---------------------------------------------------------------------------------------------- the three columns


def _data(w: Words) -> str:
    sets = "".join(
        f'<button type="button" data-data="{name}" aria-pressed="false" title="{w[f"data-{name}"]}" '
        f'aria-label="{w[f"data-{name}"]}"><canvas width="72" height="56"></canvas></button>'
        for name in SETS
    )
    tools = "".join(
        f'<button type="button" data-tool="{tool}" aria-pressed="false">{w[f"tool-{tool}"]}</button>'
        for tool in ("add", "move", "delete", "paint")
    )
    return f"""<section id="data-panel" data-part="data" data-column="data" aria-label="{w["data"]}">
<h2>{w["data"]}</h2>
<div id="sets">{sets}</div>
<div id="formula-row" hidden>{_number("formula", w["formula"])}</div>
<div id="classes-row" hidden>{_slider("classes", w["classes"], 2, 8, 1)}</div>
<div id="made-rows">{_slider("n", w["points"], 10, 1000, 10)}{_slider("noise", w["noise"], 0, 0.5, 0.01)}</div>
{_slider("share", w["held-share"], 0, 0.9, 0.05)}
<p class="row"><button type="button" id="new-data" title="{w["new-data-key"]}">{w["new-data"]}</button>
<button type="button" id="csv-choose">{w["csv-choose"]}</button>
<button type="button" id="csv-paste">{w["csv-paste"]}</button></p>
<input type="file" id="csv-file" accept=".csv,.tsv,.txt,.json" hidden>
<p class="row tools" role="group" aria-label="{w["tools"]}">{tools}</p>
<label class="setting inline"><span>{w["brush"]}</span><select id="brush"></select></label>
<div data-part="inputs"><h2>{w["inputs"]}</h2><div id="inputs" role="group" aria-label="{w["inputs"]}"></div></div>
</section>"""


def _network(w: Words) -> str:
    return f"""<section id="network" data-part="network" data-column="network" aria-label="{w["network"]}">
<p class="row"><button type="button" id="layers-less" aria-label="{w["layers-less"]}">−</button>
<b id="layer-count"></b> {w["layers"]}
<button type="button" id="layers-more" aria-label="{w["layers-more"]}">+</button>
<span id="sizes" class="muted"></span>
<button type="button" id="open-loss">{w["open-loss"]}</button>
<button type="button" id="check" title="{w["check-about"]}">{w["check"]}</button>
<span id="check-said" role="status"></span></p>
<div id="diagram" role="group" aria-label="{w["diagram"]}"></div>
<div id="weight" hidden><p id="weight-name"></p>
<input type="text" inputmode="decimal" id="weight-value" aria-labelledby="weight-name" spellcheck="false">
<button type="button" id="weight-close" aria-label="{w["close"]}">✕</button>
<input type="range" id="weight-drag" aria-label="{w["weight-drag"]}">
<p id="weight-said" aria-live="polite"></p></div>
{_scope(w)}
</section>"""


def _scope(w: Words) -> str:
    return f"""<div id="scope" hidden>
<p class="row"><b id="scope-title"></b>
<label class="box"><input type="radio" name="scope-of" id="scope-point" checked> {w["scope-point"]}</label>
<label class="box"><input type="radio" name="scope-of" id="scope-mean"> {w["scope-mean"]}</label>
<button type="button" id="scope-close" aria-label="{w["close"]}">✕</button></p>
<div id="scope-graph" tabindex="0" role="group" aria-label="{w["scope-of"]}"></div>
<p id="scope-wrong"></p>
<div id="scope-weights" tabindex="0" role="group" aria-label="{w["scope-weights"]}"></div>
<p class="row" id="lesson-commands"><button type="button" data-command="step">{w["lesson"]}</button>
<button type="button" data-command="exercise">{w["exercise"]}</button></p>
</div>"""


def _result(w: Words) -> str:
    return f"""<section id="result" data-column="result" aria-label="{w["result"]}">
<h2 id="plane-title">{w["what-answers"]}</h2>
<div id="plane"><canvas class="answers"></canvas><canvas class="points" tabindex="0" role="application"
aria-label="{w["plane-keys"]}"></canvas></div>
<p class="unseen"><span id="plane-across"></span> <span id="plane-up"></span></p>
<p class="row small" id="view-row" hidden>{_select("across", w["view-across"], ())}{_select("up", w["view-up"], ())}</p>
<p id="legend" class="row small"></p>
<p class="row small">{_box("hard", w["hard"])} {_box("heldout", w["heldout-show"])}</p>
<dl id="metrics"><div><dt>{w["metric-learn"]}</dt><dd id="metric-learn"></dd></div>
<div><dt>{w["metric-held"]}</dt><dd id="metric-held"></dd></div>
<div><dt>{w["metric-rate"]}</dt><dd id="metric-rate"></dd></div></dl>
<div id="lower" data-part="curves">
<p class="row small"><button type="button" data-lower="curve-box" aria-pressed="true">{w["curves"]}</button>
<button type="button" data-lower="confusion-box" aria-pressed="false">{w["confusion"]}</button>
<span id="curve-runs" class="muted"></span><button type="button" id="forget" class="quiet">{w["forget"]}</button></p>
<div id="curve-box"><figure><figcaption>{w["loss-title"]}</figcaption><div><canvas id="curve-loss" role="img"
aria-label="{w["curve-loss"]}"></canvas></div></figure><figure><figcaption>{w["accuracy-title"]}</figcaption><div>
<canvas id="curve-accuracy" role="img" aria-label="{w["curve-accuracy"]}"></canvas></div></figure></div>
<div id="confusion-box" hidden><div id="confusion"></div></div>
</div>
<div id="sees-lines" data-part="sees" role="status" aria-label="{w["sees"]}"></div>
</section>"""


def _steps(w: Words) -> str:
    steps = "".join(
        f'<button type="button" id="step-{kind}" title="{w[f"step-{kind}-key"]}">{w[f"step-{kind}"]}</button>'
        for kind in ("epoch", "batch", "one")
    )
    factors = "".join(
        f'<option value="{x}"{" selected" if x == "1" else ""}>× {x}</option>' for x in FACTORS
    )  # of the learning rate
    speeds = "".join(f'<option value="{k}">{w[f"speed-{k}"]}</option>' for k in ("slow", "medium", "fast", "most"))
    return f"""<nav id="steps" data-part="steps" aria-label="{w["steps"]}">
<button type="button" id="reset" title="{w["reset-key"]}">{w["reset"]}</button>
<button type="button" id="play" aria-pressed="false" title="{w["play-key"]}">▶ <span>{w["play"]}</span></button>
<span class="group" role="group" aria-label="{w["step"]}"><span class="label">{w["step"]}</span>{steps}</span>
<label class="setting inline" data-part="speed"><span>{w["speed"]}</span><select data-set="speed" id="speed">
{speeds}</select></label>
<span class="count">{w["epoch"]} <b id="epoch">0</b></span>
<span class="group" data-part="time"><input type="range" id="time" min="0" max="0" value="0" aria-label="{w["time"]}">
<button type="button" id="now" disabled>{w["now"]}</button>
<button type="button" id="from-here" disabled>{w["from-here"]}</button>
<label class="inline"><span class="unseen">{w["factor"]}</span><select id="factor">{factors}</select></label></span>
</nav>"""


# ---------------------------------------------------------------------------------------------- what opens above it


def _dialog(w: Words, id: str, title: str, content: str) -> str:
    return f"""<dialog id="{id}" aria-labelledby="{id}-title"><p class="row"><b id="{id}-title">{title}</b>
<button type="button" data-closes aria-label="{w["close"]}">✕</button></p>
{content}</dialog>"""


def _more(w: Words) -> str:
    content = f"""<div class="grid">
{_select("schedule", w["schedule"], _named(w, "schedule", SCHEDULES))}
{_number("dropout", w["dropout"], (0, 0.1, 0.25, 0.5))}
{_number("clip", w["clip"], (0, 0.1, 1, 10))}
{_select("init", w["init"], _named(w, "init", INITIAL))}
{_number("seed", w["seed"])}
{_number("dataseed", w["dataseed"])}
{_select("out", w["out-activation"], [(kind, kind) for kind in everywhere()])}
{_select("colors", w["colors"], _named(w, "colors", ("blue", "orange", "green", "pink")))}
</div>
<p>{_box("stop", w["stop"])} <button type="button" id="new-weights">{w["new-weights"]}</button></p>
<fieldset><legend>{w["kinds"]}</legend><div id="kinds" class="grid"></div></fieldset>
<p class="muted">{w["keys"]}</p>"""
    return _dialog(w, "more", w["settings"], content)


def _sharing(w: Words) -> str:
    kinds = ("link", "weights", "model", "python", "csv", "svg", "png")
    buttons = "".join(f'<button type="button" data-out="{kind}">{w[f"out-{kind}"]}</button>' for kind in kinds)
    content = f"""<p>{w["out-about"]}</p><p class="row">{buttons}</p>
<textarea id="out-text" readonly aria-label="{w["out-text"]}" rows="10" spellcheck="false"></textarea>
<p class="row"><button type="button" id="out-copy">{w["out-copy"]}</button>
<button type="button" id="out-save" hidden>{w["out-save"]}</button> <span id="out-said" role="status"></span></p>"""
    return _dialog(w, "sharing", w["share"], content)


def _challenges(w: Words) -> str:
    items = "".join(
        f'<li><button type="button" data-challenge="{id}">{w[f"challenge-{id}"]}</button></li>' for id in CHALLENGES
    )
    none = f'<li><button type="button" data-challenge="">{w["challenge-none"]}</button></li>'
    return _dialog(w, "challenge", w["challenge"], f"<p>{w['challenge-about']}</p><ul>{items}{none}</ul>")


def _paste(w: Words) -> str:
    content = f"""<p>{w["paste-about"]}</p>
<textarea id="paste-text" aria-label="{w["paste-text"]}" rows="12" spellcheck="false"></textarea>
<p><button type="button" id="paste-take">{w["paste-take"]}</button></p>"""
    return _dialog(w, "paste", w["csv-paste"], content)
