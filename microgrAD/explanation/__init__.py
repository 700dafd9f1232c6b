"""Explains a pass: as text, as Markdown, as LaTeX, and as an exercise.

writers     how each medium writes names, numbers and formulas
algebra     simplifies formulas
lines       the equations of each step, in symbols and with numbers
updates     the equations of an optimiser's step, from its rule
chapters    the parts of an explanation: the passes, the updates
symbolic    the whole expression in LaTeX
products    sums of products, simplified as a person would
derivation  a derivative in symbols, and how each medium writes it
deriving    `derive`: finds such a derivative
deltas      the general rule for the δ of a layer
by_path     one gradient by its paths, and why a gradient is 0
terminal    plain text, in columns
markdown    a table for each pass
tex         a worked solution in LaTeX
shown       what `explain` returns: a text that a notebook shows as mathematics
screen      one step as a screen of a terminal
blanks      which numbers an exercise asks for, how each is worked out, and which answers it accepts
marking     which answers are right, what follows from which numbers, and what the usual mistakes give
exam        a class: numbers for each student, and marks
receipts    the short code of what was solved
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from microgrAD.errors import one_of, whole_digits
from microgrAD.explanation import markdown, terminal, tex
from microgrAD.explanation.by_path import Path, explain_paths, paths, why_zero
from microgrAD.explanation.chapters import Told
from microgrAD.explanation.deltas import layer_rule
from microgrAD.explanation.derivation import Derivation
from microgrAD.explanation.deriving import derive
from microgrAD.explanation.shown import Explanation
from microgrAD.explanation.symbolic import latex
from microgrAD.operators import Value
from microgrAD.steps.taking import traced
from microgrAD.steps.trace import Mode
from microgrAD.steps.training import TrainingTrace

__all__ = [
    "Derivation",
    "Explanation",
    "Path",
    "derive",
    "explain",
    "explain_paths",
    "latex",
    "layer_rule",
    "paths",
    "why_zero",
]

Format = Literal["text", "markdown", "latex"]


def explain(
    root: Value | Told,
    *,
    digits: int = 6,
    format: Format = "text",
    color: bool | None = None,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
) -> Explanation:
    """Return an explanation of how `root` and its derivatives are computed. Each step has symbols, then numbers.

    Arguments:
        root: the result to explain, a Value; or the trace of a pass from `microgrAD.steps.steps`, or that of a run of
            training from `microgrAD.train.train_steps`, told with the passes of its rows and each parameter's update.
        digits: significant digits of numbers, from 1 to 17.
        format: "text" for a terminal, "markdown", or "latex" for a whole document.
        color: whether "text" has colours; by default only if standard output is a terminal that shows them.
        gradient, mode, wrt: as for `microgrAD.steps.steps`; a trace has them already.
    Returns: a str. A notebook shows it as mathematics, or in the format "markdown" as that Markdown.
    Raises: ValueError for another format or number of digits, and what `steps` raises.

    >>> x, y, z = Value(1, label="x"), Value(2, label="y"), Value(2, label="z")
    >>> q = x + y
    >>> q.label = "q"
    >>> print(explain(q * z, gradient=2))
    Forward pass: every value follows from those before it
      x                    = 1
      y                    = 2
      q  = x + y  = 1 + 2  = 3
      z                    = 2
      f  = q · z  = 3 · 2  = 6
    <BLANKLINE>
    Backward pass: from f back to the inputs, upstream × local
      ∂L/∂f  given from above                   = 2
      ∂L/∂q  = ∂L/∂f · ∂f/∂q  = 2 · z  = 2 · 2  = 4
      ∂L/∂z  = ∂L/∂f · ∂f/∂z  = 2 · q  = 2 · 3  = 6
      ∂L/∂x  = ∂L/∂q · ∂q/∂x  = 4 · 1           = 4
      ∂L/∂y  = ∂L/∂q · ∂q/∂y  = 4 · 1           = 4
    """
    trace: Told = root if isinstance(root, TrainingTrace) else traced(root, gradient=gradient, mode=mode, wrt=wrt)
    writers: dict[str, Callable[[], str]] = {
        "text": lambda: terminal.write(trace, digits, color),
        "markdown": lambda: markdown.write(trace, digits),
        "latex": lambda: tex.write(trace, digits),
    }
    whole_digits(digits)
    return Explanation(writers[one_of(format, "format", list(writers))](), trace, digits, format)
