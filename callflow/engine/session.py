"""What one call remembers between two events. Values only; `step` makes the next one."""

import enum

import attrs

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
    """A schedule was asked after."""

    ticket: int
    deadline_ms: int


@attrs.frozen
class MenuPrompt:
    """Passage number `passage` of a menu's pass is playing."""

    ticket: int
    passage: int
    uninterrupted: bool


@attrs.frozen
class MenuKeys:
    """A menu waits for the first key, or for the next one after `keys`."""

    keys: str
    deadline_ms: int


@attrs.frozen
class Try:
    """A phone that was dialled and neither answered nor gave up yet."""

    ticket: int
    agent: str
    deadline_ms: int


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
class Talking:
    """The caller and the leg of this ticket hear each other."""

    ticket: int


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
    | Talking
    | Greeting
    | Beeping
    | MessageBeing
)


@attrs.frozen
class Visit:
    """How often a menu was passed since it was entered, and what came of it."""

    passes: int = 0
    fruitless: int = 0
    silences: int = 0
    invalids: int = 0


@attrs.frozen
class Facts:
    """What never changes in a call."""

    caller: str
    called: str
    caller_name: str
    started_ms: int
    lines: int


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

    @property
    def ended(self) -> bool:
        """Return whether the call is over and nothing is waited for any more."""
        return self.disposition is not None and isinstance(self.activity, Nothing)

    @property
    def started_ms(self) -> int:
        """Return the wall clock of the offer, milliseconds since 1970 UTC."""
        return self.facts.started_ms
