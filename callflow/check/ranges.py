"""What any statement may be asked: times and counts in range, options and clauses once."""

import enum
from collections.abc import Iterator, Sequence
from typing import Any, Final

from callflow.check import problems
from callflow.diagnostic import Diagnostic
from callflow.source import Span
from callflow.syntax import tree
from callflow.words import duration

LEAST_MS: Final = 100
"""The shortest time that makes sense on a telephone line."""


class Around(enum.Enum):
    """What an `again` would mean: nothing, another pass of the menu around it, or one too many."""

    NOTHING = enum.auto()
    MENU = enum.auto()
    TRIES_OVER = enum.auto()


def in_range(word: str, written: tree.Duration, least_ms: int, most_ms: int) -> Iterator[Diagnostic]:
    """Yield the problem of a length of time that makes no sense."""
    if not least_ms <= written.ms <= most_ms:
        yield problems.duration_out_of_range(written.span, word, duration(least_ms), duration(most_ms))


def in_count(written: tree.Whole, word: str, most: int) -> Iterator[Diagnostic]:
    """Yield the problem of a count that makes no sense."""
    if not 1 <= written.value <= most:
        yield problems.count_out_of_range(written.span, word, most)


def once(name: str, span: Span, seen: dict[str, Span]) -> Iterator[Diagnostic]:
    """Yield the problem of a clause that was there before."""
    if name in seen:
        yield problems.clause_twice(span, seen[name], name)
    seen.setdefault(name, span)


def options(written: Sequence[Any]) -> Iterator[Diagnostic]:
    """Yield the problems of options that were there before."""
    seen: dict[str, Span] = {}
    for option in written:
        word = _word(option)
        if word in seen:
            yield problems.option_twice(option.span, seen[word], word)
        seen.setdefault(word, option.span)


def _word(option: Any) -> str:
    match option:
        case tree.Amount(name="up to"):
            return "digits"
        case tree.Flag(name="moderator" | "guest"):
            return "moderator"
        case tree.Setting(name=name) | tree.Amount(name=name) | tree.Quoted(name=name) | tree.Flag(name=name):
            return name
        case _:
            return _WORDS[type(option)]


_WORDS: Final[dict[type, str]] = {
    tree.Tries: "tries",
    tree.RingStrategy: "ring",
    tree.Music: "music",
    tree.GreetingItems: "greeting",
    tree.Whisper: "whisper",
    tree.Confirm: "confirm",
    tree.Skills: "skills",
    tree.Needs: "needs",
    tree.Post: "post",
}
