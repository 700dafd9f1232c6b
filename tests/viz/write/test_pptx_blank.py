"""A slide without python-pptx is the slide of python-pptx."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from lxml import etree

import viz
from microgrAD import Value, parse
from viz.write.pptx import Page, blank, write


def parts(file: bytes) -> dict[str, bytes]:
    """The parts of a presentation; those in XML in their canonical form."""
    with zipfile.ZipFile(io.BytesIO(file)) as found:
        return {
            name: etree.tostring(etree.fromstring(found.read(name)), method="c14n2")
            if ".xml" in name
            else found.read(name)
            for name in found.namelist()
        }


def page(root: Value, **options: object) -> Page:
    scene = viz.draw(root, **options).scene  # type: ignore[call-overload]
    return Page(scene, scene.title, scene.description)


@pytest.mark.parametrize("label", ["f", "a \"quoted\" <b> & 'c'", "(title)(notes)(name)", "δ₁ 語"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_same_parts(label: str, theme: str) -> None:
    root = parse("q = x + y; f = tanh(q * z)", x=1, y=2, z=3)
    root.label = label
    root.backward()
    made = page(root, theme=theme)
    assert parts(blank.filled(blank.template(), made)) == parts(write([made]))


def test_without_a_background() -> None:
    made = page(parse("x * y", x=1, y=2), transparent=True)
    made = replace(made, scene=replace(made.scene, background=""))
    assert parts(blank.filled(blank.template(), made)) == parts(write([made]))


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"without python-pptx a \.pptx file has the size 16:9; leave size out"):
        blank.filled(blank.template(), page(parse("x * y", x=1, y=2), size="4:3"))
