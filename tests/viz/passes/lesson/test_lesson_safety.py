"""The page as a file that one is given: it asks for nothing, lets nothing in, and takes every label for a text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from graphs import graphs
from hypothesis import HealthCheck, given, settings
from lessons import HOSTILE, circuit, neuron, opened, texts
from playwright.sync_api import Browser, Page

import viz
from microgrAD import Value, parse
from microgrAD.graph import topological
from microgrAD.nn import MLP
from microgrAD.steps import steps
from viz import GraphTooLargeError


def test_one_request_the_file_itself(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, tmp_path, neuron())
    for key in ["ArrowRight"] * 5 + ["End"]:
        page.keyboard.press(key)
    page.get_by_role("button", name="Exercise").click()
    page.get_by_role("button", name="Other numbers").click()
    assert [url for url in asked if not url.startswith("data:")] == [page.url.partition("#")[0]]


def test_the_same_from_a_server(chromium: Browser, tmp_path: Path) -> None:
    """Not even an icon is asked for."""
    viz.page(circuit(), tmp_path / "lesson.html")
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://127.0.0.1:{server.server_port}/lesson.html#step-9&every=1")
        page.wait_for_load_state("networkidle")
        assert texts(page)["n4.value"] == "6"
        page.close()
        server.shutdown()
    assert (asked, said) == (["/lesson.html"], [])


def test_the_policy_lets_only_this_script_and_this_style_in(chromium: Browser, tmp_path: Path) -> None:
    html = viz.page(circuit(), tmp_path / "lesson.html")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    for kind, text in [
        ("script", html.split("<script>")[1].split("</script>")[0]),
        ("style", html.split("<style>")[1].split("</style>")[0]),
    ]:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"
    page = chromium.new_page()
    page.goto((tmp_path / "lesson.html").as_uri())
    title = page.title()
    assert (
        page.evaluate("""() => new Promise((resolve) => setTimeout(() => {      // out of the debugger's own hands
        const script = document.createElement("script");
        script.textContent = "document.title = 'taken over'";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=\\"document.title = 'taken over'\\">");
        try { resolve(eval("document.title = 'taken over'")); } catch (error) { resolve(error.name); }
    }))""")
        == "EvalError"
    )
    assert page.evaluate("() => fetch('https://example.org/').then(() => 'asked', () => 'refused')") == "refused"
    assert page.title() == title == "Backpropagation through f, step by step"
    page.close()


def test_there_is_no_style_and_no_handler_in_the_markup() -> None:
    body = viz.page(neuron(), exercise=True).split("<body")[1].split("<script")[0]
    assert re.findall(r"<[^>]*\s(?:style|on\w+)\s*=", body) == []
    assert re.findall(r"""(?:href|src)=["']?(?!data:)""", body) == []


# ---------------------------------------------------------------------------------------------- labels


def test_hostile_labels_stay_text(page: Page, tmp_path: Path) -> None:
    root: Any = 1.0
    for k, label in enumerate(HOSTILE):
        root = root * Value(k + 1.5, label=label)
        root.label = f"{label} {k}"
    trace = steps(root)
    opened(page, tmp_path, root, at="#fold=none", title=HOSTILE[0] + HOSTILE[2], exercise=True)
    assert page.title() == HOSTILE[0] + HOSTILE[2]
    assert page.locator("h1").text_content() == HOSTILE[0] + HOSTILE[2]
    assert page.locator("main :is(img, script, style, b > b, i, a, iframe)").count() == 0
    assert page.locator("script").count() == 2
    names = [v.name for v in trace.variables.values()]
    assert page.locator(".table tbody th").all_text_contents() == names
    page.get_by_role("button", name="Steps").click()
    page.keyboard.press("End")
    assert len(texts(page)) == 2 * len(names) + len([e for e in trace if type(e).__name__ == "Backward"])
    for k, v in enumerate(trace.variables.values()):
        page.goto(page.url.partition("#")[0] + f"#step-{k + 1}&every=1")
        assert v.name in (page.locator(".step:visible .say").text_content() or "")
    said = page.locator(".step").evaluate_all("(all) => all.map((s) => s.textContent).join(' ')")
    assert "undefined" not in said and "NaN" not in said


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs())
def test_any_graph_makes_a_page_that_ends_on_pythons_numbers(page: Page, tmp_path: Path, root: Value) -> None:
    trace = steps(root)
    opened(page, tmp_path, root, at="#step-9999&fold=none", digits=9)
    shown = texts(page)
    for v in trace.variables.values():
        for part, x in (("value", v.data), ("grad", trace.derivatives[v.id])):
            text = shown[f"{v.id}.{part}"]
            found = float(text.replace("−", "-"))
            assert found == pytest.approx(x, rel=1e-8, abs=1e-12), (part, v)


