"""What is known of all calls of a world from their journals alone: nothing is asked of what is being watched."""

import attrs

from callflow.engine.effects import Bridge, Dial, Drop, Enqueue, HangUp, Leave, Reject
from callflow.engine.events import (
    AgentOffered,
    LegAnswered,
    LegEnded,
    QueueLeft,
)
from callflow.engine.session import Disposition
from callflow.limits import LAST_AGENT_TALK_MS
from callflow.machine.model import Machine
from callflow.runner.journal import Entry


@attrs.define(eq=False)
class Leg:
    """A phone that was called for a caller. Times in milliseconds of the world; None: not yet."""

    agent: str
    rung: bool = False
    """Whether the phone was called: one whose agent is not free is not."""
    answered: bool = False
    talks_ms: int | None = None
    dropped_ms: int | None = None
    ended_ms: int | None = None

    @property
    def holds(self) -> bool:
        """Return whether the agent is held by it."""
        return self.rung and self.dropped_ms is None and self.ended_ms is None


@attrs.define(eq=False)
class Wait:
    """A caller in a queue."""

    group: str
    since_ms: int
    priority: int
    number: int
    left: int = 0
    """How often the caller was told to be out of it."""
    is_leaving: bool = False
    offered: str = ""
    """Who was offered and not rung yet."""
    offered_ms: int = -1
    """When somebody was offered last."""
    asked: set[str] = attrs.field(factory=set)
    """Whom it was offered, ever."""


@attrs.define(eq=False)
class Watched:
    """A call as its journal tells it."""

    number: int
    caller: str
    began_ms: int
    legs: dict[int, Leg] = attrs.field(factory=dict)
    waits: dict[int, Wait] = attrs.field(factory=dict)
    outcome: Disposition | None = None
    steps: int = 0
    entries: int = 0
    last_ms: int = 0


@attrs.define(eq=False)
class Watch:
    """All calls of a world."""

    machine: Machine
    now_ms: int = 0
    calls: list[Watched] = attrs.field(factory=list)
    talked: dict[str, set[str]] = attrs.field(factory=dict)
    """Who talked with a caller for long enough to be remembered."""
    arrivals: int = 0

    def see(self, call: Watched, entry: Entry) -> None:
        """Take in an entry of a call's journal."""
        call.entries += 1
        self._event(call, entry)
        for effect in entry.effects:
            match effect:
                case Dial(ticket=ticket, agent=agent):
                    call.legs[ticket] = Leg(agent)
                    for wait in call.waits.values():
                        wait.offered = "" if wait.offered == agent else wait.offered
                case Drop(ticket=ticket) if ticket in call.legs:
                    leg = call.legs[ticket]
                    leg.dropped_ms = self.now_ms if leg.dropped_ms is None else leg.dropped_ms
                    self._talk_over(call, leg)
                case Bridge(ticket=ticket) if ticket in call.legs:
                    call.legs[ticket].talks_ms = self.now_ms
                case Enqueue(ticket=ticket, group=group, priority=priority):
                    self.arrivals += 1
                    call.waits[ticket] = Wait(group, self.now_ms, priority, self.arrivals)
                case HangUp() | Reject():  # end every other leg
                    for leg in call.legs.values():
                        leg.dropped_ms = self.now_ms if leg.dropped_ms is None else leg.dropped_ms
                        self._talk_over(call, leg)
                case Leave(ticket=ticket) if ticket in call.waits:
                    call.waits[ticket].is_leaving = True
                case _:
                    pass

    def _event(self, call: Watched, entry: Entry) -> None:
        match entry.event:
            case LegAnswered(ticket=ticket) if ticket in call.legs:
                call.legs[ticket].answered = True
            case LegEnded(ticket=ticket) if ticket in call.legs and call.legs[ticket].ended_ms is None:
                call.legs[ticket].ended_ms = self.now_ms
                self._talk_over(call, call.legs[ticket])
            case AgentOffered(ticket=ticket, agent=agent) if ticket in call.waits:
                call.waits[ticket].offered = agent
                call.waits[ticket].offered_ms = self.now_ms
                call.waits[ticket].asked.add(agent)
            case QueueLeft(ticket=ticket) if ticket in call.waits:
                call.waits[ticket].left += 1
            case _:
                pass

    def _talk_over(self, call: Watched, leg: Leg) -> None:
        if leg.talks_ms is not None and leg.agent and self.now_ms - leg.talks_ms >= LAST_AGENT_TALK_MS:
            self.talked.setdefault(call.caller, set()).add(leg.agent)
