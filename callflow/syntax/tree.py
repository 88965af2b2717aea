"""The parsed scheme: what was written, with its spans, before anybody asked what it means."""

from collections.abc import Iterator
from typing import Any

import attrs

from callflow.limits import NUMBER_DIGITS_MAX
from callflow.source import Span


@attrs.frozen
class Ident:
    """A name or a tag as it was written."""

    name: str
    span: Span


# --- expressions ----------------------------------------------------------------------------------------------------


@attrs.frozen
class Text:
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


@attrs.frozen
class Duration:
    """A length of time with its unit."""

    ms: int
    span: Span


@attrs.frozen
class Whole:
    """A whole number; `written` keeps leading zeros."""

    written: str
    span: Span

    @property
    def value(self) -> int:
        """Return the number; one of too many digits is as large as any."""
        return int(self.written) if len(self.written) <= NUMBER_DIGITS_MAX else 10**NUMBER_DIGITS_MAX


@attrs.frozen
class Constant:
    """`true`, `false` or `none`."""

    value: bool | None
    span: Span


@attrs.frozen
class NameRef:
    """A name that stands for a value: `caller.number`."""

    name: str
    span: Span


@attrs.frozen
class Binary:
    """`+ - *` or a comparison."""

    op: str
    left: "Expression"
    right: "Expression"
    span: Span


@attrs.frozen
class Logic:
    """`and` or `or` between two parts or more."""

    op: str
    parts: tuple["Expression", ...]
    span: Span


@attrs.frozen
class Negation:
    """`not`."""

    part: "Expression"
    span: Span


@attrs.frozen
class Matching:
    """`in ("…", "…")` or `matches "…"`."""

    subject: "Expression"
    patterns: tuple[Text, ...]
    span: Span


@attrs.frozen
class ScheduleIs:
    """`office open` or `office closed`."""

    schedule: Ident
    open: bool
    span: Span


Expression = Text | Duration | Whole | Constant | NameRef | Binary | Logic | Negation | Matching | ScheduleIs


# --- statements -----------------------------------------------------------------------------------------------------


@attrs.frozen
class Block:
    """Statements in order. `braced` is false for a body of one statement without braces."""

    statements: tuple["Statement", ...]
    span: Span
    braced: bool


@attrs.frozen
class PlayItems:
    """What `play` plays."""

    items: tuple[Text | Ident, ...]
    uninterrupted: bool
    span: Span


@attrs.frozen
class Answer:
    """`answer`."""

    span: Span


@attrs.frozen
class Play:
    """`play …`."""

    passage: PlayItems
    span: Span


@attrs.frozen
class Wait:
    """`wait 2s`."""

    duration: Duration
    span: Span


@attrs.frozen
class SetName:
    """`set n = …`."""

    name: Ident
    value: Expression
    span: Span


@attrs.frozen
class Language:
    """`language en`."""

    tag: Ident
    span: Span


@attrs.frozen
class Goto:
    """`goto sales`."""

    flow: Ident
    span: Span


@attrs.frozen
class Again:
    """`again`."""

    span: Span


@attrs.frozen
class Hangup:
    """`hangup`."""

    span: Span


@attrs.frozen
class Reject:
    """`reject busy`."""

    reason: str
    span: Span


@attrs.frozen
class RecordCall:
    """`record call`."""

    side: str
    span: Span


@attrs.frozen
class When:
    """`when … else …`."""

    condition: Expression
    then: Block
    other: Block | None
    span: Span


@attrs.frozen
class Press:
    """`press 1 …`; `key` is what is pressed, `key_span` where that is written."""

    key: str
    key_span: Span
    body: Block
    span: Span


@attrs.frozen
class DialExtension:
    """`dial extension`."""

    body: Block | None
    span: Span


@attrs.frozen
class Clause:
    """`silence`, `invalid`, `otherwise`, or an outcome of `connect`, with what then happens."""

    name: str
    body: Block
    span: Span


@attrs.frozen
class Tries:
    """`tries 3`, or `tries 3 silence 2 invalid`."""

    silence: Whole
    invalid: Whole | None
    span: Span


@attrs.frozen
class Setting:
    """An option that is a length of time: `timeout`, `pause`, `for`, `each`, `max`."""

    name: str
    duration: Duration
    span: Span


@attrs.frozen
class RingStrategy:
    """`ring all` or `ring in turn`."""

    in_turn: bool
    span: Span


@attrs.frozen
class Music:
    """`music`, with or without an item."""

    item: Text | Ident | None
    span: Span


@attrs.frozen
class GreetingItems:
    """`greeting …`."""

    passage: PlayItems
    span: Span


@attrs.frozen
class Retry:
    """`retry play …`."""

    passage: PlayItems
    span: Span


MenuOption = Tries | Setting
MenuClause = Play | Retry | Press | DialExtension | Clause


@attrs.frozen
class Menu:
    """`menu … { … }`."""

    options: tuple[MenuOption, ...]
    clauses: tuple[MenuClause, ...]
    span: Span


@attrs.frozen
class DialledExtension:
    """`extension` as somebody to connect to."""

    span: Span


ConnectOption = Setting | RingStrategy | Music
ConnectClause = Clause | Press


@attrs.frozen
class Connect:
    """`connect sales for 20s { … }`."""

    target: Ident | Text | DialledExtension
    options: tuple[ConnectOption, ...]
    clauses: tuple[ConnectClause, ...]
    span: Span


@attrs.frozen
class Voicemail:
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


@attrs.frozen
class SchemeTitle:
    """`scheme "…"`."""

    title: Text
    span: Span


@attrs.frozen
class Timezone:
    """`timezone "Europe/Moscow"`."""

    name: Text
    span: Span


@attrs.frozen
class Region:
    """`region DE-BY`."""

    tag: Ident
    span: Span


@attrs.frozen
class Languages:
    """`language ru, en`."""

    tags: tuple[Ident, ...]
    span: Span


@attrs.frozen
class NumberRoute:
    """`number "…" goto FLOW`."""

    number: Text
    flow: Ident
    span: Span


@attrs.frozen
class ScheduleDecl:
    """`schedule office "…"`."""

    name: Ident
    hours: Text
    span: Span


@attrs.frozen
class AgentDecl:
    """`agent anna "sip:…" extension 101`."""

    name: Ident
    uri: Text
    extension: Whole | None
    span: Span


@attrs.frozen
class GroupDecl:
    """`group sales anna, boris`."""

    name: Ident
    members: tuple[Ident, ...]
    options: tuple[RingStrategy | Setting, ...]
    span: Span


@attrs.frozen
class PromptEntry:
    """Words or a sound file, for a language or for all."""

    tag: Ident | None
    text: Text
    is_file: bool
    span: Span


@attrs.frozen
class PromptDecl:
    """`prompt welcome { … }`."""

    name: Ident
    entries: tuple[PromptEntry, ...]
    span: Span


@attrs.frozen
class FlowDecl:
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


@attrs.frozen
class Comment:
    """A `#` and what follows it on its line."""

    text: str
    span: Span


@attrs.frozen
class Tree:
    """A whole file."""

    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]


def below(node: Any) -> Iterator[Any]:
    """Yield the nodes directly below a node, in source order."""
    for field in type(node).__match_args__:
        value = getattr(node, field)
        if isinstance(value, tuple):
            yield from (part for part in value if hasattr(part, "span"))
        elif hasattr(value, "span"):
            yield value
