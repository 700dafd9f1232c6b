"""Parts that the writers share: docstrings, tuples, and imports of the functions that formulas call."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Mapping

from microgrAD import formula
from microgrAD.ops import OPS, Op

_BUILTIN = {"abs", "min", "max"}  # operations that are builtins of Python


def docstring(op: Op) -> str:
    """Return the docstring of an operation's method and function, with its formulas and domain."""
    body = [*textwrap.wrap(op.about, 100), "", f"    {formula.text(op.value)}"]
    body += [
        f"    ∂/∂{arg} = {formula.text(partial)}" for arg, partial in zip(op.args, op.partials, strict=True) if partial
    ]
    if op.domain:
        domain = f"Domain: {formula.text(op.domain)}, else DomainError ({op.remedy})."
        body += ["", *textwrap.wrap(domain, 100)]
    return textwrap.indent('"""' + "\n".join(body) + '\n"""', "    ") + "\n"


def joined(items: Iterable[str]) -> str:
    """Return the source of a tuple: (a,) or (a, b)."""
    items = list(items)
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def each(op: Op, item: str) -> str:
    """Return the source of a list with `item` for each term of a variadic operation; xs and ys hold the terms."""
    if len(op.args) == 1:
        return f"[{item} for {op.args[0]} in {op.args[0]}s]"
    return f"[{item} for {', '.join(op.args)} in zip({', '.join(several(op))})]"


def several(op: Op) -> list[str]:
    """Return the names of the sequences of terms of a variadic operation: xs, ys."""
    return [f"{arg}s" for arg in op.args]


def imports(source: str, given: Mapping[str, str]) -> str:
    """Return the import lines of a module, among them those of functions in formulas, such as exp of math as _exp.

    Arguments:
        source: the body of the module.
        given: other names to import, by module, separated by commas.
    Raises: ValueError if a formula calls an unknown function.
    """
    defined = set(re.findall(r"^def _(\w+)\(", source, re.MULTILINE))
    called = set(re.findall(r"(?<![\w.])_([a-z]\w*)(?=[(,])", source)) - defined
    wanted = {module: names.split(", ") for module, names in given.items()}
    for module, held in (("builtins", _BUILTIN), ("math", set(dir(math))), ("microgrAD.floats", set(OPS))):
        if found := called & held:
            names = [f"_{name}" if module == "microgrAD.floats" else f"{name} as _{name}" for name in found]
            wanted[module] = [*wanted.get(module, []), *names]
            called -= found
    if called:
        raise ValueError(f"no library holds {', '.join(sorted(called))}, which a formula of the table calls")
    lines = [_import(module, wanted[module]) for module in sorted(wanted)]
    ours = [line for line in lines if line.startswith("from microgrAD")]
    theirs = [line for line in lines if line not in ours]
    return "".join(theirs) + ("\n" + "".join(ours) if ours else "")


def _import(module: str, names: list[str]) -> str:
    names = sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name))
    line = f"from {module} import {', '.join(names)}\n"
    if len(line) <= 120:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"
