"""Days of calls: against theory, and what callers do who press, wait, leave and speak."""

from collections.abc import Callable
from functools import cache

import pytest

from callflow.almanac.almanac import Schedules
from callflow.compile.pipeline import compile_text
from callflow.engine.session import Disposition
from callflow.machine.model import Machine
from callflow.traffic import erlang
from callflow.traffic.day import Record, day
from callflow.traffic.demand import Demand, callers
from callflow.traffic.figures import estimate, figures
from callflow.traffic.times import fixed, parse_time

TALK_S = 60.0
HOUR_MS = 3_600_000
DAYS = 12


@cache
def machine(agents: int, body: str) -> Machine:
    members = [f"a{number}" for number in range(agents)]
    head = "".join(f'agent {name} "sip:{name}@x"\n' for name in members)
    compiled = compile_text(f"{head}group team {', '.join(members)} ring longest idle\n{body}")
    assert compiled.machine is not None, compiled.problems
    return compiled.machine


def demand(load: float, patience: str = "") -> Demand:
    """Return calls of so much load in erlang, without anything that theory does not know: no ringing, no words."""
    return Demand(
        calls_per_hour=load * 3_600 / TALK_S,
        talk=parse_time("exponential 60s"),
        answer=fixed(0),
        patience=parse_time(patience) if patience else None,
        prompts=fixed(0),
    )


def lies_within(agents: int, body: str, given: Demand, value: Callable[[list[Record]], float], wanted: float) -> None:
    """Assert that a figure over days is what theory says, within the confidence interval of 99 %."""
    scheme = machine(agents, body)
    days = [day(scheme, Schedules(scheme), given, seed, 0, 5 * HOUR_MS) for seed in range(DAYS)]
    found = estimate([value(one) for one in days], 0.99)
    assert found.within is not None
    assert abs(found.mean - wanted) <= found.within, (found, wanted)
    assert found.within < 0.5 * wanted


def share(of: Callable[[Record], bool]) -> Callable[[list[Record]], float]:
    """Return how large a share of calls is of a kind."""
    return lambda records: sum(map(of, records)) / len(records)


def mean_wait(records: list[Record]) -> float:
    return sum((one.waited_ms or 0) / 1_000 for one in records) / len(records)


QUEUE = "start { answer queue team for 60m }"


def test_the_share_who_waits_is_that_of_erlang_c() -> None:
    lies_within(3, QUEUE, demand(1.8), share(lambda one: bool(one.waited_ms)), erlang.waiting(3, 1.8))


def test_the_mean_wait_is_that_of_erlang_c() -> None:
    lies_within(3, QUEUE, demand(1.8), mean_wait, erlang.mean_wait(3, 1.8, TALK_S))


def test_who_finds_everybody_talking_is_as_often_as_erlang_b_says() -> None:
    lost = share(lambda one: one.talks_ms is None)
    lies_within(3, "start { answer connect team }", demand(2.4), lost, erlang.blocking(3, 2.4))


def test_who_loses_patience_is_as_often_as_erlang_a_says() -> None:
    left, wanted = share(lambda one: one.abandoned), erlang.abandonment(3, 3.3, TALK_S, 90.0).abandons
    lies_within(3, QUEUE, demand(3.3, "exponential 90s"), left, wanted)


# --- what callers do ---


def one_day(body: str, agents: int = 2, **changes: object) -> list[Record]:
    scheme = machine(agents, body)
    given = Demand(calls_per_hour=30, talk=fixed(60_000), **changes)  # type: ignore[arg-type]
    return day(scheme, Schedules(scheme), given, 1, 0, 2 * HOUR_MS)


def outcomes(records: list[Record]) -> set[Disposition | None]:
    return {one.outcome for one in records}


def test_keys_are_pressed_by_their_weights_and_by_flow() -> None:
    body = """start { answer menu { play "Press." press 1 { connect team hangup } press 2 goto other otherwise hangup }
    } flow other { menu { play "More." press 3 { voicemail "box" } otherwise hangup } }"""
    records = one_day(body, agents=9, presses={"start": {"1": 1, "2": 2, "": 1}, "other": {"3": 1}})
    assert outcomes(records) == {Disposition.ANSWERED, Disposition.VOICEMAIL, Disposition.NO_INPUT}
    assert 0.1 < sum(one.outcome is Disposition.ANSWERED for one in records) / len(records) < 0.45


def test_a_number_of_several_digits_is_typed() -> None:
    body = 'start { answer collect n digits 4 { play "Number?" otherwise reject busy } connect team }'
    assert outcomes(one_day(body, agents=9, presses={"start": {"4711": 1}})) == {Disposition.ANSWERED}
    assert Disposition.ANSWERED not in outcomes(one_day(body))


def test_an_agent_who_has_to_confirm_does() -> None:
    records = one_day("start { answer connect team confirm }", agents=9)
    assert outcomes(records) == {Disposition.ANSWERED}
    assert {one.talked_ms for one in records} == {60_000}


def test_who_has_no_patience_left_hangs_up_while_it_rings() -> None:
    records = one_day("start { answer connect team for 30s }", answer=fixed(20_000), patience=fixed(5_000))
    assert outcomes(records) == {Disposition.ABANDONED}
    assert {one.waited_ms for one in records} == {5_000}


def test_who_talks_does_not_lose_patience() -> None:
    records = one_day("start { answer connect team for 30s }", answer=fixed(2_000), patience=fixed(5_000))
    assert Disposition.ABANDONED not in outcomes(records)
    assert {one.talked_ms for one in records if one.talks_ms is not None} == {60_000}


def test_a_call_that_is_refused_at_once_is_over() -> None:
    assert outcomes(one_day("start { reject busy }")) == {Disposition.REJECTED}


def test_a_day_is_the_same_each_time_and_another_one_by_another_seed() -> None:
    scheme = machine(2, QUEUE)
    found = [day(scheme, Schedules(scheme), demand(1.5), seed, 0, HOUR_MS) for seed in (1, 1, 2)]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_two_schemes_meet_the_same_people() -> None:
    assert [one.talk_ms for one in callers(demand(1.5), 7, HOUR_MS)] == [
        one.talk_ms for one in callers(demand(1.5), 7, HOUR_MS)
    ]
    longer = callers(demand(1.5), 7, 2 * HOUR_MS)
    assert [one.arrives_ms for one in callers(demand(1.5), 7, HOUR_MS)] == [
        one.arrives_ms for one in longer if one.arrives_ms < HOUR_MS
    ]


def test_figures_of_a_day() -> None:
    records = [
        Record(0, 0, 0, 10_000, 60_000, 70_000, Disposition.ANSWERED),
        Record(1, 0, 0, 30_000, 60_000, 90_000, Disposition.ANSWERED),
        Record(2, 0, 0, None, 0, 40_000, Disposition.ABANDONED),
        Record(3, 0, None, None, 0, 5_000, Disposition.VOICEMAIL),
    ]
    found = figures(records, 2, 600_000, 20_000)
    assert found == {
        "calls": 4,
        "answered": 0.5,
        "abandoned": 0.25,
        "messages": 0.25,
        "service level": pytest.approx(1 / 3),
        "mean wait": pytest.approx(80 / 3),
        "wait 50 %": 30.0,
        "wait 90 %": 40.0,
        "wait 95 %": 40.0,
        "wait 99 %": 40.0,
        "occupancy": 0.1,
    }


def test_a_day_without_calls_has_no_shares() -> None:
    assert figures([], 0, HOUR_MS, 20_000) == {"calls": 0}
