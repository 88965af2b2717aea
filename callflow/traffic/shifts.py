"""When agents are there: shifts in the syntax of schedules, kept in a world."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from callflow.acd.agents import Availability
from callflow.almanac.hours import Hours, HoursRefused, RegionUnknown, TimezoneUnknown, compile_hours
from callflow.machine.model import Machine
from callflow.sim.world import World
from callflow.words import did_you_mean, listed_some

_AFTER_MS: Final = 86_400_000
"""For how long shifts change after the last call has come in: calls under way go on."""


class ShiftsRefused(ValueError):
    """Shifts that cannot be kept; the message is for the user."""


def read_shifts(text: str) -> dict[str, str]:
    """Return shifts by agent. The file is CSV with the columns `agent` and `hours`. Raises ShiftsRefused."""
    reader = csv.DictReader(io.StringIO(text), restval="", skipinitialspace=True)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"agent", "hours"} <= set(reader.fieldnames):
        raise ShiftsRefused("shifts are a file with the columns `agent` and `hours`")
    found: dict[str, str] = {}
    for row in reader:
        name, hours = row["agent"].strip(), row["hours"].strip()
        if name:
            found[name] = f"{found[name]}; {hours}" if name in found else hours
    return found


def understood(machine: Machine, shifts: Mapping[str, str]) -> dict[str, Hours]:
    """Return the shifts of a machine's agents. Raises ShiftsRefused."""
    found: dict[str, Hours] = {}
    for name, hours in shifts.items():
        if name not in machine.agents:
            agents = list(machine.agents)
            help_ = did_you_mean(name, agents, f"there are {listed_some(agents)}")
            raise ShiftsRefused(f"nobody is called `{name}`; {help_}")
        try:
            found[name] = compile_hours(hours, machine.timezone or "UTC", machine.region)
        except (HoursRefused, RegionUnknown, TimezoneUnknown) as refused:
            raise ShiftsRefused(f"`{hours}` of {name}: {refused}") from None
    return found


def keep(world: World, shifts: Mapping[str, Hours], begins_ms: int, lasts_ms: int) -> None:
    """Let agents come and go. Who talks when a shift ends goes on talking.

    Args:
        world: Where they are.
        shifts: When they are there.
        begins_ms: The wall clock of the beginning, milliseconds since 1970 UTC.
        lasts_ms: How long calls come in.
    """
    for name, hours in shifts.items():
        _change(world, name, _changes(hours, begins_ms, lasts_ms + _AFTER_MS))


def _change(world: World, name: str, changes: Iterator[tuple[int, bool]]) -> None:
    """Let an agent come or go when it is time, and be ready for the next time."""
    at_ms, is_there = next(changes, (-1, False))
    if at_ms < 0:
        return

    def do() -> None:
        world.floor.set_presence(name, Availability.AVAILABLE if is_there else Availability.AWAY, world.now_ms)
        _change(world, name, changes)

    if at_ms == 0:
        do()
    else:
        world.plan(at_ms, do)


def _changes(hours: Hours, begins_ms: int, until_ms: int) -> Iterator[tuple[int, bool]]:
    """Yield when somebody comes, True, or goes: the first at the beginning."""
    at_ms = 0
    while at_ms < until_ms:
        state = hours.at(begins_ms + at_ms)
        yield at_ms, state.open
        if state.until_ms is None:
            return
        at_ms = state.until_ms - begins_ms


def there_ms(hours: Hours | None, begins_ms: int, lasts_ms: int, tell: Callable[[int, int], None] | None = None) -> int:
    """Return for how long somebody is there while calls come in; None: all the time. `tell` is told each stretch."""
    if hours is None:
        if tell is not None:
            tell(0, lasts_ms)
        return lasts_ms
    total = 0
    changes = [*_changes(hours, begins_ms, lasts_ms), (lasts_ms, False)]
    for (at_ms, is_there), (to_ms, _) in itertools.pairwise(changes):
        if is_there:
            total += min(to_ms, lasts_ms) - at_ms
            if tell is not None:
                tell(at_ms, min(to_ms, lasts_ms))
    return total
