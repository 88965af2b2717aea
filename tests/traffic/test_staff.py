"""How many agents a service level takes, by search on the scheme itself."""

import pytest

from callflow.machine.model import Machine
from callflow.traffic.figures import DayFigures
from callflow.traffic.staff import Goal, search, with_agents
from tests.engine.world import machine_of

SCHEME = """
agent anna "sip:anna@x.example" extension 301
agent boris "sip:boris@x.example"
agent carla "sip:carla@x.example"
group team anna, boris, carla wrap up 10s
group others anna
start { answer connect carla for 9s queue team for 9m connect others for 9s }
"""


def test_a_group_has_so_many_agents() -> None:
    machine = machine_of(SCHEME)
    two = with_agents(machine, "team", 2)
    assert two.groups["team"].members == ("anna", "boris")
    assert set(two.agents) == {"anna", "boris", "carla"}  # who is called by name stays
    five = with_agents(machine, "team", 5)
    assert five.groups["team"].members == ("anna", "boris", "carla", "team_1", "team_2")
    assert five.agents["team_1"].uri != five.agents["team_2"].uri
    assert five.groups["team"].wrap_up_ms == 10_000
    assert five.states == machine.states


def days(served: float, abandoned: float = 0.0) -> list[DayFigures]:
    return [DayFigures({"service level": served, "abandoned": abandoned}, {}, {}, {})] * 2


@pytest.mark.parametrize("enough", [1, 2, 3, 7, 16, 31, 40])
@pytest.mark.parametrize("load", [0, 5])
def test_the_fewest_are_found_with_few_tries(enough: int, load: float) -> None:
    tried: list[int] = []

    def work(machine: Machine) -> list[DayFigures]:
        tried.append(len(machine.groups["team"].members))
        return days(0.9 if tried[-1] >= enough else 0.5)

    found = list(search(machine_of(SCHEME), "team", Goal(0.8), 40, work, load))
    assert min(one.agents for one in found if one.is_enough) == enough
    assert len(set(tried)) == len(tried) <= 12


def test_too_few_are_told_by_no_try_that_is_enough() -> None:
    found = list(search(machine_of(SCHEME), "team", Goal(0.8), 10, lambda _: days(0.5)))
    assert [one.agents for one in found] == [3, 6, 10]
    assert not any(one.is_enough for one in found)


def test_both_parts_of_a_goal_count() -> None:
    work = [(0.9, 0.1, False), (0.9, 0.05, True), (0.7, 0.0, False)]
    for served, abandoned, enough in work:
        (first, *_) = search(
            machine_of(SCHEME), "team", Goal(0.8, 0.05), 3, lambda _, s=served, a=abandoned: days(s, a)
        )
        assert first.is_enough is enough
