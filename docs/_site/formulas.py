"""Formulas between dollar signs as MathML, which every browser shows without a script."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

NAMES = re.compile(r"<mi>(arcsin|arccos|arctan|ln|log|exp|sin|cos|tan|sinh|cosh|tanh|min|max)</mi>(?!<mo)")
GAP = '<mspace width="0.17em"></mspace>'


def written(latex: str, display: str) -> str:
    """Return a formula in MathML, with a gap around the name of a function that has no brackets."""
    return NAMES.sub(rf"{GAP}<mi>\1</mi>{GAP}", convert(latex, display=display))


def inline(writer: Any, node: nodes.math) -> None:
    """Write a formula within a line."""
    writer.body.append(written(node.astext(), "inline"))
    raise nodes.SkipNode


def block(writer: Any, node: nodes.math_block) -> None:
    """Write a formula on lines of its own. A long one scrolls by itself."""
    label = escape(node.astext().replace("\n", " "), quote=True)
    found = written(node.astext(), "block")
    writer.body.append(f'<div class="formula" tabindex="0" role="group" aria-label="{label}">{found}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True}
