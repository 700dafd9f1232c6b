"""Tables as pandas, R, Excel, NumPy and spreadsheets write them: the same numbers, whoever wrote them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgrAD.datasets import Table, TableError, TableWarning, read_csv

FRAME = pd.DataFrame({"height": [1.5, -2.25, 3e-5, 4.0], "width": [7, 8, 8, 12], "price": [0.5, 1234.5, 0.25, -1.0]})


def read(path: Path, text: str | bytes | None = None, **options: Any) -> Table:
    """The table, with what was assumed in it, of which a warning was raised each."""
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        table = read_csv(path, **options)
    assert [str(each.message) for each in told] == [f"{path}: {note}" for note in table.assumed]
    assert {each.category for each in told} <= {TableWarning}
    return table


def is_frame(table: Table, frame: pd.DataFrame = FRAME) -> bool:
    return (
        [*table.feature_names, table.target_name] == list(frame.columns)
        and (frame.iloc[:, :-1].to_numpy() == table.X).all()
        and (table.y == frame.iloc[:, -1].to_numpy()).all()
    )


@pytest.mark.parametrize("sep", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_pandas_writes_is_read_back(tmp_path: Path, sep: str, decimal: str, index: bool, encoding: str) -> None:
    FRAME.to_csv(tmp_path / "t.csv", sep=sep, decimal=decimal, index=index, encoding=encoding)
    table = read(tmp_path / "t.csv")
    assert is_frame(table)
    assert len(table.assumed) == index
    assert all("so it is left out" in note for note in table.assumed)


@pytest.mark.parametrize("terminator", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [0, 1, 2])
def test_line_ends_and_quotes(tmp_path: Path, terminator: str, quoting: int) -> None:
    FRAME.to_csv(tmp_path / "t.csv", index=False, lineterminator=terminator, quoting=quoting)
    assert is_frame(read(tmp_path / "t.csv"))


@given(
    st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 3), min_size=2, max_size=8),
    st.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", ",")]),
    st.sampled_from(["", "# a comment\n", '#\n# its "second, line\n']),
    st.sampled_from(["", ",", ",,"]),
)
def test_any_numbers_come_back_to_the_last_digit(
    tmp_path_factory: pytest.TempPathFactory, rows: Any, marks: tuple[str, str], comment: str, trailing: str
) -> None:
    path, (sep, decimal) = tmp_path_factory.mktemp("csv") / "t.csv", marks
    tail = trailing.replace(",", sep)
    lines = [sep.join(["a", "b", "y"]) + tail]
    lines += [sep.join(repr(x + 0.0).replace(".", decimal) for x in row) + tail for row in rows]
    try:
        table = read(path, comment + "\n".join(lines) + "\n", quantity=True)
    except TableError as error:  # every number has three digits after its comma
        assert decimal == ","
        assert "nothing else in the table says which" in str(error)
    else:
        assert np.column_stack([table.X, table.y]).tolist() == [list(row) for row in rows]


@pytest.mark.parametrize(
    ("text", "features", "target", "y"),
    [
        ("sep=;\r\na;b;c\r\n1;2;3,5\r\n2;5;7,25\r\n", ["a", "b"], "c", [3.5, 7.25]),
        ("sep=,\na;b,c\n1,2.5\n2,3.5\n", ["a;b"], "c", [2.5, 3.5]),
        ("\ufeffsep=\t\na\tb\n1\t2.5\n2\t3.5\n", ["a"], "b", [2.5, 3.5]),
        ("a,b,c,\n1,2,3.5,\n2,3,4.5,\n", ["a", "b"], "c", [3.5, 4.5]),
        ("a,b,c\n1,2,3.5,\n2,3,4.5,\n", ["a", "b"], "c", [3.5, 4.5]),
        ("a,b,c,\n1,2,3.5\n2,3,4.5\n", ["a", "b"], "c", [3.5, 4.5]),
        ("a,b,c,,\n1,2,3.5,,\n2,3,4.5,,\n,,,,\n", ["a", "b"], "c", [3.5, 4.5]),
        ("# of me, today\n#\na,b\n1,2.5\n# it's 1\" \n2,5.5\n", ["a"], "b", [2.5, 5.5]),
        ('a,b\n"1,5","2,5"\n"3,25","4,5"\n', ["a"], "b", [2.5, 4.5]),
        ("a;b\n1.234,5;2,5\n3,4;4,5\n", ["a"], "b", [2.5, 4.5]),
        ("a,b,y\nTrue,1,2.5\nFalse,2,3.5\ntrue,4,5.5\n", ["a", "b"], "y", [2.5, 3.5, 5.5]),
        ('a,"width, cm",y\n1, "2",2.5\n3,4,3.5\n', ["a", "width, cm"], "y", [2.5, 3.5]),
        ("1.5 2.5\n  3.5   4.5  \n", ["x1"], "x2", [2.5, 4.5]),
        ("1,5 2,5\n3,5 4,5\n", ["x1"], "x2", [2.5, 4.5]),
    ],
)
def test_what_can_mean_one_thing_is_read(
    tmp_path: Path, text: str, features: list[str], target: str, y: list[float]
) -> None:
    table = read(tmp_path / "t.csv", text)
    assert (table.feature_names, table.target_name, table.y.tolist()) == (features, target, y)
    assert table.assumed == []


def test_text_with_other_marks_in_it(tmp_path: Path) -> None:
    assert read(tmp_path / "t.csv", 'a,k\n1,"x;y"\n2,"x;z"\n3,"x;y"\n').class_names == ["x;y", "x;z"]
    assert read(tmp_path / "t.csv", "1,5;rose\n2,7;aster\n3,1;rose\n").X.tolist() == [[1.5], [2.7], [3.1]]
    assert read(tmp_path / "t.csv", 'a,k\n1,rose red\n2,sky blue\n3,"#f00"\n').y.tolist() == [1, 2, 0]


def test_what_numpy_and_r_write(tmp_path: Path) -> None:
    path, numbers = tmp_path / "t.csv", FRAME.to_numpy()
    np.savetxt(path, numbers, delimiter=",", header="height,width,price")
    table = read(path)
    assert is_frame(table)
    assert "the comment above the first row is taken for the names" in table.assumed[0]
    assert read(path, header=False).feature_names == ["x1", "x2"]
    np.savetxt(path, numbers)
    assert (numbers[:, :2] == read(path).X).all()
    for header in ('"","mpg","cyl"', '"mpg","cyl"'):  # write.csv, write.table(sep=",")
        table = read(path, f'{header}\n"Mazda",21,6.5\n"Mazda Wag",21,6\n"Datsun",22.8,4\n')
        assert (table.feature_names, table.y.tolist()) == (["mpg"], [6.5, 6, 4])
        assert "column 1 has no name and is different in every row, as an index is ('Mazda'" in table.assumed[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a;b\n1,234;2\n3,456;4\n", "line 2: '1,234' is 1234 or 1.234, and nothing else in the table says which"),
        ("a;b\n1,5;2\n3.4;4\n", "both decimal commas and points: '1,5' in line 2, '3.4' in line 3"),
        ("a,b\n1,2\n#3,5\n2,5\n", "line 3: '#3,5' begins with # as a comment does, and has as many cells as a row"),
        ("# only\n#x,1\n", "has comments only"),
        ("p,q;b\nr,s;b\n", "with ',' or ';' between its cells; write as its first line sep=, or sep=;"),
        ("sep=;\na,b\n1,2\n", "has one column only"),
        (b"PK\x03\x04...", "is a workbook or another zip archive, not text; save the table as CSV"),
        ("a,b\n1,2\n".encode("utf-16-le"), "holds zero bytes"),
        (b"\xff\xfea\x00,", "in UTF-8|one column|no CSV table"),
    ],
)
def test_what_can_mean_two_things_is_named(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(TableError, match=message) as caught:
        read(tmp_path / "t.csv", text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_file_without_an_end_is_an_error_at_once(device: str) -> None:
    with pytest.raises(TableError, match="zero bytes"):
        read_csv(device)
