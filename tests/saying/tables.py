"""Tables of values and the words they are said in, one file a language, proof-read by hand: `how value = words`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import attrs

from callflow.machine.model import How, Value

FOLDER = Path(__file__).parent
_TIMED = (How.DATE, How.TIME, How.MOMENT, How.MONTH)


def ms_of(written: str) -> int:
    """Return an instant, written in UTC."""
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp() * 1_000)


NOW_MS = ms_of("2026-11-23 10:00")
"""A Monday morning; what is said of dates is said then."""


@attrs.frozen
class Row:
    """What is said of a value."""

    language: str
    how: How
    written: str
    words: str

    @property
    def place(self) -> str:
        """Return what tells a row from the others."""
        return f"{self.language} {self.how.value} {self.written}"

    @property
    def detail(self) -> str:
        """Return the currency of money."""
        return self.written.split()[1] if self.how is How.MONEY else ""

    @property
    def value(self) -> Value:
        """Return the value as the engine has it: durations and moments in milliseconds."""
        match self.how:
            case How.TRUTH:
                return self.written == "true"
            case How.DURATION:
                return round(float(self.written.removesuffix("s")) * 1_000)
            case how if how in _TIMED:
                return ms_of(self.written)
            case How.MONEY:
                return self.written.split()[0]
            case _:
                return int(self.written) if self.written.lstrip("-").isdigit() else self.written


def rows_of(language: str) -> Iterator[Row]:
    """Yield the rows of a language."""
    for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            left, _, words = line.partition(" = ")
            how, _, written = left.partition(" ")
            yield Row(language, How(how), written.strip(), words)
