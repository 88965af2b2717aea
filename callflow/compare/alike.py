"""Which states of two machines are alike: by what they do themselves, and by what callers find behind them.

Knows the fields of states only by what `exits` does with them, so a new kind of state needs nothing here.
"""

from typing import Any, Final

import attrs

from callflow.machine.exits import exits
from callflow.machine.model import Machine, State

_NOWHERE: Final = -1
"""The number of no state."""

Doing = tuple[type, tuple[tuple[str, Any], ...]]
"""What a state does, comparable: its class and its own fields."""


class Fields:
    """The fields of states: which say what a state does, and which where it leads."""

    def __init__(self) -> None:
        self._leading: dict[tuple[type, str], bool] = {}

    def own(self, state: State) -> dict[str, Any]:
        """Return the fields of a state without where it was written and where it leads."""
        names = [field.name for field in attrs.fields(type(state)) if field.name != "where"]
        return {name: getattr(state, name) for name in names if not self._leads(state, name)}

    def doing(self, state: State) -> Doing:
        """Return what a state does, comparable with that of others."""
        return type(state), tuple((name, _comparable(value)) for name, value in self.own(state).items())

    def _leads(self, state: State, name: str) -> bool:
        """Return whether a field says where its state leads: whether an exit moves with it."""
        key = (type(state), name)
        if key not in self._leading:
            value = getattr(state, name)
            plain = value is None or (isinstance(value, int) and not isinstance(value, bool))
            counts = isinstance(value, dict) and all(isinstance(one, int) for one in value.values())
            several = isinstance(value, tuple) and all(isinstance(one, int) for one in value)
            tried: Any = {"0": _NOWHERE} if counts else (_NOWHERE,) * len(value) if several else _NOWHERE
            moved = attrs.evolve(state, **{name: tried}) if plain or counts or several else state
            self._leading[key] = _NOWHERE in (number for _, number in exits(moved))
        return self._leading[key]


def kinds(machines: tuple[Machine, Machine], fields: Fields) -> tuple[list[int], list[int]]:
    """Return a number for every state of two machines, equal where a caller cannot tell one from the other.

    States begin as one kind with all that do the same, and are told apart while they lead to different kinds.
    """
    states = [(side, state) for side, machine in enumerate(machines) for state in machine.states]
    first = (0, len(machines[0].states))
    ways = [[(name, first[side] + number) for name, number in sorted(exits(state))] for side, state in states]
    found = _numbered([fields.doing(state) for _, state in states])
    while True:
        behind = [tuple((name, found[to]) for name, to in way) for way in ways]
        finer = _numbered(list(zip(found, behind, strict=True)))
        if max(finer) == max(found):
            return finer[: first[1]], finer[first[1] :]
        found = finer


def _numbered(values: list[Any]) -> list[int]:
    """Return a number for every value, equal for equal ones."""
    numbers: dict[Any, int] = {}
    return [numbers.setdefault(value, len(numbers)) for value in values]


def _comparable(value: Any) -> Any:
    """Return a value that is equal to another and hashes like it where both say the same."""
    if isinstance(value, dict):
        return tuple(sorted((key, _comparable(one)) for key, one in value.items()))
    if isinstance(value, tuple):
        return tuple(_comparable(one) for one in value)
    if attrs.has(type(value)):
        return type(value), tuple(_comparable(getattr(value, field.name)) for field in attrs.fields(type(value)))
    return type(value), value
