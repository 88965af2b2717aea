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


@attrs.frozen(slots=False)
class Source:
    """A named text. `path` is what the user called it; it is shown, never opened here."""

    path: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return starts

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
