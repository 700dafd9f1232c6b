"""What a table does not say is asked: an error, or a note of what was assumed, with the option that says otherwise."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets as scikit

from microgrAD.datasets import Table, TableError, TableWarning, read_csv, read_rows

NUMBERS = np.random.default_rng(0).normal(0, 10, (40, 4))


def read(path: Path, frame: pd.DataFrame | str, *, index: bool = False, **options: Any) -> Table:
    if isinstance(frame, str):
        path.write_text(frame)
    else:
        frame.to_csv(path, index=index)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TableWarning)
        return read_csv(path, **options)


@pytest.mark.parametrize("name", ["diabetes", "digits", "iris", "wine", "breast_cancer"])
def test_an_index_is_no_feature_of_scikit_learns_data(tmp_path: Path, name: str) -> None:
    frame, path = getattr(scikit, f"load_{name}")(as_frame=True).frame, tmp_path / "t.csv"
    options = {"quantity" if name == "diabetes" else "classes": True}
    names = list(frame.columns[:-1])
    for made in (frame, frame.sample(frac=0.7, random_state=0), frame.set_index(frame.index * 10 + 7)):
        table = read(path, made, index=True, **options)
        assert table.feature_names == names
        assert [note[:60] for note in table.assumed] == ["column 1 has no name and is different in every row, as an in"]
    with pytest.raises(TableError, match=r"column 'index' counts the rows .* pass --drop index \(in Python: drop="):
        read(path, frame.reset_index(), index=True, **options)
    with pytest.raises(TableError, match="column 'id' has another whole number in every row"):
        read(path, frame.sample(frac=0.7, random_state=0).reset_index(names="id"), **options)
    table = read(path, frame.reset_index(), index=True, drop="index", **options)
    assert (table.feature_names, table.target_name) == (names, "target")
    assert (frame.iloc[:, :-1].to_numpy() == table.X).all()
    read(path, frame, index=True, **options)
    assert read(path, pd.read_csv(path), index=True, **options).feature_names == names  # written twice


def test_a_column_that_counts_is_asked_about(tmp_path: Path) -> None:
    path, frame = tmp_path / "t.csv", pd.DataFrame(NUMBERS, columns=list("abcd"))
    for counted in (np.arange(1990, 2030), np.arange(40)[::-1], np.random.default_rng(1).permutation(40)):
        made = frame.assign(year=counted)[["a", "year", "b", "d"]]
        with pytest.raises(TableError, match=r"column 'year' .*, as an index does, .* --features a,year,b"):
            read(path, made)
        assert read(path, made, drop=["year"]).feature_names == ["a", "b"]
        assert read(path, made, drop=[1]).feature_names == ["a", "b"]
        assert read(path, made, features=["a", "year"]).feature_names == ["a", "year"]
        assert read(path, made, features=["year"]).assumed == []
    made = frame.assign(n=np.arange(40) * 3 + np.arange(40) % 2)[["n", "b", "d"]]
    assert "column 'n' rises from row to row" in read(path, made).assumed[0]
    assert read(path, made.sample(frac=1, random_state=0)).assumed == []
    table = read(path, frame.assign(t=np.arange(40))[["t", "d"]])
    assert table.feature_names == ["t"]
    assert "counts the rows ('0', '1', '2', ...) and is the only feature" in table.assumed[0]
    assert "which is to be learned, counts the rows" in read(path, frame.assign(t=np.arange(40))).assumed[0]
    assert read(path, "a,b,y\n1,2,1.5\n2,3,2.5\n3,4,4.5\n").assumed == []  # too few rows to say


def test_a_column_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with pytest.raises(TableError, match="column 1 has no name; give it one, or pass --drop 'column 1'"):
        read(path, ",a,b\nx,1,2.5\nx,2,3.5\ny,5,4.5\n")
    with pytest.raises(TableError, match="no column to learn from but 'column 1'"):
        read(path, ",y\n0,5.5\n1,7\n2,8\n")
    assert read(path, ",y\n0,5.5\n1,7\n2,8\n", features=["column 1"]).X.tolist() == [[0], [1], [2]]
    assert read(path, "a,,b\n1,,2.5\n2,,3.5\n").feature_names == ["a"]


@pytest.mark.parametrize(
    ("names", "numbers"),
    [
        (["2019", "2020", "2021", "2022"], NUMBERS),
        (["2000", "2005", "2010", "2015"], NUMBERS),
        (["2019", "2023"], NUMBERS[:, :2]),
        (["0", "1", "2", "3"], NUMBERS.round()),
        (["0", "1"], NUMBERS[:, :2].round().astype(int)),
        (["0.5", "1.0", "1.5", "2.0"], NUMBERS),
        (["2019", "2020", "kind"], pd.DataFrame(NUMBERS[:, :2]).assign(kind=["a", "b"] * 20).to_numpy()),
        (["NA", "1", "2.5", "7"], NUMBERS),
    ],
)
def test_a_first_line_that_could_be_names_is_asked_about(tmp_path: Path, names: list[str], numbers: Any) -> None:
    path, frame = tmp_path / "t.csv", pd.DataFrame(numbers, columns=names)
    with pytest.raises(TableError, match=r"can be names of columns or a row .* --header .* or --no-header"):
        read(path, frame)
    table = read(path, frame, header=True)
    assert ([*table.feature_names, table.target_name], len(table.X)) == (names, 40)
    if names[0] != "NA":
        assert len(read(path, frame, header=False).X) == 41


def test_a_first_line_that_can_be_one_thing_is_not(tmp_path: Path) -> None:
    path, plain = tmp_path / "t.csv", pd.DataFrame(NUMBERS)
    plain.to_csv(path, header=False, index=False)
    assert (NUMBERS[:, :3] == read_csv(path).X).all()
    assert read(path, plain, index=True).feature_names == ["0", "1", "2"]  # an empty cell is no row's
    assert len(read(path, "1,2\n2,4\n3,6\n").X) == 3
    assert len(read(path, "5.1,3.5,setosa\n4.9,3,setosa\n").X) == 2
    table = read(path, "size,2020,2021\n" + "".join(f"{a},{b},{c}\n" for a, b, c in NUMBERS[:, :3]))
    assert table.feature_names == ["size", "2020"]
    assert "the first line is taken for the names of the columns" in table.assumed[0]


def test_whole_numbers_to_be_learned_are_asked_about(tmp_path: Path) -> None:
    path, counts = tmp_path / "t.csv", np.abs(NUMBERS[:, 0]).astype(int) // 3
    frame = pd.DataFrame({"a": NUMBERS[:, 1], "n": counts})
    with pytest.raises(
        TableError, match=r"classes or a quantity .* pass --classes \(in Python: classes=True\) or --qu"
    ):
        read(path, frame)
    table = read(path, frame, quantity=True)
    assert (table.y.tolist(), table.class_names) == (counts.tolist(), [])
    table = read(path, frame, classes=True)
    assert [table.class_names[k] for k in table.y] == [str(n) for n in counts]
    many = pd.DataFrame({"a": np.tile(NUMBERS[:, 1], 10), "n": np.arange(400) % 30})
    table = read(path, many)
    assert table.class_names == []
    assert "is taken as a quantity; --classes (in Python: classes=True) says otherwise" in table.assumed[0]
    assert len(read(path, many, classes=True).class_names) == 30
    assert read(path, frame.assign(n=counts % 2)).class_names == ["0", "1"]
    assert read(path, frame.assign(n=counts + 0.5)).class_names == []
    with pytest.raises(TableError, match="got the text 'a'; a quantity takes numbers"):
        read(path, "x,k\n1,a\n2,b\n", quantity=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"features": ["a"], "drop": ["b"]}, "pass one of them"),
        ({"features": ["a", "c"]}, "'c' is the target, so it can't be one of the features"),
        ({"features": ["a", "a"]}, "takes each column once"),
        ({"features": []}, "features takes one column or more, got none"),
        ({"features": ["z"]}, r"features must be one of \['a', 'b', 'c'\], got 'z'"),
        ({"drop": "c"}, "'c' is the target, so it can't be dropped"),
        ({"drop": ["a", "b"]}, "has no column to learn from"),
        ({"drop": [7]}, "drop must be a column from 0 to 2, got 7"),
        ({"drop": [1.5]}, "takes the name of a column or its number"),
        ({"classes": True, "quantity": True}, "exclude each other"),
    ],
)
def test_options_that_say_nothing_are_refused(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        read(tmp_path / "t.csv", "a,b,c\n1,2,1.5\n4,3,2.5\n", **options)


def rows(path: Path, text: str, features: list[str], target: str) -> tuple[list[list[float]], list[str]]:
    path.write_text(text)
    X, truth = read_rows(path, features, target)
    return X.tolist(), truth


def test_rows_of_a_table_without_names_keep_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert rows(path, "9,1,2,7\n8,3,4,6\n", ["x2", "x3"], "x4") == ([[1, 2], [3, 4]], ["7", "6"])
    assert rows(path, "1,2\n3,4\n", ["x2", "x3"], "x4") == ([[1, 2], [3, 4]], [])
    with pytest.raises(TableError, match="3 columns without names: the 2 features and the target, or all but the"):
        rows(path, "9,1,2\n8,3,4\n", ["x2", "x3"], "x4")
    assert rows(path, "0,9,1,2\n0,8,3,4\n", ["x3", "x4"], "x5") == ([[1, 2], [3, 4]], [])
    assert rows(path, "x3,x2\n1,2\n", ["x2", "x3"], "x4") == ([[2, 1]], [])
    assert rows(path, "0,1\n3,4\n", ["x1"], "x2") == ([[0], [3]], ["1", "4"])
    assert rows(path, "2019,2020\n3,4.5\n", ["2019", "2020"], "2021") == ([[3, 4.5]], [])
    assert rows(path, "2019;y;2020\n3,5;b;4,5\n", ["2019", "2020"], "y") == ([[3.5, 4.5]], ["b"])
