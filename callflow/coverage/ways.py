"""Machines whose numbers of states know which exit they are, so that exits to one place are told apart."""

from collections.abc import Iterator
from typing import Final

import attrs

from callflow.machine.exits import FAILURES, exits
from callflow.machine.model import Connecting, Machine, Queueing, State
from callflow.machine.redirect import redirect

_UNREACHED: Final = {*FAILURES, "full", "empty", "time is up"}
"""Exits by which nobody was reached: those that lead to one place are one exit, as no clause tells them apart."""


@attrs.frozen
class Way:
    """An exit of a state: what it is called (empty where a state has one only) and where it leads."""

    state: int
    label: str
    target: int


class Via(int):
    """The number of a state, and the way that leads to it."""

    way: Way


def ways_of(machine: Machine) -> Iterator[Way]:
    """Yield every way of a machine, once."""
    for number, state in enumerate(machine.states):
        yield from dict.fromkeys(_ways(number, state))


def marked(machine: Machine) -> Machine:
    """Return the same machine, whose numbers of states know by which way they are reached."""
    return attrs.evolve(machine, states=tuple(_marked(number, state) for number, state in enumerate(machine.states)))


def _ways(number: int, state: State) -> list[Way]:
    """Return the way that each exit of a state is."""
    found = list(exits(state))
    unreached: dict[int, list[str]] = {}
    if isinstance(state, Connecting | Queueing):
        for label, target in found:
            if label in _UNREACHED:
                unreached.setdefault(target, []).append(label)
    return [
        Way(number, ", ".join(unreached[target]) if label in unreached.get(target, ()) else label, target)
        for label, target in found
    ]


def _marked(number: int, state: State) -> State:
    """Return a state with its exits told apart by numbers that no state has, and then by ways."""
    places: list[int] = []

    def apart(place: int) -> int:
        places.append(place)
        return -len(places)

    told = redirect(state, apart)
    ways = {place: way for (_, place), way in zip(exits(told), _ways(number, state), strict=True)}

    def settled(place: int) -> int:
        target = places[-place - 1]
        if place not in ways:  # it is no exit
            return target
        via = Via(target)
        via.way = ways[place]
        return via

    return redirect(told, settled)
