"""What the studio's page knows before Python has started."""

from __future__ import annotations

import json

from microgrAD import Value
from microgrAD.gallery import ENTRIES
from microgrAD.graph import topological
from microgrAD.ops import OPS
from viz.studio.known import FIRST, examples, known, words
from viz.studio.sources import source


def test_it_is_json() -> None:
    assert json.loads(json.dumps(known())) == known()
    assert FIRST in {example["name"] for example in examples()}


def test_examples_are_the_gallerys_graphs() -> None:
    found = examples()
    assert len(found) >= 12
    for example in found:
        theirs = ENTRIES[example["name"]].make().root
        ours = source(example["text"], example["values"], python=False).root
        assert [(v.op, v.data) for v in topological(ours)] == [(v.op, v.data) for v in topological(theirs)]


def test_of_the_gallery_only_what_goes_back_in_another_way_is_left_out() -> None:
    shown = {json.dumps([(v.op, v.data) for v in topological(ENTRIES[e["name"]].make().root)]) for e in examples()}
    for entry in (entry for entry in ENTRIES.values() if not entry.make().options):
        assert json.dumps([(v.op, v.data) for v in topological(entry.make().root)]) in shown


def test_words_are_those_of_the_table_and_say_what_they_are() -> None:
    found = {word["name"]: word for word in words()}
    assert {name for name, op in OPS.items() if not op.sign} <= set(found)
    assert found["tanh"] == {"name": "tanh", "after": "(x)", "says": "The hyperbolic tangent", "python": False}
    assert found["dot"]["after"] == "([x1, …], [y1, …])"
    assert all(len(word["says"]) < 150 for word in found.values())
    assert all(hasattr(Value, name[1:]) for name in found if name.startswith("."))
