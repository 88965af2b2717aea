"""Tree to checked scheme: every name and value is asked whether it makes sense. Paths are proven on the machine."""

import enum
import re
from collections.abc import Iterator
from typing import Final, assert_never

import attrs

from callflow import limits
from callflow.check import problems
from callflow.check.declarations import check_declarations, is_address
from callflow.check.files import SoundFiles, lies_outside
from callflow.check.names import GIVEN_NAMES, Names, gather, names_sound
from callflow.check.types import Kind, check_condition, check_expression, kinds_of_names
from callflow.diagnostic import Diagnostic
from callflow.source import Span
from callflow.syntax import tree
from callflow.words import duration

_KEYS: Final = re.compile(r"[0-9*#]+")
_LEAST_MS: Final = 100
"""The shortest time that makes sense on a telephone line."""


class _Around(enum.Enum):
    """What an `again` would mean: nothing, another pass of the menu around it, or one too many."""

    NOTHING = enum.auto()
    MENU = enum.auto()
    TRIES_OVER = enum.auto()


@attrs.frozen
class Checked:
    """A scheme whose names and types are settled, and what is wrong with it."""

    parsed: tree.Tree
    names: Names
    kinds: dict[str, Kind]
    problems: list[Diagnostic]


def check(parsed: tree.Tree, files: SoundFiles | None = None) -> Checked:
    """Return the checked scheme. `files` answers for sound files; without it they are taken to be there."""
    names, found = gather(parsed)
    kinds = kinds_of_names(parsed)
    walk = _Walk(names, kinds, files)
    found.extend(check_declarations(names, walk.sound))
    for declaration in parsed.declarations:
        if isinstance(declaration, tree.FlowDecl):
            found.extend(walk.block(declaration.body, around=_Around.NOTHING))
    found.extend(_unused(names))
    return Checked(parsed, names, kinds, found)


def _unused(names: Names) -> Iterator[Diagnostic]:
    for kind, table in (("prompt", names.prompts), ("schedule", names.schedules), ("group", names.groups)):
        for name, declaration in table.items():
            if f"{kind} {name}" not in names.used:
                yield problems.never_used(declaration.name.span, kind, name)


