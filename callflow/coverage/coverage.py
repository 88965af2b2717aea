"""What calls went through of a machine: states and ways out of them, each with how often."""

from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from callflow.coverage.ways import Via, Way, ways_of
from callflow.machine.exits import AGAIN, exits
from callflow.machine.labels import label
from callflow.machine.model import Machine, Menu


@attrs.frozen
class Share:
    """So many of so many."""

    done: int
    of: int

    @property
    def percent(self) -> float:
        """Return the share; of nothing all is done."""
        return 100 * self.done / self.of if self.of else 100.0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.done + other.done, self.of + other.of)


@attrs.frozen
class Missed:
    """What no call did at a place: never there at all, or never gone by these ways."""

    state: int
    ways: tuple[str, ...] = ()


@attrs.define
class Coverage:
    """What calls went through. Only calls of a machine that is `ways.marked` tell by which ways."""

    machine: Machine
    states: Counter[int] = attrs.field(factory=Counter)
    ways: Counter[Way] = attrs.field(factory=Counter)
    wanted: frozenset[int] = attrs.field(init=False)
    """The states that a call can get to. A flow that is only ever run stands in others, and not for itself."""

    def __attrs_post_init__(self) -> None:
        """Find the states that a call can get to."""
        machine = self.machine
        work = [machine.start, *machine.numbers.values(), *machine.handlers.values()]
        found: set[int] = set()
        while work:
            number = work.pop()
            if number not in found:
                found.add(number)
                work.extend(target for _, target in exits(machine.states[number]))
        self.wanted = frozenset(found)

    def add(self, passed: Iterable[int]) -> None:
        """Take in the states that a call entered, in order."""
        for number in passed:
            self.states[int(number)] += 1
            if isinstance(number, Via):
                self.ways[number.way] += 1

    def all_ways(self) -> Iterator[Way]:
        """Yield the ways that calls can go: a pass that begins anew is no way of its own, the menu counts it."""
        for way in ways_of(self.machine):
            if way.state in self.wanted and way.label != AGAIN:
                yield way

    def share(self, flow: str | None = None) -> tuple[Share, Share]:
        """Return how many of the states, and how many of the ways out of them, were gone: in all flows, or in one."""
        numbers = {n for n in self.wanted if flow is None or self.machine.states[n].where.flow == flow}
        ways = [way for way in self.all_ways() if way.state in numbers]
        return (
            Share(sum(number in self.states for number in numbers), len(numbers)),
            Share(sum(way in self.ways for way in ways), len(ways)),
        )

    @property
    def percent(self) -> float:
        """Return the share of states and ways together."""
        states, ways = self.share()
        return (states + ways).percent

    def flows(self) -> list[str]:
        """Return the flows, and the blocks that run beside a call, in the order of their first states."""
        return list(dict.fromkeys(self.machine.states[number].where.flow for number in sorted(self.wanted)))

    def missed(self) -> list[Missed]:
        """Return what no call did, in the order in which it is written."""
        left: dict[int, list[str]] = {}
        for way in self.all_ways():
            if way.state in self.states and way not in self.ways:
                left.setdefault(way.state, []).append(self.named(way))
        found = [
            Missed(number, tuple(left.get(number, ())))
            for number in self.wanted
            if number not in self.states or number in left
        ]
        return sorted(found, key=lambda one: self._place(one.state))

    def named(self, way: Way) -> str:
        """Return what a way is called for people."""
        if isinstance(self.machine.states[way.state], Menu) and len(way.label) == 1:
            return f"key {way.label}"
        return way.label or "what follows"

    def label(self, number: int) -> str:
        """Return a state as it was written."""
        return label(self.machine.states[number], tuple(self.machine.schedules))

    def _place(self, number: int) -> tuple[str, int, int]:
        where = self.machine.states[number].where
        return where.file, where.line, number
