"""What a call is told of a schedule."""

import datetime as dt

import pytest

from callflow.acd.schedules import Almanac
from callflow.almanac.almanac import Override, Schedules
from callflow.almanac.hours import HoursRefused, RegionUnknown, TimezoneUnknown
from callflow.engine.events import ScheduleReported
from tests.almanac.walls import machine


def ms(year: int, month: int, day: int, hour: int) -> int:
    return round(dt.datetime(year, month, day, hour, tzinfo=dt.UTC).timestamp() * 1_000)


def test_a_report_bears_the_ticket_and_the_time_of_the_call() -> None:
    almanac: Almanac = Schedules(machine(office="Mo-Fr 09:00-18:00"))
    assert almanac.report("office", ticket=7, at_ms=1_200, wall_ms=ms(2026, 12, 21, 10)) == ScheduleReported(
        at_ms=1_200, ticket=7, open=True, reason="Mo-Fr 09:00-18:00", until_ms=ms(2026, 12, 21, 17)
    )


def test_every_schedule_of_a_machine_is_known_by_its_name() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00", night="Mo-Fr 18:00-09:00"))
    noon = ms(2026, 12, 21, 11)
    assert almanac.report("office", 1, 0, noon).open
    assert not almanac.report("night", 2, 0, noon).open


def test_a_holiday_closes_and_is_named() -> None:
    report = Schedules(machine(office="Mo-Fr 09:00-18:00; PH off")).report("office", 1, 0, ms(2026, 12, 25, 11))
    assert (report.open, report.reason) == (False, "public holiday: Erster Weihnachtstag")
    assert report.until_ms == ms(2026, 12, 28, 8)


@pytest.mark.parametrize(("forced", "reason"), [(True, "held open by hand"), (False, "held closed by hand")])
def test_a_schedule_is_held_by_hand_whatever_its_hours(forced: bool, reason: str) -> None:  # noqa: FBT001
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00", other="Mo-Fr 09:00-18:00"), forced={"office": forced})
    for hour in (3, 11, 20):
        assert almanac.report("office", 5, 40, ms(2026, 12, 21, hour)) == ScheduleReported(
            at_ms=40, ticket=5, open=forced, reason=reason, until_ms=None
        )
    assert almanac.report("other", 6, 40, ms(2026, 12, 21, 3)).reason == ""


def test_a_machine_without_schedules_needs_no_time_zone() -> None:
    Schedules(machine(timezone="", region=""))


def test_only_declared_schedules_can_be_held() -> None:
    with pytest.raises(AssertionError, match="office"):
        Schedules(machine(always="24/7"), forced={"office": True})


def test_holidays_can_be_worked_out_before_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00; PH off"), years=range(2026, 2028))
    monkeypatch.setattr("callflow.almanac.holiday_dates._work_out", None)
    monkeypatch.setattr("callflow.almanac.holiday_dates._file", None)
    assert not almanac.report("office", 1, 0, ms(2026, 12, 25, 11)).open


def test_what_the_checker_should_have_told_is_raised_at_once() -> None:
    with pytest.raises(HoursRefused):
        Schedules(machine(office="Mo-Xx"))
    with pytest.raises(TimezoneUnknown):
        Schedules(machine(office="24/7", timezone="Mars/Olympus"))
    with pytest.raises(RegionUnknown):
        Schedules(machine(office="24/7", region="XX"))


# --- by hand ----------------------------------------------------------------------------------------------------------

NOON = ms(2026, 12, 21, 11)
"""A Monday, 12:00 in Berlin."""


def report(almanac: Schedules, wall_ms: int) -> tuple[bool, str, int | None, int | None]:
    event = almanac.report("office", 1, 0, wall_ms)
    return event.open, event.reason, event.until_ms, event.opens_ms


def test_a_report_says_when_it_opens_next() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00; PH off"))
    assert report(almanac, NOON)[2:] == (ms(2026, 12, 21, 17), None)
    assert report(almanac, ms(2026, 12, 24, 18)) == (False, "", ms(2026, 12, 28, 8), ms(2026, 12, 28, 8))
    assert report(Schedules(machine(office="2020 Dec 24 10:00-12:00")), NOON)[2:] == (None, None)


def test_an_override_ends_by_itself() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00"))
    three = ms(2026, 12, 21, 14)
    almanac.force("office", False, three)
    assert report(almanac, NOON) == (False, "held closed by hand until 15:00", three, three)
    assert almanac.held("office", three - 1) == Override("office", False, three)
    assert almanac.held("office", three) is None
    assert report(almanac, three) == (True, "Mo-Fr 09:00-18:00", ms(2026, 12, 21, 17), None)


