"""Opening hours: what is open when, and what is refused in which words."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from callflow.almanac.hours import (
    Hours,
    HoursRefused,
    HoursState,
    RegionUnknown,
    TimezoneUnknown,
    compile_hours,
)
from tests.almanac.walls import MINUTE_MS, ms


def state(expression: str, wall: str, timezone: str = "Europe/Berlin", region: str = "") -> HoursState:
    return compile_hours(expression, timezone, region).at(ms(wall, timezone))


# --- what is open -----------------------------------------------------------------------------------------------------

# 2026-12-21 is a Monday.
OPEN = [
    ("24/7", "2026-12-25 03:00", True),
    ("off", "2026-12-25 03:00", False),
    ("Mo-Fr 09:00-18:00", "2026-12-21 08:59", False),
    ("Mo-Fr 09:00-18:00", "2026-12-21 09:00", True),
    ("Mo-Fr 09:00-18:00", "2026-12-21 17:59", True),
    ("Mo-Fr 09:00-18:00", "2026-12-21 18:00", False),
    ("Mo-Fr 09:00-18:00", "2026-12-26 12:00", False),
    ("Mo - Fr 9:00 - 18:00", "2026-12-21 09:00", True),
    ("mo-fr 09:00-18:00", "2026-12-21 09:00", True),
    ("Mo,We,Fr 09:00-18:00", "2026-12-22 12:00", False),
    ("Mo, We 09:00-18:00", "2026-12-23 12:00", True),
    ("Mo, We 09:00-18:00", "2026-12-21 08:00", False),
    ("Sa-Mo 09:00-18:00", "2026-12-20 12:00", True),
    ("Sa-Mo 09:00-18:00", "2026-12-22 12:00", False),
    ("Su-Mo 09:00-18:00", "2026-12-26 12:00", False),
    ("Mo", "2026-12-21 23:59", True),
    ("Mo", "2026-12-22 00:00", False),
    ("09:00-12:00,13:00-18:00", "2026-12-21 12:30", False),
    ("09:00-12:00, 13:00-18:00", "2026-12-21 13:00", True),
    ("Mo-Fr 09:00-12:00, Sa 10:00-14:00", "2026-12-26 10:00", True),
    ("Mo-Fr 09:00-12:00, We 14:00-18:00", "2026-12-23 10:00", True),
    ("Mo-Fr 09:00-12:00; We 14:00-18:00", "2026-12-23 10:00", False),
    ("Mo-Fr 09:00-18:00; 12:00-13:00 off", "2026-12-21 12:30", False),
    ("Mo-Fr 09:00-18:00; 12:00-13:00 off", "2026-12-21 13:00", True),
    ("Mo-Fr 09:00-18:00; Dec 24 off", "2026-12-24 10:00", False),
    ("Mo-Fr 09:00-18:00; Dec 24 off; Dec 24 09:00-11:00", "2026-12-24 10:00", True),
    ("00:00-24:00", "2026-12-21 23:59", True),
    ("Mo 00:00-00:00", "2026-12-21 12:00", True),
    ("Mo 00:00-00:00", "2026-12-22 00:00", False),
]

DATES = [
    ("Dec 24-26 10:00-12:00", "2026-12-26 11:00", True),
    ("Dec 24-26 10:00-12:00", "2026-12-27 11:00", False),
    ("Dec 24,31 off; 10:00-12:00 open", "2026-12-31 11:00", True),
    ("10:00-12:00; Dec 24,31 off", "2026-12-31 11:00", False),
    ("10:00-12:00; Dec 24-26,31 off", "2026-12-31 11:00", False),
    ("10:00-12:00; 2026 Dec 24,31 off", "2026-12-31 11:00", False),
    ("10:00-12:00; 2026 Dec 24,31 off", "2027-12-31 11:00", True),
    ("2026 Dec 24 10:00-12:00", "2027-12-24 11:00", False),
    ("2026-2027 10:00-12:00", "2027-12-24 11:00", True),
    ("2028+ 10:00-12:00", "2027-12-24 11:00", False),
    ("Nov-Feb 10:00-12:00", "2027-01-05 11:00", True),
    ("Dec 24-Jan 6 10:00-12:00", "2027-01-06 11:00", True),
    ("Dec 24-Jan 6 10:00-12:00", "2027-01-07 11:00", False),
    ("Dec: 10:00-12:00", "2026-12-22 11:00", True),
    ("Dec Mo-Fr 10:00-12:00", "2026-12-26 11:00", False),
    ("Jan,Dec Mo 10:00-12:00", "2026-12-21 11:00", True),
    ("week 1-10 10:00-12:00", "2026-12-21 11:00", False),
    ("week 52 Mo 10:00-12:00", "2026-12-21 11:00", True),
    ("2026 Dec 21+ week 52 10:00-12:00", "2026-12-21 11:00", True),
    ("2026 Dec 22+ week 52 10:00-12:00", "2026-12-21 11:00", False),
    ("easter 10:00-12:00", "2026-04-05 11:00", True),
    ("easter -2 days 10:00-12:00", "2026-04-03 11:00", True),
    ("Dec 25 +1 day 10:00-12:00", "2026-12-26 11:00", True),
    ("Mo[1] 10:00-12:00", "2026-12-07 11:00", True),
    ("Mo[1] 10:00-12:00", "2026-12-14 11:00", False),
    ("Mo[-1],Tu 10:00-12:00", "2026-12-28 11:00", True),
    ("Mo[-1],Tu 10:00-12:00", "2026-12-22 11:00", True),
    ("Mo[1] +1 day 10:00-12:00", "2026-12-08 11:00", True),
    ("Feb 29 10:00-12:00", "2028-02-29 11:00", True),
]

NIGHTS = [
    # hours belong to the day they begin
    ("Fr 22:00-06:00", "2026-12-25 23:00", True),
    ("Fr 22:00-06:00", "2026-12-26 02:00", True),
    ("Fr 22:00-06:00", "2026-12-26 06:00", False),
    ("Fr 22:00-06:00", "2026-12-25 02:00", False),
    ("Fr 22:00-30:00", "2026-12-26 05:59", True),
    ("Fr 22:00-48:00", "2026-12-26 23:59", True),
    # another day's rule does not cut them short
    ("Mo-Fr 22:00-06:00; Sa 10:00-14:00", "2026-12-26 02:00", True),
    ("Mo-Fr 22:00-06:00; Sa off", "2026-12-26 02:00", True),
    ("Mo-Fr 22:00-06:00; Dec 23 off", "2026-12-23 02:00", True),
    ("Mo-Fr 22:00-06:00; Dec 23 off", "2026-12-24 02:00", False),
    # unless it names that time
    ("Mo-Fr 22:00-06:00; Sa 02:00-03:00 off", "2026-12-26 02:30", False),
    ("Mo-Fr 22:00-06:00; Sa 02:00-03:00 off", "2026-12-26 03:30", True),
]


@pytest.mark.parametrize(("expression", "wall", "expected"), OPEN + DATES + NIGHTS)
def test_a_place_is_open_when_its_hours_say_so(expression: str, wall: str, expected: bool) -> None:  # noqa: FBT001
    assert state(expression, wall).open is expected


@pytest.mark.parametrize(
    ("expression", "wall", "until"),
    [
        ("Mo-Fr 09:00-18:00", "2026-12-21 10:00", "2026-12-21 18:00"),
        ("Mo-Fr 09:00-18:00", "2026-12-25 18:00", "2026-12-28 09:00"),
        ("Mo-Fr 22:00-06:00", "2026-12-26 02:00", "2026-12-26 06:00"),
        ("00:00-24:00; Dec 24 off", "2026-12-21 10:00", "2026-12-24 00:00"),
        ('Mo 09:00-12:00 "a", Mo 12:00-15:00 "b"', "2026-12-21 10:00", "2026-12-21 15:00"),
        ("Dec 24 10:00-12:00", "2026-12-24 12:00", "2027-12-24 10:00"),
        ("24/7", "2026-12-21 10:00", None),
        ("off", "2026-12-21 10:00", None),
        ("2026 Dec 24 10:00-12:00", "2026-12-24 12:00", None),
        ("2028 Dec 24 10:00-12:00", "2027-12-23 12:00", None),
        ("2028 Dec 24 10:00-12:00", "2027-12-24 12:00", "2028-12-24 10:00"),
    ],
)
def test_until_is_the_next_change_within_366_days(expression: str, wall: str, until: str | None) -> None:
    assert state(expression, wall).until_ms == (None if until is None else ms(until, "Europe/Berlin"))


@pytest.mark.parametrize(
    ("expression", "wall", "reason"),
    [
        ("Mo-Fr 09:00-18:00", "2026-12-21 10:00", "Mo-Fr 09:00-18:00"),
        ("Mo-Fr 09:00-18:00", "2026-12-21 20:00", ""),
        ("Mo-Fr 09:00-18:00; Dec 24 off", "2026-12-24 10:00", "Dec 24 off"),
        ("Mo-Fr  09:00 - 18:00 ; Dec 24 10:00-12:00", "2026-12-24 10:00", "Dec 24 10:00-12:00"),
        ('Mo-Fr 09:00-18:00 "by appointment"', "2026-12-21 10:00", "by appointment"),
        ('Mo-Fr 09:00-18:00; 12:00-13:00 off "lunch"', "2026-12-21 12:30", "lunch"),
        ('Mo-Fr 09:00-18:00; 12:00-13:00 off "lunch"', "2026-12-21 13:30", "Mo-Fr 09:00-18:00"),
        ('Mo-Fr 09:00-18:00; Dec 24 off "Christmas Eve"', "2026-12-24 20:00", "Christmas Eve"),
        ('Mo-Fr 09:00-18:00; Dec 24 off "Christmas Eve"', "2026-12-23 20:00", ""),
        ('09:00-18:00; Dec 24 off "Eve"; Dec 24 10:00-12:00', "2026-12-24 20:00", ""),
        ('Mo 09:00-12:00 "a", Mo 11:00-15:00 "b"', "2026-12-21 11:30", "b"),
    ],
)
def test_the_reason_is_the_rule_that_decides_or_its_comment(expression: str, wall: str, reason: str) -> None:
    assert state(expression, wall).reason == reason


@pytest.mark.parametrize(("expression", "remainder"), [("week 01-53/2", 1), ("week 2-53/2", 0)])
def test_every_second_week_is_counted_as_in_iso_8601(expression: str, remainder: int) -> None:
    hours = compile_hours(f"{expression} 12:00-13:00", "UTC", "")
    day = dt.date(2024, 1, 1)
    while day.year < 2034:
        assert hours.at(ms(f"{day} 12:30")).open is (day.isocalendar().week % 2 == remainder), day
        day += dt.timedelta(days=1)


def test_hours_answer_the_same_in_any_order_of_questions() -> None:
    hours = compile_hours("Mo-Fr 09:00-12:00,13:00-18:00; Dec 24 off", "Europe/Berlin", "")
    start = ms("2026-12-20 00:00", "Europe/Berlin")
    asked = [start + i * 37 * MINUTE_MS for i in range(400)]
    forward = [hours.at(one) for one in asked]
    backward = [hours.at(one) for one in reversed(asked)]
    alone = [compile_hours("Mo-Fr 09:00-12:00,13:00-18:00; Dec 24 off", "Europe/Berlin", "").at(one) for one in asked]
    assert forward == backward[::-1] == alone


# --- against the library, where the two mean the same -----------------------------------------------------------------


@st.composite
def _expressions(draw: st.DrawFn) -> str:
    days = st.sampled_from(
        ["", "Mo-Fr ", "Sa-Su ", "Fr-Mo ", "Mo,We ", "Dec ", "Dec 24-26 ", "2026 Dec 23 ", "Dec Th ", "week 52 ",
         "Mo[-1] ", "Nov-Jan Sa "]
    )  # fmt: skip
    half_hours = st.lists(st.integers(0, 48), min_size=2, max_size=4, unique=True).map(sorted)
    text = ""
    for i in range(draw(st.integers(1, 4))):
        marks = draw(half_hours)
        pairs = zip(marks[::2], marks[1::2], strict=False)
        times = ",".join(f"{a // 2:02}:{a % 2 * 30:02}-{b // 2:02}:{b % 2 * 30:02}" for a, b in pairs)
        what = draw(st.sampled_from([times, times, "off", f"{times} off"]))
        separator = "" if i == 0 else draw(st.sampled_from(["; ", ", "]))
        text += f"{separator}{draw(days)}{what}"
    return text


@settings(derandomize=True, max_examples=150, deadline=None)
@given(_expressions())
def test_within_a_day_hours_are_those_of_the_library(expression: str) -> None:
    hours = compile_hours(expression, "UTC", "")
    oracle = OpeningHours(expression)
    start = dt.datetime(2026, 12, 19, 0, 0)  # noqa: DTZ001  the library's walls have no zone
    start_ms = ms(start.isoformat())
    for step in range(12 * 48):
        wall = start + dt.timedelta(minutes=30 * step)
        assert hours.at(start_ms + step * 30 * MINUTE_MS).open == oracle.is_open(wall), wall


# --- public holidays --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "wall", "expected"),
    [
        ("DE-BY", "2027-01-06 10:00", HoursState(open=False, reason="public holiday: Heilige Drei Könige")),
        ("DE-NI", "2027-01-06 10:00", HoursState(open=True, reason="Mo-Fr 09:00-18:00")),
        ("DE", "2027-01-06 10:00", HoursState(open=True, reason="Mo-Fr 09:00-18:00")),
        ("DE", "2026-12-25 10:00", HoursState(open=False, reason="public holiday: Erster Weihnachtstag")),
        ("DE", "2026-12-28 10:00", HoursState(open=True, reason="Mo-Fr 09:00-18:00")),
        ("RU", "2026-11-04 10:00", HoursState(open=False, reason="public holiday: День народного единства")),
        ("RU", "2027-01-05 10:00", HoursState(open=False, reason="public holiday: Новогодние каникулы")),
        ("RU", "2026-12-25 10:00", HoursState(open=True, reason="Mo-Fr 09:00-18:00")),
    ],
)
def test_public_holidays_are_those_of_the_region(region: str, wall: str, expected: HoursState) -> None:
    found = state("Mo-Fr 09:00-18:00; PH off", wall, region=region)
    assert HoursState(found.open, found.reason) == expected


@pytest.mark.parametrize(
    ("expression", "wall", "expected"),
    [
        ("PH 10:00-12:00", "2026-12-26 11:00", True),
        ("PH 10:00-12:00", "2026-12-28 11:00", False),
        ("Mo-Fr,PH 10:00-12:00", "2026-12-26 11:00", True),
        ("PH,Mo-Fr 10:00-12:00", "2026-12-28 11:00", True),
        ("PH Mo-Fr 10:00-12:00", "2026-12-26 11:00", False),
        ("PH Mo-Fr 10:00-12:00", "2026-12-25 11:00", True),
        ("Jan PH 10:00-12:00", "2026-12-25 11:00", False),
        ("Jan PH 10:00-12:00", "2027-01-01 11:00", True),
        ("PH -1 day 10:00-12:00", "2026-12-24 11:00", True),
        ("PH -1 day 10:00-12:00", "2026-12-31 11:00", True),
        ("PH -1 day 10:00-12:00", "2026-12-23 11:00", False),
        ("Th 22:00-06:00; PH off", "2026-12-25 02:00", True),
        ("Fr 22:00-06:00; PH off", "2026-12-26 02:00", False),
        ("24/7; PH off, Dec 25 10:00-12:00", "2026-12-25 11:00", True),
    ],
)
def test_public_holidays_stand_where_days_stand(expression: str, wall: str, expected: bool) -> None:  # noqa: FBT001
    assert state(expression, wall, region="DE").open is expected


def test_a_holiday_of_another_year_is_known_when_that_year_comes_near() -> None:
    hours = compile_hours("24/7; PH off", "Europe/Berlin", "DE")
    assert hours.at(ms("2026-12-27 00:00", "Europe/Berlin")).until_ms == ms("2027-01-01 00:00", "Europe/Berlin")
    assert hours.at(ms("2031-12-27 00:00", "Europe/Berlin")).until_ms == ms("2032-01-01 00:00", "Europe/Berlin")


def test_the_reason_stays_the_authors_where_there_is_one() -> None:
    assert state('24/7; PH off "holiday"', "2026-12-25 10:00", region="DE").reason == "holiday"


def _holidays_kept() -> list[Path]:
    import os

    return sorted(Path(os.environ["XDG_CACHE_HOME"]).rglob("DE-BY-2029.json"))


def _ask_2029() -> HoursState:
    return compile_hours("24/7; PH off", "Europe/Berlin", "DE-BY", range(2029, 2030)).at(
        ms("2029-01-06 10:00", "Europe/Berlin")
    )


def test_holidays_are_kept_on_disk_and_a_broken_file_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fresh = _ask_2029()
    (file,) = _holidays_kept()
    good = file.read_text("utf-8")
    for broken in ("", "{", "[]", '{"format": 1}', '{"format": 0, "days": {}}', '{"format": 1, "days": {"x": "y"}}'):
        file.write_text(broken, "utf-8")
        assert _ask_2029() == fresh
        assert file.read_text("utf-8") == good
    file.write_text(good.replace("Heilige Drei Könige", "kept"), "utf-8")
    assert _ask_2029().reason == "public holiday: kept"
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert not _ask_2029().open


# --- what is imported -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("", {"opening_hours", "holidays", "zoneinfo", "json", "difflib", "phonenumbers"}),
        ("known_timezone('Europe/Berlin'); near_timezones('Berlin')", {"opening_hours", "holidays", "zoneinfo"}),
        ("known_region('DE-BY'); near_regions('UK')", {"opening_hours", "holidays", "zoneinfo"}),
        ("compile_hours('Mo-Fr 09:00-18:00', 'Europe/Berlin', 'DE').at(0)", {"opening_hours", "holidays"}),
        ("compile_hours('Mo-Fr 09:00-18:00; PH off', 'Europe/Berlin', 'DE')", {"opening_hours", "holidays"}),
        ("compile_hours('Dec 24 off', 'Europe/Berlin', 'DE').at(0)", {"holidays"}),
    ],
)
def test_nothing_is_imported_before_it_is_needed(code: str, unwanted: set[str]) -> None:
    program = f"import sys\nfrom callflow.almanac.hours import *\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not unwanted & set(done.stdout.split())


# --- what is refused --------------------------------------------------------------------------------------------------

REFUSED = [
    ("", "these hours are empty", ""),
    ("  ", "these hours are empty", "  "),
    ("Mo-Xx 10:00-12:00", "`Mo-Xx` is no day range", "Mo-Xx"),
    ("Xx-Fr 10:00-12:00", "`Xx-Fr` is no day range", "Xx-Fr"),
    ("Xx 10:00-12:00", "`Xx` is neither a day nor a month", "Xx"),
    ("Пн-Пт 10:00-12:00", "`Пн-Пт` is no day range", "Пн-Пт"),
    ("Monday 10:00-12:00", "`Monday` is no day or month", "Monday"),
    ("Mo-Friday 10:00-12:00", "`Friday` is no day or month", "Friday"),
    ("Mo Tu 10:00-12:00", "no comma stands between `Mo` and `Tu`", "Mo Tu"),
    ("Mo-Fr PH 10:00-12:00", "no comma stands between `Fr` and `PH`", "Fr PH"),
    ("Mo,,Tu 10:00-12:00", "a day is missing beside `,`", "Mo"),
    ("Mo, 10:00-12:00", "nothing follows `,`", ","),
    ("Mo- 10:00-12:00", "nothing follows `-`", "-"),
    ("Mo-We-Fr 10:00-12:00", "`Mo-We-Fr` is no day range", "Mo-We-Fr"),
    ("Mo[7] 10:00-12:00", "`Mo[7]` is no day of the week", "Mo[7]"),
    ("Mo Dec 10:00-12:00", "`Dec` stands after a day of the week", "Dec"),
    ("Dec 24,Sa 10:00-12:00", "a date is missing beside `,`", "Dec 24,"),
    ("Mo-Fr 9-18", "`9-18` is no time range", "9-18"),
    ("9-18", "`9-18` is no time range", "9-18"),
    ("Mo-Fr 9am-5pm", "`9am-5pm` is no time range", "9am-5pm"),
    ("Mo-Fr 09.00-18.00; Sa off", "`09.00-18.00` is no time range", "09.00-18.00"),
    ("Mo-Fr 0900-1800", "`0900-1800` is no time range", "0900-1800"),
    ("Mo-Fr 9–18", "`9–18` is no time range", "9–18"),  # noqa: RUF001
    ("Mo–Fr 09:00-18:00", "`–` is no hyphen", "–"),  # noqa: RUF001
    ("Mo-Fr 09:00–18:00", "`–` is no hyphen", "–"),  # noqa: RUF001
    ("Mo-Fr 09:00", "`09:00` is a moment, no range", "09:00"),
    ("Mo-Fr 09:00-", "`09:00-` has no end", "09:00-"),
    ("Mo-Fr 09:00+", "`09:00+` has no end", "09:00+"),
    ("Mo-Fr 09:00-18:00+", "`09:00-18:00+` has no end", "09:00-18:00+"),
    ("Mo-Fr 09:00-18:00/02:00", "intervals within a time range are not supported", "/02:00"),
    ("Mo-Fr 25:00-26:00", "`25:00` is no time of day", "25:00"),
    ("Mo-Fr 09:00-18:60", "`18:60` is no time of day", "18:60"),
    ("Mo-Fr 09:00-48:01", "`48:01` is no time of day", "48:01"),
    ("Mo-Fr 24:00-25:00", "`24:00` begins the next day", "24:00"),
    ("sunrise-18:00", "times of the sun (`sunrise`) are not supported", "sunrise"),
    ("Mo 09:00-sunset", "times of the sun (`sunset`) are not supported", "sunset"),
    ("Mo (sunrise+01:00)-18:00", "`(` has no place in opening hours", "("),
    ("2026-12-24 off", "`2026-12-24` is no date", "2026-12-24"),
    ("24.12. off", "`24.12.` is no date", "24.12."),
    ("24.12.2026 off", "`24.12.2026` is no date", "24.12.2026"),
    ("Feb 30 off", "`Feb 30` is no date", "Feb 30"),
    ("Apr 29-31 off", "`Apr 31` is no date", "Apr 29-31"),
    ("24/7; 2026 Dec-Feb off", "`2026 Dec-Feb` reaches into another year", "2026 Dec-Feb"),
    ("Dec 26-24 off", "`Dec 26-24` runs backwards", "Dec 26-24"),
    ("24/7; 2027-2026 off", "`2027-2026` is no date", "2027-2026"),
    ("week 54 off", "`week 54` is no date", "week 54"),
    ("SH off", "school holidays (`SH`) are not supported", "SH"),
    ("Mo-Fr 10:00-12:00; PH off", "public holidays (`PH`) need a region", "PH"),
    ("Mo-Fr unknown", "`unknown` is neither open nor closed", "unknown"),
    ('"by appointment"', "a comment alone is neither open nor closed", '"by appointment"'),
    ('Mo 10:00-12:00 "lunch', "this comment has no end", '"lunch'),
    ("Mo 10:00-12:00 || Tu", "fallback rules (`||`) are not supported", "||"),
    ("Mo 10:00-12:00 Sa 10:00-12:00", "`Sa` follows a rule that is complete", "Sa"),
    ("Mo off 10:00-12:00", "`10:00` follows a rule that is complete", "10:00"),
    ("Mo 24/7", "`24/7` already means every day", "24/7"),
    ("Mo 10:00-12:00;", "nothing follows `;`", ";"),
    ("Mo 10:00-12:00,", "nothing follows `,`", ","),
    ("; Mo 10:00-12:00", "no rule stands before `;`", ";"),
    ("Mo 10:00-12:00;; Tu", "no rule stands before `;`", ";"),
    ("Mo 10:00-12:00 !", "`!` follows a rule that is complete", "!"),
    ("! Mo", "`!` has no place in opening hours", "!"),
]


@pytest.mark.parametrize(("expression", "message", "spelled"), REFUSED)
def test_what_cannot_be_read_is_refused_in_words_and_where_it_stands(
    expression: str, message: str, spelled: str
) -> None:
    with pytest.raises(HoursRefused) as caught:
        compile_hours(expression, "Europe/Berlin", "")
    assert (caught.value.message, expression[caught.value.start : caught.value.end]) == (message, spelled)
    assert message[:1].islower() or message[0] == "`"


@pytest.mark.parametrize(
    ("expression", "help_"),
    [
        ("Monday 10:00-12:00", "write `Mo`"),
        ("2026-12-24 off", "write `2026 Dec 24`"),
        ("24.12. off", "write `Dec 24`"),
        ("Mo-Fr 9-18", "write hours as `09:00-18:00`"),
        ("Mo 10:00-12:00 Sa", "separate rules with `;`"),
    ],
)
def test_frequent_mistakes_bring_their_remedy(expression: str, help_: str) -> None:
    with pytest.raises(HoursRefused) as caught:
        compile_hours(expression, "Europe/Berlin", "")
    assert caught.value.help == help_


@settings(derandomize=True, max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Mo", "Fr", "Xx", "PH", "SH", "Dec", "24", "2026", "-", ",", ";", "||", "[", "]", "1", "10:00", "18:00",
             "+", "/", "day", "off", "open", "unknown", '"x"', '"', "24/7", "week", "easter", ":", ".", "(", "–"]  # noqa: RUF001
        ),
        max_size=9,
    ),
    st.sampled_from(["", " "]),
)  # fmt: skip
def test_any_text_is_read_or_refused_and_nothing_else(parts: list[str], between: str) -> None:
    expression = between.join(parts)
    try:
        hours = compile_hours(expression, "UTC", "")
    except HoursRefused as refused:
        start, end = refused.start, refused.end
    else:
        assert isinstance(hours.at(ms("2026-12-24 10:00")), HoursState)
        start = end = 0
    assert 0 <= start <= end <= len(expression)


def test_endless_text_is_refused() -> None:
    with pytest.raises(HoursRefused, match="longer than 1024 characters"):
        compile_hours("9" * 5_000, "UTC", "")


def test_hours_in_an_unknown_place_are_refused_with_the_nearest_one() -> None:
    with pytest.raises(TimezoneUnknown, match="unknown time zone `Berlin`") as timezone:
        compile_hours("24/7", "Berlin", "")
    assert timezone.value.near == ["Europe/Berlin"]
    with pytest.raises(RegionUnknown, match="unknown region `UK`") as region:
        compile_hours("24/7", "Europe/London", "UK")
    assert region.value.near == ["GB"]


def test_hours_can_be_asked_at_the_beginning_of_time() -> None:
    hours: Hours = compile_hours("Mo-Fr 09:00-18:00", "Europe/Berlin", "")
    assert hours.at(0).open is False  # Thursday, 01:00 there
    assert hours.at(0).until_ms == 8 * 60 * MINUTE_MS


@pytest.mark.parametrize("wall", ["0001-01-01 00:00", "1899-12-31 00:00", "9001-01-01 00:00", "9999-12-31 23:59"])
def test_hours_can_be_asked_of_any_date(wall: str) -> None:
    assert compile_hours("24/7; Dec 24 off", "Pacific/Kiritimati", "").at(ms(wall)).open
