"""What a schedule says day by day, and when it changes. Values for people's lists; reads no clock."""

import datetime as dt
from collections.abc import Iterator

import attrs

from callflow.almanac.hours import Hours
from callflow.almanac.zones import Zone


@attrs.frozen
class Opening:
    """Hours of one day, in milliseconds since 1970 UTC. They end with the day at the latest."""

    start_ms: int
    end_ms: int
    reason: str
    """Why it is open, empty where that is the usual."""


@attrs.frozen
class Day:
    """One day of a schedule."""

    date: dt.date
    start_ms: int
    end_ms: int
    open: tuple[Opening, ...]
    reasons: tuple[str, ...]
    """What makes it a day unlike others: holidays, dates, comments."""
    leap: tuple[dt.datetime, dt.datetime] | None = None
    """From which wall onto which one the clock is put on that day."""


@attrs.frozen
class Change:
    """A schedule opens or closes. `reason` is empty where that is the usual."""

    at_ms: int
    open: bool
    reason: str


def days(hours: Hours, first: dt.date, last: dt.date) -> Iterator[Day]:
    """Yield the days from the first to the last one. A day that a zone leaps over is left out."""
    stretches = list(hours.between(first, last + dt.timedelta(days=1)))
    position = 0
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        start_ms, end_ms = hours.zone.start(day), hours.zone.start(day + dt.timedelta(days=1))
        if start_ms == end_ms:
            continue
        while stretches[position].end_ms <= start_ms:
            position += 1
        found: list[Opening] = []
        reasons: dict[str, None] = {}
        for one in stretches[position:]:
            if one.start_ms >= end_ms:
                break
            reason = one.reason if one.special else ""
            reasons.setdefault(reason)
            if one.open:
                _append(found, Opening(max(one.start_ms, start_ms), min(one.end_ms, end_ms), reason))
        leap = _leap(hours.zone, start_ms, end_ms)
        yield Day(day, start_ms, end_ms, tuple(found), tuple(one for one in reasons if one), leap)


def changes(hours: Hours, from_ms: int, count: int) -> Iterator[Change]:
    """Yield the next changes after an instant, fewer when there is none within 366 days of the one before."""
    at_ms = hours.at(from_ms).until_ms
    for _ in range(count):
        if at_ms is None:
            return
        state = hours.at(at_ms)
        yield Change(at_ms, state.open, state.reason if state.special else "")
        at_ms = state.until_ms


def _append(found: list[Opening], more: Opening) -> None:
    """Add hours; those that go on for the same reason become one."""
    if found and found[-1].end_ms == more.start_ms and found[-1].reason == more.reason:
        more = attrs.evolve(found.pop(), end_ms=more.end_ms)
    found.append(more)


def _leap(zone: Zone, start_ms: int, end_ms: int) -> tuple[dt.datetime, dt.datetime] | None:
    at_ms = zone.change(start_ms, end_ms)
    if at_ms is None:
        return None
    return zone.wall(at_ms - 1) + dt.timedelta(milliseconds=1), zone.wall(at_ms)
