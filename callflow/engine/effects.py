"""Orders that a driver carries out for a session. Imperative; nothing here acts.

Of every `ticket` a driver reports exactly one ending event. After `HangUp` or `Reject` nothing more is ordered.
"""

import enum

import attrs

from callflow.machine.model import RejectReason, Side, Spoken


class HangUpReason(enum.Enum):
    """Who or what ended the call."""

    FLOW = "flow"
    AGENT = "agent"
    LIMIT = "limit"
    TROUBLE = "trouble"


@attrs.frozen
class Answer:
    """Answer the caller's leg (200). Ends with `CallAnswered`."""

    ticket: int


@attrs.frozen
class Ring:
    """Let the unanswered caller hear ringing (180)."""


@attrs.frozen
class Reject:
    """Refuse the unanswered call. The last order of a session."""

    reason: RejectReason


@attrs.frozen
class HangUp:
    """End the caller's leg and every other leg of the call. The last order of a session."""

    reason: HangUpReason


@attrs.frozen
class Play:
    """Let the caller hear the items one after another, or round and round until stopped. Ends with `PromptEnded`.

    Before the call is answered this is early media (183).
    """

    ticket: int
    items: tuple[Spoken, ...]
    loop: bool = False


@attrs.frozen
class StopPlaying:
    """Fall silent at once. `PromptEnded` still comes, once."""

    ticket: int


@attrs.frozen
class Dial:
    """Ring an agent's phone. Ends with `LegEnded`; `LegRang` and `LegAnswered` may come before."""

    ticket: int
    agent: str
    """Name of the agent, or empty for an address."""
    uri: str


@attrs.frozen
class Drop:
    """End a leg in whatever state it is: CANCEL while it rings, BYE after. `LegEnded` still comes, once."""

    ticket: int


@attrs.frozen
class Bridge:
    """Let the caller and an answered leg hear each other."""

    ticket: int


@attrs.frozen
class RecordCall:
    """Record the call from now until its end into one file. Has no ticket."""

    side: Side


@attrs.frozen
class RecordMessage:
    """Record what the caller says. Ends with `MessageRecorded` after `max_ms`, after `silence_ms` of silence, when
    stopped, or when the caller is gone: what was said is kept.
    """

    ticket: int
    box: str
    max_ms: int
    silence_ms: int
    min_ms: int


@attrs.frozen
class StopRecording:
    """End a message. `MessageRecorded` still comes, once."""

    ticket: int


@attrs.frozen
class Consult:
    """Say whether a schedule is open now. Ends with `ScheduleReported`."""

    ticket: int
    schedule: str


Effect = (
    Answer
    | Ring
    | Reject
    | HangUp
    | Play
    | StopPlaying
    | Dial
    | Drop
    | Bridge
    | RecordCall
    | RecordMessage
    | StopRecording
    | Consult
)
