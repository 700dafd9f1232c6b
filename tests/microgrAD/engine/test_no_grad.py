"""no_grad holds for its own task, thread and generator, and what was computed in it can't be gone back from."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from microgrAD import GraphError, Value, grad, jvp, no_grad, value_and_grad
from microgrAD.pausing import paused

X = Value(3.0)


def run(main: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a thread of its own: the main one may have a loop already, that of the browser of other tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, main).result()


def records() -> bool:
    """Whether an operation is recorded here and now."""
    return bool((X * X).args)


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    yield
    gc.collect()
    assert paused == {}
    assert records()


def test_a_task_that_waits_within_it_leaves_the_others_alone() -> None:
    async def within(done: asyncio.Event) -> list[bool]:
        with no_grad():
            first = records()
            await done.wait()
            return [first, records()]

    async def beside(done: asyncio.Event) -> list[float]:
        found = []
        for _ in range(3):
            y = X * X
            await asyncio.sleep(0)
            X.grad = 0.0
            y.backward()
            found.append(X.grad)
        done.set()
        return found

    async def both() -> Any:
        done = asyncio.Event()
        return await asyncio.gather(within(done), beside(done))

    assert run(both()) == [[False, False], [6.0, 6.0, 6.0]]


def test_tasks_and_threads_that_are_started_within_it_are_in_it() -> None:
    async def inner() -> bool:
        await asyncio.sleep(0)
        return records()

    async def main() -> list[bool]:
        with no_grad():
            return [*await asyncio.gather(inner(), inner()), await asyncio.to_thread(records)]

    assert run(main()) == [False, False, False]


def test_a_suspended_generator_leaves_its_caller_alone() -> None:
    def numbers() -> Iterator[bool]:
        with no_grad():
            yield records()
            yield records()

    for found in numbers():
        assert (found, records()) == (False, True)
    first, second = numbers(), numbers()
    assert [next(first), next(second), records(), next(first), records()] == [False, False, True, False, True]
    first.close()
    assert [records(), next(second)] == [True, False]


def test_a_generator_that_is_closed_in_another_thread_leaves_nothing_behind() -> None:
    def numbers() -> Iterator[bool]:
        with no_grad():
            yield records()

    held = numbers()
    assert next(held) is False
    thread = threading.Thread(target=held.close)
    thread.start()
    thread.join()
    assert records()


def test_an_asynchronous_generator_leaves_its_caller_alone() -> None:
    async def numbers() -> AsyncIterator[bool]:
        with no_grad():
            yield records()
            await asyncio.sleep(0)
            yield records()

    async def main() -> list[tuple[bool, bool]]:
        return [(found, records()) async for found in numbers()]

    assert run(main()) == [(False, True)] * 2


def test_a_context_manager_made_of_a_generator_holds_for_the_body() -> None:
    @contextlib.contextmanager
    def frozen() -> Iterator[None]:
        with no_grad():
            yield

    @contextlib.asynccontextmanager
    async def frozen_too() -> AsyncIterator[None]:
        with no_grad():
            yield

    async def main() -> bool:
        async with frozen_too():
            return records()

    with frozen():
        assert not records()
    assert run(main()) is False
    with contextlib.ExitStack() as stack:
        stack.enter_context(no_grad())
        assert not records()


def test_a_decorator_of_every_kind_of_function() -> None:
    def numbers(first: Any) -> Iterator[Any]:
        got = yield first, records()
        yield got, records()

    async def wait() -> bool:
        await asyncio.sleep(0)
        return records()

    async def several() -> AsyncIterator[Any]:
        try:
            got = yield records()
            yield got, records()
        except ValueError:
            yield "thrown", records()

    class Called:
        async def __call__(self) -> bool:
            return records()

    for decorate in (no_grad, no_grad()):
        assert decorate(records)() is False
        assert decorate(records).__doc__ == records.__doc__
        assert [*decorate(numbers)(1)] == [(1, False), (None, False)]
        made = decorate(numbers)(1)
        assert [next(made), records(), made.send(5)] == [(1, False), True, (5, False)]
        made.close()
        assert run(decorate(wait)()) is False
        assert run(decorate(functools.partial(wait))()) is False
        assert run(decorate(Called())()) is False  # type: ignore[type-var]

        async def main(made: Any) -> Any:
            found = [await anext(made), records(), await made.asend(5)]
            await made.aclose()
            return found

        assert run(main(decorate(several)())) == [False, True, (5, False)]

        async def thrown(made: Any) -> Any:
            await anext(made)
            return [await made.athrow(ValueError()), [_ async for _ in made]]

        assert run(thrown(decorate(several)())) == [("thrown", False), []]
    assert inspect.isasyncgenfunction(no_grad(several))
    assert inspect.iscoroutinefunction(no_grad(wait))
    assert inspect.isgeneratorfunction(no_grad(numbers))


def test_a_decorated_function_may_call_itself() -> None:
    @no_grad
    def down(n: int) -> list[bool]:
        return [records(), *(down(n - 1) if n else [])]

    assert down(3) == [False] * 4


def test_one_object_may_be_entered_twice() -> None:
    again = no_grad()
    with again:
        with again:
            assert not records()
        assert not records()


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(TypeError, match=r"with no_grad\(\):` or @no_grad, got int 3"):
        no_grad(3)  # type: ignore[call-overload]


def test_backward_from_what_was_computed_within_it_is_an_error() -> None:
    with no_grad():
        y = X * X
        derivative = grad(lambda x: x * x)(X)
        value, slope = value_and_grad(lambda x: x * x)(X)
        _, tangent = jvp(lambda x: x * x, (X,), (X,))
    for made in (y, derivative, value, slope, tangent):
        with pytest.raises(GraphError, match="computed within no_grad, where nothing is recorded"):
            made.backward()
        with pytest.raises(GraphError, match="computed within no_grad"):
            made.backward(create_graph=True)
    y.label = "y"
    with pytest.raises(GraphError, match="label='y'"):
        y.backward()
    for take in (grad, value_and_grad):
        with pytest.raises(GraphError, match="the derivative of"):
            take(no_grad(lambda x: x * x))(3.0)
    with pytest.raises(GraphError, match="the derivative of"):
        jvp(no_grad(lambda x: x * x), (3.0,), (1.0,))


def test_what_was_computed_within_it_is_a_constant_of_later_graphs() -> None:
    with no_grad():
        held = X * X
    x = Value(2.0)
    (x * held).backward()
    assert (x.grad, held.grad) == (9.0, 2.0)
    Value(1.0).backward()  # a leaf of one's own


@contextlib.contextmanager
def _frozen() -> Iterator[None]:
    with no_grad():
        yield


@contextlib.contextmanager
def _twice() -> Iterator[None]:
    with _frozen(), no_grad():
        yield


class _Frozen:
    def __enter__(self) -> None:
        self._block = no_grad()
        self._block.__enter__()

    def __exit__(self, *exception: object) -> None:
        self._block.__exit__(*exception)


class _WithStack:
    def __enter__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._stack.enter_context(_frozen())

    def __exit__(self, *exception: object) -> None:
        self._stack.close()


@pytest.mark.parametrize("manager", [no_grad, _frozen, _twice, _Frozen, _WithStack])
def test_a_generator_that_waits_pauses_nobody_whatever_opened_its_block(manager: Callable[[], Any]) -> None:
    inside = []

    def batches() -> Iterator[float]:
        with manager():
            for k in (1.0, 2.0):
                inside.append((Value(k) * 2.0).op)
                yield k
        inside.append((Value(1.0) * 2.0).op)

    x, total = Value(2.0), Value(0.0)
    for b in batches():
        total = total + b * x * x
    (total + x).backward()
    assert x.grad == 13.0 and inside == ["", "", "mul"]
    with manager():
        assert (x * x).op == ""
    assert (x * x).op == "mul"


def test_an_exit_stack_in_a_generator_pauses_nobody_else() -> None:
    def batches() -> Iterator[str]:
        with contextlib.ExitStack() as stack:
            stack.enter_context(no_grad())
            yield (Value(1.0) * 2.0).op

    waiting = batches()
    assert next(waiting) == "" and (Value(1.0) * 2.0).op == "mul"
    assert next(waiting, None) is None and (Value(1.0) * 2.0).op == "mul"
