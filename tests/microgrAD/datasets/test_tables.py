"""Tables out of CSV files: what is read, and for all else one clear error that says where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgrAD import datasets


def read(tmp_path: Path, text: str | bytes, **options: Any) -> datasets.Table:
    (tmp_path / "t.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return datasets.read_csv(tmp_path / "t.csv", **options)


def test_a_table_with_names_and_text_classes(tmp_path: Path) -> None:
    t = read(tmp_path, '\ufeffheight,"width, cm",kind\n1,2,rose\n 3 ,4e1,"aster"\n\n5,-6,rose\n')
    assert t.X.tolist() == [[1, 2], [3, 40], [5, -6]]
    assert t.y.tolist() == [1, 0, 1]
    assert (t.feature_names, t.target_name, t.class_names) == (["height", "width, cm"], "kind", ["aster", "rose"])


def test_a_table_of_bare_numbers(tmp_path: Path) -> None:
    t = read(tmp_path, "1,2,0\n3,4,1\n")
    assert (t.feature_names, t.class_names, t.y.tolist()) == (["x1", "x2"], ["0", "1"], [0, 1])
    t = read(tmp_path, "5,1\n7,2\n", target=0)
    assert (t.class_names, t.X.tolist()) == (["5", "7"], [[1], [2]])
    t = read(tmp_path, "1,2.5\n3,4\n")
    assert (t.class_names, t.y.tolist()) == ([], [2.5, 4])
    t = read(tmp_path, "a,b\n1,2\n", target=None)
    assert (t.y, t.X.tolist(), t.feature_names) == (None, [[1, 2]], ["a", "b"])
    assert read(tmp_path, "1,5\n2,7\n3,9\n").class_names == []  # each number once: no classes
    assert read(tmp_path, "1,5\n2,7\n3,5\n4,other\n").class_names == ["5", "7", "other"]
    t = read(tmp_path, "\n".join(f"1,{k}" for k in range(0, 60, 2)))
    assert (t.class_names, t.y.tolist()) == ([], list(range(0, 60, 2)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,b\n", "no rows below"),
        ("1\n2\n", "one column only"),
        ("a,b\n1,2\n3\n", "line 3: 1 columns, where the first line has 2"),
        ("a,b\n1,2,3\n", "line 2: 3 columns"),
        ("a,b\nx,1\n", "line 2: column 'a' takes a number, got the text 'x'"),
        ("a,b\n1,2\n,3\n", "line 3: column 'a' takes a number, got nothing"),
        ("a,b\n1,2\n3,\n", "line 3: column 'b' is empty"),
        ("a,b\nnan,1\n", "takes a finite number, got nan"),
        ("a,b\n1e999,1\n", "takes a finite number, got 1e999"),
        ("a,b\n1,inf\n2,1\n", "takes a finite number, got inf"),
        ("a,a\n1,2\n", "two columns of one name"),
        ('a,b\n"1,2\n', "no CSV table"),
        ('a,b\n"1"x,2\n', "no CSV table"),
        (b"a,b\n\xff\xfe,1\n", "no CSV table"),
        ("größe,b\n1,2\n".encode("latin-1"), "UTF-8: .* at byte 2; save it in UTF-8"),
        ("a,p\n1,2.5\n2,NA\n3,3.5\n", "line 3: column 'p' takes numbers or names, got the text 'NA' among numbers"),
        ("a,p\n" + "".join(f"{k},{k}\n" for k in range(30)) + "1,?\n", "line 32: .* got the text '\\?' among numbers"),
        ("\x00,\x01\n1,2\n\x00", "t.csv"),
        ('{"a": 1}', "no rows below"),
        ("<html>\n<body>\n", "one column only"),
    ],
)
def test_a_damaged_table_is_one_clear_error(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(datasets.TableError, match=message) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_classes_of_large_numbers_keep_their_names_apart(tmp_path: Path) -> None:
    t = read(tmp_path, "a,id\n1,1234567\n2,1234568\n3,-0\n4,0\n", classes=True)
    assert t.class_names == ["0", "1234567", "1234568"]
    assert read(tmp_path, "a,id\n1,12_3\n2,123\n").class_names == ["123", "12_3"]


def test_features_of_which_some_are_missing_are_not_taken_by_place(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("b,c\n1,2\n")
    with pytest.raises(datasets.TableError, match=r"has 2 columns, \['b', 'c'\]; the model takes 2, \['a', 'b'\]"):
        datasets.read_rows(path, ["a", "b"])
    for features in (["u", "v"], ["b (cm)", "c (cm)"], ["c", "d"]):
        with pytest.raises(datasets.TableError, match="give the columns the model's names"):
            datasets.read_rows(path, features)
    with pytest.warns(datasets.TableWarning, match="took 'c' as 'C', 'b' as 'B '"):
        assert datasets.read_rows(path, ["C", "B "])[0].tolist() == [[2.0, 1.0]]
    assert datasets.read_rows(path, ["x1", "x2"])[0].tolist() == [[1.0, 2.0]]  # of a table without names
    path.write_text("B,%\n1,2\n")
    for features in (["b"], ["b", "$"]):
        with pytest.raises(datasets.TableError, match="give the columns the model's names"):
            datasets.read_rows(path, features)
    path.write_text("1,2\n")
    assert datasets.read_rows(path, ["x2", "x3"], "x1")[0].tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("missing", ["NA", "nan", "None", "?", "N/A"])
def test_what_may_be_a_missing_class_is_asked_about(tmp_path: Path, missing: str) -> None:
    text = f"a,kind\n1,cat\n2,dog\n3,{missing}\n4,dog\n"
    with pytest.raises(datasets.TableError, match=r"line 4: column 'kind' has .* missing value or a class"):
        read(tmp_path, text)
    assert sorted(read(tmp_path, text, classes=True).class_names) == sorted(["cat", "dog", missing])


def test_classes_that_differ_in_capitals_are_asked_about(tmp_path: Path) -> None:
    text = "a,sure\n1,true\n2,TRUE\n3,false\n4,False\n"
    with pytest.raises(datasets.TableError, match="'true' and 'TRUE', which can be one class or two"):
        read(tmp_path, text)
    assert read(tmp_path, text, classes=True).class_names == ["False", "TRUE", "false", "true"]


def test_a_target_that_is_not_there(tmp_path: Path) -> None:
    for target in ("z", 2, -3):
        with pytest.raises(datasets.TableError, match="target must be"):
            read(tmp_path, "a,b\n1,2\n", target=target)


@given(st.binary(max_size=60) | st.text(st.sampled_from('a1,."\n\r -\t;'), max_size=40).map(str.encode))
def test_any_file_is_a_table_or_a_table_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(content)
    try:
        table = datasets.read_csv(path)
    except datasets.TableError as error:
        assert len(str(error)) < 400 + len(str(path))
    else:
        assert len(table.X) == len(table.y) > 0
        assert np.isfinite(table.X).all()
