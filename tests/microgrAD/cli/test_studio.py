"""`microgrAD studio`: a folder, or a server for this machine that ends with Ctrl-C."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from microgrAD.cli import main
from viz.studio import answers, packages, runtime


@pytest.fixture
def fetched() -> None:
    try:
        runtime.files()
    except runtime.RuntimeMissingError as error:
        pytest.skip(str(error))


def test_a_folder(fetched: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "site" / "studio"
    assert main(["studio", "-o", str(folder)]) == 0
    assert capsys.readouterr().out == f"wrote {folder}\n"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"index.html", "studio.js", "worker.js", "service.js", "packages.zip", "graphviz.wasm"} < names
    assert {f"pyodide/{name}" for name in runtime.FILES} < names
    first = (folder / "service.js").read_text("utf-8")
    assert main(["studio", "-o", str(folder)]) == 0
    assert (folder / "service.js").read_text("utf-8") == first  # the same bytes on every run


def test_without_python_pptx_all_but_slides(
    fetched: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    monkeypatch.setattr(packages, "find_spec", lambda name: None if name == "pptx" else find_spec(name))
    assert main(["studio", "-o", str(tmp_path)]) == 0
    said = "without python-pptx the studio saves no slides for PowerPoint: pip install python-pptx\n"
    assert capsys.readouterr().err == said
    held = zipfile.ZipFile(tmp_path / "packages.zip").namelist()
    assert "viz/assets/slide.pptx" not in held and "viz/studio/answers.py" in held
    request = {"ask": "file", "text": "x", "values": {}, "file": "graph.pptx"}
    assert json.loads(answers.answer(json.dumps(request)))["error"] == answers.NO_SLIDES


def test_nothing_is_written_without_node(
    fetched: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = runtime.files()
    monkeypatch.setattr(runtime, "files", lambda: found)
    monkeypatch.setattr(runtime, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert main(["studio", "-o", str(tmp_path / "studio")]) == 2
    assert "install nodejs" in capsys.readouterr().err
    assert not (tmp_path / "studio").exists()


def test_a_server(fetched: None) -> None:
    # what a shell starts in the background is deaf to SIGINT, and so is what that starts
    start = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from microgrAD.cli import main; sys.exit(main(['studio', '--no-browser']))"
    )
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.match(r"the studio is at (http://127\.0\.0\.1:\d+/); Ctrl-C ends it", process.stdout.readline())
            assert found is not None
            with urllib.request.urlopen(found[1], timeout=30) as response:
                assert b"microgrAD studio" in response.read()
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
        finally:
            process.kill()


def test_a_port_that_is_taken(fetched: None, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["studio", "--no-browser", "--port", str(taken.getsockname()[1])]) == 2
    assert "choose another --port" in capsys.readouterr().err
    assert main(["studio", "--no-browser", "--port", "70000"]) == 2
    assert "--port takes 0 to 65535, got 70000" in capsys.readouterr().err


def test_without_npm_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, no_dot: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runtime, "CACHE", tmp_path / "cache")
    assert main(["studio", "-o", str(tmp_path / "studio")]) == 2
    assert "the studio needs Pyodide, which npm fetches once; install npm" in capsys.readouterr().err
