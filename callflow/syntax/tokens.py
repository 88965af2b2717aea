"""A text cut into tokens without asking what they mean: for the formatter, and for going on after a mistake."""

import re
from collections.abc import Iterator
from typing import Final

from callflow.source import Span

_FILLED: Final = r'\{[^{}"\\\n]*+(?:"[^{}"\\\n]*+"[^{}"\\\n]*+)++\}'
"""Braces in a text that hold a text themselves."""

TOKEN: Final = re.compile(
    rf'"(?>\\[^\n]|{_FILLED}|[^"\\\n])*+"?'  # a text, perhaps without its end
    r"|#[^\n]*"
    r"|[0-9]+(?:\.[0-9]+)?(?:ms|[smhd])\b|[0-9]+:[0-9]+|[0-9]+%|[0-9]+"
    r"|[A-Za-z_][A-Za-z0-9_]*"
    r"|[=!<>]=|[^ \t\r\n]"
)


class Token:
    """A word or a sign of the grammar as it was read, with the name of its terminal."""

    __slots__ = ("end", "start", "text", "type")

    def __init__(self, terminal: str, text: str, start: int, end: int) -> None:
        self.type = terminal
        self.text = text
        self.start = start
        self.end = end

    def __str__(self) -> str:
        return self.text

    @property
    def span(self) -> Span:
        """Return where it stands."""
        return Span(self.start, self.end)


_TERMINALS: Final = {"tag": "TAG_WORD", "digits": "DIGITS_WORD"}
"""Words whose own name is that of a terminal which is no word."""


def terminal_of(word: str) -> str:
    """Return the terminal of a word of the language."""
    return _TERMINALS.get(word, word.upper())


def word_of(terminal: str) -> str:
    """Return the word of the language that a terminal is."""
    return terminal.removesuffix("_WORD").lower()


_CLOSING: Final = re.compile(r"[ \t\r})]*\Z")


def is_whole_text(token: str) -> bool:
    """Return whether a token is a text in quotes that has its end."""
    return len(token) > 1 and token[0] == token[-1] == '"'


def text_without_end(token: str) -> str:
    """Return what of a text without its end is meant as text: the braces behind it close blocks."""
    closing = _CLOSING.search(token)
    return token[: closing.start()] if closing else token


def words(text: str) -> Iterator[tuple[int, str]]:
    """Yield the tokens of a text that may have problems, with their offsets; comments are left out."""
    at = 0
    while (found := TOKEN.search(text, at)) is not None:
        token = found.group()
        if token[0] == '"' and not is_whole_text(token):
            token = text_without_end(token) or '"'
        at = found.start() + len(token)
        if token[0] != "#":
            yield found.start(), token
