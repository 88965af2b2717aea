"""The parsed scheme: what was written, with its spans, before anybody asked what it means."""

from collections.abc import Iterator
from typing import Any, ClassVar, dataclass_transform

from callflow.limits import NUMBER_DIGITS_MAX
from callflow.source import Span


@dataclass_transform(frozen_default=True)
class Node:
    """What all nodes share: made from their fields in order, equal and shown by them, and never changed.

    As `attrs.frozen` would do it, but for fifty classes that takes longer at every start than checking a short scheme.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.__match_args__ = tuple(cls.__annotations__)  # type: ignore[misc]
        made: dict[str, Any] = {}
        lines = "".join(f"\n    self.{name} = {name}" for name in cls.__match_args__)
        exec(f"def __init__(self, {', '.join(cls.__match_args__)}):{lines}", made)  # noqa: S102  names of fields only
        cls.__init__ = made["__init__"]  # type: ignore[method-assign]

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({fields})"


class Ident(Node):
    """A name or a tag as it was written."""

    name: str
    span: Span


# --- expressions ----------------------------------------------------------------------------------------------------


class Text(Node):
    """A text in quotes; its parts are what is literal and what stands between `{` and `}`."""

    parts: tuple["str | Expression", ...]
    span: Span

    @property
    def plain(self) -> str:
        """Return the literal parts, joined."""
        return "".join(part for part in self.parts if isinstance(part, str))

    @property
    def is_plain(self) -> bool:
        """Return whether nothing has to be filled in."""
        return all(isinstance(part, str) for part in self.parts)


class Duration(Node):
    """A length of time with its unit."""

    ms: int
    span: Span


class Whole(Node):
    """A whole number; `written` keeps leading zeros."""

    written: str
    span: Span

    @property
    def value(self) -> int:
        """Return the number; one of too many digits is as large as any."""
        return int(self.written) if len(self.written) <= NUMBER_DIGITS_MAX else 10**NUMBER_DIGITS_MAX


class Constant(Node):
    """`true`, `false` or `none`."""

    value: bool | None
    span: Span


class NameRef(Node):
    """A name that stands for a value: `caller.number`."""

    name: str
    span: Span


class Binary(Node):
    """`+ - *` or a comparison."""

    op: str
    left: "Expression"
    right: "Expression"
    span: Span


class Logic(Node):
    """`and` or `or` between two parts or more."""

    op: str
    parts: tuple["Expression", ...]
    span: Span


class Negation(Node):
    """`not`."""

    part: "Expression"
    span: Span


class Matching(Node):
    """`in ("…", "…")` or `matches "…"`."""

    subject: "Expression"
    patterns: tuple[Text, ...]
    span: Span


class ScheduleIs(Node):
    """`office open` or `office closed`."""

    schedule: Ident
    open: bool
    span: Span


Expression = Text | Duration | Whole | Constant | NameRef | Binary | Logic | Negation | Matching | ScheduleIs


# --- statements -----------------------------------------------------------------------------------------------------


class Block(Node):
    """Statements in order. `braced` is false for a body of one statement without braces."""

    statements: tuple["Statement", ...]
    span: Span
    braced: bool


class PlayItems(Node):
    """What `play` plays."""

    items: tuple[Text | Ident, ...]
    uninterrupted: bool
    span: Span


class Answer(Node):
    """`answer`."""

    span: Span


class Play(Node):
    """`play …`."""

    passage: PlayItems
    span: Span


class Wait(Node):
    """`wait 2s`."""

    duration: Duration
    span: Span


class SetName(Node):
    """`set n = …`."""

    name: Ident
    value: Expression
    span: Span


class Language(Node):
    """`language en`."""

    tag: Ident
    span: Span


class Goto(Node):
    """`goto sales`."""

    flow: Ident
    span: Span


class Again(Node):
    """`again`."""

    span: Span


class Hangup(Node):
    """`hangup`."""

    span: Span


class Reject(Node):
    """`reject busy`."""

    reason: str
    span: Span


class RecordCall(Node):
    """`record call`."""

    side: str
    span: Span


class When(Node):
    """`when … else …`."""

    condition: Expression
    then: Block
    other: Block | None
    span: Span


class Press(Node):
    """`press 1 …`; `key` is what is pressed, `key_span` where that is written."""

    key: str
    key_span: Span
    body: Block
    span: Span


class DialExtension(Node):
    """`dial extension`."""

    body: Block | None
    span: Span


class Clause(Node):
    """`silence`, `invalid`, `otherwise`, or an outcome of `connect`, with what then happens."""

    name: str
    body: Block
    span: Span


class Tries(Node):
    """`tries 3`, or `tries 3 silence 2 invalid`."""

    silence: Whole
    invalid: Whole | None
    span: Span


class Setting(Node):
    """An option that is a length of time: `timeout`, `pause`, `for`, `each`, `max`."""

    name: str
    duration: Duration
    span: Span


class RingStrategy(Node):
    """`ring all` or `ring in turn`."""

    in_turn: bool
    span: Span


class Music(Node):
    """`music`, with or without an item."""

    item: Text | Ident | None
    span: Span


class GreetingItems(Node):
    """`greeting …`."""

    passage: PlayItems
    span: Span


class Retry(Node):
    """`retry play …`."""

    passage: PlayItems
    span: Span


MenuOption = Tries | Setting
MenuClause = Play | Retry | Press | DialExtension | Clause


class Menu(Node):
    """`menu … { … }`."""

    options: tuple[MenuOption, ...]
    clauses: tuple[MenuClause, ...]
    span: Span


class DialledExtension(Node):
    """`extension` as somebody to connect to."""

    span: Span


ConnectOption = Setting | RingStrategy | Music
ConnectClause = Clause | Press


class Connect(Node):
    """`connect sales for 20s { … }`."""

    target: Ident | Text | DialledExtension
    options: tuple[ConnectOption, ...]
    clauses: tuple[ConnectClause, ...]
    span: Span


class Voicemail(Node):
    """`voicemail sales max 2m`."""

    box: Ident | Text
    options: tuple[Setting | GreetingItems, ...]
    span: Span


Statement = (
    Answer
    | Play
    | Wait
    | SetName
    | Language
    | Goto
    | Again
    | Hangup
    | Reject
    | RecordCall
    | When
    | Menu
    | Connect
    | Voicemail
)


# --- declarations ---------------------------------------------------------------------------------------------------


class SchemeTitle(Node):
    """`scheme "…"`."""

    title: Text
    span: Span


class Timezone(Node):
    """`timezone "Europe/Moscow"`."""

    name: Text
    span: Span


class Region(Node):
    """`region DE-BY`."""

    tag: Ident
    span: Span


class Languages(Node):
    """`language ru, en`."""

    tags: tuple[Ident, ...]
    span: Span


class NumberRoute(Node):
    """`number "…" goto FLOW`."""

    number: Text
    flow: Ident
    span: Span


class ScheduleDecl(Node):
    """`schedule office "…"`."""

    name: Ident
    hours: Text
    span: Span


class AgentDecl(Node):
    """`agent anna "sip:…" extension 101`."""

    name: Ident
    uri: Text
    extension: Whole | None
    span: Span


class GroupDecl(Node):
    """`group sales anna, boris`."""

    name: Ident
    members: tuple[Ident, ...]
    options: tuple[RingStrategy | Setting, ...]
    span: Span


class PromptEntry(Node):
    """Words or a sound file, for a language or for all."""

    tag: Ident | None
    text: Text
    is_file: bool
    span: Span


class PromptDecl(Node):
    """`prompt welcome { … }`."""

    name: Ident
    entries: tuple[PromptEntry, ...]
    span: Span


class FlowDecl(Node):
    """`flow sales { … }`; `start` is the flow of that name."""

    name: Ident
    body: Block
    span: Span


Declaration = (
    SchemeTitle
    | Timezone
    | Region
    | Languages
    | NumberRoute
    | ScheduleDecl
    | AgentDecl
    | GroupDecl
    | PromptDecl
    | FlowDecl
)


class Comment(Node):
    """A `#` and what follows it on its line."""

    text: str
    span: Span


class Tree(Node):
    """A whole file."""

    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]


def alike(one: Any, other: Any) -> bool:
    """Return whether two nodes, or two values of theirs, say the same, wherever they stand."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, Node) and type(one) is type(other):
        names = (name for name in one.__match_args__ if not name.endswith("span"))
        return all(alike(getattr(one, name), getattr(other, name)) for name in names)
    return bool(one == other)


def below(node: Any) -> Iterator[Any]:
    """Yield the nodes directly below a node, in source order."""
    for field in node.__match_args__:
        value = getattr(node, field)
        if isinstance(value, tuple):
            yield from (part for part in value if hasattr(part, "span"))
        elif hasattr(value, "span"):
            yield value
