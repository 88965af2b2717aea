"""The floor: whom callers get, in which order, and when agents are left alone."""

from functools import partial
from typing import Any

import pytest

from callflow.acd.agents import Availability
from callflow.acd.callbacks import Wanted
from callflow.acd.floor import Floor
from callflow.engine.effects import (
    Bridge,
    CallBack,
    Count,
    Drop,
    Enqueue,
    HangUp,
    HangUpReason,
    Leave,
    Seek,
    Widen,
)
from callflow.engine.events import (
    AgentOffered,
    AgentsFound,
    CallerHungUp,
    DeadlinePassed,
    Event,
    GroupCounted,
    LegAnswered,
    LegEnded,
    Outcome,
    QueueEnd,
    QueueLeft,
    QueueMoved,
)
from callflow.limits import (
    AUTO_AWAY_MS,
    BUSY_PAUSE_MS,
    LEG_END_MS,
    NO_ANSWER_PAUSE_MS,
    OFFER_MS,
    OFFER_PAUSE_MS,
    QUEUE_SIZE_MAX,
    REJECT_PAUSE_MS,
)
from callflow.machine.model import Agent, Group, Strategy
from tests.acd.world import Call, Office, floor_of, machine

ANNA = Group("sales", ("anna",))
BOTH = Group("sales", ("anna", "boris"), Strategy.IN_TURN)


def queued(
    floor: Floor, group: str = "sales", at: int = 0, priority: int = 0, size: int | None = None, **more: Any
) -> Call:
    """Return a call that waits, whose ticket is 1."""
    call = Call(floor, at, **more)
    call.take(Enqueue, group, priority, size, None, None, 0, at=at)
    return call


def talking(floor: Floor, agent: str = "anna", at: int = 0, **more: Any) -> tuple[Call, int]:
    """Return a call that talks with an agent, and the leg."""
    call = Call(floor, at, **more)
    leg, granted = call.dial(agent, at)
    assert granted
    call.note(LegAnswered(at, leg), Bridge(leg))
    return call, leg


def unanswered(call: Call, at: int, outcome: Outcome) -> None:
    """Ring the agent who was just offered, and let the leg end."""
    leg, granted = call.dial(call.offered[-1], at)
    assert granted
    call.note(LegEnded(at, leg, outcome))


# --- queues ----------------------------------------------------------------------------------------------------------


def test_a_caller_is_told_the_place_and_offered_who_is_free() -> None:
    call = queued(floor_of(BOTH))
    assert call.of(QueueMoved) == [QueueMoved(0, 1, 1, 1)]
    assert call.offered == ["anna"]
    assert call.last.ring_ms == 15_000


@pytest.mark.parametrize(("each_ms", "told_ms"), [(None, 7_000), (3_000, 3_000)])
def test_the_phone_rings_as_long_as_the_queue_or_else_the_group_says(each_ms: int | None, told_ms: int) -> None:
    call = Call(floor_of(Group("sales", ("anna",), each_ms=7_000)))
    call.take(Enqueue, "sales", 0, None, None, each_ms, 0)
    assert call.last.ring_ms == told_ms


def test_who_comes_first_gets_the_agent_who_is_free_first() -> None:
    floor = floor_of(ANNA)
    busy, leg = talking(floor)
    first, second = queued(floor, at=10), queued(floor, at=20)
    busy.note(LegEnded(1_000, leg, Outcome.HUNG_UP))
    assert (first.offered, second.offered) == (["anna"], [])


def test_an_agent_who_handed_the_caller_over_is_free_though_the_leg_goes_on() -> None:
    floor = floor_of(ANNA)
    first, leg = talking(floor)
    second = queued(floor, at=10)
    first.seat.handed_over(leg, 1_000)
    assert second.offered == ["anna"]
    second_leg, _ = second.dial("anna", at=1_000)
    first.seat.handed_over(leg, 2_000)
    first.note(LegEnded(3_000, leg, Outcome.HUNG_UP))
    second.note(LegAnswered(4_000, second_leg), Bridge(second_leg))
    assert isinstance(second.last, QueueLeft)
    third = queued(floor, at=5_000)
    assert third.offered == []


