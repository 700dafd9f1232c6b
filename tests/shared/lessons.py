"""Lessons for the tests of pages, films and sheets, and what a browser shows of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page as Browser

import viz
from microgrAD import Value, parse
from microgrAD.steps.trace import Backward, Event, Forward, Seed, Tangent, TangentSeed, Trace
from viz.style import number

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><b>",
    "<!--",
    "]]>",
    "${1}",
    "&lt;i&gt;",
    "'onclick='alert(1)",
    "</style><style>*{display:none}",
    "\\n\u2028\u202e",
    "{{7*7}}",
]


def circuit() -> Value:
    """The lecture's f = (x + y) z."""
    return parse("q = x + y; f = q * z", x=1, y=2, z=2)


def fan_out() -> Value:
    """y = (c + d) + c d with c = a + b and d = a b."""
    return parse("c = a + b; d = a * b; y = (c + d) + c * d", a=2, b=3)


def neuron() -> Value:
    """Karpathy's neuron, of ten nodes."""
    return parse("n = x1*w1 + x2*w2 + b; o = tanh(n)", x1=2, x2=0, w1=-3, w2=1, b=6.8813735870195432)


def opened(
    page: Browser, folder: Path, root: Value | Trace, *, at: str = "", every: bool = True, **options: Any
) -> Browser:
    """The browser with the lesson in it, by default with a step for each event, as `#step-7` counts them."""
    file = folder / f"lesson{len(list(folder.iterdir()))}.html"
    viz.page(root, file, **options)
    page.goto(file.as_uri() + (f"{at or '#'}&every=1" if every else at))
    return page


def texts(page: Browser) -> dict[str, str]:
    """The numbers that the drawing shows, by part; blanks are left out."""
    return page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(
        ".drawing :is(g.value, g.grad, g.local)")].map((g) => [g.dataset.id, g.textContent]).filter(([, t]) => t))""")


def expected(events: list[Event], wires: dict[tuple[str, int], str], digits: int = 4) -> dict[str, str]:
    """What Python says that the drawing shows after some events; before the first step a lesson shows all of them."""
    shown = {}
    for event in events:
        match event:
            case Forward(node=v):
                shown[f"{v.id}.value"] = number(v.data, digits)
            case Seed(root=v, gradient=g) | TangentSeed(node=v, tangent=g):
                shown[f"{v.id}.grad"] = number(g, digits)
            case Backward() | Tangent():
                found = event.arg if isinstance(event, Backward) else event.node
                shown[f"{found.id}.grad"] = number(event.total, digits) + "…" * (event.part < event.parts)
                shown[f"{wires[event.node.id, event.index]}.local"] = "×" + number(event.local, digits)
    return shown


def wires(page: Browser) -> dict[tuple[str, int], str]:
    """The drawing's wires by their target and place in it."""
    found = page.evaluate("""() => [...document.querySelectorAll(".drawing g.edge")].map(
        (g) => [g.dataset.target, Number(g.dataset.index), g.dataset.id])""")
    return {(target, index): id for target, index, id in found}


def shown_step(page: Browser) -> int:
    """The step whose words are to be seen; only one is."""
    found = page.evaluate("""() => [...document.querySelectorAll(".step")].filter((s) => s.offsetParent).map(
        (s) => Number(s.dataset.step))""")
    assert len(found) == 1
    return int(found[0])