# ---------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rankdir": "XY"}, "rankdir must be one of"),
        ({"digits": 0}, "digits must be a whole number"),
        ({"tolerance": 0}, "tolerance must lie between"),
        ({"tolerance": float("nan")}, "tolerance"),
        ({"mode": "sideways"}, "mode must be one of"),
        ({"engine": "neato"}, "engine must be one of"),
        ({"time_limit": -1}, "time_limit must be a number"),
    ],
)
def test_an_option_that_does_not_exist(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        viz.page(circuit(), **options)


def test_a_place_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in \.html"):
        viz.page(circuit(), tmp_path / "lesson.pdf")
    with pytest.raises(FileNotFoundError, match="make it first"):
        viz.page(circuit(), tmp_path / "nowhere" / "lesson.html")
    with pytest.raises(TypeError, match="steps takes a Value"):
        viz.page(3.0)
    assert list(tmp_path.iterdir()) == []


def test_a_graph_that_nobody_can_follow() -> None:
    x = Value(1.0)
    for _ in range(200):
        x = x + 1
    for tell in (viz.movie, viz.worksheet, viz.tikz):
        with pytest.raises(GraphTooLargeError, match=r"more than the 150 .* page\(\) takes more, since it folds them"):
            tell(x)
    for _ in range(200):
        x = x + 1
    with pytest.raises(
        GraphTooLargeError, match=r"more than the 400 that can be followed step by step here; .*network$"
    ):
        viz.page(x)


def test_a_page_folds_the_loss_of_a_network_of_166_values_by_neuron() -> None:
    model = MLP(2, [5, 6, 1], rng=0)
    loss = (model([Value(0.3, label="x1"), Value(-0.7, label="x2")]) - 1.0) ** 2 / 2
    loss.label = "L"
    assert len(topological(loss)) == 166
    data = json.loads(re.search(r'id="data">(.*?)</script>', viz.page(loss), re.DOTALL)[1])  # type: ignore[index]
    folded = [shape for shape in data["shapes"] if shape["level"]]
    for screen in ((1240, 320), (366, 350)):  # of a laptop and of a phone, as in drawings.py
        best = max(min(screen[0] / shape["wide"], screen[1] / shape["high"]) for shape in folded)
        assert 14 * 96 / 72 * min(best, 1.5) > (9 if screen[0] > 400 else 6)
    assert max(166 - len(shape["box"]) for shape in folded if shape["level"] == 3) <= 14  # eleven neurons, x1, x2, L


def test_the_same_expression_gives_the_same_file() -> None:
    assert viz.page(parse("x * y", x=1, y=2)) == viz.page(parse("x * y", x=1, y=2))


def test_what_the_script_reads_is_json_that_no_html_can_be_in() -> None:
    label = "</script><!--&lt;<script>"
    html = viz.page(Value(2.0, label=label) * 2)
    data = html.split('<script type="application/json" id="data">')[1].split("</script>")[0]
    assert not set("<>&") & set(data)
    assert label in str(json.loads(data))
