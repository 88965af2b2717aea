"""What may be written at a place: words of the language by the parse table, names by what stands before."""

import re
from collections.abc import Iterator
from typing import Final

import attrs

from callflow.check.functions import FUNCTIONS
from callflow.check.names import GIVEN_NAMES, GROUP_FACTS, SCHEDULE_FACT
from callflow.highlight.words import words
from callflow.lsp.names import Kind
from callflow.lsp.reference import summary
from callflow.lsp.scheme import Place, Scheme
from callflow.syntax import tree
from callflow.syntax.expected import Expected, expected_at, expected_in_text
from callflow.syntax.tokens import TOKEN, word_of
from callflow.syntax.unexpected import DECLARATIONS, NO_KEYWORDS, STATEMENTS

_WRITTEN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]*)*\Z")
_LAST_WORD: Final = re.compile(r"([a-z]+)\s+\Z")
_AFTER_DIGIT: Final = re.compile(r"[0-9][A-Za-z0-9_.]*\Z")

_BEHIND: Final[dict[str, tuple[Kind, ...]]] = {
    "goto": (Kind.FLOW,),
    "run": (Kind.FLOW,),
    "connect": (Kind.TARGET,),
    "voicemail": (Kind.TARGET,),
    "queue": (Kind.TARGET,),
    "also": (Kind.TARGET,),
    "of": (Kind.TARGET,),
    "callback": (Kind.TARGET,),
    "group": (Kind.TARGET,),
    "play": (Kind.PROMPT,),
    "whisper": (Kind.PROMPT,),
    "greeting": (Kind.PROMPT,),
    "music": (Kind.PROMPT,),
    "force": (Kind.SCHEDULE,),
    "release": (Kind.SCHEDULE,),
    "in": (Kind.LIST,),
    "skills": (Kind.SKILL,),
    "needs": (Kind.SKILL,),
    "forget": (Kind.VALUE,),
    "set": (Kind.VALUE,),
    "remember": (Kind.VALUE,),
}
"""What a name is of that stands behind a word, or behind a comma after such names. A test asks for every name of a
scheme that has them all."""

_GROUPS_ONLY: Final = frozenset({"queue", "also", "of", "callback"})

_VALUE: Final = frozenset({"NAME", "STRING", "DIGITS", "DURATION"})
"""Terminals that together may begin a value."""


@attrs.frozen
class Item:
    """Something that may be written: `kind` is what it is the name of, or `keyword`, `function`, `file` or `folder`."""

    label: str
    kind: Kind | str
    detail: str = ""
    insert: str = ""
    """What is written, where that is not the label."""
    rank: int = 0
    """Lower ones are more likely meant."""


@attrs.frozen
class Completion:
    """What may stand from an offset on."""

    start: int
    items: tuple[Item, ...]


def complete(text: str, offset: int, scheme: Scheme) -> Completion:
    """Return what may be written at an offset, in place of the word that ends there."""
    written = _WRITTEN.search(text, text.rfind("\n", 0, offset) + 1, offset)
    start = written.start() if written else offset
    if _AFTER_DIGIT.search(text, max(0, start - 1), offset) and written is None:
        return Completion(start, ())
    token = token_around(text, start)
    if token is None:
        expected = expected_at(text, start, offset) or _by_word(text, start)
    elif token[1].startswith('"'):
        inside = _value_in(text, token[0], start)
        if inside is None:
            return Completion(start, ())
        expected = expected_in_text(text, inside, start)
    else:
        return Completion(start, ())
    items = () if expected is None else tuple(_items(expected, scheme))
    return Completion(start, tuple({(one.label, one.kind): one for one in reversed(items)}.values())[::-1])


def _by_word(text: str, offset: int) -> Expected | None:
    """Return what the word before an offset alone tells, where a mistake around it hides what is expected."""
    before = _LAST_WORD.search(text, 0, offset)
    return Expected(frozenset({"NAME"}), before[1], directly=True) if before else None


