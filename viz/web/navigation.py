"""The bar for going through numbered things, such as the steps of a lesson or the epochs of a run."""

from __future__ import annotations


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
