"""Who calls, how often, and what they and the agents do: everything about a day of calls that chance decides."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from random import Random
from typing import Final

import attrs

from callflow.clock import local
from callflow.traffic.arrivals import Logged
from callflow.traffic.times import Shape, Time

_NOTHING: Final = ""
_SECOND, _FIVE, _FIFTEEN = (Time(Shape.FIXED, ms) for ms in (1_000, 5_000, 15_000))


@attrs.frozen
class Demand:
    """What happens to a line. Times are distributions."""

    calls_per_hour: float
    """Calls an hour at all times; what `week` or `log` say comes before it."""
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
    week: tuple[float, ...] = ()
    """Calls an hour in each hour of a week, Monday 00:00 first; empty: the same at all times."""
    log: tuple[Logged, ...] = ()
    """The calls that come; empty: they come by chance."""
    zone: str = ""
    """The time zone of `week` and `log`; empty: UTC."""
    numbers: int = 0
    """How many people there are who call, each as often as any; 0: nobody calls twice."""
    shifts: Mapping[str, str] = attrs.field(factory=dict)
    """When agents are there, in OSM syntax, by agent; who is not named is there all the time."""


@attrs.frozen
class Caller:
    """One who calls, with everything that chance has decided for them."""

    number: int
    caller: str
    called: str
    arrives_ms: int
    random: Random
    patience_ms: int | None
    talk_ms: int
    answer_ms: int
    message_ms: int
    keys: str = ""
    """What the caller presses, in menus one after another; empty: by chance."""

    def key(self, choices: Mapping[str, float]) -> str:
        """Return what the caller presses where these are the weights."""
        if not choices:
            return _NOTHING
        return self.random.choices(list(choices), list(choices.values()))[0]


def callers(demand: Demand, seed: int, until_ms: int, begins_ms: int = 0) -> Iterator[Caller]:
    """Yield everybody who calls until a time: by a Poisson process, or as a log has it.

    A caller is the same whatever becomes of the calls before, so that two schemes meet the same people.

    Args:
        demand: Who calls.
        seed: Where chance begins.
        until_ms: Until when, from the beginning.
        begins_ms: The wall clock of the beginning, milliseconds since 1970 UTC.
    """
    logged = _logged(demand, until_ms, begins_ms) if demand.log else _by_chance(demand, seed, until_ms, begins_ms)
    for number, (at_ms, known) in enumerate(logged):
        random = Random(f"{seed} {number}")  # noqa: S311  chance, and no secret
        person = random.randrange(demand.numbers) if demand.numbers else number
        patience_ms = None if demand.patience is None else demand.patience.draw(random)
        talk_ms = max(1, demand.talk.draw(random))
        yield Caller(
            number=number,
            caller=known.caller if known is not None and known.caller else f"+49{1_500_000_000 + person}",
            called=known.called if known is not None else "",
            arrives_ms=at_ms,
            random=random,
            patience_ms=patience_ms,
            talk_ms=talk_ms if known is None or known.talk_ms is None else max(1, known.talk_ms),
            answer_ms=demand.answer.draw(random),
            message_ms=demand.message.draw(random),
            keys=known.keys if known is not None else "",
        )


def _by_chance(demand: Demand, seed: int, until_ms: int, begins_ms: int) -> Iterator[tuple[int, None]]:
    """Yield when people call: by the busiest hour, of whom as many are left out as another hour has less."""
    arrivals = Random(f"{seed} arrivals")  # noqa: S311
    most = max(demand.week) if demand.week else demand.calls_per_hour
    gap_ms = 3_600_000 / most
    at = arrivals.expovariate(1.0) * gap_ms
    while at < until_ms:
        if not demand.week or arrivals.random() * most < demand.week[hour_of_week(begins_ms + round(at), demand.zone)]:
            yield round(at), None
        at += arrivals.expovariate(1.0) * gap_ms


def _logged(demand: Demand, until_ms: int, begins_ms: int) -> Iterator[tuple[int, Logged]]:
    for one in demand.log:
        at_ms = wall_ms(one.at, demand.zone) - begins_ms
        if 0 <= at_ms < until_ms:
            yield at_ms, one


def hour_of_week(ms: int, zone: str) -> int:
    """Return the hour of an instant in its week: 0 is Monday from 00:00 on."""
    at = local(ms, zone)
    return at.weekday() * 24 + at.hour


def wall_ms(at: datetime, zone: str) -> int:
    """Return an instant, by the clock of a zone where it names none, in milliseconds since 1970 UTC."""
    return round((at if at.tzinfo else at.replace(tzinfo=local(0, zone).tzinfo)).timestamp() * 1_000)
