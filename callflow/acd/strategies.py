"""In which order the free agents of a group are rung. A key of several parts, never one number; ties as written."""

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from callflow.acd.agents import Desk
from callflow.machine.model import Strategy

_MASK: Final = (1 << 64) - 1
_NOBODY: Final[Mapping[str, int]] = {}


def in_order(
    members: Sequence[str],
    free: Mapping[str, Desk],
    strategy: Strategy,
    last: str = "",
    draw: int = 0,
    tries: Mapping[str, int] = _NOBODY,
) -> list[Desk]:
    """Return those of `members` who are free, who is to be rung first in front.

    `last` was rung last of the group, for round robin. `tries` says how often each was rung for this caller already:
    everybody has a turn before anybody has another one, or one who never answers would keep a caller from the rest.
    """
    names = [name for name in members if name in free]
    rank = _ranks(members, names, free, strategy, last, draw)
    return [free[name] for name in sorted(names, key=lambda name: (tries.get(name, 0), rank[name]))]


def _ranks(
    members: Sequence[str], names: Sequence[str], free: Mapping[str, Desk], strategy: Strategy, last: str, draw: int
) -> dict[str, int]:
    match strategy:
        case Strategy.ALL | Strategy.IN_TURN:
            return _places(names)
        case Strategy.LONGEST_IDLE:
            return {name: free[name].idle_since_ms for name in names}
        case Strategy.FEWEST_CALLS:
            return {name: free[name].calls for name in names}
        case Strategy.ROUND_ROBIN:
            start = members.index(last) + 1 if last in members else 0
            return _places((*members[start:], *members[:start]))
        case Strategy.RANDOM:
            return _places(_shuffled(members, draw))
        case _:
            assert_never(strategy)


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _shuffled(members: Sequence[str], draw: int) -> list[str]:
    """Return the members in an order that `draw` decides: Fisher and Yates' shuffle over SplitMix64."""
    shuffled = list(members)
    for end in range(len(shuffled) - 1, 0, -1):
        draw = (draw + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((draw ^ (draw >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        chosen = (mixed ^ (mixed >> 31)) % (end + 1)
        shuffled[end], shuffled[chosen] = shuffled[chosen], shuffled[end]
    return shuffled
