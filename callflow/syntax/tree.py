"""The parsed scheme: what was written, with its spans, before anybody asked what it means."""

from collections.abc import Iterator
from typing import Any, ClassVar

import attrs

from callflow.limits import NUMBER_DIGITS_MAX
from callflow.source import Span


class Node:
    """What all nodes share: they are equal and shown by their fields.

    Written once here, because attrs would compile both anew for each of fifty classes whenever the compiler starts.
    """

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__match_args__)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self.__match_args__)))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"


@attrs.frozen(eq=False, repr=False)
class Ident(Node):
    """A name or a tag as it was written."""

    name: str
    span: Span


# --- expressions ----------------------------------------------------------------------------------------------------


@attrs.frozen(eq=False, repr=False)
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


@attrs.frozen(eq=False, repr=False)
class Duration(Node):
    """A length of time with its unit."""

    ms: int
    span: Span


@attrs.frozen(eq=False, repr=False)
class Whole(Node):
    """A whole number; `written` keeps leading zeros."""

    written: str
    span: Span

    @property
    def value(self) -> int:
        """Return the number; one of too many digits is as large as any."""
        return int(self.written) if len(self.written) <= NUMBER_DIGITS_MAX else 10**NUMBER_DIGITS_MAX


@attrs.frozen(eq=False, repr=False)
class Constant(Node):
    """`true`, `false` or `none`."""

    value: bool | None
    span: Span


@attrs.frozen(eq=False, repr=False)
class NameRef(Node):
    """A name that stands for a value: `caller.number`."""

    name: str
    span: Span


@attrs.frozen(eq=False, repr=False)
class Binary(Node):
    """`+ - *` or a comparison."""

    op: str
    left: "Expression"
    right: "Expression"
    span: Span


@attrs.frozen(eq=False, repr=False)
class Logic(Node):
    """`and` or `or` between two parts or more."""

    op: str
    parts: tuple["Expression", ...]
    span: Span


@attrs.frozen(eq=False, repr=False)
class Negation(Node):
    """`not`."""

    part: "Expression"
    span: Span


@attrs.frozen(eq=False, repr=False)
class Matching(Node):
    """`in ("…", "…")` or `matches "…"`."""

    subject: "Expression"
    patterns: tuple[Text, ...]
    span: Span


@attrs.frozen(eq=False, repr=False)
class ScheduleIs(Node):
    """`office open` or `office closed`."""

    schedule: Ident
    open: bool
    span: Span


Expression = Text | Duration | Whole | Constant | NameRef | Binary | Logic | Negation | Matching | ScheduleIs


# --- statements -----------------------------------------------------------------------------------------------------


@attrs.frozen(eq=False, repr=False)
class Block(Node):
    """Statements in order. `braced` is false for a body of one statement without braces."""

    statements: tuple["Statement", ...]
    span: Span
    braced: bool


@attrs.frozen(eq=False, repr=False)
class PlayItems(Node):
    """What `play` plays."""

    items: tuple[Text | Ident, ...]
    uninterrupted: bool
    span: Span


@attrs.frozen(eq=False, repr=False)
class Answer(Node):
    """`answer`."""

    span: Span


@attrs.frozen(eq=False, repr=False)
class Play(Node):
    """`play …`."""

    passage: PlayItems
    span: Span


@attrs.frozen(eq=False, repr=False)
class Wait(Node):
    """`wait 2s`."""

    duration: Duration
    span: Span


@attrs.frozen(eq=False, repr=False)
class SetName(Node):
    """`set n = …`."""

    name: Ident
    value: Expression
    span: Span


@attrs.frozen(eq=False, repr=False)
class Language(Node):
    """`language en`."""

    tag: Ident
    span: Span


@attrs.frozen(eq=False, repr=False)
class Goto(Node):
    """`goto sales`."""

    flow: Ident
    span: Span


@attrs.frozen(eq=False, repr=False)
class Again(Node):
    """`again`."""

    span: Span


@attrs.frozen(eq=False, repr=False)
class Hangup(Node):
    """`hangup`."""

    span: Span


@attrs.frozen(eq=False, repr=False)
class Reject(Node):
    """`reject busy`."""

    reason: str
    span: Span


@attrs.frozen(eq=False, repr=False)
class RecordCall(Node):
    """`record call`."""

    side: str
    span: Span


@attrs.frozen(eq=False, repr=False)
class When(Node):
    """`when … else …`."""

    condition: Expression
    then: Block
    other: Block | None
    span: Span


@attrs.frozen(eq=False, repr=False)
class Press(Node):
    """`press 1 …`; `key` is what is pressed, `key_span` where that is written."""

    key: str
    key_span: Span
    body: Block
    span: Span


