"""Schedules held open or closed: until when, and what calls are told."""

import pytest

from callflow.acd.floor import Floor
from callflow.almanac.almanac import HELD_CLOSED, HELD_OPEN
from callflow.engine.effects import Consult, Force
from callflow.engine.events import ScheduleReported
from callflow.machine.model import Until
from tests.acd.world import NOON_MS, Call, Office, floor_of, machine

HOUR_MS = 3_600_000
TILL_SIX_MS = NOON_MS + 6 * HOUR_MS
"""The office closes."""
TOMORROW_MS = NOON_MS + 21 * HOUR_MS
"""It opens again."""


def told(floor: Floor, at: int) -> ScheduleReported:
    call = Call(floor, at)
    call.take(Consult, "office", at=at)
    assert isinstance(call.last, ScheduleReported)
    return call.last


def forced(at: int, *, is_open: bool, until: Until, for_ms: int | None = None, time: str = "") -> Floor:
    floor = floor_of()
    Call(floor, at).do(Force("office", is_open, until, for_ms, time), at=at)
    return floor


def test_what_is_not_held_is_as_the_almanac_says() -> None:
    assert told(floor_of(), 0) == ScheduleReported(0, 1, open=True, until_ms=TILL_SIX_MS)


@pytest.mark.parametrize(
    ("until", "for_ms", "time", "ends_ms"),
    [
        (Until.WHILE, HOUR_MS, "", HOUR_MS),
        (Until.TIME, None, "14:30", 2 * HOUR_MS + HOUR_MS // 2),
        (Until.TIME, None, "12:00", 24 * HOUR_MS),
        (Until.TIME, None, "11:00", 23 * HOUR_MS),
        (Until.TIME, None, "24:00", 12 * HOUR_MS),
        (Until.CHANGE, None, "", 6 * HOUR_MS),
        (Until.WHILE, None, "", None),
    ],
)
def test_a_schedule_is_held_until_it_is_let_go(until: Until, for_ms: int | None, time: str, ends_ms: int) -> None:
    floor = forced(0, is_open=False, until=until, for_ms=for_ms, time=time)
    assert not told(floor, (ends_ms or 1_000 * HOUR_MS) - 1).open
    if ends_ms is not None:
        assert floor._holds["office"].until_ms == NOON_MS + ends_ms
        assert told(floor, ends_ms).reason != HELD_CLOSED


def test_a_closed_schedule_opens_when_it_is_let_go_in_its_hours() -> None:
    floor = forced(0, is_open=False, until=Until.WHILE, for_ms=HOUR_MS)
    opens_ms = NOON_MS + HOUR_MS
    assert told(floor, 1) == ScheduleReported(0, 1, False, HELD_CLOSED, until_ms=opens_ms, opens_ms=opens_ms)


def test_a_closed_schedule_opens_by_itself_when_it_is_let_go_outside_its_hours() -> None:
    floor = forced(0, is_open=False, until=Until.WHILE, for_ms=8 * HOUR_MS)
    assert told(floor, 1) == ScheduleReported(0, 1, False, HELD_CLOSED, until_ms=TOMORROW_MS, opens_ms=TOMORROW_MS)


def test_an_open_schedule_closes_when_it_is_let_go_or_by_itself() -> None:
    assert told(forced(0, is_open=True, until=Until.WHILE, for_ms=HOUR_MS), 1).until_ms == TILL_SIX_MS
    late = forced(7 * HOUR_MS, is_open=True, until=Until.WHILE, for_ms=HOUR_MS)
    assert told(late, 7 * HOUR_MS) == ScheduleReported(0, 1, True, HELD_OPEN, until_ms=NOON_MS + 8 * HOUR_MS)


def test_what_is_held_for_good_never_changes() -> None:
    floor = forced(0, is_open=False, until=Until.WHILE)
    assert told(floor, 1) == ScheduleReported(0, 1, False, HELD_CLOSED)


def test_a_schedule_is_released() -> None:
    floor = forced(0, is_open=False, until=Until.WHILE)
    Call(floor, 5).do(Force("office", False, Until.RELEASED), at=5)
    assert told(floor, 5).open
    Call(floor, 5).do(Force("office", False, Until.RELEASED), at=5)


def test_what_is_held_is_held_in_the_next_version_and_for_calls_of_the_one_before() -> None:
    floor = forced(0, is_open=False, until=Until.WHILE)
    before = Call(floor, 10)
    floor.reload(machine(), Office(), 20)
    assert not told(floor, 30).open
    Call(floor, 40).do(Force("office", False, Until.RELEASED), at=40)
    before.take(Consult, "office", at=50)
    assert before.last.open


class Closed(Office):
    """Another version's almanac."""

    def report(self, _schedule: str, ticket: int, at_ms: int, _wall_ms: int) -> ScheduleReported:
        return ScheduleReported(at_ms, ticket, open=False)


def test_a_call_keeps_the_schedules_it_began_with() -> None:
    floor = floor_of()
    before = Call(floor)
    floor.reload(machine(), Closed(), 10)
    before.take(Consult, "office", at=20)
    assert before.last.open
    assert not told(floor, 20).open
