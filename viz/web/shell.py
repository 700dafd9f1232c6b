"""A self-contained page: style, script and data inside of it, and a policy under which nothing else runs or loads."""

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
    """The page. `data` is read by the script, if there is one, with JSON.parse; the policy lets this script and this
    style in by their hashes, and no other, no eval, no request. `attributes` are those of the body. `theme` is the
    page's own; by default it follows the reader's.

    `worker` is a script that runs in the page, before the other, and in a Worker too, which the page makes of the
    text of the element with the id "worker". For that the policy has `worker-src blob:`, and only then. What this
    allows: a script of the page may start a Worker from a text of its own making. What it does not allow: to start
    one from any address, or to let in a script that could not run before, since only the two scripts with these
    hashes can make such a text; the Worker inherits the policy, so it can load and send nothing. The other way to
    have a Worker, a `data:` address, is open to the same texts; a file beside the page would end "one file".
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
    """JSON that can't end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def asset(name: str) -> str:
    """The text of an asset, named after its room: "web/base.css" is viz/web/assets/base.css."""
    room, _, file = name.rpartition("/")
    return (_VIZ / room / "assets" / file).read_text(encoding="utf-8")


def script(operations: str, names: Sequence[str]) -> str:
    """The generated operations, and after them, in a scope of their own, the assets of these names."""
    return "\n" + operations + "{\n" + "\n".join(map(asset, names)) + "}\n"


def style(names: Sequence[str], theme: str | None = None) -> str:
    """The colours of the themes as variables, then the assets of these names. `theme` is the page's own, if any."""
    return "\n" + "".join(_variables(theme)) + "\n".join(map(asset, names))


# ---------------------------------------------------------------------------------------------- colours

# a theme whose colours are the page's variables: what is drawn with it follows the page's theme
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
