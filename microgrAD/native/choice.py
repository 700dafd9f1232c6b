"""Which engine runs here, and why. MICROGRAD_PURE=1 chooses Python, when installing and at each import."""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from microgrAD.native.fingerprint import fingerprint

VARIABLE = "MICROGRAD_PURE"
_REASON = os.path.join(os.path.dirname(__file__), "reason.txt")  # setup.py writes it where it compiled nothing


def _found() -> tuple[ModuleType | None, str]:
    """Return the compiled engine, and what is said of it; or None, and why it is not used."""
    if os.environ.get(VARIABLE, "0") not in ("", "0"):
        return None, f"Python, since {VARIABLE} is set"
    try:
        engine = import_module("microgrAD.native._engine")
    except ImportError as error:
        return None, f"Python, since {_reason(error)}"
    try:
        ours = fingerprint()
    except OSError:
        return None, "Python, since the files that the compiled one belongs to are not there"
    if ours != engine.FINGERPRINT:
        said = "the compiled one was made from other files than these; install microgrAD again"
        warnings.warn(f"the engine runs as Python: {said}", RuntimeWarning, stacklevel=2)
        return None, f"Python, since {said}"
    return engine, "compiled"


def _reason(error: ImportError) -> str:
    if not isinstance(error, ModuleNotFoundError):
        return f"the compiled one can not be loaded: {error}"
    try:
        with open(_REASON, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return "it is not compiled in this folder; `pip install .` compiles it"


compiled, description = _found()


if TYPE_CHECKING or compiled is None:

    class Fields:
        """The fields of a node; `microgrAD.graph` explains them."""

        __slots__ = ("_data", "_grad", "_tag", "_a", "_b", "_da", "_db", "_n")

else:
    Fields = compiled.Fields


def install(value: type, node: type, tags: Mapping[str, Any], paused: dict[int, Any], many: object) -> None:
    """Let the operations of both classes run compiled, where they are usual. In Python, nothing is done.

    Arguments:
        value, node: the classes of operators.py.
        tags: the tag of each operation's nodes, by its name.
        paused: see pausing.py.
        many: see graph.py.
    """
    if compiled is None:
        return
    compiled.install(value, node, dict(tags), paused, many)
    made = {}  # NumPy's name of a method is that method
    for name, function in [*vars(value).items()]:
        if name in compiled.METHODS:
            made[function] = functools.update_wrapper(compiled.Method(function, name), function)
    for name, function in [*vars(value).items()]:
        if getattr(function, "__hash__", None) and function in made:
            setattr(value, name, made[function])
