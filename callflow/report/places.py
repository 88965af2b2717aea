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
    line, end_line = source.line_of(span.start), source.line_of(span.end)
    return Region(source.path, line, _column(source, line, span.start), end_line, _column(source, end_line, span.end))


def _column(source: Source, line: int, offset: int) -> int:
    before = source.text[source.line_start(line) : offset]
    return 1 + len(before) + sum(ord(char) >= _TWO_UNITS for char in before)
