"""Closed forms of queueing theory, to hold a simulation against: Erlang B, C and A, and Cobham's priorities.

`load` is in erlang: arrivals times the mean length of a conversation.

Sources: Erlang 1917; Palm 1943 and Mandelbaum and Zeltyn 2007 (Erlang A); Cobham 1954.
"""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

import attrs


def blocking(agents: int, load: float) -> float:
    """Return the share of calls that find everybody talking, M/M/c/c: Erlang B."""
    found = 1.0
    for number in range(1, agents + 1):
        found = load * found / (number + load * found)
    return found


def waiting(agents: int, load: float) -> float:
    """Return the share of calls that wait, M/M/c: Erlang C. 1 where the load is too much for the agents."""
    if load >= agents:
        return 1.0
    lost = blocking(agents, load)
    return lost / (1 - load / agents * (1 - lost))


def mean_wait(agents: int, load: float, talk: float) -> float:
    """Return the mean wait of all calls, M/M/c, in the unit of `talk`; infinite where the load is too much."""
    return math.inf if load >= agents else waiting(agents, load) * talk / (agents - load)


@attrs.frozen
class Abandoned:
    """What comes of calls whose callers do not wait for ever, M/M/c+M. Shares of all calls; the mean wait of all."""

    waits: float
    abandons: float
    mean_wait: float


def abandonment(agents: int, load: float, talk: float, patience: float) -> Abandoned:
    """Return what comes of calls with exponential patience: Erlang A. Times in one unit."""
    service, leaving = 1 / talk, 1 / patience
    arrivals = load * service
    weights = [1.0]
    waits = abandoned = length = 0.0
    number, weight = 0, 1.0
    while weight > weights[0] * 1e-15 or number < load:  # until what is left is nothing
        number += 1
        weight *= arrivals / (min(number, agents) * service + max(0, number - agents) * leaving)
        weights.append(weight)
        if weight > 1e280:  # noqa: PLR2004  far from what a float holds
            weights = [one / weight for one in weights]
            weight = 1.0
    whole = sum(weights)
    for number, weight in enumerate(weights):
        share = weight / whole
        waits += share if number >= agents else 0.0
        length += share * max(0, number - agents)
        abandoned += share * max(0, number - agents) * leaving
    return Abandoned(waits, abandoned / arrivals, length / arrivals)


def priority_waits(agents: int, loads: Sequence[float], talk: float) -> list[float]:
    """Return the mean wait of each class of calls, the first one served first, none interrupted: Cobham, M/M/c."""
    whole = sum(loads)
    base = waiting(agents, whole) * talk / agents
    taken = [0.0, *(load / agents for load in accumulate(loads))]
    return [base / ((1 - before) * (1 - with_it)) for before, with_it in pairwise(taken)]


def same_agent(load: float, talk: float, gap: float, memory: float) -> float:
    """Return the share of calls that the agent of last time takes, of two agents; all times in one unit.

    Who finds both talking is lost, who finds the agent of last time talking or has none gets the other one: so how
    many talk is as with any rule, M/M/2/2, and by symmetry the one of last time talks in half of the time in which one
    does. A person calls anew after exponential gaps; their last call that was answered ended within the memory when
    it began within it and the talk's length before.

    Args:
        load: All calls, in erlang.
        talk: How long they talk, each as long.
        gap: The mean time between two calls of one person, much longer than a talk.
        memory: For how long it is remembered, from the end of the talk on, who talked with whom.
    """
    states = [1.0, load, load * load / 2]
    one, both = states[1] / sum(states), states[2] / sum(states)
    answered = (1 - both) / gap
    remembered = math.exp(-answered * talk) * (1 - math.exp(-answered * memory))
    return remembered * (1 - one / 2 - both)
