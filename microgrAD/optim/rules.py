"""The rules, in order of complexity. Arguments have PyTorch's names, and results are equal to PyTorch's.

A rule is a few formulas in text, over the letters of the mathematics. Steps are computed from them, and explanations
show them.

θ   the parameters              g   their gradients, with weight decay added: g + λ θ
Δ   the step that is added to θ
η   lr, the learning rate       λ   weight_decay
μ   momentum                    t   the number of the step, from 1
β   betas, how slowly the averages of g and of g² move
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from microgrAD.errors import flag, positive
from microgrAD.operators import Value
from microgrAD.optim.optimizer import Optimizer
from microgrAD.optim.working import Assignment as Line
from microgrAD.optim.working import Number

_DECAY = Line("g", "g + λ * θ")
_STEP = Line("θ", "θ + Δ")


class SGD(Optimizer):
    """Gradient descent: v = μ v + g; θ = θ - η v.

    With `nesterov`, θ = θ - η (g + μ v). If η does not change, the rule is equal to the lecture's
    Δw_t = -η ∂L/∂w + μ Δw_{t-1}.

    Arguments:
        parameters: leaf Values, such as model.parameters().
        lr: the learning rate η.
        momentum: μ, 0 or more; with 0 there is no momentum.
        weight_decay: λ, 0 or more.
        nesterov: whether to use Nesterov's momentum.
    Source: Polyak 1964; Sutskever et al. 2013.

    >>> w = Value(1.0)
    >>> (w * w).backward()
    >>> SGD([w], lr=0.25).step()
    >>> w.data
    0.5
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        *,
        lr: float = 0.001,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, lr=lr)
        self.momentum = positive(momentum, "momentum")
        self.weight_decay = positive(weight_decay, "weight_decay")
        self.nesterov = flag(nesterov, "nesterov")
        if nesterov and not momentum:
            raise ValueError("nesterov takes a momentum above 0, got 0; pass momentum=0.9")

    def letters(self) -> dict[str, Number]:
        return {"η": self.lr, "μ": self.momentum, "λ": self.weight_decay}

    def rule(self) -> Iterator[Line]:
        if self.weight_decay:
            yield _DECAY
        if self.momentum:
            yield Line("v", "μ * v + g", "velocity")
        yield Line("Δ", "-η * (g + μ * v)" if self.nesterov else "-η * v" if self.momentum else "-η * g")
        yield _STEP


class RMSprop(Optimizer):
    """RMSprop: s = α s + (1 - α) g²; θ = θ - η g / (√s + eps).

    Arguments:
        parameters: leaf Values, such as model.parameters().
        lr: the learning rate η.
        alpha: α, how slowly the average s moves, from 0 to below 1.
        eps: a small number that prevents a division by 0.
        weight_decay: λ, 0 or more.
        momentum: 0 or more; g / (√s + eps) takes the place of SGD's gradient.
        centered: whether to subtract the square of the average gradient from s (Graves 2013).
    Source: Hinton 2012, lecture 6.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        *,
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        super().__init__(parameters, lr=lr)
        self.alpha, self.eps = fraction(alpha, "alpha"), positive(eps, "eps")
        self.weight_decay = positive(weight_decay, "weight_decay")
        self.momentum, self.centered = positive(momentum, "momentum"), flag(centered, "centered")

    def letters(self) -> dict[str, Number]:
        return {"η": self.lr, "α": self.alpha, "ε": self.eps, "μ": self.momentum, "λ": self.weight_decay}

    def rule(self) -> Iterator[Line]:
        if self.weight_decay:
            yield _DECAY
        yield Line("s", "α * s + (1 - α) * g ** 2", "square")
        if self.centered:
            yield Line("m", "α * m + (1 - α) * g", "mean")
        scaled = "g / (sqrt(s - m ** 2) + ε)" if self.centered else "g / (sqrt(s) + ε)"
        if self.momentum:
            yield Line("v", f"μ * v + {scaled}", "velocity")
        yield Line("Δ", "-η * v" if self.momentum else f"-η * ({scaled})")
        yield _STEP


class Adam(Optimizer):
    """Adam: m = β₁ m + (1 - β₁) g; v = β₂ v + (1 - β₂) g²; θ = θ - η m̂ / (√v̂ + eps).

    m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) correct for averages that start at 0.

    Arguments:
        parameters: leaf Values, such as model.parameters().
        lr: the learning rate η.
        betas: (β₁, β₂), how slowly the averages of g and of g² move, each from 0 to below 1.
        eps: a small number that prevents a division by 0.
        weight_decay: λ, 0 or more.
    Source: Kingma & Ba 2015, algorithm 1.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        *,
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr)
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise ValueError(f"betas takes two numbers, got {betas!r}")
        self.betas = (fraction(betas[0], "betas"), fraction(betas[1], "betas"))
        self.eps, self.weight_decay = positive(eps, "eps"), positive(weight_decay, "weight_decay")

    def letters(self) -> dict[str, Number]:
        beta1, beta2 = self.betas
        return {"η": self.lr, "β1": beta1, "β2": beta2, "ε": self.eps, "λ": self.weight_decay}

    def decay(self) -> Iterator[Line]:
        """Yield the line of weight decay, if there is one."""
        if self.weight_decay:
            yield _DECAY

    def rule(self) -> Iterator[Line]:
        yield from self.decay()
        yield Line("m", "β1 * m + (1 - β1) * g", "mean")
        yield Line("v", "β2 * v + (1 - β2) * g ** 2", "square")
        yield Line("m̂", "m / (1 - β1 ** t)")
        yield Line("v̂", "v / (1 - β2 ** t)")
        yield Line("Δ", "-η * m̂ / (sqrt(v̂) + ε)")
        yield _STEP


class AdamW(Adam):
    """AdamW: θ = (1 - η λ) θ, then Adam's step without weight decay. Arguments as for `Adam`.

    Source: Loshchilov & Hutter 2019.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        *,
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def decay(self) -> Iterator[Line]:
        if self.weight_decay:
            yield Line("θ", "θ * (1 - η * λ)")


NAMED: dict[str, type[Optimizer]] = {rule.__name__.lower(): rule for rule in (SGD, RMSprop, Adam, AdamW)}


def fraction(number: float, what: str) -> float:
    """Return `number` as a float from 0 to below 1; ValueError otherwise."""
    if (x := positive(number, what)) >= 1:
        raise ValueError(f"{what} must be from 0 to below 1, got {x}")
    return x
