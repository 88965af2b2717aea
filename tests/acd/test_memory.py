"""What is kept of callers: values for as long as told, and who really talked with them."""

from callflow.acd.agents import Availability
from callflow.acd.floor import Floor
from callflow.acd.memory import Memory
from callflow.engine.effects import Bridge, Count, Drop, HangUp, HangUpReason, Remember, Seek
from callflow.engine.events import AgentsFound, CallerHungUp, GroupCounted, LegAnswered, LegEnded, Outcome
from callflow.limits import LAST_AGENT_TALK_MS
from callflow.machine.model import Agent, Group, Strategy
from tests.acd.world import Call, Office, floor_of, machine

DAY_MS = 86_400_000
WHO = "+4930111"


def talk(floor: Floor, agent: str, at: int, ms: int = LAST_AGENT_TALK_MS, caller: str = WHO) -> None:
    """Let a caller talk with an agent for a while."""
    call = Call(floor, at, caller)
    leg, _ = call.dial(agent, at)
    call.note(LegAnswered(at, leg), Bridge(leg))
    call.note(LegEnded(at + ms, leg, Outcome.HUNG_UP), HangUp(HangUpReason.AGENT))


def sought(floor: Floor, at: int, group: str = "", within_ms: int | None = None, caller: str = WHO) -> AgentsFound:
    call = Call(floor, at, caller)
    call.take(Seek, group, Strategy.ALL, 0, last=True, within_ms=within_ms, at=at)
    assert isinstance(call.last, AgentsFound)
    return call.last


def test_the_last_agent_is_the_last_who_talked_long_enough() -> None:
    floor = floor_of()
    talk(floor, "anna", 0)
    talk(floor, "boris", 100_000, LAST_AGENT_TALK_MS - 1)
    assert sought(floor, 200_000).agents == ("anna",)
    talk(floor, "boris", 300_000)
    assert sought(floor, 400_000).agents == ("boris",)
    talk(floor, "anna", 500_000)
    assert sought(floor, 600_000).agents == ("anna",)


def test_whoever_only_rang_or_whispered_is_not_the_last_agent() -> None:
    floor = floor_of()
    call = Call(floor)
    leg, _ = call.dial("anna")
    call.note(LegAnswered(0, leg))
    call.note(LegEnded(60_000, leg, Outcome.HUNG_UP))
    assert sought(floor, 60_000) == AgentsFound(0, 1, ())


def test_a_conversation_lasts_until_whoever_ends_it() -> None:
    for ending in (CallerHungUp(10_000), None):
        floor = floor_of()
        call = Call(floor, 0, WHO)
        leg, _ = call.dial("anna")
        call.note(LegAnswered(0, leg), Bridge(leg))
        if ending is None:
            call.note(LegAnswered(9_999, 7), Drop(leg))
        else:
            call.note(ending)
        call.note(LegEnded(30_000, leg, Outcome.CANCELLED))
        assert sought(floor, 30_000).agents == (() if ending is None else ("anna",))


def test_the_last_agent_is_kept_as_long_as_the_scheme_asks_back_and_no_longer() -> None:
    floor = floor_of()
    talk(floor, "anna", 0)
    ended = LAST_AGENT_TALK_MS
    assert sought(floor, ended + 3_600_000, within_ms=3_600_000).agents == ("anna",)
    assert sought(floor, ended + 3_600_001, within_ms=3_600_000).agents == ()
    assert sought(floor, ended + DAY_MS).agents == ("anna",)
    assert sought(floor, ended + DAY_MS + 1, within_ms=30 * DAY_MS).agents == ()


def test_a_scheme_that_never_asks_keeps_nothing() -> None:
    floor = floor_of(last_agent_ms=0)
    talk(floor, "anna", 0)
    floor.reload(machine(), Office(), 20_000)
    assert sought(floor, 20_000).agents == ()


def test_a_last_agent_who_is_not_free_is_counted_instead() -> None:
    floor = floor_of()
    talk(floor, "anna", 0)
    other = Call(floor, 20_000, "+4930222")
    leg, _ = other.dial("anna", 20_000)
    other.note(LegAnswered(20_000, leg), Bridge(leg))
    assert sought(floor, 21_000) == AgentsFound(0, 1, (), on_call=1)
    other.note(CallerHungUp(22_000))
    other.note(LegEnded(22_000, leg, Outcome.CANCELLED))
    floor.set_presence("anna", Availability.AWAY, 23_000)
    assert sought(floor, 23_000) == AgentsFound(0, 1, (), away=1)


