"""Whether a place is open at an instant, and until when. Reads no clock: the instant comes in.

Hours are walls, half-open, and belong to the day they begin: `Fr 22:00-06:00` is open on Saturday at 02:00, whatever
Saturday's own rules say, unless they name that time. Where a clock jumps forward, a time that does not exist is the
end of the gap. Where it goes back, hours cover both passes: the first one opens, the last one closes.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import attrs

from callflow.almanac.regions import RegionUnknown, known_region, near_regions
from callflow.almanac.spelling import DAY_MINUTES, Days, HoursRefused, Part, Rule, read_rules
from callflow.almanac.zones import TimezoneUnknown, Zone, known_timezone, near_timezones, zone

__all__ = [
    "Hours",
    "HoursRefused",
    "HoursState",
    "RegionUnknown",
    "Stretch",
    "TimezoneUnknown",
    "compile_hours",
    "known_region",
    "known_timezone",
    "near_regions",
    "near_timezones",
]

UNTIL_MS_MAX: Final = 366 * 86_400_000
"""How far ahead a change is told. A year holds every date once; what is further is as good as never."""

_SCAN_DAYS: Final = 2 * 366
"""How many days are searched for a change: twice `UNTIL_MS_MAX`, so that hours that never change are searched once in
a year of calls."""

_BEHIND_DAYS: Final = 2
"""How many days before an instant are looked at: hours reach into the next day, a clock goes back by a day at most."""

_FIRST_MS: Final = -2_208_988_800_000
_LAST_MS: Final = 221_845_392_000_000
"""The years 1900 to 9000: further away an answer is that of the nearer end, since dates end with the year 9999."""

_Why = tuple[str, bool]
"""A reason, and whether it is out of the ordinary."""

_Span = tuple[int, int, bool, _Why]
"""Start and end in minutes of a day, whether open, and why."""


class Stretch(NamedTuple):
    """What holds from one instant up to another, in milliseconds since 1970 UTC."""

    start_ms: int
    end_ms: int
    open: bool
    reason: str
    special: bool


@attrs.frozen
class HoursState:
    """What holds at an instant. `until_ms` is when open changes to closed or back, None: not within 366 days."""

    open: bool
    reason: str = ""
    """The comment of the rule that decides, the public holiday, or the rule itself. Empty: closed because no rule
    opens."""
    until_ms: int | None = None
    special: bool = False
    """Whether the reason is out of the ordinary: not that of a week like any other."""

    @property
    def opens_ms(self) -> int | None:
        """Return when it opens next, None: open now, or not within 366 days."""
        return None if self.open else self.until_ms


@attrs.frozen
class _Known:
    """One stretch of the last answer, good for every instant in it. `searched_ms` is how far no other change is."""

    stretch: Stretch
    change_ms: int | None
    searched_ms: int

    def at(self, at_ms: int) -> HoursState | None:
        """Return the answer for an instant, None where this stretch does not know it."""
        start_ms, end_ms, is_open, reason, special = self.stretch
        if not start_ms <= at_ms < end_ms:
            return None
        if self.change_ms is None and self.searched_ms - at_ms < UNTIL_MS_MAX:
            return None
        near = self.change_ms is not None and self.change_ms - at_ms <= UNTIL_MS_MAX
        return HoursState(is_open, reason, self.change_ms if near else None, special)


class Hours:
    """Opening hours that were understood."""

    def __init__(
        self,
        zone: Zone,
        rules: tuple[tuple[Rule, Callable[[dt.date], bool]], ...],
        holiday: Callable[[dt.date], str | None] | None,
    ) -> None:
        self.zone = zone
        self._rules = rules
        self._holiday = holiday
        self._known: _Known | None = None

    @property
    def has_holidays(self) -> bool:
        """Return whether a rule names public holidays."""
        return self._holiday is not None

    def at(self, wall_ms: int) -> HoursState:
        """Return what holds at an instant, in milliseconds since 1970 UTC."""
        wall_ms = min(max(wall_ms, _FIRST_MS), _LAST_MS)
        known = self._known  # one read: another thread may put another one there
        state = None if known is None else known.at(wall_ms)
        if state is not None:
            return state
        self._known = known = self._search(wall_ms)
        state = known.at(wall_ms)
        assert state is not None, "the stretch that was searched for holds the instant"
        return state

    def _search(self, at_ms: int) -> _Known:
        """Find the stretch that holds an instant, and the change after it."""
        today = self.zone.wall(at_ms).date()
        first = today - dt.timedelta(days=_BEHIND_DAYS)
        last = today + dt.timedelta(days=_SCAN_DAYS)
        searched_ms = self.zone.start(last)
        stretches = self._stretches(first, last)
        now = next(one for one in stretches if at_ms < one.end_ms)
        change_ms = next((later.start_ms for later in stretches if later.open != now.open), None)
        return _Known(now, change_ms, searched_ms)

    def between(self, first: dt.date, last: dt.date) -> Iterator[Stretch]:
        """Yield what holds from the first instant of one day up to that of another, without gaps."""
        begin, end = (self.zone.start(day) for day in (first, last))
        for one in self._stretches(first - dt.timedelta(days=_BEHIND_DAYS), last):
            if one.end_ms > begin and one.start_ms < end:
                yield one._replace(start_ms=max(one.start_ms, begin), end_ms=min(one.end_ms, end))

    def _stretches(self, first: dt.date, last: dt.date) -> Iterator[Stretch]:
        """Yield what holds from the start of one day to the start of another, without gaps, as instants."""
        position: int | None = None
        before_open = False
        pending: tuple[int, bool, _Why] | None = None
        for wall, is_open, why in self._changes(first, last):
            begin = self.zone.closing(wall) if before_open and not is_open else self.zone.opening(wall)
            if pending is not None:
                start = pending[0] if position is None else max(pending[0], position)
                if start < begin:
                    yield Stretch(start, begin, pending[1], *pending[2])
                    position = begin
            pending, before_open = (begin, is_open, why), is_open
        end = self.zone.start(last)
        assert pending is not None, "there is at least one day"
        start = pending[0] if position is None else max(pending[0], position)
        if start < end:
            yield Stretch(start, end, pending[1], *pending[2])

    def _changes(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.datetime, bool, _Why]]:
        """Yield from which wall on what holds; consecutive ones differ."""
        before: tuple[bool, _Why] | None = None
        day = first
        spill = self._spill(self._day(first - dt.timedelta(days=1))[1])
        while day < last:
            closed, spans = self._day(day)
            midnight = dt.datetime.combine(day, dt.time())
            for minute, is_open, why in _painted(closed, (*spill, *spans)):
                if (is_open, why) != before:
                    yield midnight + dt.timedelta(minutes=minute), is_open, why
                    before = (is_open, why)
            spill = self._spill(spans)
            day += dt.timedelta(days=1)

    def _spill(self, spans: tuple[_Span, ...]) -> tuple[_Span, ...]:
        """Return what of a day's hours lies in the next day."""
        return tuple(
            (max(start - DAY_MINUTES, 0), end - DAY_MINUTES, is_open, why)
            for start, end, is_open, why in spans
            if end > DAY_MINUTES
        )

    def _day(self, day: dt.date) -> tuple[_Why, tuple[_Span, ...]]:
        """Return why a day is closed where it is, and its hours, later ones over earlier ones."""
        name = self._holiday(day) if self._holiday is not None else None
        usual = ("", False) if name is None else (f"public holiday: {name}", True)
        closed = usual
        spans: list[_Span] = []
        for rule, fits in self._rules:
            if not fits(day):
                continue
            whole = not rule.spans
            text = usual[0] if name is not None and rule.days.holidays else rule.text.text
            why = (rule.comment or text, bool(rule.comment) or not rule.is_usual(day.weekday()))
            if whole and not rule.open:
                spans.clear()
                closed = why if rule.comment or name is None else usual
                continue
            if rule.open and not rule.adds:
                spans.clear()
                closed = usual
            for start, end in rule.spans or ((0, DAY_MINUTES),):
                spans.append((start, end, rule.open, why))
        return closed, tuple(spans)


