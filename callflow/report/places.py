"""Where something stands, as programs count: lines and columns from 1, columns in UTF-16 code units."""

from typing import Final

import attrs

from callflow.source import Source, Span

_TWO_UNITS: Final = 0x10000
"""From here on a character takes two code units."""


@attrs.frozen
class Region:
    """From a line and column up to, and without, another column."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


def region(span: Span, source: Source) -> Region:
    """Return where a span stands."""
    start, end = source.place_of(span.start), source.place_of(span.end)
    return Region(start.path, start.line, _column(source, span.start), end.line, _column(source, span.end))


def _column(source: Source, offset: int) -> int:
    before = source.text[source.line_start(source.line_of(offset)) : offset]
    return 1 + len(before) + sum(ord(char) >= _TWO_UNITS for char in before)
