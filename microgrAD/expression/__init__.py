"""Expressions as text: `parse("(x + y) * z", x=1, y=2, z=2)` makes a graph, and only arithmetic is let through.

errors     the one error, which points at the place
grammar    text into instructions of a stack machine
parsing    those instructions into a graph of Values
"""

from microgrAD.expression.errors import ExpressionError as ExpressionError
from microgrAD.expression.grammar import DEPTH as DEPTH
from microgrAD.expression.grammar import LENGTH as LENGTH
from microgrAD.expression.parsing import EXPONENT as EXPONENT
from microgrAD.expression.parsing import parse as parse
