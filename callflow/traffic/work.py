"""Days that are worked out on all cores."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

import attrs

from callflow.almanac.almanac import Schedules
from callflow.coverage.ways import marked
from callflow.machine.model import Machine
from callflow.traffic import shifts
from callflow.traffic.day import run
from callflow.traffic.demand import Demand
from callflow.traffic.figures import Counted, DayFigures


@attrs.frozen
class Task:
    """A day to be worked out. Times in milliseconds; `begins_ms` since 1970 UTC."""

    machine: Machine
    demand: Demand
    seed: int
    begins_ms: int
    lasts_ms: int
    within_ms: int
    """Who is answered within this time is served well."""


def counted(task: Task) -> DayFigures:
    """Return a day in figures."""
    machine = marked(task.machine)
    known = shifts.understood(machine, task.demand.shifts)
    found = Counted(machine, known, task.begins_ms, task.lasts_ms, task.within_ms)
    run(machine, Schedules(machine), task.demand, task.seed, task.begins_ms, task.lasts_ms, found.add)
    return found.figures()


def all_counted(tasks: Iterable[Task]) -> Iterator[DayFigures]:
    """Yield days in figures, in their order, as they are ready."""
    tasks = list(tasks)
    if len(tasks) == 1:
        yield counted(tasks[0])
        return
    with ProcessPoolExecutor() as pool:
        yield from pool.map(counted, tasks)
