"""What may stand at a place of a text, which may have mistakes before it and behind it. For completion.

The text is read as usual up to the place, where a character stands that means nothing: there the stack is asked.
"""

from functools import cache
from typing import Any, Final

import attrs

from callflow.source import Source
from callflow.syntax.build import Builder
from callflow.syntax.recovery import Recovery
from callflow.syntax.run import Grammar, Stack, grammar
from callflow.syntax.table import load
from callflow.syntax.tokens import Token, word_of

_MARK: Final = "\x00"


@attrs.frozen
class Expected:
    """The terminals that may come next, and the last word of the language among what is not yet whole."""

    terminals: frozenset[str]
    before: str = ""
    directly: bool = False
    """Whether that word stands directly before."""


@cache
def _grammar() -> Grammar:
    return grammar(load(), Builder(lambda _start, _end: None, lambda _kind, _span: None))


def expected_at(text: str, start: int, end: int) -> Expected | None:
    """Return what may stand instead of the text between two offsets, None where nobody can say."""
    whole = f"{text[:start]}{_MARK}{text[end:]}"
    return _stopped(whole, 0, start, "start") or _stopped(whole[: start + 1], 0, start, "start")


def expected_in_text(text: str, begin: int, start: int) -> Expected | None:
    """Return what may stand at an offset in a value that begins at another, within the braces of a text."""
    return _stopped(f"{text[:start]}{_MARK}", begin, start, "expression_only")


def _stopped(text: str, begin: int, at: int, rule: str) -> Expected | None:
    """Return what may stand at an offset, None when going on after a mistake leads past it."""
    found: list[Expected] = []
    recovery = Recovery(Source("", text), [])

    def mistaken(stack: Stack, where: int, terminal: str) -> int | None:
        if where >= at:
            found.append(_asked(stack))
            return None
        if rule != "start":
            return None
        goes_on_at = recovery.go_on(stack, where, terminal)
        return goes_on_at if goes_on_at is not None and goes_on_at <= at else None

    Stack(_grammar(), rule).run(text, begin, len(text), lambda _text, _at: None, mistaken)
    return found[0] if found else None


def _asked(stack: Stack) -> Expected:
    keywords = frozenset(_grammar().keywords.values())

    def is_word(value: Any) -> bool:
        return isinstance(value, Token) and value.type in keywords

    last = next((value for value in reversed(stack.values) if is_word(value)), None)
    directly = bool(stack.values) and stack.values[-1] is last
    return Expected(stack.expected(), word_of(last.type) if last is not None else "", directly)
