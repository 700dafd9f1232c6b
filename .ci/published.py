"""Fails when a distribution lacks a file of the packages, or the license: `published.py X.tar.gz X.whl`."""

import sys
import tarfile
import zipfile
from pathlib import Path

PACKAGES = ("microgrAD", "viz")


def contents(path: str) -> set[str]:
    """The files in a distribution, by their paths in the repository."""
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            return {name.partition(".dist-info/licenses/")[2] or name for name in wheel.namelist()}
    with tarfile.open(path) as source:
        return {name.partition("/")[2] for name in source.getnames()}


def main(paths: list[str]) -> int:
    wanted = {"LICENSE"} | {
        file.as_posix()
        for package in PACKAGES
        for file in Path(package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    lacking = {path: missing for path in paths if (missing := wanted - contents(path))}
    for path, missing in lacking.items():
        print(f"{path} lacks {', '.join(sorted(missing))}", file=sys.stderr)
    kinds = {Path(path).suffix for path in paths}
    return 1 if lacking or kinds != {".gz", ".whl"} else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
