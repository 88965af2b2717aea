"""Hours around every change of the clock, against an evaluator that walks the minutes of a zone one by one."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator

import pytest

from callflow.almanac.hours import HoursState, compile_hours
from tests.almanac.walls import MINUTE_MS, ms, rules_of

ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",  # winter is the exception
    "Europe/Chisinau",
    "Atlantic/Azores",  # midnight comes twice
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",  # midnight does not come, and comes twice
    "America/Santiago",  # around midnight
    "America/Nuuk",  # on a Saturday evening
    "Pacific/Easter",
    "Pacific/Auckland",
    "Pacific/Chatham",  # at 02:45
    "Australia/Sydney",
    "Australia/Lord_Howe",  # half an hour
    "Antarctica/Troll",  # two hours
    "Africa/Casablanca",  # back in Ramadan
    "Africa/Cairo",  # midnight does not come
    "Asia/Beirut",  # midnight does not come
]
YEARS = range(2026, 2031)
AROUND = 27 * 60
"""Minutes looked at before and after a change."""

Windows = Callable[[dt.date], list[tuple[int, int]]]
"""When a day opens and closes, in minutes after its midnight."""


def _daily(*windows: tuple[int, int]) -> Windows:
    return lambda _: list(windows)


def _on(fits: Callable[[dt.date], bool], *windows: tuple[int, int]) -> Windows:
    return lambda day: list(windows) if fits(day) else []


def _last_of_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=7)).month != day.month


CASES: list[tuple[str, Windows]] = [
    ("02:30-03:30", _daily((150, 210))),
    ("00:00-02:30,02:45-05:00", _daily((0, 150), (165, 300))),
    ("02:10-02:20,02:40-02:50", _daily((130, 140), (160, 170))),
    ("00:00-05:00; 02:20-02:40 off", _daily((0, 140), (160, 300))),
    ("22:00-02:00", _daily((1_320, 1_560))),
    ("23:15-00:45,01:15-01:45", _daily((1_395, 1_485), (75, 105))),
    ("Sa 00:00-24:00", _on(lambda day: day.weekday() == 5, (0, 1_440))),
    ("Su 00:00-03:00", _on(lambda day: day.weekday() == 6, (0, 180))),
    ("Fr 12:00-48:00", _on(lambda day: day.weekday() == 4, (720, 2_880))),
    ("Mo-Sa 09:00-18:00", _on(lambda day: day.weekday() < 6, (540, 1_080))),
    ("Su[-1] 01:00-04:00", _on(lambda day: day.weekday() == 6 and _last_of_month(day), (60, 240))),
    ("Sa[-1] 22:00-27:30", _on(lambda day: day.weekday() == 5 and _last_of_month(day), (1_320, 1_650))),
    ("week 01-53/2 Sa-Su 00:30-03:00",
     _on(lambda day: day.isocalendar().week % 2 == 1 and day.weekday() >= 5, (30, 180))),
    ("01:00-03:00; Mar,Oct-Nov Su 00:00-02:15",
     lambda day: [(0, 135)] if day.month in {3, 10, 11} and day.weekday() == 6 else [(60, 180)]),
    ("00:00-24:00; Sa off", _on(lambda day: day.weekday() != 5, (0, 1_440))),
]  # fmt: skip


def _changes_of(timezone: str, years: range) -> Iterator[dt.datetime]:
    """Yield the last hour before each change of a zone's clock, in UTC."""
    rules = rules_of(timezone)

    def offset(hour: dt.datetime) -> dt.timedelta | None:
        return hour.astimezone(rules).utcoffset()

    day = dt.datetime(years.start, 1, 1, tzinfo=dt.UTC)
    while day.year < years.stop:
        following = day + dt.timedelta(days=1)
        if offset(day) != offset(following):
            hours = [day + dt.timedelta(hours=number) for number in range(25)]
            yield from (a for a, b in itertools.pairwise(hours) if offset(a) != offset(b))
        day = following


def _minutes_around(change: dt.datetime, timezone: str) -> tuple[list[int], list[dt.datetime]]:
    """Return the instants of the minutes around a change, and what the clock shows at each."""
    rules = rules_of(timezone)
    minutes = [change + dt.timedelta(minutes=number) for number in range(-AROUND, AROUND)]
    walls = [minute.astimezone(rules).replace(tzinfo=None, fold=0) for minute in minutes]
    start_ms = round(minutes[0].timestamp() * 1_000)
    return [start_ms + number * MINUTE_MS for number in range(len(minutes))], walls


