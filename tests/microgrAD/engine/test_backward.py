"""Backpropagation on the engine: what accumulates, what is deep or wide, and what has no past."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading

import pytest

import microgrAD
from microgrAD import GraphError, Value, no_grad, topological


def test_leaves_accumulate_and_inner_nodes_hold_the_last_call() -> None:
    x = Value(3.0)
    square = x * x
    y = square * x
    y.backward()
    assert (x.grad, square.grad) == (27.0, 3.0)
    y.backward()
    assert (x.grad, square.grad) == (54.0, 3.0)
    x.grad = 0.0
    y.backward(2.0)
    assert x.grad == 54.0


def test_local_derivatives_are_those_of_the_forward_pass() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 100.0
    y.backward()
    assert x.grad == 6.0
    with pytest.raises(ValueError, match="compute the expression again"):
        y.backward(create_graph=True)


def test_backward_of_a_leaf_adds_to_it() -> None:
    x = Value(3.0)
    x.backward()
    x.backward(2)
    assert x.grad == 3.0


def test_create_graph_gives_derivatives_of_derivatives() -> None:
    x, y = Value(2.0), Value(3.0)
    (x**3 * y).backward(create_graph=True)
    first = x.grad
    assert first.data == 36.0
    x.grad = y.grad = 0.0
    first.backward()
    assert (x.grad, y.grad) == (36.0, 12.0)


def test_an_interrupted_backward_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    from microgrAD import backward

    x = Value(3.0)
    y = x * x + x
    x.grad = 1.0

    def interrupt(root: Value, gradient: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(backward, "_send", interrupt)
        y.backward()
    assert x.grad == 1.0
    y.backward()
    assert x.grad == 8.0


def test_threads_may_share_leaves() -> None:
    w = Value(1.0)

    def work() -> None:
        for _ in range(200):
            v = w
            for _ in range(10):
                v = v * 1.0 + w
            v.backward()

    threads = [threading.Thread(target=work) for _ in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # they take turns within backward, too
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert w.grad == 4 * 200 * 11


def test_a_million_nodes_deep() -> None:
    x = Value(1.0)
    v = x
    for _ in range(1_000_000):
        v = v + x
    v.backward()
    assert x.grad == 1_000_001.0
    assert len(topological(v)) == 1_000_001
    del v
    gc.collect()


def test_a_million_paths() -> None:
    x = Value(1.0)
    v = x
    for _ in range(20):
        v = v + v
    v.backward()
    assert x.grad == 2.0**20
    v = x
    for _ in range(1000):
        v = (v + v) * 0.5
    x.grad = 0.0
    v.backward()
    assert x.grad == 1.0


# ---------------------------------------------------------------------------------------------- without a past


def test_no_grad_records_nothing_in_this_thread_only() -> None:
    x = Value(2.0)
    elsewhere: list[Value] = []
    with no_grad():
        other = threading.Thread(target=lambda: elsewhere.append(x * x))
        other.start()
        other.join()
        with no_grad():
            inner = x.exp()
        y = x * x + microgrAD.dot([x], [x])
    assert (y.args, inner.args, y.data) == ((), (), 8.0)
    assert elsewhere[0].args == (x, x)
    assert (x * x).args == (x, x)


def test_detach_cuts_the_past_and_keeps_the_label() -> None:
    x = Value(2.0)
    y = x * x
    y.label = "y"
    z = y.detach() * x
    z.backward()
    assert (x.grad, z.args[0].label) == (4.0, "y")


def test_a_signal_handler_that_calls_backward_gets_an_error_and_no_deadlock() -> None:
    x = Value(1.0)
    total = x
    for _ in range(20_000):
        total = total + x
    said: list[BaseException] = []

    def handler(*_: object) -> None:
        y = Value(2.0)
        (y * y).backward()  # works between two passes
        said.append(GraphError("worked"))

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        for _ in range(2000):
            x.grad = 0.0
            try:
                total.backward()
            except GraphError as error:
                said.append(error)
                assert x.grad == 0.0  # as if it had not been called
            if any("within backward" in str(error) for error in said):
                break
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert any("within backward" in str(error) for error in said)
    x.grad = 0.0
    total.backward()
    assert x.grad == 20_001.0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_that_is_forked_while_a_thread_is_in_backward_goes_on() -> None:
    program = """
import os, threading, warnings
from microgrAD import Value
warnings.simplefilter("ignore")
x = Value(1.0)
total = x
for _ in range(100_000):
    total = total + x
stop = False
def work():
    while not stop:
        total.backward()
thread = threading.Thread(target=work)
thread.start()
for _ in range(5):
    child = os.fork()
    if not child:
        x.grad = 0.0
        total.backward()
        os._exit(0 if x.grad == 100_001.0 else 1)
    assert os.waitpid(child, 0)[1] == 0
stop = True
thread.join()
print("through")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "through\n", done.stderr
