"""The lesson's page in a real browser, step by step: what stands in it, by each way of getting there."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from lessons import circuit, expected, fan_out, neuron, opened, shown_step, texts, wires
from playwright.sync_api import Page

import viz
from microgrAD import Value, parse
from microgrAD.steps import Backward, Seed, steps
from viz.style import DARK, LIGHT, number
from viz.web.shell import asset

EXAMPLES = {"circuit": circuit, "fan_out": fan_out, "neuron": neuron}


@pytest.mark.parametrize("name", EXAMPLES)
def test_to_the_end_and_back_every_number_is_pythons_and_the_rest_is_blank(
    name: str, page: Page, tmp_path: Path
) -> None:
    root = EXAMPLES[name]()
    trace = list(steps(root, gradient=2))
    opened(page, tmp_path, root, gradient=2)
    by_wire = wires(page)
    for k in [*range(len(trace) + 1), *reversed(range(len(trace)))]:
        if k != shown_step(page):
            page.keyboard.press("ArrowRight" if k > shown_step(page) else "ArrowLeft")
        assert shown_step(page) == k
        assert texts(page) == expected(trace[:k] or trace, by_wire)
    page.keyboard.press("ArrowLeft")
    assert shown_step(page) == 0


def test_forward_mode_is_stepped_through_alike(page: Page, tmp_path: Path) -> None:
    root = parse("log(x1) + x1*x2 - sin(x2)", x1=2, x2=5)
    x1 = next(v.value for v in steps(root).variables.values() if v.name == "x1")
    trace = list(steps(root, mode="forward", wrt=x1))
    opened(page, tmp_path, root, mode="forward", wrt=x1)
    for k in range(1, len(trace) + 1):
        page.keyboard.press("ArrowRight")
        assert texts(page) == expected(trace[:k], wires(page))
    assert texts(page)["n6.grad"] == "5.5"


def test_what_is_active_stands_out(page: Page, tmp_path: Path) -> None:
    root = fan_out()
    trace = list(steps(root))
    opened(page, tmp_path, root)
    by_wire = wires(page)
    for event in trace:
        page.keyboard.press("ArrowRight")
        marked = page.evaluate("""() => Object.fromEntries(["active", "source", "flowing"].map((name) => [name,
            [...document.querySelectorAll(`.drawing g.${name}`)].map((g) => g.dataset.id)]))""")
        if isinstance(event, Backward):
            assert marked == {
                "active": [event.arg.id],
                "source": [event.node.id],
                "flowing": [by_wire[event.node.id, event.index]],
            }
            assert page.locator("figure.against.derivative").count() == 1
        else:
            node = event.root if isinstance(event, Seed) else event.node
            assert marked["active"] == [node.id]
            assert len(marked["flowing"]) == (0 if isinstance(event, Seed) else len(node.args))
    width = "(g) => getComputedStyle(g.querySelector('.box rect')).strokeWidth"
    assert page.locator(".drawing g.active").evaluate(width) != page.locator(
        ".drawing g.leaf:not(.active)"
    ).first.evaluate(width)


def test_the_panel_multiplies_upstream_by_local_and_adds_up(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, fan_out(), at="#step-13")
    step = page.locator(".step:visible")
    assert step.locator(".card .number").all_text_contents() == ["1", "6", "6", "7"]
    assert step.locator(".equation").evaluate_all(
        "(all) => all.map((e) => [...e.children].filter((c) => !c.hidden).map((c) => c.textContent).join(' '))"
    ) == ["∂v2∂c =d =6", "∂y∂v2·∂v2∂c =1·d =1·6 =6", "∂y∂c =1+6 =7"]
    assert page.locator(".step:visible math").first.evaluate("(m) => m.namespaceURI").endswith("MathML")


# ---------------------------------------------------------------------------------------------- ways to a step


def test_keys_buttons_slider_and_links(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-7")
    last = len(steps(circuit()))
    assert shown_step(page) == 7
    for key, k in [("End", last), ("ArrowRight", last), ("Home", 0), ("ArrowLeft", 0), ("PageDown", 1), ("PageUp", 0)]:
        page.keyboard.press(key)
        assert (shown_step(page), page.url.partition("#")[2]) == (k, f"step={k}&every=1" if k else "every=1")
    for name, k in [
        ("next step (→)", 1),
        ("last step (End)", last),
        ("step back (←)", last - 1),
        ("first step (Home)", 0),
    ]:
        page.get_by_role("button", name=name, exact=True).click()
        assert shown_step(page) == k
    slider = page.get_by_role("slider", name="step", exact=True)
    slider.fill("4")
    assert shown_step(page) == 4
    assert page.locator(".count").text_content() == f"4 / {last}"
    slider.press("ArrowRight")
    assert shown_step(page) == 5
    page.evaluate("() => { location.hash = '#step-2&every=1'; }")
    page.wait_for_function("() => !document.querySelector('[data-step=\"2\"]').hidden")
    assert shown_step(page) == 2
    page.goto(page.url.partition("#")[0] + "#step-9999")
    page.reload()
    assert shown_step(page) == last


def test_steps_that_only_read_an_input_are_optional(page: Page, tmp_path: Path) -> None:
    """x, y and z are read at steps 1, 2 and 4 of the trace."""
    opened(page, tmp_path, circuit(), every=False)
    inputs = {"n0.value": "1", "n1.value": "2", "n3.value": "2"}
    seen = []
    for place in range(1, 8):
        page.keyboard.press("ArrowRight")
        seen.append(shown_step(page))
        assert page.locator(".step:visible .which").text_content() == f"Step {place} of 7"
        assert inputs.items() <= texts(page).items()
    assert seen == [3, 5, 6, 7, 8, 9, 10]
    assert page.url.endswith("#step=10")
    page.keyboard.press("Home")
    page.locator(".settings summary").click()
    page.get_by_label("a step for each input, too").check()
    page.keyboard.press("Escape")
    page.locator("body").press("ArrowRight")
    assert shown_step(page) == 1
    assert texts(page) == {"n0.value": "1"}
    assert page.url.endswith("#step=1&every=1")


def test_space_plays_and_pauses(page: Page, tmp_path: Path) -> None:
    page.clock.install()
    opened(page, tmp_path, circuit())
    page.keyboard.press(" ")
    assert page.get_by_role("button", name="Pause").get_attribute("aria-pressed") == "true"
    page.clock.run_for(1700)
    assert shown_step(page) == 1
    page.clock.run_for(1600)
    page.keyboard.press(" ")
    page.clock.run_for(20_000)
    assert shown_step(page) == 2
    page.keyboard.press(" ")
    page.clock.run_for(60_000)
    assert shown_step(page) == len(steps(circuit()))
    assert page.get_by_role("button", name="Play").get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("width", [1280, 390])
def test_no_two_buttons_look_alike(width: int, page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    opened(page, tmp_path, circuit())
    shown = [button.inner_text().strip() for button in page.locator("nav button").all() if button.is_visible()]
    assert len(shown) == len(set(shown)) >= 3


def test_arrow_keys_in_a_field_are_the_fields(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-3")
    page.locator("#input-n0").focus()
    for key in ("ArrowLeft", "Home", "End", " "):
        page.keyboard.press(key)
    assert shown_step(page) == 3


def test_each_step_is_said_aloud(page: Page, tmp_path: Path) -> None:
    root = fan_out()
    opened(page, tmp_path, root)
    live = page.locator("[aria-live=polite]")
    said = []
    for event in steps(root):
        page.keyboard.press("ArrowRight")
        said.append(live.text_content())
        if isinstance(event, Backward):
            words = said[-1].split()
            assert {event.node.name, event.arg.name, number(event.upstream)} <= set(words)
            assert number(event.contribution) in said[-1]
    assert len(set(said)) == len(said)


def test_the_keyboard_alone_reaches_everything(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-3")
    for mode in ("steps", "exercise"):
        page.evaluate(f"() => document.querySelector('[data-mode-button={mode}]').click()")
        count = page.evaluate("""() => {
            const all = [...document.querySelectorAll("button, input, summary, a[href]")];
            const open = all.filter((e) => e.checkVisibility() && !e.disabled);
            open.forEach((e, k) => { e.dataset.seen = ""; });
            document.activeElement.blur();
            return open.length;
        }""")
        for _ in range(count + 2):
            page.keyboard.press("Tab")
            page.evaluate("() => { if (document.activeElement) document.activeElement.dataset.seen = 'yes'; }")
        missed = page.evaluate("""() => [...document.querySelectorAll("[data-seen='']")].map((e) => e.outerHTML)""")
        assert missed == []
        assert count >= 12


# ---------------------------------------------------------------------------------------------- looks


def test_light_dark_and_the_readers_choice(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit())

    def ink() -> list[str]:
        return page.evaluate("""() => [getComputedStyle(document.body).backgroundColor,
                                       getComputedStyle(document.querySelector(".drawing g.value text")).fill]""")

    def rgb(color: str) -> str:
        return f"rgb({', '.join(str(int(color[k : k + 2], 16)) for k in (1, 3, 5))})"

    light, dark = ([rgb(theme.background), rgb(theme.value)] for theme in (LIGHT, DARK))
    page.emulate_media(color_scheme="light")
    assert ink() == light
    page.emulate_media(color_scheme="dark")
    assert ink() == dark
    page.locator(".settings summary").click()
    button = page.get_by_role("button", name="Theme")
    button.click()
    assert (ink(), button.text_content()) == (light, "Theme: light")
    button.click()
    assert (ink(), button.text_content()) == (dark, "Theme: dark")
    page.emulate_media(color_scheme="light")
    assert ink() == dark


def test_on_paper_all_steps_are_there_and_no_buttons(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-2")
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    seen = page.evaluate("() => [...document.querySelectorAll('.step')].filter((s) => s.offsetParent).length")
    assert seen == len(steps(circuit()))
    assert page.locator("button:visible").count() == 0
    assert texts(page) == expected(list(steps(circuit())), wires(page))
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert len(texts(page)) == 2


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_nothing_sticks_out_and_a_step_is_in_sight(width: int, height: int, page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": width, "height": height})
    opened(page, tmp_path, fan_out(), at="#step-13")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    top, said, bar = (page.locator(at).bounding_box() for at in ("figure", ".panel", "nav"))
    assert top and said and bar
    assert top["y"] + top["height"] <= said["y"] + 1 and said["y"] + said["height"] <= bar["y"] + 1, (
        "nothing is covered"
    )
    assert page.locator(".step:visible .product").bounding_box()["y"] < bar["y"]
    size = page.evaluate("""() => { const t = document.querySelector(".drawing g.value text");
        return t.getBoundingClientRect().height; }""")
    assert size >= (20 if width > 1000 else 13), "type can be read"
    active = page.locator(".drawing g.active .box").bounding_box()
    page.wait_for_timeout(600)
    active = page.locator(".drawing g.active .box").bounding_box()
    assert active and active["x"] >= 0 and active["x"] + active["width"] <= width


def test_text_stays_in_its_box_however_long_a_number_gets(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-99")
    page.locator("#input-n0").fill("-1.2345e-30")
    page.locator("#input-n3").fill("-1.2345e-200")
    over = page.evaluate("""() => [...document.querySelectorAll(".drawing :is(g.value, g.grad)")].filter((g) => {
        const id = `${g.dataset.id.split(".")[0]}.box`;
        const box = document.querySelector(`.drawing [data-id="${id}"]`).getBoundingClientRect();
        return g.getBoundingClientRect().right > box.right;
    }).map((g) => g.textContent)""")
    assert texts(page)["n3.value"] == "−1.234e−200"
    assert over == []


def test_a_table_says_the_same(page: Page, tmp_path: Path) -> None:
    root = circuit()
    opened(page, tmp_path, root, at="#step-6")
    page.locator(".table summary").click()
    rows = page.locator(".table tbody tr").evaluate_all(
        "(rows) => rows.map((r) => [...r.cells].map((c) => c.textContent))"
    )
    assert rows == [
        ["x", "input", "1", ""],
        ["y", "input", "2", ""],
        ["q", "x+y", "3", ""],
        ["z", "input", "2", ""],
        ["f", "q·z", "6", "1"],
    ]


# ---------------------------------------------------------------------------------------------- numbers


def test_numbers_are_written_as_python_writes_them(page: Page) -> None:
    from random import Random

    random = Random(7)
    numbers = [random.choice([1, -1]) * random.random() * 10.0 ** random.randint(-9, 9) for _ in range(1500)]
    numbers += [k / 16 for k in range(-400, 400)] + [k / 2 for k in range(9990, 10010)]  # ties
    numbers += [
        12344.5,
        12345.5,
        99999.5,
        999999.5,
        0.0,
        -0.0,
        1e300,
        5e-324,
        1.7976931348623157e308,
        9.9995,
        1e21,
        0.00001,
        0.0000999995,
        -123456789.0,
    ]
    page.add_script_tag(content=asset("web/number.js"))
    for digits in (1, 2, 3, 4, 6, 17):
        found = page.evaluate("([numbers, digits]) => numbers.map((x) => format(x, digits))", [numbers, digits])
        wrong = [(x, theirs) for x, theirs in zip(numbers, found, strict=True) if theirs != number(x, digits)]
        assert wrong == []


def test_a_page_shows_itself_in_a_notebook(page: Page, tmp_path: Path) -> None:
    data, _ = viz.page(circuit())._repr_mimebundle_()
    shown = data["text/html"]
    assert "<iframe srcdoc=" in shown and "<script>" not in shown
    (tmp_path / "notebook.html").write_text(f"<!DOCTYPE html><p>a cell</p>{shown}", "utf-8")
    page.goto((tmp_path / "notebook.html").as_uri())
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="next step (→)").click()
    assert frame.locator(".drawing g.value text").all_text_contents() == ["1", "2", "3", "2", ""]
    frame.get_by_role("button", name="Exercise").click()
    assert frame.locator("#exercise").is_visible()


def test_labels_of_mathematics_are_read_as_such() -> None:
    w = Value(0.5, label="$w_{12}^{[2]}$")
    out = (w * 2.0).sigmoid()
    out.label = r"$\hat{y}$"
    for html in (viz.page(out), viz.page(out, blanks=["$w_{12}^{[2]}$"], exercise=True, lang="it")):
        body = html.split("</head>")[1].partition("<script")[0]
        assert "$" not in re.sub(r'data-label="[^"]*"', "", body)
        assert "y\u0302" in unicodedata.normalize("NFD", html.split("<h1>")[1].split("</h1>")[0])
    assert "w₁₂^[2]" in viz.page(out)
