"""Menus and digits: what a caller is asked for, and whether the answer can be given."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, assert_never

from callflow import limits
from callflow.check import problems
from callflow.check.ranges import LEAST_MS, Around, in_count, in_range, once, options
from callflow.diagnostic import Diagnostic
from callflow.source import Span
from callflow.syntax import tree
from callflow.words import duration

if TYPE_CHECKING:
    from callflow.check.checker import Walk

KEYS: Final = re.compile(r"[0-9*#]+")
USED_UP: Final = ("otherwise silence", "otherwise invalid", "otherwise")
"""Clauses of what happens when the tries are used up; the last is for what the others leave."""

_ENDS: Final = re.compile(r"[*#]")
_PATTERN: Final = re.compile(r"[0-9*?]+")


def menu(walk: "Walk", asked: tree.Menu) -> Iterator[Diagnostic]:
    """Yield what is wrong with a menu."""
    yield from options(asked.options)
    pause_ms = limits.MENU_PAUSE_MS
    for option in asked.options:
        yield from _option(option)
        if isinstance(option, tree.Setting) and option.name == "pause":
            pause_ms = option.duration.ms
    seen: dict[str, Span] = {}
    for clause in asked.clauses:
        match clause:
            case tree.Play(passage=passage) | tree.Retry(passage=passage):
                yield from walk.passage(passage)
            case tree.Press():
                yield from press(walk, clause, seen, around=Around.MENU)
            case tree.DialExtension(body=body, span=span):
                yield from once("dial extension", span, seen)
                yield from _extensions(walk, span)
                yield from walk.block(body, around=Around.MENU)
            case tree.Clause():
                yield from _clause(walk, clause, seen)
            case _:
                assert_never(clause)
    yield from _left_over(seen)
    yield from _choices(walk, asked, pause_ms)


def collect(walk: "Walk", asked: tree.Collect) -> Iterator[Diagnostic]:
    """Yield what is wrong with digits asked for."""
    yield from walk.settable(asked.name)
    yield from options(asked.options)
    for option in asked.options:
        match option:
            case tree.Amount(name=name, value=value):
                yield from in_count(value, name, limits.COLLECT_DIGITS_MAX)
            case tree.Quoted(name="until", text=text):
                if not text.is_plain or not _ENDS.fullmatch(text.plain):
                    yield problems.no_key(text.span, text.plain)
            case tree.Quoted(text=text):
                yield from _pattern(asked, text)
            case tree.Flag():
                pass
            case tree.Tries() | tree.Setting():
                yield from _option(option)
            case _:
                assert_never(option)
    seen: dict[str, Span] = {}
    for clause in asked.clauses:
        match clause:
            case tree.Play(passage=passage) | tree.Retry(passage=passage):
                yield from walk.passage(passage)
            case tree.Clause():
                yield from _clause(walk, clause, seen)
            case _:
                assert_never(clause)
    yield from _left_over(seen)


def digits_wanted(asked: tree.Collect) -> tuple[int, int]:
    """Return how many digits are wanted at least and at most."""
    for option in asked.options:
        if isinstance(option, tree.Amount):
            most = max(1, min(option.value.value, limits.COLLECT_DIGITS_MAX))
            return (most if option.name == "digits" else 1), most
    return 1, limits.COLLECT_DIGITS_MAX


def _pattern(asked: tree.Collect, text: tree.Text) -> Iterator[Diagnostic]:
    if not text.is_plain:
        yield problems.filled_in(text.span, "a pattern")
        return
    pattern = text.plain
    least, most = digits_wanted(asked)
    fixed = len(pattern) - pattern.count("*")
    fits = _PATTERN.fullmatch(pattern) and fixed <= most and (least <= fixed or "*" in pattern)
    if not fits:
        yield problems.never_matches(text.span, pattern, least, most)


def _option(option: tree.Tries | tree.Setting) -> Iterator[Diagnostic]:
    match option:
        case tree.Tries(silence=silence, invalid=invalid):
            for count in (silence, invalid):
                if count is not None:
                    yield from in_count(count, "tries", limits.TRIES_MAX)
        case tree.Setting(name=name, duration=written):
            yield from in_range(name, written, LEAST_MS, limits.CALL_MS_MAX)
        case _:
            assert_never(option)


def _clause(walk: "Walk", clause: tree.Clause, seen: dict[str, Span]) -> Iterator[Diagnostic]:
    yield from once(clause.name, clause.span, seen)
    inner = Around.TRIES_OVER if clause.name in USED_UP else Around.MENU
    yield from walk.block(clause.body, around=inner)


def _left_over(seen: Mapping[str, Span]) -> Iterator[Diagnostic]:
    if all(name in seen for name in USED_UP):
        yield problems.nothing_left(seen[USED_UP[-1]])


def press(walk: "Walk", pressed: tree.Press, seen: dict[str, Span], *, around: Around) -> Iterator[Diagnostic]:
    """Yield what is wrong with a key and what it does."""
    for one in pressed.keys:
        if not KEYS.fullmatch(one.key):
            yield problems.no_key(one.span, one.key)
        elif len(one.key) > limits.KEYS_MAX:
            yield problems.too_many_keys(one.span, "press")
        elif f"press {one.key}" in seen:
            yield problems.key_twice(one.span, seen[f"press {one.key}"], one.key)
        seen.setdefault(f"press {one.key}", one.span)
    yield from walk.block(pressed.body, around=around)


def _extensions(walk: "Walk", span: Span) -> Iterator[Diagnostic]:
    """Yield what is wrong with dialling extensions here; what is wrong with them as such is told once."""
    if not walk.dialled:
        yield problems.no_extensions(span)
    if walk.told_extensions:
        return
    walk.told_extensions = True
    for number, place in walk.dialled:
        longer = next((one for one in walk.dialled if one[0] != number and one[0].startswith(number)), None)
        if longer is not None:
            yield problems.extensions_share(place, number, *longer)


def _choices(walk: "Walk", asked: tree.Menu, pause_ms: int) -> Iterator[Diagnostic]:
    presses = [key for clause in asked.clauses if isinstance(clause, tree.Press) for key in clause.keys]
    dials = next((clause for clause in asked.clauses if isinstance(clause, tree.DialExtension)), None)
    if not presses and dials is None:
        yield problems.nothing_to_press(Span(asked.span.start, asked.span.start + len("menu")))
    longer = [(press.key, press.span) for press in presses if len(press.key) <= limits.KEYS_MAX]
    if dials is not None:
        longer += walk.dialled
    for one in presses:
        hidden = next((span for number, span in walk.dialled if number == one.key), None)
        if hidden is not None and dials is not None:
            yield problems.key_hides_extension(one.span, hidden, one.key)
            continue
        hides = next((other for other in longer if other[0] != one.key and other[0].startswith(one.key)), None)
        if hides is not None and one.key:
            yield problems.shared_pause(one.span, one.key, hides[0], hides[1], duration(pause_ms))
