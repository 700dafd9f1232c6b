"""Labels between dollars are mathematics in every medium; other dollars are dollars, and no label runs TeX."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import viz
from microgrAD import Value
from microgrAD.explanation import explain
from microgrAD.steps.naming import as_latex, as_text, mathematics
from viz import fonts

LABELS = [r"$w_{12}^{[2]}$", r"$\hat{x}_1$", r"$\delta_3$", "$L$"]


def graph() -> Value:
    w, x, cost = Value(0.5, label=LABELS[0]), Value(2.0, label=LABELS[1]), Value(1.0, label="cost in $")
    n = w * x + cost
    n.label = LABELS[2]
    loss = n**2
    loss.label = LABELS[3]
    return loss


def test_a_label_is_mathematics_in_every_medium(tmp_path: Path) -> None:
    drawing = viz.draw(graph())
    assert r"$w_{12}^{[2]}$" in drawing._written(".tex").decode()
    svg = drawing.svg
    assert 'aria-label="w_12^[2]"' in svg and ">$w_" not in svg and "cost in $" in svg
    for ending in ("png", "pdf"):
        assert drawing.save(tmp_path / f"x.{ending}").stat().st_size > 3000
    plain = viz.draw(Value(1.0, label="w") * 1)
    assert drawing.png() != plain.png()
    if shutil.which("pdflatex"):
        drawing.save(tmp_path / "x.tex")
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "x.tex"], cwd=tmp_path, capture_output=True
        )
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]


def test_its_width_is_that_of_its_outlines() -> None:
    from matplotlib.textpath import TextPath

    for label in LABELS:
        box = TextPath((0, 0), label, size=100).get_extents()
        assert box.x1 == pytest.approx(fonts.width(label, 100), rel=0.12)


def test_it_reads_well_in_text_and_latex() -> None:
    assert [as_text(label) for label in LABELS] == ["w_12^[2]", "x̂_1", "δ_3", "L"]
    assert as_latex(LABELS[0]) == "w_{12}^{[2]}"
    assert "$" not in explain(graph(), color=False).replace("cost in $", "")
    assert len(viz.page(graph())) > 10_000


@pytest.mark.parametrize(
    "label",
    ["$", "$$", "5 $", "$5 and 6$", r"$\input{x}$", r"$\write18{ls}$", "$a$b$", "${$", "$}{$", "$%$", "$a_{1}$ "],
)
def test_other_dollars_are_dollars(label: str) -> None:
    shown = mathematics(label)
    assert shown == "" or label == "$5 and 6$"
    if not shown:
        assert fonts.mathematics(label) == 0


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=r"$\{}_^abzw[]()1 hatinputdef#%&~", max_size=14))
def test_no_label_runs_a_command(label: str) -> None:
    inner = mathematics(f"${label}$")
    assert not re.search(r"\\(input|def|write|catcode|csname)|[#%&~$]", inner)
    fonts.width(f"${label}$", 12)
    Value(1.0, label=f"${label}$")
