"""The states of a machine."""

import enum

import attrs

from callflow.machine.model.values import (
    Expr,
    Passage,
    Presence,
    RecordingStep,
    RejectReason,
    Side,
    Strategy,
    Until,
)


@attrs.frozen
class Where:
    """Where a state was written: the flow, the line, and the file where that is an imported one; for ladders and
    diagrams.
    """

    flow: str
    line: int
    file: str = ""


@attrs.frozen
class Answering:
    """Answer the call, once."""

    where: Where
    next: int


@attrs.frozen
class Playing:
    """Let the caller hear something."""

    where: Where
    passage: Passage
    next: int


@attrs.frozen
class Waiting:
    """Let time pass."""

    where: Where
    ms: int
    next: int


@attrs.frozen
class Menu:
    """Ask for a choice. `next` is where a menu goes whose tries are used up."""

    where: Where
    passages: tuple[Passage, ...]
    retry: tuple[Passage, ...]
    """Replaces `passages` after the first pass, when not empty."""
    keys: dict[str, int]
    extensions: int | None
    """Where a dialled extension leads, or None: extensions are not dialled here."""
    tries: int
    silence_tries: int | None
    invalid_tries: int | None
    """Both set: silence and wrong keys are counted apart and `tries` counts nothing."""
    timeout_ms: int
    pause_ms: int
    silence: int | None
    """Where a silent pass leads before the next one; None: straight to the next one."""
    invalid: int | None
    silent_end: int | None
    """Where it goes when a silent pass used up the tries; None: to `next`."""
    invalid_end: int | None
    next: int


@attrs.frozen
class Collecting:
    """Ask for digits. `next` is where the call goes with them, `otherwise` when the tries are used up."""

    where: Where
    name: str
    passages: tuple[Passage, ...]
    retry: tuple[Passage, ...]
    least: int
    most: int
    until: str
    """The key that ends the digits; `""`: none does."""
    waits: bool
    """Whether as many digits as may be wait for that key, too."""
    pattern: str
    """What the digits have to be like; `""`: like anything."""
    secret: bool
    tries: int
    silence_tries: int | None
    invalid_tries: int | None
    timeout_ms: int
    pause_ms: int
    silence: int | None
    invalid: int | None
    silent_end: int | None
    invalid_end: int | None
    otherwise: int
    next: int


@attrs.frozen
class Repass:
    """Another pass of a menu or of digits asked for that was entered before, its counters kept."""

    where: Where
    menu: int


@attrs.frozen
class Consulting:
    """Learn whether a schedule is open now; sets the name `SCHEDULE.open`."""

    where: Where
    schedule: str
    next: int


@attrs.frozen
class Branch:
    """Go one way or the other."""

    where: Where
    condition: Expr
    then: int
    other: int


@attrs.frozen
class Setting:
    """Give a name a value."""

    where: Where
    name: str
    value: Expr
    next: int


@attrs.frozen
class Speaking:
    """Speak another of the scheme's languages from here on."""

    where: Where
    language: str
    next: int


@attrs.frozen
class AgentTarget:
    """One agent."""

    agent: str


@attrs.frozen
class GroupTarget:
    """The members of a group."""

    group: str


@attrs.frozen
class AddressTarget:
    """A SIP or tel address, worked out when the call gets there."""

    uri: Expr


@attrs.frozen
class ExtensionTarget:
    """The agent whose extension the caller dialled."""


@attrs.frozen
class LastAgentTarget:
    """Who talked with this caller last: of a group's conversations, or with `""` of all."""

    group: str
    within_ms: int | None


Target = AgentTarget | GroupTarget | AddressTarget | ExtensionTarget | LastAgentTarget


class Confirm(enum.Enum):
    """How somebody who answered says that they take the call."""

    KEY_1 = "1"
    ANY_KEY = "any key"


@attrs.frozen
class Manner:
    """How an agent's phone is called: the number or name it shows, what the agent hears first, what takes the call."""

    shown: Expr | None = None
    whisper: Passage | None = None
    confirm: Confirm | None = None
    """None: as the agent's declaration says."""
    talk_ms: int | None = None
    """The longest conversation."""


@attrs.frozen
class Connecting:
    """Ring somebody and let them talk. Six ways not to be connected lead six ways; `answered` is where a call goes
    on when the agent hung up, None: it ends.
    """

    where: Where
    target: Target
    strategy: Strategy | None
    """None: as the group says."""
    ring_ms: int | None
    """None: `RING_MS`, or for a group in turn `each_ms` a member."""
    each_ms: int | None
    music: Passage | None
    """What an answered caller hears meanwhile; None: ringing."""
    keys: dict[str, int]
    answered: int | None
    busy: int
    no_answer: int
    rejected: int
    unreachable: int
    on_call: int
    away: int
    manner: Manner = Manner()