def test_one_call_rings_an_agent_at_a_time() -> None:
    floor = floor_of(ANNA, agents=(Agent("anna", "sip:a@x", limit=2),))
    first, second = queued(floor), queued(floor)
    assert (first.offered, second.offered) == (["anna"], [])
    leg, _ = first.dial("anna")
    first.note(LegAnswered(0, leg), Bridge(leg))
    assert second.offered == ["anna"]


def test_a_step_of_priority_is_a_minute_of_waiting() -> None:
    floor = floor_of(ANNA)
    busy, leg = talking(floor)
    early, late = queued(floor, at=0), queued(floor, at=119_999, priority=2)
    assert early.last == QueueMoved(119_999, 1, 2, 2)
    too_late = queued(floor, at=120_001, priority=2)
    assert [event.position for event in too_late.of(QueueMoved)] == [3]
    busy.note(LegEnded(200_000, leg, Outcome.HUNG_UP))
    assert (early.offered, late.offered, too_late.offered) == ([], ["anna"], [])


def test_a_place_is_told_when_it_changes_and_at_no_other_time() -> None:
    floor = floor_of(ANNA)
    talking(floor)
    first, second = queued(floor, at=10), queued(floor, at=20)
    floor.wake(500)
    first.do(Leave(1), at=1_000)
    assert [(event.position, event.length) for event in first.of(QueueMoved)] == [(1, 1), (1, 2)]
    assert [(event.position, event.length) for event in second.of(QueueMoved)] == [(2, 2), (1, 1)]
    assert first.last == QueueLeft(990, 1, QueueEnd.LEFT)


def test_a_queue_that_is_full_turns_callers_away() -> None:
    floor = floor_of(ANNA)
    talking(floor)
    queued(floor, size=1)
    assert queued(floor, size=1).events == [QueueLeft(0, 1, QueueEnd.FULL)]
    for _ in range(QUEUE_SIZE_MAX - 1):
        queued(floor)
    assert queued(floor).events == [QueueLeft(0, 1, QueueEnd.FULL)]


@pytest.mark.parametrize("absent", [Availability.AWAY, Availability.OFFLINE])
def test_nobody_waits_for_nobody(absent: Availability) -> None:
    floor = floor_of(BOTH)
    floor.set_presence("anna", absent, 0)
    talking(floor, "boris")
    waits = queued(floor)
    floor.set_presence("boris", absent, 5_000)
    assert waits.last == QueueLeft(5_000, 1, QueueEnd.EMPTY)
    assert queued(floor, at=6_000).events == [QueueLeft(0, 1, QueueEnd.EMPTY)]


def test_a_queue_of_a_group_that_is_none_is_empty() -> None:
    assert queued(floor_of(ANNA), "nobody").events == [QueueLeft(0, 1, QueueEnd.EMPTY)]


def test_a_phone_that_rings_for_a_caller_is_somebody_to_wait_for() -> None:
    floor = floor_of(ANNA)
    call = queued(floor)
    leg, _ = call.dial("anna")
    floor.set_presence("anna", Availability.AWAY, 1_000)
    assert not call.of(QueueLeft)
    call.note(LegEnded(2_000, leg, Outcome.NO_ANSWER))
    assert call.last == QueueLeft(2_000, 1, QueueEnd.EMPTY)


def test_more_groups_answer_and_the_place_is_kept() -> None:
    floor = floor_of(ANNA, Group("support", ("boris",)))
    _, leg = talking(floor)
    busy, leg = talking(floor, "boris")
    waits = queued(floor, "sales", at=10)
    later = queued(floor, "support", at=20)
    waits.do(Widen(1, "support"), at=30)
    busy.note(LegEnded(1_000, leg, Outcome.HUNG_UP))
    assert (waits.offered, later.offered) == (["boris"], [])
    assert [event.position for event in later.of(QueueMoved)] == [1]


