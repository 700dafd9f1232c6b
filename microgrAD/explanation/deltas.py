"""The general rule of backpropagation for a layer: δ of a unit from the δ of the units that it feeds.

n, o    a unit's weighted sum and its output
δ       ∂L/∂n
i, j    a unit, and the units of the next layer
"""

from __future__ import annotations

from microgrAD import formula
from microgrAD.ops import OPS

FORMATS = ("text", "latex", "mathml")
_LETTERS = {
    "text": {"δ": "δᵢ", "n": "nᵢ", "o": "oᵢ", "hidden": "(Σⱼ wᵢⱼ · δⱼ)", "last": "∂L/∂oᵢ"},
    "latex": {
        "δ": r"\delta_{i}",
        "n": "n_{i}",
        "o": "o_{i}",
        "hidden": r"\left(\sum_{j} w_{ij} \cdot \delta_{j}\right)",
        "last": r"\frac{\partial L}{\partial o_{i}}",
    },
}


def layer_rule(activation: str = "sigmoid", *, last: bool = False, format: str = "text") -> str:
    """Return the rule for δ of a layer's units, with the activation's own derivative.

    Arguments:
        activation: an operation of one argument, such as "sigmoid".
        last: whether the layer is the output; its δ comes from the loss, that of other layers from the next layer.
        format: "text", "latex" or "mathml".
    Raises: ValueError for another activation or format.

    >>> print(layer_rule("sigmoid"))
    δᵢ = (Σⱼ wᵢⱼ · δⱼ) · oᵢ · (1 − oᵢ)
    >>> print(layer_rule("tanh", last=True))
    δᵢ = ∂L/∂oᵢ · (1 − oᵢ²)
    """
    allowed = [op.name for op in OPS.values() if not op.variadic and len(op.args) - len(op.constants) == 1]
    if activation not in allowed:
        raise ValueError(f"activation must be one of {allowed}, got {activation!r}")
    if format not in FORMATS:
        raise ValueError(f"format must be one of {list(FORMATS)}, got {format!r}")
    op = OPS[activation]
    letters = _LETTERS["text" if format == "text" else "latex"]
    names = {op.args[0]: letters["n"], "out": letters["o"], "upstream": letters["last" if last else "hidden"]}
    write = formula.text if format == "text" else formula.latex
    said = f"{letters['δ']} = {write(f'upstream * ({op.partials[0]})', names)}"
    return formula.translate(said) if format == "mathml" else said
