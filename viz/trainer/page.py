"""`playground(...)`: the page that trains."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any

from rcssmin import cssmin
from rjsmin import jsmin

from microgrAD.errors import counted, words
from microgrAD.nn.layers import LINEAR, MLP
from microgrAD.ops import OPS
from viz import style
from viz.compose.badge import badge
from viz.networks.diagram import network_drawing
from viz.picture import Picture
from viz.trainer import body, engine
from viz.trainer.formulas import everywhere
from viz.trainer.sets import SETS
from viz.web import shell
from viz.web.page import Page, page_file
from viz.web.words import table

SCRIPTS = (
    "trainer/begin.js",
    "web/number.js",
    "web/theme.js",
    "web/address.js",
    "web/link.js",
    "web/plane.js",
    "web/shades.js",
    "web/ladder.js",
    "trainer/settings.js",
    "trainer/csv.js",
    "trainer/client.js",
    "trainer/model.js",
    "trainer/scalar.js",
    "trainer/diagram.js",
    "trainer/map.js",
    "trainer/curves.js",
    "trainer/scope.js",
    "trainer/sees.js",
    "trainer/out.js",
    "trainer/challenge.js",
    "trainer/run.js",
    "trainer/draw.js",
    "trainer/playground.js",
    "trainer/points.js",
    "trainer/ui.js",
    "trainer/ways.js",
    "trainer/hands.js",
)
STYLES = ("web/base.css", "web/ladder.css", "trainer/playground.css")
FIRST = {"net": [4], "inputs": ["x1", "x2"]}  # settings of a page that has no others, as in settings.js
MOST_ROWS, MOST_INPUTS, MOST_CLASSES = 2000, 64, len(style.MARKERS)


class Playground(Page):
    """The page of `playground`; `microgrAD.widget(page)` links it with a notebook."""


def playground(
    data: str = "circles",
    path: str | os.PathLike[str] | None = None,
    *,
    X: Any = None,
    y: Any = None,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    target_name: str = "y",
    title: str | None = None,
    lang: str = "en",
    seed: int = 0,
    hidden: Sequence[int] | None = None,
) -> Playground:
    """Return a page that trains a network, as one HTML file that needs no connection to the internet.

    The reader chooses the data, the inputs, the network and how it learns, watches it learn, and opens any unit or the
    loss as a scalar graph. The same seed gives the same weights as in Python.

    Arguments:
        data: a built-in data set, such as "circles", "xor" or "spirals"; ignored if X and y are given.
        path: the .html file to write, too; it is written whole or not at all.
        X: your own rows, (rows, features): up to 2000 rows of up to 64 finite numbers.
        y: their targets, (rows,): whole numbers from 0 for up to 8 classes, or floats for a quantity.
        feature_names: a name for each feature; by default x1, x2, ...
        class_names: a name for each class; by default its number.
        target_name: the name of what is learned.
        title: the heading; by default "Playground" in the language of the page.
        lang: the language of the page, "en" or "it".
        seed: the seed of the first weights and of the batches.
        hidden: the number of units in each hidden layer: up to 8 layers of up to 12 units.
    Returns: the page; it shows itself in a notebook and has `.save(path)`.
    Raises: ValueError for a data set, a size or a language that does not exist, and for X and y that do not fit.
    """
    if path is not None:
        page_file(path)
    said = table(lang)
    start: dict[str, Any] = {"seed": counted(seed, "seed", 0)} | ({} if hidden is None else {"net": _sizes(hidden)})
    own = None
    if X is not None or y is not None:
        own = _table(X, y, feature_names, class_names, target_name)
        quantity = not own["classes"]
        start |= {"data": "own", "loss": "squared" if quantity else "entropy"}
        start.setdefault("net", [8])
        start["inputs"] = [f"x{k}" for k in range(1, len(own["features"]) + 1)]
    elif data not in SETS:
        raise ValueError(f"data must be one of {list(SETS)}, or give X and y, got {data!r}")
    else:
        start["data"] = data
    heading = said["title"] if title is None else words(title, "title")
    found = Playground(
        shell.document(
            title=heading,
            lang=lang,
            style=cssmin(shell.style(STYLES)),
            body=body.write(said, heading),
            worker=jsmin(engine.script()),
            script=jsmin(shell.script("", SCRIPTS)),
            data={
                "words": said,
                "sets": {name: one.as_dict() for name, one in SETS.items()},
                "table": own,
                "start": start,
                "colors": style.CLASSES,
                "badges": {name: badge(name, (None,) * len(op.args)) for name, op in OPS.items() if not op.variadic},
                "constants": {name: list(OPS[name].constants.values()) for name in everywhere() if name != LINEAR},
            },
            attributes=' data-tab="network"',
        )
    )
    found.picture = lambda: _picture(FIRST | ({} if own else SETS[data].begin) | start, own, heading)
    if path is not None:
        found.save(path)
    return found


def _picture(start: dict[str, Any], own: dict[str, Any] | None, title: str) -> Picture:
    """Return the picture of the network as it begins, with the numbers of a row of zeros."""
    names, classes = (own["features"], own["classes"]) if own else (start["inputs"], [])
    outputs = len(classes) if len(classes) > 2 else 1
    model = MLP(len(start["inputs"]), [*start["net"], outputs], rng=start["seed"])
    return network_drawing(model, [0.0] * len(start["inputs"]), feature_names=names, title=title)


def _sizes(hidden: Sequence[int]) -> list[int]:
    sizes = [counted(size, "hidden") for size in hidden]
    if len(sizes) > 8 or max(sizes, default=1) > 12:
        raise ValueError(f"hidden takes up to 8 layers of up to 12 units, got {sizes}")
    return sizes


def _table(
    X: Any, y: Any, features: Sequence[str] | None, classes: Sequence[str] | None, target: str
) -> dict[str, Any]:
    """Return the user's own rows in the form that the page's script reads. Raise ValueError for what does not fit."""
    import numpy as np

    from microgrAD.interpret.rows import table as checked
    from viz.networks.given import features as feature_names
    from viz.networks.given import names

    if X is None or y is None:
        raise ValueError(f"X and y are given together, got {'y' if X is None else 'X'} alone")
    rows, targets = checked(X), np.asarray(y)
    if targets.shape != (len(rows),) or targets.dtype.kind not in "biuf":
        raise ValueError(f"y takes one number for each of {len(rows)} rows, got shape {targets.shape}")
    if not 2 <= len(rows) <= MOST_ROWS or rows.shape[1] > MOST_INPUTS:
        raise ValueError(f"the page takes 2 to {MOST_ROWS} rows of up to {MOST_INPUTS} features, got {rows.shape}")
    if not all(math.isfinite(t) for t in targets.tolist()):
        raise ValueError("y takes finite numbers; leave other rows out")
    found: list[str] = []
    if targets.dtype.kind != "f":
        count = int(targets.max()) + 1
        if targets.min() < 0 or not 2 <= count <= MOST_CLASSES:
            raise ValueError(
                f"classes are whole numbers from 0 to at most {MOST_CLASSES - 1}, got {targets.min()} to "
                f"{targets.max()}; a quantity is given as floats"
            )
        found = names(classes, [str(k) for k in range(count)], page=True)
    elif classes is not None:
        raise ValueError("class_names are for classes, and these targets are a quantity; its name is target_name")
    return {
        "features": feature_names(features, rows.shape[1], page=True),
        "target": words(target, "target_name"),
        "classes": found,
        "rows": [{"x": x, "y": t} for x, t in zip(rows.tolist(), targets.tolist(), strict=True)],
    }
