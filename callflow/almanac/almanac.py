"""Every schedule of a machine, and what to report when a call asks after one. Reads no clock: the instant comes in.

A schedule can be held open or closed by hand, with an end or without one. Who is held is kept in a mapping that may
belong to somebody else; one that has ended counts for nothing and need not be removed.
"""

from collections.abc import Mapping, MutableMapping
from typing import Final

import attrs

from callflow.almanac.describe import describe, until
from callflow.almanac.hours import UNTIL_MS_MAX, Hours, HoursState, compile_hours
from callflow.engine.events import ScheduleReported
from callflow.machine.model import Machine

HELD_OPEN: Final = "held open by hand"
HELD_CLOSED: Final = "held closed by hand"


@attrs.frozen
class Override:
    """A schedule held open or closed by hand, up to `until_ms` (milliseconds since 1970 UTC), None: until released."""

    schedule: str
    open: bool
    until_ms: int | None = None


class Schedules:
    """The schedules of one machine, each understood once; fits `runner.runner.Almanac`."""

    def __init__(
        self,
        machine: Machine,
        forced: Mapping[str, bool] | None = None,
        years: range | None = None,
        overrides: MutableMapping[str, Override] | None = None,
    ) -> None:
        """Understand all schedules. `years` are those whose holidays are worked out now and not during a call.

        `overrides` holds schedules by their name and may change at any time; names that are not declared do nothing.
        `forced` are put there at once, without an end. Raises what `compile_hours` raises; the checker lets no such
        scheme through.
        """
        self._overrides: MutableMapping[str, Override] = {} if overrides is None else overrides
        self._hours: dict[str, Hours] = {
            name: compile_hours(schedule.hours, machine.timezone, machine.region, years)
            for name, schedule in machine.schedules.items()
        }
        for name, is_open in (forced or {}).items():
            self.force(name, is_open)

    def hours(self, schedule: str) -> Hours:
        """Return the schedule's own hours."""
        return self._hours[schedule]

    def force(self, schedule: str, is_open: bool, until_ms: int | None = None) -> None:  # noqa: FBT001
        """Hold a schedule open or closed; it comes back by itself at `until_ms`, None: when it is released."""
        assert schedule in self._hours, f"the schedule `{schedule}` is held but not declared"
        self._overrides[schedule] = Override(schedule, is_open, until_ms)

    def force_until_change(self, schedule: str, is_open: bool, wall_ms: int) -> Override:  # noqa: FBT001
        """Hold a schedule from `wall_ms` on until its own hours change next. Returns what holds it."""
        self.force(schedule, is_open, self._hours[schedule].at(wall_ms).until_ms)
        return self._overrides[schedule]

    def release(self, schedule: str) -> None:
        """Let a schedule go by its hours again, where it was held."""
        self._overrides.pop(schedule, None)

    def held(self, schedule: str, wall_ms: int) -> Override | None:
        """Return what holds a schedule at an instant, None: it goes by its hours."""
        override = self._overrides.get(schedule)
        if override is None or (override.until_ms is not None and override.until_ms <= wall_ms):
            return None
        return override

    def state(self, schedule: str, wall_ms: int) -> HoursState:
        """Return what holds at an instant, by hand or by the hours; `until_ms` is when that changes next."""
        hours = self._hours[schedule]
        override = self.held(schedule, wall_ms)
        if override is None:
            return hours.at(wall_ms)
        reason = HELD_OPEN if override.open else HELD_CLOSED
        end_ms = override.until_ms
        if end_ms is None:
            return HoursState(override.open, reason, special=True)
        after = hours.at(end_ms)
        change_ms = end_ms if after.open != override.open else after.until_ms
        near = change_ms is not None and change_ms - wall_ms <= UNTIL_MS_MAX
        return HoursState(
            open=override.open,
            reason=f"{reason} until {until(end_ms, wall_ms, hours.zone).removesuffix(' today')}",
            until_ms=change_ms if near else None,
            special=True,
        )

    def describe(self, schedule: str, wall_ms: int) -> str:
        """Return what holds at an instant in a sentence: `open until 18:00 today`."""
        return describe(self.state(schedule, wall_ms), wall_ms, self._hours[schedule].zone)

    def report(self, schedule: str, ticket: int, at_ms: int, wall_ms: int) -> ScheduleReported:
        """Return the state of `schedule` at `wall_ms` (milliseconds since 1970 UTC) as the event for `ticket`."""
        state = self.state(schedule, wall_ms)
        return ScheduleReported(
            at_ms=at_ms,
            ticket=ticket,
            open=state.open,
            reason=state.reason,
            until_ms=state.until_ms,
            opens_ms=state.opens_ms,
        )
