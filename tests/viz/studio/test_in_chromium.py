"""The studio's Worker in Chromium: the same pictures and the same numbers as here."""

from __future__ import annotations

import base64
import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import viz
from microgrAD import parse
from microgrAD.twins.exporting import TARGETS
from viz.studio import serving
from viz.studio.answers import answer
from viz.studio.folder import studio
from viz.studio.known import examples
from viz.studio.runtime import RuntimeMissingError
from viz.write.pptx import Page, blank

EXPRESSIONS = {example["name"]: (example["text"], example["values"]) for example in examples()}
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "__import__('os').system('true')",
    "${x}",
    "x; <script>alert(1)</script>",
    "\u202ex",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a studio that is served."""
    try:
        folder: Path = studio(tmp_path_factory.mktemp("studio"))
    except RuntimeMissingError as error:
        pytest.skip(str(error))
    (folder / "endless.js").write_text(
        "postMessage({ready: true}); onmessage = ({ data }) => { postMessage({begun: data.id}); for (;;); };", "utf-8"
    )
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
        return page.evaluate("(request) => asking.ask(request)", request)

    yield asked
    context.close()
    assert said == []


def here(kind: str, text: str, values: dict[str, float], **more: Any) -> Any:
    return json.loads(answer(json.dumps({"ask": kind, "text": text, "values": values, **more})))


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layouts by the embedded Graphviz, as in a page."""
    monkeypatch.setenv("MICROGRAD_LAYOUT", "embedded")


def texts(svg: str) -> list[str]:
    """All that is written in a picture."""
    return re.findall(r"<text[^>]*>([^<]*)", svg)


def rounded(svg: str) -> str:
    """The picture with 12 digits of the numbers that programs read: the last bit of a browser's tanh may differ."""
    return re.sub(r"-?\d+\.\d{13,}(e-?\d+)?", lambda number: f"{float(number[0]):.12g}", svg)


def test_the_picture_of_cs231ns_neuron_is_the_same_byte_for_byte(ask: Callable[..., Any]) -> None:
    text, values = EXPRESSIONS["cs231n-neuron"]
    root = parse(text, **values)
    root.backward()
    assert ask("picture", text, values)["svg"].encode() == viz.draw(root).svg.encode()


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_pictures_and_numbers_are_the_same(name: str, ask: Callable[..., Any]) -> None:
    found, expected = (asker("picture", *EXPRESSIONS[name])["svg"] for asker in (ask, here))
    assert texts(found) == texts(expected)
    assert rounded(found) == rounded(expected)
    assert ask("table", *EXPRESSIONS[name]) == here("table", *EXPRESSIONS[name])


@pytest.mark.parametrize("kind", ["steps", "derivation", "latex"])
def test_texts_are_the_same(kind: str, ask: Callable[..., Any]) -> None:
    assert ask(kind, *EXPRESSIONS["cs231n-neuron"]) == here(kind, *EXPRESSIONS["cs231n-neuron"])


@pytest.mark.parametrize("target", TARGETS)
def test_code_is_the_same(target: str, ask: Callable[..., Any]) -> None:
    assert ask("code", *EXPRESSIONS["cs231n-neuron"], target=target) == here(
        "code", *EXPRESSIONS["cs231n-neuron"], target=target
    )


FILES = [f"graph.{ending}" for ending in ("svg", "tex", "dot", "drawio", "mmd")]


@pytest.mark.parametrize("file", [*FILES, "lesson.html", "worksheet.html", "worksheet-key.html"])
def test_files_are_the_same(file: str, ask: Callable[..., Any]) -> None:
    expected = here("file", *EXPRESSIONS["cs231n-neuron"], file=file)
    assert ask("file", *EXPRESSIONS["cs231n-neuron"], file=file) == expected


def test_a_slide_is_the_same_but_for_how_its_text_is_packed(ask: Callable[..., Any]) -> None:
    text, values = EXPRESSIONS["cs231n-neuron"]
    root = parse(text, **values)
    root.backward()
    drawing = viz.draw(root, size="16:9")
    page = Page(drawing.scene, drawing.scene.title, drawing.scene.description)
    found = base64.b64decode(ask("file", text, values, file="graph.pptx")["bytes"])
    assert zip_parts(found) == zip_parts(blank.filled(blank.template(), page))


def zip_parts(file: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return {name: rounded(parts.read(name).decode("latin-1")) for name in parts.namelist()}


def test_a_program_runs(ask: Callable[..., Any]) -> None:
    text = "x = Value(2.0)\nprint(x.data)\nx * x"
    found = ask("table", text, {}, python=True)
    assert found == here("table", text, {}, python=True) and found["printed"] == "2.0\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_expressions_are_errors(text: str, ask: Callable[..., Any]) -> None:
    found = ask("picture", text, {})
    assert "error" in found and found == here("picture", text, {})


def test_an_endless_program_is_ended_and_the_next_answer_comes(ask: Callable[..., Any]) -> None:
    found = ask("table", "while True: pass", {}, python=True)
    assert found["error"].startswith("this took more than 2 seconds, and was stopped")
    assert ask("table", "x", {"x": 2.0})["rows"][0]["value"] == "2"


def test_errors_are_the_same(ask: Callable[..., Any]) -> None:
    found = ask("picture", "a + * b", {})
    assert "^" in found["error"] and found == here("picture", "a + * b", {})


def test_a_worker_that_never_answers_is_ended(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(site)
    ask = "() => asking.ask({ ask: 'table' }).then(({ error }) => error)"
    page.evaluate("() => { globalThis.asking = new Client('endless.js'); return asking.ready; }")
    for _ in range(2):  # the Worker after it is asked as well
        assert page.evaluate(ask) == "this took more than 2 seconds, and was stopped; write less, or end the loop"
    page.close()
