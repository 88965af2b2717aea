"""The ways calls can go through a machine, with what is counted on them: rounds of loops and passes of menus.

A place on such a way is a state together with the counts that matter there, so that a loop of three rounds is three
rounds long and no circle. What is not counted goes both ways of every branch. Nothing here knows what takes time.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from callflow.machine.exits import exits, silent_exits
from callflow.machine.model import (
    AllOf,
    AnyOf,
    Arithmetic,
    Branch,
    Compare,
    Const,
    Expr,
    Menu,
    Name,
    Negated,
    Repass,
    Setting,
    State,
)
from callflow.prove import graphs

_PLACES_MAX: Final = 30_000
"""Places that are looked at with their counts, a second or so; in a machine with more, loops are taken for endless."""

_COUNT_MAX: Final = 1_000
"""What grows beyond this counts nothing."""

_USES_A_TRY: Final = ("silence", "invalid")
"""Exits of a menu behind which another pass is one try less."""

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], int]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip

Counts = Mapping[str | int, int]
"""Names with their numbers; menus, by their number, with the tries that are used up."""


@attrs.frozen
class Walks:
    """All places that calls get to, as numbers: the state of each, and where it leads."""

    states: Sequence[int]
    edges: Sequence[Sequence[int]]
    silent: Sequence[Sequence[int]]
    """The same of a caller who does nothing, while nobody answers."""
    entries: Sequence[int]


def passes(menu: Menu) -> int:
    """Return how many passes a menu has for a caller who does nothing."""
    return menu.tries if menu.silence_tries is None else menu.silence_tries


def walks(states: Sequence[State], entries: Iterable[int]) -> Walks:
    """Return the ways through a machine from some of its states on."""
    starts = tuple(dict.fromkeys(entries))
    return _Walking(states, counting=True).walked(starts) or _Walking(states, counting=False).walked(starts, len(states))


class _Walking:
    def __init__(self, states: Sequence[State], *, counting: bool) -> None:
        self._states = states
        self._names = frozenset(_counted(states)) if counting else frozenset[str]()
        self._around = _around(states) if counting else {}
        self._numbers: dict[tuple[int, frozenset[tuple[str | int, int]]], int] = {}
        self._places: list[tuple[int, dict[str | int, int]]] = []

    def walked(self, entries: tuple[int, ...], most: int = _PLACES_MAX) -> Walks:
        """Return all places; none where there are more than `most`."""
        starts = [self._entered(number, {}) for number in entries]
        edges: list[list[int]] = []
        silent: list[list[int]] = []
        while len(edges) < len(self._places) <= most:
            number, counts = self._places[len(edges)]
            quiet = set(silent_exits(self._states[number]))
            moves = list(self._moves(number, counts))
            edges.append([to for to, _, _ in moves])
            silent.append([to for to, state, passed in moves if passed or state in quiet])
        return Walks([number for number, _ in self._places], edges, silent, starts)

    def _moves(self, number: int, counts: dict[str | int, int]) -> Iterator[tuple[int, int, bool]]:
        """Yield the places that a place leads to, with their states, and whether they are another pass of a menu."""
        state = self._states[number]
        if isinstance(state, Repass):
            yield from ((*move, True) for move in self._another_pass(state.menu, counts))
            return
        if isinstance(state, Setting) and state.name in self._names:
            counts = {key: count for key, count in counts.items() if key != state.name}
            value = _value(state.value, counts if state.value is None else self._places_counts(number, counts, state))
            if value is not None and abs(value) <= _COUNT_MAX:
                counts[state.name] = int(value)
        holds = _value(state.condition, counts) if isinstance(state, Branch) else None
        for name, to in exits(state):
            if holds is not None and name == ("no" if holds else "yes"):
                continue
            after = {**counts, number: counts[number] + 1} if name in _USES_A_TRY and number in counts else counts
            yield self._entered(to, after), to, False
