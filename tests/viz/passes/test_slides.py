"""TikZ: what compiles, what it shows, and on which slides."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lessons import HOSTILE, circuit, fan_out, neuron

import viz
from microgrAD import Value, parse
from microgrAD.engine import apply
from microgrAD.explanation import explain
from microgrAD.steps import steps
from viz.style import number

MACROS = {
    "definecolor",
    "useasboundingbox",
    "path",
    "fill",
    "node",
    "only",
    "begin",
    "end",
    "fontsize",
    "selectfont",
    "sffamily",
    "boldmath",
    "bfseries",
    "resizebox",
    "sbox",
    "usebox",
    "parbox",
    "dimexpr",
    "relax",
    "ht",
    "dp",
    "lineskip",
    "quad",
    "ifdim",
    "width",
    "else",
    "fi",
    "displaystyle",
    "frac",
    "partial",
    "pagestyle",
    "setlength",
    "parindent",
    "topskip",
    "hat",
    "cdot",
    "times",
    "div",
    "sigma",
    "Sigma",
    "infty",
    "dots",
    "sqrt",
    "Box",
    "left",
    "right",
    "text",
    "mathit",
    "mathrm",
    "qquad",
    "tanh",
    "textbackslash",
    "textasciitilde",
    "textasciicircum",
    "textless",
    "textgreater",
    "textbar",
    "documentclass",
    "usepackage",
    "setbeamertemplate",
    "setbeamercolor",
    "setbeamersize",
    "title",
    "centering",
    "alpha",
    "sin",
    "cos",
    "max",
}


def hostile() -> Value:
    labels = [*HOSTILE, "50% & more_of #1 ^ ~ \\end{document}", "α", "日本"]
    return apply("sum", tuple(Value(k + 1.5, label=label) for k, label in enumerate(labels)))


def balanced(text: str) -> None:
    """Braces and environments close, and no macro is used that the preamble does not bring."""
    plain = re.sub(r"\\[{}]", "", text)
    depth = 0
    for c in plain:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    open_: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            open_.append(name)
        else:
            assert open_.pop() == name
    assert open_ == []
    assert set(re.findall(r"\\([A-Za-z]+)", text)) <= MACROS


def compiled(text: str, folder: Path) -> Path:
    """The PDF that pdflatex makes of it."""
    (folder / "x.tex").write_text(text, "utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "x.tex"],
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    assert b"Overfull" not in done.stdout
    return folder / "x.pdf"


def has(*files: str) -> bool:
    """Whether there is a LaTeX with these files."""
    if not shutil.which("pdflatex"):
        return False
    return all(subprocess.run(["kpsewhich", file], capture_output=True, check=False).stdout for file in files)


ROOTS = {
    "circuit": circuit,
    "fan_out": fan_out,
    "neuron": neuron,
    "hostile": hostile,
    "signs": lambda: parse(
        "a = x**3; b = sqrt(a) * sin(x) / 2 - abs(y); relu(b) + sigmoid(alpha * x_1)", x=1, alpha=-0.5, x_1=2e-7, y=3
    ),
}


@pytest.mark.parametrize("name", ROOTS)
def test_a_drawing_is_saved_as_a_document_that_compiles(name: str, tmp_path: Path) -> None:
    (root := ROOTS[name]()).backward()
    drawing = viz.draw(root, show_constants=True, show_local=True, theme="dark")
    text = drawing.save(tmp_path / "x.tex").read_text("utf-8")
    balanced(text)
    said = numbers(text)
    for node in drawing.graph.nodes:
        assert all(number(r.value) in said and (r.grad is None or number(r.grad) in said) for r in node.numbers)
    assert all(f"×{number(edge.local)}" in said for edge in drawing.graph.edges if edge.local is not None)
    if has("tikz.sty", "lmodern.sty", "amssymb.sty", "geometry.sty"):
        compiled(text, tmp_path)


@pytest.mark.parametrize("name", ROOTS)
def test_a_picture_is_balanced_and_compiles(name: str, tmp_path: Path) -> None:
    balanced(viz.tikz(ROOTS[name](), document=False))
    balanced(viz.tikz(ROOTS[name](), overlays=True, document=False))
    if has("tikz.sty", "lmodern.sty", "amssymb.sty", "geometry.sty"):
        compiled(viz.tikz(ROOTS[name]()), tmp_path)


def test_slides_compile_one_for_each_step(tmp_path: Path) -> None:
    x = Value(2.0, label=HOSTILE[0])
    balanced(text := viz.tikz(x * x, overlays=True))
    if has("tikz.sty", "lmodern.sty", "amssymb.sty", "beamer.cls"):
        pdf = compiled(text, tmp_path).with_suffix(".log").read_text("latin-1")
        assert f"Output written on x.pdf ({len(steps(x * x)) + 1} pages" in pdf


def numbers(text: str) -> list[str]:
    """What the nodes of a picture say, numbers as Python writes them."""
    said = re.findall(r"\\sffamily (.*)\};", text)
    return [s.replace("$-$", "−").replace(r"$\times$", "×") for s in said]


def test_a_picture_has_all_numbers() -> None:
    root = neuron()
    trace = steps(root)
    said = numbers(viz.tikz(root))
    for v in trace.variables.values():
        assert number(v.data) in said
        assert number(trace.derivatives[v.id]) in said
    assert r"{\boldmath\bfseries $x_{1}$}" in said


def test_code_points_are_as_wide_as_the_signs_that_they_stand_for() -> None:
    root = Value(1.0, label="日本語") * 2
    wide = next(
        shape.width
        for group in viz.draw(root).scene.groups
        for part in group.parts
        for shape in part.shapes
        if getattr(shape, "text", "") == "日本語"
    )
    assert f"\\resizebox{{\\ifdim\\width>{wide:.0f}bp {wide:.0f}bp\\else" in viz.tikz(root)
    assert "resizebox" not in viz.tikz(neuron())


def on_slide(text: str, slide: int) -> list[str]:
    """What stands on a slide: what is on all of them, and what is \\only on some."""
    found = []
    for first, dash, last, body in re.findall(r"\\only<(\d+)(-?)(\d*)>\{%\n(.*?)\n?\}%\n", text, re.DOTALL):
        if int(first) <= slide <= int(last or (10**6 if dash else first)):
            found += numbers(body)
    return found + numbers(re.sub(r"\\only<.*?>\{%\n.*?\}%\n", "", text, flags=re.DOTALL))


def test_each_slide_has_the_numbers_of_its_step() -> None:
    """The lecture's circuit with 2 from above: slide k + 1 shows what is known after step k."""
    text = viz.tikz(circuit(), overlays=True, gradient=2, show_local=False)
    values = [s for s in on_slide(text, 1) if re.fullmatch("[−0-9.]+", s)]
    assert values == []
    for slide, known in [(2, "1"), (4, "1 2 3"), (6, "1 2 3 2 6"), (7, "1 2 3 2 6 2"), (11, "1 2 3 2 6 2 4 6 4 4")]:
        assert sorted(s for s in on_slide(text, slide) if re.fullmatch("[−0-9.]+", s)) == sorted(known.split())


