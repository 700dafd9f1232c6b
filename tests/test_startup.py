"""Starting is quick: what `import microgrAD` may bring in. Its time is measured by benchmarks/startup.py."""

from __future__ import annotations

import subprocess
import sys

import pytest

SHOW_NEW = """
import sys
before = set(sys.modules)
{code}
print(*sorted(set(sys.modules) - before))
"""


def newly_imported(code: str) -> set[str]:
    """The names of all modules that running `code` adds to those of a bare Python."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_NEW.format(code=code)], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def foreign(modules: set[str]) -> set[str]:
    """The packages among them that are not Python's own."""
    return {name.partition(".")[0] for name in modules} - sys.stdlib_module_names


def test_importing_the_package_loads_nothing_but_python_and_itself() -> None:
    assert foreign(newly_imported("import microgrAD")) == {"microgrAD"}


def test_making_a_graph_and_going_back_through_it_needs_nothing_more() -> None:
    used = newly_imported("from microgrAD import Value; x = Value(3.0); (x * x).tanh().backward()")
    assert foreign(used) == {"microgrAD"}


# each takes milliseconds (importlib.metadata 36), and no graph or backward pass needs one
@pytest.mark.parametrize(
    "module",
    [
        "argparse",
        "asyncio",
        "concurrent.futures",
        "importlib.metadata",
        "json",
        "logging",
        "multiprocessing",
        "subprocess",
        "tempfile",
        "unittest",
    ],
)
def test_importing_the_package_avoids_slow_parts_of_the_standard_library(module: str) -> None:
    assert module not in newly_imported("import microgrAD")


def test_the_measure_sees_what_is_imported() -> None:
    used = newly_imported("import json, numpy")
    assert "json.decoder" in used
    assert foreign(used) == {"numpy"}
