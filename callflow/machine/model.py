"""The machine: what a scheme becomes and what the engine runs. The waist between compiler and runtime.

Plain frozen values with a JSON form (`codec`). States refer to each other by their number; expressions are trees of
the few operators below and cannot fail. Nothing here acts.
"""

import enum

import attrs


class RejectReason(enum.Enum):
    """Why a call is refused before it was answered: 486, 603 or 480."""

    BUSY = "busy"
    DECLINED = "declined"
    UNAVAILABLE = "unavailable"


class Side(enum.Enum):
    """Whose voice is recorded."""

    BOTH = "both"
    CALLER = "caller"
    AGENT = "agent"


class Strategy(enum.Enum):
    """The order in which a group's phones ring."""

    ALL = "all"
    IN_TURN = "in turn"


# --- expressions ----------------------------------------------------------------------------------------------------

Value = str | int | bool | None


@attrs.frozen
class Const:
    """A value that is written in the scheme. Durations are milliseconds; phone numbers are text in E.164."""

    value: Value


@attrs.frozen
class Name:
    """A value looked up when it is needed: `caller.number`, or a name that `set` gave."""

    name: str


@attrs.frozen
class Joined:
    """The texts of several expressions, one after another."""

    parts: tuple["Expr", ...]


@attrs.frozen
class Compare:
    """`==`, `!=`, `<`, `<=`, `>` or `>=`. Values that have no order are never `<`."""

    op: str
    left: "Expr"
    right: "Expr"


@attrs.frozen
class Arithmetic:
    """`+`, `-` or `*` on whole numbers; `none` when a side is no number."""

    op: str
    left: "Expr"
    right: "Expr"


@attrs.frozen
class Matches:
    """The text of `subject` fits one of the patterns: `*` any run of characters, `?` any one."""

    subject: "Expr"
    patterns: tuple[str, ...]


@attrs.frozen
class AllOf:
    """Every part is true."""

    parts: tuple["Expr", ...]


@attrs.frozen
class AnyOf:
    """At least one part is true."""

    parts: tuple["Expr", ...]


@attrs.frozen
class Negated:
    """The part is not true."""

    part: "Expr"


@attrs.frozen
class Spelled:
    """The characters of a text one by one: how numbers to dial are said."""

    part: "Expr"


Expr = Const | Name | Joined | Spelled | Compare | Arithmetic | Matches | AllOf | AnyOf | Negated


# --- what is heard --------------------------------------------------------------------------------------------------


@attrs.frozen
class Spoken:
    """One thing to hear: a sound file, or words to be spoken in `language`. With both, the file is heard and the words
    are what it says. `file` is relative to the scheme, or one of `BEEP`, `MUSIC`, `RINGBACK`.
    """

    text: str
    language: str
    file: str = ""


BEEP = "builtin:beep"
MUSIC = "builtin:music"
RINGBACK = "builtin:ringback"


@attrs.frozen
class Words:
    """Text to be spoken in the call's language."""

    text: Expr


@attrs.frozen
class Sound:
    """A sound file."""

    file: str


@attrs.frozen
class PromptNamed:
    """A declared prompt, in the call's language where it has one."""

    prompt: str


Item = Words | Sound | PromptNamed


@attrs.frozen
class Passage:
    """Items that are played together. `uninterrupted`: keys neither cut them nor count for the next menu."""

    items: tuple[Item, ...]
    uninterrupted: bool = False


# --- states ---------------------------------------------------------------------------------------------------------


@attrs.frozen
class Where:
    """Where a state was written: the flow and the line, for ladders and diagrams."""

    flow: str
    line: int


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
    next: int


@attrs.frozen
class Repass:
    """Another pass of a menu that was entered before, its counters kept."""

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


Target = AgentTarget | GroupTarget | AddressTarget | ExtensionTarget


@attrs.frozen
class Connecting:
    """Ring somebody and let them talk. Four ways not to be connected lead four ways; `answered` is where a call goes
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


@attrs.frozen
class TakingMessage:
    """Greet, beep and record what the caller says for `box`."""

    where: Where
    box: str
    max_ms: int
    greeting: Passage
    next: int


@attrs.frozen
class RecordingCall:
    """Record the call from here on."""

    where: Where
    side: Side
    next: int


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
    | Repass
    | Consulting
    | Branch
    | Setting
    | Speaking
    | Connecting
    | TakingMessage
    | RecordingCall
    | HangingUp
    | Rejecting
)


# --- the machine ----------------------------------------------------------------------------------------------------


@attrs.frozen
class Agent:
    """Somebody who answers calls."""

    name: str
    uri: str
    extension: str = ""


@attrs.frozen
class Group:
    """Agents who answer the same calls, in the order they were written."""

    name: str
    members: tuple[str, ...]
    strategy: Strategy = Strategy.ALL
    each_ms: int | None = None


@attrs.frozen
class Prompt:
    """Something to hear by name: words by language, sound files by language, `""` for every language."""

    name: str
    texts: dict[str, str]
    files: dict[str, str]


@attrs.frozen
class Schedule:
    """Opening hours in OSM syntax."""

    name: str
    hours: str


@attrs.frozen
class Machine:
    """A scheme, ready to run. `start` and `flows` are numbers of states."""

    scheme: str
    timezone: str
    region: str
    languages: tuple[str, ...]
    agents: dict[str, Agent]
    groups: dict[str, Group]
    prompts: dict[str, Prompt]
    schedules: dict[str, Schedule]
    numbers: dict[str, int]
    """Dialled numbers in E.164 and the state each enters."""
    flows: dict[str, int]
    start: int
    states: tuple[State, ...]