def token_around(text: str, offset: int) -> tuple[int, str] | None:
    """Return the text or comment around an offset. Neither goes on in the next line."""
    for found in TOKEN.finditer(text, text.rfind("\n", 0, offset) + 1):
        if found.start() >= offset:
            return None
        token = found.group()
        closed = token[0] == '"' and len(token) > 1 and token[-1] == '"'
        if token[0] in '#"' and (offset < found.end() or (offset == found.end() and not closed)):
            return found.start(), token
    return None


def _value_in(text: str, start: int, offset: int) -> int | None:
    """Return where the value begins that is filled into a text, None where an offset is in none."""
    begin: int | None = None
    escaped = False
    for at in range(start + 1, offset):
        char = text[at]
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "{" and begin is None:
            begin = at + 1
        elif char == "}":
            begin = None
    return begin


def _items(expected: Expected, scheme: Scheme) -> Iterator[Item]:
    if "NAME" in expected.terminals or "START" in expected.terminals:
        yield from _names(expected, scheme)
    if "TAG" in expected.terminals and expected.before != "region":
        for place in scheme.named(Kind.LANGUAGE):
            yield Item(place.name.text, Kind.LANGUAGE, "language")
    statements = {*STATEMENTS, *DECLARATIONS}
    for terminal in sorted(expected.terminals - NO_KEYWORDS):
        word = word_of(terminal)
        yield Item(word, "keyword", summary(word), rank=2 if word in statements else 1)


def _names(expected: Expected, scheme: Scheme) -> Iterator[Item]:
    before = expected.before
    declares = expected.directly and before in words().declaring
    if declares:
        return
    if expected.terminals >= _VALUE:
        yield from _values(scheme, is_condition="NOT" in expected.terminals)
        return
    for kind in _BEHIND.get(before, ()):
        for place in scheme.named(kind):
            if before in _GROUPS_ONLY and not _is_group(place):
                continue
            if before == "group" and _is_group(place):
                continue
            yield Item(place.name.text, kind, said_of(place))
        if kind is Kind.PROMPT:
            yield from _recordings(scheme)
        if kind is Kind.FLOW and (kind, "start") not in scheme.declared:
            yield Item("start", "keyword", "the flow that calls enter")


def _recordings(scheme: Scheme) -> Iterator[Item]:
    """Yield the names of what callers said, which can be heard like prompts."""
    for place in scheme.named(Kind.VALUE):
        if isinstance(place.name.owner, tree.RecordMessage):
            yield Item(place.name.text, Kind.VALUE, said_of(place))


def _values(scheme: Scheme, *, is_condition: bool) -> Iterator[Item]:
    for place in scheme.named(Kind.VALUE):
        yield Item(place.name.text, Kind.VALUE, said_of(place))
    for place in scheme.named(Kind.SCHEDULE):
        name = place.name.text
        if is_condition:
            yield Item(f"{name} open", Kind.SCHEDULE, said_of(place), rank=0)
            yield Item(f"{name} closed", Kind.SCHEDULE, said_of(place), rank=0)
        yield Item(f"{name}.{SCHEDULE_FACT}", Kind.SCHEDULE, "when it opens next", rank=1)
    for given in GIVEN_NAMES:
        yield Item(given, Kind.GIVEN, "known to every call", rank=1)
    for place in scheme.named(Kind.TARGET):
        if _is_group(place):
            for fact in GROUP_FACTS:
                yield Item(f"{place.name.text}.{fact}", Kind.TARGET, said_of(place), rank=1)
    for name, signature in FUNCTIONS.items():
        yield Item(name, "function", signature.usage, f"{name}(", rank=1)


def _is_group(place: Place) -> bool:
    return isinstance(place.name.owner, tree.GroupDecl)


def said_of(place: Place) -> str:
    """Return what declares a name, on one line; of a block only what stands before it."""
    return " ".join(place.said.partition("{")[0].split())