def _painted(closed: _Why, spans: tuple[_Span, ...]) -> Iterator[tuple[int, bool, _Why]]:
    """Yield from which minute of a day on what holds, where later spans lie over earlier ones and all over closed."""
    edges = {0}
    for start, end, _, _ in spans:
        edges.update(minute for minute in (start, end) if minute < DAY_MINUTES)
    for minute in sorted(edges):
        for start, end, is_open, why in reversed(spans):
            if start <= minute < end:
                yield minute, is_open, why
                break
        else:
            yield minute, False, closed


def compile_hours(expression: str, timezone: str, region: str, years: range | None = None) -> Hours:
    """Return opening hours ready to be asked. Holidays are worked out when an instant needs them, those of `years` now.

    Raises:
        HoursRefused: the expression cannot be read.
        TimezoneUnknown: there is no such time zone.
        RegionUnknown: there is no such region.
    """
    place = zone(timezone)
    if region and not known_region(region):
        raise RegionUnknown(region, near_regions(region))
    rules = read_rules(expression)
    holiday: Callable[[dt.date], str | None] | None = None
    named = next((rule.days for rule in rules if rule.days.holidays), None)
    if named is not None:
        if not region:
            raise HoursRefused("public holidays (`PH`) need a region", *named.holidays_at, "add `region` to the header")
        from callflow.almanac.holiday_dates import Calendar  # noqa: PLC0415  most schedules name no holidays

        calendar = Calendar(region)
        for year in years or ():
            calendar.year(year)
        holiday = calendar.name
    return Hours(place, tuple((rule, fitting(rule.days, holiday)) for rule in rules), holiday)


def fitting(days: Days, holiday: Callable[[dt.date], str | None] | None = None) -> Callable[[dt.date], bool]:
    """Return whether a day is one that a rule is about, as a function. Without `holiday`, none is one for its `PH`."""
    if days == Days():
        return lambda _: True
    dated = None if days.dates is None else _dated(days.dates, "date")
    counted = [_dated(part, "day of the week") for part in days.counted]
    moves = [dt.timedelta(days=offset) for offset in days.holidays]

    def on_weekday(day: dt.date) -> bool:
        return day.weekday() in days.weekdays or any(one(day) for one in counted)

    def on_holiday(day: dt.date) -> bool:
        return holiday is not None and any(holiday(day - move) is not None for move in moves)

    def fits(day: dt.date) -> bool:
        if dated is not None and not dated(day):
            return False
        if days.both:
            return on_weekday(day) and on_holiday(day)
        return not (days.weekdays or counted or moves) or on_weekday(day) or on_holiday(day)

    return fits


def _dated(part: Part, kind: str) -> Callable[[dt.date], bool]:
    """Return whether a day is one that a date means, as a function. The library knows the calendar."""
    from opening_hours import OpeningHours  # noqa: PLC0415  38 ms; most schedules name days of the week only

    try:
        days = OpeningHours(part.text)
    except Exception as error:
        message = f"`{part.text}` is no {kind}"
        raise HoursRefused(message, part.start, part.end, "write dates as `Dec 24` or `2026 Dec 24-31`") from error
    return lambda day: days.is_open(dt.datetime.combine(day, dt.time(12)))
