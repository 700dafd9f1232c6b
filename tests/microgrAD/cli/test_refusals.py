"""How the command line refuses: one line on stderr, status 2, nothing written."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import microgrAD
from microgrAD.cli import COMMANDS, main


def test_nothing_at_all_gets_help(said: Any) -> None:
    status, out, err = said()
    assert (status, out) == (2, "")
    assert all(f"  {name} " in err for name in COMMANDS)


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_fits_a_terminal(said: Any, arguments: list[str]) -> None:
    status, out, err = said(*arguments)
    assert (status, err) == (0, "")
    assert out.startswith("usage: microgrAD")
    assert max(map(len, out.splitlines())) <= 110


def test_version(said: Any) -> None:
    assert said("--version") == (0, f"microgrAD {microgrAD.__version__}\n", "")


BAD = {
    "drow": "invalid choice: 'drow' (choose from",
    "-- draw": "the first argument must be a command",
    "--verbose": "microgrAD: error: ",
    "draw": "required: ",
    "grad": "required: EXPRESSION",
    "draw x x=1": "required: -o/--output",
    "draw x x=1 -o a.jpg": "'.tex', '.pptx', '.drawio', '.mmd', '.md'], got 'a.jpg'",
    "draw x x=1 -o nowhere/a.png": "can't write 'nowhere/a.png': there is no folder 'nowhere'",
    "draw x x=1 -o file/a.png": "can't write 'file/a.png'",
    "draw x x=1 -o folder.png": "can't write 'folder.png': Is a directory",
    "draw x x=1 -o a.png --theme pink": "theme must be one of ['light', 'dark', 'print'], got 'pink'",
    "draw x x=1 -o a.png --rankdir XY": "rankdir must be one of ['LR', 'TB']",
    "draw x x=1 -o a.png --ops circles": "ops must be one of",
    "draw x x=1 -o a.png --color-by mood": "color_by must be one of",
    "draw x x=1 -o a.png --size 7:3": "size must be one of",
    "draw x x=1 -o a.png --size 9x9": "size must be one of",
    "draw x x=1 -o a.png --digits many": "argument --digits: invalid int value: 'many'",
    "draw x x=1 -o a.png --digits 99": "digits must be a whole number from 1 to 17",
    "draw x x=1 -o a.png --engine steam": "engine must be one of",
    "draw x x=1 -o a.png --gradient inf": "gradient takes a finite number",
    "draw x x=1 -o a.png --blink": "unrecognized arguments: --blink",
    "draw 'x * sqrt(y)' x=1 y=0 -o a.png": "the derivative of sqrt",
    "grad 'x + sine(y)' x=1 y=2": "column 5: there is no function 'sine' (did you mean 'sin'",
    "grad 'x ^ 2' x=1": "column 3: '^' is not an operator here; for a power write **",
    "grad 'x + y' x=1": "column 5: 'y' has no value; give it one, as in y=1.5",
    "grad 'x + 1' x=1 y=2": "'y' is given, but the expression does not use it",
    "grad 'log(x)' x=0": "column 1: log needs x > 0, got 0.0 at 'x'; clamp the input",
    "grad 'exp(x)' x=1000": "more than a float holds",
    "grad x=1 'x + 1'": "'x + 1' is not of the form NAME=VALUE; write the expression first",
    "grad x x": "'x' is not of the form NAME=VALUE",
    "grad x =1": "'=1' is not of the form NAME=VALUE",
    "grad x x=": "the value of 'x', '', is no number: the expression is empty",
    "grad x x=one": "the value of 'x', 'one', is no number: write a number such as 1.5, or an expression",
    "grad x x=1,5": "for a decimal write 1.5",
    "grad x x=1/0": "the value of 'x', '1/0', is no number: column 2: div needs",
    "grad x x=nan": "the value of 'x', 'nan', is no number: write a number such as 1.5",
    "grad x x=1 x=2": "'x' is given twice",
    "grad ''": "the expression is empty",
    "grad x x=1 --digits 0": "--digits must be a whole number from 1 to 17, got 0",
    "train": "required: DATASET|FILE.csv",
    "train mars": "or a file that ends in .csv, .tsv or .txt, got 'mars'",
    "train mars.csv": "can't open 'mars.csv': No such file or directory",
    "train xor --target a": "--target is a column of a table",
    "train xor --features a": "--features is columns of a table; a built-in data set has its own",
    "train xor --no-header": "--header is a fact of a table",
    "train xor --classes": "--classes is a fact of a table",
    "train mars.csv --classes --quantity": "not allowed with argument",
    "train mars.csv --drop a,": """takes names of columns such as a,b or "width, cm",b, got 'a,'""",
    "train moons --patience 2 --validation-size 0": "--patience takes validation rows",
    "train moons --validation-size 1": "validation_size is the share of the rows to learn from that is kept",
    "train xor --validation-size 0.2": "a whole truth table, of which no row can be spared",
    "train mars.csv --noise 1": "--samples and --noise are for built-in data sets",
    "train reviews --noise 1": "reviews take no noise",
    "train moons --noise -1": "noise is a standard deviation of 0 or more, at most 1e300, got -1.0",
    "train xor --save a.json --history a.json": "--save and --history take two files, got 'a.json' for both",
    "train moons --samples 1": "--samples must be 2 or more, got 1",
    "train moons --test-size 1": "test_size is the share held out, between 0 and 1, got 1.0",
    "train moons --batch-size 0": "--batch-size must be 1 or more, got 0",
    "train moons --optimizer x": "optimizer must be one of ['sgd', 'rmsprop', 'adam', 'adamw'], got 'x'",
    "train moons --optimizer adam --momentum 0.5": "adam takes no momentum; take sgd or rmsprop",
    "train xor --save a.pickle": "must end in .json, got 'a.pickle'",
    "train xor --history no/h.json": "there is no folder 'no'",
    "predict": "required: MODEL, FILE.csv",
    "predict m.json t.csv": "can't open 'm.json': No such file or directory",
    "train xor --epochs 0": "--epochs must be 1 or more, got 0",
    "train xor --seed -1": "--seed must be 0 or more, got -1",
    "train xor --lr -1": "lr must be 0 or more, got -1.0",
    "train xor --hidden 4,x": "takes numbers of neurons such as 4 or 8,8, got '4,x'",
    "train xor --hidden 0": "takes numbers of neurons",
    "train xor --activation cubic": "activation must be one of",
    "train xor --plot a.bmp": "must end in one of ['.png', '.svg', '.pdf', '.pptx'], got 'a.bmp'",
    "train xor --plot nowhere/a.png": "there is no folder 'nowhere'",
    "demo -o file": "can't write 'file': File exists",
    "demo -o file/deeper": "can't write 'file/deeper'",
    "studio now": "unrecognized arguments: now",
    "doctor now": "unrecognized arguments: now",
}


@pytest.mark.parametrize("command", BAD)
def test_bad_input_gets_one_line_and_status_2(said: Any, here: Path, command: str) -> None:
    (here / "file").write_text("mine")
    (here / "folder.png").mkdir()
    before = sorted(here.rglob("*"))
    status, _, err = said(*shlex.split(command))
    assert status == 2
    name = command.split()[0] if command and command.split()[0] in COMMANDS else ""
    assert err.startswith(f"microgrAD {name}".rstrip() + ": error: ")
    assert BAD[command] in err
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert sorted(here.rglob("*")) == before
    assert (here / "file").read_text() == "mine"


typed = ["x", "-x", "x=1", "y=", "--", "-", "--json", "--digits", "3", "-5", "=", "(", "^", "xor", "--hidden"]
words = st.lists(st.one_of(st.sampled_from(typed), st.text(max_size=5)), max_size=5)


@given(st.sampled_from([*COMMANDS, ""]).filter(lambda name: name not in ("demo", "doctor", "studio")), words)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_ends_well_or_in_one_line(said: Any, command: str, arguments: list[str]) -> None:
    status, _, err = said(*filter(None, [command]), *arguments)
    assert status in (0, 2)
    if status and (command or arguments):
        assert err.startswith("microgrAD")
        assert err.count("\n") == 1


def test_a_terminal_is_shown_the_place(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["grad", "x + sine(y)", "x=1", "y=2"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[1:] == ["    x + sine(y)", "        ^"]


def test_what_nobody_foresaw_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("microgrAD.cli.commands.grad.run", broken)
    with pytest.raises(ZeroDivisionError):
        main(["grad", "x", "x=1"])