@attrs.frozen(eq=False, repr=False)
class DialExtension(Node):
    """`dial extension`."""

    body: Block | None
    span: Span


@attrs.frozen(eq=False, repr=False)
class Clause(Node):
    """`silence`, `invalid`, `otherwise`, or an outcome of `connect`, with what then happens."""

    name: str
    body: Block
    span: Span


@attrs.frozen(eq=False, repr=False)
class Tries(Node):
    """`tries 3`, or `tries 3 silence 2 invalid`."""

    silence: Whole
    invalid: Whole | None
    span: Span


@attrs.frozen(eq=False, repr=False)
class Setting(Node):
    """An option that is a length of time: `timeout`, `pause`, `for`, `each`, `max`."""

    name: str
    duration: Duration
    span: Span


@attrs.frozen(eq=False, repr=False)
class RingStrategy(Node):
    """`ring all` or `ring in turn`."""

    in_turn: bool
    span: Span


@attrs.frozen(eq=False, repr=False)
class Music(Node):
    """`music`, with or without an item."""

    item: Text | Ident | None
    span: Span


@attrs.frozen(eq=False, repr=False)
class GreetingItems(Node):
    """`greeting …`."""

    passage: PlayItems
    span: Span


@attrs.frozen(eq=False, repr=False)
class Retry(Node):
    """`retry play …`."""

    passage: PlayItems
    span: Span


MenuOption = Tries | Setting
MenuClause = Play | Retry | Press | DialExtension | Clause


@attrs.frozen(eq=False, repr=False)
class Menu(Node):
    """`menu … { … }`."""

    options: tuple[MenuOption, ...]
    clauses: tuple[MenuClause, ...]
    span: Span


@attrs.frozen(eq=False, repr=False)
class DialledExtension(Node):
    """`extension` as somebody to connect to."""

    span: Span


ConnectOption = Setting | RingStrategy | Music
ConnectClause = Clause | Press


@attrs.frozen(eq=False, repr=False)
class Connect(Node):
    """`connect sales for 20s { … }`."""

    target: Ident | Text | DialledExtension
    options: tuple[ConnectOption, ...]
    clauses: tuple[ConnectClause, ...]
    span: Span


@attrs.frozen(eq=False, repr=False)
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


@attrs.frozen(eq=False, repr=False)
class SchemeTitle(Node):
    """`scheme "…"`."""

    title: Text
    span: Span


@attrs.frozen(eq=False, repr=False)
class Timezone(Node):
    """`timezone "Europe/Moscow"`."""

    name: Text
    span: Span


@attrs.frozen(eq=False, repr=False)
class Region(Node):
    """`region DE-BY`."""

    tag: Ident
    span: Span


@attrs.frozen(eq=False, repr=False)
class Languages(Node):
    """`language ru, en`."""

    tags: tuple[Ident, ...]
    span: Span


@attrs.frozen(eq=False, repr=False)
class NumberRoute(Node):
    """`number "…" goto FLOW`."""

    number: Text
    flow: Ident
    span: Span


@attrs.frozen(eq=False, repr=False)
class ScheduleDecl(Node):
    """`schedule office "…"`."""

    name: Ident
    hours: Text
    span: Span


@attrs.frozen(eq=False, repr=False)
class AgentDecl(Node):
    """`agent anna "sip:…" extension 101`."""

    name: Ident
    uri: Text
    extension: Whole | None
    span: Span


@attrs.frozen(eq=False, repr=False)
class GroupDecl(Node):
    """`group sales anna, boris`."""

    name: Ident
    members: tuple[Ident, ...]
    options: tuple[RingStrategy | Setting, ...]
    span: Span


@attrs.frozen(eq=False, repr=False)
class PromptEntry(Node):
    """Words or a sound file, for a language or for all."""

    tag: Ident | None
    text: Text
    is_file: bool
    span: Span


@attrs.frozen(eq=False, repr=False)
class PromptDecl(Node):
    """`prompt welcome { … }`."""

    name: Ident
    entries: tuple[PromptEntry, ...]
    span: Span


@attrs.frozen(eq=False, repr=False)
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


@attrs.frozen(eq=False, repr=False)
class Comment(Node):
    """A `#` and what follows it on its line."""

    text: str
    span: Span


@attrs.frozen(eq=False, repr=False)
class Tree(Node):
    """A whole file."""

    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]


def below(node: Any) -> Iterator[Any]:
    """Yield the nodes directly below a node, in source order."""
    for field in node.__match_args__:
        value = getattr(node, field)
        if isinstance(value, tuple):
            yield from (part for part in value if hasattr(part, "span"))
        elif hasattr(value, "span"):
            yield value
