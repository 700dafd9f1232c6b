"""What is told, frame by frame: a picture and its caption for each. Here of a pass, on its graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from microgrAD.explanation import lines
from microgrAD.explanation.writers import Text
from microgrAD.operators import Value
from microgrAD.steps import naming
from microgrAD.steps.taking import traced
from microgrAD.steps.trace import Backward, Event, Forward, Mode, Seed, Tangent, TangentSeed, Trace
from viz.passes.board import Board, prepare
from viz.passes.captions import Said
from viz.passes.stages import finished, frames, stages
from viz.scene import Scene
from viz.style import Theme
from viz.web.words import Words

Draw = Callable[[str | tuple[int, int] | None, float], list[Scene]]


@dataclass(frozen=True)
class Telling:
    """The frames of a film or of slides.

    Arguments:
        name: the name of what is told.
        said: what is said in each frame.
        draw: draws the frames on a slide of a size, or in their own size, with so many points free at the bottom.
        last: returns the picture with all its numbers, as a frame of the same size.
        titles: what happens in each frame, in words.
        run: the rows of a run, and their pictures.
    """

    name: str
    said: Sequence[Said]
    draw: Draw
    last: Callable[[str | tuple[int, int] | None, float], Scene]
    titles: Sequence[str] = ()
    run: Any = None


def told_pass(
    root: Value | Trace,
    look: Theme,
    *,
    digits: int,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    **options: Any,
) -> Telling:
    """Return the telling of a pass on its graph. The options are those of `prepare`."""
    trace = traced(root, gradient=gradient, mode=mode, wrt=wrt)

    @cache
    def board(size: Any, foot: float) -> Board:
        return prepare(trace, look, legend=True, foot=foot, size=size, digits=digits, **options)

    def draw(size: Any, foot: float) -> list[Scene]:
        found = board(size, foot)
        return list(frames(found.scene, stages(trace, found.graph), look, digits))

    def last(size: Any, foot: float) -> Scene:
        found = board(size, foot)
        return finished(found.scene, stages(trace, found.graph), digits)

    said: list[Said] = [nothing, *(partial(lines.event, trace, k) for k in range(len(trace)))]
    say = Words(options.get("lang", "en"), "told")
    titles = [say("what-graph"), *(what(event, say) for event in trace)]
    return Telling(trace.root.name, said, draw, last, titles)


def what(event: Event, say: Words) -> str:
    """Return what happens in an event, in words."""
    match event:
        case Forward(node=node):
            return say("what-value", name=naming.plain(node.name))
        case Seed(root=node):
            return say("what-seed", name=naming.plain(node.name))
        case Backward(node=by, arg=to):
            return say("what-edge", by=naming.plain(by.name), to=naming.plain(to.name))
        case TangentSeed(node=node):
            return say("what-tangent-seed", name=naming.plain(node.name))
        case Tangent(node=to, arg=by):
            return say("what-tangent", by=naming.plain(by.name), to=naming.plain(to.name))


def nothing(writer: Text) -> Sequence[lines.Line]:
    """Say nothing."""
    return ()
