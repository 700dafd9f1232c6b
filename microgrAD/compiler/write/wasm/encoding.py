"""The binary format of WebAssembly: instructions and modules as bytes.

An instruction is a tuple: its name and its immediates. (";;", text) is a remark, which has no bytes.
Core Specification 2.0, chapter 5; https://webassembly.github.io/spec/core/binary.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Instruction = tuple[Any, ...]

I32, F64, V128 = "i32", "f64", "v128"
PAGE = 1 << 16  # bytes by which memory grows
_TYPES = {I32: b"\x7f", F64: b"\x7c", V128: b"\x7b"}
_EMPTY = b"\x40"  # the type of a block without results

# names with their bytes, by what their immediates are
_PLAIN = {
    "end": 0x0B, "else": 0x05, "return": 0x0F, "drop": 0x1A, "unreachable": 0x00,
    "i32.eqz": 0x45, "i32.eq": 0x46, "i32.ne": 0x47, "i32.lt_u": 0x49, "i32.ge_u": 0x4F, "i32.add": 0x6A,
    "i32.sub": 0x6B, "i32.mul": 0x6C, "i32.and": 0x71, "i32.shl": 0x74,
    "f64.eq": 0x61, "f64.ne": 0x62, "f64.add": 0xA0, "f64.sub": 0xA1, "f64.mul": 0xA2, "f64.min": 0xA4, "f64.max": 0xA5,
    "f64.convert_i32_u": 0xB8,
}  # fmt: skip
_INDEXED = {"br": 0x0C, "br_if": 0x0D, "call": 0x10, "local.get": 0x20, "local.set": 0x21, "local.tee": 0x22}
_MEMORY = {"i32.load": (0x28, 2), "f64.load": (0x2B, 3), "i32.store": (0x36, 2), "f64.store": (0x39, 3)}
_BLOCK = {"block": 0x02, "loop": 0x03, "if": 0x04}
_SIMD = {
    "f64x2.splat": 20, "f64x2.eq": 71, "f64x2.ne": 72, "f64x2.lt": 73, "f64x2.gt": 74, "f64x2.le": 75, "f64x2.ge": 76,
    "v128.not": 77, "v128.and": 78, "v128.andnot": 79, "v128.or": 80, "v128.xor": 81, "v128.bitselect": 82,
    "v128.any_true": 83, "f64x2.ceil": 116, "f64x2.floor": 117, "f64x2.trunc": 122, "f64x2.nearest": 148,
    "i64x2.all_true": 195, "i64x2.shl": 203, "i64x2.shr_u": 205, "i64x2.eq": 214, "f64x2.abs": 236, "f64x2.neg": 237,
    "f64x2.sqrt": 239, "f64x2.add": 240, "f64x2.sub": 241, "f64x2.mul": 242, "f64x2.div": 243, "f64x2.min": 244,
    "f64x2.max": 245, "f64x2.pmin": 246, "f64x2.pmax": 247,
}  # fmt: skip
_SIMD_MEMORY = {"v128.load": (0, 4), "v128.load64_splat": (10, 3), "v128.store": (11, 4)}
_LANE = {"i32x4.extract_lane": 27, "f64x2.extract_lane": 33, "f64x2.replace_lane": 34}
_BULK = {"memory.copy": b"\x0a\x00\x00", "memory.fill": b"\x0b\x00", "i32.trunc_sat_f64_u": b"\x03"}


def unsigned(n: int) -> bytes:
    """A whole number in LEB128."""
    if n < 128:
        return bytes((n,))
    found = bytearray()
    while n > 127:
        found.append(n & 127 | 128)
        n >>= 7
    found.append(n)
    return bytes(found)


def signed(n: int) -> bytes:
    """The same with a sign."""
    found = bytearray()
    while not -64 <= n < 64:
        found.append(n & 127 | 128)
        n >>= 7
    found.append(n & 127)
    return bytes(found)


def encode(code: Iterable[Instruction]) -> bytes:
    """Instructions as bytes."""
    found = bytearray()
    for name, *rest in code:
        if name in _FIXED:
            found += _FIXED[name]
            if rest:
                found += unsigned(rest[0])
        elif name in _OFFSET:
            found += _OFFSET[name] + unsigned(rest[0])
        elif name == "v128.const":
            found += _CONST + struct.pack("<dd", rest[0], rest[0]) if isinstance(rest[0], float) else _CONST + rest[0]
        elif name == "i8x16.shuffle":
            found += _SHUFFLE + rest[0]
        elif name == "i32.const":
            found += b"\x41" + signed(rest[0])
        elif name == "f64.const":
            found += b"\x44" + struct.pack("<d", rest[0])
        elif name == "br_table":
            found += b"\x0e" + _vector(map(unsigned, rest[0])) + unsigned(rest[1])
        else:
            assert name == ";;", name
    return bytes(found)


_CONST, _SHUFFLE = b"\xfd" + unsigned(12), b"\xfd" + unsigned(13)
_FIXED: dict[str, bytes] = {
    **{name: bytes((code,)) for name, code in {**_PLAIN, **_INDEXED}.items()},
    **{name: bytes((code,)) + _EMPTY for name, code in _BLOCK.items()},
    **{name: b"\xfd" + unsigned(code) for name, code in {**_SIMD, **_LANE}.items()},
    **{name: b"\xfc" + code for name, code in _BULK.items()},
}
# where an offset into memory follows: the alignment stands before it
_OFFSET: dict[str, bytes] = {
    **{name: bytes((code, align)) for name, (code, align) in _MEMORY.items()},
    **{name: b"\xfd" + unsigned(code) + bytes((align,)) for name, (code, align) in _SIMD_MEMORY.items()},
}


class Function(NamedTuple):
    """A function of a module; `name` is what it is exported as, empty for none."""

    name: str
    parameters: tuple[str, ...]
    results: tuple[str, ...]
    locals: tuple[str, ...]
    code: Sequence[Instruction]


def module(
    functions: Sequence[Function],
    pages: int,
    data: Sequence[tuple[int, bytes]] = (),
    note: tuple[str, bytes] | None = None,
) -> bytes:
    """A module of functions and one exported memory of so many pages of 64 KiB; `data` stands in it from the start.

    `note` is a custom section, a name and bytes, which hosts can read and do not have to.
    """
    kinds = list(dict.fromkeys((f.parameters, f.results) for f in functions))
    types = [b"\x60" + _vector(_TYPES[t] for t in given) + _vector(_TYPES[t] for t in found) for given, found in kinds]
    exported = [(f.name, k) for k, f in enumerate(functions) if f.name]
    exports = [_text("memory") + b"\x02\x00", *[_text(name) + b"\x00" + unsigned(k) for name, k in exported]]
    bodies = [_body(f) for f in functions]
    parts = [
        (1, _vector(types)),
        (3, _vector(unsigned(kinds.index((f.parameters, f.results))) for f in functions)),
        (5, _vector([b"\x00" + unsigned(pages)])),
        (7, _vector(exports)),
        (10, _vector(unsigned(len(body)) + body for body in bodies)),
        (11, _vector(b"\x00\x41" + signed(at) + b"\x0b" + unsigned(len(held)) + held for at, held in data)),
    ]
    if note:
        parts.append((0, _text(note[0]) + note[1]))
    return b"\0asm\x01\0\0\0" + b"".join(bytes((number,)) + unsigned(len(part)) + part for number, part in parts)


def _body(f: Function) -> bytes:
    runs: list[list[Any]] = []
    for kind in f.locals:
        if runs and runs[-1][1] == kind:
            runs[-1][0] += 1
        else:
            runs.append([1, kind])
    return _vector(unsigned(count) + _TYPES[kind] for count, kind in runs) + encode(f.code) + b"\x0b"


def _vector(items: Iterable[bytes]) -> bytes:
    found = list(items)
    return unsigned(len(found)) + b"".join(found)


def _text(text: str) -> bytes:
    held = text.encode()
    return unsigned(len(held)) + held
