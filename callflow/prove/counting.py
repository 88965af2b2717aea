"""Loops that count: a name grows on every round until a `when` lets nobody round again. Knows machines, tells nothing.

What is understood: a name that is only ever set to a number or made larger by one, and compared with a number:

    set tries = tries + 1
    when tries < 3 goto again_please
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from callflow.limits import ROUNDS_MAX
from callflow.machine.model import (
    AllOf,
    AnyOf,
    Arithmetic,
    Branch,
    Collecting,
    Compare,
    Const,
    Expr,
    Forgetting,
    Name,
    Negated,
    Remembering,
    Setting,
    State,
)
from callflow.prove import graphs

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


_BOUNDS: Final = frozenset({"<", "<=", "=="})

_WORK_MAX: Final = 100_000
"""States that are looked at, each time anew; beyond it a loop is taken for endless. Proofs stay quick whatever is
written: a quarter of a second."""

_Way = tuple[int, int]
"""From one state to another."""


class Counting:
    """What counts in a machine."""

    def __init__(self, states: Sequence[State]) -> None:
        self._states = states
        self._work = 0
        settings = [(number, state) for number, state in enumerate(states) if isinstance(state, Setting)]
        odd = {state.name for _, state in settings if _start(state) is None and not _grows(state)}
        odd |= {state.name for state in states if isinstance(state, Remembering | Forgetting | Collecting)}
        self._growing: dict[str, set[int]] = {}
        self._started: dict[str, set[int]] = {}
        self._least: dict[str, int] = {}
        for number, state in settings:
            start = _start(state)
            if state.name in odd:
                continue
            if start is None:
                self._growing.setdefault(state.name, set()).add(number)
            else:
                self._started.setdefault(state.name, set()).add(number)
                self._least[state.name] = min(start, self._least.get(state.name, start))

    def endless(self, nodes: Iterable[int], edges: graphs.Edges, steps_max: int | None = None) -> Iterator[list[int]]:
        """Yield the circles in which a call can go round without end, or beyond `steps_max` states."""
        work: list[tuple[Iterable[int], frozenset[_Way], int]] = [(nodes, frozenset(), 1)]
        self._work = _WORK_MAX
        while work:
            some, cut, times = work.pop()
            inside = set(some)

            def left(number: int, inside: set[int] = inside, cut: frozenset[_Way] = cut) -> list[int]:
                return [to for to in edges(number) if to in inside and (number, to) not in cut]

            for circle in graphs.circles(sorted(inside), left):
                passed, rounds = self._passed_seldom(circle, left)
                if passed and (steps_max is None or times * rounds * len(circle) <= steps_max):
                    work.append((circle, cut | passed, times * rounds))
                else:
                    yield circle

    def _passed_seldom(self, circle: list[int], edges: graphs.Edges) -> tuple[frozenset[_Way], int]:
        """Return ways of a circle that a call goes a bounded number of times before it leaves, and how often it may."""
        inside = set(circle)
        found: set[_Way] = set()
        rounds = 1
        for name, guards in self._guards(circle, edges).items():
            set_here = inside & self._growing.get(name, set())
            if not set_here or inside & self._started.get(name, set()):
                continue
            self._work -= len(circle)
            if self._work < 0:
                break
            ways = set(guards)
            if not ways & _circling(inside - set_here, edges):
                found |= ways
                rounds += max(guards.values()) - self._least[name] + 2
        return frozenset(found), rounds

    def _guards(self, circle: list[int], edges: graphs.Edges) -> dict[str, dict[_Way, int]]:
        """Return for every name the ways that are gone only while it is small, and how large it may be there."""
        found: dict[str, dict[_Way, int]] = {}
        self._work -= len(circle)
        for number in circle if self._work > 0 else ():
            state = self._states[number]
            if not isinstance(state, Branch) or state.then == state.other:
                continue
            ways = set(edges(number))
            for to, holds in ((state.then, True), (state.other, False)):
                for name, most in _bounds(state.condition, holds=holds):
                    if to in ways and name in self._least and most - self._least[name] <= ROUNDS_MAX:
                        found.setdefault(name, {})[number, to] = most
        return found


def _circling(nodes: set[int], edges: graphs.Edges) -> set[_Way]:
    """Return the ways between nodes that can be gone again and again."""
    found: set[_Way] = set()
    for part in graphs.circles(sorted(nodes), lambda number: [to for to in edges(number) if to in nodes]):
        together = set(part)
        found.update((number, to) for number in part for to in edges(number) if to in together)
    return found


def _start(state: Setting) -> int | None:
    match state.value:
        case Const(int(value)) if not isinstance(value, bool):
            return value
        case _:
            return None


def _grows(state: Setting) -> bool:
    match state.value:
        case Arithmetic("+", Name(name), Const(int(step))) | Arithmetic("+", Const(int(step)), Name(name)):
            return name == state.name and not isinstance(step, bool) and step > 0
        case _:
            return False


def _bounds(expr: Expr, *, holds: bool) -> Iterator[tuple[str, int]]:
    """Yield names with how large they are at most where a condition holds or does not."""
    match expr:
        case Compare(op, Name(name), Const(int(bound))) if not isinstance(bound, bool):
            if (op if holds else _OPPOSITE[op]) in _BOUNDS:
                yield name, bound
        case Compare(op, Const(int(bound)), Name(name)) if not isinstance(bound, bool):
            if (_MIRRORED[op] if holds else _OPPOSITE[_MIRRORED[op]]) in _BOUNDS:
                yield name, bound
        case Negated(part):
            yield from _bounds(part, holds=not holds)
        case AllOf(parts) if holds:
            for part in parts:
                yield from _bounds(part, holds=True)
        case AnyOf(parts) if not holds:
            for part in parts:
                yield from _bounds(part, holds=False)
        case _:
            pass
