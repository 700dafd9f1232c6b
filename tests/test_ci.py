"""The checks of .ci/run can fail: a test skipped everywhere, a file that would not be published, a missing bound."""

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


def run(script: str, *arguments: Path | str, where: Path) -> subprocess.CompletedProcess[str]:
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


SETTINGS = """
[options]
install_requires =
    one>=1.2
    # why
    two[more]>=0.1.4,<0.2
    three <9, >=3.0; python_version < "3.14"

[options.extras_require]
some =
    four~=4.1
none =
    five
    six<7
"""


def test_the_oldest_dependencies_are_the_lower_bounds(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text(SETTINGS, "utf-8")
    required = ["one==1.2", "two[more]==0.1.4", 'three==3.0; python_version < "3.14"']
    for extras, pinned in (([], required), (["some"], [*required, "four==4.1"])):
        done = run("oldest.py", *extras, where=tmp_path)
        assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, pinned, "")


def test_a_dependency_without_a_lower_bound_fails(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text(SETTINGS, "utf-8")
    done = run("oldest.py", "none", where=tmp_path)
    assert done.returncode == 1
    said = "setup.cfg gives no lower bound to "
    assert done.stderr.splitlines() == [f"{said}five", f"{said}six<7"]


def test_an_extra_that_is_not_there_fails(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text(SETTINGS, "utf-8")
    done = run("oldest.py", "som", where=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "setup.cfg has no extra som; it has some, none\n"


def test_each_of_our_dependencies_has_a_lower_bound() -> None:
    done = run("oldest.py", "sklearn", "video", "slides", "notebook", where=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(re.fullmatch(r"[\w.-]+(\[\w+\])?==[\d.]+", line) for line in done.stdout.splitlines())


def test_fragments_of_the_changelog_have_a_kind_that_towncrier_knows() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in settings["type"]}
    fragments = [path.name for path in (ROOT / settings["directory"]).iterdir() if path.name not in settings["ignore"]]
    assert [name for name in fragments if not re.fullmatch(rf"[\w+-]+\.({'|'.join(kinds)})\.md", name)] == []
    assert settings["start_string"] in (ROOT / settings["filename"]).read_text("utf-8")


def test_the_version_is_the_same_everywhere() -> None:
    assert f"\nversion: {microgrAD.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
