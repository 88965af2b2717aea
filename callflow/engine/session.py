"""What one call remembers between two events. Values only; `step` makes the next one."""

import enum

import attrs

from callflow.engine.effects import HangUpReason
from callflow.engine.events import Outcome
from callflow.machine.model import Value


class Disposition(enum.Enum):
    """How a call ended, once and for all."""

    ANSWERED = "answered"
    VOICEMAIL = "voicemail"
    ABANDONED = "abandoned"
    REJECTED = "rejected"
    COMPLETED = "completed"
    NO_INPUT = "no-input"
    FAILED = "failed"


# --- what a session is doing: one of these between any two events ----------------------------------------------------


@attrs.frozen
class Nothing:
    """The call is over, or about to enter its first state."""


@attrs.frozen
class AnswerPending:
    """`Answer` was ordered. `leg` is the agent's leg to bridge when it is done, None where none waits; `gone`: that
    leg hung up meanwhile.
    """

    ticket: int
    deadline_ms: int
    leg: int | None = None
    gone: bool = False


@attrs.frozen
class Hearing:
    """A prompt outside a menu is playing."""

    ticket: int
    uninterrupted: bool


@attrs.frozen
class Pausing:
    """Time passes."""

    deadline_ms: int


@attrs.frozen
class Consultation:
    """Something was asked after, and the call goes on with the answer: a schedule, a group, agents to ring, a web
    service, the far end of a transfer.
    """

    ticket: int
    deadline_ms: int


@attrs.frozen
class MenuPrompt:
    """Passage number `passage` of a pass is playing: of a menu, or of digits asked for."""

    ticket: int
    passage: int
    uninterrupted: bool


@attrs.frozen
class MenuKeys:
    """The first key is waited for, or the next one after `keys`."""

    keys: str
    deadline_ms: int


class Stage(enum.Enum):
    """How far a phone that was dialled is."""

    RINGING = "ringing"
    HEARING = "hearing"
    """Answered, and hears what is whispered."""
    DECIDING = "deciding"
    """Answered, and has to press a key to take the call."""


@attrs.frozen
class Try:
    """A phone that was dialled and has neither taken the call nor given up yet. `prompt` is what it hears."""

    ticket: int
    agent: str
    deadline_ms: int
    stage: Stage = Stage.RINGING
    prompt: int = 0


@attrs.frozen
class Ringing:
    """Phones ring. `rest` are those to come: pairs of agent and address. `furthest` is the best that was heard yet."""

    tries: tuple[Try, ...]
    rest: tuple[tuple[str, str], ...]
    each_ms: int
    deadline_ms: int
    sound: int | None
    furthest: Outcome | None = None


@attrs.frozen
class Queued:
    """The caller waits for an agent. `due_ms` says when each announcement is due, `widens_ms` when the groups
    that do not answer yet join in; `announcing`: what is heard is an announcement, not music.
    """

    ticket: int
    tries: tuple[Try, ...]
    deadline_ms: int
    joined_ms: int
    sound: int | None
    due_ms: tuple[int, ...]
    widens_ms: tuple[int, ...] = ()
    announcing: bool = False


@attrs.frozen
class Talking:
    """The caller and the leg of this ticket hear each other, until `deadline_ms` at the latest."""

    ticket: int
    deadline_ms: int | None = None


@attrs.frozen
class InRoom:
    """The caller is in a conference room, or about to be. `sound` is the music until it opens."""

    ticket: int
    sound: int | None = None


@attrs.frozen
class Apologising:
    """The caller hears an apology before the call ends, for `reason`."""

    ticket: int
    deadline_ms: int
    reason: HangUpReason


@attrs.frozen
class Greeting:
    """The words before a message are playing."""

    ticket: int


@attrs.frozen
class Beeping:
    """The tone before a message is playing."""

    ticket: int


@attrs.frozen
class MessageBeing:
    """A message is being recorded. `deadline_ms` is set once the caller is gone and only the file is waited for."""

    ticket: int
    deadline_ms: int | None = None


Activity = (
    Nothing
    | AnswerPending
    | Hearing
    | Pausing
    | Consultation
    | MenuPrompt
    | MenuKeys
    | Ringing
    | Queued
    | Talking
    | InRoom
    | Apologising
    | Greeting
    | Beeping
    | MessageBeing
)


@attrs.frozen
class Late:
    """A leg that answered when somebody else had taken the call: it hears so, and is let go."""

    leg: int
    prompt: int
    deadline_ms: int


@attrs.frozen
class Spent:
    """What a call has used up of what it may use."""

    steps: int = 0
    legs: int = 0
    fetches: int = 0
    notices: int = 0
    transfers: int = 0
    queued_ms: int = 0
    alone_since_ms: int = 0
    """Since when the caller has been with a machine; time in queues counts apart."""


@attrs.frozen
class Visit:
    """How often a menu was passed since it was entered, and what came of it."""

    passes: int = 0
    fruitless: int = 0
    silences: int = 0
    invalids: int = 0
    silent: bool = False
    """Whether the last pass that brought nothing was silent."""


@attrs.frozen
class Facts:
    """What never changes in a call."""

    caller: str
    called: str
    caller_name: str
    started_ms: int
    lines: int
    seed: int = 0


@attrs.frozen
class Session:
    """A call between two events. `state` is the number of the machine's state it is in."""

    facts: Facts
    state: int
    activity: Activity
    at_ms: int
    answered: bool
    ringing: bool
    """The caller, not answered yet, was told that it rings (180)."""
    early: bool
    """The caller, not answered yet, has heard something of ours (183): from then on ringing is ours to play, too."""
    recording: bool
    talked: bool
    message: bool
    no_input: bool
    language: str
    names: dict[str, Value]
    typed: str
    visits: dict[int, Visit]
    next_ticket: int
    hand_overs: int
    disposition: Disposition | None
    draws: int = 0
    """How often chance was asked."""
    paused: bool = False
    """The scheme paused the recording."""
    hushed: bool = False
    """The recording is paused because of a secret."""
    spent: Spent = Spent()
    late: tuple[Late, ...] = ()
    handler: str = ""
    """Which block runs beside the call: `hangup`, `limit` or `trouble`."""
    grace_ms: int = 0
    """When that block has to be over."""
    graces: int = 0
    """Steps taken in it."""
    astray_ms: int | None = None
    """Until when a key is the rest of a wrong choice."""

    @property
    def ended(self) -> bool:
        """Return whether the call is over and nothing is waited for any more."""
        return self.disposition is not None and isinstance(self.activity, Nothing)

    @property
    def started_ms(self) -> int:
        """Return the wall clock of the offer, milliseconds since 1970 UTC."""
        return self.facts.started_ms
