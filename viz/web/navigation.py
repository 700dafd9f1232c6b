"""Controls that several pages have: the bar to go through steps or epochs, and the button for the theme."""

from __future__ import annotations


def theme_button(theme: str | None) -> str:
    """Return the button that changes the theme, see theme.js; "" for a page with a theme of its own."""
    return "" if theme else '<button type="button" id="theme">Theme: <span>auto</span></button>'


def navigation(name: str, one: str) -> str:
    """Return the bar to go through steps or epochs, see stepper.js. `name`: "steps"; `one`: "step"."""

    def button(go: str, sign: str, name: str) -> str:
        return f'<button type="button" data-go="{go}" aria-label="{name}" title="{name}">{sign}</button>'

    return f"""<nav id="{name}" aria-label="{name}">
{button("first", "|◀", f"first {one} (Home)")}
{button("back", "←", f"{one} back (←)")}
<button type="button" data-go="play" aria-pressed="false" title="play (Space)">▶ <span>Play</span></button>
{button("next", "→", f"next {one} (→)")}
{button("last", "▶|", f"last {one} (End)")}
<input type="range" min="0" max="0" value="0" step="1" aria-label="{one}">
<span class="count"></span>
</nav>"""
