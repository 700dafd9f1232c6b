"""Explains a pass: as text, as Markdown, as LaTeX, and as an exercise.

writers     how each medium writes names, numbers and formulas
algebra     simplifies formulas
lines       the equations of each step, in symbols and with numbers
updates     the equations of an optimiser's step, from its rule
chapters    the parts of an explanation: the passes, the updates
symbolic    the whole expression in LaTeX
products    sums of products, simplified as a person would
derivation  `derive`: a derivative in symbols only
deltas      the general rule for the δ of a layer
by_path     one gradient by its paths, and why a gradient is 0
terminal    plain text, in columns
markdown    a table for each pass
tex         a worked solution in LaTeX
screen      one step as a screen of a terminal
blanks      which numbers an exercise asks for, and how each is worked out
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from microgrAD.explanation import markdown, terminal, tex
from microgrAD.explanation.by_path import Path, explain_paths, paths, why_zero
from microgrAD.explanation.chapters import Told
from microgrAD.explanation.deltas import layer_rule
from microgrAD.explanation.derivation import Derivation, derive
from microgrAD.explanation.symbolic import latex
from microgrAD.operators import Value
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Mode

__all__ = [
    "Derivation",
    "Path",
    "derive",
    "explain",
    "explain_paths",
    "explain_trace",
    "latex",
    "layer_rule",
    "paths",
    "why_zero",
]

Format = Literal["text", "markdown", "latex"]


def explain(
    root: Value,
    *,
    format: Format = "text",
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    digits: int = 6,
    color: bool | None = None,
) -> str:
    """Return an explanation of how `root` and its derivatives are computed. Each step has symbols, then numbers.

    Arguments:
        root: the result to explain.
        format: "text" for a terminal, "markdown", or "latex" for a whole document.
        gradient, mode, wrt: as for `microgrAD.steps.steps`.
        digits: significant digits of numbers, from 1 to 17.
        color: whether "text" has colours; by default only if standard output is a terminal that shows them.
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
    return explain_trace(steps(root, gradient=gradient, mode=mode, wrt=wrt), format=format, digits=digits, color=color)


def explain_trace(trace: Told, *, format: Format = "text", digits: int = 6, color: bool | None = None) -> str:
    """Return the explanation of a trace: of a pass, or of a run of training, from `microgrAD.train.train_steps`.

    Arguments as for `explain`. The rows of a run are told with their passes, then each parameter's update.
    """
    writers: dict[str, Callable[[], str]] = {
        "text": lambda: terminal.write(trace, digits, color),
        "markdown": lambda: markdown.write(trace, digits),
        "latex": lambda: tex.write(trace, digits),
    }
    if format not in writers:
        raise ValueError(f"format must be one of {list(writers)}, got {format!r}")
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= 17:
        raise ValueError(f"digits must be a whole number from 1 to 17, got {digits!r}")
    return writers[format]()
