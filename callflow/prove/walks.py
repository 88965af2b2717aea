"""The ways calls can go through a machine, with what is counted on them: rounds of loops and passes of menus.

A place on such a way is a state together with the counts that matter there, so that a loop of three rounds is three
rounds long and no circle. What is not counted goes both ways of every branch. Nothing here knows what takes time.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from callflow.machine.exits import exits, sets, silent_exits, used_up
from callflow.machine.model import (
    AllOf,
    AnyOf,
    Arithmetic,
    Branch,
    Collecting,
    Compare,
    Const,
    Expr,
    Menu,
    Name,
    Negated,
    Remembering,
    Repass,
    Setting,
    State,
)
from callflow.prove import graphs

_PLACES_MAX: Final = 12_000
"""Places that are looked at with their counts, half a second or so. Where there are more, loops have no end."""

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


def passes(menu: Menu | Collecting) -> int:
    """Return how many passes a menu has for a caller who does nothing."""
    return menu.tries if menu.silence_tries is None else menu.silence_tries


def walks(states: Sequence[State], entries: Iterable[int]) -> Walks:
    """Return the ways through a machine from some of its states on."""
    starts = tuple(dict.fromkeys(entries))
    found = _Walking(states, counting=True).walked(starts) or _Walking(states, counting=False).walked(starts)
    assert found is not None, "without counts a place is a state"
    return found


class _Walking:
    def __init__(self, states: Sequence[State], *, counting: bool) -> None:
        self._states = states
        self._names = set(_growing(states)) if counting else set[str]()
        self._around = _around(states) if counting else {}
        self._numbers: dict[tuple[int, frozenset[tuple[str | int, int]]], int] = {}
        self._places: list[tuple[int, Counts]] = []

    def walked(self, entries: Iterable[int]) -> Walks | None:
        """Return all places, None where there are too many."""
        starts = [self._entered(number, {}) for number in entries]
        edges: list[list[int]] = []
        silent: list[list[int]] = []
        while len(edges) < len(self._places):
            number, counts = self._places[len(edges)]
            moves = list(self._moves(number, counts))
            edges.append([to for to, _ in moves])
            silent.append([to for to, is_silent in moves if is_silent])
            if len(edges) > max(_PLACES_MAX, len(self._states)):
                return None
        return Walks([number for number, _ in self._places], edges, silent, starts)

    def _moves(self, number: int, counts: Counts) -> Iterator[tuple[int, bool]]:
        """Yield the places that a place leads to, each with whether a caller gets there who does nothing."""
        state = self._states[number]
        if isinstance(state, Repass):
            yield from self._another_pass(state.menu, counts)
            return
        holds = _value(state.condition, counts) if isinstance(state, Branch) else None
        for name in sets(state) & self._names:
            value = _value(state.value, counts) if isinstance(state, Setting | Remembering) else None
            counts = _changed(counts, name, value)
        quiet = set(silent_exits(state))
        for name, to in exits(state):
            if holds is not None and name == ("no" if holds else "yes"):
                continue
            used = name in _USES_A_TRY and number in counts
            after = _changed(counts, number, counts[number] + 1) if used else counts
            yield self._entered(to, after), to in quiet

    def _another_pass(self, number: int, counts: Counts) -> Iterator[tuple[int, bool]]:
        menu = self._states[number]
        used = counts.get(number)
        assert isinstance(menu, Menu | Collecting)
        if used is None or used < _tries(menu):
            yield self._place(number, counts), used is None or used < passes(menu)
        if used is None or used >= min(passes(menu), _tries(menu)):
            yield self._entered(used_up(menu, silent=True), counts), True
            yield self._entered(used_up(menu, silent=False), counts), False

    def _entered(self, number: int, counts: Counts) -> int:
        """Return the place of a state that is entered: a menu begins with all its tries."""
        return self._place(number, _changed(counts, number, 0) if number in self._around else counts)

    def _place(self, number: int, counts: Counts) -> int:
        around = self._around
        kept = {key: count for key, count in counts.items() if not isinstance(key, int) or number in around[key]}
        key = (number, frozenset(kept.items()))
        if key not in self._numbers:
            self._numbers[key] = len(self._places)
            self._places.append((number, kept))
        return self._numbers[key]


def _tries(menu: Menu | Collecting) -> int:
    """Return how many passes that bring nothing a menu has at most."""
    if menu.silence_tries is None or menu.invalid_tries is None:
        return menu.tries
    return menu.silence_tries + menu.invalid_tries - 1


def _around(states: Sequence[State]) -> dict[int, set[int]]:
    """Return for every menu that is passed again the states from which that may come, the menu included."""
    back = graphs.reversed_edges(range(len(states)), lambda number: (to for _, to in exits(states[number])))
    ends: dict[int, list[int]] = {}
    for number, state in enumerate(states):
        if isinstance(state, Repass):
            ends.setdefault(state.menu, []).append(number)

    def before(menu: int, number: int) -> Iterable[int]:
        return () if number == menu else back.get(number, ())

    return {
        menu: {menu} | graphs.reachable(those, lambda number, menu=menu: before(menu, number))  # type: ignore[misc]
        for menu, those in ends.items()
    }


# --- counts ---


def _growing(states: Sequence[State]) -> Iterator[str]:
    """Yield the names that are worked out from themselves: those that may count rounds."""
    for state in states:
        match state:
            case (
                Setting(name=name, value=Arithmetic(left=left, right=right))
                | Remembering(name=name, value=Arithmetic(left=left, right=right))
            ) if Name(name) in (left, right):  # fmt: skip
                yield name
            case _:
                pass


def _changed(counts: Counts, key: str | int, value: int | None) -> Counts:
    """Return counts with one of them changed, or forgotten where it is not known or too large."""
    changed = {other: count for other, count in counts.items() if other != key}
    if value is not None and abs(value) <= _COUNT_MAX:
        changed[key] = value
    return changed


def _value(expr: Expr, counts: Counts) -> int | None:
    """Return what an expression comes to, a truth value as 1 or 0; None where that is not known."""
    match expr:
        case Const(value=int(value)):
            return int(value)
        case Name(name=name):
            return counts.get(name)
        case Compare(op=op, left=left, right=right) | Arithmetic(op=op, left=left, right=right):
            values = (_value(left, counts), _value(right, counts))
            return None if None in values else int(_OPERATORS[op](*values))
        case Negated(part=part):
            return _not(_value(part, counts))
        case AllOf(parts=parts):
            return _all([_value(part, counts) for part in parts])
        case AnyOf(parts=parts):
            return _not(_all([_not(_value(part, counts)) for part in parts]))
        case _:
            return None


def _not(value: int | None) -> int | None:
    return None if value is None else int(not value)


def _all(values: list[int | None]) -> int | None:
    return 0 if 0 in values else None if None in values else 1


# --- the longest way ---


@attrs.frozen
class Longest:
    """For every place how much the longest way from there weighs, None where it has no end, and the place after it."""

    weights: Sequence[int | None]
    next: Sequence[int | None]

    def way(self, start: int) -> Iterator[int]:
        """Yield the places of the longest way."""
        at: int | None = start
        while at is not None:
            yield at
            at = self.next[at]


def longest(count: int, edges: graphs.Edges, weight: Callable[[int], int]) -> Longest:
    """Return the longest ways through a graph of `count` places. In a circle that weighs something there is no end."""
    weights: list[int | None] = [0] * count
    following: list[int | None] = [None] * count
    circle_of: dict[int, list[int]] = {
        place: circle for circle in graphs.circles(range(count), edges) for place in circle
    }
    for group in _last_first(count, edges, circle_of):
        inside = set(group) if len(group) > 1 or group[0] in circle_of else set[int]()
        ways = [to for place in group for to in edges(place) if to not in inside]
        heavy = sum(map(weight, group))
        best: int | None = None
        for to in ways:
            if best is None or _more(weights[to], weights[best]):
                best = to
        ahead = 0 if best is None else weights[best]
        endless = bool(inside and heavy)
        for place in group:
            weights[place] = None if ahead is None or endless else ahead + heavy
            following[place] = None if endless else best
    return Longest(weights, following)


def _more(one: int | None, other: int | None) -> bool:
    return other is not None and (one is None or one > other)


def _last_first(count: int, edges: graphs.Edges, circle_of: dict[int, list[int]]) -> Iterator[list[int]]:
    """Yield places, those of a circle together, each after all that it leads to."""
    done: set[int] = set()
    for start in range(count):
        work = [(start, False)]
        while work:
            place, behind = work.pop()
            group = circle_of.get(place, [place])
            if behind:
                yield group
            elif group[0] not in done:
                done.update(group)
                work.append((place, True))
                work.extend((to, False) for one in group for to in edges(one) if to not in done)
