"""The widget: its script in a browser against a small model, its traits in Python, and both together."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
from lessons import circuit
from playing import until
from playwright.sync_api import FrameLocator, Page

import microgrAD
import viz
from microgrAD import Value, parse
from microgrAD.datasets import make_xor
from microgrAD.graph import topological
from microgrAD.steps import steps
from viz.style import number

MODEL = """
class Model {
  constructor(state) { Object.assign(this, {state, listeners: [], saved: 0}); }
  get(name) { return this.state[name]; }
  set(name, value) {
    if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
    this.state[name] = value;
    for (const [event, act] of [...this.listeners]) if (event === `change:${name}`) act();
  }
  save_changes() { this.saved += 1; }
  on(event, act) { this.listeners.push([event, act]); }
  off(event, act) { this.listeners = this.listeners.filter(([e, a]) => e !== event || a !== act); }
}
"""


@pytest.fixture(autouse=True)
def widgets_are_closed() -> Iterator[None]:
    yield
    for each in ipywidgets.Widget.get_manager_state()["state"]:
        ipywidgets.widgets.widget._instances[each].close()


def inputs(root: Value) -> dict[str, Value]:
    return {v.label: v for v in topological(root) if not v.op}


def rendered(page: Page, folder: Path, widget: Any, views: int = 1) -> FrameLocator:
    """The frame of the widget's first view, in a page whose script has a model like that of a notebook."""
    script = base64.b64encode(widget._esm.encode()).decode()
    state = json.dumps({"page": widget.page, "sent": widget.sent}).replace("<", "\\u003c")
    (folder / "notebook.html").write_text(
        f"""<!DOCTYPE html><body style="width: 800px"><script type="module">{MODEL}
        const widget = (await import("data:text/javascript;base64,{script}")).default;
        window.model = new Model({state});
        window.ends = Array.from({{length: {views}}}, () => {{
          const el = document.body.appendChild(document.createElement("div"));
          return widget.render({{model: window.model, el}});
        }});</script>""",
        "utf-8",
    )
    page.goto((folder / "notebook.html").as_uri())
    frame = page.frame_locator("iframe >> nth=0")
    frame.locator("body").wait_for()
    until(page, "() => document.querySelector('iframe').clientHeight > 200")
    return frame


def follow(page: Page, widget: Any) -> None:
    """Bring what the script has sent to Python, as a notebook does."""
    widget.sent = page.evaluate("window.model.get('sent')")


def shown(frame: FrameLocator, part: str) -> str:
    return str(frame.locator(f".drawing g.value[data-id='{part}'] text").first.text_content())


# ---------------------------------------------------------------------------------------------- in Python


def test_what_the_page_sends_arrives_at_the_values() -> None:
    f = circuit()
    x, _, z = inputs(f).values()
    widget = microgrAD.widget(f)
    ids = {v.name: v.id for v in steps(f).variables.values()}
    assert widget.sent == {ids["x"]: 1.0, ids["y"]: 2.0, ids["z"]: 2.0}
    widget.set_state({"sent": {**widget.sent, ids["x"]: 4.5, ids["z"]: -2.0}})
    assert (x.data, z.data, f.data) == (4.5, -2.0, -13.0)
    assert (x.grad, z.grad) == (-2.0, 6.5)
    assert widget.numbers == {"x": 4.5, "y": 2.0, "z": -2.0} and widget.root is f


def test_what_a_cell_sets_arrives_at_the_page() -> None:
    f = circuit()
    widget, heard = microgrAD.widget(f), []
    widget.observe(lambda change: heard.append(change["new"]), "sent")
    for k in (3.0, 3.0, 4.0):
        inputs(f)["x"].data = k
    assert [*widget.numbers.values()] == [4.0, 2.0, 2.0] and f.data == 12.0
    assert [sent["n0"] for sent in heard] == [3.0, 4.0], "the same number is not sent again"


def test_where_there_is_no_value_it_says_why() -> None:
    root = parse("f = log(x)", x=2.0)
    widget = microgrAD.widget(root)
    widget.set_state({"sent": {"n0": -1.0}})
    assert "log needs x > 0, got -1" in widget.wrong and inputs(root)["x"].data == 2.0
    inputs(root)["x"].data = 3.0
    assert widget.wrong == "" and widget.sent == {"n0": 3.0}


def test_a_closed_widget_follows_nothing() -> None:
    f = circuit()
    widget = microgrAD.widget(f)
    widget.close()
    inputs(f)["x"].data = 7.0
    assert f.data == 6.0 and widget.numbers["x"] == 7.0 and widget.sent["n0"] == 1.0


@pytest.mark.parametrize("wrong", [3.0, "circles", None, [Value(1.0)], viz])
def test_it_takes_a_value_a_trace_or_a_playground(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"widget takes a Value, the trace of a pass, or the page of viz\.playground"):
        microgrAD.widget(wrong)
    with pytest.raises(TypeError, match=r"options already, got \['lang'\]"):
        microgrAD.widget(viz.playground(), lang="it")


def test_options_are_those_of_a_page() -> None:
    f = circuit()
    widget = microgrAD.widget(f, gradient=2.0, title="Ours", lang="it")
    assert "<title>Ours</title>" in widget.page and 'lang="it"' in widget.page
    widget.set_state({"sent": {**widget.sent, "n0": 0.0}})
    assert f.grad == 2.0 and inputs(f)["x"].grad == 4.0
    forward = microgrAD.widget(steps(g := circuit(), mode="forward", wrt=inputs(g)["x"]))
    forward.set_state({"sent": {**forward.sent, "n0": 0.0}})
    assert g.data == 4.0 and g.grad == 0.0


