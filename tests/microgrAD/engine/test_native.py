"""The compiled engine: the same bits, messages and promises as Python; which engine runs is said, and never stale."""

from __future__ import annotations

import inspect
import os
import pickle
import subprocess
import sys

import microgrAD
from microgrAD import OPS, Value
from microgrAD.native import choice, fingerprint

# every method on its usual operands and on unusual ones, then random graphs of them, backward too; all digits are shown
PROGRAM = """
import operator
import random
from microgrAD import OPS, Value, no_grad

class Mine(Value):
    pass

def said(f):
    try:
        v = f()
    except Exception as error:
        return type(error).__name__, str(error)
    return type(v).__name__, repr(v), getattr(v, "args", ()), getattr(v, "partials", ()), getattr(v, "_tag", None)

def calls(op):
    if not op.python:
        return [lambda v, *w: getattr(v, op.method)(*w)]
    if len(op.args) == 1:
        return [getattr(operator, op.python)]
    act, assign = getattr(operator, op.python), getattr(operator, op.in_place)
    return [act, lambda v, w: act(w, v), assign]

rng = random.Random(5)
good = [0.0, -0.0, 1.0, 0.5, 2, -3, 1e-308, 1e300, -750.0, 40.0, rng.uniform(-3, 3)]
odd = [True, 10**400, float("inf"), "a", None]
every = [(op, call) for op in OPS.values() if op.method for call in calls(op)]
for op, call in every:
    for x in good:
        for v in (Value(x, label="x"), Value(x) + 0.0, Mine(x)):
            print(op.name, x, said(lambda: call(v)) if len(op.args) == 1 or op.constants else "")
            if len(op.args) == 2:
                for y in [*good, *odd, Value(x), Value(x) + 0.5, Mine(x), v]:
                    print(op.name, x, y, said(lambda: call(v, y)))
        with no_grad():
            print(said(lambda: call(Value(x), *[x] * (len(op.args) - 1))))
for seed in range(200):
    rng = random.Random(seed)
    held = [Value(rng.uniform(-2, 2)) for _ in range(4)]
    leaves = held[:]
    for _ in range(40):
        op, call = rng.choice(every)
        given = [rng.choice([*held, rng.uniform(-2, 2)])] if len(op.args) == 2 and not op.constants else []
        try:
            held.append(call(rng.choice(held), *given))
        except Exception as error:
            print(error)
    for root in held[-3:]:
        print(said(root.backward), [v.grad for v in held])
    print(said(lambda: held[-1].backward(create_graph=True)), [v.grad for v in leaves])
    print(said(lambda: held[-1].backward()), [v.grad for v in leaves])
"""


def run(program: str, **environment: str) -> str:
    """Return what a program prints in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return done.stdout


def test_both_engines_give_the_same_bits_and_messages() -> None:
    ours, python = run(PROGRAM).splitlines(), run(PROGRAM, MICROGRAD_PURE="1").splitlines()
    assert len(ours) > 10_000
    assert [(a, b) for a, b in zip(ours, python, strict=True) if a != b][:3] == []


def test_the_engine_that_runs_is_said() -> None:
    assert choice.description in (Value.__doc__ or "")
    said = run("from microgrAD.native import choice; print(choice.description)", MICROGRAD_PURE="1")
    assert said == "Python, since MICROGRAD_PURE is set\n"
    assert (choice.description == "compiled") == (choice.compiled is not None)


def test_an_engine_of_other_files_is_refused_aloud() -> None:
    told = run(
        "import sys, types, warnings\n"
        "sys.modules['microgrAD.native._engine'] = types.SimpleNamespace(FINGERPRINT='other')\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    from microgrAD import Value\n"
        "    from microgrAD.native import choice\n"
        "print(choice.description, '|', *[w.message for w in caught], (Value(2.0) * 3.0).data)"
    )
    assert told.startswith("Python, since the compiled one was made from other files than these;")
    assert "| the engine runs as Python:" in told and told.endswith(" 6.0\n")


def test_the_checksum_is_of_what_it_must_agree_with() -> None:
    assert len(fingerprint.fingerprint()) == 8
    if choice.compiled:
        assert fingerprint.fingerprint() == choice.compiled.FINGERPRINT


def test_methods_stay_what_a_reader_expects() -> None:
    for op in OPS.values():
        if op.method:
            method = getattr(Value, op.method)
            assert op.about.split(".")[0].split()[0] in method.__doc__
            assert next(iter(inspect.signature(method).parameters)) == "self"
    assert pickle.loads(pickle.dumps(Value.tanh)) is Value.tanh
    assert microgrAD.Value(0.5).tanh.__self__.data == 0.5
