"""The days of a schedule and its changes, as lists show them."""

import datetime as dt

import pytest

from callflow.almanac.agenda import changes, days
from callflow.almanac.hours import compile_hours
from tests.almanac.walls import ms

BERLIN = "Europe/Berlin"

Shown = tuple[list[str], list[str]]


def shown(hours: str, first: str, last: str = "", zone: str = BERLIN) -> dict[str, Shown]:
    """Return the hours and the reasons of days, as walls."""
    compiled = compile_hours(hours, zone, "DE")
    local = compiled.zone.local
    found = days(compiled, dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))
    return {
        day.date.isoformat(): (
            [f"{local(one.start_ms):%d %H:%M}-{local(one.end_ms):%d %H:%M}" for one in day.open],
            list(day.reasons),
        )
        for day in found
    }  # fmt: skip


def test_hours_past_midnight_are_shown_on_both_days() -> None:
    assert shown("Fr 22:00-06:00", "2026-12-18", "2026-12-20") == {
        "2026-12-18": (["18 22:00-19 00:00"], []),
        "2026-12-19": (["19 00:00-19 06:00"], []),
        "2026-12-20": ([], []),
    }


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("Mo-Fr 09:00-18:00", (["25 09:00-25 18:00"], [])),
        ("Mo-Fr 09:00-18:00; PH off", ([], ["public holiday: Erster Weihnachtstag"])),
        ("Mo-Fr 09:00-18:00; Dec 25 10:00-12:00", (["25 10:00-25 12:00"], ["Dec 25 10:00-12:00"])),
        ('09:00-18:00; 12:00-13:00 off "lunch"', (["25 09:00-25 12:00", "25 13:00-25 18:00"], ["lunch"])),
        ("09:00-12:00, 12:00-18:00", (["25 09:00-25 18:00"], [])),
        ('09:00-12:00 "a", 12:00-18:00 "b"', (["25 09:00-25 12:00", "25 12:00-25 18:00"], ["a", "b"])),
        ("24/7", (["25 00:00-26 00:00"], [])),
        ("Th 22:00-06:00; PH off", (["25 00:00-25 06:00"], ["public holiday: Erster Weihnachtstag"])),
    ],
)
def test_a_day_says_why_it_is_unlike_others(hours: str, expected: Shown) -> None:
    assert shown(hours, "2026-12-25") == {"2026-12-25": expected}


def test_a_rule_that_names_weekends_and_holidays_is_unusual_on_holidays_only() -> None:
    found = shown("Sa,Su,PH 10:00-12:00", "2026-12-24", "2026-12-27")
    assert [reasons for _, reasons in found.values()] == [
        [],
        ["public holiday: Erster Weihnachtstag"],
        ["public holiday: Zweiter Weihnachtstag"],
        [],
    ]


@pytest.mark.parametrize(
    ("date", "leap"), [("2026-03-29", ("02:00", "03:00")), ("2026-10-25", ("03:00", "02:00")), ("2026-10-26", None)]
)
def test_a_day_says_how_the_clock_leaps(date: str, leap: tuple[str, str] | None) -> None:
    day = dt.date.fromisoformat(date)
    (found,) = days(compile_hours("24/7", BERLIN, ""), day, day)
    assert (found.leap and tuple(f"{wall:%H:%M}" for wall in found.leap)) == leap
    assert found.open[0].start_ms == found.start_ms
    assert found.open[0].end_ms == found.end_ms


def test_a_day_that_a_zone_leaps_over_is_left_out() -> None:
    found = shown("09:00-12:00", "2011-12-29", "2011-12-31", "Pacific/Apia")
    assert list(found) == ["2011-12-29", "2011-12-31"]


def test_days_are_those_that_single_questions_give() -> None:
    hours = compile_hours("Mo-Fr 09:00-12:00,22:00-03:00; PH off; Dec 24 08:00-10:00", BERLIN, "DE")
    fresh = compile_hours("Mo-Fr 09:00-12:00,22:00-03:00; PH off; Dec 24 08:00-10:00", BERLIN, "DE")
    for day in days(hours, dt.date(2026, 10, 20), dt.date(2027, 1, 8)):
        for at_ms in range(day.start_ms, day.end_ms, 600_000):
            assert fresh.at(at_ms).open == any(one.start_ms <= at_ms < one.end_ms for one in day.open)


def test_changes_are_told_in_their_order_with_the_reason() -> None:
    hours = compile_hours("24/7; PH off", BERLIN, "DE")
    found = [(change.at_ms, change.open, change.reason) for change in changes(hours, ms("2026-12-21 00:00"), 3)]
    assert found == [
        (ms("2026-12-25 00:00", BERLIN), False, "public holiday: Erster Weihnachtstag"),
        (ms("2026-12-27 00:00", BERLIN), True, ""),
        (ms("2027-01-01 00:00", BERLIN), False, "public holiday: Neujahr"),
    ]


def test_changes_end_where_there_is_none_for_a_year() -> None:
    assert list(changes(compile_hours("24/7", BERLIN, ""), 0, 5)) == []
    once = compile_hours("2026 Dec 24 10:00-12:00", BERLIN, "")
    assert [change.open for change in changes(once, ms("2026-12-01 00:00"), 5)] == [True, False]
