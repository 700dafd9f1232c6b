"""Who can use a lesson: axe-core finds nothing on any kind of page; nodes are read by keyboard; paper; no script."""

from __future__ import annotations

from pathlib import Path

import axe
import pytest
from lessons import circuit, neuron, opened, texts
from playwright.sync_api import Browser, Page

import viz
from microgrAD.gallery import ENTRIES
from microgrAD.steps import steps
from viz.style import number

KINDS = {
    "first screen": ("", {}),
    "a step": ("#step=14", {}),
    "the gradient": ("#mode=explore", {}),
    "an exercise": ("#mode=exercise", {}),
    "a locked exercise": ("", {"lock": True}),
    "forward mode, in Italian": ("#step=9", {"mode": "forward", "lang": "it"}),
    "settings and table": ("#step=5", {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_in_light_in_dark_and_on_a_phone(kind: str, page: Page, tmp_path: Path) -> None:
    at, options = KINDS[kind]
    root = neuron()
    if options.get("mode") == "forward":
        options = {**options, "wrt": next(v.value for v in steps(root).variables.values() if not v.op)}
    page.emulate_media(color_scheme="light")
    opened(page, tmp_path, root, at=at, **options)
    if "exercise" in kind:
        page.locator(".question:visible [data-hint]").first.click()
        page.locator(".question:visible input").nth(1).fill("99")
        page.keyboard.press("Enter")
    if kind == "settings and table":
        page.evaluate("() => { for (const e of document.querySelectorAll('details')) e.setAttribute('open', ''); }")
        page.locator("#input-n0").fill("nothing")
    assert axe.found(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe.found(page, "color-contrast") == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert axe.found(page) == []


def test_nodes_are_reached_and_read_by_keyboard(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step=999", every=False)
    page.locator("svg g[tabindex='0']").focus()
    read = "() => document.activeElement.getAttribute('aria-label')"
    heard = [page.evaluate(read)]
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown", "Home", "End"):
        page.keyboard.press(key)
        heard.append(page.evaluate(read))
    assert heard == [
        "x, input, value 1, gradient 2",
        "q, +, value 3, gradient 2",
        "f, ×, value 6, gradient 1",
        "q, +, value 3, gradient 2",
        "z, input, value 2, gradient 3",
        "x, input, value 1, gradient 2",
        "f, ×, value 6, gradient 1",
    ]
    assert page.url.endswith("#step=10"), "the arrow keys in the drawing are the drawing's"
    page.keyboard.press("Tab")
    assert page.evaluate("() => !document.activeElement.closest('svg')"), "one stop for the whole drawing"
    page.get_by_role("button", name="Exercise").click()
    page.locator("svg g[tabindex='0']").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(read) == "q, +, value ?, gradient ?"


def test_on_paper_the_graph_is_on_one_page_and_the_steps_are_a_table(page: Page, tmp_path: Path) -> None:
    trace = steps(ENTRIES["lecture-network"].make().root)
    opened(page, tmp_path, trace, at="#step=3")
    page.set_viewport_size({"width": 965, "height": 690})  # A4 across without its margins, at 96 to the inch
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    box = page.locator(".drawing svg").bounding_box()
    assert box and box["width"] <= 965 and box["height"] <= 590, "A4 across, without its margins"
    assert page.locator("figure.landscape").count() == 1
    size = page.locator(".drawing g.value text").first.evaluate(
        "(t) => { const svg = t.ownerSVGElement, wide = svg.getBoundingClientRect().width;"
        " return parseFloat(t.getAttribute('font-size')) * wide / svg.viewBox.baseVal.width; }"
    )
    assert size >= 6.5, "CSS pixels, which is 5 points"
    displays = page.locator(".step").evaluate_all("(all) => all.map((s) => getComputedStyle(s).display)")
    assert displays[0] == "none" and set(displays[1:]) == {"table-row"} and len(displays) == len(trace) + 1
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") > 1
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")


# ---------------------------------------------------------------------------------------------- no script


@pytest.mark.parametrize("how", ["off", "refused"])
def test_where_scripts_are_blocked_the_real_numbers_stand_there_and_a_note_says_so(
    how: str, chromium: Browser, tmp_path: Path
) -> None:
    trace = steps(neuron())
    html = str(viz.page(trace))
    if how == "refused":  # as by the policy of a mail program or a server
        html = html.replace(
            "script-src ", "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' x.invalid; old ", 1
        )
    (tmp_path / "still.html").write_text(html, "utf-8")
    context = chromium.new_context(java_script_enabled=how != "off", offline=True)
    page = context.new_page()
    page.goto((tmp_path / "still.html").as_uri())
    assert page.locator(".still").is_visible()
    assert page.locator("nav, .tools, .modes, button").locator("visible=true").count() == 0
    shown = dict(
        page.locator("svg :is(g.value, g.grad)").evaluate_all("(all) => all.map((g) => [g.dataset.id, g.textContent])")
    )
    truth = {f"{v.id}.value": number(v.data) for v in trace.variables.values()}
    assert shown == truth | {f"{id}.grad": number(x) for id, x in trace.derivatives.items()}
    assert page.locator(".step").locator("visible=true").count() == len(trace)
    said = page.locator(".step[data-step='12'] .say").text_content() or ""
    assert said == "Backward: from o to n flows upstream 1 times local 0.5, which is 0.5."
    assert page.locator("#input-n0").input_value() == "2"
    context.close()


def test_the_note_goes_where_scripts_run(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit())
    assert page.locator(".still").is_hidden()
    assert texts(page)["n4.value"] == "6"
