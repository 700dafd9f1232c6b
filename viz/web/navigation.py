"""Controls that several pages have: the bar to go through steps or epochs, and the button for the theme."""

from __future__ import annotations

from html import escape

from viz.web.words import Words


def theme_button(theme: str | None, lang: str = "en") -> str:
    """Return the button that changes the theme, see theme.js; "" for a page with a theme of its own."""
    say = Words(lang, "shared")
    names = " ".join(f'data-{name}="{escape(say(f"theme-{name}"))}"' for name in ("auto", "light", "dark"))
    written = f"{escape(say('theme'))} <span>{escape(say('theme-auto'))}</span>"
    return "" if theme else f'<button type="button" id="theme" {names}>{written}</button>'


def navigation(name: str, one: str, lang: str = "en") -> str:
    """Return the bar to go through steps or epochs, see stepper.js. `name`: "steps"; `one`: "step"."""
    say = Words(lang, "shared")
    several, single = escape(say(f"nav-{name}")), escape(say(f"nav-{one}"))

    def button(go: str, sign: str) -> str:
        told = escape(say(f"nav-{go}", one=say(f"nav-{one}")))
        return f'<button type="button" data-go="{go}" aria-label="{told}" title="{told}">{sign}</button>'

    play, pause = escape(say("nav-play")), escape(say("nav-pause"))
    told = escape(say("nav-said", one=say(f"nav-{one}"), k="{k}", last="{last}"))
    player = f'title="{escape(say("nav-play-key"))}" data-play="{play}" data-pause="{pause}"'
    return f"""<nav id="{name}" aria-label="{several}" data-said="{told}">
{button("first", "|◀")}
{button("back", "←")}
<button type="button" data-go="play" aria-pressed="false" {player}>▶ <span>{play}</span></button>
{button("next", "→")}
{button("last", "▶|")}
<input type="range" min="0" max="0" value="0" step="1" aria-label="{single}">
<span class="count"></span>
</nav>"""
