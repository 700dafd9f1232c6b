"""A graph as lines of code: one a node, in the order in which they are computed."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.ops import OPS
from microgrAD.steps import naming
from microgrAD.twins.write.identifiers import identifiers
from microgrAD.twins.write.pages import assigned
from microgrAD.twins.write.wording import Wording, code, name, number


class Lines:
    """The lines of a graph, in the words of one library.

    names     the name of each node for people
    called    its name in the code
    leaves    the nodes without operands, in order
    computed  the others, in order; the root is last
    """

    def __init__(self, root: Value, wording: Wording, taken: Iterable[str] = ()) -> None:
        self.root, self.wording = root, wording
        order = topological(root)
        self.names = naming.names(order)
        self.called = identifiers(self.names, taken)
        self.leaves = [v for v in order if not v.op]
        self.computed = [v for v in order if v.op]

    @property
    def forward(self) -> list[str]:
        """An assignment for each node that is computed."""
        return [assigned(self.called[v], code(self.expression(v))) for v in self.computed]

    @property
    def result(self) -> str:
        """What the root is called in the code."""
        return self.called[self.root]

    @property
    def flat(self) -> bool:
        """Whether an operation has no derivative but 0, so that libraries may take its result for a plain number."""
        return any(set(OPS[v.op].partials) <= {"0", None} or OPS[v.op].chooses for v in self.computed)

    @property
    def depth(self) -> int:
        """The most nodes on a way from the root to a leaf."""
        found: dict[Value, int] = {}
        for v in [*self.leaves, *self.computed]:
            found[v] = 0
        for v in self.computed:
            found[v] = 1 + max(found[arg] for arg in v.args if isinstance(arg, Value))
        return found[self.root]

    def expression(self, v: Value) -> ast.expr:
        """Return the operation of a node, over the names of its operands."""
        return self.wording.operation(OPS[v.op], [self.operand(arg) for arg in v.args])

    def operand(self, arg: Value | float) -> ast.expr:
        """Return what an operand is in the code: a name, or a number."""
        return name(self.called[arg]) if isinstance(arg, Value) else number(arg)

    def written(self, form: str) -> list[str]:
        """Return a line for each leaf, by a form with {name}, {number} and {label}."""
        return [form.format(name=self.called[v], number=repr(v._data), label=repr(self.names[v])) for v in self.leaves]
