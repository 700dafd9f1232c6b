"""The checks of .ci/run can fail: a test skipped everywhere, and a file that would not be published."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from paths import ROOT

import microgrAD

CI = ROOT / ".ci"
PASSED, SKIPPED = "", '<skipped type="pytest.skip" message="no such machine">test_a.py:1: no such machine</skipped>'


def run(script: str, *arguments: Path, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, CI / script, *arguments], cwd=where, capture_output=True, text=True)


def results(folder: Path, name: str, **tests: str) -> Path:
    """A file of results as pytest writes it."""
    cases = "".join(
        f'<testcase classname="tests.test_a" name="{test}">{outcome}</testcase>' for test, outcome in tests.items()
    )
    (folder / name).write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>", "utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        (PASSED, PASSED, 0),
        (SKIPPED, PASSED, 0),
        (PASSED, SKIPPED, 0),
        (SKIPPED, SKIPPED, 1),
    ],
)
def test_what_is_skipped_in_every_run_fails(first: str, second: str, status: int, tmp_path: Path) -> None:
    files = results(tmp_path, "1.xml", test_x=first, test_y=PASSED), results(tmp_path, "2.xml", test_x=second)
    done = run("skipped.py", *files, where=tmp_path)
    assert done.returncode == status
    assert ("tests.test_a::test_x: no such machine" in done.stderr) == bool(status)


def test_what_only_one_run_knows_and_skips_fails(tmp_path: Path) -> None:
    files = results(tmp_path, "1.xml", test_x=PASSED, test_y=SKIPPED), results(tmp_path, "2.xml", test_x=PASSED)
    assert run("skipped.py", *files, where=tmp_path).returncode == 1


def test_no_results_fail(tmp_path: Path) -> None:
    assert run("skipped.py", where=tmp_path).returncode == 1


@pytest.mark.parametrize(("left_out", "status"), [(None, 0), ("LICENSE", 1), ("viz/py.typed", 1)])
def test_what_would_not_be_published_fails(left_out: str | None, status: int, tmp_path: Path) -> None:
    files = ["LICENSE", "microgrAD/__init__.py", "viz/__init__.py", "viz/py.typed"]
    for file in map(tmp_path.joinpath, files):
        file.parent.mkdir(exist_ok=True)
        file.touch()
    source, wheel = tmp_path / "x-1.tar.gz", tmp_path / "x-1.whl"
    with tarfile.open(source, "w:gz") as tar, zipfile.ZipFile(wheel, "w") as zipped:
        for file in files:
            tar.add(tmp_path / file, f"x-1/{file}")
            if file != left_out:
                zipped.write(tmp_path / file, f"x-1.dist-info/licenses/{file}" if file == "LICENSE" else file)
    done = run("published.py", source, wheel, where=tmp_path)
    assert (done.returncode, done.stderr) == (status, f"{wheel} lacks {left_out}\n" if status else "")
    assert run("published.py", source, where=tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("tag", "log", "cited", "said"),
    [
        ("v1.2.0", "## 1.2.0 (2026-11-26)", "1.2.0", ""),
        ("v1.2.1", "## 1.2.0", "1.2.0", "the tag is v1.2.1, and microgrAD/__init__.py says 1.2.0"),
        ("1.2.0", "## 1.2.0", "1.2.0", "the tag is 1.2.0"),
        ("v1.2.0", "## Unreleased", "1.2.0", "CHANGELOG.md has no section 1.2.0"),
        ("v1.2.0", "## 1.2.0", "1.1.9", "CITATION.cff has another version"),
    ],
)
def test_a_tag_that_is_another_version_is_refused(tag: str, log: str, cited: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "microgrAD").mkdir()
    (tmp_path / "microgrAD" / "__init__.py").write_text('"""Doc."""\n\n__version__ = "1.2.0"\n', "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{log}\n", "utf-8")
    (tmp_path / "CITATION.cff").write_text(f"title: x\nversion: {cited}\n", "utf-8")
    done = subprocess.run([sys.executable, CI / "tagged.py", tag], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, said in done.stderr) == (int(bool(said)), True)


def test_the_front_page_of_the_documentation_lists_versions(tmp_path: Path) -> None:
    assert run("versions.py", tmp_path, where=tmp_path).returncode == 1
    for name in ("latest", "v0.9.0", "v0.10.0", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").touch()
    assert run("versions.py", tmp_path, where=tmp_path).returncode == 0
    page = (tmp_path / "index.html").read_text("utf-8")
    assert 'url=v0.10.0/"' in page
    assert page.index("v0.10.0</a>") < page.index("v0.9.0</a>") < page.index("latest</a>")
    assert "other" not in page


def test_fragments_of_the_changelog_have_a_kind_that_towncrier_knows() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in settings["type"]}
    fragments = [path.name for path in (ROOT / settings["directory"]).iterdir() if path.name not in settings["ignore"]]
    assert [name for name in fragments if not re.fullmatch(rf"[\w+-]+\.({'|'.join(kinds)})\.md", name)] == []
    assert settings["start_string"] in (ROOT / settings["filename"]).read_text("utf-8")


def test_the_version_is_the_same_everywhere() -> None:
    assert f"\nversion: {microgrAD.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
