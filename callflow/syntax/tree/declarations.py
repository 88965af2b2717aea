"""The nodes of declarations, and the whole of a file."""

from collections.abc import Iterator
from typing import Any

from callflow.source import Span
from callflow.syntax.tree.nodes import Ident, Node, Text, Whole
from callflow.syntax.tree.statements import Amount, Block, Confirm, Needs, RingStrategy, Setting, Skills


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


class Import(Node):
    """`import "common.flow"`."""

    path: Text
    span: Span


class RegionEntry(Node):
    """`region AT` in a list."""

    tag: Ident
    span: Span


class ListDecl(Node):
    """`list vips "+4917*", region AT`."""

    name: Ident
    entries: tuple[Text | RegionEntry, ...]
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
    options: tuple[Amount | Skills | Confirm, ...]
    span: Span

    @property
    def extension(self) -> Whole | None:
        """Return what callers dial to reach the agent."""
        return next((one.value for one in self.options if isinstance(one, Amount) and one.name == "extension"), None)


class GroupDecl(Node):
    """`group sales anna, boris`."""

    name: Ident
    members: tuple[Ident, ...]
    options: tuple[RingStrategy | Setting | Needs, ...]
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


class HandlerDecl(Node):
    """`on hangup { … }`; the name is what stands behind `on`."""

    name: Ident
    body: Block
    span: Span


Declaration = (
    SchemeTitle
    | Timezone
    | Region
    | Languages
    | Import
    | NumberRoute
    | ScheduleDecl
    | ListDecl
    | AgentDecl
    | GroupDecl
    | PromptDecl
    | FlowDecl
    | HandlerDecl
)


class Comment(Node):
    """A `#` and what follows it on its line."""

    text: str
    span: Span


class Tree(Node):
    """A whole file."""

    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    shared: int = 1 << 62
    """The offset from which on declarations are a directory's, which other schemes use, too."""


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
