"""Orders that a driver carries out for a session. Imperative; nothing here acts.

Of every `ticket` a driver reports exactly one ending event. After `HangUp` or `Reject` nothing more is ordered.
"""

import enum

import attrs

from callflow.machine.model import Presence, RecordingStep, RejectReason, Side, Spoken, Strategy, Until, Value


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
    leg: int | None = None
    """The answered leg that hears it instead of the caller."""


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
    shown: str = ""
    """The number or the name that the phone shows; empty: the caller's."""
    group: str = ""
    """The group whose call it is; empty: it is for this agent in person."""


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


@attrs.frozen
class Seek:
    """Say which agents are to be rung, in order. Ends with `AgentsFound`. With `last` set it is whoever talked with
    this caller last within `within_ms`, of the group's conversations where a group is named.
    """

    ticket: int
    group: str
    strategy: Strategy
    draw: int
    """Chance for this once."""
    last: bool = False
    within_ms: int | None = None


@attrs.frozen
class Count:
    """Say how a group stands, or with `group` empty who talked with this caller last. Ends with `GroupCounted`."""

    ticket: int
    group: str


@attrs.frozen
class Enqueue:
    """Let the caller wait for an agent of a group. Ends with `QueueLeft`; before, `QueueMoved` and `AgentOffered`."""

    ticket: int
    group: str
    priority: int
    size: int | None
    strategy: Strategy | None
    each_ms: int | None
    draw: int


@attrs.frozen
class Widen:
    """Let another group's agents answer, too. The caller keeps the place."""

    ticket: int
    group: str


@attrs.frozen
class Leave:
    """Leave a queue. `QueueLeft` still comes, once. `kept`: the place is kept for a call back."""

    ticket: int
    kept: bool = False


@attrs.frozen
class CallBack:
    """Note that somebody is to be called back by an agent of a group within a time. Has no ticket."""

    group: str
    number: str
    within_ms: int


@attrs.frozen
class JoinRoom:
    """Put the caller into a conference room. Ends with `RoomLeft`; `RoomJoined` may come before."""

    ticket: int
    room: str
    presence: Presence
    up_to: int


@attrs.frozen
class Transfer:
    """Hand the caller over to another address. Ends with `TransferEnded`; once taken, the caller's leg ends, too."""

    ticket: int
    uri: str


@attrs.frozen
class ChangeRecording:
    """Pause, resume or stop the recording of the call. Has no ticket."""

    change: RecordingStep


@attrs.frozen
class Fetch:
    """Ask a web service. Ends with `Fetched` after `timeout_ms` at the latest. `post` is sent as JSON; None: GET."""

    ticket: int
    url: str
    timeout_ms: int
    post: dict[str, Value] | None = None


@attrs.frozen
class Notify:
    """Tell the outside world of an event. Has no ticket."""

    event: str
    fields: dict[str, Value]


@attrs.frozen
class Remember:
    """Keep a value for this caller, across calls. Has no ticket. `none` forgets it."""

    name: str
    value: Value
    for_ms: int | None = None


@attrs.frozen
class Force:
    """Hold a schedule open or closed for everybody, or release it. Has no ticket."""

    schedule: str
    open: bool
    until: Until
    for_ms: int | None = None
    time: str = ""


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
    | Seek
    | Count
    | Enqueue
    | Widen
    | Leave
    | CallBack
    | JoinRoom
    | Transfer
    | ChangeRecording
    | Fetch
    | Notify
    | Remember
    | Force
)
