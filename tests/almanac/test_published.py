"""Schedules of published call flows: what each says at the instants that other systems got wrong."""

import attrs
import pytest

from callflow.almanac.almanac import Schedules
from callflow.almanac.hours import compile_hours
from tests.almanac.walls import machine, ms

NEW_YORK = "America/New_York"
HOLIDAYS = "Jan 1,Jul 4,Nov 11,Dec 25; Jan-Feb Mo[3]; May Mo[-1]; Sep Mo[1]; Oct Mo[2]; Nov Th[4]; Nov Th[4] +1 day"
"""Those of F04 by their dates, as its author listed them."""

TABLE: dict[str, tuple[str, str, list[tuple[str, bool]]]] = {
    "F04 hours": (NEW_YORK, "Mo-Fr 09:00-19:00", [
        ("2026-06-17 18:59:59", True),
        ("2026-06-17 19:00:00", False),
        ("2026-06-17 08:59:59", False),
        ("2026-06-17 09:00:00", True),
        ("2026-06-20 12:00", False),
    ]),
    "F04 holidays by their dates": (NEW_YORK, HOLIDAYS, [
        ("2026-01-01 10:00", True),
        ("2025-07-04 10:00", True),
        ("2026-01-19 10:00", True),  # the third Monday
        ("2026-01-12 10:00", False),  # the third row of the calendar
        ("2025-11-27 10:00", True),  # the fourth Thursday
        ("2025-11-20 10:00", False),
        ("2025-11-28 10:00", True),  # the day after
        ("2026-11-27 10:00", True),
        ("2026-02-16 10:00", True),
        ("2026-03-16 10:00", False),
        ("2026-10-12 10:00", True),
        ("2026-10-05 10:00", False),
        ("2026-05-25 10:00", True),  # the last Monday
        ("2026-05-18 10:00", False),
        ("2026-09-07 10:00", True),
        ("2026-12-25 23:59", True),
        ("2026-12-26 00:00", False),
    ]),
    "F04 holidays of the country": (NEW_YORK, "PH", [
        ("2026-01-01 10:00", True),
        ("2025-07-04 10:00", True),
        ("2026-01-19 10:00", True),
        ("2026-01-12 10:00", False),
        ("2025-11-27 10:00", True),
        ("2025-11-20 10:00", False),
        ("2026-10-12 10:00", True),
        ("2026-10-05 10:00", False),
        ("2026-02-16 10:00", True),
    ]),
    "F04 both in one": (NEW_YORK, "Mo-Fr 09:00-19:00; PH off", [
        ("2026-01-19 10:00", False),
        ("2026-01-20 10:00", True),
        ("2025-11-27 10:00", False),
        ("2025-11-20 10:00", True),
        ("2026-07-03 10:00", False),  # July 4 is a Saturday, so that the Friday is free
    ]),
    "F19 hours whose last minute is part of them": (NEW_YORK, "Mo-Fr 09:00-17:01", [
        ("2026-06-17 10:00", True),
        ("2026-06-17 17:00:30", True),
        ("2026-06-17 17:01:00", False),
    ]),
    "F27 by the zone and not by an offset": ("UTC", "", [
        ("2026-06-17 13:00", True),
        ("2026-06-17 12:59:59", False),
        ("2026-06-17 20:59:59", True),
        ("2026-06-17 21:00:01", False),
        ("2026-11-02 13:30", False),  # 08:30 in winter
        ("2026-11-02 14:00", True),
        ("2026-06-20 15:00", False),
        ("2026-03-09 13:00", True),  # the first working day of summer time
        ("2026-03-06 13:00", False),
    ]),
    "F68 a date of every year": (NEW_YORK, "Dec 25", [
        ("2026-12-25 10:00", True),
        ("2027-12-25 10:00", True),
        ("2026-12-24 23:59", False),
    ]),
    "F68 hours of the week": (NEW_YORK, "Mo-Fr 08:00-17:00", [
        ("2026-06-17 16:59:59", True),
        ("2026-06-17 17:00:01", False),
        ("2026-12-25 10:00", True),  # the order of the flow decides, and not the schedule
    ]),
    "F68 a night belongs to the day it begins": (NEW_YORK, "Fr 22:00-28:00", [
        ("2026-06-19 23:00", True),
        ("2026-06-20 01:30", True),
        ("2026-06-20 03:59:59", True),
        ("2026-06-20 04:00:01", False),
        ("2026-06-19 01:30", False),
        ("2026-06-20 23:00", False),
    ]),
    "F68 the last Friday of a month": (NEW_YORK, "Fr[-1]", [
        ("2026-06-26 10:00", True),
        ("2026-06-19 10:00", False),
        ("2026-07-31 10:00", True),
    ]),
    "F68 every second week from a day on": (NEW_YORK, "2026 Jun 15+ week 01-53/2 Mo", [
        ("2026-06-15 10:00", True),
        ("2026-06-22 10:00", False),
        ("2026-06-29 10:00", True),
        ("2026-06-01 10:00", False),  # not yet
        ("2026-06-16 10:00", False),
    ]),
    "F68 a night in which the clock goes forward": (NEW_YORK, "01:00-04:00", [
        ("2026-03-08 00:59", False),
        ("2026-03-08 01:30", True),
        ("2026-03-08 03:30", True),
        ("2026-03-08 04:00", False),
    ]),
    "F68 a night in which the clock goes back": (NEW_YORK, "01:30-04:00", [
        ("2026-11-01 01:29", False),
        ("2026-11-01 01:30", True),
        ("2026-11-01 01:15*", True),
        ("2026-11-01 01:45*", True),
        ("2026-11-01 03:59", True),
        ("2026-11-01 04:00", False),
    ]),
    "F83 two windows of a day": (NEW_YORK, "Mo,We,Fr 09:00-12:00,14:00-17:00", [
        ("2026-06-15 09:30", True),
        ("2026-06-15 11:59:30", True),
        ("2026-06-15 12:00", False),
        ("2026-06-15 13:59:59", False),
        ("2026-06-15 14:00", True),
        ("2026-06-15 16:59:59", True),
        ("2026-06-16 09:30", False),
        ("2026-06-21 09:30", False),
    ]),
    "F83 the first part of a day": (NEW_YORK, "00:00-09:00", [("2026-06-15 08:59", True), ("2026-06-15 09:00", False)]),
    "F83 the second part": (NEW_YORK, "09:00-12:00", [("2026-06-15 08:59", False), ("2026-06-15 09:00", True)]),
    "F83 the third part": (NEW_YORK, "12:00-18:00", [("2026-06-15 17:59", True), ("2026-06-15 18:00", False)]),
}  # fmt: skip
ROWS = [
    pytest.param(zone, hours or "Mo-Fr 09:00-17:00", wall, expected, id=f"{name}: {wall}")
    for name, (zone, hours, rows) in TABLE.items()
    for wall, expected in rows
]


