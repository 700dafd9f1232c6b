"""The shape of the code: every file has its place, and imports point one way, those of the type checker too."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from types import ModuleType

import pytest
from paths import ROOT

PACKAGES = ("microgrAD", "viz")

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
STUBS = ("microgrAD.public",)  # the list of public names, which only type checkers import
FOLDERS = [name for name, path in MODULES.items() if path.name == "__init__.py" and name not in PACKAGES]
LAST = 1000  # the place of a room's own `__init__`, after its files; its `__main__` stands after that


def map_of(room: str) -> list[str]:
    """The names that the docstring of a room lists, a line each: `name    what it holds`."""
    docstring = ast.get_docstring(ast.parse(MODULES[room].read_text("utf-8")), clean=False) or ""
    return re.findall(r"^ *(\w+) {2,}\S", docstring, re.MULTILINE)


def rooms() -> Iterator[str]:
    """From the ground up: a room imports only what stands before it. The command line draws, and so stands last.

    The order is that of the maps, in the packages as in their folders. The bare names are the packages' `__init__`.
    """
    for package in PACKAGES:
        yield from (f"{package}.{name}" for name in map_of(package) if name != "cli")
        yield package
    yield from ("microgrAD.cli", "microgrAD.__main__")


ROOMS = list(rooms())


def place(module: str) -> tuple[int, ...] | None:
    """Where a module stands: the place of its room, then its place on the map of each folder that it is in."""
    room = module
    while room not in ROOMS and "." in room:
        room = room.rpartition(".")[0]
    if room not in ROOMS or room in PACKAGES and module != room:
        return None
    found = [ROOMS.index(room)]
    for name in module[len(room) + 1 :].split(".") if module != room else []:
        listed = map_of(room) if room in FOLDERS else []
        if name != "__main__" and name not in listed:
            return None
        found.append(LAST + 1 if name == "__main__" else listed.index(name))
        room = f"{room}.{name}"
    return (*found, LAST) if module in FOLDERS else tuple(found)


def imports(tree: ast.AST, module: str) -> Iterator[tuple[str, int]]:
    """The modules of this project that `module` imports, wherever in it, and the lines."""
    is_package = module in MODULES and MODULES[module].name == "__init__.py"
    inside = module.split(".")[: None if is_package else -1]
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) + 1 - node.level] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            names = [f"{source}.{a.name}" if f"{source}.{a.name}" in MODULES else source for a in node.names]
        ours = [name for name in names if name.partition(".")[0] in PACKAGES and name not in STUBS]
        yield from ((name, node.lineno) for name in ours)


def upward(source: str, module: str) -> list[str]:
    """The imports of a module that point the wrong way, a line each."""
    here = place(module)
    return [
        f"line {line}: {module} imports {name}, which stands above it"
        for name, line in imports(ast.parse(source), module)
        if (there := place(name)) is None or here is None or there > here
    ]


def at_once(source: str, package: str) -> list[str]:
    """The imports of `package` that run with the module itself, outside of functions, a line each."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        type_only = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if type_only or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = []
    return [f"line {line}: {name}" for name, line in imports(tree, "") if name.partition(".")[0] == package]


def test_every_module_has_a_place_in_the_order() -> None:
    assert [module for module in MODULES if place(module) is None] == []


def test_the_order_names_only_what_exists() -> None:
    assert [room for room in ROOMS if room not in MODULES] == []


@pytest.mark.parametrize("room", [*FOLDERS, *PACKAGES])
def test_the_map_of_a_room_lists_all_that_is_in_it(room: str) -> None:
    inside = {path.stem for path in MODULES[room].parent.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert sorted(map_of(room)) == sorted(inside - {"__init__", "__main__", "__pycache__"})


@pytest.mark.parametrize("package", [*FOLDERS, *PACKAGES])
def test_no_module_is_hidden_by_something_of_its_name(package: str) -> None:
    names = [path.stem for path in MODULES[package].parent.iterdir() if f"{package}.{path.stem}" in MODULES]
    for name in names:
        if name != "__main__":
            importlib.import_module(f"{package}.{name}")
    package_itself = importlib.import_module(package)
    assert [name for name in names if not isinstance(getattr(package_itself, name, None), ModuleType | None)] == []


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
        ("from microgrAD.operators import Value", "microgrAD.graph"),
        ("from .engine import Value", "microgrAD.ops"),
        ("from . import engine", "microgrAD.ops"),
        ("from microgrAD import engine", "microgrAD.formula.reading"),
        ("import microgrAD", "microgrAD.engine"),
        ("import viz", "microgrAD.engine"),
        ("def draw():\n    from viz import draw", "microgrAD.nn.layers"),
        ("from viz.write.svg import write", "viz.graph.nodes"),
        ("from viz.graph.select import select", "viz.graph.nodes"),
        ("from viz.graph import read", "viz.graph.nodes"),
        ("if TYPE_CHECKING:\n    from microgrAD.operators import Value", "microgrAD.graph"),
        ("from microgrAD import Value", "microgrAD.nn.layers"),
        ("import microgrAD.unheard_of", "viz.graph.nodes"),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    from viz.write.svg import write", "viz.graph.nodes"),
    ],
)
def test_an_import_that_points_the_wrong_way_is_seen(source: str, module: str) -> None:
    assert len(upward(source, module)) == 1


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("from microgrAD.ops import OPS", "microgrAD.engine"),
        ("from viz.graph.nodes import read", "viz.graph.select"),
        ("from . import ops", "microgrAD.engine"),
        ("from microgrAD import Value", "viz.graph.nodes"),
        ("def draw():\n    import viz", "microgrAD.cli.commands.draw"),
        ("import ast, math", "microgrAD.ops"),
    ],
)
def test_an_import_that_points_the_right_way_passes(source: str, module: str) -> None:
    assert upward(source, module) == []


def test_an_import_of_the_pictures_at_once_is_seen() -> None:
    assert len(at_once("import viz\ndef draw():\n    import viz.svg\n", "viz")) == 1
    assert len(at_once("if TYPE_CHECKING:\n    import viz\nelse:\n    import viz.drawing\n", "viz")) == 1
