"""Where things stand in a text: sources, spans, lines and columns. Knows nothing of the language."""

from bisect import bisect_right
from functools import cached_property

import attrs


@attrs.frozen(order=True)
class Span:
    """A half-open range of character offsets in one source."""

    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """Return the span from the start of this one to the end of the other."""
        return Span(self.start, max(self.end, other.end))


@attrs.frozen
class Place:
    """A place as people count: file, line and column, the last two from 1."""

    path: str
    line: int
    column: int


@attrs.frozen(slots=False)
class Source:
    """A named text. `path` is what the user called it; it is shown, never opened here.

    A scheme of several files is one text, file after file: `others` are the offsets at which the others begin, and
    their paths. Lines count through; `place_of` counts in each file.
    """

    path: str
    text: str
    others: tuple[tuple[int, str], ...] = ()

    @property
    def first_text(self) -> str:
        """Return the text of the first file."""
        return self.text[: self.others[0][0] - 1] if self.others else self.text

    @property
    def texts(self) -> dict[str, str]:
        """Return the text of each file, by its path."""
        begins = [(0, self.path), *self.others]
        ends = [*(start - 1 for start, _ in self.others), len(self.text)]
        return {path: self.text[start:end] for (start, path), end in zip(begins, ends, strict=True)}

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return starts

    def place_of(self, offset: int) -> Place:
        """Return the file, line and column of an offset."""
        number = bisect_right(self.others, offset, key=lambda other: other[0])
        start, path = self.others[number - 1] if number else (0, self.path)
        line = self.line_of(offset)
        return Place(path, line - self.line_of(start) + 1, offset - self._starts[line - 1] + 1)

    def line_of(self, offset: int) -> int:
        """Return the line of an offset, counted from 1."""
        return bisect_right(self._starts, offset)

    def column_of(self, offset: int) -> int:
        """Return the column of an offset in characters, counted from 1."""
        return offset - self._starts[self.line_of(offset) - 1] + 1

    def line_start(self, line: int) -> int:
        """Return the offset at which a line begins, counted from 1."""
        return self._starts[line - 1]

    def line_text(self, line: int) -> str:
        """Return the text of a line, counted from 1, without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")
