"""A module as text: WebAssembly's own, one instruction a line, indented by blocks, with remarks."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from microgrAD.compiler.write.wasm.encoding import Function, Instruction

_OPENING = {"block", "loop", "if"}


def listing(functions: Sequence[Function]) -> str:
    """All functions; those that are exported by their names, the others by their numbers."""
    names = [f"${f.name or k}" for k, f in enumerate(functions)]
    return "\n".join(["(module", *[_function(name, f, names) for name, f in zip(names, functions, strict=True)], ")\n"])


def _function(name: str, f: Function, names: list[str]) -> str:
    head = "".join([f" (param {kind})" for kind in f.parameters] + [f" (result {kind})" for kind in f.results])
    exported = f' (export "{f.name}")' if f.name else ""
    lines = [f"  (func {name}{exported}{head}"]
    if f.locals:
        lines.append(f"    (local {' '.join(f.locals)})")
    depth = 2
    for instruction in f.code:
        if instruction[0] in ("end", "else"):
            depth -= 1
        lines.append("  " * depth + _line(instruction, names))
        if instruction[0] in _OPENING or instruction[0] == "else":
            depth += 1
    return "\n".join([*lines, "  )"])


def _line(instruction: Instruction, names: list[str]) -> str:
    name, *rest = instruction
    if name == "call":
        return f"call {names[rest[0]]}"
    if name == "br_table":
        return " ".join([name, *map(str, rest[0]), str(rest[1])])
    if name == "i8x16.shuffle":
        return " ".join([name, *map(str, rest[0])])
    if name == "v128.const":
        return (
            f"v128.const f64x2 {_pair(rest[0])}" if isinstance(rest[0], float) else f"v128.const i64x2 {_bits(rest[0])}"
        )
    if name.endswith(("load", "store", "splat")) and rest:
        return f"{name} offset={rest[0]}" if rest[0] else name
    return " ".join([name, *map(_text, rest)])


def _text(value: Any) -> str:
    return repr(value)


def _pair(number: float) -> str:
    return f"{number!r} {number!r}"


def _bits(held: bytes) -> str:
    one, other = struct.unpack("<QQ", held)
    return f"{one:#x} {other:#x}"
