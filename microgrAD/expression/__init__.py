"""Expressions as text: `parse("(x + y) * z", x=1, y=2, z=2)` makes a graph; only arithmetic is allowed.

errors     the error, which points at its place in the text
tokens     the pieces of a text: numbers, names, signs
refusals   why a piece cannot stand where it does
grammar    turns text into instructions of a stack machine
parsing    carries out those instructions, which makes a graph of Values
"""

from microgrAD.expression.errors import ExpressionError as ExpressionError
from microgrAD.expression.grammar import DEPTH as DEPTH
from microgrAD.expression.grammar import LENGTH as LENGTH
from microgrAD.expression.parsing import EXPONENT as EXPONENT
from microgrAD.expression.parsing import parse as parse
