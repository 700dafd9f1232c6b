"""The gallery: every published digit, the errata, the lecture's network trained, and why the order matters."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from graphs import graphs
from hypothesis import assume, given

from microgrAD import Value, formula
from microgrAD.explanation import explain
from microgrAD.gallery import ENTRIES, Entry, agrees, find, networks
from microgrAD.gallery.order import lesson, side_by_side
from microgrAD.steps import Backward, Variable, steps

DIGITS = [(entry.name, name) for entry in ENTRIES.values() for name in entry.published]
LAWS = [(entry.name, name) for entry in ENTRIES.values() for name in entry.laws]


@pytest.fixture(scope="module")
def numbers() -> dict[str, dict[str, float]]:
    """Our numbers for each entry."""
    return {entry.name: entry.make().numbers() for entry in ENTRIES.values()}


@pytest.mark.parametrize(("entry", "name"), DIGITS, ids="-".join)
def test_every_published_digit(entry: str, name: str, numbers: dict[str, dict[str, float]]) -> None:
    printed = ENTRIES[entry].published[name]
    assert agrees(printed, numbers[entry][name]), (printed, numbers[entry][name])


@pytest.mark.parametrize(("entry", "name"), LAWS, ids="-".join)
def test_every_law(entry: str, name: str, numbers: dict[str, dict[str, float]]) -> None:
    ours = numbers[entry]
    space = {letter: mp.mpf(x) for letter, x in ours.items() if letter.isidentifier()}
    lawful = eval(formula.python(ENTRIES[entry].laws[name]), {"_log": mp.log, "_pow": mp.power}, space)
    assert ours[name] == pytest.approx(float(lawful), rel=1e-12)


def test_each_entry_has_a_source_and_something_to_compare() -> None:
    for entry in ENTRIES.values():
        assert entry.title and entry.source
        assert entry.published or entry.laws
    assert len(DIGITS) > 120


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_entry_can_be_explained(entry: Entry) -> None:
    worked = entry.make()
    assert explain(worked.root, **worked.options).count("\n") > 5


@pytest.mark.parametrize(
    ("printed", "ours", "agree"),
    [
        ("0.37", 0.3678, True),
        ("0.37", 0.3751, False),
        ("0.37", 0.3649, False),
        ("4", 4.0, True),
        ("4", 4.1, False),
        ("0.5", 0.5000000001, False),
        ("-1.5", -1.5000000000000004, True),
        ("-1.5", 1.5, False),
        ("0.7071067811865476", 0.7071067811865476, True),
        ("0.7071067811865476", 0.707106781186550, False),
        ("0.0000351085", 3.5084786e-05, False),
    ],
)
def test_what_agrees(printed: str, ours: float, agree: bool) -> None:
    assert agrees(printed, ours) is agree


def test_an_unknown_entry() -> None:
    with pytest.raises(ValueError, match=r"no 'collah'; did you mean 'colah'\? it has lecture-product, "):
        find("collah")


# ---------------------------------------------------------------------------------------------- Mazur's erratum


def test_each_erratum_does_not_follow_and_is_explained(numbers: dict[str, dict[str, float]]) -> None:
    errata = [(entry.name, erratum) for entry in ENTRIES.values() for erratum in entry.errata]
    assert errata
    for name, erratum in errata:
        assert not agrees(erratum.printed, numbers[name][erratum.instead])
        assert agrees(erratum.printed, numbers[name][erratum.source_of])


def test_a_simultaneous_update_gives_another_error(numbers: dict[str, dict[str, float]]) -> None:
    assert agrees("0.291027773694", numbers["mazur"]["E after the update"])


def test_ten_thousand_updates_were_made_with_the_output_layer_first() -> None:
    root = networks.mazur_after(10_000, output_first=True)
    found = {v.name: v.data for v in steps(root).variables.values()}
    assert agrees("0.015912196", found["out_o1"])
    assert agrees("0.984065734", found["out_o2"])
    assert agrees("0.000035085", found["E"])


def test_the_later_figure_is_the_simultaneous_rules_one_update_early() -> None:
    assert agrees("0.0000351085", networks.mazur_after(9_999).data)


# ---------------------------------------------------------------------------------------------- the lecture's network


def test_the_lectures_network_learns() -> None:
    told = list(networks.train(stop_below=0.01))
    last = told[-1]
    assert sum(step.loss for step in told[-4:]) < 0.01 <= sum(step.loss for step in told[-8:-4])
    assert [step.example for step in told[:5]] == [0, 1, 2, 3, 0]
    assert last.epoch == len(told) // 4
    # the same by hand, without this package
    assert by_hand(last.epoch) == pytest.approx(dict(last.weights), rel=1e-9)
    weights = {name: Value(w, label=name) for name, w in last.weights.items()}
    assert sum(networks.network_loss(weights, x, y).data for x, y in networks.EXAMPLES) < 0.01


def by_hand(epochs: int) -> dict[str, float]:
    def sigmoid(x: float) -> float:
        return 1 / (1 + math.exp(-x))

    w13, w23, w14, w24, w35, w45, b3, b4, b5 = 0.1, -0.1, -0.1, 0.1, -0.1, 0.1, 0.0, 0.0, 0.0
    for _ in range(epochs):
        for x1, x2, y in ((0.1, 0.1, 0.1), (0.1, 0.9, 0.9), (0.9, 0.1, 0.9), (0.9, 0.9, 0.1)):
            o3, o4 = sigmoid(w13 * x1 + w23 * x2 + b3), sigmoid(w14 * x1 + w24 * x2 + b4)
            o5 = sigmoid(w35 * o3 + w45 * o4 + b5)
            d5 = (o5 - y) * o5 * (1 - o5)
            d3, d4 = d5 * w35 * o3 * (1 - o3), d5 * w45 * o4 * (1 - o4)
            w35, w45, b5 = w35 - 0.2 * d5 * o3, w45 - 0.2 * d5 * o4, b5 - 0.2 * d5
            w13, w23, b3 = w13 - 0.2 * d3 * x1, w23 - 0.2 * d3 * x2, b3 - 0.2 * d3
            w14, w24, b4 = w14 - 0.2 * d4 * x1, w24 - 0.2 * d4 * x2, b4 - 0.2 * d4
    return {"w13": w13, "w23": w23, "w14": w14, "w24": w24, "w35": w35, "w45": w45, "b3": b3, "b4": b4, "b5": b5}


def test_with_thresholds_frozen_the_weights_alone_move() -> None:
    told = list(networks.train(epochs=5, thresholds=False))
    assert len(told) == 20
    assert all(step.weights[b] == 0 for step in told for b in ("b3", "b4", "b5"))
    assert told[-1].weights["w45"] != 0.1


# ---------------------------------------------------------------------------------------------- why the order matters


def test_the_lesson_in_both_orders() -> None:
    both = lesson(find("order").make().root)
    by_name = {v.name: (both.right.derivatives[v.id], both.derivatives[v.id]) for v in both.wrong}
    assert by_name == {"a": (25, 29), "b": (19, 22)}
    fault = both.first_fault
    assert fault is not None
    assert (fault.event.node.name, fault.event.arg.name, fault.again, fault.event.upstream) == ("c", "a", 1, 7)
    assert both.naive.index(fault) == 9


def test_the_lesson_in_words() -> None:
    said = side_by_side(lesson(find("order").make().root))
    assert said.startswith("  topological order           depth first, without waiting\n")
    assert "  c → a: 7 · 1, total 7     ! c → a: 7 · 1, total 11" not in said
    assert "! c → a: 7 · 1, total 11" in said
    assert "∂y/∂a is 25, depth first 29" in said
    assert "c sent 1 to a before all contributions to c had arrived" in said


@given(graphs(most=6))
def test_the_naive_walk_is_wrong_only_where_a_node_sends_twice(root: Value) -> None:
    both = lesson(root)
    visited: dict[tuple[str, int], int] = {}
    for visit in both.naive:
        key = visit.event.node.id, visit.event.index
        visited[key] = visited.get(key, 0) + 1
    if max(visited.values(), default=1) == 1:
        assert both.wrong == ()
        assert both.first_fault is None


@given(graphs(most=6))
def test_without_a_shared_inner_node_both_orders_agree(root: Value) -> None:
    uses: dict[str, int] = {}
    both = lesson(root)
    for event in both.right:
        if isinstance(event, Backward):
            uses[event.arg.id] = uses.get(event.arg.id, 0) + 1
    shared: list[Variable] = [v for v in both.right.variables.values() if v.op and uses.get(v.id, 0) > 1]
    assume(not shared)
    assert {v.id: both.derivatives[v.id] for v in both.right.variables.values()} == pytest.approx(
        dict(both.right.derivatives), rel=1e-12
    )


def test_a_graph_of_too_many_paths() -> None:
    v = Value(1.0)
    for _ in range(20):
        v = v + v
    with pytest.raises(ValueError, match="show the lesson on a smaller one"):
        lesson(v)
