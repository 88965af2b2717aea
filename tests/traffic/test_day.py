"""Days of calls: what callers do who press, wait, leave and speak, and when they and the agents are there."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial

import attrs
import pytest

from callflow.almanac.almanac import Schedules
from callflow.compile.pipeline import compile_text
from callflow.engine.session import Disposition
from callflow.machine.model import Machine
from callflow.traffic.arrivals import ArrivalsRefused, read_log, read_week
from callflow.traffic.day import Record, day
from callflow.traffic.demand import Demand, callers, wall_ms
from callflow.traffic.figures import figures
from callflow.traffic.shifts import ShiftsRefused, read_shifts, there_ms, understood
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
    scheme = machine(2, "start { answer queue team for 60m }")
    found = [day(scheme, Schedules(scheme), demand(1.5), seed, 0, HOUR_MS) for seed in (1, 1, 2)]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_two_schemes_meet_the_same_people() -> None:
    assert [one.talk_ms for one in callers(demand(1.5), 7, HOUR_MS)] == [
        one.talk_ms for one in callers(demand(1.5), 7, HOUR_MS)
    ]
    longer = list(callers(demand(1.5), 7, 2 * HOUR_MS))
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


# --- who calls when ---


def hours_of(given: Demand, lasts_ms: int, begins_ms: int = 0) -> Counter[int]:
    """Return how many call in each hour from the beginning."""
    return Counter(one.arrives_ms // HOUR_MS for one in callers(given, 3, lasts_ms, begins_ms))


def test_calls_come_by_the_hour_of_the_week() -> None:
    monday_ms = wall_ms(datetime.fromisoformat("2026-03-09 00:00"), "Europe/Berlin")
    rates = read_week("day,hour,calls\nMo,9-11,60\nTu-Su,9,12\n")
    given = attrs.evolve(demand(1), week=rates, zone="Europe/Berlin")
    found = hours_of(given, 48 * HOUR_MS, monday_ms)
    assert set(found) == {9, 10, 24 + 9}
    assert 40 < found[9] < 80
    assert found[24 + 9] < 25


def test_the_people_are_the_same_whatever_the_week_is_like() -> None:
    given = attrs.evolve(demand(1), week=read_week("day,hour,calls\nTh,0-24,60\n"))
    other = attrs.evolve(given, talk=fixed(1_000))
    assert [one.arrives_ms for one in callers(given, 3, HOUR_MS)] == [
        one.arrives_ms for one in callers(other, 3, HOUR_MS)
    ]


LOG = """time,from,to,talk,keys,agent
2026-03-10 09:30:00,030 2312500,,90,2,anna
2026-03-10 09:00:00,,+49 30 777777,2m,1#,
2026-03-10 11:00:00,,,,,
"""


def test_calls_come_as_a_log_has_them() -> None:
    log = read_log(LOG, "DE")
    assert [(one.caller, one.called, one.talk_ms, one.keys) for one in log] == [
        ("", "+4930777777", 120_000, "1#"),
        ("+49302312500", "", 90_000, "2"),
        ("", "", None, ""),
    ]
    given = attrs.evolve(demand(1), log=log, zone="Europe/Berlin")
    begins_ms = wall_ms(log[0].at, "Europe/Berlin")
    found = list(callers(given, 1, HOUR_MS, begins_ms))
    assert [one.arrives_ms for one in found] == [0, 1_800_000]
    assert [one.talk_ms for one in found] == [120_000, 90_000]


def test_keys_of_a_log_are_pressed_in_menus_one_after_another() -> None:
    body = (
        'start { answer menu { play "?" press 1 goto code otherwise hangup } }'
        'flow code { collect code digits 3 { play "Code?" otherwise hangup } when code == "123" connect team }'
    )
    log = read_log("time,keys\n1970-01-01 00:00:00,1123\n1970-01-01 00:10:00,1124\n1970-01-01 00:20:00,2123\n", "")
    records = one_day(body, agents=3, log=log)
    assert [one.talks_ms is not None for one in records] == [True, False, False]


def test_people_who_call_again_have_the_same_number() -> None:
    numbers = Counter(one.caller for one in callers(attrs.evolve(demand(1), numbers=5), 1, 5 * HOUR_MS))
    assert len(numbers) == 5
    assert min(numbers.values()) > 20


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_week, "day,hour\nMo,9\n", "line 1: there is no column `calls`"),
        (read_week, "day,hour,calls,cals\nMo,9,1,1\n", "line 1: there is no column `cals`: did you mean `calls`?"),
        (read_week, "day,hour,calls\nMon,9,1\n", "line 2: `Mon` is no day"),
        (read_week, "day,hour,calls\nMo,25,1\n", "line 2: `25` is no hour of a day"),
        (read_week, "day,hour,calls\nMo,nine,1\n", "line 2: `nine` is no hour"),
        (read_week, "day,hour,calls\n\nMo,9,many\n", "line 3: `many` is no number of calls"),
        (read_week, "day,hour,calls\nMo,9,0\n", "nobody ever calls"),
        (partial(read_log, region=""), "when\n1\n", "there is no column `time`"),
        (partial(read_log, region=""), "time\nnoon\n", "line 2: `noon` is no time"),
        (partial(read_log, region=""), "time,talk\n2026-03-10 09:00,long\n", "line 2: `long` is no length of time"),
        (partial(read_log, region=""), "time,keys\n2026-03-10 09:00,x\n", "line 2: `x` is not what a phone can press"),
        (partial(read_log, region=""), "time\n", "there is no call"),
    ],
)
def test_files_that_say_nothing_are_told_with_the_line(read: Callable[[str], object], text: str, said: str) -> None:
    with pytest.raises(ArrivalsRefused) as told:
        read(text)
    assert said in str(told.value)


# --- shifts ---


def test_agents_are_there_in_their_shifts() -> None:
    given = attrs.evolve(demand(0.5), shifts={"a0": "00:00-01:00", "a1": "off"})
    scheme = machine(2, "start { answer connect team for 10s }")
    records = day(scheme, Schedules(scheme), given, 1, 0, 2 * HOUR_MS)
    early = [one for one in records if one.arrived_ms < HOUR_MS]
    assert any(one.talks_ms is not None for one in early)
    assert all(one.talks_ms is None for one in records if one.arrived_ms > HOUR_MS)
    shifts = understood(scheme, given.shifts)
    assert there_ms(shifts["a0"], 0, 2 * HOUR_MS) == HOUR_MS
    assert there_ms(shifts["a1"], 0, 2 * HOUR_MS) == 0
    assert there_ms(None, 0, 2 * HOUR_MS) == 2 * HOUR_MS


@pytest.mark.parametrize(
    ("shifts", "said"),
    [({"a2": "24/7"}, "nobody is called `a2`; did you mean `a"), ({"a0": "at nine"}, "`at nine` of a0: ")],
)
def test_shifts_that_cannot_be_kept_are_told(shifts: dict[str, str], said: str) -> None:
    with pytest.raises(ShiftsRefused, match=said):
        understood(machine(2, "start { hangup }"), shifts)


def test_shifts_of_a_file() -> None:
    assert read_shifts("agent,hours\nanna,Mo-Fr 09:00-12:00\nanna,Mo-Fr 13:00-17:00\n\nboris,24/7\n") == {
        "anna": "Mo-Fr 09:00-12:00; Mo-Fr 13:00-17:00",
        "boris": "24/7",
    }
    with pytest.raises(ShiftsRefused, match="columns `agent` and `hours`"):
        read_shifts("name,hours\n")
