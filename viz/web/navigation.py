"""What a reader clicks on several pages: the bar for going through numbered things, and the button for the theme."""

from __future__ import annotations


def theme_button(theme: str | None) -> str:
    """The button that changes the theme, see theme.js; a page that has a theme of its own has none."""
    return "" if theme else '<button type="button" id="theme">Theme: <span>auto</span></button>'


def navigation(name: str, one: str) -> str:
    """The bar for going through numbered things, such as steps, one of which is a step; see stepper.js."""

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
