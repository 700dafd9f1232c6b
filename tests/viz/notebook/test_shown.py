"""What each result shows in a notebook: one line of text, a picture, and each of them once."""

from __future__ import annotations

import base64
import copy
import io
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from lessons import HOSTILE, circuit, fan_out
from PIL import Image

import microgrAD
import viz
from microgrAD import Value, explain, parse
from microgrAD.datasets import make_xor
from microgrAD.explanation import derive
from microgrAD.nn import MLP
from microgrAD.steps import steps
from microgrAD.train import History, fit, train_steps
from viz.bundle import COLORS

X, y = make_xor(12, noise=0.1)


@cache
def run() -> History:
    return fit(MLP(2, [2, 1]), X, y, epochs=4, record=True)


RESULTS: dict[str, Callable[[], Any]] = {
    "Value": circuit,
    "trace": lambda: steps(circuit()),
    "tangents": lambda: steps(root := circuit(), mode="forward", wrt=root.args[1]),
    "training": lambda: train_steps(MLP(2, [2, 1]), X[:2], y[:2]),
    "History": run,
    "a history without weights": lambda: fit(MLP(2, [1]), X, y, epochs=3),
    "of a quantity": lambda: fit(MLP(2, [1]), X, X[:, 0], epochs=3),
    "drawing": lambda: viz.draw(circuit()),
    "slide": lambda: viz.draw(circuit(), size="16:9"),
    "micrograd's": lambda: viz.draw_dot(circuit()),
    "network": lambda: viz.network(MLP(2, [2, 1]), X[0], int(y[0])),
    "picture": lambda: viz.decision_boundary(MLP(2, [1]), X, y, resolution=8),
    "tikz": lambda: viz.tikz(circuit()),
    "movie": lambda: viz.movie(circuit(), dpi=96),
    "paths": lambda: viz.path_movie(root := fan_out(), root.args[0], dpi=96),
    "page": lambda: viz.page(circuit()),
    "page of a run": lambda: viz.page(train_steps(MLP(2, [1, 1]), X[:1], y[:1])),
    "page of a network": lambda: viz.page(viz.network(MLP(2, [2, 1]), X[0], int(y[0]))),
    "worksheet": lambda: viz.worksheet(circuit()),
    "worksheet of a run": lambda: viz.worksheet(train_steps(MLP(2, [1, 1]), X[:1], y[:1])),
    "player": lambda: viz.player(run()),
    "playground": viz.playground,
    "playground of a table": lambda: viz.playground(X=X, y=y, hidden=[3]),
    "widget": lambda: microgrAD.widget(circuit()),
}
WITH_A_FRAME = {"page", "page of a run", "page of a network", "worksheet", "worksheet of a run", "player"}
WITH_A_FRAME |= {"playground", "playground of a table"}


class Sanitized(HTMLParser):
    """What is left of HTML where scripts, styles and frames are taken out: the images, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def pixels(data: str) -> Image.Image:
    image = Image.open(io.BytesIO(base64.b64decode(data.removeprefix("data:image/png;base64,"))))
    image.load()
    return image


@pytest.mark.parametrize("name", RESULTS)
def test_it_shows_a_picture_and_one_line_of_text_each_once(name: str) -> None:
    result = RESULTS[name]()
    data, said = result._repr_mimebundle_()
    assert "\n" not in data["text/plain"] and 0 < len(data["text/plain"]) < 200
    if name in WITH_A_FRAME:
        assert data.keys() == {"text/html", "text/plain"}
        left = Sanitized(data["text/html"])
        (only,) = left.images
        assert left.text.strip() == "" and only["alt"] and only["src"]
        image, width = pixels(only["src"]), int(only["width"] or 0)
    else:
        assert data.keys() - {"text/html", "application/vnd.jupyter.widget-view+json"} == {"image/png", "text/plain"}
        assert said["image/png"]["alt"] == data["text/plain"]
        image, width = pixels(data["image/png"]), said["image/png"]["width"]
        assert said["image/png"]["height"] == pytest.approx(image.height * width / image.width, abs=1)
    assert 200 < width < 2000 and image.width >= width
    colors = image.convert("RGB").getcolors(image.width * image.height) or []
    assert 10 < len(colors) <= COLORS, "something is drawn, with few colours"


def test_the_formatters_of_ipython_find_nothing_else() -> None:
    for name in ("Value", "drawing", "picture", "page", "movie", "tikz"):
        result = RESULTS[name]()
        others = [kind for kind in ("html", "svg", "png", "jpeg", "markdown") if hasattr(result, f"_repr_{kind}_")]
        assert others == [], f"{name} would be stored twice"


@pytest.mark.parametrize("name", ["Value", "page", "movie", "widget", "training"])
def test_a_label_can_not_leave_its_place(name: str) -> None:
    root = Value(1.0, label=HOSTILE[1]) * Value(2.0, label=HOSTILE[0])
    root.label = HOSTILE[1]
    made: dict[str, Callable[[], Any]] = {"Value": lambda: root, "page": lambda: viz.page(root)}
    made |= {"movie": lambda: viz.movie(root, dpi=40), "widget": lambda: microgrAD.widget(root)}
    data, _ = made.get(name, RESULTS[name])()._repr_mimebundle_()
    html = data.get("text/html", "")
    assert "<script" not in html and "onerror" not in re.sub(r'srcdoc="[^"]*"|alt="[^"]*"|title="[^"]*"', "", html)


def test_a_large_graph_and_a_single_number_are_shown_as_text() -> None:
    chain = Value(1.0)
    for _ in range(100_000):
        chain = chain + 1.0
    for v in (Value(3.0, label="x"), chain):
        assert v._repr_mimebundle_() == ({"text/plain": repr(v)}, {})


def test_in_a_terminal_nothing_is_drawn() -> None:
    code = """
