"""Which answers an exercise accepts."""

from __future__ import annotations

import pytest

from microgrAD import parse
from microgrAD.explanation.blanks import chosen
from microgrAD.steps.taking import steps


@pytest.mark.parametrize(
    ("answer", "right"),
    [(-6.0, True), (-6.06, True), (-5.94, True), (-6.07, False), (-5.93, False), (6.0, False), (float("nan"), False)],
)
def test_an_answer_may_differ_by_a_share_of_the_truth(answer: float, right: bool) -> None:
    (blank,) = chosen(steps(parse("f = x * y", x=-2, y=3)), ["f.value"])
    assert blank.truth == -6
    assert blank.accepts(answer, 0.01 + 1e-12) is right


@pytest.mark.parametrize(("answer", "right"), [(0.0, True), (-1e-9, True), (2e-9, False), (1.0, False)])
def test_an_answer_to_zero_may_differ_by_rounding_only(answer: float, right: bool) -> None:
    (blank,) = chosen(steps(parse("f = x * y", x=0, y=3)), ["f.value"])
    assert blank.accepts(answer, 0.5) is right
