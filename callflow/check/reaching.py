"""Connecting, queues, messages, rooms: who is to be reached, and whether they can be."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, assert_never

from callflow import limits
from callflow.check import problems
from callflow.check.asking import KEYS, press
from callflow.check.declarations import check_number, is_address
from callflow.check.ranges import Around, in_count, in_range, once, options
from callflow.check.types import check_expression
from callflow.diagnostic import Diagnostic
from callflow.source import Span
from callflow.syntax import tree
from callflow.words import duration

if TYPE_CHECKING:
    from callflow.check.checker import Walk

_SECOND_MS: Final = 1_000
_PIN: Final = re.compile(rf"[0-9]{{1,{limits.PIN_DIGITS_MAX}}}")


def connect(walk: "Walk", wanted: tree.Connect, *, around: Around) -> Iterator[Diagnostic]:
    """Yield what is wrong with ringing somebody."""
    match wanted.target:
        case tree.Ident(name, span):
            walk.names.use("group", name)
            walk.names.use("agent", name)
            if name not in walk.names.targets:
                yield problems.unknown_target(span, name, walk.names.targets)
        case tree.Text() as text:
            yield from address(walk, text)
        case tree.DialledExtension(span=span):
            if not walk.dialled:
                yield problems.no_extensions(span)
        case tree.LastAgent(group=group, within=within):
            if group is not None:
                yield from _group(walk, group)
            if within is not None:
                yield from in_range("within", within, _SECOND_MS, limits.REMEMBER_MS_MAX)
        case _:
            assert_never(wanted.target)
    yield from _options(walk, wanted.options)
    seen: dict[str, Span] = {}
    for clause in wanted.clauses:
        if isinstance(clause, tree.Press):
            yield from _press(walk, clause, seen, around=around)
        else:
            yield from once(clause.name, clause.span, seen)
            yield from walk.block(clause.body, around=around)


def queue(walk: "Walk", wanted: tree.Queue, *, around: Around) -> Iterator[Diagnostic]:
    """Yield what is wrong with waiting for a group."""
    yield from _group(walk, wanted.group)
    yield from _options(walk, wanted.options)
    times = {one.name: one.duration.ms for one in wanted.options if isinstance(one, tree.Setting)}
    limit_ms = times.get("for", limits.QUEUE_MS)
    seen: dict[str, Span] = {}
    for clause in wanted.clauses:
        match clause:
            case tree.Press():
                yield from _press(walk, clause, seen, around=around, queue=wanted.group)
            case tree.Every(duration=written, passage=passage):
                yield from in_range("every", written, _SECOND_MS, limits.CALL_MS_MAX)
                yield from walk.passage(passage)
                if _SECOND_MS <= written.ms <= limits.CALL_MS_MAX and written.ms >= limit_ms:
                    yield problems.never_comes(written.span, "every", duration(written.ms), duration(limit_ms))
            case tree.After(duration=written, group=group):
                yield from in_range("after", written, _SECOND_MS, limits.CALL_MS_MAX)
                yield from _group(walk, group)
                if _SECOND_MS <= written.ms <= limits.CALL_MS_MAX and written.ms >= limit_ms:
                    yield problems.never_comes(written.span, "after", duration(written.ms), duration(limit_ms))
            case tree.Clause(name=name, body=body, span=span):
                yield from once(name, span, seen)
                yield from walk.block(body, around=around)
            case _:
                assert_never(clause)


def _press(
    walk: "Walk", clause: tree.Press, seen: dict[str, Span], *, around: Around, queue: tree.Ident | None = None
) -> Iterator[Diagnostic]:
    for one in clause.keys:
        if len(one.key) > 1 and KEYS.fullmatch(one.key):
            yield problems.one_key_only(one.span, one.key)
    outer, walk.queue = walk.queue, queue or walk.queue
    yield from press(walk, clause, seen, around=around)
    walk.queue = outer


def _group(walk: "Walk", group: tree.Ident) -> Iterator[Diagnostic]:
    walk.names.use("group", group.name)
    if group.name not in walk.names.groups:
        agent = group.name in walk.names.agents
        yield problems.no_group(group.span, group.name, tuple(walk.names.groups), agent=agent)


def _options(walk: "Walk", written: tuple[tree.QueueOption, ...]) -> Iterator[Diagnostic]:
    yield from options(written)
    for option in written:
        match option:
            case tree.Setting(name=name, duration=length):
                yield from in_range(name, length, _SECOND_MS, limits.CALL_MS_MAX)
            case tree.Amount(name="priority", value=value):
                yield from in_count(value, "priority", limits.QUEUE_PRIORITY_MAX)
            case tree.Amount(name=name, value=value):
                yield from in_count(value, name, limits.QUEUE_SIZE_MAX)
            case tree.Music(item=item):
                if item is not None:
                    yield from walk.item(item)
            case tree.Quoted(text=text):
                yield from check_expression(text, walk.names, walk.kinds)
            case tree.Whisper(passage=passage):
                yield from walk.passage(passage)
            case tree.RingStrategy() | tree.Confirm():
                pass
            case _:
                assert_never(option)


def address(walk: "Walk", text: tree.Text) -> Iterator[Diagnostic]:
    """Yield what is wrong with an address to be called."""
    yield from check_expression(text, walk.names, walk.kinds)
    if text.is_plain and not is_address(text.plain):
        yield problems.no_address(text.span, text.plain)
    else:
        yield from check_number(text)


def voicemail(walk: "Walk", wanted: tree.Voicemail) -> Iterator[Diagnostic]:
    """Yield what is wrong with a message."""
    match wanted.box:
        case tree.Ident(name, span):
            walk.names.use("group", name)
            if name not in walk.names.targets:
                yield problems.unknown_box(span, name, walk.names.targets)
        case tree.Text() as text:
            if not text.is_plain:
                yield problems.filled_in(text.span, "the name of a box")
            elif not text.plain.strip() or not text.plain.isprintable():
                yield problems.nameless_box(text.span, text.plain)
        case tree.DialledExtension(span=span):
            if not walk.dialled:
                yield problems.no_extensions(span)
        case _:
            assert_never(wanted.box)
    yield from options(wanted.options)
    for option in wanted.options:
        if isinstance(option, tree.Setting):
            yield from in_range("max", option.duration, _SECOND_MS, limits.CALL_MS_MAX)
        else:
            yield from walk.passage(option.passage)


def callback(walk: "Walk", wanted: tree.Callback) -> Iterator[Diagnostic]:
    """Yield what is wrong with a wish to be called back."""
    if wanted.group is not None:
        yield from _group(walk, wanted.group)
    elif walk.queue is None:
        yield problems.callback_nowhere(wanted.span)
    if wanted.number is not None:
        yield from check_expression(wanted.number, walk.names, walk.kinds)
    if wanted.within is not None:
        yield from in_range("within", wanted.within, 60 * _SECOND_MS, limits.CALLBACK_MS_MAX)


def conference(walk: "Walk", wanted: tree.Conference) -> Iterator[Diagnostic]:
    """Yield what is wrong with a room."""
    yield from check_expression(wanted.room, walk.names, walk.kinds)
    if wanted.room.is_plain and not wanted.room.plain.strip():
        yield problems.nameless_room(wanted.room.span)
    yield from options(wanted.options)
    for option in wanted.options:
        match option:
            case tree.Amount(value=value):
                yield from in_count(value, "up to", limits.ROOM_MEMBERS_MAX)
            case tree.Quoted(text=text):
                if not text.is_plain or not _PIN.fullmatch(text.plain):
                    yield problems.no_pin(text.span, limits.PIN_DIGITS_MAX)
            case tree.Flag():
                pass
            case _:
                assert_never(option)
