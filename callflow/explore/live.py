"""What can still matter to a call in a state: names, schedules and agents that are looked at from there on."""

from collections.abc import Iterator
from typing import Any

import attrs

from callflow.machine.exits import exits, sets
from callflow.machine.model import (
    AddressTarget,
    Branch,
    Collecting,
    Compare,
    Connecting,
    Const,
    Consulting,
    Default,
    Expr,
    Fetching,
    Machine,
    Matches,
    Menu,
    Name,
    Notifying,
    Playing,
    Repass,
    Setting,
    SettingFields,
    State,
    Value,
    WholeNumber,
)


@attrs.frozen
class Matter:
    """What is looked at behind a state, before it is set anew."""

    names: frozenset[str]
    schedules: frozenset[str]
    menus: frozenset[int]
    """Menus whose counters go on counting."""


class Live:
    """What matters in each state of a machine (live variables, backwards until nothing changes)."""

    def __init__(self, machine: Machine) -> None:
        handlers = frozenset(machine.handlers.values())
        states = machine.states
        behind = [{target for _, target in exits(state)} | handlers for state in states]
        before: list[set[int]] = [set() for _ in states]
        for number, targets in enumerate(behind):
            for target in targets:
                before[target].add(number)
        self._live: list[frozenset[str]] = [frozenset()] * len(states)
        work = set(range(len(states)))
        while work:
            number = work.pop()
            read, over = _read(states[number]), _set_anew(number, states[number])
            after = frozenset().union(*(self._live[target] for target in behind[number]))
            live = read | frozenset(name for name in after if name not in over and name.partition(".")[0] not in over)
            if live != self._live[number]:
                self._live[number] = live
                work |= before[number]

    def at(self, number: int) -> Matter:
        """Return what is looked at from a state on."""
        live = self._live[number]
        return Matter(
            frozenset(name for name in live if " " not in name),
            frozenset(name.removeprefix(_SCHEDULE) for name in live if name.startswith(_SCHEDULE)),
            frozenset({number, *(int(name.removeprefix(_MENU)) for name in live if name.startswith(_MENU))}),
        )


_SCHEDULE, _MENU = "schedule ", "menu "
"""What stands before names of schedules and numbers of menus where they stand among names."""


def _read(state: State) -> frozenset[str]:
    if isinstance(state, Consulting):
        return frozenset({f"{_SCHEDULE}{state.schedule}"})
    if isinstance(state, Repass):
        return frozenset({f"{_MENU}{state.menu}"})
    return looked_at(state)


def _set_anew(number: int, state: State) -> frozenset[str]:
    """Return what has another value behind a state, whatever it was before."""
    if isinstance(state, Menu):
        return frozenset({"digits", f"{_MENU}{number}"})
    if isinstance(state, Collecting):
        return sets(state) | {f"{_MENU}{number}"}
    return sets(state)


def looked_at(state: State) -> frozenset[str]:
    """Return the names whose values decide where a call goes, or become another name's."""
    if isinstance(state, Branch | Setting | SettingFields):
        return frozenset(names_in(state))
    if isinstance(state, Connecting) and isinstance(state.target, AddressTarget):
        return frozenset(names_in(state.target))
    return frozenset()


def names_in(value: Any) -> Iterator[str]:
    """Yield the names that are read anywhere inside a value of the machine."""
    if isinstance(value, Name):
        yield value.name
    elif isinstance(value, tuple):
        for one in value:
            yield from names_in(one)
    elif isinstance(value, dict):
        yield from names_in(tuple(value.values()))
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from names_in(getattr(value, field.name))


def values_of(machine: Machine) -> dict[str, tuple[Value, ...]]:
    """Return, for each name that conditions compare, values that make them true and false."""
    found: dict[str, dict[Value, None]] = {}
    for state in machine.states:
        if not isinstance(state, Playing | Notifying | Fetching):
            for name, value in _compared(state):
                found.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in found.items()}


def _compared(value: Any) -> Iterator[tuple[str, Value]]:
    match value:
        case Compare(left=left, right=Const(value=constant)) | Compare(left=Const(value=constant), right=left):
            for name in _subjects(left):
                yield from ((name, near) for near in _near(constant, is_number=not isinstance(left, Name)))
        case Matches(subject=subject, patterns=patterns):
            for name in _subjects(subject):
                yield from ((name, sample(pattern)) for pattern in patterns)
        case tuple():
            for one in value:
                yield from _compared(one)
        case Name(name=name):
            yield from ((name, truth) for truth in (True, False))
        case _ if attrs.has(type(value)):
            for field in attrs.fields(type(value)):
                yield from _compared(getattr(value, field.name))


def _subjects(expr: Expr) -> Iterator[str]:
    """Yield the names that an expression is, as they are or as a number."""
    match expr:
        case Name(name=name):
            yield name
        case WholeNumber(part=part):
            yield from _subjects(part)
        case Default(parts=parts):
            for part in parts:
                yield from _subjects(part)
        case _:
            yield from names_in(expr)


def _near(constant: Value, *, is_number: bool) -> Iterator[Value]:
    """Yield a constant, and what lies on either side of it."""
    match constant:
        case bool():
            yield from (True, False)
        case int():
            for near in (constant, constant + 1, constant - 1):
                yield str(near) if is_number and near >= 0 else near
        case None:
            yield from (None, "x")
        case str():
            yield constant
            yield "other"


def sample(pattern: str) -> str:
    """Return a text that fits a pattern of `*` and `?`."""
    return pattern.replace("*", "").replace("?", "1") or "1"
