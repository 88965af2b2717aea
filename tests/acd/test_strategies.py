"""Orders in which agents are rung."""

from collections import Counter

import pytest

from callflow.acd.agents import Desk
from callflow.acd.strategies import in_order
from callflow.machine.model import Agent, Strategy

MEMBERS = ("anna", "boris", "carla", "dora")


def desks(*free: str, idle: dict[str, int] | None = None, calls: dict[str, int] | None = None) -> dict[str, Desk]:
    found = {name: Desk(Agent(name, f"sip:{name}@x")) for name in free or MEMBERS}
    for name, desk in found.items():
        desk.idle_since_ms = (idle or {}).get(name, -1)
        desk.calls = (calls or {}).get(name, 0)
    return found


def names(found: list[Desk]) -> list[str]:
    return [desk.agent.name for desk in found]


@pytest.mark.parametrize("strategy", [Strategy.ALL, Strategy.IN_TURN])
def test_in_turn_is_as_written(strategy: Strategy) -> None:
    assert names(in_order(MEMBERS, desks("dora", "boris", "anna"), strategy)) == ["anna", "boris", "dora"]


def test_longest_idle_begins_with_who_never_talked_and_ties_are_as_written() -> None:
    free = desks(idle={"anna": 900, "carla": 500, "dora": 500})
    assert names(in_order(MEMBERS, free, Strategy.LONGEST_IDLE)) == ["boris", "carla", "dora", "anna"]


def test_fewest_calls_ties_are_as_written() -> None:
    free = desks(calls={"anna": 2, "boris": 1, "dora": 1})
    assert names(in_order(MEMBERS, free, Strategy.FEWEST_CALLS)) == ["carla", "boris", "dora", "anna"]


@pytest.mark.parametrize(
    ("last", "order"),
    [("", "abcd"), ("anna", "bcda"), ("carla", "dabc"), ("dora", "abcd"), ("gone", "abcd")],
)
def test_round_robin_begins_behind_who_was_rung_last(last: str, order: str) -> None:
    assert "".join(name[0] for name in names(in_order(MEMBERS, desks(), Strategy.ROUND_ROBIN, last))) == order


def test_round_robin_goes_on_behind_one_who_is_not_free() -> None:
    assert names(in_order(MEMBERS, desks("anna", "dora"), Strategy.ROUND_ROBIN, "boris")) == ["dora", "anna"]


def test_random_is_decided_by_the_draw_alone_and_gives_everybody_the_same_share() -> None:
    first: Counter[str] = Counter()
    for draw in range(2_000):
        order = names(in_order(MEMBERS, desks(), Strategy.RANDOM, draw=draw))
        assert order == names(in_order(MEMBERS, desks(), Strategy.RANDOM, draw=draw))
        assert sorted(order) == list(MEMBERS)
        first[order[0]] += 1
    assert all(420 < first[name] < 580 for name in MEMBERS), first


def test_who_was_tried_less_comes_before_any_other_reason() -> None:
    free = desks(calls={"carla": 9})
    tries = {"anna": 1, "boris": 2, "dora": 1}
    found = in_order(MEMBERS, free, Strategy.FEWEST_CALLS, tries=tries)
    assert names(found) == ["carla", "anna", "dora", "boris"]
