"""Run Graphviz, which places boxes of given sizes and routes the wires between them.

By default this is the native `dot` if it is on the PATH, otherwise the embedded Graphviz. The environment variable
MICROGRAD_LAYOUT=dot or MICROGRAD_LAYOUT=embedded chooses one of them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Literal

from viz.layout.plan import Box, Layout, LayoutError, Plan, Rect, even

Choice = Literal["auto", "dot", "embedded"]
CHOICES: tuple[Choice, ...] = ("auto", "dot", "embedded")
VARIABLE = "MICROGRAD_LAYOUT"
WITHOUT = f"engine='embedded' or {VARIABLE}=embedded works without this program"


@dataclass(frozen=True, slots=True)
class Engine:
    """A layout engine.

    Arguments:
        name: "dot" or "embedded".
        version: the version of its Graphviz.
        source: the path of the program, or the packages with their versions.
    """

    name: str
    version: str
    source: str


# ---------------------------------------------------------------------------------------------- which engine


def engine(choice: str = "auto") -> Engine:
    """Return the engine that `place` would use. This runs it once, to ask for its version.

    Arguments:
        choice: "auto", "dot" or "embedded".
    Raises: LayoutError if `dot` is chosen and not installed; ValueError for another choice.
    """
    program = _program(choice)
    if program:
        said = subprocess.run([program, "-V"], capture_output=True, text=True, timeout=10, check=False).stderr
        return Engine("dot", said.partition("version ")[2].partition(" ")[0], program)
    runtime = _runtime()
    return Engine("embedded", runtime.version(), runtime.packages())


def _runtime() -> ModuleType:
    """Return the file that runs the embedded Graphviz here."""
    from viz.layout import browser, embedded

    return browser if sys.platform == "emscripten" else embedded


def _program(choice: str) -> str | None:
    """Return the path of the native `dot`, or None for the embedded Graphviz."""
    source = "engine"
    if choice == "auto" and os.environ.get(VARIABLE):
        choice, source = os.environ[VARIABLE], VARIABLE
    if choice not in CHOICES:
        raise ValueError(f"{source} must be one of {list(CHOICES)}, got {choice!r}")
    program = None if choice == "embedded" else shutil.which("dot")
    if choice == "dot" and not program:
        raise LayoutError("no `dot` on the PATH; install Graphviz, or pass engine='embedded', which needs nothing else")
    return program


# ---------------------------------------------------------------------------------------------- placing


def place(plan: Plan, *, engine: str = "auto", time_limit: float = 30.0) -> Layout:
    """Return Graphviz's layout of a plan without frames.

    Arguments:
        plan: boxes and wires.
        engine: "auto", "dot" or "embedded".
        time_limit: seconds; after that the process is ended.
    Raises: TimeoutError after the time limit; LayoutError if Graphviz fails.
    """
    program = _program(engine)
    plan = _rounded(plan)
    source = "".join(_source(plan))
    found = _native(program, source, time_limit) if program else _embedded(source, time_limit)
    try:
        answer = json.loads(found)
    except ValueError:
        raise LayoutError(f"{program} did not return a layout, but {found[:60]!r}; {WITHOUT}") from None
    return _read(answer, plan)


def _native(program: str, source: str, time_limit: float) -> bytes:
    """Return the output of `dot`. It runs in a process group of its own; at the end the whole group is killed."""
    process = subprocess.Popen(
        [program, "-Tjson0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        found, complaint = process.communicate(source.encode(), timeout=time_limit)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        _end(process)
    if process.returncode:
        said = complaint.decode("utf-8", "replace").strip()[:300] or f"it ended with status {process.returncode}"
        raise LayoutError(f"{program} failed: {said}; {WITHOUT}")
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children if they are still running."""
    with process:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # all of them have ended
                os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            process.kill()


def _embedded(source: str, time_limit: float) -> bytes:
    from viz.layout.embedded import EmbeddedError

    try:
        found: bytes = _runtime().layout(source, time_limit)
        return found
    except EmbeddedError as error:
        raise LayoutError(f"{error}; draw a part of the graph, or install Graphviz") from None


# ---------------------------------------------------------------------------------------------- DOT out, JSON in


def _rounded(plan: Plan) -> Plan:
    """Return the plan in whole points, with even sizes: versions of Graphviz round others in different ways."""
    return replace(
        plan,
        boxes=tuple(Box(box.id, even(box.width), even(box.height)) for box in plan.boxes),
        gap=float(round(plan.gap)),
        rank=float(round(plan.rank)),
    )


def _source(plan: Plan) -> Iterator[str]:
    """Return the plan in DOT. We made the ids, so they need no escaping."""
    tail, head = ("e", "w") if plan.rankdir == "LR" else ("s", "n")
    yield f"digraph {{ rankdir={plan.rankdir}; ordering=in; "
    yield f"nodesep={plan.gap / 72:.4f}; ranksep={plan.rank / 72:.4f};\n"
    yield 'node [shape=box, fixedsize=true, label=""];\n'
    yield f"edge [arrowhead=none, tailport={tail}, headport={head}];\n"
    for box in plan.boxes:
        yield f"{_quoted(box.id)} [width={box.width / 72:.4f}, height={box.height / 72:.4f}];\n"
    if plan.first:
        yield f"{{ rank=min; {' '.join(map(_quoted, plan.first))} }}\n"
    for wire in plan.wires:
        yield f"{_quoted(wire.source)} -> {_quoted(wire.target)} [id={_quoted(wire.id)}];\n"
    yield "}\n"


def _quoted(id: str) -> str:
    return f'"{id}"'


def _read(found: Mapping[str, Any], plan: Plan) -> Layout:
    """Return the layout, in half points, since more digits differ between versions. Graphviz's y axis points up."""
    height = _numbers(found["bb"])[3]
    sizes = {box.id: box for box in plan.boxes}
    boxes = {}
    for thing in found["objects"]:
        if thing["name"] not in sizes:  # the subgraph of `first`
            continue
        x, y = _numbers(thing["pos"])
        box = sizes[thing["name"]]
        boxes[box.id] = Rect(x, height - y, box.width, box.height)
    wires = {
        edge["id"]: tuple((x, height - y) for x, y in map(_numbers, edge["pos"].split()))
        for edge in found.get("edges", [])
    }
    return Layout(boxes, wires, {})


def _numbers(text: str) -> list[float]:
    return [round(2 * float(part)) / 2 for part in text.split(",")]
