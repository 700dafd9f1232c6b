"""MathML: every formula of the table translates, is well formed, and says the same as its LaTeX."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgrAD import OPS, formula
from microgrAD.explanation.writers import Slots

FORMULAS = sorted({text for op in OPS.values() for text in (op.value, *op.partials, op.domain) if text})
OPEN, CLOSE = (f"<mo>{fence}</mo>" for fence in "()")
MINUS = '<mo form="prefix">−</mo>'
KNOWN = {"mrow", "mi", "mn", "mo", "mtext", "mfrac", "msqrt", "msup", "msub", "msubsup", "mtable", "mtr", "mtd"}


@pytest.mark.parametrize("text", FORMULAS)
def test_every_formula_of_the_table_is_well_formed(text: str) -> None:
    tree = ElementTree.fromstring(formula.mathml(text))
    assert {element.tag for element in tree.iter()} <= KNOWN
    scripts = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3}
    assert all(len(element) == scripts[element.tag] for element in tree.iter() if element.tag in scripts)


@pytest.mark.parametrize(
    ("text", "names", "written"),
    [
        ("x * y", {}, "<mi>x</mi><mo>·</mo><mi>y</mi>"),
        ("x - y", {"y": "-2"}, f"<mi>x</mi><mo>−</mo><mrow>{OPEN}{MINUS}<mn>2</mn>{CLOSE}</mrow>"),
        ("x - y", {"x": "-2"}, f"{MINUS}<mn>2</mn><mo>−</mo><mi>y</mi>"),
        ("x / y", {"x": "w_{1}"}, "<mfrac><msub><mi>w</mi><mn>1</mn></msub><mi>y</mi></mfrac>"),
        ("x ** 2", {"x": "w_{1}"}, "<msubsup><mi>w</mi><mn>1</mn><mn>2</mn></msubsup>"),
        ("sqrt(x)", {}, "<msqrt><mi>x</mi></msqrt>"),
        ("exp(-x)", {}, f"<msup><mi>e</mi><mrow>{MINUS}<mi>x</mi></mrow></msup>"),
        ("log(x)", {}, f"<mi>ln</mi><mrow>{OPEN}<mi>x</mi>{CLOSE}</mrow>"),
        ("x * pi", {"x": r"\alpha"}, "<mi>α</mi><mo>·</mo><mi>π</mi>"),
        ("x + 1.5", {"x": r"\slot{n3.data}"}, '<mn data-slot="n3.data"></mn><mo>+</mo><mn>1.5</mn>'),
        (
            "x * y",
            {"x": r"\operand{n3.data}", "y": r"\dot{x}_{1}"},
            '<mn class="operand" data-slot="n3.data"></mn><mo>·</mo>'
            "<msub><mover><mi>x</mi><mo>˙</mo></mover><mn>1</mn></msub>",
        ),
        (
            "x + 1",
            {"x": r"\text{<b>a\_b\&c\textbackslash{}d\{\}}"},
            "<mtext>&lt;b&gt;a_b&amp;c\\d{}</mtext><mo>+</mo><mn>1</mn>",
        ),
        (
            "1 if x > 0 else -1",
            {},
            f'<mrow>{OPEN.replace("(", "{")}<mtable class="cases"><mtr><mtd><mn>1</mn></mtd>'
            f"<mtd><mi>x</mi><mo>&gt;</mo><mn>0</mn></mtd></mtr><mtr><mtd>{MINUS}<mn>1</mn></mtd>"
            "<mtd><mtext>otherwise</mtext></mtd></mtr></mtable></mrow>",
        ),
    ],
)
def test_it_reads_as_its_latex_does(text: str, names: dict[str, str], written: str) -> None:
    assert formula.mathml(text, names) == f"<mrow>{written}</mrow>"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (r"\unheard x", "no MathML for"),
        ("^2", "follows nothing"),
        (r"\left( x", "is missing"),
        ("{x", "is missing"),
        (r"\text{x", "does not end"),
        (r"\text x", "needs braces"),
        (r"\begin{cases} x \end{other}", "does not end"),
    ],
)
def test_what_this_package_does_not_write_is_an_error(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        formula.translate(source)


def test_a_script_of_one_token_needs_no_braces() -> None:
    assert formula.translate("x_2^3") == formula.translate("x_{2}^{3}")


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_a_text_comes_through_as_it_is(text: str) -> None:
    tree = ElementTree.fromstring(formula.translate(rf"\text{{{formula.literal(text)}}}"))
    assert "".join(tree.itertext()) == text


@pytest.mark.parametrize(
    "label", ["вес", "損失", "Größe", "αβ", "Δ loss", "a×b", "w …", "🔥", r"\frac{a}{b} _{", "x̂ of y"]
)
def test_a_page_writes_labels_in_every_script(label: str) -> None:
    writer = Slots()
    for written in (writer.name(label), writer.alone(label), writer.partial("f", label), writer.tangent(label)):
        assert label in "".join(ElementTree.fromstring(formula.translate(written)).itertext())