def test_all_are_offered_at_once_but_no_more_than_lines_there_are() -> None:
    everybody = Group("sales", ("anna", "boris", "carla"))
    assert queued(floor_of(everybody)).offered == ["anna", "boris", "carla"]
    assert queued(floor_of(everybody), lines=2).offered == ["anna", "boris"]


def test_agents_in_turn_all_have_a_turn_though_one_never_answers() -> None:
    call = queued(floor_of(Group("sales", ("anna", "boris", "carla"), Strategy.IN_TURN)))
    for at in range(0, 60_000, 15_000):
        unanswered(call, at, Outcome.NO_ANSWER)
    assert call.offered == ["anna", "boris", "carla", "anna", "boris"]


def test_whoever_is_answered_leaves_the_queue_once() -> None:
    floor = floor_of(ANNA)
    call = queued(floor)
    leg, _ = call.dial("anna")
    call.note(LegAnswered(3_000, leg), Leave(1), Bridge(leg))
    call.do(Leave(1), at=3_000)
    assert call.of(QueueLeft) == [QueueLeft(3_000, 1, QueueEnd.LEFT)]


def test_a_caller_who_hangs_up_leaves_everything() -> None:
    floor = floor_of(BOTH)
    call = queued(floor)
    leg, _ = call.dial("anna")
    call.note(CallerHungUp(4_000), Drop(leg))
    assert call.of(QueueLeft) == [QueueLeft(4_000, 1, QueueEnd.LEFT)]
    assert floor.status("anna", 4_000).doing == "ringing"
    call.note(LegEnded(4_010, leg, Outcome.CANCELLED))
    assert floor.status("anna", 4_010).doing == "idle"


def test_an_offer_that_is_not_rung_goes_to_others() -> None:
    floor = floor_of(BOTH)
    call = queued(floor)
    floor.wake(OFFER_MS)
    assert call.offered == ["anna", "boris"]
    assert queued(floor, at=OFFER_MS).offered == ["anna"]
    assert OFFER_MS + OFFER_PAUSE_MS in floor._alarms


def test_a_phone_of_which_nobody_says_that_it_fell_silent_is_free_after_a_moment() -> None:
    floor = floor_of(ANNA)
    call = queued(floor)
    call.dial("anna")
    call.note(CallerHungUp(1_000))
    waits = queued(floor, at=1_000)
    floor.wake(1_000 + LEG_END_MS - 1)
    assert waits.offered == []
    assert floor.next_deadline_ms is not None
    floor.wake(1_000 + LEG_END_MS)
    assert waits.offered == ["anna"]


# --- how long it takes -----------------------------------------------------------------------------------------------


def answered_after(floor: Floor, at: int, ms: int) -> None:
    """Let a caller be answered by anna after a wait."""
    call = queued(floor, at=at)
    leg, _ = call.dial("anna", at)
    call.note(LegAnswered(at + ms, leg), Bridge(leg))
    call.note(LegEnded(at + ms, leg, Outcome.HUNG_UP), HangUp(HangUpReason.AGENT))


def test_the_wait_is_told_once_it_is_known_and_in_proportion_to_the_place() -> None:
    floor = floor_of(ANNA)
    for number, ms in enumerate((80_000, 60_000, 500_000)):
        asks = queued(floor, at=number * 1_000_000)
        assert asks.of(QueueMoved)[0].wait_ms is None
        asks.note(CallerHungUp(number * 1_000_000))
        answered_after(floor, number * 1_000_000, ms)
    talking(floor, at=5_000_000)
    first, second = queued(floor, at=5_000_000), queued(floor, at=5_000_000)
    assert first.of(QueueMoved)[0].wait_ms == 90_000
    assert second.of(QueueMoved)[0].wait_ms == 150_000


