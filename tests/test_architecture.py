"""The shape of the code: every module has its place, and imports point one way."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("microgrAD", "viz")

# From the ground up: a module imports only what stands before it, also for the type checker only. A name stands for
# its submodules too, which may import each other; the two bare names are the packages' __init__.py.
ORDER = [
    "microgrAD.ops",
    "microgrAD.errors",
    "microgrAD.formula",
    "microgrAD.generate",
    "microgrAD.floats",
    "microgrAD.graph",
    "microgrAD.backward",
    "microgrAD.scalar",
    "microgrAD.engine",
    "microgrAD.sources",
    "microgrAD.operators",
    "microgrAD.copying",
    "microgrAD.functions",
    "microgrAD.calculus",
    "microgrAD.expression",
    "microgrAD.naming",
    "microgrAD.trace",
    "microgrAD.steps",
    "microgrAD.javascript",
    "microgrAD.explanation",
    "microgrAD.files",
    "microgrAD.optim",
    "microgrAD.compiler",
    "microgrAD.init",
    "microgrAD.nn",
    "microgrAD.outputs",
    "microgrAD.losses",
    "microgrAD.datasets",
    "microgrAD.train",
    "microgrAD.estimators",
    "microgrAD.interpret",
    "microgrAD.gallery",
    "microgrAD",
    "viz.graph",
    "viz.cluster",
    "viz.select",
    "viz.style",
    "viz.fonts",
    "viz.embedded",
    "viz.layout",
    "viz.curves",
    "viz.refine",
    "viz.arrange",
    "viz.wrap",
    "viz.options",
    "viz.scene",
    "viz.compose",
    "viz.svg",
    "viz.mpl",
    "viz.tex",
    "viz.dot",
    "viz.axes",
    "viz.given",
    "viz.extent",
    "viz.program",
    "viz.drawing",
    "viz.notebook",
    "viz.board",
    "viz.stages",
    "viz.page",
    "viz.captions",
    "viz.movie",
    "viz.tikz",
    "viz.worksheet",
    "viz.boundary",
    "viz.fitted",
    "viz.boundaries",
    "viz.latent",
    "viz.saliency",
    "viz.weights",
    "viz.features",
    "viz.questions",
    "viz.network",
    "viz.planes",
    "viz.learning",
    "viz.surface",
    "viz.training",
    "viz",
    "microgrAD.cli",
    "microgrAD.__main__",
]

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


def place(module: str) -> int | None:
    """Where a module, or the subpackage that it is part of, stands in the order."""
    while module not in ORDER and module.count(".") > 1:
        module = module.rpartition(".")[0]
    return ORDER.index(module) if module in ORDER else None


def imports(nodes: Iterable[ast.AST], module: str) -> Iterator[tuple[str, int]]:
    """The modules of this project that `module` imports in some of its nodes, and the lines."""
    is_package = module in MODULES and MODULES[module].name == "__init__.py"
    inside = module.split(".")[: None if is_package else -1]
    for node in nodes:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) + 1 - node.level] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            names = [f"{source}.{a.name}" if f"{source}.{a.name}" in MODULES else source for a in node.names]
        yield from ((name, node.lineno) for name in names if name.partition(".")[0] in PACKAGES)


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """All of a tree that a running program meets: not what stands under `if TYPE_CHECKING:`."""
    yield tree
    skipped = tree.body if isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING" else []
    for child in ast.iter_child_nodes(tree):
        if child not in skipped:
            yield from _run(child)


def upward(source: str, module: str) -> list[str]:
    """The imports of a module that point the wrong way, a line each."""
    here = place(module)
    return [
        f"line {line}: {module} imports {name}, which stands above it"
        for name, line in imports(ast.walk(ast.parse(source)), module)
        if (there := place(name)) is None or here is None or there > here
    ]


def at_once(source: str, package: str) -> list[str]:
    """The imports of `package` that run with the module itself, outside of functions, a line each."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = []
    return [f"line {line}: {name}" for name, line in imports(_run(tree), "") if name.partition(".")[0] == package]


def test_every_module_has_a_place_in_the_order() -> None:
    assert [module for module in MODULES if place(module) is None] == []


def test_the_order_names_only_what_exists() -> None:
    assert [name for name in ORDER if not any(f"{known}.".startswith(f"{name}.") for known in MODULES)] == []


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    assert upward(MODULES[module].read_text("utf-8"), module) == []


def test_the_command_line_imports_the_pictures_inside_its_commands() -> None:
    files = [path for name, path in MODULES.items() if name.startswith("microgrAD.cli")]
    assert files
    assert {str(path): found for path in files if (found := at_once(path.read_text("utf-8"), "viz"))} == {}


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("from microgrAD.engine import Value", "microgrAD.ops"),
        ("from .engine import Value", "microgrAD.ops"),
        ("from . import engine", "microgrAD.ops"),
        ("from microgrAD import engine", "microgrAD.formula"),
        ("import microgrAD", "microgrAD.engine"),
        ("import viz", "microgrAD.engine"),
        ("def draw():\n    from viz import draw", "microgrAD.nn"),
        ("from viz.svg import write", "viz.graph"),
        ("from microgrAD import Value", "microgrAD.nn"),
        ("import microgrAD.unheard_of", "viz.graph"),
        ("if TYPE_CHECKING:\n    from viz.svg import write", "viz.graph"),
        ("if TYPE_CHECKING:\n    from microgrAD.operators import Value", "microgrAD.graph"),
    ],
)
def test_an_import_that_points_the_wrong_way_is_seen(source: str, module: str) -> None:
    assert len(upward(source, module)) == 1


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("from microgrAD.ops import OPS", "microgrAD.engine"),
        ("from . import ops", "microgrAD.engine"),
        ("from microgrAD import Value", "viz.graph"),
        ("def draw():\n    import viz", "microgrAD.cli"),
        ("import ast, math", "microgrAD.ops"),
        ("if TYPE_CHECKING:\n    from microgrAD.ops import Op", "microgrAD.engine"),
    ],
)
def test_an_import_that_points_the_right_way_passes(source: str, module: str) -> None:
    assert upward(source, module) == []


def test_an_import_of_the_pictures_at_once_is_seen() -> None:
    assert len(at_once("import viz\ndef draw():\n    import viz.svg\n", "viz")) == 1
    assert len(at_once("if TYPE_CHECKING:\n    import viz\nelse:\n    import viz.svg\n", "viz")) == 1
