"""Who follows a Value: functions that are called after its number was set. The widget of a notebook needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from microgrAD.graph import Record

followers: dict[Record, list[Callable[[], None]]] = {}  # empty, unless something follows


def follow(values: Iterable[Record], action: Callable[[], None]) -> None:
    """Call `action` whenever the number of one of the Values is set."""
    for v in values:
        followers.setdefault(v, []).append(action)


def leave(values: Iterable[Record], action: Callable[[], None]) -> None:
    """Stop calling it."""
    for v in values:
        left = [other for other in followers.pop(v, []) if other != action]
        if left:
            followers[v] = left


def tell(values: Iterable[Record], but: Callable[[], None] | None = None) -> None:
    """Call each follower of these Values once, `but` for the one that has set them."""
    actions = {action: None for v in values for action in followers.get(v, ())}
    for action in actions:
        if action != but:
            action()
