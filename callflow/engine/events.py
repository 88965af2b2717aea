"""Facts that drivers report to a session. Named in the past tense; nothing here acts.

`at_ms` counts milliseconds from the offer of the call. A `ticket` is the number that an effect carried; of every
ticket exactly one ending event comes back, also after the effect was called off.
"""

import enum
from typing import Final

import attrs

from callflow.machine.model import Value


class Outcome(enum.Enum):
    """How a leg to an agent ended."""

    BUSY = "busy"
    NO_ANSWER = "no answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    ON_CALL = "on a call"
    AWAY = "away"
    CANCELLED = "cancelled"
    HUNG_UP = "hung up"


class QueueEnd(enum.Enum):
    """How somebody left a queue."""

    FULL = "full"
    EMPTY = "empty"
    LEFT = "left"


class RoomEnd(enum.Enum):
    """How somebody left a conference room."""

    FULL = "full"
    CLOSED = "closed"
    LEFT = "left"


@attrs.frozen
class CallOffered:
    """An INVITE arrived. `lines` is how many agents' phones can ring at once beside this caller."""

    at_ms: int
    caller: str
    called: str
    caller_name: str = ""
    started_ms: int = 0
    """Wall clock of the offer, milliseconds since 1970-01-01 UTC: for schedules and labels, never for durations."""
    lines: int = 20
    call_id: str = ""
    country: str = ""
    """Country of the caller's number, ISO 3166."""
    diverted_from: str = ""
    """The number this call was diverted from (RFC 5806), in E.164."""
    headers: dict[str, str] = attrs.field(factory=dict)
    """Headers of the INVITE that begin with `X-`, by name in lower case."""
    remembered: dict[str, Value] = attrs.field(factory=dict)
    """What was remembered for this caller in earlier calls."""
    seed: int = 0
    """Where chance begins in this call."""


@attrs.frozen
class CallAnswered:
    """The caller's leg is up. Ends the ticket of `Answer`."""

    at_ms: int
    ticket: int


@attrs.frozen
class CallerHungUp:
    """The caller's leg is gone, by CANCEL, BYE or loss."""

    at_ms: int


@attrs.frozen
class DigitPressed:
    """The caller, or with `leg` whoever answered it, pressed one of `0`-`9`, `*`, `#`, `A`-`D`.

    In a journal a key of something secret is `SECRET_KEY`.
    """

    at_ms: int
    digit: str
    leg: int | None = None


SECRET_KEY: Final = "x"  # noqa: S105  what stands in its place


@attrs.frozen
class PromptEnded:
    """A prompt is over. Ends the ticket of `Play`: at its end, when stopped, or when it could not be played."""

    at_ms: int
    ticket: int
    trouble: str = ""


@attrs.frozen
class LegRang:
    """An agent's phone rings (180 or 183)."""

    at_ms: int
    ticket: int


@attrs.frozen
class LegAnswered:
    """An agent's phone was answered (200 and media)."""

    at_ms: int
    ticket: int


@attrs.frozen
class LegEnded:
    """A leg to an agent is over. Ends the ticket of `Dial`. `code` is the SIP status, 0 when there was none."""

    at_ms: int
    ticket: int
    outcome: Outcome
    code: int = 0


@attrs.frozen
class MessageRecorded:
    """A message was written. Ends the ticket of `RecordMessage`. `file` is empty when nothing was said."""

    at_ms: int
    ticket: int
    file: str
    duration_ms: int


@attrs.frozen
class ScheduleReported:
    """A schedule is open or closed now. Ends the ticket of `Consult`."""

    at_ms: int
    ticket: int
    open: bool
    reason: str = ""
    until_ms: int | None = None
    """When it changes next, milliseconds since 1970 UTC; None when never within a year."""
    opens_ms: int | None = None
    """When it opens next; None when it is open, or never within a year."""


@attrs.frozen
class GroupCounted:
    """How a group stands now. Ends the ticket of `Count`."""

    at_ms: int
    ticket: int
    available: int
    """Agents who could take a call at once."""
    waiting: int
    """Callers in its queue."""
    wait_ms: int
    """How long the first of them has waited."""
    agent: str = ""
    """Who talked with this caller last, where that was asked."""


@attrs.frozen
class AgentsFound:
    """Who is to be rung, in order; and why the others are not. Ends the ticket of `Seek`."""

    at_ms: int
    ticket: int
    agents: tuple[str, ...]
    on_call: int = 0
    away: int = 0


@attrs.frozen
class QueueMoved:
    """The caller's place in a queue, from 1, and what is known of the time they still wait."""

    at_ms: int
    ticket: int
    position: int
    length: int
    wait_ms: int | None = None


@attrs.frozen
class AgentOffered:
    """An agent is free for the caller of a queue and reserved until the phone called next has ended."""

    at_ms: int
    ticket: int
    agent: str
    ring_ms: int


@attrs.frozen
class QueueLeft:
    """The caller waits no longer. Ends the ticket of `Enqueue`."""

    at_ms: int
    ticket: int
    end: QueueEnd


@attrs.frozen
class RoomJoined:
    """The caller is in the conference room; `members` are in it now, `opened`: they hear each other."""

    at_ms: int
    ticket: int
    members: int
    opened: bool = True


@attrs.frozen
class RoomLeft:
    """The caller is no longer in the conference room, or did not get in. Ends the ticket of `JoinRoom`."""

    at_ms: int
    ticket: int
    end: RoomEnd


@attrs.frozen
class TransferEnded:
    """Whether the far end took the caller. Ends the ticket of `Transfer`."""

    at_ms: int
    ticket: int
    taken: bool
    code: int = 0


@attrs.frozen
class Fetched:
    """What a web service said. Ends the ticket of `Fetch`. `trouble` is empty when it said something that was
    understood; inner fields have dots in their names.
    """

    at_ms: int
    ticket: int
    fields: dict[str, Value] = attrs.field(factory=dict)
    trouble: str = ""


@attrs.frozen
class DeadlinePassed:
    """The moment that `next_deadline_ms` named has come."""

    at_ms: int


Event = (
    CallOffered
    | CallAnswered
    | CallerHungUp
    | DigitPressed
    | PromptEnded
    | LegRang
    | LegAnswered
    | LegEnded
    | MessageRecorded
    | ScheduleReported
    | GroupCounted
    | AgentsFound
    | QueueMoved
    | AgentOffered
    | QueueLeft
    | RoomJoined
    | RoomLeft
    | TransferEnded
    | Fetched
    | DeadlinePassed
)