def test_the_wait_does_not_grow_by_more_than_a_step_unless_somebody_goes_off_duty() -> None:
    floor = floor_of(BOTH)
    for number in range(3):
        answered_after(floor, number * 1_000_000, 60_000)
    talking(floor, at=4_000_000)
    talking(floor, "boris", at=4_000_000)
    call = queued(floor, at=4_000_000)
    assert call.last.wait_ms == 60_000
    queued(floor, at=4_000_001, priority=9)
    queued(floor, at=4_000_002, priority=9)
    assert [event.wait_ms for event in call.of(QueueMoved)] == [60_000, 90_000, 120_000]
    queued(floor, at=4_000_003, priority=9)
    assert call.last.wait_ms == 150_000
    floor.set_presence("boris", Availability.AWAY, 4_000_004)
    queued(floor, at=4_000_005, priority=9)
    assert call.last.wait_ms == 300_000


# --- agents ----------------------------------------------------------------------------------------------------------


def test_after_a_call_an_agent_wraps_up() -> None:
    floor = floor_of(Group("sales", ("anna",), wrap_up_ms=10_000))
    busy, leg = talking(floor)
    waits = queued(floor)
    busy.note(LegEnded(30_000, leg, Outcome.HUNG_UP))
    assert floor.status("anna", 30_000).doing == "wrapping up"
    floor.wake(39_999)
    assert waits.offered == []
    assert floor.next_deadline_ms == 40_000
    floor.wake(40_000)
    assert waits.offered == ["anna"]


def test_a_wrap_up_takes_the_place_of_one_call() -> None:
    floor = floor_of(Group("sales", ("anna",), wrap_up_ms=10_000), agents=(Agent("anna", "sip:a@x", limit=2),))
    busy, leg = talking(floor)
    busy.note(LegEnded(1_000, leg, Outcome.HUNG_UP))
    first, second = queued(floor, at=1_000), queued(floor, at=1_000)
    first_leg, _ = first.dial("anna", 1_000)
    first.note(LegAnswered(1_000, first_leg), Bridge(first_leg))
    assert second.offered == []
    floor.wake(11_000)
    assert second.offered == ["anna"]


@pytest.mark.parametrize(
    ("outcome", "pause_ms"),
    [
        (Outcome.NO_ANSWER, NO_ANSWER_PAUSE_MS),
        (Outcome.REJECTED, REJECT_PAUSE_MS),
        (Outcome.HUNG_UP, REJECT_PAUSE_MS),
        (Outcome.BUSY, BUSY_PAUSE_MS),
        (Outcome.UNREACHABLE, 30_000),
    ],
)
def test_an_agent_who_did_not_take_a_call_is_left_alone(outcome: Outcome, pause_ms: int) -> None:
    floor = floor_of(ANNA)
    call = queued(floor)
    unanswered(call, 1_000, outcome)
    floor.wake(1_000 + pause_ms - 1)
    assert call.offered == ["anna"]
    assert floor.next_deadline_ms is not None
    assert floor.next_deadline_ms <= 1_000 + pause_ms
    floor.wake(1_000 + pause_ms)
    assert call.offered == ["anna", "anna"]


def test_a_call_that_goes_elsewhere_costs_an_agent_nothing() -> None:
    floor = floor_of(ANNA)
    call = queued(floor)
    for at in range(0, 5_000, 1_000):
        leg, _ = call.dial("anna", at)
        call.note(DeadlinePassed(at), Drop(leg))
        call.note(LegEnded(at, leg, Outcome.CANCELLED))
    assert call.offered == ["anna"] * 6
    assert floor.status("anna", 5_000).doing == "ringing"


def test_a_phone_that_rang_its_time_counts_as_unanswered() -> None:
    floor = floor_of(ANNA)
    call = queued(floor)
    leg, _ = call.dial("anna")
    call.note(DeadlinePassed(15_000), Drop(leg))
    call.note(LegEnded(15_000, leg, Outcome.CANCELLED))
    assert call.offered == ["anna"]
    floor.wake(15_000 + NO_ANSWER_PAUSE_MS)
    assert call.offered == ["anna", "anna"]


