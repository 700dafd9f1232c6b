"""One node of PyTorch's graph: its operands, and what it has kept for the backward pass.

PyTorch is not imported: a node is read by its name(), its next_functions and its _saved_ attributes.

    fn        a grad_fn, such as MulBackward0
    slot      which result of a node: a node such as UnbindBackward0 has several
    array     an array of Values and plain numbers, of dtype object
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from microgrAD.engine import apply
from microgrAD.errors import GraphError

Array = NDArray[Any]
_WRAPPED = 1 << 63  # numbers from here on are negative ones: PyTorch saves -1 as 2**64 - 1
DIGITS = (6, 12, 15)  # a number that was not kept is sought with few digits first

# the tensors that a node takes, in the order of its next_functions, where these are not self and other
_TENSORS = {
    "AddcmulBackward": ("self", "tensor1", "tensor2"),
    "AddmmBackward": ("self", "mat1", "mat2"),
    "AddmvBackward": ("self", "mat", "vec"),
    "BmmBackward": ("self", "mat2"),
    "ConvolutionBackward": ("input", "weight", "bias"),
    "DotBackward": ("self", "tensor"),
    "MmBackward": ("self", "mat2"),
    "MvBackward": ("self", "vec"),
    "PowBackward": ("self", "exponent"),
    "PowBackward2": ("exponent",),
    **dict.fromkeys(
        (
            "BinaryCrossEntropyBackward",
            "BinaryCrossEntropyWithLogitsBackward",
            "HuberLossBackward",
            "MseLossBackward",
            "SmoothL1LossBackward",
        ),
        ("self", "target"),
    ),
}


class Node:
    """A grad_fn, with the arrays of its operands once these are known, and its own result if that is known."""

    def __init__(self, fn: Any) -> None:
        self.fn = fn
        self.name = str(fn.name())
        self.kind = re.sub(r"\d+$", "", self.name)
        self.parents: list[tuple[Any, int]] = [tuple(pair) for pair in fn.next_functions]
        self.tracked: dict[str | int, Array] = {}  # operands by name, and by place
        self.out: dict[int, Array] = {}  # results that something else has kept, by slot: plain numbers

    @property
    def is_leaf(self) -> bool:
        """Whether it stands for a tensor of the user's."""
        return self.name.endswith("AccumulateGrad")

    @property
    def tensors(self) -> Sequence[str]:
        """What its operands are called, as far as they have names."""
        return _TENSORS.get(self.name) or _TENSORS.get(self.kind) or ("self", "other")

    def kept(self, name: str) -> Any:
        """Return what the node has kept by a name: an array, a number, a tuple; None if there is nothing."""
        try:
            found = getattr(self.fn, f"_saved_{name}", None)
        except RuntimeError as error:
            first = str(error).split("\n")[0].split(". ")[0]
            raise GraphError(
                f"{self.name} can't be read any more ({first}); call from_torch before backward, or "
                "loss.backward(retain_graph=True), and change no tensor in place"
            ) from None
        return _plain(found)

    def shape(self, slot: int = 0) -> tuple[int, ...]:
        """Return the shape of a result."""
        return tuple(int(size) for size in self.fn._input_metadata[slot].shape)

    @property
    def is_single(self) -> bool:
        """Whether its numbers are of 32 bits."""
        return str(self.fn._input_metadata[0].dtype).endswith("float32")

    def operand(self, name: str) -> Array:
        """Return an operand: an array of Values, or the numbers that the node has kept."""
        if name in self.tracked:
            return self.tracked[name]
        found = self.kept(name)
        if found is None:
            self.missing(name)
        return np.asarray(found, dtype=object)

    def sought(self, name: str, begin: Array, sign: float) -> Array:
        """Return an operand that the node has not kept: what makes the known result out of begin + sign · operand."""
        if name in self.tracked:
            return self.tracked[name]
        if (kept := self.kept(name)) is not None:
            return np.asarray(kept, dtype=object)
        if 0 not in self.out:
            self.missing(name)
        out = self.out[0]
        numbers = np.broadcast_to(np.frompyfunc(float, 1, 1)(begin), out.shape)
        return filled(
            out.shape, [self._between(float(x), float(y), sign) for x, y in zip(numbers.flat, out.flat, strict=True)]
        )

    def _between(self, begin: float, end: float, sign: float) -> float:
        """Return c with begin + sign · c = end, with as few digits as can be."""
        first = (end - begin) / sign
        near = [np.nextafter(first, side) for side in (-np.inf, np.inf)]
        for c in [*[float(f"{first:.{digits}g}") for digits in DIGITS], first, *map(float, near)]:
            made = begin + sign * c
            if made == end or self.is_single and np.float32(made) == np.float32(end):
                return c
        return first

    def missing(self, name: str) -> NoReturn:
        """Raise GraphError for an operand that nobody has kept."""
        raise GraphError(
            f"{self.name} has an operand without a gradient, a plain number or tensor, that PyTorch's graph does not "
            f"keep ({name!r}); make it a tensor with requires_grad=True, and it becomes a leaf"
        )

    def refuse(self, why: str, remedy: str) -> NoReturn:
        """Raise GraphError for what is not read; `why` may be empty."""
        raise GraphError(f"from_torch does not read {self.name}{why and f' {why}'}; {remedy}")


def filled(shape: Sequence[int], items: Sequence[Any]) -> Array:
    """Return an array of any objects."""
    made = np.empty(len(items), dtype=object)
    made[:] = [None] * len(items)
    for k, item in enumerate(items):
        made[k] = item
    return made.reshape(tuple(shape))


def _plain(found: Any) -> Any:
    """Return a tensor as an array of numbers, and a wrapped number as a negative one."""
    if hasattr(found, "tolist"):
        return np.array(found.tolist())
    if isinstance(found, (tuple, list)):
        return tuple(_plain(part) for part in found)
    if isinstance(found, int) and not isinstance(found, bool) and found >= _WRAPPED:
        return found - 2 * _WRAPPED
    return found


def each(name: str, *arrays: Any) -> Array:
    """Return an operation of the table, number by number."""
    spread = np.broadcast_arrays(*[np.asarray(array, dtype=object) for array in arrays])
    return filled(spread[0].shape, [apply(name, args) for args in zip(*[array.flat for array in spread], strict=True)])


def mapped(function: Callable[..., Any], *arrays: Array) -> Array:
    """Return any function, number by number."""
    spread = np.broadcast_arrays(*arrays)
    return filled(spread[0].shape, [function(*args) for args in zip(*[array.flat for array in spread], strict=True)])
