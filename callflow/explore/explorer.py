"""Every way through a scheme, the shortest calls first; and few calls that go all of them."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

import attrs

from callflow.coverage.coverage import Coverage
from callflow.coverage.ways import Via, Way, marked
from callflow.engine.session import Disposition
from callflow.explore.given import Ground, Plan
from callflow.explore.walk import Call, Halt, Known, usual, walk
from callflow.machine.model import Machine

WALKS_MAX: Final = 20_000
"""Calls tried when nobody says how many; a scheme of some hundred states takes a few thousand."""

Progress = Callable[[int, int], None]
"""Is told how many calls were tried, and how many wait to be."""


Wanted = Callable[[Known], bool]
"""Says whether a call is one that is looked for."""


@attrs.frozen
class Found:
    """A call that came to its end, and what was decided in it."""

    called: str
    plan: Plan
    call: Call

    @property
    def ways(self) -> frozenset[Way]:
        """Return the ways it went."""
        return ways_of(self.call.known)


def ways_of(known: Known) -> frozenset[Way]:
    """Return the ways that a call went."""
    return frozenset(number.way for number in known.passed if isinstance(number, Via))


@attrs.define
class Explored:
    """What became of all calls. `complete`: nothing was left to be tried."""

    machine: Machine
    coverage: Coverage
    found: list[Found] = attrs.field(factory=list)
    walks: int = 0
    complete: bool = True
    heard: set[str] = attrs.field(factory=set)
    silent_ms: int = 0
    """The longest time for which a caller hears nothing and talks with nobody."""
    waited_ms: int = 0
    """The longest time a caller waits for somebody at a stretch."""

    def note(self, known: Known) -> None:
        """Take in what is known of a call."""
        self.coverage.add(known.passed)
        self.heard |= known.heard
        self.silent_ms = max(self.silent_ms, known.silent_ms)
        self.waited_ms = max(self.waited_ms, known.waited_ms)

    @property
    def stuck(self) -> list[Found]:
        """Return the calls that a bound of the host had to end."""
        return [one for one in self.found if one.call.outcome is Disposition.FAILED]

    def unheard(self) -> list[str]:
        """Return the prompts of the scheme that no caller heard."""
        return [
            name
            for name, prompt in self.machine.prompts.items()
            if "." not in name and not self.heard.intersection((*prompt.texts.values(), *prompt.files.values()))
        ]

    def fewest(self) -> list[Found]:
        """Return few calls that go every way that any of them goes: those that add most first, then the shortest."""
        ways = {number: one.ways for number, one in enumerate(self.found)}
        left = {way for gone in ways.values() for way in gone}
        chosen: list[Found] = []
        while left:
            best = max(ways, key=lambda number: (len(left & ways[number]), -len(self.found[number].plan), -number))
            chosen.append(self.found[best])
            left -= ways[best]
        return chosen


def explore(machine: Machine, most: int = WALKS_MAX, progress: Progress | None = None) -> Explored:
    """Return what becomes of every caller, as far as `most` calls tell."""
    done = Explored(machine, Coverage(machine))
    for _ in each(done, most, progress):
        pass
    return done


def each(
    done: Explored, most: int = WALKS_MAX, progress: Progress | None = None, until: Wanted | None = None
) -> Iterator[Found]:
    """Yield calls that came to their end, those with the fewest decisions first, and take them into `done`.

    A call that comes to a place where another was before is followed no further, unless it went a way that is new:
    then it goes on to its end the usual way. So does one that is what `until` looks for.
    """
    ground = Ground(marked(done.machine))
    seen: set[object] = set()
    gone: set[Way] = set()
    todo: deque[tuple[str, Plan, frozenset[Way]]] = deque(
        (called, {}, frozenset()) for called in ("", *done.machine.numbers)
    )
    """Calls to be tried, each with the ways that it goes at least."""
    while todo:
        called, plan, ways = todo.popleft()
        if done.walks >= most:
            done.complete = False
            if not ways <= gone:
                yield _taken(done, gone, Found(called, plan, usual(ground, called, plan)))
            continue
        done.walks += 1
        if progress is not None:
            progress(done.walks, len(todo))
        went = walk(ground, called, plan)
        if isinstance(went, Halt):
            done.note(went.known)
            is_it = until is not None and until(went.known)
            if went.place not in seen and not is_it:
                seen.add(went.place)
                ways = ways_of(went.known)
                todo.extend((called, {**plan, key: value}, ways) for key, value in went.question.answers)
                continue
            if ways_of(went.known) <= gone and not is_it:
                continue
            went = usual(ground, called, plan)
        yield _taken(done, gone, Found(called, plan, went))


def _taken(done: Explored, gone: set[Way], found: Found) -> Found:
    """Return a call that came to its end, taken into the account."""
    done.note(found.call.known)
    done.found.append(found)
    gone |= found.ways
    return found