@pytest.mark.parametrize(("zone", "hours", "wall", "expected"), ROWS)
def test_a_published_schedule_is_open_when_its_author_meant(
    zone: str,
    hours: str,
    wall: str,
    expected: bool,  # noqa: FBT001
) -> None:
    """`zone` is that of the wall; the hours are those of New York."""
    assert compile_hours(hours, NEW_YORK, "US").at(ms(wall, zone)).open is expected


@pytest.mark.parametrize(("month", "hours"), [("2026-03-08", 2), ("2026-11-01", 4), ("2026-06-15", 3)])
def test_a_night_window_lasts_as_long_as_the_clock_lets_it(month: str, hours: int) -> None:
    opened = ms(f"{month} 01:00", NEW_YORK)
    state = compile_hours("01:00-04:00", NEW_YORK, "").at(opened)
    assert state.until_ms == opened + hours * 3_600_000


# --- F19 and F68: held by hand ----------------------------------------------------------------------------------------


@attrs.frozen
class Desk:
    """Somebody who holds the schedule of F19, Monday to Friday from 09:00 to 17:00."""

    schedules: Schedules

    def toggle(self, wall: str) -> None:
        at_ms = ms(wall, NEW_YORK)
        self.schedules.force_until_change("office", not self.schedules.state("office", at_ms).open, at_ms)

    def open(self, wall: str) -> bool:
        return self.schedules.report("office", 1, 0, ms(wall, NEW_YORK)).open


@pytest.fixture
def desk() -> Desk:
    return Desk(Schedules(machine(timezone=NEW_YORK, office="Mo-Fr 09:00-17:00")))


def test_f19_closed_by_hand_for_the_rest_of_the_day(desk: Desk) -> None:
    desk.toggle("2026-06-17 10:00")
    walls = ["2026-06-17 10:00", "2026-06-17 16:59", "2026-06-17 17:30", "2026-06-18 10:00"]
    assert [desk.open(wall) for wall in walls] == [False, False, False, True]


def test_f19_closed_by_hand_until_it_is_released(desk: Desk) -> None:
    desk.schedules.force("office", False)
    assert not desk.open("2026-06-18 10:00")
    desk.schedules.release("office")
    assert desk.open("2026-06-18 10:00")


def test_f19_open_by_hand_over_a_weekend(desk: Desk) -> None:
    desk.toggle("2026-06-20 12:00")
    walls = ["2026-06-20 12:00", "2026-06-21 03:00", "2026-06-22 09:00", "2026-06-22 18:00"]
    assert [desk.open(wall) for wall in walls] == [True, True, True, False]


def test_f19_toggling_twice_goes_back(desk: Desk) -> None:
    desk.toggle("2026-06-17 10:00")
    desk.toggle("2026-06-17 10:05")
    assert desk.open("2026-06-17 10:06")
    assert not desk.open("2026-06-17 17:00")


def test_f68_forced_off_and_on_and_back_to_the_hours(desk: Desk) -> None:
    desk.schedules.force("office", False)
    assert not desk.open("2026-06-17 10:00")
    desk.schedules.force("office", True)
    assert desk.open("2026-06-21 03:00")
    desk.schedules.release("office")
    assert not desk.open("2026-06-21 03:00")
    assert desk.open("2026-06-17 10:00")
