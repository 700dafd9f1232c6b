"""The HTML of the training player's body."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from viz.web.navigation import navigation, theme_button


def write(
    title: str,
    names: Sequence[str],
    features: Sequence[str],
    count: int,
    *,
    held: bool,
    target: str,
    loss_unit: str,
    theme: str | None,
    trained: str,
    axes: Sequence[int],
    playground: bool = False,
) -> str:
    """Return the page's body.

    Arguments:
        title: the title.
        names: the names of the classes; none for a quantity.
        features: the names of the inputs.
        count: how many points there are.
        held: whether some points were held out.
        target: the name of the quantity.
        loss_unit: the unit of the loss.
        theme: the page's own theme; None if it follows the reader's.
        trained: a sentence on how the network was trained.
        axes: the numbers of the two features that the plane shows.
        playground: whether the page links to the playground.
    """
    unit = f"{escape(loss_unit)}; " if loss_unit else ""
    return f"""<header><h1>{escape(title)}</h1>
<p class="now"><b id="epoch"></b> <span id="score"></span></p>
{theme_button(theme)}</header>
<noscript><p>This page computes its numbers by a script, which is switched off here.</p></noscript>
<p id="trained">{escape(trained)}{_link(playground)}</p>
<main class="player">
<section class="panel plane-panel">
<h2><span id="what">Answers of the network</span> <small id="how">click a point, or drag a new one</small></h2>
<div class="plane" id="plane"><canvas></canvas></div>{_image(features)}
{_legend(names, held=held)}{_sides(features, axes)}</section>
<section class="panel"><h2>The loss <small>{unit}click an epoch</small></h2><div id="loss"></div></section>
<section class="panel"><h2>The last hidden layer <small id="latent-name"></small></h2><div id="latent"></div></section>
<section class="panel wide">
<h2>The chosen point <small>in the network; click a neuron or the loss to open it</small></h2>
<form id="choice" autocomplete="off"><label>point <input type="number" min="1" max="{count}" id="number"></label>
{_fields(features)}
{_wanted(names, target)} <output id="point"></output></form>
<div id="wiring" tabindex="-1"></div>
<p class="key"><span class="value">= value</span> <span class="grad">∂ gradient of the loss</span>
<span class="grad">∂̄ its mean over the points learned from</span>
<span class="local">× local derivative</span> <span class="positive">━ weight above 0</span>
<span class="negative">━ below 0</span> <span>{_map(features)}</span></p>
<p class="key keys"><span><kbd>←</kbd> <kbd>→</kbd> epoch, <kbd>Space</kbd> play</span>
<span>on the data: arrows move the point</span>
<span>on a neuron: <kbd>Enter</kbd> opens, <kbd>Esc</kbd> closes</span></p>
</section>
</main>
{navigation("epochs", "epoch")}
<p id="live" class="unseen" aria-live="polite"></p>"""


def _link(playground: bool) -> str:
    return ' · <a id="to-playground" href="#">Open in the playground</a>' if playground else ""


def _image(features: Sequence[str]) -> str:
    """Return a place for the chosen point as a picture, if its features can be the pixels of a square."""
    side = math.isqrt(len(features))
    if side < 4 or side * side != len(features):
        return ""
    size = f'width="{side}" height="{side}"'
    return f'<canvas id="image" {size} role="img" aria-label="the chosen point as a picture"></canvas>'


def _map(features: Sequence[str]) -> str:
    """Return the meaning of the small pictures in the boxes."""
    if len(features) == 1:
        return '<span class="value">∿</span> the output of a unit along the axis'
    return (
        '▦ the output of a unit over the plane: <span class="positive">above</span>, '
        '<span class="negative">below 0</span>'
    )


def _legend(names: Sequence[str], *, held: bool) -> str:
    entries = "".join(
        f'<span><span class="entry" data-class="{k}"></span>{escape(name)}</span> ' for k, name in enumerate(names)
    )
    switches = '<label><input type="checkbox" id="hard"> classes only</label> ' if names else ""
    if held:
        switches += '<label><input type="checkbox" id="held" checked> held-out points (hollow)</label> '
    return f'<p class="legend">{entries}<span id="scale"></span>{switches}<span id="left-out"></span></p>'


def _sides(features: Sequence[str], axes: Sequence[int]) -> str:
    """Return fields for the two features that the plane shows, if there are more than two."""
    if len(features) < 3:
        return ""

    def side(id: str, name: str, at: int) -> str:
        options = "".join(
            f'<option value="{k}"{" selected" if k == at else ""}>{escape(feature)}</option>'
            for k, feature in enumerate(features)
        )
        return f'<label>{name} <select id="{id}">{options}</select></label>'

    return (
        f'<p class="sides">{side("across", "across", axes[0])} {side("up", "up", axes[1])} '
        "the others as the chosen point has them</p>"
    )


def _fields(features: Sequence[str]) -> str:
    return "\n".join(
        f'<label>{escape(name)} <input type="text" inputmode="decimal" spellcheck="false" data-feature="{k}"></label>'
        for k, name in enumerate(features)
    )


def _wanted(names: Sequence[str], target: str) -> str:
    """Return the field for the target of the chosen point."""
    if not names:
        return (
            f'<label>target {escape(target)} <input type="text" inputmode="decimal" spellcheck="false" '
            'id="wanted"></label>'
        )
    choices = "".join(f'<option value="{k}">{escape(name)}</option>' for k, name in enumerate(names))
    return f'<label>class <select id="class">{choices}</select></label>'