class _Walk:
    """Goes through the statements of a scheme."""

    def __init__(self, names: Names, kinds: dict[str, Kind], files: SoundFiles | None) -> None:
        self._names = names
        self._kinds = kinds
        self._files = files
        self._dialled = [(one.extension.written, one.extension.span) for one in names.agents.values() if one.extension]
        self._told_extensions = False

    def block(self, block: tree.Block | None, *, around: _Around) -> Iterator[Diagnostic]:
        """Yield what is wrong with the statements of a block."""
        for statement in block.statements if block else ():
            yield from self._statement(statement, around=around)

    def _statement(self, statement: tree.Statement, *, around: _Around) -> Iterator[Diagnostic]:
        match statement:
            case tree.Play(passage=passage):
                yield from self._passage(passage)
            case tree.Wait(duration=duration):
                yield from _range("wait", duration, _LEAST_MS, limits.DURATION_MS_MAX)
            case tree.SetName(name=name, value=value):
                yield from check_expression(value, self._names, self._kinds)
                if name.name in GIVEN_NAMES:
                    yield problems.known_name_set(name.span, name.name, "given by the call")
                elif name.name in self._names.schedules:
                    yield problems.known_name_set(name.span, name.name, "a schedule")
            case tree.Language(tag=tag):
                if tag.name not in self._names.tags:
                    yield problems.unknown_language(tag.span, tag.name, self._names.tags)
            case tree.Goto(flow=flow):
                if flow.name not in self._names.flows and flow.name != "start":
                    yield problems.unknown_flow(flow.span, flow.name, tuple(self._names.flows))
            case tree.Again(span=span):
                if around is not _Around.MENU:
                    behind = around is _Around.TRIES_OVER
                    yield problems.again_afterwards(span) if behind else problems.again_outside(span)
            case tree.When(condition=condition, then=then, other=other):
                yield from check_condition(condition, self._names, self._kinds)
                yield from self.block(then, around=around)
                yield from self.block(other, around=around)
            case tree.Menu():
                yield from self._menu(statement)
            case tree.Connect():
                yield from self._connect(statement, around=around)
            case tree.Voicemail():
                yield from self._voicemail(statement)
            case tree.Answer() | tree.Hangup() | tree.Reject() | tree.RecordCall():
                pass
            case _:
                assert_never(statement)

    # --- what is heard ---

    def _passage(self, passage: tree.PlayItems) -> Iterator[Diagnostic]:
        for item in passage.items:
            yield from self._item(item)

    def _item(self, item: tree.Text | tree.Ident) -> Iterator[Diagnostic]:
        if isinstance(item, tree.Ident):
            self._names.use("prompt", item.name)
            if item.name not in self._names.prompts:
                yield problems.unknown_prompt(item.span, item.name, tuple(self._names.prompts))
        elif names_sound(item):
            yield from self.sound(item)
        elif not item.parts or (item.is_plain and not item.plain.strip()):
            yield problems.nothing_to_hear(item.span, "this text", ", or use `wait`")
        else:
            yield from check_expression(item, self._names, self._kinds)

    def sound(self, item: tree.Text) -> Iterator[Diagnostic]:
        """Yield what is wrong with the sound file that a text names."""
        file = item.plain
        if not item.is_plain:
            yield problems.filled_in(item.span, "the path of a sound file")
        elif lies_outside(file):
            yield problems.sound_outside(item.span, file)
        elif self._files is not None:
            refusal = self._files.refusal(file)
            if refusal == "":
                yield problems.no_sound(item.span, file)
            elif refusal is not None:
                yield problems.sound_refused(item.span, file, refusal)

    # --- menus ---

    def _menu(self, menu: tree.Menu) -> Iterator[Diagnostic]:
        yield from _options(menu.options)
        pause_ms = limits.MENU_PAUSE_MS
        for option in menu.options:
            match option:
                case tree.Tries(silence=silence, invalid=invalid):
                    for count in (silence, invalid):
                        if count is not None and not 1 <= count.value <= limits.TRIES_MAX:
                            yield problems.count_out_of_range(count.span, "tries", limits.TRIES_MAX)
                case tree.Setting(name=name, duration=duration):
                    if name == "pause":
                        pause_ms = duration.ms
                    yield from _range(name, duration, _LEAST_MS, limits.CALL_MS_MAX)
                case _:
                    assert_never(option)
        seen: dict[str, Span] = {}
        for clause in menu.clauses:
            match clause:
                case tree.Play(passage=passage) | tree.Retry(passage=passage):
                    yield from self._passage(passage)
                case tree.Press():
                    yield from self._press(clause, seen, around=_Around.MENU)
                case tree.DialExtension(body=body, span=span):
                    yield from _once("dial extension", span, seen)
                    yield from self._extensions(span)
                    yield from self.block(body, around=_Around.MENU)
                case tree.Clause(name=name, body=body, span=span):
                    yield from _once(name, span, seen)
                    inner = _Around.TRIES_OVER if name == "otherwise" else _Around.MENU
                    yield from self.block(body, around=inner)
                case _:
                    assert_never(clause)
        yield from self._choices(menu, pause_ms)

    def _extensions(self, span: Span) -> Iterator[Diagnostic]:
        """Yield what is wrong with dialling extensions here; what is wrong with them as such is told once."""
        if not self._dialled:
            yield problems.no_extensions(span)
        if self._told_extensions:
            return
        self._told_extensions = True
        for number, place in self._dialled:
            longer = next((one for one in self._dialled if one[0] != number and one[0].startswith(number)), None)
            if longer is not None:
                yield problems.extensions_share(place, number, *longer)

    def _press(self, press: tree.Press, seen: dict[str, Span], *, around: _Around) -> Iterator[Diagnostic]:
        if not _KEYS.fullmatch(press.key):
            yield problems.no_key(press.key_span, press.key)
        elif len(press.key) > limits.KEYS_MAX:
            yield problems.too_many_keys(press.key_span, "press")
        elif f"press {press.key}" in seen:
            yield problems.key_twice(press.key_span, seen[f"press {press.key}"], press.key)
        seen.setdefault(f"press {press.key}", press.key_span)
        yield from self.block(press.body, around=around)

    def _choices(self, menu: tree.Menu, pause_ms: int) -> Iterator[Diagnostic]:
        presses = [clause for clause in menu.clauses if isinstance(clause, tree.Press)]
        dials = next((clause for clause in menu.clauses if isinstance(clause, tree.DialExtension)), None)
        if not presses and dials is None:
            yield problems.nothing_to_press(Span(menu.span.start, menu.span.start + len("menu")))
        longer = [(press.key, press.key_span) for press in presses if len(press.key) <= limits.KEYS_MAX]
        if dials is not None:
            longer += self._dialled
        for press in presses:
            hidden = next((span for number, span in self._dialled if number == press.key), None)
            if hidden is not None and dials is not None:
                yield problems.key_hides_extension(press.key_span, hidden, press.key)
                continue
            hides = next((one for one in longer if one[0] != press.key and one[0].startswith(press.key)), None)
            if hides is not None and press.key:
                yield problems.shared_pause(press.key_span, press.key, hides[0], hides[1], duration(pause_ms))

    # --- connect and voicemail ---

    def _connect(self, connect: tree.Connect, *, around: _Around) -> Iterator[Diagnostic]:
        match connect.target:
            case tree.Ident(name, span):
                self._names.use("group", name)
                self._names.use("agent", name)
                if name not in self._names.targets:
                    yield problems.unknown_target(span, name, self._names.targets)
            case tree.Text() as text:
                yield from check_expression(text, self._names, self._kinds)
                if text.is_plain and not is_address(text.plain):
                    yield problems.no_address(text.span, text.plain)
            case tree.DialledExtension(span=span):
                if not self._dialled:
                    yield problems.no_extensions(span)
            case _:
                assert_never(connect.target)
        yield from _options(connect.options)
        for option in connect.options:
            match option:
                case tree.Setting(name=name, duration=duration):
                    yield from _range(name, duration, 1_000, limits.CALL_MS_MAX)
                case tree.Music(item=item):
                    if item is not None:
                        yield from self._item(item)
                case tree.RingStrategy():
                    pass
                case _:
                    assert_never(option)
        seen: dict[str, Span] = {}
        for clause in connect.clauses:
            if isinstance(clause, tree.Press):
                if len(clause.key) > 1 and _KEYS.fullmatch(clause.key):
                    yield problems.one_key_only(clause.key_span, clause.key)
                yield from self._press(clause, seen, around=around)
            else:
                yield from _once(clause.name, clause.span, seen)
                yield from self.block(clause.body, around=around)

    def _voicemail(self, voicemail: tree.Voicemail) -> Iterator[Diagnostic]:
        match voicemail.box:
            case tree.Ident(name, span):
                self._names.use("group", name)
                if name not in self._names.targets:
                    yield problems.unknown_box(span, name, self._names.targets)
            case tree.Text() as text:
                if not text.is_plain:
                    yield problems.filled_in(text.span, "the name of a box")
                elif not text.plain.strip():
                    yield problems.nameless_box(text.span)
            case _:
                assert_never(voicemail.box)
        yield from _options(voicemail.options)
        for option in voicemail.options:
            if isinstance(option, tree.Setting):
                yield from _range("max", option.duration, 1_000, limits.CALL_MS_MAX)
            else:
                yield from self._passage(option.passage)


def _range(word: str, written: tree.Duration, least_ms: int, most_ms: int) -> Iterator[Diagnostic]:
    if not least_ms <= written.ms <= most_ms:
        yield problems.duration_out_of_range(written.span, word, duration(least_ms), duration(most_ms))


def _once(name: str, span: Span, seen: dict[str, Span]) -> Iterator[Diagnostic]:
    if name in seen:
        yield problems.clause_twice(span, seen[name], name)
    seen.setdefault(name, span)


def _options(options: tuple[tree.MenuOption | tree.ConnectOption | tree.GreetingItems, ...]) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for option in options:
        match option:
            case tree.Setting(name=name):
                word = name
            case tree.Tries():
                word = "tries"
            case tree.RingStrategy():
                word = "ring"
            case tree.Music():
                word = "music"
            case tree.GreetingItems():
                word = "greeting"
            case _:
                assert_never(option)
        if word in seen:
            yield problems.option_twice(option.span, seen[word], word)
        seen.setdefault(word, option.span)