def test_without_anywidget_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.notebook.widgets.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"pip install 'microgrAD-studio\[notebook\]'"):
        microgrAD.widget(circuit())


def test_the_package_loads_without_anywidget() -> None:
    assert "anywidget" in sys.modules  # by these tests; a fresh process has none
    assert microgrAD.widget.__module__ == "microgrAD.showing"


def test_a_playground_has_no_model_before_it_has_sent_one() -> None:
    widget = microgrAD.widget(viz.playground())
    with pytest.raises(RuntimeError, match="the page has sent no network yet; show the widget, and train in it"):
        _ = widget.model
    widget.set_state({"sent": '{"format": "something else"}'})
    with pytest.raises(ValueError, match="what the page sent is no model file"):
        _ = widget.model


# ---------------------------------------------------------------------------------------------- in a browser


def test_dragged_in_the_page_a_number_arrives_in_python(page: Page, tmp_path: Path) -> None:
    f = circuit()
    widget = microgrAD.widget(f)
    frame = rendered(page, tmp_path, widget)
    frame.locator("#input-n0").fill("3.25")
    until(page, "() => window.model.get('sent').n0 === 3.25")
    slider = frame.locator("[data-input=n1] input[type=range]")
    slider.focus()
    slider.press("ArrowLeft")
    until(page, "() => window.model.get('sent').n1 !== 2")
    follow(page, widget)
    x, y, z = (inputs(f)[name].data for name in "xyz")
    assert x == 3.25 and y < 2.0 and f.data == (x + y) * z
    root = steps(f).root.id
    assert shown(frame, f"{root}.value").endswith(number(f.data, 4))
    gradient = frame.locator(".drawing g.grad[data-id='n0.grad'] text").first.text_content()
    assert gradient and gradient.endswith(number(inputs(f)["x"].grad, 4))


def test_what_python_sets_is_shown_in_every_view_and_not_sent_back(page: Page, tmp_path: Path) -> None:
    f = circuit()
    widget = microgrAD.widget(f)
    frame = rendered(page, tmp_path, widget, views=2)
    other = page.frame_locator("iframe >> nth=1")
    other.locator("#input-n0").wait_for()
    inputs(f)["x"].data = -0.1 - 0.2
    page.evaluate("(sent) => window.model.set('sent', sent)", widget.sent)
    root = steps(f).root.id
    for view in (frame, other):
        view.locator(f".drawing g.value[data-id='{root}.value'] text", has_text=number(f.data, 4)).first.wait_for()
        assert view.locator("#input-n0").input_value() == "−0.3"
    page.wait_for_timeout(300)
    assert page.evaluate("[window.model.saved, window.model.get('sent').n0]") == [0, -0.1 - 0.2]
    other.locator("#input-n0").fill("8")
    frame.locator("#input-n0").wait_for()
    until(page, "() => window.model.get('sent').n0 === 8")
    frame.locator(f".drawing g.value[data-id='{root}.value'] text", has_text="20").first.wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("window.model.saved") == 1


def test_a_view_that_opens_later_has_the_numbers_of_now(page: Page, tmp_path: Path) -> None:
    f = circuit()
    widget = microgrAD.widget(f)
    inputs(f)["x"].data = 5.0
    frame = rendered(page, tmp_path, widget)
    frame.locator(f".drawing g.value[data-id='{steps(f).root.id}.value'] text", has_text="14").first.wait_for()
    page.evaluate("window.ends.forEach((end) => end())")
    assert page.evaluate("window.model.listeners.length") == 0


def test_a_playground_gives_its_network(page: Page, tmp_path: Path) -> None:
    X, y = make_xor(40, noise=0.1, rng=0)
    widget = microgrAD.widget(viz.playground(X=X, y=y, hidden=[3], class_names=["same", "other"]))
    frame = rendered(page, tmp_path, widget)
    until(page, "() => typeof window.model.get('sent') === 'string' && window.model.get('sent').includes('parameters')")
    before = page.evaluate("window.model.get('sent')")
    frame.locator("#step-epoch").click()
    frame.locator("#step-epoch").click()
    until(page, "(before) => window.model.get('sent') !== before", before)
    page.wait_for_timeout(400)
    follow(page, widget)
    frame.locator("[data-opens-dialog=sharing]").click()
    frame.locator("[data-out=model]").click()
    taken = frame.locator("#out-text").input_value()
    assert json.loads(widget.sent) == json.loads(taken)
    assert list(widget.notes["classes"]) == ["same", "other"] == list(widget.model.notes["classes"])
    parameters = json.loads(taken)["parameters"]
    assert widget.model.state_dict() == parameters and len(parameters) == 3 * 3 + 4


def test_a_page_hears_no_one_but_the_page_around_it(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "lesson.html"
    file.write_text(viz.page(circuit()).framed("data-linked "), "utf-8")
    page.goto(file.as_uri())
    page.evaluate("window.postMessage({microgrAD: {n0: 99}}, '*')")
    page.wait_for_timeout(200)
    assert page.locator("#input-n0").input_value() == "1"
