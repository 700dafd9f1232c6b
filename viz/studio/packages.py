"""The installed packages as an archive, unchanged, and what replaces others there: metrics of the font, and a slide."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from viz import fonts, metrics
from viz.write.pptx import blank

PACKAGES = ("microgrAD", "viz", "graphviz")
MODULES = ("rjsmin", "rcssmin")  # one file each; they do without their compiled parts
ENDINGS = (".py", ".pyi", ".typed", ".js", ".css", ".json", ".h", ".c", ".html")
DATE = (1980, 1, 1, 0, 0, 0)  # the same bytes on every run


def has_slides() -> bool:
    """Return whether a studio that is made here can save slides for PowerPoint."""
    return find_spec("pptx") is not None


def archive() -> bytes:
    """Return a zip file to unpack where a page's Python looks for packages."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zip:
        for name, data in sorted(_contents()):
            zip.writestr(zipfile.ZipInfo(name, DATE), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _contents() -> Iterator[tuple[str, bytes]]:
    for package in PACKAGES:
        folder = _origin(package).parent
        for path in folder.rglob("*"):
            if path.suffix in ENDINGS and path.is_file() and "__pycache__" not in path.parts:
                yield f"{package}/{path.relative_to(folder).as_posix()}", path.read_bytes()
    for module in MODULES:
        yield f"{module}.py", _origin(module).read_bytes()
    own = metrics.written(fonts.file(), fonts.file(bold=True))
    yield _inside(metrics.FILE), own.encode()
    if has_slides():
        yield _inside(blank.FILE), blank.template()


def _inside(file: Path) -> str:
    return f"viz/{file.relative_to(file.parents[1]).as_posix()}"


def _origin(name: str) -> Path:
    found = find_spec(name)
    assert found is not None and found.origin is not None
    return Path(found.origin)