def test_partial_sums_give_way_to_the_next() -> None:
    text = viz.tikz(fan_out(), overlays=True)
    trace = list(steps(fan_out()))
    k = next(k for k, e in enumerate(trace) if getattr(e, "part", 0) == 1 and getattr(e, "parts", 0) == 2)
    assert r"1\dots{}" in on_slide(text, k + 2)
    assert r"1\dots{}" not in on_slide(text, len(trace) + 1)


def test_the_legend_says_what_is_differentiated_and_by_what() -> None:
    f = parse("q = x + y; f = q * z", x=1, y=2, z=2)
    for words, options in [
        ("gradient of f", {}),
        ("gradient of L", {"gradient": 2.0}),
        ("derivative by x", {"mode": "forward", "wrt": f.args[0].args[0]}),
    ]:
        assert words in viz.tikz(f, **options)


def test_captions_are_those_of_the_worked_solution() -> None:
    text = viz.tikz(circuit(), overlays=True, gradient=2)
    assert r"\frac{\partial L}{\partial q} = \frac{\partial L}{\partial f} \cdot \frac{\partial f}{\partial q}" in text
    solution = explain(circuit(), format="latex", gradient=2)
    assert r"\frac{\partial L}{\partial q} &= \frac{\partial L}{\partial f}" in solution
    assert r"\resizebox" not in viz.tikz(circuit(), overlays=True, caption=False)


def test_every_slide_has_the_same_frame() -> None:
    text = viz.tikz(fan_out(), overlays=True)
    assert len(re.findall(r"\\useasboundingbox", text)) == 1
    assert text.count(r"\begin{frame}") == 1


def test_files(tmp_path: Path) -> None:
    text = viz.tikz(circuit(), tmp_path / "x.tikz", document=False)
    assert (tmp_path / "x.tikz").read_text("utf-8") == text
    assert text.startswith(r"\begin{tikzpicture}") and "documentclass" not in text
    with pytest.raises(ValueError, match=r"\.tex or \.tikz"):
        viz.tikz(circuit(), tmp_path / "x.pdf")
    assert viz.tikz(circuit()) == viz.tikz(circuit())
