"""One gradient as the sum over its paths, on the picture of the graph: a frame for each path, then the sum."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from microgrAD.errors import between
from microgrAD.explanation.by_path import Path, paths
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text
from viz.layout import graphviz
from viz.passes.board import Board, prepare
from viz.passes.captions import Pictured, Said
from viz.passes.film import Film, pictured, spoken
from viz.passes.film_files import film_files
from viz.passes.stages import finished, stages
from viz.passes.telling import Telling, nothing
from viz.scene import Change, Scene
from viz.style import Direction, Theme
from viz.style import theme as themed
from viz.web.words import Words
from viz.write import SLIDES

if TYPE_CHECKING:
    from microgrAD.operators import Value

MOST = 60  # paths that are drawn


def path_movie(
    root: Value,
    wrt: Value,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    size: str | tuple[int, int] | None = None,
    seconds: float = 3.0,
    hold: float = 5.0,
    dpi: float | None = None,
    lang: str = "en",
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Film:
    """Return a film of the paths from a result back to `wrt`, each with its product of local derivatives.

    Arguments:
        root: the result, a Value.
        wrt: a Value that it is computed from.
        path, theme, rankdir, digits, size, dpi, lang, time_limit, engine: as for `movie`.
        seconds, hold: how long a GIF shows each frame, and the last one, which has the sum.
    Returns: a `Film`: the graph, a frame for each path, and the sum over all paths, which is ∂root/∂wrt.
    Raises: ValueError if `wrt` is not in the graph, or there are more than 60 paths; what `movie` raises.
    """
    if path is not None and film_files(path)[0].suffix.lower() == SLIDES and size is None:
        size = "16:9"
    between(seconds, "seconds", 0.02, 600)
    between(hold, "hold", 0.02, 600)
    if dpi is not None:
        between(dpi, "dpi", 10, 1200)
    look, found = themed(theme), paths(root, wrt)
    if len(found) > MOST:
        raise ValueError(f"there are {len(found):,} paths, more than the {MOST} that are drawn; take explain_paths()")
    options: dict[str, Any] = {"rankdir": rankdir, "digits": digits, "time_limit": time_limit, "engine": engine}
    options["lang"] = lang
    telling = _told(found, look, digits, options)
    pictures = pictured(telling, look, size, digits)
    film = Film(
        pictures,
        seconds=seconds,
        hold=hold,
        dpi=dpi or (96.0 if pictures[0].pixels else 120.0),
        told=spoken(telling, Pictured(digits)),
    )
    if path is not None:
        film.save(path)
    return film


def _told(found: Sequence[Path], look: Theme, digits: int, options: dict[str, Any]) -> Telling:
    trace = found[0].trace

    def draw(size: Any, foot: float) -> list[Scene]:
        board = prepare(trace, look, legend=True, foot=foot, size=size, show_local=True, **options)
        whole = finished(board.scene, stages(trace, board.graph), digits)
        return [whole, *(_strong(whole, board, path, look) for path in found), whole]

    said: list[Said] = [nothing, *(partial(_path, k, path) for k, path in enumerate(found, 1)), partial(_sum, found)]
    name = Words(options["lang"], "told")("paths", root=trace.root.name)
    return Telling(name, said, draw, lambda size, foot: draw(size, foot)[-1])


def _strong(whole: Scene, board: Board, path: Path, look: Theme) -> Scene:
    """Return the graph with one path that stands out."""
    wires = {(edge.target, edge.index): edge.id for edge in board.graph.edges}
    changes = {f"{path.trace.root.id}.box": Change(color=look.gradient, weight=2.0)}
    for e in path.edges:
        changes[f"{wires[e.node.id, e.index]}.line"] = Change(color=look.gradient, weight=2.4)
        changes[f"{e.arg.id}.box"] = Change(color=look.gradient, weight=2.0)
    return whole.restyle(changes)


def _path(k: int, path: Path, writer: Text) -> list[Line]:
    names = [path.trace.root.name, *(e.arg.name for e in path.edges)]
    arrow = writer.arrow().join(writer.name(name) for name in names)
    _, symbols, numbers, product = path.written(writer)
    return [Line(f"{k}: {arrow}", ()), Line(symbols, ((numbers,), (product,)))]


def _sum(found: Sequence[Path], writer: Text) -> list[Line]:
    trace = found[0].trace
    target = found[0].edges[-1].arg if found[0].edges else trace.root
    left = writer.partial(trace.root.name, target.name)
    terms = tuple(
        writer.formula("a", {"a": writer.operand(path.product, "")}, first=k == 0) for k, path in enumerate(found)
    )
    total = (writer.number(trace.derivatives[target.id], ""),)
    return [Line(left, (terms, total) if len(terms) > 1 else (total,))]