def test_who_answers_too_late_and_hears_so_has_answered() -> None:
    floor = floor_of(Group("sales", ("anna", "boris")))
    call = queued(floor)
    anna, boris = call.dial("anna")[0], call.dial("boris")[0]
    call.note(LegAnswered(14_000, boris))
    call.note(LegAnswered(15_000, anna), Bridge(anna))
    call.note(DeadlinePassed(20_000), Drop(boris))
    call.note(LegEnded(20_000, boris, Outcome.CANCELLED))
    assert queued(floor, at=20_000).offered == ["boris"]


def test_three_unanswered_calls_in_a_row_are_taken_for_away() -> None:
    floor = floor_of(ANNA)
    call = queued(floor)
    for at in (0, 20_000, 40_000):
        floor.wake(at)
        unanswered(call, at, Outcome.NO_ANSWER)
    status = floor.status("anna", 40_000)
    assert (status.doing, status.reason) == ("away", "does not answer")
    assert call.last == QueueLeft(40_000, 1, QueueEnd.EMPTY)
    assert not Call(floor, 41_000).dial("anna", 41_000, group="sales")[1]


def away(floor: Floor) -> None:
    call = queued(floor)
    for at in (0, 20_000, 40_000):
        floor.wake(at)
        unanswered(call, at, Outcome.NO_ANSWER)


def test_who_is_taken_for_away_comes_back_by_saying_so() -> None:
    floor = floor_of(ANNA)
    away(floor)
    floor.set_presence("anna", Availability.AVAILABLE, 50_000)
    assert queued(floor, at=50_000).offered == ["anna"]


def test_who_is_taken_for_away_comes_back_by_talking() -> None:
    floor = floor_of(ANNA)
    away(floor)
    call, leg = talking(floor, at=50_000)
    call.note(LegEnded(60_000, leg, Outcome.HUNG_UP))
    assert queued(floor, at=60_000).offered == ["anna"]


def test_who_is_taken_for_away_is_tried_again_and_once_only() -> None:
    floor = floor_of(ANNA)
    away(floor)
    call = queued(floor, at=40_000 + AUTO_AWAY_MS)
    assert call.offered == ["anna"]
    unanswered(call, 40_000 + AUTO_AWAY_MS, Outcome.NO_ANSWER)
    assert isinstance(call.last, QueueLeft)


def test_a_conversation_between_makes_unanswered_calls_no_row() -> None:
    floor = floor_of(ANNA)
    call = queued(floor)
    for at in (0, 20_000):
        floor.wake(at)
        unanswered(call, at, Outcome.NO_ANSWER)
    floor.wake(40_000)
    leg, _ = call.dial("anna", 40_000)
    call.note(LegAnswered(41_000, leg), Bridge(leg))
    call.note(LegEnded(50_000, leg, Outcome.HUNG_UP))
    other = queued(floor, at=50_000)
    unanswered(other, 50_000, Outcome.NO_ANSWER)
    assert floor.status("anna", 50_000).doing == "idle"


def test_a_phone_is_called_when_its_agent_is_there_and_has_no_other_call() -> None:
    floor = floor_of(BOTH)
    talking(floor)
    floor.set_presence("boris", Availability.OFFLINE, 0)
    call = Call(floor)
    assert call.dial("anna") == (1, False)
    assert call.dial("boris") == (2, False)
    assert call.dial("carla") == (3, True)
    assert call.dial("nobody") == (4, False)
    assert call.dial("") == (5, True)
    assert call.events == [
        LegEnded(0, 1, Outcome.ON_CALL),
        LegEnded(0, 2, Outcome.AWAY),
        LegEnded(0, 4, Outcome.AWAY),
    ]


def test_a_call_that_is_over_gets_nobody() -> None:
    floor = floor_of(BOTH)
    call = queued(floor)
    call.note(CallerHungUp(100))
    assert not call.dial("anna", 100)[1]
    call.take(Enqueue, "sales", 0, None, None, None, 0, at=100)
    assert call.last == QueueLeft(100, 3, QueueEnd.LEFT)
    assert floor.status("anna", 100).doing == "idle"


