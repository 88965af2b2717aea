"""Problems for people at a terminal: the source with carets, then notes and help. Returns text; prints nothing."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from callflow.diagnostic import Diagnostic, Severity
from callflow.source import Source, Span

TAB: Final = "    "
LINE_COLUMNS_MAX: Final = 160
"""Longer lines are shown around the span only; terminals wrap beyond this."""

_AROUND: Final = 60
"""Columns shown on either side of a span in a line that is too long."""

_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""What would move the cursor, change the direction of writing or show nothing; a sign stands in its place."""

_BOLD: Final = "\x1b[1m"
_RED: Final = "\x1b[1;31m"
_YELLOW: Final = "\x1b[1;33m"
_BLUE: Final = "\x1b[1;34m"
_RESET: Final = "\x1b[0m"


def render(problem: Diagnostic, source: Source, *, colour: bool = False) -> str:
    """Return one problem with the lines it is about."""
    return _Writer(source, colour=colour).problem(problem)


def render_all(problems: Iterable[Diagnostic], source: Source, *, colour: bool = False) -> str:
    """Return problems one below the other, an empty line between them."""
    return "\n\n".join(render(problem, source, colour=colour) for problem in problems)


def width(text: str) -> int:
    """Return how many columns a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text.replace("\t", TAB))
    return sum(
        0 if unicodedata.category(char) in {"Mn", "Me"} else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text.replace("\t", TAB)
    )


def _help(problem: Diagnostic) -> str:
    """Return what to do, and whether it can be done by itself."""
    safe = next((fix for fix in problem.fixes if fix.safe), None)
    return problem.help if safe is None else f"{problem.help or safe.title} (`callflow check --fix` repairs this)"


class _Writer:
    def __init__(self, source: Source, *, colour: bool) -> None:
        self._source = source
        self._colour = colour

    def problem(self, problem: Diagnostic) -> str:
        """Return a problem as lines of text."""
        severity = problem.code.severity
        tint = _RED if severity is Severity.ERROR else _YELLOW
        lines = [self._paint(tint, f"{severity.value}[{problem.code.id}]") + self._paint(_BOLD, f": {problem.message}")]
        marks = [(problem.span, "^", problem.label, tint)]
        marks += [(label.span, "-", label.text, _BLUE) for label in problem.labels]
        numbers = [self._source.line_of(span.start) for span, *_ in marks]
        places = {number: self._source.place_of(self._source.line_start(number)) for number in numbers}
        gutter = len(str(max(place.line for place in places.values())))
        at = self._source.place_of(problem.span.start)
        lines.append(f"{' ' * gutter}{self._paint(_BLUE, '-->')} {at.path}:{at.line}:{at.column}")
        bar = " " * (gutter + 1) + self._paint(_BLUE, "|")
        lines.append(bar)
        previous = 0
        path = at.path
        for number in sorted(set(numbers), key=lambda number: (places[number].path != at.path, number)):
            if places[number].path != path:
                path = places[number].path
                lines.append(f"{' ' * gutter}{self._paint(_BLUE, ':::')} {path}:{places[number].line}")
            elif previous and number > previous + 1:
                lines.append(self._paint(_BLUE, "..."))
            previous = number
            here = sorted((mark for mark, line in zip(marks, numbers, strict=True) if line == number),
                          key=lambda mark: -mark[0].start)  # fmt: skip
            lines.extend(self._line(number, gutter, bar, here))
        help_ = _help(problem)
        if problem.notes or help_:
            lines.append(bar)
        equals = " " * (gutter + 1) + self._paint(_BLUE, "=")
        lines.extend(f"{equals} {self._paint(_BOLD, 'note')}: {note}" for note in problem.notes)
        if help_:
            lines.append(f"{equals} {self._paint(_BOLD, 'help')}: {help_}")
        return "\n".join(lines)

    def _line(self, number: int, gutter: int, bar: str, marks: list[tuple[Span, str, str, str]]) -> list[str]:
        text = self._source.line_text(number)
        start = self._source.line_start(number)
        first, last = 0, len(text)
        if width(text) > LINE_COLUMNS_MAX:
            anchor = next((span for span, sign, *_ in marks if sign == "^"), marks[-1][0])
            at = min(max(0, anchor.start - start), len(text))
            first, last = max(0, at - _AROUND), min(len(text), at + _AROUND)
        piece = _UNSEEN.sub("\ufffd", text[first:last]).replace("\t", TAB)
        shown = ("…" if first else "") + piece + ("…" if last < len(text) else "")
        counted = self._source.place_of(start).line
        lines = [f"{self._paint(_BLUE, f'{counted:>{gutter}} |')} {shown}".rstrip()]
        for span, sign, label, tint in marks:
            begin = min(max(span.start - start, first), last)
            end = min(max(span.end - start, begin), last)
            before = width(text[first:begin]) + (1 if first else 0)
            marked = text[begin:end] if span.end - start > len(text) else text[begin:end].rstrip()
            signs = sign * max(1, width(marked))
            lines.append(f"{bar} {' ' * before}{self._paint(tint, f'{signs} {label}'.rstrip())}")
        return lines

    def _paint(self, tint: str, text: str) -> str:
        return f"{tint}{text}{_RESET}" if self._colour else text
