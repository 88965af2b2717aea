"""Facts that drivers report to a session. Named in the past tense; nothing here acts.

`at_ms` counts milliseconds from the offer of the call. A `ticket` is the number that an effect carried; of every
ticket exactly one ending event comes back, also after the effect was called off.
"""

import enum

import attrs


class Outcome(enum.Enum):
    """How a leg to an agent ended."""

    BUSY = "busy"
    NO_ANSWER = "no answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"
    HUNG_UP = "hung up"


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
    """The caller pressed one of `0`-`9`, `*`, `#`, `A`-`D`."""

    at_ms: int
    digit: str


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
    """When it opens next, milliseconds since 1970 UTC; None when it is open now, or not within a year."""


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
    | DeadlinePassed
)
