"""Who calls, how often, and what they and the agents do: everything about a day of calls that chance decides."""

from collections.abc import Mapping
from random import Random
from typing import Final

import attrs

from callflow.traffic.times import Shape, Time

_NOTHING: Final = ""
_SECOND, _FIVE, _FIFTEEN = (Time(Shape.FIXED, ms) for ms in (1_000, 5_000, 15_000))


@attrs.frozen
class Demand:
    """What happens to a line. Times are distributions."""

    calls_per_hour: float
    talk: Time
    answer: Time = _FIVE
    """From the first ringing to the answer of an agent."""
    patience: Time | None = None
    """How long callers wait to be answered, from their first ringing or queue on; None: for ever."""
    message: Time = _FIFTEEN
    """How long who leaves a message speaks."""
    think: Time = _SECOND
    """From the end of a menu's words to the key."""
    presses: Mapping[str, Mapping[str, float]] = attrs.field(factory=dict)
    """For flows: what callers press in a menu there, each with its weight; `""`: nothing."""
    prompts: Time | None = None
    """How long everything that is played lasts; None: as long as speaking it takes."""


@attrs.frozen
class Caller:
    """One who calls, with everything that chance has decided for them."""

    number: int
    arrives_ms: int
    random: Random
    patience_ms: int | None
    talk_ms: int
    answer_ms: int
    message_ms: int

    def key(self, choices: Mapping[str, float]) -> str:
        """Return what the caller presses where these are the weights."""
        if not choices:
            return _NOTHING
        return self.random.choices(list(choices), list(choices.values()))[0]


def callers(demand: Demand, seed: int, until_ms: int) -> list[Caller]:
    """Return everybody who calls until a time, by a Poisson process.

    A caller is the same whatever becomes of the calls before, so that two schemes meet the same people.
    """
    arrivals = Random(f"{seed} arrivals")  # noqa: S311  chance, and no secret
    gap_ms = 3_600_000 / demand.calls_per_hour
    found: list[Caller] = []
    at = arrivals.expovariate(1.0) * gap_ms
    while at < until_ms:
        random = Random(f"{seed} {len(found)}")  # noqa: S311
        found.append(
            Caller(
                number=len(found),
                arrives_ms=round(at),
                random=random,
                patience_ms=None if demand.patience is None else demand.patience.draw(random),
                talk_ms=max(1, demand.talk.draw(random)),
                answer_ms=demand.answer.draw(random),
                message_ms=demand.message.draw(random),
            )
        )
        at += arrivals.expovariate(1.0) * gap_ms
    return found
