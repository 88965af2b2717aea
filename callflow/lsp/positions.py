"""Offsets of a text and positions as editors count them: lines, and on a line UTF-8, UTF-16 or UTF-32 code units."""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

_LINE_END: Final = re.compile(r"\r\n|\n|\r")

_UTF8_BOUNDS: Final = (0x80, 0x800, 0x10000)
_BEYOND_UTF16: Final = 0x10000

_UNITS: Final[dict[str, Callable[[str], int]]] = {
    "utf-8": lambda char: 1 + bisect_right(_UTF8_BOUNDS, ord(char)),
    "utf-16": lambda char: 1 + (ord(char) >= _BEYOND_UTF16),
    "utf-32": lambda _: 1,
}
"""How many code units a character takes. Half of a surrogate pair that stands alone is a character, too."""

Position = tuple[int, int]
"""A line and a place on it, both from 0."""


class Lines:
    """The lines of a text. A line ends with a line feed, a carriage return, or both."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._units = _UNITS[encoding]
        self._starts = [0]
        self._ends: list[int] = []
        for found in _LINE_END.finditer(text):
            self._ends.append(found.start())
            self._starts.append(found.end())
        self._ends.append(len(text))

    def offset(self, position: Position) -> int:
        """Return the offset of a position; behind the end of a line is at its end, behind the last line at the end."""
        line, character = position
        if line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[line], self._ends[line]
        content = self._text[start:end]
        if content.isascii():
            return start + min(character, len(content))
        for place, char in enumerate(content):
            character -= self._units(char)
            if character < 0:
                return start + place
        return end

    def position(self, offset: int) -> Position:
        """Return the position of an offset; within a line end it is the end of the line."""
        line = bisect_right(self._starts, offset) - 1
        before = self._text[self._starts[line] : min(offset, self._ends[line])]
        return line, len(before) if before.isascii() else sum(map(self._units, before))
