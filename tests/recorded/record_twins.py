"""Writes twins.json: what the scripts of `export` print in PyTorch and JAX, which the tests compare with.

    pip install torch==2.13.0 jax && PYTHONPATH=.:tests/shared python tests/recorded/record_twins.py

Both are needed to record only. A script is kept as its checksum: where `export` writes another one, record anew.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exported import ran
from exported_programs import CASES
from twins import numbers, of_operation, of_programs

from microgrAD import OPS, export

FILE = Path(__file__).with_name("twins.json")


def graphs() -> dict[str, Any]:
    """The graphs by name: one for each operation, and random ones."""
    return {**{name: of_operation(name) for name in OPS}, **{f"{k}": v for k, v in enumerate(of_programs(60, 5))}}


def cases(target: str) -> Iterator[tuple[str, str, list[float]]]:
    """Each graph and each compiled program: its name, its script, and the numbers of the engine."""
    for name, root in graphs().items():
        yield name, export(root, target), numbers(root)
    for name, case in CASES.items():
        program, rows = case()
        value, gradient = program.value_and_grad(*rows)
        yield f"program: {name}", export(program, target, rows=rows), [value, *gradient.tolist()]


def checksum(script: str) -> str:
    """A short text that another script does not have."""
    return hashlib.sha256(script.encode()).hexdigest()[:16]


def main() -> None:
    """Run every script, and write what it printed: the value and the gradients of the leaves."""
    found: dict[str, dict[str, Any]] = {}
    for target in ("torch", "jax"):
        found[target] = {}
        for name, script, _ in cases(target):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value, gradients = ran(script)
            found[target][name] = [checksum(script), [repr(x) for x in (value, *gradients.values())]]
    FILE.write_text(json.dumps(found, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
