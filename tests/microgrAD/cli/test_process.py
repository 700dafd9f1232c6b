"""The command line as a process among others: pipes, full disks, Ctrl-C."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from microgrAD.cli import dispatch

PROGRAM = [sys.executable, "-m", "microgrAD"]


def process(command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, shell=True, executable="/bin/bash", capture_output=True, text=True, timeout=60, **options
    )


def program(command: str) -> str:
    return f"{shlex.join(PROGRAM)} {command}"


def test_the_module_runs() -> None:
    done = process(program('grad "x * x" x=3'))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("f     x · x            9         1\n")


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    Path("long.txt").write_text(" + ".join(["x"] * 20000))
    done = process(program('grad "$(cat long.txt)" x=1') + ' | head -1; echo "${PIPESTATUS[0]}"')
    assert done.stdout.splitlines() == ["node    computed as  value  gradient", "141"]
    assert done.stderr == ""


def test_a_full_disk_is_one_line() -> None:
    done = process(program('grad "x * x" x=3') + " > /dev/full")
    assert (done.returncode, done.stderr) == (2, "microgrAD grad: error: [Errno 28] No space left on device\n")


def test_closed_output_and_a_terminal_without_our_letters() -> None:
    done = process(program('grad "x * x" x=3') + " >&-")
    assert (done.returncode, done.stderr) == (0, "")
    done = process(program('grad "x * x" x=3'), env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert r"x \xb7 x" in done.stdout


def test_control_c_ends_it_quietly() -> None:
    # what a shell starts in the background is deaf to SIGINT, and so is what that starts
    listening = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from microgrAD.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", listening, "train", "xor", "--stop-below", "0", "--epochs", "100000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            assert any(line.startswith("    0 ") for line in running.stdout), "it ended by itself"
            time.sleep(1.0)  # so that it is in the midst of training
            running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=30)
        finally:
            running.kill()
    assert (running.returncode, err) == (130, "")


def test_other_commands_do_not_wait_for_the_pictures() -> None:
    code = """
import sys
from microgrAD.cli import main
main(["grad", "x * x", "x=3"])
print(*sorted({"numpy", "matplotlib", "viz"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


# each command, run after the others in a folder of its own; what it prints and returns goes to standard output
DONE = "is done, with status 0"
COMMANDS = """
grad "x * y" x=1 y=2
draw "x * y" x=1 y=2 -o graph.svg
export "x * y" x=1 y=2 --to numpy -o twin.py
step "x * y" x=1 y=2
derive "sigmoid(w * x)" w=1 x=2 --wrt w
step "x * y" x=1 y=2 -o lesson.html
exercise "q = x + y; f = q * z" x=1 y=2 z=2
exercise "x * y" x=1 y=2 -o exercise.html
exercise "x * y" x=1..5 y=2 --variants 2 -o exam.html
grade exam-answers.csv
compile "x * y" y=2 --rows x --source
compile --network 2,2,1 -o program.svg
gallery
gallery mazur
train and.csv --no-header --classes --epochs 60 --lr 0.1 --save and.json
predict and.json and.csv --no-header
play xor -o play.html
demo
doctor
"""
ALL = """
import contextlib, io, shlex, sys
from microgrAD.cli import main
for command in sys.argv[1:]:
    sys.stdin, out = io.StringIO("3\\n6\\n2\\n3\\n2\\n2\\n"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main(shlex.split(command))
    print(*([] if command == "doctor" else [out.getvalue()]), f"{command} is done, with status {status}", sep="\\n")
"""


def test_every_command_does_the_same_without_assertions_and_docstrings(tmp_path: Path) -> None:
    commands = COMMANDS.strip().splitlines()
    others = {"studio"}  # its files are fetched, and it has tests of its own
    assert {command.split()[0] for command in commands} == set(dispatch.COMMANDS) - others
    found = []
    for flag in ("-B", "-OO"):
        folder = tmp_path / flag
        folder.mkdir()
        (folder / "and.csv").write_text("0,0,0\n0,1,0\n1,0,0\n1,1,1\n" * 5)
        done = subprocess.run([sys.executable, flag, "-c", ALL, *commands], cwd=folder, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        found.append((done.stdout, {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}))
    assert found[0][0].count(DONE) == len(commands)  # none was refused
    assert found[0] == found[1]
