"""The studio's Worker in Chromium: the same pictures and the same numbers as here."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import viz
from microgrAD import parse
from viz.studio import serving
from viz.studio.answers import answer
from viz.studio.folder import studio
from viz.studio.runtime import RuntimeMissingError

NEURON = "1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))"  # CS231n
EXPRESSIONS: dict[str, tuple[str, dict[str, float]]] = {
    "cs231n": (NEURON, {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}),
    "cs231n-product": ("q = x + y; f = q * z", {"x": -2, "y": 5, "z": -4}),
    "colah": ("c = a + b; d = b + 1; e1 = c * d", {"a": 2, "b": 1}),
    "jurafsky": ("d = 2 * b; e1 = a + d; L = c * e1", {"a": 3, "b": 1, "c": -2}),
    "ng": ("u = b * c; v = a + u; J = 3 * v", {"a": 5, "b": 3, "c": 2}),
    "baydin": ("log(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}),
    "karpathy": ("n = x1*w1 + x2*w2 + b; o = tanh(n)", {"x1": 2, "x2": 0, "w1": -3, "w2": 1, "b": 6.881373587019543}),
    "karpathy-loss": ("e1 = a * b; d = e1 + c; L = d * f", {"a": 2, "b": -3, "c": 10, "f": -2}),
    "squared": ("o = sigmoid(w*x + b); L = (y - o)**2 / 2", {"w": 0.5, "x": 2, "b": 0.1, "y": 1}),
    "cross-entropy": ("o = sigmoid(w*x + b); L = -log(o)", {"w": 0.5, "x": 2, "b": 0.1}),
    "powers": ("x ** y + sqrt(x) / cos(y)", {"x": 1.7, "y": 2.3}),
    "maximum": ("relu(x - y) + max(x, y) * abs(y)", {"x": 1.5, "y": -0.3}),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a studio that is served."""
    try:
        folder: Path = studio(tmp_path_factory.mktemp("studio"))
    except RuntimeMissingError as error:
        pytest.skip(str(error))
    (folder / "endless.js").write_text("postMessage({ready: true}); onmessage = () => { for (;;); };", "utf-8")
    running = serving.server(folder)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield serving.address(running)
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def ask(site: str, chromium: Browser) -> Iterator[Callable[..., Any]]:
    """A function that asks the Worker. The page may ask nothing of any other place, and says nothing."""
    context = chromium.new_context()
    context.route(lambda url: not url.startswith(site), lambda route: route.abort())
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.goto(site)
    page.evaluate("() => { globalThis.asking = new Client('worker.js'); return asking.ready; }")

    def asked(kind: str, text: str, values: dict[str, float], **more: Any) -> Any:
        request = {"ask": kind, "text": text, "values": values, **more}
        return page.evaluate("(request) => asking.ask(request, 20000)", request)

    yield asked
    context.close()
    assert said == []


def here(kind: str, text: str, values: dict[str, float], **more: Any) -> Any:
    return json.loads(answer(json.dumps({"ask": kind, "text": text, "values": values, **more})))


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layouts by the embedded Graphviz, as in a page."""
    monkeypatch.setenv("MICROGRAD_LAYOUT", "embedded")


def rounded(found: Any) -> Any:
    """The answer with 12 digits of its numbers: a browser's exp and tanh may differ in the last bit from those here."""
    text = json.dumps(found, ensure_ascii=False)
    return json.loads(re.sub(r"-?\d+\.\d{8,}(e-?\d+)?", lambda number: f"{float(number[0]):.12g}", text))


def test_the_picture_of_cs231ns_neuron_is_the_same_byte_for_byte(ask: Callable[..., Any]) -> None:
    text, values = EXPRESSIONS["cs231n"]
    root = parse(text, **values)
    root.backward()
    assert ask("picture", text, values)["svg"].encode() == viz.draw(root).svg.encode()


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_pictures_and_numbers_are_the_same(name: str, ask: Callable[..., Any]) -> None:
    for kind in ("picture", "table"):
        found = ask(kind, *EXPRESSIONS[name])
        assert "error" not in found
        assert rounded(found) == rounded(here(kind, *EXPRESSIONS[name]))


@pytest.mark.parametrize("kind", ["steps", "derivation", "latex"])
def test_texts_are_the_same(kind: str, ask: Callable[..., Any]) -> None:
    assert ask(kind, *EXPRESSIONS["cs231n"]) == here(kind, *EXPRESSIONS["cs231n"])


@pytest.mark.parametrize("ending", [".svg", ".tex", ".dot", ".drawio", ".mmd", ".html"])
def test_files_are_the_same(ending: str, ask: Callable[..., Any]) -> None:
    expected = here("file", *EXPRESSIONS["cs231n"], ending=ending)
    assert ask("file", *EXPRESSIONS["cs231n"], ending=ending) == expected


def test_errors_are_the_same(ask: Callable[..., Any]) -> None:
    found = ask("picture", "a + * b", {})
    assert "^" in found["error"] and found == here("picture", "a + * b", {})


def test_a_worker_that_never_answers_is_ended(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(site)
    ask = "() => asking.ask({}).then(({ error }) => error)"
    page.evaluate("() => { globalThis.asking = new Client('endless.js'); return asking.ready; }")
    begin = time.monotonic()
    for _ in range(2):  # the Worker after it is asked as well
        assert page.evaluate(ask) == "this took more than 2 seconds, and was stopped; write a shorter expression"
    assert 4 <= time.monotonic() - begin < 6
    page.close()
