"""no_grad: where nothing is recorded.

    a block     what `with no_grad():` opens, or `with recording():` inside it, until it is left
    `paused`    all blocks that are open anywhere; while it is empty, operations test nothing else

A block is valid in its own context (contextvars): its task, and the tasks and threads that are started inside it. A
block that a generator opened is valid while the generator runs, but not for the code that waits for its next element.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from types import FrameType
from typing import Any, Self, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])

paused: dict[int, Any] = {}
_GENERATOR = 0x20 | 0x200  # flags of code: a generator, an asynchronous one
_COROUTINE, _ASYNCHRONOUS, _PLAIN = 0x80 | 0x100, 0x200, 0x20
_CONTEXT_MANAGERS = "contextlib.py"  # whose generators hold a block for the body of somebody's `with`


class _Block:
    """A block of a program in which operations are recorded, or not."""

    def __init__(self, owner: object, records: bool, frame: FrameType | None) -> None:
        self.owner, self.records, self.frame = owner, records, frame
        self.open = True

    def holds(self) -> bool:
        """Return whether the block is valid now: it is open, and the generator that opened it is running."""
        return self.open and (self.frame is None or _is_running(self.frame))


_blocks: ContextVar[tuple[_Block, ...]] = ContextVar("microgrAD_blocks", default=())


def _is_running(frame: FrameType) -> bool:
    above: FrameType | None = sys._getframe(1)
    while above is not None and above is not frame:
        above = above.f_back
    return above is frame


def _generator(frame: FrameType | None) -> FrameType | None:
    """Return the frame whose `with` it is, if it is that of a generator, which can be left before its end.

    Between them there may be context managers that open a block of ours: generators, classes, an ExitStack.
    """
    while frame is not None:
        back, code = frame.f_back, frame.f_code
        by_library = back is not None and back.f_code.co_filename.endswith(_CONTEXT_MANAGERS)
        if code.co_flags & _GENERATOR and not by_library:
            return frame
        opens = code.co_name in ("__enter__", "__aenter__") or code.co_filename.endswith(_CONTEXT_MANAGERS)
        if not (opens or by_library):
            return None
        frame = back
    return None


class _Setting:
    """What no_grad and recording share: a block, from its beginning to its end."""

    records: bool

    def __enter__(self) -> Self:
        block = _Block(self, self.records, _generator(sys._getframe(1)))
        paused[id(block)] = block
        _blocks.set((*[b for b in _blocks.get() if b.open], block))
        return self

    def __exit__(self, *exception: object) -> None:
        mine = [b for b in _blocks.get() if b.open and b.owner is self]
        # a generator that is closed in another thread, or task, leaves its block from there
        mine = mine or [b for b in tuple(paused.values()) if isinstance(b, _Block) and b.owner is self]
        block = mine[-1]
        block.open, block.frame = False, None
        del paused[id(block)]
        _blocks.set(tuple([b for b in _blocks.get() if b.open]))


class _recording(_Setting):
    records = True


def recording() -> AbstractContextManager[object]:
    """Return a block in which operations are recorded, even inside a no_grad block."""
    return _recording() if is_paused() else nullcontext()


class no_grad(_Setting):
    """A block in which nothing is recorded: operations return leaves, and `backward` from such a leaf is an error.

    Derivatives of functions (grad, jvp and similar ones) are right inside it, and leave no record either. It is valid
    in its own asyncio task and thread, and in a generator while that runs. It is also a decorator, @no_grad() or
    @no_grad, of functions, generators, coroutines and asynchronous generators.

    >>> from microgrAD import Value
    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.args
    ()
    """

    records = False

    @overload
    def __new__(cls) -> Self: ...
    @overload
    def __new__(cls, f: F) -> F: ...  # type: ignore[misc]
    def __new__(cls, f: Any = None) -> Any:
        made = super().__new__(cls)
        return made if f is None else made(f)

    def __call__(self, f: F) -> F:
        """Return the function, in which nothing is recorded."""
        if not callable(f):
            raise TypeError(f"no_grad is written as `with no_grad():` or @no_grad, got {type(f).__name__} {f!r}")
        flags = _flags(f)
        wrap = next((wrap for flag, wrap in _WRAPS if flags & flag), _function)
        return functools.wraps(f)(wrap(f))  # type: ignore[return-value]


def _flags(f: Any) -> int:
    """Return what kind of function f is, even behind functools.partial, or as the __call__ of an object."""
    while isinstance(f, functools.partial):
        f = f.func
    code = getattr(f, "__code__", None) or getattr(vars(type(f)).get("__call__"), "__code__", None)
    return getattr(code, "co_flags", 0)


def _function(f: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **keywords: Any) -> Any:
        with no_grad():
            return f(*args, **keywords)

    return run


def _generator_function(f: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **keywords: Any) -> Any:
        with no_grad():
            return (yield from f(*args, **keywords))

    return run


def _coroutine(f: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
    async def run(*args: Any, **keywords: Any) -> Any:
        with no_grad():
            return await f(*args, **keywords)

    return run


def _asynchronous_generator(f: Callable[..., Any]) -> Callable[..., Any]:
    async def run(*args: Any, **keywords: Any) -> Any:
        with no_grad():
            elements = f(*args, **keywords)
            try:
                element = await anext(elements)
                while True:
                    try:
                        sent = yield element
                    except GeneratorExit:
                        raise
                    except BaseException as error:  # thrown in by athrow
                        element = await elements.athrow(error)
                    else:
                        element = await elements.asend(sent)
            except StopAsyncIteration:
                return
            finally:
                await elements.aclose()

    return run


_WRAPS = (
    (_ASYNCHRONOUS, _asynchronous_generator),
    (_PLAIN, _generator_function),
    (_COROUTINE, _coroutine),
)


def is_paused() -> bool:
    """Return whether nothing is recorded now."""
    if paused:
        for block in reversed(_blocks.get()):
            if block.holds():
                return not block.records
    return False
