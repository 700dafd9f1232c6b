"""Formulas: read from text (a small, checked part of Python's expressions), and written in other languages.

    reading    reads a formula into a checked tree
    code       writes it as Python and as NumPy
    doubles    writes it as C
    script     writes it as JavaScript
    words      writes it as plain text and as LaTeX
    markup     writes it as MathML

The derivative of tanh, in each of the languages: float arithmetic `1.0 - out * out`, over `Value`s `1.0 - out ** 2.0`,
LaTeX `1 - out^{2}`, MathML `<mn>1</mn><mo>−</mo><msup>...`, text `1 − out²`.
"""

from microgrAD.formula.code import numpy, numpy_name, python, values
from microgrAD.formula.doubles import native
from microgrAD.formula.markup import literal, mathml, translate
from microgrAD.formula.reading import CONSTANTS, calls, copy, read, summand, terms
from microgrAD.formula.script import javascript
from microgrAD.formula.words import latex, text

__all__ = [
    "CONSTANTS",
    "calls",
    "copy",
    "javascript",
    "latex",
    "literal",
    "mathml",
    "native",
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
