"""How many agents a service level takes: by calls to the scheme itself, with more or fewer of them."""

from collections.abc import Callable, Iterator

import attrs

from callflow.machine.model import Agent, Machine
from callflow.traffic.figures import DayFigures, Estimate, estimates


@attrs.frozen
class Goal:
    """What is to be reached, on the mean of the days: shares of 1."""

    served: float
    """Of those who wait for somebody, at least so many are answered in time."""
    abandoned: float | None = None
    """Of all calls, at most so many are given up; None: no matter."""

    def is_reached(self, found: dict[str, Estimate]) -> bool:
        """Return whether days reach it. Days on which nobody waits reach everything."""
        served, abandoned = found.get("service level"), found.get("abandoned")
        if served is not None and served.mean < self.served:
            return False
        return self.abandoned is None or abandoned is None or abandoned.mean <= self.abandoned


@attrs.frozen
class Tried:
    """So many agents, and what the days were like."""

    agents: int
    figures: dict[str, Estimate]
    is_enough: bool


Work = Callable[[Machine], list[DayFigures]]
"""Lets the days happen on a machine."""


def with_agents(machine: Machine, group: str, count: int) -> Machine:
    """Return a machine in which a group has so many members: of its own the first, then more like the first.

    An agent who is left out stays where the scheme names them otherwise.
    """
    found = machine.groups[group]
    members = list(found.members[:count])
    agents = dict(machine.agents)
    like = agents[found.members[0]]
    number = 1
    while len(members) < count:
        name = f"{group}_{number}"
        number += 1
        if name not in agents:
            agents[name] = attrs.evolve(like, name=name, uri=_uri_of(name), extension="")
            members.append(name)
    kept = {name: agent for name, agent in agents.items() if name in members or _is_named(machine, group, name)}
    groups = {**machine.groups, group: attrs.evolve(found, members=tuple(members))}
    return attrs.evolve(machine, agents=kept, groups=groups)


def _uri_of(name: str) -> str:
    return f"sip:{name}@agents.invalid"


def _is_named(machine: Machine, group: str, name: str) -> bool:
    """Return whether an agent is more than a member of a group: of another, by extension or by name."""
    agent: Agent = machine.agents[name] if name in machine.agents else Agent(name, "")
    others = any(name in one.members for one in machine.groups.values() if one.name != group)
    targets = (getattr(getattr(state, "target", None), "agent", None) for state in machine.states)
    return others or bool(agent.extension) or name in targets


def search(machine: Machine, group: str, goal: Goal, most: int, work: Work, load: float = 0) -> Iterator[Tried]:
    """Yield what was tried, until the fewest agents are known that are enough: they are among it.

    The first number is the load in erlang, where it is known, or what there is. Numbers are doubled until they are
    enough, and then halved towards the fewest; more agents are taken to serve no worse. Where not even `most` are
    enough, no try is.
    """
    known: dict[int, Tried] = {}

    def tried(count: int) -> Tried:
        days = work(with_agents(machine, group, count))
        found = estimates([one.whole for one in days])
        known[count] = Tried(count, found, goal.is_reached(found))
        return known[count]

    few, many = 0, min(most, max(1, round(load) or len(machine.groups[group].members)))
    while True:
        one = tried(many)
        yield one
        if one.is_enough:
            break
        if many >= most:
            return
        few, many = many, min(most, many * 2)
    while many - few > 1:
        middle = (few + many) // 2
        one = tried(middle)
        yield one
        few, many = (few, middle) if one.is_enough else (middle, many)
