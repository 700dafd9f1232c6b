"""No operation is named outside of the table: nothing branches on a name, looks one up, or lists several."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from paths import ROOT

from microgrAD.generate import FILES
from microgrAD.ops import OPS

MODULES = [path for package in ("microgrAD", "viz") for path in sorted((ROOT / package).rglob("*.py"))]

# the table, and what is written from it
TABLES = {ROOT / "microgrAD" / name for name in ("ops.py", *FILES)}

# operations whose names are everyday words: they count only where the code speaks of operations
WORDS = {"add", "sub", "sum", "dot", "min", "max", "abs", "step", "where"}

# where a name is something else than an operation: a file or a folder, and what it is there
ELSEWHERE = {
    "microgrAD/formula/markup.py": {"sqrt"},  # a command of LaTeX's
    "microgrAD/compiler/write/wasm/body.py": {"sqrt", "abs"},  # instructions of WebAssembly
    "microgrAD/twins/write/vocabulary.py": {  # what other libraries call operations, where it is not the table's name
        *("abs", "cbrt", "elu", "erf", "erfc", "expm1", "gelu", "hypot", "leaky_relu", "log10", "log1p", "log2"),
        *("logaddexp", "pow", "relu", "sigmoid", "silu", "softplus", "sqrt"),
    },
    "microgrAD/gallery": {"tanh", "exp", "dot"},  # the labels and forms of published examples
}


def named(source: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Where a module's code names operations that it is not allowed to, a line each."""
    found = [
        (context, [name for name in names if name not in allowed])
        for context, names in map(_names, ast.walk(ast.parse(source)))
    ]
    return [
        f"{context[:80]}: {', '.join(names)}"
        for context, names in found
        if names and (not WORDS.issuperset(names) or re.search(r"(?i)\b(op|ops|operation)\b", context))
    ]


def _names(node: ast.AST) -> tuple[str, list[str]]:
    """What a piece of syntax is about, and the operations that it compares with, looks up or lists."""
    match node:
        case ast.Compare(left=left, comparators=others):
            parts = [part for side in (left, *others) for part in getattr(side, "elts", [side])]
        case ast.Match(subject=subject, cases=cases):
            inner = [part for case in cases for part in ast.walk(case.pattern)]
            return ast.unparse(subject), _operations(inner)
        case ast.Subscript(slice=part):
            parts = [part]
        case ast.Dict(keys=keys):
            parts = keys
        case ast.List(elts=some) | ast.Tuple(elts=some) | ast.Set(elts=some) if len(_operations(some)) > 1:
            parts = some
        case _:
            parts = []
    return ast.unparse(node) if parts else "", _operations(parts)


def _operations(parts: list[ast.AST]) -> list[str]:
    return [part.value for part in parts if isinstance(part, ast.Constant) and part.value in OPS]


def test_the_everyday_words_are_operations() -> None:
    assert OPS.keys() >= WORDS


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path not in TABLES], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_operation_is_named_outside_of_the_table(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    allowed = [names for where, names in ELSEWHERE.items() if f"{place}/".startswith(f"{where}/")]
    assert named(path.read_text("utf-8"), frozenset[str]().union(*allowed)) == []


@pytest.mark.parametrize("where", ELSEWHERE)
def test_an_exception_is_needed(where: str) -> None:
    files = [ROOT / where] if (ROOT / where).is_file() else list((ROOT / where).rglob("*.py"))
    met = {
        name
        for path in files
        for line in named(path.read_text("utf-8"))
        for name in ELSEWHERE[where]
        if re.search(rf"\b{name}\b", line)
    }
    assert met == ELSEWHERE[where]


@pytest.mark.parametrize(
    "source",
    [
        "if node.op == 'tanh': pass",
        "if 'add' != node.op: pass",
        "if op in ('add', 'sum'): pass",
        "if name in {'tanh', 'other'}: pass",
        "rule = OPS['tanh']",
        "rule = OPS['add']",
        "colours = {'sigmoid': 'red'}",
        "activations = ['tanh', 'relu']",
        "match name:\n    case 'tanh': pass",
        "match node.op:\n    case 'add' | 'sum': pass",
    ],
)
def test_naming_an_operation_is_seen(source: str) -> None:
    assert named(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "if reduction == 'sum': pass",
        "match reduction:\n    case 'sum': pass",
        "def neuron(activation='tanh'): pass",
        "if name in OPS: pass",
        "limits = {'min': 0, 'max': 1}",
        "x.tanh()",
    ],
)
def test_other_words_pass(source: str) -> None:
    assert named(source) == []
