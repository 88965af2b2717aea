"""What a call is told of a schedule."""

import datetime as dt

import pytest

from callflow.almanac.almanac import HELD_CLOSED, HELD_OPEN, Schedules
from callflow.almanac.hours import HoursRefused, RegionUnknown, TimezoneUnknown
from callflow.engine.events import ScheduleReported
from callflow.machine.model import HangingUp, Machine, Schedule, Where
from callflow.runner.runner import Almanac


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


def machine(*, timezone: str = "Europe/Berlin", region: str = "DE", **hours: str) -> Machine:
    return Machine(
        scheme="test",
        timezone=timezone,
        region=region,
        languages=("en",),
        agents={},
        groups={},
        prompts={},
        schedules={name: Schedule(name=name, hours=text) for name, text in hours.items()},
        numbers={},
        flows={},
        start=0,
        states=(HangingUp(Where(flow="start", line=1)),),
    )


def ms(year: int, month: int, day: int, hour: int) -> int:
    return round(dt.datetime(year, month, day, hour, tzinfo=dt.UTC).timestamp() * 1_000)


def test_a_report_bears_the_ticket_and_the_time_of_the_call() -> None:
    almanac: Almanac = Schedules(machine(office="Mo-Fr 09:00-18:00"))
    assert almanac.report("office", ticket=7, at_ms=1_200, wall_ms=ms(2026, 12, 21, 10)) == ScheduleReported(
        at_ms=1_200, ticket=7, open=True, reason="", until_ms=ms(2026, 12, 21, 17)
    )


def test_every_schedule_of_a_machine_is_known_by_its_name() -> None:
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00", night="Mo-Fr 18:00-09:00"))
    noon = ms(2026, 12, 21, 11)
    assert almanac.report("office", 1, 0, noon).open
    assert not almanac.report("night", 2, 0, noon).open


def test_a_holiday_closes_and_is_named() -> None:
    report = Schedules(machine(office="Mo-Fr 09:00-18:00; PH off")).report("office", 1, 0, ms(2026, 12, 25, 11))
    assert (report.open, report.reason) == (False, "Erster Weihnachtstag")
    assert report.until_ms == ms(2026, 12, 28, 8)


@pytest.mark.parametrize(("forced", "reason"), [(True, HELD_OPEN), (False, HELD_CLOSED)])
def test_a_schedule_is_held_by_hand_whatever_its_hours(forced: bool, reason: str) -> None:  # noqa: FBT001
    almanac = Schedules(machine(office="Mo-Fr 09:00-18:00", always="24/7"), forced={"office": forced})
    for hour in (3, 11, 20):
        assert almanac.report("office", 5, 40, ms(2026, 12, 21, hour)) == ScheduleReported(
            at_ms=40, ticket=5, open=forced, reason=reason, until_ms=None
        )
    assert almanac.report("always", 6, 40, ms(2026, 12, 21, 3)).reason == ""


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
