"""Random graphs for Hypothesis: any operations of the table, shared nodes, repeated operands, plain numbers."""

from __future__ import annotations

from hypothesis import strategies as st

from microgrAD import OPS, DomainError, Value
from microgrAD.engine import apply

LABELS = ("", "", "x", "w", "w", "x1*w1 + b", "σ", "<b>&\"'", "a_b^c$%#{}\\~", "\x1b[31mred", "v1", "f")
numbers = st.one_of(st.floats(-3, 3), st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5]))


@st.composite
def graphs(draw: st.DrawFn, most: int = 12, labels: tuple[str, ...] = LABELS) -> Value:
    """The root of a graph of up to `most` operations; those outside of their domain are left out."""
    values = [Value(draw(numbers), label=draw(st.sampled_from(labels))) for _ in range(draw(st.integers(1, 4)))]
    for _ in range(draw(st.integers(0, most))):
        op = OPS[draw(st.sampled_from(list(OPS)))]
        size = draw(st.integers(1, 3)) * len(op.args) if op.variadic else len(op.args) - len(op.constants)
        args = [draw(st.sampled_from(values) | numbers if k else st.sampled_from(values)) for k in range(size)]
        try:
            made = apply(op.name, (*args, *op.constants.values()))
            if abs(made.data) > 1e6 or any(abs(p) > 1e6 for p in made.partials if p is not None):
                continue
        except DomainError:
            continue
        made.label = draw(st.sampled_from(labels))
        values.append(made)
    return values[-1]
