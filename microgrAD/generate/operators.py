"""Writes operators.py."""

from __future__ import annotations

import textwrap

from microgrAD.generate.functions import alias, function, symbolic
from microgrAD.generate.methods import methods, tag
from microgrAD.generate.words import imports
from microgrAD.ops import OPS

_HEAD = '''"""The operations: methods of `Value`, functions of the package. Generated; do not edit.

`python -m microgrAD.generate` writes this file from the table in ops.py. The rest of a Value is in scalar.py. Results
that are not ordinary nodes (infinite ones, those inside no_grad, ...) are made in engine.py.

    x, y        the numbers of the operands
    out, dx     an operation's value, and its partial derivative by x
"""

from __future__ import annotations

'''

_IMPORTS = {
    "collections.abc": "Callable, Iterable",
    "typing": "Any, Final, overload",
    "microgrAD.engine": "TAGS, apply, begins, chosen, mend, operand, paused, plain, same_length, settle",
    "microgrAD.errors": "real",
    "microgrAD.floats": "FAULTS",
    "microgrAD.graph": "MANY, Tag, grouped",
    "microgrAD.native.choice": "description, install",
    "microgrAD.scalar": "Scalar, number",
    "microgrAD.sources": "show_sources",
}

_CLASS = '''

class Value(Scalar):
    """A real number that remembers how it was computed.

    Arguments:
        data: a finite real number.
        label: its name in pictures and messages.
    Raises: TypeError if data is not a real number; DomainError for inf and nan.

    >>> x = Value(3.0, label="x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 6.0)
    """

    __slots__ = ("__weakref__",)  # 8 bytes a node, so that caches may refer to one

    @classmethod
    def _bare(cls, op: str) -> Value:
        return Node() if op else object.__new__(Value)

    def _symbolic(self) -> tuple[Any, ...]:
        return _SYMBOLIC[self.op](*grouped(self.op, self.args), self)

    def detach(self) -> Value:
        """Return a leaf with the same number and label, which depends on nothing."""
        return Value(self._data, label=self.label)
'''

_NODE = '''

class Node(Value):
    """A Value that an operation made: created empty, then filled in by the methods above."""

    __slots__ = ()
    __init__ = object.__init__  # quicker than any function of Python's
    # `c += x` on a result makes a new node, as `c = c + x` does
'''

_INSTALL = """install(Value, Node, TAGS, paused, MANY)
Value.__doc__ = f"{Value.__doc__}\\n    The engine here: {description}.\\n    "
"""


def module() -> str:
    """Return the text of operators.py."""
    ops = list(OPS.values())
    own = textwrap.indent("".join(f"\n{methods(op)}" for op in ops if op.method), "    ")
    functions = "".join(f"\n\n{function(op)}" for op in ops)
    derivatives = "".join(f"\n\n{symbolic(op)}" for op in ops)
    tags = "".join(f'{tag(op)}: Final = Tag("{op.name}")\n' for op in ops)
    aliases = "".join(map(alias, ops))
    names = "".join(f'    "{name}",\n' for name in ("Value", *OPS, *[op.numpy for op in ops if alias(op)]))
    table = "".join(f'    "{op.name}": _d_{op.name},\n' for op in ops)
    return (
        _HEAD
        + imports(own + derivatives, _IMPORTS)
        + f"\n__all__ = [\n{names}]\n\n"
        + tags
        + _CLASS
        + own
        + _NODE
        + "".join(f"    {op.in_place} = Value.{op.method}\n" for op in ops if op.in_place)
        + _section("functions")
        + functions
        + f"\n\n# NumPy's names\n{aliases}"
        + _section("derivatives as Values")
        + derivatives
        + f"\n\n_SYMBOLIC: dict[str, Callable[..., tuple[Any, ...]]] = {{\n{table}}}\n\n"
        + "show_sources(__file__, [*vars(Value).values(), *globals().values()])\n"
        + _INSTALL
    )


def _section(title: str) -> str:
    return f"\n\n# {'-' * 94} {title}\n"
