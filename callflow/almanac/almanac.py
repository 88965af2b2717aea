"""Every schedule of a machine, and what to report when a call asks after one. Reads no clock: the instant comes in."""

from collections.abc import Mapping
from typing import Final

from callflow.almanac.hours import Hours, compile_hours
from callflow.engine.events import ScheduleReported
from callflow.machine.model import Machine

HELD_OPEN: Final = "held open by hand"
HELD_CLOSED: Final = "held closed by hand"


class Schedules:
    """The schedules of one machine, each understood once; fits `runner.runner.Almanac`.

    `forced` holds schedules open or closed by hand, by their name.
    """

    def __init__(self, machine: Machine, forced: Mapping[str, bool] | None = None, years: range | None = None) -> None:
        """Understand all schedules. `years` are those whose holidays are worked out now and not during a call.

        Raises what `compile_hours` raises; the checker lets no such scheme through.
        """
        self._forced = dict(forced or {})
        strange = self._forced.keys() - machine.schedules.keys()
        assert not strange, f"schedules {sorted(strange)} are forced but not declared"
        self._hours: dict[str, Hours] = {
            name: compile_hours(schedule.hours, machine.timezone, machine.region, years)
            for name, schedule in machine.schedules.items()
        }

    def report(self, schedule: str, ticket: int, at_ms: int, wall_ms: int) -> ScheduleReported:
        """Return the state of `schedule` at `wall_ms` (milliseconds since 1970 UTC) as the event for `ticket`."""
        forced = self._forced.get(schedule)
        if forced is not None:
            return ScheduleReported(
                at_ms=at_ms, ticket=ticket, open=forced, reason=HELD_OPEN if forced else HELD_CLOSED, until_ms=None
            )
        state = self._hours[schedule].at(wall_ms)
        return ScheduleReported(
            at_ms=at_ms, ticket=ticket, open=state.open, reason=state.reason, until_ms=state.until_ms
        )
