"""Themes are readable for everyone, numbers are short and right, text is measured as fonts have it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from colors import BLINDNESS, apart, contrast
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.font_manager import FontEntry
from PIL import Image, ImageFont

import viz
from microgrAD import Value
from viz import fonts
from viz.style import THEMES, Theme, blend, number

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def test_the_measures_of_colour_give_published_figures() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # WCAG's own near miss
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)  # and the lightest grey that passes
    assert apart("#000000", "#FFFFFF") == pytest.approx(100, abs=0.01)
    assert apart("#FF0000", "#00B050", "deuteranopia") < apart("#FF0000", "#00B050") / 2


@themes
def test_text_stands_out_from_whatever_it_stands_on(theme: Theme) -> None:
    boxes = [theme.background, theme.leaf, theme.result, theme.constant, theme.cluster]
    boxes += [
        blend(tint, box, share)
        for tint in (theme.positive, theme.negative)
        for box in (theme.leaf, theme.result)
        for share in (0.25, 0.5, 0.75, 1)
    ]
    for ink, box in itertools.product((theme.ink, theme.value, theme.gradient, theme.muted), boxes):
        assert contrast(ink, box) >= 4.5, (ink, box)
    for paper in (theme.background, theme.cluster):
        assert contrast(theme.local, paper) >= 4.5
    assert contrast(theme.badge_ink, theme.badge) >= 4.5


@themes
def test_lines_stand_out_from_the_paper(theme: Theme) -> None:
    for line in (theme.edge, theme.root_line, theme.badge, theme.flow_positive, theme.flow_negative):
        assert contrast(line, theme.background) >= 3  # WCAG 1.4.11, graphical objects


@themes
@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
def test_colours_that_mean_something_stay_apart(theme: Theme, blindness: str | None) -> None:
    assert apart(theme.value, theme.gradient, blindness) >= 18
    assert apart(theme.flow_positive, theme.flow_negative, blindness) >= 25
    assert apart(theme.positive, theme.negative, blindness) >= 10


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_a_number_reads_back_as_itself_to_its_digits(x: float, digits: int) -> None:
    shown, exact = Decimal(number(x, digits).replace("−", "-")), Decimal(x)
    assert abs(shown - exact) <= abs(exact) * Decimal("0.51") * Decimal(10) ** (1 - digits)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_short(x: float) -> None:
    shown = number(x, 4)
    assert len(shown) <= len("−1.235e−308")
    assert "." not in shown or not shown.partition("e")[0].endswith(("0", "."))
    assert "-" not in shown and "+" not in shown


@pytest.mark.parametrize(
    ("x", "shown"),
    [
        (-0.0, "0"),
        (1.7e-17, "1.7e−17"),
        (1e300, "1e300"),
        (5e-324, "4.941e−324"),
        (999999.5, "1e6"),
        (99999.4, "99999"),
        (float("nan"), "nan"),
        (float("-inf"), "−∞"),
        (0.00012346, "0.0001235"),
        (-6.8813735870195432, "−6.881"),
    ],
)
def test_numbers_at_the_edges(x: float, shown: str) -> None:
    assert number(x) == shown


@given(st.text(st.characters(max_codepoint=0x17F, exclude_categories=["Cc", "Cf"]), max_size=30), st.booleans())
def test_text_is_as_wide_as_the_font_says(text: str, bold: bool) -> None:
    font = ImageFont.truetype(fonts.file(bold), 1000, layout_engine=ImageFont.Layout.BASIC)
    assert fonts.width(text, 1000, bold) == pytest.approx(sum(map(font.getlength, text)), abs=0.51 * len(text))


@given(st.text(max_size=250), st.floats(20, 300))
def test_a_shortened_text_fits(text: str, limit: float) -> None:
    short = fonts.shorten(text, limit, 14)
    assert fonts.width(short, 14) <= limit
    assert short == text or short.endswith("…") and text.startswith(short[:-1])


def test_what_the_font_lacks_counts_as_wide() -> None:
    assert fonts.lacks("猫") and not fonts.lacks("x₁ ∂ σ ×")
    assert fonts.width("猫", 10) >= 10


def font_with(code: int, path: Path) -> Path:
    """A font whose one letter, a solid square, stands for that character."""
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({code: "square"})
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 900), (900, 900), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 0)})
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    builder.save(path)
    return path


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FontEntry]]:
    """The list of a machine's fonts: none."""
    found: list[FontEntry] = []
    monkeypatch.setattr(font_manager.fontManager, "ttflist", found)
    fonts._other.cache_clear()
    fonts._warn_once.cache_clear()
    yield found
    fonts._other.cache_clear()
    fonts._warn_once.cache_clear()


