"""After the gradient: a nudge and a step, predicted and true, compared with Python at the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from lessons import neuron, opened
from playwright.sync_api import Page

from microgrAD import Value, parse
from microgrAD.gallery import ENTRIES
from microgrAD.nn import MLP
from microgrAD.steps import steps

TEXT = "d = a * b + c; L = tanh(d) ** 2"
AT = {"a": 0.5, "b": -0.75, "c": 1.5}


def out(page: Page, name: str) -> float:
    return float((page.locator(f"[data-out='{name}']").text_content() or "").replace("−", "-"))


def test_a_nudge_is_predicted_by_the_derivative_and_compared_with_the_truth(page: Page, tmp_path: Path) -> None:
    trace = steps(parse(TEXT, **AT))
    slopes = {v.name: trace.derivatives[v.id] for v in trace.variables.values() if not v.op}
    opened(page, tmp_path, trace, at="#mode=explore", digits=10)
    along = page.locator("[data-along]")
    assert along.evaluate("(e) => e.selectedOptions[0].text") == max(slopes, key=lambda name: abs(slopes[name]))
    for name, place in [("a", "40"), ("b", "-60"), ("c", "1")]:
        along.select_option(label=name)
        page.locator("[data-nudge]").fill(place)
        delta = out(page, "delta")
        assert delta != 0
        true = parse(TEXT, **{**AT, name: AT[name] + delta}).data - trace.root.data
        assert out(page, "predicted") == pytest.approx(slopes[name] * delta, rel=1e-8)
        assert out(page, "true") == pytest.approx(true, rel=1e-6)
        assert page.locator(".curve path.f").get_attribute("d")
        assert page.locator(".curve path.tangent").count() == 1
        label = page.locator(".curve").get_attribute("aria-label") or ""
        assert f"L along {name}" in label


def test_the_curve_is_the_function_and_the_tangent_touches_it(page: Page, tmp_path: Path) -> None:
    """f = x² at 1: the points of the curve lie on a parabola, the tangent goes through the point with slope 2."""
    opened(page, tmp_path, parse("x ** 2", x=1), at="#mode=explore", digits=8)
    points = page.locator(".curve path.f").evaluate(
        "(p) => p.getAttribute('d').slice(1).split('L').map((s) => s.split(',').map(Number))"
    )
    ends = page.locator(".curve path.tangent").evaluate(
        "(p) => p.getAttribute('d').slice(1).split('L').map((s) => s.split(',').map(Number))"
    )
    here = [float(page.locator(".curve .here").get_attribute(name) or "") for name in ("cx", "cy")]
    assert len(points) == 81
    xs = [1 + (2 * k / 80 - 1) for k in range(81)]
    low, high = points[40], points[80]  # x = 1 and x = 2, where f is 1 and 4
    scale = (low[1] - high[1]) / 3
    for x, (_, y) in zip(xs, points, strict=True):
        assert y == pytest.approx(low[1] - scale * (x**2 - 1), abs=0.3)
    assert here == pytest.approx(low, abs=0.1)
    per_unit = points[80][0] - points[40][0]
    slope = -(ends[1][1] - ends[0][1]) / scale / ((ends[1][0] - ends[0][0]) / per_unit)
    assert slope == pytest.approx(2, abs=0.02)


def test_steps_down_are_pythons_and_can_be_taken_back(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse(TEXT, **AT), digits=10)
    assert page.locator(".onward").is_hidden()
    page.keyboard.press("End")
    page.locator(".onward button").click()
    now, losses = dict(AT), []
    page.locator("[data-rate]").fill("-50")
    rate = 10**-0.5
    for _ in range(3):
        trace = steps(parse(TEXT, **now))
        slopes = {v.name: trace.derivatives[v.id] for v in trace.variables.values() if not v.op}
        losses.append(trace.root.data)
        now = {name: x - rate * slopes[name] for name, x in now.items()}
        assert out(page, "before") == pytest.approx(losses[-1], rel=1e-8)
        assert out(page, "after-predicted") == pytest.approx(
            losses[-1] - rate * sum(g * g for g in slopes.values()), rel=1e-8
        )
        assert out(page, "after") == pytest.approx(parse(TEXT, **now).data, rel=1e-7)
        page.get_by_role("button", name="Take this step").click()
    assert page.locator(".losses .here").count() == 4
    for loss in reversed(losses):
        page.locator("[data-ascend]").click()
        assert out(page, "before") == pytest.approx(loss, rel=1e-8)
    assert page.locator("[data-ascend]").is_disabled()
    assert page.url.endswith("mode=explore&every=1")


def test_only_what_is_chosen_moves_and_a_long_step_goes_up(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("(w * x - 3) ** 2", w=2, x=2), at="#mode=explore", digits=8)
    page.locator(".moves").evaluate("(e) => e.closest('details').setAttribute('open', '')")
    page.get_by_label("x", exact=True).uncheck()
    page.locator("[data-rate]").fill("-100")  # dL/dw = 2 (4 - 3) 2 = 4, so w goes to 1.6 and the loss to 0.04
    assert (out(page, "after-predicted"), out(page, "after")) == (pytest.approx(-0.6), pytest.approx(0.04))
    assert page.locator("[data-out=verdict]").text_content() == "It goes down."
    page.locator("[data-rate]").fill("0")
    assert out(page, "after") == pytest.approx(49)
    assert page.locator("[data-out=verdict]").text_content() == "It goes up: the step is too long."


def test_parameters_of_a_network_move_and_its_inputs_do_not(page: Page, tmp_path: Path) -> None:
    row = [Value(0.5, label="x1"), Value(-1.0, label="x2")]
    opened(page, tmp_path, (MLP(2, [1], rng=0)(row) - 1.0) ** 2, at="#mode=explore")
    checked = page.locator("[data-moves]").evaluate_all(
        "(all) => all.map((e) => [e.parentElement.textContent.trim(), e.checked])"
    )
    assert {name for name, on in checked if not on} == {"x1", "x2"}
    assert sum(on for _, on in checked) == 3


def test_the_gradient_from_above_is_no_part_of_the_slope(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("3 * x", x=1), at="#mode=explore", gradient=10)
    page.locator("[data-nudge]").fill("50")
    assert out(page, "predicted") == pytest.approx(3 * out(page, "delta")) == pytest.approx(out(page, "true"))


def test_forward_mode_nudges_along_its_direction(page: Page, tmp_path: Path) -> None:
    root = ENTRIES["baydin-forward"].make().root
    x1 = next(v.value for v in steps(root).variables.values() if not v.op)
    trace = steps(root, mode="forward", wrt=x1)
    opened(page, tmp_path, trace, at="#mode=explore", digits=10)
    assert page.locator(".descent, [data-along]").count() == 0
    page.locator("[data-nudge]").fill("10")
    assert out(page, "predicted") == pytest.approx(trace.derivatives[trace.root.id] * out(page, "delta"), rel=1e-8)
    assert abs(out(page, "true") - out(page, "predicted")) < 0.1 * abs(out(page, "true"))


def test_where_there_is_no_value_it_says_so(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("log(x)", x=0.5), at="#mode=explore")
    page.locator("[data-nudge]").fill("-100")
    assert page.locator("[data-out=true]").text_content() == "–"
    page.locator("[data-rate]").fill("50")
    assert page.locator("[data-out=verdict]").text_content() == "There is no value there. A smaller rate may help."
    assert page.locator("[data-descend]").is_disabled()


def test_the_first_screen_has_all_numbers_and_they_follow(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, neuron(), every=False)
    values = "() => [...document.querySelectorAll('svg g.value text')].map((t) => t.textContent)"
    before = page.evaluate(values)
    assert "" not in before and len(before) == 10
    page.locator("#input-n0").fill("1,5")
    assert page.evaluate(values) != before
    assert page.url.endswith("#n0=1.5")
