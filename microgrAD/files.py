"""Versioned JSON files: written completely or not at all, and checked when they are read.

Every file is an object {"format": ..., "version": 1, ..., "checksum": ...}. Its content is checked before anything else
changes; a FileError says what is wrong. The checksum covers everything before it: one changed digit is noticed. White
space may change, and a file without a checksum is read without this check.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from microgrAD.errors import real

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

VERSION = 1
LARGEST = 1 << 28  # bytes; enough for a network of ten million weights
_HALF = re.compile("[\ud800-\udfff]")


class FileError(ValueError):
    """A file, or what was read from it, is not valid."""


def new_file(path: str | os.PathLike[str], endings: Sequence[str], whose: str, *, said: str = "") -> Path:
    """Return the path of a file to write, checked before the work is done.

    Arguments:
        path: the path.
        endings: the endings that the name may have, in lower case, such as [".png", ".svg"].
        whose: whose name it is, for the error, such as "a picture's".
        said: the endings in words, for the error; by default the list of them.
    Raises: ValueError for a name with another ending; FileNotFoundError if its folder does not exist; IsADirectoryError
    if it is a folder.
    """
    file = Path(path)
    if file.suffix.lower() not in endings:
        allowed = said or (endings[0] if len(endings) == 1 else f"one of {list(endings)}")
        raise ValueError(f"{whose} name must end in {allowed}, got {os.fspath(path)!r}")
    in_folder(file)
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    return file


def in_folder(file: Path) -> Path:
    """Return the path of a file to write. Raise FileNotFoundError if its folder does not exist."""
    if not file.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(file.parent)!r} to write {file.name!r} to; make it first")
    return file


def write_json(path: str | os.PathLike[str], kind: str, content: dict[str, Any]) -> None:
    """Write an object as a JSON file. A reader of the path finds the old file or the whole new one, never a part.

    Arguments:
        path: the file.
        kind: the kind of file, such as "model".
        content: the object, as plain data for JSON.
    """
    write_text(path, json_text(kind, content))


def json_text(kind: str, content: dict[str, Any]) -> str:
    """Return what `write_json` writes."""
    whole = {"format": f"microgrAD {kind}", "version": VERSION, **content}
    return json.dumps({**whole, "checksum": _checksum(whole)}) + "\n"


def _checksum(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, allow_nan=False).encode()).hexdigest()[:16]


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file. A reader of the path finds the old file or the whole new one.

    Half a character (a lone surrogate), which no file can hold, becomes the mark of an unknown one.
    """
    write_bytes(path, _HALF.sub("\ufffd", text).encode())


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file, and delete temporary files that killed writers of it left. Readers see the old or the new file."""
    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(target.parent))
    if _is_device(target):  # a device is written to, and not replaced by a file
        with open(target, "wb", buffering=0) as device:
            device.write(content)
        return
    _clear(target)
    handle, temporary = _temporary(target)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(temporary, _mode(target))
            if fcntl:  # before closing, which ends the lock
                os.replace(temporary, target)
        if not fcntl:  # Windows can't move an open file
            os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _is_device(path: str | os.PathLike[str]) -> bool:
    """Return whether a path is a device, such as /dev/full, or a pipe."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISFIFO(mode)


def refuse_device(path: str | os.PathLike[str]) -> None:
    """Raise FileError for a device without an end, such as /dev/zero. A pipe and a terminal can be read."""
    mode = os.stat(path).st_mode
    if stat.S_ISBLK(mode) or stat.S_ISCHR(mode) and not os.path.samefile(path, "/dev/null"):
        with open(path, "rb", buffering=0) as file:
            if file.isatty():
                return
        raise FileError(f"{path} is a device, and no file to be read; pass the path of a file")


# a writer locks its temporary file: if another process can lock it, its writer was killed


def _temporary(target: Path) -> tuple[int, str]:
    """Create a temporary file beside the target, and lock it. Return its handle and path."""
    while True:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        if not fcntl:
            return handle, temporary
        with suppress(OSError):  # on a file system without locks, nobody deletes it
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, temporary
        os.close(handle)  # another process deleted it before it was locked


def _clear(target: Path) -> None:
    """Delete the temporary files of killed writers of this target."""
    name, found = re.compile(rf"\.{re.escape(target.name)}\.\w{{8}}\.part"), list[str]()
    with suppress(OSError):  # a folder that one may write to but not list
        found = os.listdir(target.parent) if fcntl else []
    for left in filter(name.fullmatch, found):
        with suppress(OSError):  # it is gone, or its writer still runs
            handle = os.open(target.parent / left, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(target.parent / left)
            finally:
                os.close(handle)


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those of a new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def read_json(path: str | os.PathLike[str], kind: str) -> dict[str, Any]:
    """Return the object in a file of that kind.

    Arguments:
        path: the file.
        kind: the kind of file, such as "model".
    Raises: FileError if the file is damaged, of another kind, or of another version.
    """
    refuse_device(path)
    size = os.stat(path).st_size
    if size > LARGEST:
        raise FileError(f"{path} has {size} bytes, and a {kind} file has at most {LARGEST}")
    try:
        text = Path(path).read_text("utf-8")
    except ValueError as error:
        raise FileError(f"{path} is no {kind} file: {_first_line(error)}") from None
    return json_content(text, kind, path)


def json_content(text: str, kind: str, path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the object in the text of a file of that kind; the errors, those of `read_json`, name `path`."""
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path} is no {kind} file: {_first_line(error)}") from None
    if not isinstance(content, dict) or content.get("format") != f"microgrAD {kind}":
        found = content.get("format") if isinstance(content, dict) else type(content).__name__
        raise FileError(f"{path} is no {kind} file: its format is {_short(found)}, not 'microgrAD {kind}'")
    if (version := content.get("version")) != VERSION or type(version) is not int:
        raise FileError(f"{path} has version {_short(version)}, but this program reads version {VERSION}")
    if "checksum" in content and not _is_whole(content, content.pop("checksum")):
        raise FileError(
            f"{path} is damaged: its content has changed since it was written; if you changed it yourself, "
            'remove its "checksum"'
        )
    return content


def _is_whole(content: dict[str, Any], checksum: Any) -> bool:
    try:
        return bool(checksum == _checksum(content))
    except (ValueError, RecursionError):  # a number over 1.8e308 was read as infinite
        return False


def reader(content: Any, what: str) -> Callable[[str, type], Any]:
    """Return a function that reads one entry of an object from a file, by its key and type."""
    if not isinstance(content, dict):
        raise FileError(f"{what} takes an object, got {type(content).__name__}")

    def read(key: str, kind: type) -> Any:
        value = content.get(key)
        if not isinstance(value, kind) or isinstance(value, bool) and kind is not bool:
            raise FileError(
                f"{what} needs {key!r} as {kind.__name__}, got "
                + (_short(value) if key in content else "nothing with that name")
            )
        return value

    return read


def numbers(given: Any, what: str, size: int) -> list[float]:
    """Return a list of `size` finite numbers from a file; FileError otherwise."""
    if not isinstance(given, list) or len(given) != size:
        raise FileError(f"{what} takes a list of {size} numbers, got {_short(given)}")
    return [number(x, what) for x in given]


def number(given: Any, what: str) -> float:
    """Return a finite number from a file; FileError otherwise."""
    try:
        if isinstance(given, bool):
            raise TypeError
        return real(given, what)
    except (TypeError, ValueError):
        raise FileError(f"{what} takes a finite number, got {_short(given)}") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"it holds {name}, which JSON does not allow")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _short(thing: Any) -> str:
    text = repr(thing)
    return text if len(text) <= 60 else text[:57] + "..."
