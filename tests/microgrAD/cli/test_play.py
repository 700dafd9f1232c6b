"""`play`: the page that trains; what it can't make is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Said = Callable[..., tuple[int, str, str]]


def test_it_writes_a_page(said: Said) -> None:
    assert said("play") == (0, "wrote play.html\n", "")
    assert said("play", "spirals", "--hidden", "8,8", "--seed", "3", "--title", "Spirals", "-o", "s.html")[0] == 0
    text = Path("s.html").read_text("utf-8")
    assert '"start":{"seed":3,"net":[8,8],"data":"spirals"}' in text
    assert "<h1>Spirals</h1>" in text


def test_a_table_goes_into_the_page(said: Said) -> None:
    Path("t.csv").write_text("a,b,kind\n1.5,2,u\n2,3,v\n3,4,u\n", "utf-8")
    assert said("play", "t.csv", "--target", "b", "-o", "t.html")[0] == 2
    Path("n.csv").write_text("a,b,size\n1.5,2,2.5\n2,3,3.5\n3,4,1.25\n", "utf-8")
    assert said("play", "n.csv", "--target", "b", "-o", "t.html")[0] == 0
    assert '"features":["a","size"],"target":"b"' in Path("t.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said_"),
    [
        (["nope"], "data must be one of ['circles'"),
        (["xor", "--target", "a"], "--target is a column of a table"),
        (["--hidden", "0"], "takes numbers of neurons"),
        (["--hidden", "13"], "hidden takes up to 8 layers of up to 12 units, got [13]"),
        (["--seed", "-1"], "--seed must be 0 or more"),
        (["--lang", "xx"], "lang must be one of"),
        (["-o", "play.pdf"], "must end in one of ['.html', '.htm']"),
        (["missing.csv"], "can't open 'missing.csv'"),
    ],
)
def test_what_it_refuses(said: Said, arguments: list[str], said_: str) -> None:
    status, _, err = said("play", *arguments)
    assert status == 2
    assert said_ in err
    assert not Path("play.html").exists()
