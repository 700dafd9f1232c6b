"""Errors and warnings about tables, and the options that their messages name."""

from __future__ import annotations

from collections.abc import Sequence


class TableError(ValueError):
    """A file is not a table that can be learned from, or it can be read in two ways. It says where, and what to do."""


class TableWarning(UserWarning):
    """Something about a table was assumed. It says what, and which option to pass if that is wrong."""


def columns_option(name: str, columns: Sequence[str]) -> str:
    """Return how to pass columns to an option: `--drop a,b (in Python: drop=['a', 'b'])`."""
    return f"--{name} {shell_list(columns)} (in Python: {name}={list(columns)})"


def flag_option(flag: str, keyword: str, value: bool) -> str:
    """Return how to set a flag: `--no-header (in Python: header=False)`."""
    return f"--{flag} (in Python: {keyword}={value})"


def shell_list(columns: Sequence[str]) -> str:
    """Return names of columns as one argument in a shell: a,b or "width, cm"."""
    quoted = [f'"{name}"' if "," in name else name for name in columns]
    text = ",".join(quoted)
    return text if text.replace(",", "").replace("_", "").isalnum() else f"'{text}'"


def features_option(columns: Sequence[str]) -> str:
    """Return how to name all features in a shell; only the first ones if there are many."""
    return f"--features {shell_list(columns[:6])}" + " and so on" * (len(columns) > 6)


def short(names: Sequence[str], count: int = 6) -> str:
    """Return names for a message: up to `count`, long ones shortened."""
    shown = ", ".join(repr(name[:40]) for name in names[:count])
    return shown + ", ..." * (len(names) > count)
