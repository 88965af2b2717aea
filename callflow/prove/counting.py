"""Loops that count: a name grows on every round until a `when` lets nobody round again. Knows machines, tells nothing.

What is understood: a name that is only ever set to a number or made larger by one, and compared with a number:

    set tries = tries + 1
    when tries < 3 goto again_please
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from callflow.limits import ROUNDS_MAX
from callflow.machine.model import AllOf, AnyOf, Arithmetic, Branch, Compare, Const, Expr, Name, Negated, Setting, State
from callflow.prove import graphs

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class Counting:
    """What counts in a machine."""

    def __init__(self, states: Sequence[State]) -> None:
        self._states = states
        settings = [(number, state) for number, state in enumerate(states) if isinstance(state, Setting)]
        odd = {state.name for _, state in settings if _start(state) is None and not _grows(state)}
        self._growing: dict[str, set[int]] = {}
        self._least: dict[str, int] = {}
        for number, state in settings:
            start = _start(state)
            if state.name in odd:
                continue
            if start is None:
                self._growing.setdefault(state.name, set()).add(number)
            else:
                self._least[state.name] = min(start, self._least.get(state.name, start))

    def endless(self, nodes: Iterable[int], edges: graphs.Edges) -> Iterator[list[int]]:
        """Yield the circles in which a call can go round without end."""
        work: list[tuple[Iterable[int], frozenset[tuple[int, int]]]] = [(nodes, frozenset())]
        while work:
            some, cut = work.pop()
            inside = set(some)

            def left(number: int, inside: set[int] = inside, cut: frozenset[tuple[int, int]] = cut) -> list[int]:
                return [to for to in edges(number) if to in inside and (number, to) not in cut]

            for circle in graphs.circles(sorted(inside), left):
                passed = self._passed_seldom(circle, left)
                if passed:
                    work.append((circle, cut | passed))
                else:
                    yield circle

    def _passed_seldom(self, circle: list[int], edges: graphs.Edges) -> frozenset[tuple[int, int]]:
        """Return ways of a circle that a call passes a bounded number of times, those of one name."""
        inside = set(circle)
        for name, growing in self._growing.items():
            set_here = {n for n in circle if isinstance(state := self._states[n], Setting) and state.name == name}
            if not set_here or set_here - growing or name not in self._least:
                continue
            guards = frozenset(way for way in self._guards(name, inside) if way[1] in edges(way[0]))
            if guards and not guards & _circling(inside - set_here, edges):
                return guards
        return frozenset()

    def _guards(self, name: str, inside: set[int]) -> Iterator[tuple[int, int]]:
        for number in inside:
            state = self._states[number]
            if not isinstance(state, Branch) or state.then == state.other:
                continue
            for to, holds in ((state.then, True), (state.other, False)):
                most = _most(state.condition, name, holds=holds)
                if to in inside and most is not None and most - self._least[name] <= ROUNDS_MAX:
                    yield number, to


def _circling(nodes: set[int], edges: graphs.Edges) -> set[tuple[int, int]]:
    """Return the ways between nodes that can be gone again and again."""
    rounds = graphs.circles(sorted(nodes), lambda number: [to for to in edges(number) if to in nodes])
    return {(number, to) for part in rounds for number in part for to in edges(number) if to in part}


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


def _most(expr: Expr, name: str, *, holds: bool) -> int | None:
    """Return how large a name is at most where a condition holds or does not, None where it may be anything."""
    match expr:
        case Compare(op, Name(one), Const(int(bound))) if one == name and not isinstance(bound, bool):
            return _bound(op if holds else _OPPOSITE[op], bound)
        case Compare(op, Const(int(bound)), Name(one)) if one == name and not isinstance(bound, bool):
            return _bound(_MIRRORED[op] if holds else _OPPOSITE[_MIRRORED[op]], bound)
        case Negated(part):
            return _most(part, name, holds=not holds)
        case AllOf(parts) if holds:
            return next((most for part in parts if (most := _most(part, name, holds=True)) is not None), None)
        case AnyOf(parts) if not holds:
            return next((most for part in parts if (most := _most(part, name, holds=False)) is not None), None)
        case _:
            return None


def _bound(op: str, bound: int) -> int | None:
    return bound if op in ("<", "<=", "==") else None
