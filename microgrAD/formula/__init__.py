"""Formulas: reading one (a small, checked part of Python's expressions) and writing it in another language.

python      float arithmetic            `1.0 - out * out`
values      the same over `Value`s      `1.0 - out ** 2.0`
numpy       over whole arrays           `1.0 - out * out`, `where(x > 0.0, 1.0, 0.0)`
javascript  over numbers, in a page     `1 - out * out`, `x > 0 ? 1 : 0`
latex       for print                   `1 - out^{2}`
mathml      for a page                  `<mn>1</mn><mo>−</mo><msup>...`
text        for a terminal              `1 − out²`
"""

from microgrAD.formula.code import numpy, numpy_name, python, values
from microgrAD.formula.javascript import javascript
from microgrAD.formula.mathml import literal, mathml, translate
from microgrAD.formula.reading import CONSTANTS, calls, copy, read, summand, terms
from microgrAD.formula.words import latex, text

__all__ = [
    "CONSTANTS",
    "calls",
    "copy",
    "javascript",
    "latex",
    "literal",
    "mathml",
    "numpy",
    "numpy_name",
    "python",
    "read",
    "summand",
    "terms",
    "text",
    "translate",
    "values",
]