from IPython.terminal.interactiveshell import TerminalInteractiveShell
shell = TerminalInteractiveShell.instance()
import sys, viz
from microgrAD import explain, parse
from microgrAD.explanation import derive
f = parse("q = x + y; f = q * z", x=1, y=2, z=2)
for thing in (f, viz.page(f), viz.draw(f), explain(f), derive(f, f.args[1])):
    data, said = shell.display_formatter.format(thing)
    assert list(data) == ["text/plain"], data
    assert "\\n" not in data["text/plain"], data
assert "matplotlib.pyplot" not in sys.modules and "matplotlib.figure" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# ---------------------------------------------------------------------------------------------- mathematics


def test_an_explanation_is_a_text_and_is_shown_as_mathematics() -> None:
    told = explain(circuit())
    assert isinstance(told, str) and told.startswith("Forward pass")
    data, _ = told._repr_mimebundle_()
    assert data.keys() == {"text/markdown", "text/plain"} and data["text/plain"] == repr(told)
    shown = data["text/markdown"]
    assert shown.count("$$") == 4 and shown.count(r"\begin{aligned}") == shown.count(r"\end{aligned}") == 2
    assert r"f &= q \cdot z = 3 \cdot 2 = 6" in shown
    assert r"\frac{\partial f}{\partial x} &=" in shown
    assert explain(circuit(), format="markdown")._repr_mimebundle_()[0]["text/markdown"].startswith("## Forward")
    assert type(copy.deepcopy(told)) is type(pickle.loads(pickle.dumps(told))) is str


def test_labels_end_no_mathematics() -> None:
    odd = "".join(HOSTILE) + r"a_b$c|d\e{f}"
    root = Value(1.0, label=odd) * Value(2.0, label="a_b long name")
    shown = explain(root)._repr_mimebundle_()[0]["text/markdown"]
    assert shown.count("$") == 8 and "<" not in shown and "|" not in shown and "`" not in shown
    assert shown.count("{") == shown.count("}")


def test_a_long_equation_has_a_row_for_each_side() -> None:
    root = parse("f = a*b*c*d*tanh(a*b + c*d)", a=0.123456, b=2.123456, c=3.123456, d=4.123456)
    rows = explain(root).markdown.split(r" \\")
    assert any(row.strip().startswith("&=") for row in rows)
    assert max(len(re.sub(r"\\[a-z]+|[{}\\&]", "", row)) for row in rows) < 150


def test_a_derivation_is_shown_as_mathematics() -> None:
    f = circuit()
    found = derive(f, f.args[1])
    data, _ = found._repr_mimebundle_()
    assert data["text/plain"] == found.text and found.latex in data["text/markdown"]
    assert data["text/markdown"].startswith("$$\n")


def test_a_history_says_how_it_went() -> None:
    text = run()._repr_mimebundle_()[0]["text/plain"]
    assert re.fullmatch(r"<History of 4 epochs: loss [\d.]+ → [\d.]+, \d+% right>", text)
    assert History()._repr_mimebundle_()[0] == {"text/plain": "<History of 0 epochs>"}