def test_an_agent_stands_as_they_do() -> None:
    floor = floor_of(BOTH)
    assert floor.status("anna", 0).doing == "idle"
    call = queued(floor)
    assert floor.status("anna", 0).doing == "ringing"
    leg, _ = call.dial("anna")
    call.note(LegAnswered(0, leg), Bridge(leg))
    assert (floor.status("anna", 0).doing, floor.status("anna", 0).calls) == ("talking", 1)
    floor.set_presence("boris", Availability.AWAY, 0, "lunch")
    assert (floor.status("boris", 0).doing, floor.status("boris", 0).reason) == ("away", "lunch")
    with pytest.raises(KeyError):
        floor.set_presence("nobody", Availability.AWAY, 0)


# --- asked after -----------------------------------------------------------------------------------------------------


def test_agents_are_found_in_order_and_the_others_are_counted() -> None:
    floor = floor_of()
    talking(floor, "boris")
    floor.set_presence("carla", Availability.AWAY, 0)
    call = Call(floor)
    call.take(Seek, "sales", Strategy.LONGEST_IDLE, 0)
    assert call.last == AgentsFound(0, 1, ("anna",), on_call=1, away=1)
    call.take(Seek, "nobody", Strategy.LONGEST_IDLE, 0)
    assert call.last == AgentsFound(0, 2, ())


def test_round_robin_goes_on_where_the_last_call_began() -> None:
    floor, found = floor_of(), []
    for _ in range(4):
        call = Call(floor)
        call.take(Seek, "sales", Strategy.ROUND_ROBIN, 0)
        found.append(call.last.agents)
    assert found == [
        ("anna", "boris", "carla"),
        ("boris", "carla", "anna"),
        ("carla", "anna", "boris"),
        ("anna", "boris", "carla"),
    ]


def test_a_group_is_counted() -> None:
    floor = floor_of(BOTH)
    talking(floor, "anna")
    talking(floor, "boris")
    queued(floor, at=1_000)
    queued(floor, at=5_000)
    call = Call(floor, 9_000)
    call.take(Count, "sales", at=9_000)
    assert call.last == GroupCounted(0, 1, available=0, waiting=2, wait_ms=8_000)
    call.take(Count, "nobody", at=9_000)
    assert call.last == GroupCounted(0, 2, 0, 0, 0)


# --- callbacks -------------------------------------------------------------------------------------------------------


def test_who_is_called_back_keeps_the_place() -> None:
    noted: list[Wanted] = []
    floor = Floor(machine(groups=(ANNA,)), Office(), noted.append)
    talking(floor)
    first, second = queued(floor, at=1_000), queued(floor, at=2_000)
    second.do(CallBack("sales", "+49302", 60_000), at=50_000)
    second.do(Leave(1, kept=True), at=50_000)
    first.do(Leave(1, kept=True), at=51_000)
    first.do(CallBack("sales", "+49301", 60_000), at=51_000)
    Call(floor, 52_000).do(CallBack("sales", "+49303", 60_000), at=52_000)
    assert [(one.number, one.since_ms) for one in floor.callbacks(52_000)] == [
        ("+49301", 1_000),
        ("+49302", 2_000),
        ("+49303", 52_000),
    ]
    assert [one.number for one in noted] == ["+49302", "+49301", "+49303"]
    assert [one.number for one in floor.callbacks(110_000)] == ["+49301", "+49303"]


def test_the_place_is_kept_for_one_who_hung_up_and_not_for_one_who_left() -> None:
    floor = floor_of(ANNA)
    talking(floor)
    gone, left = queued(floor, at=1_000), queued(floor, at=2_000)
    gone.note(CallerHungUp(3_000), Leave(1), CallBack("sales", "+49301", 60_000))
    gone.do(Leave(1), at=3_000)
    gone.do(CallBack("sales", "+49301", 60_000), at=3_000)
    left.do(Leave(1), at=4_000)
    left.do(CallBack("sales", "+49302", 60_000), at=4_000)
    assert [one.since_ms for one in floor.callbacks(5_000)] == [1_000, 4_000]


