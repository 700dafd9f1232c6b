"""microgrAD: scalar automatic differentiation that one can read, step through and draw."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from microgrAD import copying as _copying  # noqa: F401  (teaches pickle and copy about graphs)
from microgrAD import guesses as _guesses
from microgrAD import lazily as _lazily
from microgrAD import namesake as _namesake
from microgrAD import operators as _operators
from microgrAD.operators import *  # noqa: F403  (a function for each operation, and Value)

if TYPE_CHECKING:
    from microgrAD.public import *  # noqa: F403

__version__ = "0.1.0"
_namesake.warn()

__getattr__, _later = _lazily.attach(__name__, _lazily.beside(__file__, "public.pyi"), _guesses.elsewhere)
# what would hide a builtin of Python, such as max, is there as microgrAD.max only
__all__ = [name for name in (*_later, *_operators.__all__) if _later.get(name) != "." and not hasattr(builtins, name)]


def __dir__() -> list[str]:
    return sorted({*globals(), *_later, *_operators.__all__})
