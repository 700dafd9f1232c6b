"""The studio's page in Chromium: typed into, followed, linked, saved, stopped, and opened without a network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import axe
import pytest
from playing import until
from playwright.sync_api import Browser, Page

from viz.studio import serving
from viz.studio.folder import studio
from viz.studio.known import examples
from viz.studio.runtime import RuntimeMissingError

KEPT = "() => document.querySelector('#status').textContent.includes('without a network')"
SHOWN = "(words) => document.querySelector('#shown').textContent.includes(words)"
WRONG = "(words) => document.querySelector('#error').textContent.includes(words)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return studio(tmp_path_factory.mktemp("studio"))
    except RuntimeMissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def opened(folder: Path, chromium: Browser) -> Iterator[Page]:
    """The page, after its server has gone and it was loaded again: all of it comes from its service worker."""
    running = serving.server(folder)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    context = chromium.new_context(accept_downloads=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(serving.address(running))
    until(page, KEPT)
    running.shutdown()
    running.server_close()
    context.set_offline(True)
    page.reload()
    until(page, KEPT)
    yield page
    context.close()
    assert said == []


def typed(page: Page, text: str) -> None:
    page.fill("#text", text)


def test_an_expression_is_followed(opened: Page) -> None:
    opened.click("[data-tab=picture]")
    typed(opened, "q = x + y; f = q * z")
    until(opened, "() => document.querySelectorAll('#inputs .input').length === 3")
    until(opened, SHOWN, "f")
    opened.fill("#input-x", "7")
    until(opened, SHOWN, "= 8")
    assert "v.x=7" in opened.url and "tab=picture" in opened.url


@pytest.mark.parametrize(
    ("tab", "words"),
    [("steps", "Backward pass"), ("table", "gradient"), ("latex", "\\partial"), ("code", "import torch")],
)
def test_tabs(opened: Page, tab: str, words: str) -> None:
    typed(opened, "tanh(x) * y")
    opened.click(f"[data-tab={tab}]")
    until(opened, SHOWN, words)
    assert opened.get_attribute(f"[data-tab={tab}]", "aria-selected") == "true"


def test_errors_have_the_caret_and_what_is_typed_stays_text(opened: Page) -> None:
    typed(opened, "a + * b")
    until(opened, WRONG, "^")
    typed(opened, "<img src=x onerror=alert(1)>")
    until(opened, WRONG, "<img")
    assert opened.locator("#error img").count() == 0
    typed(opened, "x" * 10_000)
    until(opened, WRONG, "at most 5,000 characters", seconds=2)


FILES = [f"graph.{ending}" for ending in ("svg", "png", "pptx", "tex", "dot", "mmd", "drawio")]
FILES += ["lesson.html", "worksheet.html", "worksheet-key.html"]


@pytest.mark.parametrize("file", FILES)
def test_saving(opened: Page, file: str, tmp_path: Path) -> None:
    typed(opened, "x * y")
    until(opened, "() => document.querySelector('#error').hidden")
    with opened.expect_download() as saved:
        opened.click(f"[data-file='{file}']")
    assert saved.value.suggested_filename == file
    path = tmp_path / "saved"
    saved.value.save_as(path)
    assert len(path.read_bytes()) > 100


def test_a_link_opens_as_it_was_left(opened: Page) -> None:
    opened.evaluate("() => { location.hash = '#e=u*v&v.u=3&v.v=5&tab=table'; }")
    until(opened, SHOWN, "15")
    assert opened.input_value("#text") == "u*v" and opened.input_value("#input-u") == "3"


def test_each_edit_is_followed(opened: Page) -> None:
    opened.click("[data-tab=picture]")
    typed(opened, "n = x1*w1 + x2*w2 + b; o = tanh(n)")
    until(opened, "() => document.querySelectorAll('#inputs .input').length === 5")
    for k in range(10, 17):
        opened.fill("#input-x1", str(k))
        until(opened, SHOWN, f"= {k}")


@pytest.mark.parametrize("tab", ["picture", "steps", "derivation", "table", "latex", "code"])
def test_axe_finds_nothing(opened: Page, tab: str) -> None:
    opened.click(f"[data-tab={tab}]")
    typed(opened, f"{tab}1 * y")
    until(opened, SHOWN, f"{tab}1" if tab != "latex" else "latex")
    found = axe.found(opened)
    typed(opened, "a + * b")
    until(opened, WRONG, "^")
    assert found + axe.found(opened) == []


def test_in_the_dark_the_picture_is_dark(opened: Page) -> None:
    opened.emulate_media(color_scheme="dark")
    opened.click("[data-tab=picture]")
    typed(opened, "dark * light")
    until(opened, SHOWN, "dark")
    assert axe.found(opened, "color-contrast") == []
    opened.emulate_media(color_scheme="light")


@pytest.mark.parametrize(("tab", "words"), [("lesson", "Backpropagation through f"), ("exercise", "0 of 3 solved")])
def test_lessons_are_used_in_the_page(opened: Page, tab: str, words: str) -> None:
    typed(opened, f"{tab}1 * y")
    opened.click(f"[data-tab={tab}]")
    frame = opened.frame_locator("#shown iframe")
    frame.get_by_text(words, exact=False).first.wait_for()
    opened.click("[data-tab=picture]")
    until(opened, SHOWN, f"{tab}1")


def test_an_exercise_is_solved_in_the_page(opened: Page) -> None:
    opened.evaluate("() => { location.hash = '#e=u*v&v.u=3&v.v=5&tab=exercise'; }")
    frame = opened.frame_locator("#shown iframe")
    frame.locator("input[type=text]:visible").first.fill("15")
    frame.locator("input[type=text]:visible").first.press("Enter")
    frame.get_by_text("1 of 3 solved").first.wait_for()
    opened.click("[data-tab=picture]")


def test_the_code_is_in_the_library_that_is_chosen(opened: Page) -> None:
    typed(opened, "x * y")
    opened.click("[data-tab=code]")
    until(opened, SHOWN, "import torch")
    opened.select_option("#target", "jax")
    until(opened, SHOWN, "import jax")
    assert "to=jax" in opened.url


def test_examples_are_those_of_the_gallery(opened: Page) -> None:
    opened.click("[data-tab=picture]")
    for example in examples():
        opened.select_option("#examples", example["title"])
        assert opened.input_value("#text") == example["text"]
        until(opened, "() => document.querySelector('#found').getAttribute('aria-busy') === 'false'")
        until(opened, f"() => document.querySelectorAll('#inputs .input').length === {len(example['values'])}")
    assert opened.locator("#error").is_hidden()


@pytest.mark.parametrize(
    ("begun", "word", "put"),
    [
        ("x * ta", "tanh(x)", "x * tanh()"),
        ("do", "dot([x1, …], [y1, …])", "dot([])"),
        ("other + ot", "other", "other + other"),
    ],
)
def test_words_are_completed(opened: Page, begun: str, word: str, put: str) -> None:
    opened.fill("#text", "")
    opened.locator("#text").press_sequentially(begun)
    choice = opened.locator("#words li", has=opened.get_by_text(word, exact=True))
    choice.wait_for()
    assert opened.locator("#words [aria-selected=true]").count() == 0
    while choice.get_attribute("aria-selected") != "true":
        opened.press("#text", "ArrowDown")
    found = axe.found(opened)
    opened.press("#text", "Tab")
    assert opened.input_value("#text") == put and opened.locator("#words").is_hidden()
    assert opened.evaluate("() => document.querySelector('#text').selectionStart") == len(put.rstrip(")]"))
    assert found == []


def test_enter_keeps_what_was_typed_until_a_word_is_chosen(opened: Page) -> None:
    opened.fill("#text", "")
    opened.locator("#text").press_sequentially("y = 2*x + sin")
    opened.locator("#words li").first.wait_for()
    opened.press("#text", "Enter")
    opened.locator("#text").press_sequentially("y + t")
    assert opened.input_value("#text") == "y = 2*x + sin\ny + t"


@pytest.mark.parametrize(("number", "taken"), [("2,5", "2.5"), ("−3", "-3"), ("1/4", "0.25")])
def test_numbers_are_read_as_in_a_lesson(opened: Page, number: str, taken: str) -> None:
    typed(opened, "u1 * 2")
    opened.click("[data-tab=table]")
    until(opened, SHOWN, "u1")
    opened.fill("#input-u1", number)
    until(opened, SHOWN, taken)


@pytest.mark.parametrize("number", ["abc", "", "1e400", "2,5,1"])
def test_what_is_no_number_is_said_and_not_saved(opened: Page, number: str) -> None:
    typed(opened, "u2 * 2")
    opened.click("[data-tab=table]")
    until(opened, SHOWN, "u2")
    opened.fill("#input-u2", number)
    until(opened, WRONG, f'u2 needs a number such as 2.5 or 1/3, got "{number}"')
    assert opened.locator("#old").is_visible()
    opened.click("[data-file='graph.svg']")
    until(opened, "() => document.querySelector('#saved').textContent.startsWith('Not saved: u2 needs')")
    opened.fill("#input-u2", "7")
    until(opened, "() => document.querySelector('#error').hidden && document.querySelector('#old').hidden")


def test_after_an_error_nothing_of_another_tab_stays(opened: Page) -> None:
    opened.click("[data-tab=table]")
    typed(opened, "stays * 2")
    until(opened, SHOWN, "stays")
    typed(opened, "sqrt(x - 5 * y)")
    until(opened, WRONG, "sqrt")
    assert opened.locator("#inputs .input").count() == 2
    opened.click("[data-tab=steps]")
    until(opened, "() => document.querySelector('#shown').textContent === ''")
    opened.fill("#input-x", "9")
    until(opened, SHOWN, "Backward pass")


def test_an_example_keeps_the_program_and_one_can_go_back(opened: Page) -> None:
    opened.click("[data-tab=picture]")
    opened.click("[data-python=true]")
    typed(opened, "mine = Value(2.0)\nmine * 3")
    until(opened, SHOWN, "mine")
    opened.select_option("#examples", examples()[1]["title"])
    assert opened.input_value("#text") == examples()[1]["text"]
    opened.click("[data-python=true]")
    assert opened.input_value("#text") == "mine = Value(2.0)\nmine * 3"
    opened.go_back()
    until(
        opened,
        "(text) => document.querySelector('#text').value === text",
        examples()[1]["text"],
    )
    opened.click("[data-python=false]")


def test_a_list_of_words_is_left_by_escape(opened: Page) -> None:
    opened.fill("#text", "")
    opened.locator("#text").press_sequentially("si")
    opened.locator("#words li").first.wait_for()
    opened.press("#text", "Escape")
    assert opened.locator("#words").is_hidden() and opened.input_value("#text") == "si"


def test_a_slider_writes_its_number_into_the_program(opened: Page) -> None:
    opened.click("[data-tab=picture]")
    opened.click("[data-python=true]")
    typed(opened, "x = Value(2.0)\nδ = Value(-3)\nprint('printed', x.data)\nx * δ\n")
    until(opened, SHOWN, "δ")
    assert opened.inner_text("#printed") == "printed 2.0\n"
    opened.fill("#input-x", "123.5")
    opened.fill("#input-δ", "4")
    assert opened.input_value("#text") == "x = Value(123.5)\nδ = Value(4.0)\nprint('printed', x.data)\nx * δ\n"
    until(opened, SHOWN, "494")
    opened.click("[data-python=false]")


def test_a_program_in_a_link_waits_until_the_reader_runs_it(opened: Page) -> None:
    opened.evaluate(
        "() => { location.hash = '#p=' + encodeURIComponent('secret = Value(4321.0)\\nsecret') + '&tab=picture'; }"
    )
    opened.locator("#run").wait_for()
    opened.wait_for_timeout(500)
    assert "4321" not in opened.inner_text("#shown")
    opened.click("[data-python=false]")
    opened.click("[data-python=true]")
    opened.wait_for_timeout(500)
    assert "4321" not in opened.inner_text("#shown") and opened.locator("#run").is_visible()
    opened.click("#run")
    until(opened, SHOWN, "4321")
    assert opened.locator("#unasked").is_hidden()
    opened.click("[data-python=false]")


# The next answer comes back just after this was done in the page.
MEANWHILE = """() => {
  const ask = Client.prototype.ask;
  Client.prototype.ask = async function (request) {
    const answer = await ask.call(this, request);
    Client.prototype.ask = ask;
    DONE;
    return answer;
  };
}"""


@pytest.mark.parametrize(
    ("done", "shown", "address"),
    [
        ("location.hash = '#e=u*v&tab=picture&v.u=3&v.v=12'", "= 36", "v.v=12"),
        ("at('text').value = 'u*v + 7'; at('text').dispatchEvent(new Event('input'))", "= 17", "u*v+%2B+7"),
        ("at('input-u').value = '18'; at('input-u').dispatchEvent(new Event('input'))", "= 36", "v.u=18"),
    ],
)
def test_an_answer_that_comes_late_changes_nothing_newer(opened: Page, done: str, shown: str, address: str) -> None:
    opened.click("[data-tab=picture]")
    typed(opened, "u*v")
    until(opened, "() => document.querySelectorAll('#inputs .input').length === 2")
    opened.fill("#input-u", "5")
    opened.fill("#input-v", "3")
    until(opened, SHOWN, "= 15")
    opened.evaluate(MEANWHILE.replace("DONE", done))
    opened.fill("#input-v", "2")
    until(opened, SHOWN, shown)
    opened.wait_for_timeout(300)
    assert address in opened.url


def test_an_endless_program_ends_in_a_message(opened: Page) -> None:
    opened.click("[data-tab=picture]")
    opened.click("[data-python=true]")
    typed(opened, "while True: pass")
    until(opened, WRONG, "took more than 2 seconds")
    typed(opened, "after = Value(2.0)\nafter * after")
    until(opened, SHOWN, "after")
    opened.click("[data-python=false]")


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_nothing_is_wider_than_the_window(opened: Page, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 844})
    typed(opened, "a_rather_long_name + another_long_name * " + " * ".join(f"x{k}" for k in range(12)))
    until(opened, SHOWN, "a_rather_long_name")
    assert opened.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    opened.set_viewport_size({"width": 1280, "height": 720})