def _naive(walls: list[dt.datetime], windows: Windows) -> list[bool]:
    """Return whether each minute is open: its start was shown, now or before, and its end is still to come."""
    zero = dt.datetime.combine(walls[0].date() - dt.timedelta(days=3), dt.time())
    shown = [round((wall - zero).total_seconds()) // 60 for wall in walls]
    reached = list(itertools.accumulate(shown, max))
    to_come = list(itertools.accumulate(reversed(shown), min))[::-1]
    spans: list[tuple[int, int]] = []
    for number in range((walls[-1].date() - zero.date()).days + 1):
        day = zero.date() + dt.timedelta(days=number)
        spans += [(number * 1_440 + start, number * 1_440 + end) for start, end in windows(day)]
    return [
        any(start <= high and low < end for start, end in spans) for high, low in zip(reached, to_come, strict=True)
    ]


def _next_changes(instants: list[int], is_open: list[bool]) -> list[int | None]:
    """Return for each minute when the state changes, None where it does not within the minutes known."""
    found: list[int | None] = [None] * len(instants)
    for i in range(len(instants) - 2, -1, -1):
        found[i] = instants[i + 1] if is_open[i + 1] != is_open[i] else found[i + 1]
    return found


def _compare(timezone: str, change: dt.datetime, cases: list[tuple[str, Windows]]) -> None:
    instants, walls = _minutes_around(change, timezone)
    for expression, windows in cases:
        hours = compile_hours(expression, timezone, "")
        expected = _naive(walls, windows)
        states = [hours.at(at_ms) for at_ms in instants]
        assert [one.open for one in states] == expected, (expression, change)
        for at_ms, state, until_ms in zip(instants, states, _next_changes(instants, expected), strict=True):
            assert until_ms in (None, state.until_ms), (expression, change, at_ms)


def test_twenty_zones_change_their_clocks() -> None:
    assert len(ZONES) == 20
    assert all(any(_changes_of(zone, YEARS)) for zone in ZONES)


@pytest.mark.parametrize("timezone", ZONES)
def test_every_minute_around_a_change_of_the_clock_is_as_the_naive_walk_says(timezone: str) -> None:
    cases = itertools.cycle(CASES)
    for change in _changes_of(timezone, YEARS):
        _compare(timezone, change, list(itertools.islice(cases, 4)))


@pytest.mark.parametrize("timezone", ["America/New_York", "Australia/Lord_Howe", "America/Santiago"])
def test_all_hours_meet_both_changes_of_a_year(timezone: str) -> None:
    for change in _changes_of(timezone, range(2026, 2027)):
        _compare(timezone, change, CASES)


def test_a_day_that_a_zone_leaps_over_does_not_come() -> None:
    (change,) = (one for one in _changes_of("Pacific/Apia", range(2011, 2012)) if one.month == 12)
    _compare("Pacific/Apia", change, CASES)


@pytest.mark.parametrize(
    ("expression", "opens", "closes"),
    [
        ("Su 02:30-03:30", "2026-10-25 02:30", "2026-10-25 03:30"),  # the first 02:30
        ("Su 01:00-02:30", "2026-10-25 01:00", "2026-10-25 02:30*"),  # the second 02:30
        ("Su 02:10-02:40", "2026-10-25 02:10", "2026-10-25 02:40*"),
        ("Su 01:00-02:00", "2026-10-25 01:00", "2026-10-25 02:00"),  # nothing of the repeated hour is in it
        ("Su 02:30-04:30", "2026-03-29 03:00", "2026-03-29 04:30"),  # 02:30 does not come
        ("Su 01:00-02:30", "2026-03-29 01:00", "2026-03-29 03:00"),
    ],
)
def test_a_changed_clock_opens_once_and_closes_once(expression: str, opens: str, closes: str) -> None:
    hours = compile_hours(expression, "Europe/Berlin", "")
    open_ms, close_ms = ms(opens, "Europe/Berlin"), ms(closes, "Europe/Berlin")
    assert hours.at(open_ms - 1) == HoursState(open=False, until_ms=open_ms)
    assert hours.at(open_ms) == HoursState(open=True, reason=expression, until_ms=close_ms)
    assert not hours.at(close_ms).open


def test_hours_that_fall_into_the_gap_vanish_on_that_day() -> None:
    hours = compile_hours("02:15-02:45", "Europe/Berlin", "")
    assert hours.at(ms("2026-03-28 12:00", "Europe/Berlin")).until_ms == ms("2026-03-30 02:15", "Europe/Berlin")
