"""Explanations: golden files that have been read, numbers that are the trace's, documents that compile."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphs import graphs
from hypothesis import given, settings
from paths import GOLDEN

from microgrAD import Value, dot, formula, where
from microgrAD.explanation import explain, latex, lines
from microgrAD.explanation.terminal import measure, table, write
from microgrAD.explanation.writers import Slots, Text
from microgrAD.steps import Backward, Forward, steps

HOSTILE = [
    "\\input{/etc/passwd}",
    "$x^2$ % no",
    "a_b&c#d~e^f{}",
    "<script>alert(1)</script>",
    "日本語 😀 é ß",
    "--``''\"",
    "\x1b[31mred\x07",
    "|x| ∂L·θ…",
    "}\\end{document}",
    "x" * 200,
    "**bold** [a](b) `c` ![d](e)",
    "a\nb\r\n# c",
    "\u202eabc",
    "\\",
    "{",
    "}}}",
]


def lecture() -> tuple[Value, dict[str, Any]]:
    x, y, z = Value(1, label="x"), Value(2, label="y"), Value(2, label="z")
    q = x + y
    q.label = "q"
    return q * z, {"gradient": 2}


def fan_out() -> tuple[Value, dict[str, Any]]:
    a, b = Value(2, label="a"), Value(3, label="b")
    c, d = a + b, a * b
    c.label, d.label = "c", "d"
    y = (c + d) + c * d
    y.label = "y"
    return y, {}


def neuron() -> tuple[Value, dict[str, Any]]:
    x1, x2 = Value(2, label="x1"), Value(0, label="x2")
    w1, w2, b = Value(-3, label="w1"), Value(1, label="w2"), Value(6.8813735870195432, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    return o, {}


def tangents() -> tuple[Value, dict[str, Any]]:
    x1, x2 = Value(2, label="x1"), Value(5, label="x2")
    return x1.log() + x1 * x2 - x2.sin(), {"mode": "forward", "wrt": x1}


def others() -> tuple[Value, dict[str, Any]]:
    """What the rest lacks: a choice, a sigmoid, several operands, powers, a small number, a direction."""
    w, x = Value(-1.5, label="w"), Value(1e-7, label="x")
    h = dot([w, x], [w**2, Value(3, label="α")]).leaky_relu()
    h.label = "h"
    return (h / 4).sigmoid(), {"mode": "forward", "wrt": {w: 1, x: -2}}


EXAMPLES: list[Callable[[], tuple[Value, dict[str, Any]]]] = [lecture, fan_out, neuron, tangents, others]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda f: f.__name__)
@pytest.mark.parametrize(("format", "ending"), [("text", "txt"), ("markdown", "md"), ("latex", "tex")])
def test_an_explanation_reads_as_it_was_read(example: Any, format: Any, ending: str) -> None:
    root, options = example()
    golden = GOLDEN / f"explain_{example.__name__}.{ending}"
    written = explain(root, format=format, **options)
    assert written.rstrip("\n") + "\n" == golden.read_text("utf-8"), (
        f"tests/golden/{golden.name} says otherwise; read the difference, and put the new text there if it reads well"
    )


def test_the_chain_rule_as_the_lecture_writes_it() -> None:
    root, options = lecture()
    assert "∂L/∂q = ∂L/∂f · ∂f/∂q = 2 · z = 2 · 2 = 4" in re.sub(" +", " ", explain(root, **options))


def test_a_fan_out_shows_every_term() -> None:
    root, _ = fan_out()
    said = re.sub(" +", " ", explain(root))
    assert "∂y/∂a = ∂y/∂c · ∂c/∂a + ∂y/∂d · ∂d/∂a = 7 · 1 + 6 · b = 7 · 1 + 6 · 3 = 7 + 18 = 25" in said


# ---------------------------------------------------------------------------------------------- numbers


@given(graphs())
def test_every_number_is_the_traces(root: Value) -> None:
    trace = steps(root)
    writer = Text(digits=17)
    for event in trace:
        if isinstance(event, Forward):
            said = lines.value(trace, event.node, writer).written()[-1]
            assert float(said.replace("−", "-")) == event.node.data
    found = {}
    for edges in lines.complete(trace):
        line = lines.gradient(trace, edges, writer)
        found[edges[-1].arg.id] = float(line.written()[-1].replace("−", "-"))
        assert len(line.sides[0]) == len(edges)
    assert found == {id: g for id, g in trace.derivatives.items() if id != trace.root.id}


def test_step_by_step_the_sum_runs() -> None:
    trace = steps(fan_out()[0])
    ks = [k for k, e in enumerate(trace) if isinstance(e, Backward) and e.arg.name == "a"]
    said = [
        [f"{line.left} = {' = '.join(line.written())} ({line.note})" for line in lines.event(trace, k, Text())]
        for k in ks
    ]
    assert said == [
        ["∂y/∂c · ∂c/∂a = 7 · 1 = 7 ()", "∂y/∂a = 7 (part 1 of 2)"],
        ["∂y/∂d · ∂d/∂a = 6 · b = 6 · 3 = 18 ()", "∂y/∂a = 7 + 18 = 25 (part 2 of 2)"],
    ]


@given(graphs())
def test_a_page_can_fill_in_every_number_itself(root: Value) -> None:
    trace = steps(root)
    keys = {f"{v.id}.{what}" for v in trace.variables.values() for what in ("data", "derivative")}
    keys |= {
        f"{e.node.id}.{e.index}.{what}"
        for e in trace
        if isinstance(e, Backward)
        for what in ("local", "contribution", "total")
    }
    for k in range(len(trace)):
        for line in lines.event(trace, k, Slots()):
            for part in (line.left, *line.written()):
                slots = re.findall(r'data-slot="([^"]*)"', formula.translate(part))
                assert set(slots) <= keys
            assert 'data-slot="' in formula.translate(line.written()[-1])


# ---------------------------------------------------------------------------------------------- the terminal


@given(graphs(labels=("", "x", "loss", "σ")))
def test_no_line_is_longer_than_the_terminal(root: Value) -> None:
    assert max(map(measure, write(steps(root), color=False, width=120).splitlines())) <= 120


def test_a_term_wider_than_the_terminal_is_cut_before_an_operation() -> None:
    x = Value(-5.735527508858515e-255)
    rows = write(steps(x.gelu() * x), color=False, width=60).splitlines()
    assert max(map(measure, rows)) <= 60
    assert "".join(rows).replace(" ", "").count("exp(−(−5.73553e-255)²/2)/√(2·π)") == 1
    assert all(row.strip()[0] in "·+−/" for row in rows if row.startswith(" " * 16))


def test_columns_are_aligned() -> None:
    rows = explain(fan_out()[0]).splitlines()
    block = rows[rows.index("") + 2 :]
    assert len({row.rindex("= ") for row in block}) == 1


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    root, options = lecture()
    assert "\x1b" not in explain(root, **options), "standard output is captured here"
    colored = explain(root, color=True, **options)
    assert "\x1b[31m4\x1b[0m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == explain(root, **options)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" in explain(root, **options)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in explain(root, **options)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in explain(root, **options)


def test_wide_letters_are_measured() -> None:
    assert [measure(text) for text in ("abc", "日本", "é", "e\u0301", "😀")] == [3, 4, 1, 1, 2]


def test_a_long_sum_is_wrapped_between_its_terms() -> None:
    x = Value(2, label="x")
    root = dot([x] * 30, [Value(k) for k in range(30)])
    trace = steps(root)
    edges = [list(e) for e in lines.complete(trace) if e[-1].arg.name == "x"]
    rows = table([lines.gradient(trace, edges[0], Text())], 80)
    assert all(measure(row) <= 80 for row in rows)
    assert sum(row.count("·") for row in rows) == 30 * 3


# ---------------------------------------------------------------------------------------------- hostile labels


def hostile() -> Value:
    v = Value(1)
    for k, label in enumerate(HOSTILE):
        v = (v * Value(k / 4 + 0.5, label=label)).tanh() + 1
        v.label = label[::-1]
    return v


def test_no_label_reaches_the_terminal_as_a_command() -> None:
    said = explain(hostile())
    assert not [c for c in said if c != "\n" and not c.isprintable()]


def test_no_label_is_markup_in_markdown() -> None:
    said = explain(hostile(), format="markdown")
    assert "<" not in said
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in said.splitlines() if row.startswith("|"))
    assert not re.search(r"(?<!\\)[`\[\]$]", said)
    assert not re.search(r"(?<!\\)\*", re.sub(r"\*\*([−\d.e+-]+)\*\* \|", "", said)), "only results are bold"


def check_latex(document: str) -> None:
    """Balanced braces, fences and environments, and no command but those that this package writes."""
    bare = re.sub(r"\\[{}\\]", "", document)
    depth = 0
    for c in bare:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"\\left\b", document)) == len(re.findall(r"\\right\b", document))
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{([^}]*)\}", document):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []
    known = {
        "documentclass",
        "usepackage",
        "allowdisplaybreaks",
        "pagestyle",
        "begin",
        "end",
        "section",
        "frac",
        "partial",
        "cdot",
        "left",
        "right",
        "mathit",
        "mathrm",
        "text",
        "ln",
        "sin",
        "cos",
        "tan",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "sigma",
        "sqrt",
        "min",
        "max",
        "le",
        "ge",
        "ne",
        "wedge",
        "vee",
        "pi",
        "quad",
        "qquad",
        "dot",
        "dots",
        "times",
        "alpha",
        "theta",
        "textbackslash",
        "textasciicircum",
        "textasciitilde",
        "textless",
        "textgreater",
        "textbar",
        "hat",
        "bar",
        "ss",
        "newlength",
        "room",
        "newcommand",
        "fit",
        "resizebox",
        "ifdim",
        "width",
        "else",
        "fi",
        "displaystyle",
        "settowidth",
        "setlength",
        "dimexpr",
        "linewidth",
        "mathindent",
    }
    assert set(re.findall(r"\\([A-Za-z]+)", document)) <= known


def compile_latex(document: str, folder: Path, *, fits: bool = True) -> None:
    """Compile where there is a pdflatex; everywhere, check what can be checked without it."""
    check_latex(document)
    if shutil.which("pdflatex"):
        (folder / "x.tex").write_text(document, "utf-8")
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "x.tex"],
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
        )
        assert done.returncode == 0, done.stdout[-2000:]
        assert "Missing character" not in done.stdout
        assert not fits or "Overfull" not in done.stdout


def test_hostile_labels_compile(tmp_path: Path) -> None:
    document = explain(hostile(), format="latex")
    assert "\\input" not in document
    compile_latex(document, tmp_path)


@pytest.mark.parametrize(
    "labels",
    [
        ["W" * 200, "標籤" * 50, "a sentence of many words as a label, " * 9],
        ["m" * 16, "M" * 16, "W" * 16],
        ["@%" * 20, "the same long label at the beginning 1", "🦊" * 40],
        ["the same long label, and then 1", "the same long label, and then 2", "the same long label, and then 3"],
    ],
)
def test_long_labels_stay_on_the_page(labels: list[str], tmp_path: Path) -> None:
    a, b, c = (Value(2, label=label) for label in labels)
    root = where(a, b, c) * (a * b + c / a).sigmoid() ** 2 * b + a * a * a * b
    root.label = labels[0] + "!"
    document = explain(root, format="latex")
    compile_latex(document, tmp_path)
    assert len(set(re.findall(r"(?m)^(\\(?:text|mathit)\{.*\}) &= 2 \\\\$", document))) == 3


def test_a_letter_with_a_hat_is_mathematics_everywhere(tmp_path: Path) -> None:
    y, error = Value(3, label="ŷ"), Value(2, label="Straße ȳ")
    root = y * error * Value(1, label="x̂1")
    document = explain(root, format="latex")
    for written in (r"\hat{y} &= 3", r"\text{Stra\ss{}e $\bar{\mathrm{y}}$} &= 2", r"\hat{x}_{1} &= 1"):
        assert written in document
    assert "[U+" not in document
    compile_latex(document, tmp_path)
    assert formula.translate(r"\hat{y}") == "<mrow><mover><mi>y</mi><mo>^</mo></mover></mrow>"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda f: f.__name__)
def test_the_worked_solution_compiles(example: Any, tmp_path: Path) -> None:
    root, options = example()
    compile_latex(explain(root, format="latex", **options), tmp_path)


@settings(max_examples=8, deadline=None)
@given(graphs())
def test_any_graph_compiles(tmp_path_factory: pytest.TempPathFactory, root: Value) -> None:
    folder = tmp_path_factory.mktemp("tex")
    compile_latex(explain(root, format="latex"), folder, fits=False)
    document = explain(Value(1), format="latex")
    whole = latex(root, derivative=None if latex(root).count("\n") < 60 else False)
    compile_latex(
        re.sub(r"(?s)\\begin\{align\*\}.*?\\end\{align\*\}", lambda _: f"\\[{whole}\\]", document), folder, fits=False
    )


# ---------------------------------------------------------------------------------------------- the whole expression


@pytest.mark.parametrize(
    ("make", "written"),
    [
        (lambda a, b: a, "a"),
        (lambda a, b: (a + b) * 2, r"f &= \left(a + b\right) \cdot 2|2|2"),
        (lambda a, b: a * a, r"f &= a \cdot a|2 \cdot a"),
        (lambda a, b: a - a, r"f &= a - a|0"),
        (lambda a, b: a**3, r"f &= a^{3}|3 \cdot a^{2}"),
        (lambda a, b: 1 / a, r"f &= \frac{1}{a}|\frac{-\frac{1}{a}}{a}"),
        (lambda a, b: a.log() - b * -1.5, r"f &= \ln\left(a\right) - b \cdot \left(-1.5\right)|\frac{1}{a}|1.5"),
        (lambda a, b: a.sin().exp(), r"f &= e^{\sin\left(a\right)}|e^{\sin\left(a\right)} \cdot \cos\left(a\right)"),
        (
            lambda a, b: a.leaky_relu(0.2) + b.leaky_relu(),
            r"f &= \mathrm{LeakyReLU}\left(a, 0.2\right) + \mathrm{LeakyReLU}\left(b\right)"
            r"|\begin{cases} 1 & a > 0 \\ 0.2 & \text{otherwise} \end{cases}"
            r"|\begin{cases} 1 & b > 0 \\ 0.01 & \text{otherwise} \end{cases}",
        ),
        (lambda a, b: dot([a, b], [b, 3]), r"f &= a \cdot b + b \cdot 3|b|3 + a"),
    ],
)
def test_the_whole_expression_and_its_derivatives(make: Any, written: str) -> None:
    found = latex(make(Value(2, label="a"), Value(3, label="b")))
    rows = found.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}").split(" \\\\\n")
    assert "|".join([rows[0], *(row.partition(" &= ")[2] for row in rows[1:])]) == written


def test_a_long_expression_goes_node_by_node() -> None:
    v = Value(2, label="a")
    for _ in range(40):
        v = v * v / v
    assert latex(v).count(" &= ") == 80
    with pytest.raises(ValueError, match="does not fit on a page"):
        latex(v, derivative=True)


def test_a_middling_expression_has_no_derivatives_unless_asked() -> None:
    v = Value(2, label="a")
    for _ in range(20):
        v = v + 1
    assert latex(v).startswith("f = a + 1 + 1")
    assert latex(v, derivative=True).endswith("\\frac{\\partial f}{\\partial a} &= 1\n\\end{aligned}")


# ---------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "html"}, r"format must be one of \['text', 'markdown', 'latex'\], got 'html'"),
        ({"digits": 0}, "digits must be a whole number from 1 to 17, got 0"),
        ({"digits": 2.5}, "digits must be a whole number"),
    ],
)
def test_bad_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explain(Value(1) * 2, **options)
