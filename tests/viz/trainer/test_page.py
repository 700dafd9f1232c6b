"""The playground's page in a real browser: one file, a strict policy, anywhere; it learns, and says what it sees."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import numpy as np
import pytest
from playing import LATER, SAID, alive, epoch, message, opened, ready, trained, until, weights
from playwright.sync_api import Page

import viz
from microgrAD import nn
from viz.trainer.sets import SETS
from viz.web.words import LANGUAGES, table

LIMIT = 200_000  # bytes


# ---------------------------------------------------------------------------------------------- one file


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_small(lang: str) -> None:
    assert len(viz.playground(lang=lang).encode()) <= LIMIT


def test_the_policy_lets_nothing_else_in() -> None:
    text = viz.playground()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    parts = dict(part.strip().split(" ", 1) for part in policy[1].split(";"))
    assert set(parts) == {
        "default-src", "script-src", "style-src", "img-src", "base-uri", "form-action", "worker-src",
    }  # fmt: skip
    assert parts["worker-src"] == "blob:"
    assert re.fullmatch(r"('sha256-[\w+/=]+' ?){2}", parts["script-src"])
    assert "unsafe" not in policy[1]
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", text)


def test_other_pages_start_no_worker() -> None:
    from microgrAD import Value

    assert "worker-src" not in viz.page(Value(1.0) * 2.0)


def framed(page: Page, folder: Path, attributes: str) -> None:
    """The page within a frame, whose numbers must come too."""
    file = folder / "frame.html"
    file.write_text(f"<!DOCTYPE html><iframe {attributes} width=1200 height=680></iframe>", "utf-8")
    page.goto(file.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("#metric-learn", has_text=re.compile(r"\d")).wait_for()
    frame.locator("#step-epoch").click()
    frame.locator("#epoch", has_text="1").wait_for()


def test_it_works_in_a_sandbox(page: Page, tmp_path: Path) -> None:
    viz.playground("xor", tmp_path / "play.html")
    framed(page, tmp_path, 'sandbox="allow-scripts" src="play.html"')


def test_it_works_as_srcdoc(page: Page, tmp_path: Path) -> None:
    framed(page, tmp_path, f'srcdoc="{escape(viz.playground("xor"))}"')
    framed(page, tmp_path, f'sandbox="allow-scripts" srcdoc="{escape(viz.playground("xor"))}"')


def test_it_works_without_a_worker(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, data="xor")
    trained(page, 3)
    expected = weights(page)
    page.add_init_script("delete window.Worker")
    opened(page, tmp_path, data="xor")
    trained(page, 3)
    assert (weights(page) == expected).all()


def test_nothing_is_kept_by_the_browser(page: Page, tmp_path: Path) -> None:
    page.add_init_script("""for (const name of ["localStorage", "sessionStorage", "indexedDB"])
        Object.defineProperty(window, name, {get() { throw new Error("refused"); }});""")
    opened(page, tmp_path, data="xor")
    trained(page, 1)


def test_all_is_on_one_screen(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, tmp_path, "#data=yin-yang&net=12.12.12.12.12.12.12.12&inputs=x1.x2.sq1.sq2.prod.sin1.sin2")
    assert page.evaluate("document.documentElement.scrollHeight <= 720 && document.documentElement.scrollWidth <= 1280")
    outside = page.evaluate("""() => [...document.querySelectorAll("main button, main input, nav button, canvas")]
        .filter((e) => e.offsetParent && (({right, bottom, left, top}) => right > 1281 || bottom > 721 || left < 0
            || top < 0)(e.getBoundingClientRect())).map((e) => e.id || e.outerHTML.slice(0, 80))""")
    assert outside == []
    plane = page.locator("#plane").bounding_box()
    assert plane
    assert plane["height"] <= 360


@pytest.mark.parametrize(("width", "height"), [(390, 844), (640, 360), (900, 700)])
def test_narrow_screens_scroll_down_only(page: Page, tmp_path: Path, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    opened(page, tmp_path)
    for tab in ("data", "network", "result") if width < 600 else ("",):
        if tab:
            page.click(f"[data-tab={tab}]")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    plane = page.locator("#plane").bounding_box()
    assert plane
    assert plane["height"] <= height / 2
    assert page.evaluate("getComputedStyle(document.querySelector('#plane .points')).touchAction") == "pan-y"


# ---------------------------------------------------------------------------------------------- it learns


@pytest.mark.parametrize("name", ["xor", "circles", "blobs", "spirals"])
def test_the_data_sets_of_classes_are_solved_as_they_begin(page: Page, tmp_path: Path, name: str) -> None:
    opened(page, tmp_path, f"#data={name}&speed=most")
    page.click("#play")
    until(
        page,
        """() => Number(document.querySelector("#metric-held").textContent.split(", ")[1]?.split(" ")[0]) >= 97
        && document.querySelector("#epoch").textContent > 0""",
    )


@pytest.mark.parametrize(("name", "loss"), [("plane", 0.01), ("bumps", 0.02), ("sine", 0.03)])
def test_quantities_are_learned(page: Page, tmp_path: Path, name: str, loss: float) -> None:
    opened(page, tmp_path, f"#data={name}&speed=most")
    page.click("#play")
    until(page, "(least) => Number(document.querySelector('#metric-held').textContent) < least", loss)


@pytest.mark.parametrize("name", SETS)
def test_every_data_set_begins(page: Page, tmp_path: Path, name: str) -> None:
    opened(page, tmp_path)
    page.click(f"[data-data={name}]")
    until(page, f"() => document.querySelector('[data-data={name}]').getAttribute('aria-pressed') === 'true'")
    assert alive(page)
    assert message(page) == ""


def test_it_stops_when_it_has_learned_and_play_goes_on(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=xor&noise=0.05&speed=most&lr=0.1")
    page.click("#play")
    until(page, SAID, "Stopped at epoch")
    assert page.get_attribute("#play", "aria-pressed") == "false"
    stopped = epoch(page)
    page.click("#play")
    until(page, LATER, stopped)
    opened(page, tmp_path, "#data=xor&noise=0.05&speed=most&lr=0.1&stop=0")
    page.click("#play")
    until(page, LATER, stopped + 50)


def test_first_weights_are_those_of_python(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&net=5.3&seed=17")
    model = nn.MLP(2, [5, 3, 1], rng=17)
    assert weights(page).tolist() == [p.data for p in model.parameters()]


# ---------------------------------------------------------------------------------------------- what it sees


@pytest.mark.parametrize(
    ("hash", "steps", "said"),
    [
        ("#data=xor&act=relu&net=6&lr=300&rule=sgd", 1, "dead"),
        ("#data=xor&init=equal", 1, "equal weights"),
        ("#data=xor&init=zero", 1, "equal weights"),
        ("#data=circles&rule=sgd&lr=60&net=6", 2, "saturated"),
        ("#data=plane&rule=sgd&lr=900&act=linear&stop=0", 40, "Stopped in epoch"),
    ],
)
def test_it_says_what_it_sees(page: Page, tmp_path: Path, hash: str, steps: int, said: str) -> None:
    opened(page, tmp_path, hash)
    for _ in range(steps):
        page.click("#step-epoch")
        page.wait_for_timeout(30)
    until(page, "(t) => document.querySelector('#sees-lines').textContent.includes(t)", said)


def test_a_run_that_diverges_keeps_its_last_finite_weights(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=plane&rule=sgd&lr=900&act=linear&stop=0&speed=most")
    page.click("#play")
    until(page, SAID, "Stopped in epoch")
    assert page.get_attribute("#play", "aria-pressed") == "false"
    assert re.search(r"Stopped in epoch \d+: .*unit \d+ .*layer \d+", page.inner_text("#sees-lines"))
    assert np.isfinite(weights(page)).all()


def test_overfitting_is_said(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&noise=0.5&n=40&net=12.12&share=0.5&speed=most&stop=0&lr=0.03")
    page.click("#play")
    until(page, "() => document.querySelector('#sees-lines').textContent.includes('overfits')")


def test_the_confusion_adds_up(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=blobs&classes=3&n=120&share=0.25&noise=2")
    trained(page, 3)
    page.click("[data-lower=confusion-box]")
    page.wait_for_selector("#confusion table")
    cells = [int(t) for t in page.locator("#confusion table tr td:not(:first-child)").all_inner_texts() if t.isdigit()]
    diagonal = [int(t) for t in page.locator("#confusion td.right").all_inner_texts()]
    right = float(page.inner_text("#metric-held").split(", ")[1].split(" ")[0])
    counts = [int(t) for t in page.locator("#confusion tr").all_inner_texts()[1].split("\t")[1:]]
    assert len(counts) == 3
    assert sum(diagonal) / 30 * 100 == pytest.approx(right, abs=0.1)
    assert cells


# ---------------------------------------------------------------------------------------------- words


def test_languages_have_the_same_words() -> None:
    english = table("en")
    for lang in LANGUAGES:
        other = table(lang)
        assert other.keys() == english.keys()
        for key, text in english.items():
            assert sorted(re.findall(r"\{\w+\}", other[key])) == sorted(re.findall(r"\{\w+\}", text)), (lang, key)
            assert other[key].strip()


def test_the_page_speaks_italian(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, lang="it")
    assert page.evaluate("document.documentElement.lang") == "it"
    assert page.inner_text("#reset") == table("it")["reset"] != table("en")["reset"]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lang must be one of \['en', 'it'\]"):
        viz.playground(lang="xx")


def test_all_words_are_used_and_there() -> None:
    room = Path(viz.__file__).parent / "trainer"
    text = "".join(p.read_text("utf-8") for p in [*room.glob("*.py"), *room.glob("assets/*.js")])
    keys = table("en").keys()
    said = set(re.findall(r'say\("([\w-]+)"', text)) | set(re.findall(r'w\["([\w-]+)"\]', text))
    assert said <= keys
    built = set(re.findall(r"""["'`]([\w-]+)-(?:\$?\{)""", text)) | set(re.findall(r'_named\(w, "(\w+)"', text))
    loose = {key for key in keys - said if f'"{key}"' not in text}
    assert {key for key in loose if not any(key.startswith(f"{part}-") for part in built)} == set()


def test_what_does_not_fit_is_refused() -> None:
    for options, said in [
        ({"data": "nope"}, "data must be one of"),
        ({"hidden": [13]}, "up to 8 layers of up to 12 units"),
        ({"X": [[1.0], [2.0]]}, "X and y are given together"),
        ({"X": [[1.0], [2.0]], "y": [0, 9]}, "whole numbers from 0"),
        ({"X": [[1.0], [2.0]], "y": [0.5, 1.5], "class_names": ["a", "b"]}, "class_names are for classes"),
    ]:
        with pytest.raises(ValueError, match=re.escape(said)):
            viz.playground(**options)


def test_a_table_of_the_callers_own(page: Page, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 5)) * [1, 10, 100, 1, 1]
    y = (X[:, 1] > 0).astype(int)
    viz.playground(
        path=tmp_path / "own.html", X=X, y=y, feature_names=["a", "b", "c", "d", "e"], class_names=["no", "yes"]
    )
    page.goto((tmp_path / "own.html").as_uri())
    ready(page)
    assert page.locator("#view-row").is_visible()
    assert page.locator("#inputs label").all_inner_texts() == ["a", "b", "c", "d", "e"]
    assert alive(page)
