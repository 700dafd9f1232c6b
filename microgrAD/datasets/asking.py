"""Asking about a table: its errors, notes of what was assumed, and the options that say otherwise."""

from __future__ import annotations

from collections.abc import Sequence


class TableError(ValueError):
    """A file is not a table that can be learned from, or it can be read in two ways; says which line and column."""


class TableWarning(UserWarning):
    """Something about a table was assumed. The warning says what, and which option says otherwise."""


def columns_option(name: str, columns: Sequence[str]) -> str:
    """How to pass columns to an option, in a shell and in Python: `--drop a,b (in Python: drop=['a', 'b'])`."""
    return f"--{name} {shell_list(columns)} (in Python: {name}={list(columns)})"


def flag_option(flag: str, keyword: str, value: bool) -> str:
    """How to set a flag, in a shell and in Python: `--no-header (in Python: header=False)`."""
    return f"--{flag} (in Python: {keyword}={value})"


def shell_list(columns: Sequence[str]) -> str:
    """The names of columns as one argument of a shell: a,b or "width, cm"."""
    quoted = [f'"{name}"' if "," in name else name for name in columns]
    text = ",".join(quoted)
    return text if text.replace(",", "").replace("_", "").isalnum() else f"'{text}'"


def features_option(columns: Sequence[str]) -> str:
    """How to name all features in a shell; of many columns the first ones."""
    return f"--features {shell_list(columns[:6])}" + " and so on" * (len(columns) > 6)


def short(names: Sequence[str], count: int = 6) -> str:
    """Names for a message, each cut and no more than `count` of them."""
    shown = ", ".join(repr(name[:40]) for name in names[:count])
    return shown + ", ..." * (len(names) > count)