@attrs.frozen
class Announcement:
    """What a waiting caller hears again and again."""

    every_ms: int
    passage: Passage


@attrs.frozen
class Widening:
    """Another group whose agents answer this caller, too, after a while."""

    after_ms: int
    group: str


@attrs.frozen
class Queueing:
    """Wait in the order of arrival until an agent of a group is free. `next` is where a call goes whose time is up."""

    where: Where
    group: str
    wait_ms: int
    priority: int
    size: int | None
    """How many may wait before a caller is turned away; None: the host's bound."""
    strategy: Strategy | None
    each_ms: int | None
    music: Passage | None
    manner: Manner
    announcements: tuple[Announcement, ...]
    widenings: tuple[Widening, ...]
    keys: dict[str, int]
    answered: int | None
    full: int
    empty: int
    """Where a call goes when nobody is on duty in any of its groups."""
    next: int


@attrs.frozen
class CallingBack:
    """Note that this caller is to be called back and end the call. From a queue the place in it is kept."""

    where: Where
    group: str
    number: Expr
    within_ms: int


@attrs.frozen
class Conferencing:
    """Put the caller into a conference room. They leave it by hanging up, or with its moderator. With a `pin` it is
    asked for first.
    """

    where: Where
    room: Expr
    presence: Presence
    pin: str
    up_to: int
    passages: tuple[Passage, ...]
    """What asks for the pin."""
    next: int
    """Where a call goes when the room is full or the pin is wrong three times."""


@attrs.frozen
class Transferring:
    """Hand the caller over to another address (REFER, RFC 3515). `next` is where a call goes that is not taken."""

    where: Where
    uri: Expr
    next: int


@attrs.frozen
class TakingMessage:
    """Greet, beep and record what the caller says: for `box`, or with `box` empty into the name `name`. Where the
    extension that was dialled is nobody's, the call goes on at once.
    """

    where: Where
    box: str | ExtensionTarget
    max_ms: int
    greeting: Passage | None
    next: int
    name: str = ""


@attrs.frozen
class RecordingCall:
    """Record the call from here on."""

    where: Where
    side: Side
    next: int


@attrs.frozen
class ChangingRecording:
    """Pause, resume or stop the recording of the call, if there is one."""

    where: Where
    change: RecordingStep
    next: int


@attrs.frozen
class SettingFields:
    """Give a record new fields: `set crm = { tier: "gold" }`. Its fields of before are gone."""

    where: Where
    name: str
    fields: dict[str, Expr]
    next: int


@attrs.frozen
class Remembering:
    """Keep a value for this caller, across calls."""

    where: Where
    name: str
    value: Expr
    for_ms: int | None
    """None: until it is forgotten."""
    next: int


@attrs.frozen
class Forgetting:
    """Forget what was remembered for this caller."""

    where: Where
    name: str
    next: int


@attrs.frozen
class Forcing:
    """Hold a schedule open or closed for everybody, or release it."""

    where: Where
    schedule: str
    open: bool
    until: Until
    for_ms: int | None
    time: str
    """`HH:MM`, where `until` is a time of day."""
    next: int


@attrs.frozen
class Fetching:
    """Ask a web service; the fields of its answer become `name.field`."""

    where: Where
    name: str
    url: Expr
    post: dict[str, Expr] | None
    """Fields to be sent as JSON; None: nothing is sent (GET)."""
    timeout_ms: int
    failed: int
    next: int


@attrs.frozen
class Notifying:
    """Tell the outside world of an event."""

    where: Where
    event: str
    fields: dict[str, Expr]
    next: int


@attrs.frozen
class Tagging:
    """Add a tag to the call."""

    where: Where
    tag: Expr
    next: int


@attrs.frozen
class Counting:
    """Learn how a group stands; sets `GROUP.available`, `GROUP.waiting` and `GROUP.wait`. With `group` empty: who
    talked with this caller last; sets `last.agent` and `last.available`.
    """

    where: Where
    group: str
    next: int


@attrs.frozen
class Splitting:
    """Go one of several ways by chance; `percents` and `ways` belong together."""

    where: Where
    percents: tuple[int, ...]
    ways: tuple[int, ...]


@attrs.frozen
class HangingUp:
    """End the call."""

    where: Where


@attrs.frozen
class Rejecting:
    """Refuse a call that was not answered; hang up one that was."""

    where: Where
    reason: RejectReason


State = (
    Answering
    | Playing
    | Waiting
    | Menu
    | Collecting
    | Repass
    | Consulting
    | Counting
    | Branch
    | Splitting
    | Setting
    | SettingFields
    | Speaking
    | Tagging
    | Connecting
    | Queueing
    | CallingBack
    | Conferencing
    | Transferring
    | TakingMessage
    | RecordingCall
    | ChangingRecording
    | Remembering
    | Forgetting
    | Forcing
    | Fetching
    | Notifying
    | HangingUp
    | Rejecting
)
