"""Formulas in words: golden files that have been read, and that what is shown is the function that is computed."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from oracles import ORACLES, close, derivative, kinked, points
from paths import GOLDEN

from microgrAD import OPS, formula
from microgrAD.formula import code
from microgrAD.graph import grouped


def listing(write: object) -> str:
    lines = []
    for op in OPS.values():
        lines.append(f"{op.name}({', '.join(op.args)}) = {write(op.value)}")
        lines += [
            f"    by {arg}: {write(partial)}" for arg, partial in zip(op.args, op.partials, strict=True) if partial
        ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", ["text", "latex"])
def test_every_formula_reads_as_it_was_read(language: str) -> None:
    golden = GOLDEN / f"formulas.{language}"
    written = listing(getattr(formula, language))
    assert written == golden.read_text(encoding="utf-8"), (
        f"tests/golden/{golden.name} says otherwise; read the difference, and put the new text there if it reads well"
    )


@pytest.mark.parametrize(
    ("source", "text", "latex"),
    [
        ("x - (y - z)", "x − (y − z)", r"x - \left(y - z\right)"),
        ("(x - y) - z", "x − y − z", "x - y - z"),
        ("-x ** 2", "−x²", "-x^{2}"),
        ("(-x) ** 2", "(−x)²", r"\left(-x\right)^{2}"),
        ("x * -y", "x · (−y)", r"x \cdot \left(-y\right)"),
        ("x / (y / z)", "x / (y / z)", r"\frac{x}{\frac{y}{z}}"),
        ("(x + y) * z", "(x + y) · z", r"\left(x + y\right) \cdot z"),
        ("x ** y ** z", "x^(y^z)", "x^{y^{z}}"),
        ("(x ** y) ** z", "(x^y)^z", r"\left(x^{y}\right)^{z}"),
        ("1e-7 * x", "1e-07 · x", r"1 \cdot 10^{-7} \cdot x"),
    ],
)
def test_parentheses_stand_where_precedence_asks_for_them(source: str, text: str, latex: str) -> None:
    assert (formula.text(source), formula.latex(source)) == (text, latex)


def test_names_replace_arguments_and_negative_numbers_get_parentheses() -> None:
    names = {"x": "-1.0", "y": "w₁"}
    assert formula.text("x * y + y ** 2", names) == "-1.0 · w₁ + w₁²"
    assert formula.text("y - x ** 2", names) == "w₁ − (-1.0)²"


def test_a_number_with_a_power_of_ten_is_raised_in_parentheses() -> None:
    names = {"x": "1e-05", "y": "2"}
    written = [formula.text(text, names) for text in ("x ** 2", "y ** x", "1 - x ** 2", "y / x", "x * y", "y - x")]
    assert written == ["(1e-05)²", "2^(1e-05)", "1 − (1e-05)²", "2 / 1e-05", "1e-05 · 2", "2 − 1e-05"]


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if not op.variadic])
def test_the_textbooks_formula_is_the_function_that_is_computed(name: str) -> None:
    op, oracle = OPS[name], ORACLES[name]
    functions = {f"_{other}": ORACLES[other].f for other in OPS} | {"_floor": mp.floor}

    @settings(max_examples=15, deadline=None)
    @given(points(oracle))
    def agree(point: tuple[float, ...]) -> None:
        if kinked(name, point):
            return
        with mp.workdps(400):
            space = dict(zip(op.args, [*map(mp.mpf, point), *map(mp.mpf, op.constants.values())], strict=True))
            space["out"] = eval(formula.python(op.value), {**functions, **space})
            assert close(space["out"], oracle.f(*map(mp.mpf, point)), 0, 0)
            for k, partial in enumerate(op.partials[: len(point)]):
                if partial and not (k == 1 and name == "pow" and point[0] <= 0):
                    exact = derivative(oracle, point, tuple(int(j == k) for j in range(len(point))))
                    shown = eval(formula.python(partial), {**functions, **space})
                    assert close(shown, exact, 0, 0), (point, partial)

    agree()
    assert grouped(name, op.args) == list(op.args)


@pytest.mark.parametrize(
    "formula",
    ["x > 0 and y > 0", "x > 0 or y > 0", "x > 0 and y > 0 or x < y", "x > 0 and y > 0 and x > y", "x < 0 < y < 3"],
)
def test_numpys_conditions_are_pythons(formula: str) -> None:
    grid = np.array([-1.0, 0.0, 2.0])
    x, y = (side.ravel() for side in np.meshgrid(grid, grid))
    found = eval(code.numpy(f"1 if {formula} else 0"), {**vars(np)}, {"x": x, "y": y})
    assert found.tolist() == [1 if eval(formula, {}, {"x": a, "y": b}) else 0 for a, b in zip(x, y, strict=True)]
