"""A module of WebAssembly in this process: its memory as an array, its functions called at little cost.

A call by wasmtime's public way costs 10 µs and more, which is many training steps of a tiny network. So functions
are called by the library's own `wasmtime_func_call_unchecked`, where the installed version has it as we know it.
"""

from __future__ import annotations

import atexit
import ctypes
import weakref
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import numpy as np

from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.write.wasm.encoding import PAGE

_open: weakref.WeakSet[Any] = weakref.WeakSet()  # what has to be closed before the interpreter takes wasmtime apart
LARGEST = 1 << 31  # bytes of memory


@cache
def available() -> bool:
    """Whether wasmtime is installed and runs here."""
    try:
        engine()
    except Exception:  # whatever keeps it from running, NumPy runs all
        return False
    return True


@cache
def engine() -> Any:
    """The engine that compiles all modules."""
    import wasmtime

    atexit.register(_close)
    return wasmtime.Engine(wasmtime.Config())


def _close() -> None:
    for held in list(_open):
        held.close()
    engine().close()


@lru_cache(maxsize=16)
def compiled(binary: bytes) -> Any:
    """A module as machine code, kept for the next program that is the same."""
    import wasmtime

    return wasmtime.Module(engine(), binary)


class Host:
    """An instance of a module. One thread at a time calls it."""

    def __init__(self, binary: bytes) -> None:
        import wasmtime

        self._store = wasmtime.Store(engine())
        self._module = compiled(binary)
        self._instance = wasmtime.Instance(self._store, self._module, [])
        _open.update((self._store, self._module))
        self._exports = self._instance.exports(self._store)
        self._memory: Any = self._exports["memory"]
        self._view()

    def _view(self) -> None:
        start = ctypes.cast(self._memory.data_ptr(self._store), ctypes.c_void_p).value
        size = self._memory.data_len(self._store)
        self.bytes = size
        self.memory: Array = np.frombuffer((ctypes.c_char * size).from_address(start or 0), dtype=np.float64)

    def reserve(self, size: int) -> None:
        """Let the memory have so many bytes or more; arrays of `memory` that were made before are out of date."""
        if size > self.bytes:
            if size > LARGEST:
                raise MemoryError(f"{size} bytes are more than a program's memory holds")
            self._memory.grow(self._store, -(-(size - self.bytes) // PAGE))
            self._view()

    def numbers(self, at: int, count: int) -> Array:
        """The numbers that stand at an address, as an array that shares the memory."""
        return self.memory[at // 8 : at // 8 + count]

    def whole(self, at: int, count: int) -> np.ndarray[Any, np.dtype[np.int32]]:
        """The whole numbers of 4 bytes that stand at an address, likewise."""
        return self.memory.view(np.int32)[at // 4 : at // 4 + count]

    def function(self, name: str) -> Callable[..., int]:
        """An exported function of whole numbers that gives one."""
        found: Any = self._exports[name]
        return _unchecked(self._store, found) or (lambda *args: int(found(self._store, *args)))


def _unchecked(store: Any, function: Any) -> Callable[..., int] | None:
    """The function called without the checks of types; None where this version of wasmtime has another way."""
    try:
        from wasmtime import _bindings

        raw = _bindings._wasmtime_func_call_unchecked
        context, pointer = store._context(), ctypes.byref(function._func)
        held, trap = (_bindings.wasmtime_val_raw_t * 8)(), ctypes.POINTER(_bindings.wasm_trap_t)()
        if len(raw.argtypes) != 5 or not hasattr(held[0], "i32"):
            return None
    except (ImportError, AttributeError, TypeError):
        return None
    where, each = ctypes.byref(trap), ctypes.sizeof(held[0]) // 4
    numbers = memoryview(held).cast("B").cast("i")  # quicker than held[k].i32

    def call(*args: int) -> int:
        for k, arg in enumerate(args):
            numbers[k * each] = arg
        if raw(context, pointer, held, 8, where) or trap:
            raise RuntimeError("a program of WebAssembly stopped")
        return numbers[0]

    return call