def test_the_last_agent_of_a_group_is_one_of_its_members() -> None:
    floor = floor_of(Group("sales", ("anna", "boris")), Group("support", ("carla",)))
    talk(floor, "anna", 0)
    talk(floor, "boris", 100_000)
    talk(floor, "carla", 200_000)
    assert sought(floor, 300_000, "sales").agents == ("boris",)
    assert sought(floor, 300_000, "support").agents == ("carla",)
    smaller = machine(groups=(Group("sales", ("anna",)),), agents=(Agent("anna", "sip:a@x"), Agent("carla", "sip:c@x")))
    floor.reload(smaller, Office(), 300_000)
    assert sought(floor, 300_000, "sales").agents == ("anna",)
    assert sought(floor, 300_000, "support").agents == ()
    assert sought(floor, 300_000).agents == ("carla",)


def test_the_last_agent_may_be_asked_after() -> None:
    floor = floor_of()
    call = Call(floor, 0, WHO)
    call.take(Count, "")
    assert call.last == GroupCounted(0, 1, 0, 0, 0, "")
    talk(floor, "anna", 0)
    call.take(Count, "", at=60_000)
    assert call.last == GroupCounted(60_000, 2, 1, 0, 0, "anna")
    floor.set_presence("anna", Availability.OFFLINE, 60_000)
    call.take(Count, "", at=60_000)
    assert call.last == GroupCounted(60_000, 3, 0, 0, 0, "anna")


def test_a_withheld_number_keeps_nothing() -> None:
    floor = floor_of()
    talk(floor, "anna", 0, caller="")
    Call(floor, 20_000, "").do(Remember("tier", "gold"), at=20_000)
    assert sought(floor, 20_000, caller="").agents == ()
    assert floor.remembered("", 20_000) == {}


def test_values_are_kept_for_their_caller_until_they_expire_or_are_forgotten() -> None:
    floor = floor_of()
    call = Call(floor, 1_000, WHO)
    call.do(Remember("tier", "gold"), at=1_000)
    call.do(Remember("asked", 3, for_ms=60_000), at=1_000)
    assert floor.remembered(WHO, 60_999) == {"tier": "gold", "asked": 3}
    assert floor.remembered(WHO, 61_000) == {"tier": "gold"}
    assert floor.remembered("+4930222", 61_000) == {}
    call.do(Remember("tier", None), at=61_000)
    call.do(Remember("never", None), at=61_000)
    assert floor.remembered(WHO, 61_000) == {}


def test_what_nobody_asks_after_is_forgotten_too() -> None:
    floor = floor_of()
    talk(floor, "anna", 0)
    Call(floor, 1_000, "+4930222").do(Remember("asked", 3, for_ms=60_000), at=1_000)
    Call(floor, 3_600_000, "+4930333")
    assert list(floor.memory._callers) == [WHO]
    Call(floor, 2 * DAY_MS, "+4930333")
    assert not floor.memory._callers


def test_of_too_many_callers_the_one_who_called_longest_ago_is_forgotten() -> None:
    memory = Memory(callers_max=2)
    for at, caller in enumerate(("a", "b", "a", "c")):
        memory.talked(caller, "anna", at)
    assert [memory.last_agent(caller, ("anna",), 0) for caller in "abc"] == ["anna", "", "anna"]


def test_of_too_many_agents_those_who_talked_last_are_kept() -> None:
    memory = Memory()
    agents = [f"agent{number}" for number in range(9)]
    for at, agent in enumerate(agents):
        memory.talked(WHO, agent, at)
    assert memory.last_agent(WHO, agents[:1], 0) == ""
    assert memory.last_agent(WHO, agents[:2], 0) == "agent1"


def test_a_caller_can_be_erased() -> None:
    memory = Memory()
    memory.talked(WHO, "anna", 0)
    memory.remember(WHO, "tier", "gold", None)
    memory.erase(WHO)
    memory.erase("nobody")
    assert (memory.last_agent(WHO, ("anna",), 0), memory.remembered(WHO, 0)) == ("", {})