def test_what_the_font_lacks_is_drawn_with_one_of_the_machines(tmp_path: Path, machine: list[FontEntry]) -> None:
    path = font_with(ord("猫"), tmp_path / "squares.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    machine += [FontEntry(fname=str(tmp_path / "broken.ttf"), name="A"), FontEntry(fname=str(path), name="Squares")]
    own = str(fonts.file())
    assert fonts.runs("a猫猫 x̂\U000e0100") == [("a", own), ("猫猫", str(path)), (" x̂", own)]
    root = Value(1.0)

    def ink(label: str) -> int:
        root.label = label
        return int((np.asarray(Image.open(io.BytesIO(viz.draw(root, legend=False).png())).convert("L")) < 90).sum())

    assert ink("猫" * 6) > 1.3 * ink("W" * 6), "a solid square is blacker than any letter"
    assert viz.draw(root).pdf().startswith(b"%PDF")


def test_what_no_font_has_is_a_box_and_is_said_once(machine: list[FontEntry]) -> None:
    drawing = viz.draw(Value(1.0, label="猫 and 犬") * Value(2.0, label="猫 and 犬"))
    with pytest.warns(UserWarning, match="no font on this machine has '猫犬', and .* show □ instead; install") as said:
        assert drawing.png() == drawing.png()
    assert len(said) == 1
    assert fonts.runs("a猫b") == [("a□b", str(fonts.file()))]
    assert "猫" in drawing.svg


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"theme": "sepia"}, r"theme must be one of \['light', 'dark', 'print'\], got 'sepia'"),
        ({"rankdir": "XY"}, r"rankdir must be one of \['LR', 'TB'\], got 'XY'"),
        ({"digits": 0}, "digits must be a whole number from 1 to 17, got 0"),
        ({"color_by": "value"}, r"color_by must be one of \[None, 'grad'\], got 'value'"),
        ({"collapse": "net"}, r"collapse must be one of \[None, 'neuron', 'layer'\], got 'net'"),
        ({"ops": "both"}, r"ops must be one of \['badge', 'nodes'\], got 'both'"),
        ({"engine": "neato"}, r"engine must be one of \['auto', 'dot', 'embedded'\], got 'neato'"),
        ({"size": "A4"}, r"size must be one of \['16:9', .* or \(width, height\) of 100 to 20000 pixels, got 'A4'"),
        ({"size": (10, 10)}, r"got \(10, 10\)"),
        ({"dpi": 0}, "dpi must be a number from 10 to 2400, got 0"),
        ({"time_limit": -1}, "time_limit must be a number"),
    ],
)
def test_an_option_that_does_not_exist_lists_those_that_do(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        viz.draw(Value(1.0), **options)


@pytest.mark.parametrize("option", ["show_constants", "show_ops", "show_local", "transparent", "legend", "force"])
def test_no_is_not_taken_for_yes(option: str) -> None:
    with pytest.raises(TypeError, match=f"{option} takes True or False, got str 'no'"):
        viz.draw(Value(1.0), **{option: "no"})


def test_a_digraph_checks_its_options_too() -> None:
    with pytest.raises(ValueError, match="rankdir must be one of"):
        viz.to_graphviz(Value(1.0), rankdir="XY")
    with pytest.raises(ValueError, match="digits must be a whole number from 1 to 17, got 0"):
        viz.to_graphviz(Value(1.0), digits=0)


@pytest.mark.parametrize("wrong", [3, [], np.array([1])])
def test_what_is_no_axes_is_said(wrong: object) -> None:
    with pytest.raises(
        TypeError, match=r"ax takes one matplotlib Axes, got \w+; pass one, as plt.subplots\(\) returns"
    ):
        viz.draw(Value(1.0)).plot(wrong)
