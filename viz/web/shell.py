"""A page in one file: style, script and data are inside it, and a policy lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from viz.style import DARK, LIGHT, PRINT, Theme

_VIZ = Path(__file__).parent.parent


def document(
    *,
    title: str,
    style: str,
    body: str,
    script: str = "",
    worker: str = "",
    data: Any = None,
    attributes: str = "",
    theme: str | None = None,
    lang: str = "en",
) -> str:
    """Return a page. The policy allows these scripts and this style by hash, but no others, no eval, no request.

    With a `worker` the policy also has `worker-src blob:`. Then a script of the page can start a Worker from a text of
    its own. It cannot start one from an address. No new script gets in, since only the two scripts with these hashes
    can make such a text. The Worker inherits the policy, so it can load and send nothing. A `data:` address would allow
    the same texts; a second file would not be "one file".

    Arguments:
        title: the title.
        style: the CSS.
        body: the HTML of the body.
        script: the JavaScript.
        worker: a script that runs in the page, before `script`, and also in a Worker, which the page makes of the text
            of the element with the id "worker".
        data: what the script reads with JSON.parse from the element "data".
        attributes: attributes of the body.
        theme: the page's own theme; by default it follows the reader's.
        lang: the language of the page.
    """
    fixed = f' data-theme="{theme}"' if theme else ""
    scripts = " ".join(_hash(part) for part in (worker, script) if part) or "'none'"
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src {_hash(style)}; "
        f"img-src data:; base-uri 'none'; form-action 'none'{'; worker-src blob:' if worker else ''}"
    )
    if worker:
        body += f'\n<script id="worker">{worker}</script>'
    if script:
        body += f'\n<script type="application/json" id="data">{_json(data)}</script>\n<script>{script}</script>'
    return f"""<!DOCTYPE html>
<html lang="{lang}"{fixed}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body{attributes}>
{body}
</body>
</html>
"""


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data: Any) -> str:
    """Return JSON that cannot end the script element around it."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def asset(name: str) -> str:
    """Return the text of an asset; the asset "web/base.css" is the file viz/web/assets/base.css."""
    room, _, file = name.rpartition("/")
    return (_VIZ / room / "assets" / file).read_text(encoding="utf-8")


def script(operations: str, names: Sequence[str]) -> str:
    """Return the generated operations, and then, in a scope of their own, the assets with these names."""
    return "\n" + operations + "{\n" + "\n".join(map(asset, names)) + "}\n"


def style(names: Sequence[str], theme: str | None = None) -> str:
    """Return the themes' colours as variables, then the assets with these names. `theme`: the page's own, or None."""
    return "\n" + "".join(_variables(theme)) + "\n".join(map(asset, names))


# ---------------------------------------------------------------------------------------------- colours

# a theme whose colours are the page's variables, so that a picture follows the theme of its page
VARIABLES = replace(
    LIGHT, name="page", **{f.name: f"var(--{f.name.replace('_', '-')})" for f in fields(Theme) if f.name != "name"}
)


def _variables(theme: str | None) -> Iterator[str]:
    yield f":root {{ color-scheme: light; {_colors(LIGHT)} }}\n"
    yield (
        "@media (prefers-color-scheme: dark) "
        f"{{ :root:not([data-theme=light]) {{ color-scheme: dark; {_colors(DARK)} }} }}\n"
    )
    yield f":root[data-theme=dark] {{ color-scheme: dark; {_colors(DARK)} }}\n"
    if theme == PRINT.name:
        yield f":root:root[data-theme=print] {{ color-scheme: light; {_colors(PRINT)} }}\n"
    yield f"@media print {{ :root:root:root {{ color-scheme: light; {_colors(PRINT)} }} }}\n"


def _colors(theme: Theme) -> str:
    return " ".join(
        f"--{f.name.replace('_', '-')}: {getattr(theme, f.name)};" for f in fields(theme) if f.name != "name"
    )
