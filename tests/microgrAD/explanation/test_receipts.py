"""The code at the end of an exercise: what is written is read, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microgrAD import parse
from microgrAD.explanation import receipts
from microgrAD.explanation.blanks import chosen
from microgrAD.explanation.receipts import Receipt
from microgrAD.steps import steps

COUNTS = st.integers(0, 1295)


@settings(max_examples=60)
@given(st.none() | st.integers(0, 46656), st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), st.text(max_size=20))
def test_what_is_written_is_read(seed: int | None, counts: tuple[int, int, int, int], name: str) -> None:
    told = Receipt("0ABCDEF", seed, *counts)
    code = receipts.write(told, name)
    assert receipts.read(f" {code.lower()} ", name) == told


@settings(max_examples=60)
@given(st.integers(0, 28), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_a_slip_of_one_letter_is_found(place: int, letter: str) -> None:
    code = receipts.write(Receipt("3F9K2QA", 17, 14, 2, 1, 0), "Ada")
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong != code:
        with pytest.raises(ValueError, match="code"):
            receipts.read(wrong, "Ada")


def test_a_code_belongs_to_its_name_however_that_is_typed() -> None:
    code = receipts.write(Receipt("3F9K2QA", 0, 6, 1, 0, 0), "Ada  Lovelace ")
    assert receipts.read(code, "ada lovelace").solved == 6
    with pytest.raises(ValueError, match="belongs to another name than 'Bea'"):
        receipts.read(code, "Bea")
    with pytest.raises(ValueError, match="a code looks like"):
        receipts.read("hello", "Ada")


def test_the_hash_is_fnv_1a() -> None:
    """From the reference's own tables: http://www.isthe.com/chongo/tech/comp/fnv/."""
    for text, hash in [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)]:
        assert int(receipts.checksum(text), 36) == hash


def test_exercises_have_fingerprints_of_their_own() -> None:
    made = [
        (parse("x * y", x=1, y=2), True),
        (parse("x * y", x=1, y=3), True),
        (parse("x + y", x=1, y=2), True),
        (parse("x * y", x=1, y=2), ["x.grad"]),
    ]
    found = [receipts.fingerprint(trace, chosen(trace, blanks)) for root, blanks in made for trace in [steps(root)]]
    assert len(set(found)) == len(found)
    again = steps(parse("x * y", x=1, y=2))
    assert receipts.fingerprint(again, chosen(again, True)) == found[0]
