"""States that lead elsewhere: every number of a state in them is put through a function."""

from collections.abc import Callable
from typing import Any, Final

import attrs

from callflow.machine.model import Connecting, Menu, Queueing, Splitting, State

_EXITS: Final = (
    "next", "then", "other", "menu", "busy", "no_answer", "rejected", "unreachable", "on_call", "away", "full",
    "empty", "otherwise", "failed", "extensions", "silence", "invalid", "answered",
    "silent_end", "invalid_end",
)  # fmt: skip
"""Fields that hold the number of a state, or None."""


def redirect(state: State, settle: Callable[[int], int]) -> State:
    """Return a state with every number of a state put through `settle`."""
    changes: dict[str, Any] = {}
    for name in _EXITS:
        number = getattr(state, name, None)
        if number is not None:
            changes[name] = settle(number)
    if isinstance(state, Menu | Connecting | Queueing):
        changes["keys"] = {key: settle(number) for key, number in state.keys.items()}
    if isinstance(state, Splitting):
        changes["ways"] = tuple(settle(number) for number in state.ways)
    return attrs.evolve(state, **changes)
