"""Who waits for whom, in which order, and how long it takes. Decides nothing about agents.

There is one line of callers for all groups; a group's queue is those who asked for that group. The order never
changes: a step of priority is worth `PRIORITY_STEP_MS` of waiting, so that it is the order of a corrected time of
arrival, and whoever waits long enough comes first.
"""

import bisect
from collections import Counter, deque
from collections.abc import Iterator

import attrs

from callflow.acd.agents import Leg
from callflow.engine.effects import Enqueue
from callflow.limits import PRIORITY_STEP_MS, WAIT_SAMPLES_MAX, WAIT_SAMPLES_MIN, WAIT_STEP_MS


@attrs.frozen
class Place:
    """A place in a group's queue: `since_ms` is the time of arrival, made earlier by the priority."""

    group: str
    since_ms: int
    joined_ms: int


@attrs.define(eq=False)
class Entry:
    """A caller who waits. `call` is the number of the call on this floor, `number` that of the arrival."""

    call: int
    number: int
    order: Enqueue
    place: Place
    groups: list[str]
    lines: int
    """How many phones may ring at once for this caller."""
    began_at: int = 1
    """The position at joining."""
    legs: list[Leg] = attrs.field(factory=list)
    tries: Counter[str] = attrs.field(factory=Counter)
    told: tuple[int, int] | None = None
    told_wait_ms: int | None = None
    not_rung_ms: dict[str, int] = attrs.field(factory=dict)
    """Agents whom this call did not ring although they were offered, and until when others are offered."""

    @property
    def key(self) -> tuple[int, int]:
        """Return what the line is ordered by."""
        return self.place.since_ms, self.number

    @property
    def draw(self) -> int:
        """Return chance for the next offer: another one each time."""
        return self.order.draw + self.tries.total()


class Queues:
    """All callers who wait, and what is known of the waits of those who were answered."""

    def __init__(self) -> None:
        self._line: list[Entry] = []
        self._arrivals = 0
        self._waits: dict[str, deque[float]] = {}
        """For each group: waits of callers who were answered, each divided by the position at joining."""
        self._moved: dict[str, None] = {}
        """Groups whose queue changed since `moved`."""

    def __iter__(self) -> Iterator[Entry]:
        """Go through the callers as they are now, who comes first in front."""
        return iter(tuple(self._line))

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._line)

    def of(self, group: str) -> list[Entry]:
        """Return who asked for a group, in order."""
        return [entry for entry in self._line if entry.order.group == group]

    def join(self, call: int, order: Enqueue, lines: int, now_ms: int) -> Entry:
        """Let a caller wait."""
        self._arrivals += 1
        place = Place(order.group, now_ms - order.priority * PRIORITY_STEP_MS, now_ms)
        entry = Entry(call, self._arrivals, order, place, [order.group], lines)
        bisect.insort(self._line, entry, key=lambda one: one.key)
        self._moved[order.group] = None
        entry.began_at = self.of(order.group).index(entry) + 1
        return entry

    def leave(self, entry: Entry, now_ms: int, *, answered: bool) -> None:
        """Take a caller out. Who was answered tells the others how long it takes."""
        self._line.remove(entry)
        self._moved[entry.order.group] = None
        if answered:
            waits = self._waits.setdefault(entry.order.group, deque(maxlen=WAIT_SAMPLES_MAX))
            waits.append((now_ms - entry.place.joined_ms) / entry.began_at)

    def moved(self) -> Iterator[tuple[Entry, int, int, int | None]]:
        """Yield those whose place changed since the last time: with position, length and expected wait."""
        groups, self._moved = list(self._moved), {}
        for group in groups:
            entries = self.of(group)
            for position, entry in enumerate(entries, start=1):
                if entry.told == (position, len(entries)):
                    continue
                entry.told = position, len(entries)
                wait_ms = self._expected_ms(group, position)
                if wait_ms is not None and entry.told_wait_ms is not None:
                    wait_ms = min(wait_ms, entry.told_wait_ms + WAIT_STEP_MS)
                entry.told_wait_ms = entry.told_wait_ms if wait_ms is None else wait_ms
                yield entry, position, len(entries), wait_ms

    def agent_left(self, groups: set[str]) -> None:
        """Let expected waits grow: an agent of these groups is on duty no longer."""
        for entry in self._line:
            if not groups.isdisjoint(entry.groups):
                entry.told_wait_ms = None

    def _expected_ms(self, group: str, position: int) -> int | None:
        waits = sorted(self._waits.get(group, ()))
        if len(waits) < WAIT_SAMPLES_MIN:
            return None
        middle = len(waits) // 2
        median = waits[middle] if len(waits) % 2 else (waits[middle - 1] + waits[middle]) / 2
        return max(1, round(median * position / WAIT_STEP_MS)) * WAIT_STEP_MS
