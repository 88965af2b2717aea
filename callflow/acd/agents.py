"""One agent: on duty or not, which calls ring or talk there, how long to leave them alone. Is told the time."""

import enum

import attrs

from callflow.engine.events import Outcome
from callflow.limits import (
    AUTO_AWAY_MS,
    BUSY_PAUSE_MS,
    NO_ANSWER_PAUSE_MS,
    REJECT_PAUSE_MS,
    UNANSWERED_MAX,
    UNREACHABLE_PAUSE_MS,
)
from callflow.machine.model import Agent

DOES_NOT_ANSWER = "does not answer"


class Availability(enum.Enum):
    """What an agent said of themselves."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"


class Stage(enum.Enum):
    """How far a call has got with an agent."""

    OFFERED = "offered"
    RINGING = "ringing"
    ANSWERED = "answered"
    TALKING = "talking"


@attrs.frozen
class Status:
    """An agent as a console shows them. `doing` is one of idle, ringing, talking, wrapping up, away, offline."""

    agent: str
    doing: str
    reason: str
    calls: int
    """Conversations since the floor opened."""


@attrs.define(eq=False)
class Leg:
    """A call that holds an agent. `call` is the number of the call on this floor."""

    desk: "Desk"
    call: int
    group: str
    """The group whose call it is; empty: asked for in person."""
    stage: Stage
    since_ms: int
    """When the phone began to ring, or the agent was offered."""
    ring_ms: int | None = None
    """How long a queue lets the phone ring."""
    ticket: int | None = None
    dropped: bool = False
    """It was called off, and has not ended yet."""
    missed: bool = False
    """It was called off because nobody answered in time, and not for another reason."""
    talk_from_ms: int | None = None
    talk_to_ms: int | None = None
    over_ms: int | None = None
    """The call is over; by then the leg is, too, whether anybody says so or not."""


@attrs.define(eq=False)
class Desk:
    """An agent and what holds them."""

    agent: Agent
    legs: list[Leg] = attrs.field(factory=list)
    availability: Availability = Availability.AVAILABLE
    reason: str = ""
    gone: bool = False
    """The scheme has this agent no longer."""
    wraps_ms: list[int] = attrs.field(factory=list)
    """When each wrap-up ends. One takes the place of a call."""
    pause_ms: int = 0
    """Until when queues leave the agent alone."""
    away_ms: int = 0
    """Until when the agent is taken to be away for not answering."""
    idle_since_ms: int = -1
    calls: int = 0
    unanswered: int = 0

    def answers(self, now_ms: int) -> bool:
        """Return whether the agent is on duty: available, and not taken to be away."""
        return self.is_available and self.away_ms <= now_ms

    @property
    def is_available(self) -> bool:
        """Return whether the agent says that they are there."""
        return not self.gone and self.availability is Availability.AVAILABLE

    def has_room(self, now_ms: int, call: int | None = None) -> bool:
        """Return whether the agent could be rung as far as calls go: no other rings, and one more may be taken.

        What `call` itself has called off is not in its own way.
        """
        if not self.legs and not self.wraps_ms:
            return True
        if call is None and len(self.legs) >= self.agent.limit:
            return False
        legs = [leg for leg in self.legs if not (leg.dropped and leg.call == call)]
        if any(leg.stage is not Stage.TALKING for leg in legs):
            return False
        return len(legs) + sum(end > now_ms for end in self.wraps_ms) < self.agent.limit

    def is_free(self, now_ms: int) -> bool:
        """Return whether the agent could take a call at once."""
        return self.answers(now_ms) and self.has_room(now_ms)

    def may_be_offered(self, now_ms: int) -> bool:
        """Return whether a queue may ring the agent now."""
        return self.pause_ms <= now_ms and self.is_free(now_ms)

    def refusal(self, now_ms: int, call: int, *, in_person: bool) -> Outcome | None:
        """Return why a call is not put through; None: it is.

        In person somebody is rung, too, who is only taken to be away: by answering they show that they are back.
        """
        if not (self.is_available if in_person else self.answers(now_ms)):
            return Outcome.AWAY
        return None if self.has_room(now_ms, call) else Outcome.ON_CALL

    def say(self, availability: Availability, reason: str) -> None:
        """Take down what the agent says; who is available again may be rung at once."""
        self.availability = availability
        self.reason = reason
        if availability is Availability.AVAILABLE:
            self.unanswered = self.away_ms = self.pause_ms = 0

    def talk(self, leg: Leg, now_ms: int) -> None:
        """Begin a conversation."""
        leg.stage = Stage.TALKING
        leg.talk_from_ms = now_ms
        self.calls += 1
        self.unanswered = self.away_ms = 0

    def release(self, leg: Leg, outcome: Outcome, now_ms: int, wrap_up_ms: int) -> int | None:
        """Take a leg away that has ended. Returns when the agent may be rung again, None: as far as this goes, now."""
        self.legs.remove(leg)
        self.wraps_ms = [end for end in self.wraps_ms if end > now_ms]
        if leg.talk_from_ms is not None:
            self.idle_since_ms = now_ms if leg.talk_to_ms is None else leg.talk_to_ms
            if self.idle_since_ms + wrap_up_ms <= now_ms:
                return None
            self.wraps_ms.append(self.idle_since_ms + wrap_up_ms)
            return self.wraps_ms[-1]
        pause_ms = self._pause_after(leg, outcome)
        if pause_ms:
            self.pause_ms = max(self.pause_ms, now_ms + pause_ms)
        if self.unanswered >= UNANSWERED_MAX and pause_ms == NO_ANSWER_PAUSE_MS:
            self.away_ms = now_ms + AUTO_AWAY_MS
        return max(self.pause_ms, self.away_ms)

    def _pause_after(self, leg: Leg, outcome: Outcome) -> int:
        match outcome:
            case Outcome.CANCELLED if not leg.missed:
                return 0  # the caller is gone or another agent was faster: that is nobody's fault
            case Outcome.CANCELLED | Outcome.NO_ANSWER:
                self.unanswered += 1
                return NO_ANSWER_PAUSE_MS
            case Outcome.REJECTED | Outcome.HUNG_UP:
                self.unanswered = 0
                return REJECT_PAUSE_MS
            case Outcome.BUSY | Outcome.ON_CALL | Outcome.AWAY:
                return BUSY_PAUSE_MS
            case Outcome.UNREACHABLE:
                return UNREACHABLE_PAUSE_MS

    def status(self, now_ms: int) -> Status:
        """Return how the agent stands now."""
        doing, reason = self.availability.value, self.reason
        if any(leg.stage is Stage.TALKING for leg in self.legs):
            doing = "talking"
        elif self.legs:
            doing = "ringing"
        elif self.is_available:
            doing = "wrapping up" if any(end > now_ms for end in self.wraps_ms) else "idle"
            if self.away_ms > now_ms:
                doing, reason = "away", DOES_NOT_ANSWER
        return Status(self.agent.name, doing, reason, self.calls)