def test_an_override_that_ends_where_the_hours_agree_with_it_changes_nothing_then() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00"))
    almanac.force("office", False, ms(2026, 12, 21, 20))
    opens = ms(2026, 12, 22, 8)
    assert report(almanac, NOON) == (False, "held closed by hand until 21:00", opens, opens)


def test_an_override_until_the_next_change_ends_with_the_hours() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00"))
    assert almanac.force_until_change("office", False, NOON) == Override("office", False, ms(2026, 12, 21, 17))
    assert report(almanac, NOON)[3] == ms(2026, 12, 22, 8)
    friday = ms(2026, 12, 25, 20)
    monday = ms(2026, 12, 28, 8)
    almanac.force_until_change("office", True, friday)
    assert report(almanac, friday) == (True, "held open by hand until Monday at 09:00", ms(2026, 12, 28, 17), None)
    assert report(almanac, monday)[:2] == (True, "Mo-Fr 09:00-18:00")


def test_an_override_of_hours_that_never_change_has_no_end() -> None:
    almanac = Schedules(machine(office="24/7"))
    assert almanac.force_until_change("office", False, NOON).until_ms is None
    assert report(almanac, NOON) == (False, "held closed by hand", None, None)


def test_a_change_by_hand_further_than_a_year_is_none() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00"))
    almanac.force("office", False, ms(2028, 1, 3, 11))
    assert report(almanac, NOON) == (False, "held closed by hand until 3 January 2028 at 12:00", None, None)


def test_a_schedule_that_is_released_goes_by_its_hours() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00"))
    almanac.force("office", False)
    almanac.release("office")
    almanac.release("office")
    assert report(almanac, NOON)[0]


def test_overrides_are_kept_where_others_can_see_and_change_them() -> None:
    kept: dict[str, Override] = {"gone": Override("gone", True)}
    scheme = machine(office="Mo-Fr 09:00-18:00")
    here, there = Schedules(scheme, overrides=kept), Schedules(scheme, overrides=kept)
    here.force("office", False)
    assert not report(there, NOON)[0]
    kept["office"] = Override("office", True, NOON + 1)
    assert report(here, ms(2026, 12, 21, 3))[0]
    there.release("office")
    assert kept == {"gone": Override("gone", True)}


# --- in a sentence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "at", "sentence"),
    [
        ("Mo-Fr 09:00-18:00", (2026, 12, 21, 11), "open until 18:00 today"),
        ("Mo-Fr 09:00-18:00", (2026, 12, 21, 7), "closed, opens today at 09:00"),
        ("Mo-Fr 09:00-18:00", (2026, 12, 21, 18), "closed, opens tomorrow at 09:00"),
        ("Mo-Fr 09:00-18:00", (2026, 12, 19, 11), "closed, opens Monday at 09:00"),
        ("Mo-Fr 09:00-18:00; PH off", (2026, 12, 25, 11),
         "closed, opens Monday at 09:00 (public holiday: Erster Weihnachtstag)"),
        ('Mo-Fr 09:00-18:00; Dec 21 off "fair"', (2026, 12, 21, 11), "closed, opens tomorrow at 09:00 (fair)"),
        ("22:00-06:00", (2026, 12, 21, 22), "open until 06:00 tomorrow"),
        ("12:00-24:00", (2026, 12, 21, 22), "open until midnight"),
        ("Mo", (2026, 12, 20, 22), "closed, opens tomorrow at 00:00"),
        ("24/7; Dec 26 off", (2026, 12, 21, 11), "open until Saturday at 00:00"),
        ("24/7; Dec 31 off", (2026, 12, 21, 11), "open until 31 December at 00:00"),
        ("24/7; Jan 6 off", (2026, 12, 21, 11), "open until 6 January 2027 at 00:00"),
        ("Mo", (2026, 12, 22, 11), "closed, opens Monday at 00:00"),
        ("24/7", (2026, 12, 22, 11), "open, no change in sight"),
        ("off", (2026, 12, 22, 11), "closed, no opening in sight"),
    ],
)  # fmt: skip
def test_a_state_is_described_as_somebody_would_say_it(
    hours: str, at: tuple[int, int, int, int], sentence: str
) -> None:
    assert Schedules(machine(office=hours)).describe("office", ms(*at)) == sentence


def test_who_asks_is_told_that_a_schedule_is_held() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00"))
    almanac.force("office", False, ms(2026, 12, 21, 14))
    assert almanac.describe("office", NOON) == "closed, opens today at 15:00 (held closed by hand until 15:00)"
    almanac.force("office", True)
    assert almanac.describe("office", NOON) == "open, no change in sight (held open by hand)"
