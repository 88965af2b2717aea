"""Schedules as calls find them: the almanac, and what was held open or closed by a call or by hand."""

import datetime as dt
from typing import Protocol, assert_never

import attrs

from callflow.almanac.almanac import HELD_CLOSED, HELD_OPEN
from callflow.almanac.zones import zone
from callflow.engine.effects import Force
from callflow.engine.events import ScheduleReported
from callflow.machine.model import Until


class Almanac(Protocol):
    """Says what a schedule is at an instant."""

    def report(self, schedule: str, ticket: int, at_ms: int, wall_ms: int) -> ScheduleReported:
        """Return the state of `schedule` at `wall_ms` (milliseconds since 1970 UTC) as the event for `ticket`."""


@attrs.frozen
class Hold:
    """A schedule is held. `until_ms` is in milliseconds since 1970 UTC; None: until it is released."""

    open: bool
    until_ms: int | None


class Calendar:
    """The schedules of one version of a scheme. What is held holds for all versions: they share `holds`, by name."""

    def __init__(self, almanac: Almanac, timezone: str, holds: dict[str, Hold]) -> None:
        self._almanac = almanac
        self._zone = zone(timezone or "UTC")
        self._holds = holds

    def held(self, schedule: str, wall_ms: int) -> Hold | None:
        """Return how a schedule is held now, None: not at all."""
        hold = self._holds.get(schedule)
        if hold is not None and hold.until_ms is not None and hold.until_ms <= wall_ms:
            del self._holds[schedule]
            return None
        return hold

    def force(self, order: Force, wall_ms: int) -> None:
        """Hold a schedule, or release it."""
        until_ms: int | None = None
        match order.until:
            case Until.RELEASED:
                self._holds.pop(order.schedule, None)
                return
            case Until.WHILE:
                until_ms = None if order.for_ms is None else wall_ms + order.for_ms
            case Until.TIME:
                until_ms = self._next(order.time, wall_ms)
            case Until.CHANGE:
                until_ms = self._almanac.report(order.schedule, 0, 0, wall_ms).until_ms
            case _:
                assert_never(order.until)
        self._holds[order.schedule] = Hold(order.open, until_ms)

    def report(self, schedule: str, ticket: int, at_ms: int, wall_ms: int) -> ScheduleReported:
        """Return the state of `schedule` at `wall_ms` (milliseconds since 1970 UTC) as the event for `ticket`."""
        hold = self.held(schedule, wall_ms)
        if hold is None:
            return self._almanac.report(schedule, ticket, at_ms, wall_ms)
        reason = HELD_OPEN if hold.open else HELD_CLOSED
        changes_ms = self._changes_ms(schedule, hold)
        opens_ms = None if hold.open else changes_ms
        return ScheduleReported(at_ms, ticket, hold.open, reason, changes_ms, opens_ms)

    def _changes_ms(self, schedule: str, hold: Hold) -> int | None:
        """Return when a held schedule becomes the other thing: when it is let go, or at its own change after that."""
        if hold.until_ms is None:
            return None
        after = self._almanac.report(schedule, 0, 0, hold.until_ms)
        return hold.until_ms if after.open is not hold.open else after.until_ms

    def _next(self, time: str, wall_ms: int) -> int:
        """Return the next instant at which clocks in the scheme's time zone show a time."""
        hours, _, minutes = time.partition(":")
        day = dt.datetime.combine(self._zone.wall(wall_ms).date(), dt.time())
        for days in (0, 1):
            moment = day + dt.timedelta(days=days, hours=int(hours), minutes=int(minutes))
            if (instant_ms := self._zone.opening(moment)) > wall_ms:
                return instant_ms
        raise AssertionError(time)
