"""What is worked out and what is heard: expressions and passages."""

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
    LONGEST_IDLE = "longest idle"
    ROUND_ROBIN = "round robin"
    FEWEST_CALLS = "fewest calls"
    RANDOM = "random"


class Presence(enum.Enum):
    """Who a caller is in a conference room."""

    MEMBER = "member"
    MODERATOR = "moderator"
    GUEST = "guest"


class RecordingStep(enum.Enum):
    """What becomes of a recording under way."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


class Until(enum.Enum):
    """How long a schedule is held: for a while, until a time of day, until its own next change, or for good."""

    WHILE = "while"
    TIME = "time"
    CHANGE = "change"
    RELEASED = "released"


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


class How(enum.Enum):
    """How a value is said."""

    PLAIN = "plain"
    NUMBER = "number"
    DIGITS = "digits"
    MONEY = "money"
    DURATION = "duration"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    MONTH = "month"
    TRUTH = "truth"


@attrs.frozen
class Said:
    """A value as it is said to the caller, in the call's language. `detail` is the currency of money."""

    how: How
    part: "Expr"
    detail: str = ""


@attrs.frozen
class Now:
    """The wall clock of the event that is taken, milliseconds since 1970 UTC."""


@attrs.frozen
class Default:
    """The first part that is not `none`."""

    parts: tuple["Expr", ...]


@attrs.frozen
class WholeNumber:
    """The number that a text of digits is; `none` for any other text."""

    part: "Expr"


@attrs.frozen
class MonthAfter:
    """The first instant of the month that lies `months` after the one of `moment`."""

    moment: "Expr"
    months: "Expr"


Expr = (
    Const
    | Name
    | Now
    | Joined
    | Said
    | Compare
    | Arithmetic
    | Matches
    | AllOf
    | AnyOf
    | Negated
    | Default
    | WholeNumber
    | MonthAfter
)


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


@attrs.frozen
class Recorded:
    """What this caller said before: the sound file whose path a name holds."""

    name: str


Item = Words | Sound | PromptNamed | Recorded


@attrs.frozen
class Passage:
    """Items that are played together. `uninterrupted`: keys neither cut them nor count for the next menu."""

    items: tuple[Item, ...]
    uninterrupted: bool = False
