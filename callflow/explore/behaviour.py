"""How two schemes differ for those who call: every call of either is made to both."""

from collections.abc import Iterator
from itertools import zip_longest

import attrs

from callflow.coverage.coverage import Coverage
from callflow.explore.explorer import WALKS_MAX, Explored, Progress, each
from callflow.explore.given import Ground, Plan
from callflow.explore.told import told
from callflow.explore.walk import Call, usual
from callflow.machine.labels import label
from callflow.machine.model import Machine
from callflow.sim.beside import Row, happened, rows


@attrs.define
class Difference:
    """Calls that begin to go differently in the same way: the first of them, in both, and how many there are."""

    way: str
    old: Call
    new: Call
    rows: list[Row]
    calls: int = 1


@attrs.frozen
class Compared:
    """The calls of two schemes. `complete`: no other call could differ."""

    calls: int
    complete: bool
    differences: tuple[Difference, ...]

    @property
    def different(self) -> int:
        """Return how many calls go differently."""
        return sum(one.calls for one in self.differences)


def compare(old: Machine, new: Machine, most: int = WALKS_MAX, progress: Progress | None = None) -> Compared:
    """Return how the calls of two schemes differ. `most` calls are tried in each.

    A call is what the caller, agents and the world decide, in the order in which it is asked for; where one scheme asks
    for more than the other, the caller does nothing and agents answer.
    """
    grounds = Ground(old), Ground(new)
    found: dict[tuple[str, str], Difference] = {}
    calls, complete = 0, True
    for called, plan, whole in _calls(old, new, most, progress):
        complete = complete and whole
        if plan is None:
            continue
        calls += 1
        in_old, in_new = (usual(ground, called, plan) for ground in grounds)
        beside = rows(happened(in_old.journal), happened(in_new.journal))
        first = next((row for row in beside if row.differs), None)
        if first is None:
            continue
        parts = _parting(_steps(old, in_old), _steps(new, in_new)) or (first.old, first.new)
        if parts in found:
            found[parts].calls += 1
        else:
            found[parts] = Difference(told(called, plan), in_old, in_new, beside)
    return Compared(calls, complete, tuple(found.values()))


def _steps(machine: Machine, call: Call) -> list[str]:
    return [label(machine.states[number], tuple(machine.schedules)) for number in call.known.passed]


def _parting(old: list[str], new: list[str]) -> tuple[str, str] | None:
    """Return the first steps that differ, None: the calls came through the same."""
    pairs = zip_longest(old, new, fillvalue="")
    return next(((one, other) for one, other in pairs if one != other), None)


def _calls(old: Machine, new: Machine, most: int, progress: Progress | None) -> Iterator[tuple[str, Plan | None, bool]]:
    """Yield each call of either scheme once; and for each scheme whether these were all."""
    seen: set[tuple[object, ...]] = set()
    for machine in (old, new):
        done = Explored(machine, Coverage(machine))
        for one in each(done, most, progress):
            key = (one.called, *((kind, name, str(value)) for (kind, name), value in one.plan.items()))
            if key not in seen:
                seen.add(key)
                yield one.called, one.plan, True
        yield "", None, done.complete
