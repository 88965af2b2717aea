"""YAML as it was written: every scalar is its text, every node knows its place. Only what a directory needs.

YAML turns `no` into false, `012` into ten and `1:30` into ninety; none of that happens here. Aliases, anchors, tags and
deep nesting are refused, so that a small file stays small.
"""

from collections.abc import Iterator
from typing import Final

import attrs
import yaml

from callflow.source import Span

DEPTH_MAX: Final = 6
"""Nothing in a directory lies deeper."""

_HEAD: Final = 2
"""The events before the content: the beginnings of the stream and of the document."""


class DirectoryRefused(ValueError):
    """A text that is no directory: why, and where."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


@attrs.frozen
class Scalar:
    """A word, a number or a text."""

    text: str
    span: Span


@attrs.frozen
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    span: Span


@attrs.frozen
class Mapping:
    """Keys and what they lead to, as they were written; a key may stand twice."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    span: Span


Node = Scalar | Sequence | Mapping


def read(text: str, begin: int) -> Node | None:
    """Return what a text holds, None when it is empty; `begin` is added to every offset. Raises DirectoryRefused."""
    try:
        events = list(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DirectoryRefused(error.problem or "it cannot be read", begin + (mark.index if mark else 0)) from None
    except yaml.YAMLError as error:
        raise DirectoryRefused(str(error).partition("\n")[0], begin) from None
    _refuse(events, begin)
    content = iter(events[_HEAD:])
    return _node(next(content), content, begin) if len(events) > _HEAD else None


def _start(event: yaml.Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.index


def _end(event: yaml.Event) -> int:
    assert event.end_mark is not None
    return event.end_mark.index


def _refuse(events: list[yaml.Event], begin: int) -> None:
    depth = documents = 0
    for event in events:
        at = begin + _start(event)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise DirectoryRefused("a directory is one document", at)
        if getattr(event, "anchor", None):
            raise DirectoryRefused("anchors and aliases (`&`, `*`) are not used in a directory", at)
        if getattr(event, "tag", None):
            raise DirectoryRefused("tags (`!`) are not used in a directory", at)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_MAX:
            raise DirectoryRefused("this lies too deep", at)


def _node(event: yaml.Event, rest: Iterator[yaml.Event], begin: int) -> Node:
    start = begin + _start(event)
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, Span(start, begin + _end(event)))
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Node] = []
        while not isinstance(following := next(rest), yaml.SequenceEndEvent):
            items.append(_node(following, rest, begin))
        return Sequence(tuple(items), Span(start, begin + _end(following)))
    entries: list[tuple[Scalar, Node]] = []
    while not isinstance(following := next(rest), yaml.MappingEndEvent):
        key = _node(following, rest, begin)
        if not isinstance(key, Scalar):
            raise DirectoryRefused("a key is one word", key.span.start)
        entries.append((key, _node(next(rest), rest, begin)))
    return Mapping(tuple(entries), Span(start, begin + _end(following)))