def test_who_asks_twice_or_without_a_number_is_not_called_back_twice() -> None:
    floor = floor_of(ANNA)
    for at in (1_000, 2_000):
        Call(floor, at).do(CallBack("sales", "+49301", 60_000), at=at)
        Call(floor, at).do(CallBack("sales", "", 60_000), at=at)
    assert floor.callbacks(3_000) == (Wanted("+49301", "sales", 1_000, 62_000),)


def test_who_talked_with_the_group_meanwhile_is_not_called_back() -> None:
    floor = floor_of(BOTH, Group("support", ("carla",)))
    Call(floor, 0).do(CallBack("sales", "+49301", 60_000))
    Call(floor, 0).do(CallBack("support", "+49301", 60_000))
    call, leg = talking(floor, at=1_000, caller="+49301")
    call.note(LegEnded(20_000, leg, Outcome.HUNG_UP))
    assert [one.group for one in floor.callbacks(20_000)] == ["support"]


# --- another version of the scheme -----------------------------------------------------------------------------------


def test_who_stays_keeps_their_state_when_the_scheme_changes() -> None:
    floor = floor_of(BOTH)
    busy, leg = talking(floor, "anna")
    talking(floor, "boris")
    waits = queued(floor, at=10)
    agents = (Agent("anna", "sip:new@x"), Agent("dora", "sip:dora@x"))
    floor.reload(machine(groups=(Group("sales", ("anna", "dora"), Strategy.IN_TURN),), agents=agents), Office(), 1_000)
    assert waits.offered == ["dora"]
    assert floor.status("anna", 1_000).doing == "talking"
    assert not Call(floor, 1_000).dial("boris", 1_000)[1]
    busy.note(LegEnded(2_000, leg, Outcome.HUNG_UP))
    assert queued(floor, at=2_000).offered == ["anna"]


def test_who_is_taken_out_and_put_back_during_a_call_still_has_it() -> None:
    floor = floor_of(BOTH)
    talking(floor, "anna")
    floor.reload(machine(groups=(Group("sales", ("boris",)),), agents=(Agent("boris", "sip:b@x"),)), Office(), 1_000)
    floor.reload(machine(groups=(BOTH,)), Office(), 2_000)
    assert floor.status("anna", 2_000).doing == "talking"


def test_callers_leave_when_the_new_version_has_nobody_for_them() -> None:
    floor = floor_of(BOTH)
    talking(floor, "anna")
    talking(floor, "boris")
    waits = queued(floor)
    floor.reload(machine(groups=(Group("other", ("carla",)),)), Office(), 1_000)
    assert waits.last == QueueLeft(1_000, 1, QueueEnd.EMPTY)


def test_a_call_that_breaks_off_gives_everything_back() -> None:
    floor = floor_of(BOTH)
    broken, _ = talking(floor)
    broken.take(Enqueue, "sales", 0, None, None, None, 0)
    broken.seat.end(5_000)
    assert broken.last == QueueLeft(5_000, 2, QueueEnd.LEFT)
    assert [floor.status(agent, 5_000).doing for agent in ("anna", "boris")] == ["idle", "idle"]
    broken.seat.end(6_000)


def test_events_come_one_after_another_and_never_inside_another() -> None:
    floor, inside, deepest = floor_of(ANNA), 0, 0

    def hear(call: Call, event: Event) -> None:
        nonlocal inside, deepest
        inside += 1
        deepest = max(deepest, inside)
        call.events.append(event)
        if isinstance(event, AgentOffered):
            call.do(Leave(1))
        inside -= 1

    calls = [Call(floor) for _ in range(5)]
    for call in calls:
        call.seat.report = partial(hear, call)
        call.take(Enqueue, "sales", 0, None, None, None, 0)
    assert [call.offered for call in calls] == [["anna"]] * 5
    assert deepest == 1
