"""Tree to checked scheme: every name and value is asked whether it makes sense. Paths are proven on the machine."""

from collections.abc import Iterator
from typing import assert_never

import attrs

from callflow import limits
from callflow.check import asking, outside, problems, reaching, running
from callflow.check.declarations import check_declarations
from callflow.check.files import SoundFiles, lies_outside
from callflow.check.kinds import Kind
from callflow.check.names import GIVEN_NAMES, Names, gather, names_sound
from callflow.check.ranges import LEAST_MS, Around, in_count, in_range, once
from callflow.check.types import check_condition, check_expression, is_said, kinds_of_names
from callflow.diagnostic import Diagnostic
from callflow.saying import is_said_in
from callflow.source import Span
from callflow.syntax import tree


@attrs.frozen
class Checked:
    """A scheme whose names and types are settled, and what is wrong with it."""

    parsed: tree.Tree
    names: Names
    kinds: dict[str, Kind]
    secret: frozenset[str]
    """Names that hold what must not be told."""
    problems: list[Diagnostic]


def check(parsed: tree.Tree, files: SoundFiles | None = None) -> Checked:
    """Return the checked scheme. `files` answers for sound files; without it they are taken to be there."""
    names, found = gather(parsed)
    kinds = kinds_of_names(parsed, names)
    secret = outside.secret_names(parsed)
    walk = Walk(names, kinds, secret, files)
    found.extend(check_declarations(names, walk.sound))
    for declaration in parsed.declarations:
        if isinstance(declaration, tree.FlowDecl):
            found.extend(walk.block(declaration.body, around=Around.NOTHING))
        elif isinstance(declaration, tree.HandlerDecl):
            found.extend(running.not_here(declaration))
            found.extend(walk.block(declaration.body, around=Around.NOTHING))
    found.extend(running.check_runs(names))
    if walk.says_values:
        found.extend(problems.not_said_in(tag.span, tag.name) for tag in names.languages if not is_said_in(tag.name))
    found.extend(told for told in _unused(names) if told.span.start < parsed.shared)
    return Checked(parsed, names, kinds, secret, found)


def _unused(names: Names) -> Iterator[Diagnostic]:
    tables = (("prompt", names.prompts), ("schedule", names.schedules), ("group", names.groups), ("list", names.lists))
    for kind, table in tables:
        for name, declaration in table.items():
            if f"{kind} {name}" not in names.used:
                yield problems.never_used(declaration.name.span, kind, name)


