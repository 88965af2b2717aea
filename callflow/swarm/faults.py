"""What goes wrong in a world, by seed: which kinds of faults there are, how often, what agents and the web do then."""

from random import Random
from typing import Final

from callflow.engine.effects import Fetch
from callflow.limits import CALL_MS_MAX
from callflow.machine.model import Value
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.world import WebAnswer

_ARMED: Final = 0.4
"""How many of the kinds of faults there are in one world."""

KINDS: Final = (
    "rude",  # agents are busy, reject, are not there
    "slow",  # agents do not answer, or late
    "clinging",  # agents do not hang up
    "lagging",  # phones that were called off end up to 32 s later, as after a CANCEL that nobody answers
    "twice",  # events come a second time, or late
    "web fails",
    "web stalls",
    "comings and goings",  # agents are away and back while phones ring
    "hours change",
    "clock steps",  # the wall clock of a new call is an hour off
    "hasty",  # callers hang up at any moment
    "typing",  # callers press any keys at any moment
)
STEP_MS: Final = 500
"""Times are multiples of this, so that things happen at the same moment often."""


class Faults:
    """Chance of one world. `calm` ends all faults."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"swarm {seed}")  # noqa: S311  chance, and no secret
        self._armed = {kind: self.random.random() for kind in KINDS if self.random.random() < _ARMED}
        self.calm = False

    def __str__(self) -> str:
        """Return which kinds there are."""
        return ", ".join(f"{kind} {share:.0%}" for kind, share in self._armed.items()) or "none"

    def happens(self, kind: str) -> bool:
        """Return whether a fault of a kind happens now."""
        share = self._armed.get(kind, 0.0)
        return not self.calm and share > 0 and self.random.random() < share

    def steps(self, least: int, most: int) -> int:
        """Return a time of so many steps."""
        return self.random.randint(least, most) * STEP_MS

    def agent(self, _agent: str, _uri: str) -> Behaviour:
        """Return what an agent does with a call."""
        if self.happens("rude"):
            return Behaviour(self.random.choice((Reaction.BUSY, Reaction.REJECTS, Reaction.UNREACHABLE)))
        if self.happens("slow"):
            return Behaviour(self.random.choice((Reaction.NEVER_ANSWERS, Reaction.ANSWERS)), self.steps(20, 60))
        talk_ms = None if self.happens("clinging") else self.steps(2, 120)
        return Behaviour(Reaction.ANSWERS, self.steps(0, 8), talk_ms, ((self.steps(1, 4), "1"),))

    def web(self, _fetch: Fetch) -> WebAnswer:
        """Return what a web service answers."""
        if self.happens("web fails"):
            return WebAnswer(trouble="the web service fails", after_ms=self.steps(0, 4))
        if self.happens("web stalls"):
            return WebAnswer(trouble="never answers", after_ms=CALL_MS_MAX)
        names = ("tier", "name", "balance", "city", "State", "ok")
        values: tuple[Value, ...] = ("gold", "", 12, True, None)
        fields = {name: self.random.choice(values) for name in names}
        return WebAnswer(fields, after_ms=self.steps(0, 4))
