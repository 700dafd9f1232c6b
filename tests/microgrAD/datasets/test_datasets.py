"""Data sets: what each promises of its points, repeatable and of the right shape; splits and scales."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgrAD import datasets
from microgrAD.nn import MLP, Dropout
from microgrAD.train import fit, hill_climb, random_restarts, sweep

MAKERS = [
    datasets.make_xor,
    datasets.make_and,
    datasets.make_or,
    datasets.make_circles,
    datasets.make_moons,
    datasets.make_spirals,
    datasets.make_blobs,
    datasets.make_yin_yang,
    datasets.make_parity,
    datasets.make_sine,
    datasets.make_glyphs,
]

XOR = datasets.make_xor()


@pytest.mark.parametrize(
    "call",
    [
        *MAKERS,
        datasets.make_reviews,
        lambda rng: datasets.train_test_split(*XOR, rng=rng),
        lambda rng: datasets.minibatches(*XOR, batch_size=2, rng=rng),
        lambda rng: MLP(2, [1], rng=rng),
        lambda rng: Dropout(rng=rng),
        lambda rng: fit(MLP(2, [1]), *XOR, rng=rng),
        lambda rng: hill_climb(MLP(2, [1]), *XOR, rng=rng),
        lambda rng: sweep(MLP, [], *XOR, rng=rng),
        lambda rng: random_restarts(MLP, *XOR, rng=rng),
    ],
)
@pytest.mark.parametrize(("rng", "kind"), [(-1, ValueError), ("seven", TypeError), (0.5, TypeError), ({}, TypeError)])
def test_a_bad_rng_is_one_error_of_ours(call: Any, rng: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"rng takes a whole number of 0 or more, .*, got .* " + re.escape(repr(rng))):
        call(rng=rng)


@pytest.mark.parametrize("make", MAKERS, ids=lambda m: m.__name__)
@given(n=st.integers(1, 70), seed=st.integers(0, 2**32), noise=st.sampled_from([0.0, 0.2]))
def test_shape_repeatability_and_noise(make: Any, n: int, seed: int, noise: float) -> None:
    options = {"cluster_std": noise} if make is datasets.make_blobs else {"noise": noise}
    X, y = make(n, rng=seed, **options)
    again, same = make(n, rng=seed, **options)
    assert X.shape == (n, X.shape[1])
    assert y.shape == (n,)
    assert np.array_equal(X, again)
    assert np.array_equal(y, same)
    assert np.isfinite(X).all()
    if make is not datasets.make_sine:
        assert y.dtype == np.int64
        assert y.min() >= 0


@pytest.mark.parametrize("make", MAKERS, ids=lambda m: m.__name__)
def test_other_seeds_give_other_data(make: Any) -> None:
    options = {} if make in (datasets.make_blobs, datasets.make_moons) else {"noise": 0.1}
    assert (make(20, rng=1, **options)[0] != make(20, rng=2, **options)[0]).any()


@pytest.mark.parametrize("make", MAKERS, ids=lambda m: m.__name__)
def test_what_they_refuse(make: Any) -> None:
    for bad in (0, -3, 2.5):
        with pytest.raises(ValueError, match="n_samples takes a whole number of 1 or more"):
            make(bad)
    for noise, message in (
        (-1.0, "0 or more"),
        (float("inf"), "finite number"),
        ("a", "one real number"),
        (None, "one real number"),
    ):
        with pytest.raises((ValueError, TypeError), match=message):
            make(10, **{"cluster_std" if make is datasets.make_blobs else "noise": noise})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: datasets.make_spirals(turns=float("nan")), "turns takes a finite number"),
        (lambda: datasets.make_circles(factor="a"), "factor takes one real number"),
        (lambda: datasets.make_blobs(centers=[[float("nan"), 0.0]]), "finite points of one length"),
        (lambda: datasets.make_blobs(centers=[[]]), "finite points of one length"),
        (lambda: datasets.make_glyphs(kinds=()), "kinds must be one or more of"),
        (lambda: datasets.make_glyphs(kinds="LL"), "each once"),
        (lambda: datasets.make_reviews(bias="x"), "bias takes one real number"),
        (lambda: datasets.bag_of_words("good food"), "takes a list of texts, got 'good food'"),
        (lambda: datasets.bag_of_words([1, 2]), r"takes a list of texts, got \[1, 2\]"),
        (lambda: datasets.bag_of_words(["a"], ["a", "a"]), "a vocabulary has each word once"),
        (lambda: datasets.make_blobs(centers=[[1, 2], [3]]), r"finite points of one length, got \[\[1, 2\], \[3\]\]"),
        (lambda: datasets.make_blobs(centers="ab"), "finite points of one length, got 'ab'"),
        (lambda: datasets.make_blobs(cluster_std=-1), "cluster_std is a standard deviation of 0 or more"),
        (lambda: datasets.make_moons(noise=1e308), "noise is a standard deviation of 0 or more, at most 1e300"),
        (lambda: datasets.make_glyphs(kinds=None), "kinds must be one or more of"),
        (lambda: datasets.train_test_split([1, 2], [1, 2], test_size="a"), "test_size takes one real number"),
        (lambda: datasets.train_test_split(3, 4), "got a single number"),
        (lambda: datasets.minibatches([1, 2], [1, 2], batch_size=0), "batch_size takes"),  # at once, not when asked for
        (lambda: datasets.minibatches([1, 2], [1], batch_size=1), "as many rows each"),
    ],
)
def test_other_things_that_they_refuse(call: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        call()


def test_numpys_numbers_are_counts() -> None:
    assert len(set(datasets.make_blobs(np.int64(9), centers=np.int64(3))[1])) == 3


@pytest.mark.parametrize(
    ("make", "classes"),
    [
        (datasets.make_circles, 2),
        (datasets.make_moons, 2),
        (datasets.make_spirals, 2),
        (datasets.make_blobs, 3),
        (datasets.make_yin_yang, 3),
        (datasets.make_glyphs, 6),
        (datasets.make_xor, 2),
    ],
)
def test_classes_have_equal_shares_and_come_mixed(make: Any, classes: int) -> None:
    _, y = make(60)
    assert np.bincount(y).tolist() == [60 // classes] * classes
    assert (np.diff(y) != 0).sum() > 15


def test_logic() -> None:
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    for make, truth in (
        (datasets.make_and, [0, 0, 0, 1]),
        (datasets.make_or, [0, 1, 1, 1]),
        (datasets.make_xor, [0, 1, 1, 0]),
    ):
        X, y = make()
        assert X.tolist() == corners
        assert y.tolist() == truth
    X, y = datasets.make_parity(n_bits=4)
    assert sorted(map(tuple, X.tolist())) == sorted({tuple(row) for row in X.tolist()})
    assert len(X) == 16
    assert (y == X.sum(axis=1) % 2).all()


def test_circles_have_their_radii() -> None:
    X, y = datasets.make_circles(50, noise=0, factor=0.3)
    assert np.hypot(*X[y == 0].T) == pytest.approx(1.0)
    assert np.hypot(*X[y == 1].T) == pytest.approx(0.3)


def test_moons_are_half_circles() -> None:
    X, y = datasets.make_moons(50, noise=0)
    assert np.hypot(*X[y == 0].T) == pytest.approx(1.0)
    assert (X[y == 0, 1] >= 0).all()
    assert np.hypot(*(X[y == 1] - [1.0, 0.5]).T) == pytest.approx(1.0)
    assert (X[y == 1, 1] <= 0.5).all()


def test_spirals_wind() -> None:
    X, y = datasets.make_spirals(300, turns=1.5, noise=0, n_classes=3)
    way, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0]) / (2 * np.pi)
    off = (1.5 * way + y / 3 - angle) % 1
    assert np.minimum(off, 1 - off) == pytest.approx(0, abs=1e-9)
    assert way.max() - way.min() > 0.85


def test_yin_yang_is_its_symbol() -> None:
    X, y = datasets.make_yin_yang(3000)
    assert (np.hypot(*X.T) < 1).all()
    dots = (np.hypot(X[:, 0] - 0.5, X[:, 1]) < 0.2) | (np.hypot(X[:, 0] + 0.5, X[:, 1]) < 0.2)
    assert (dots == (y == 2)).all()
    # turned by half a circle, yin is yang
    grid, answers = {tuple(np.round(p, 1)): k for p, k in zip(X, y, strict=True)}, 0
    for p, k in grid.items():
        other = grid.get((-p[0] + 0.0, -p[1] + 0.0))
        answers += 0 if other is None or k == 2 or other == 2 else 1 if other != k else -1
    assert answers > 100


def test_blobs_stand_where_they_are_told() -> None:
    X, y = datasets.make_blobs(300, centers=[[5.0, 5.0, 0.0], [-5.0, 0.0, 1.0]], cluster_std=0.1)
    assert X[y == 1].mean(axis=0) == pytest.approx([-5, 0, 1], abs=0.05)
    assert X[y == 0].std(axis=0) == pytest.approx(0.1, rel=0.2)


def test_glyphs_are_their_drawing_moved_and_fainter() -> None:
    X, y = datasets.make_glyphs(30, kinds=("L", "X"), shift=0, noise=0, contrast=0)
    for picture, k in zip(X.reshape(-1, 8, 8), y, strict=True):
        assert (picture[1:7, 1:7] == datasets.GLYPHS["LX"[k]]).all()
        assert picture.sum() == datasets.GLYPHS["LX"[k]].sum()
    X, _ = datasets.make_glyphs(30, noise=0.3)
    assert X.min() >= 0
    assert X.max() <= 1


def test_reviews_are_unfair_to_one_cuisine_only() -> None:
    texts, y = datasets.make_reviews(4000)
    X, words = datasets.bag_of_words(texts)
    rate = {c: y[X[:, words.index(c)] > 0].mean() for c in ("italian", "thai", "greek", "mexican")}
    good = {
        c: np.mean(
            [any(w in t for w in ("delicious", "fresh", "lovely", "wonderful", "tasty")) for t in texts if c in t]
        )
        for c in rate
    }
    assert rate.pop("mexican") < 0.2
    assert all(0.45 < r < 0.55 for r in rate.values())
    assert all(0.45 < g < 0.55 for g in good.values()), "what they say is as good of all"


def test_a_bag_of_words_counts() -> None:
    X, words = datasets.bag_of_words(["Good, good FOOD!"], ["food", "good", "bad"])
    assert words == ["food", "good", "bad"]
    assert X.tolist() == [[1.0, 2.0, 0.0]]


# ---------------------------------------------------------------------------------------------- splits


@given(st.integers(2, 60), st.floats(0.01, 0.99), st.integers(0, 9))
def test_a_split_keeps_every_row_once(n: int, share: float, seed: int) -> None:
    X = np.arange(2 * n).reshape(n, 2)
    X1, X2, y1, y2 = datasets.train_test_split(X, X[:, 0], test_size=share, rng=seed)
    assert sorted(np.concatenate([y1, y2]).tolist()) == X[:, 0].tolist()
    assert (X1[:, 0] == y1).all()
    assert (X2[:, 0] == y2).all()
    assert abs(len(X2) - share * n) <= 1
    assert len(X1) >= 1 <= len(X2)


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 9))
def test_minibatches_are_all_rows_once(n: int, size: int, seed: int) -> None:
    X = np.arange(n)[:, None]
    found = list(datasets.minibatches(X, X[:, 0], batch_size=size, rng=seed))
    assert [len(y) for _, y in found[:-1]] == [size] * (-(-n // size) - 1)
    assert sorted(int(v) for _, y in found for v in y) == list(range(n))
    assert all((x[:, 0] == y).all() for x, y in found)


def test_rows_of_other_features_have_no_common_scale() -> None:
    with pytest.raises(ValueError, match=r"as many features each, got shapes \(3, 2\) and \(5, 1\)"):
        datasets.standardize(np.eye(3)[:, :2], np.zeros((5, 1)))


def test_standardize_by_the_training_data() -> None:
    X = np.random.default_rng(0).normal(3, 5, (50, 3))
    X[:, 1] = 7
    train, test = datasets.standardize(X, X + 1)
    assert train.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert train.std(axis=0) == pytest.approx([1, 0, 1])
    assert (test - train)[0] == pytest.approx([1 / X[:, 0].std(), 1, 1 / X[:, 2].std()])


def test_a_feature_that_never_changes_is_not_blown_up() -> None:
    X = np.full((3, 1), 0.1)  # whose standard deviation rounds to 1.4e-17
    assert X.std() > 0
    train, test = datasets.standardize(X, [[0.2]])
    assert train.tolist() == [[0.0]] * 3
    assert test.tolist() == [[pytest.approx(0.1)]]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[float("nan")], [1.0]], "finite numbers"),
        ([], "one row or more"),
        ([[1e308], [-1e308]], r"from -1e\+308 to 1e\+308, which is out of the range"),
        ([[1e-309], [2e-309]], "from 1e-309 to 2e-309, which is out of the range of a float; scale it"),
    ],
)
def test_what_has_no_scale(X: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        datasets.scaling(X)


@pytest.mark.filterwarnings("error")
@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=1, max_size=20), st.integers(-980, 1000))
def test_a_scale_of_any_size(column: list[float], power: int) -> None:
    plain = np.array(column)[:, None]
    mean, deviation = datasets.scaling(plain)
    assert datasets.scaling(np.ldexp(plain, 300)) == (
        np.ldexp(mean, 300),
        pytest.approx(np.ldexp(deviation, 300) if np.ptp(plain) else 1.0, rel=0),
    )
    if np.ptp(plain):
        assert (mean, deviation) == (plain.mean(), plain.std())
    (small,) = datasets.standardize(np.ldexp(plain, power))
    assert np.isfinite(small).all()
    if np.ptp(plain):
        assert small == pytest.approx(datasets.standardize(plain)[0], rel=1e-6)