class Walk:
    """Goes through the statements of a scheme."""

    def __init__(self, names: Names, kinds: dict[str, Kind], secret: frozenset[str], files: SoundFiles | None) -> None:
        self.names = names
        self.kinds = kinds
        self.dialled = [(one.extension.written, one.extension.span) for one in names.agents.values() if one.extension]
        self.told_extensions = False
        self.queue: tree.Ident | None = None
        """The group of the queue around a key."""
        self.says_values = False
        """Whether a text that is spoken has a value that becomes words of the call's language."""
        self._secret = secret
        self._files = files

    def block(self, block: tree.Block | None, *, around: Around) -> Iterator[Diagnostic]:
        """Yield what is wrong with the statements of a block."""
        for statement in block.statements if block else ():
            yield from self._statement(statement, around=around)
            if self._secret:
                yield from outside.told_secrets(statement, self._secret)

    def _statement(self, statement: tree.Statement, *, around: Around) -> Iterator[Diagnostic]:
        match statement:
            case tree.Play(passage=passage):
                yield from self.passage(passage)
            case tree.Wait(duration=duration):
                yield from in_range("wait", duration, LEAST_MS, limits.DURATION_MS_MAX)
            case tree.Language(tag=tag):
                if tag.name not in self.names.tags:
                    yield problems.unknown_language(tag.span, tag.name, self.names.tags)
            case tree.Goto(flow=flow) | tree.Run(flow=flow):
                if flow.name not in self.names.flows and flow.name != "start":
                    yield problems.unknown_flow(flow.span, flow.name, tuple(self.names.flows))
            case tree.Again(span=span):
                if around is not Around.MENU:
                    behind = around is Around.TRIES_OVER
                    yield problems.again_afterwards(span) if behind else problems.again_outside(span)
            case tree.When() | tree.Match() | tree.Split() | tree.Repeat():
                yield from self._ways(statement, around=around)
            case tree.Menu():
                yield from asking.menu(self, statement)
            case tree.Collect():
                yield from asking.collect(self, statement)
            case tree.Connect():
                yield from reaching.connect(self, statement, around=around)
            case tree.Queue():
                yield from reaching.queue(self, statement, around=around)
            case tree.Voicemail():
                yield from reaching.voicemail(self, statement)
            case tree.Callback():
                yield from reaching.callback(self, statement)
            case tree.Conference():
                yield from reaching.conference(self, statement)
            case tree.Transfer(uri=uri):
                yield from reaching.address(self, uri)
            case tree.Fetch(failed=failed):
                yield from outside.fetch(self, statement)
                yield from self.block(failed.body if failed else None, around=around)
            case (
                tree.Answer() | tree.Hangup() | tree.Reject() | tree.RecordCall() | tree.ChangeRecording()
                | tree.Return()
            ):  # fmt: skip
                pass
            case _:
                yield from self._keeping(statement)

    def _keeping(
        self,
        statement: tree.SetName
        | tree.RecordMessage
        | tree.Remember
        | tree.Forget
        | tree.Force
        | tree.Release
        | tree.Notify
        | tree.Tag,
    ) -> Iterator[Diagnostic]:
        """Yield what is wrong with a statement that keeps or tells something."""
        match statement:
            case tree.SetName(name=name, value=value):
                yield from self.settable(name)
                if isinstance(value, tree.Record):
                    yield from outside.record(self, value)
                else:
                    yield from check_expression(value, self.names, self.kinds)
            case tree.RecordMessage(name=name, max=time):
                yield from self.settable(name)
                if time is not None:
                    yield from in_range("max", time.duration, 1_000, limits.CALL_MS_MAX)
            case tree.Remember(name=name, value=value, time=time):
                yield from self.settable(name)
                yield from check_expression(value, self.names, self.kinds)
                if time is not None:
                    yield from in_range("for", time.duration, 60_000, limits.REMEMBER_MS_MAX)
            case tree.Forget(name=name):
                if name.name not in self.kinds:
                    yield problems.unknown_name(name.span, name.name, tuple(self.kinds))
            case tree.Force(schedule=schedule, until=until):
                yield from self._schedule(schedule)
                if isinstance(until, tree.Setting):
                    yield from in_range("for", until.duration, 60_000, limits.FORCE_MS_MAX)
                elif isinstance(until, tree.TimeOfDay) and (until.hour.value > 23 or until.minute.value > 59):  # noqa: PLR2004
                    yield problems.no_time_of_day(until.span)
            case tree.Release(schedule=schedule):
                yield from self._schedule(schedule)
            case tree.Notify(event=event, fields=fields):
                if not event.is_plain or not event.plain.strip():
                    yield problems.filled_in(event.span, "the name of an event")
                if fields is not None:
                    yield from outside.record(self, fields)
            case tree.Tag(tag=tag):
                yield from check_expression(tag, self.names, self.kinds)
            case _:
                assert_never(statement)

    def _schedule(self, schedule: tree.Ident) -> Iterator[Diagnostic]:
        self.names.use("schedule", schedule.name)
        if schedule.name not in self.names.schedules:
            yield problems.unknown_schedule(schedule.span, schedule.name, tuple(self.names.schedules))

    def _ways(
        self, statement: tree.When | tree.Match | tree.Split | tree.Repeat, *, around: Around
    ) -> Iterator[Diagnostic]:
        match statement:
            case tree.When(condition=condition, then=then, other=other):
                yield from check_condition(condition, self.names, self.kinds)
                yield from self.block(then, around=around)
                yield from self.block(other, around=around)
            case tree.Match():
                yield from self._match(statement, around=around)
            case tree.Split(shares=shares, otherwise=otherwise, span=span):
                total = sum(share.percent.value for share in shares)
                for share in shares:
                    yield from in_count(share.percent, "%", 100)
                    yield from self.block(share.body, around=around)
                yield from self.block(otherwise.body if otherwise else None, around=around)
                if not shares:
                    yield problems.nothing_to_match(Span(span.start, span.start + len("split")), "split")
                elif total >= 100 if otherwise else total != 100:  # noqa: PLR2004
                    yield problems.shares_uneven(
                        Span(span.start, span.start + len("split")), total, rest=bool(otherwise)
                    )
            case tree.Repeat(times=times, body=body):
                yield from in_count(times, "repeat", limits.REPEATS_MAX)
                yield from self.block(body, around=around)
            case _:
                assert_never(statement)

    def _match(self, statement: tree.Match, *, around: Around) -> Iterator[Diagnostic]:
        yield from check_expression(statement.subject, self.names, self.kinds)
        seen: dict[str, Span] = {}
        for case in statement.cases:
            for value in case.values:
                if isinstance(value, tree.Text) and not value.is_plain:
                    yield problems.filled_in(value.span, "a case")
                    continue
                compared = tree.Binary("==", statement.subject, value, value.span)
                yield from (
                    told for told in check_expression(compared, self.names, self.kinds) if told.span == value.span
                )
                yield from once(_written(value), value.span, seen)
            yield from self.block(case.body, around=around)
        yield from self.block(statement.otherwise.body if statement.otherwise else None, around=around)
        if not statement.cases:
            start = statement.span.start
            yield problems.nothing_to_match(Span(start, start + len("match")), "match")

    def settable(self, name: tree.Ident) -> Iterator[Diagnostic]:
        """Yield what is wrong with giving a name a value."""
        if name.name in GIVEN_NAMES:
            yield problems.known_name_set(name.span, name.name, "given by the call")
        for table, what in ((self.names.schedules, "a schedule"), (self.names.groups, "a group")):
            if name.name in table:
                yield problems.known_name_set(name.span, name.name, what)

    # --- what is heard ---

    def passage(self, passage: tree.PlayItems) -> Iterator[Diagnostic]:
        """Yield what is wrong with what is heard."""
        for item in passage.items:
            yield from self.item(item)

    def item(self, item: tree.Text | tree.Ident) -> Iterator[Diagnostic]:
        """Yield what is wrong with a thing to be heard."""
        if isinstance(item, tree.Ident):
            self.names.use("prompt", item.name)
            if item.name not in self.names.prompts and self.kinds.get(item.name) is not Kind.SOUND:
                yield problems.unknown_prompt(item.span, item.name, tuple(self.names.prompts))
        elif names_sound(item):
            yield from self.sound(item)
        elif not item.parts or (item.is_plain and not item.plain.strip()):
            yield problems.nothing_to_hear(item.span, "this text", ", or use `wait`")
        else:
            self.says_values |= any(is_said(part, self.kinds) for part in item.parts if not isinstance(part, str))
            yield from check_expression(item, self.names, self.kinds)

    def sound(self, item: tree.Text) -> Iterator[Diagnostic]:
        """Yield what is wrong with the sound file that a text names."""
        file = item.plain
        if not item.is_plain:
            yield problems.filled_in(item.span, "the path of a sound file")
        elif lies_outside(file):
            yield problems.sound_outside(item.span, file)
        elif not file.strip() or not file.isprintable():
            yield problems.nameless_sound(item.span, file)
        elif self._files is not None:
            refusal = self._files.refusal(file)
            if refusal == "":
                yield problems.no_sound(item.span, file)
            elif refusal is not None:
                yield problems.sound_refused(item.span, file, refusal)


def _written(value: tree.Text | tree.Whole | tree.Duration | tree.Constant) -> str:
    match value:
        case tree.Text():
            return f'"{value.plain}"'
        case tree.Whole():
            return str(value.value)
        case tree.Duration(ms=ms):
            return f"{ms}ms"
        case tree.Constant(value=constant):
            return {True: "true", False: "false", None: "none"}[constant]
        case _:
            assert_never(value)
