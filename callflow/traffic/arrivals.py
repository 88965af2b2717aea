"""Who calls when, from files: calls an hour by hour of the week, or the log of a real line."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import attrs

from callflow.numbers import normalise
from callflow.words import did_you_mean, listed, parse_duration

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOURS_OF_WEEK: Final = 7 * 24
RATE_MAX: Final = 100_000
LOG_BYTES_MAX: Final = 64 * 1024 * 1024
_WEEK_COLUMNS: Final = ("day", "hour", "calls")
_LOG_COLUMNS: Final = ("time", "from", "to", "talk", "keys")


class ArrivalsRefused(ValueError):
    """A file that does not say who calls when: what is wrong, and the line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@attrs.frozen
class Logged:
    """A call of a log. None and empty: the log does not say, and it is drawn."""

    at: datetime
    caller: str = ""
    called: str = ""
    talk_ms: int | None = None
    keys: str = ""


def read_week(text: str) -> tuple[float, ...]:
    """Return calls an hour for each hour of a week, Monday 00:00 first. What the file does not name is 0.

    The file is CSV with the columns `day` (`Mo`, `Mo-Fr`), `hour` (`9`, `9-17`: up to 17:00) and `calls`. Later lines
    come before earlier ones. Raises ArrivalsRefused.
    """
    rates = [0.0] * HOURS_OF_WEEK
    for line, row in _rows(text, _WEEK_COLUMNS, _WEEK_COLUMNS):
        for day in _range_of_days(row["day"], line):
            for hour in _range_of_hours(row["hour"], line):
                rates[day * 24 + hour] = _rate(row["calls"], line)
    if not any(rates):
        raise ArrivalsRefused("nobody ever calls", 1)
    return tuple(rates)


def read_log(text: str, region: str) -> tuple[Logged, ...]:
    """Return the calls of a log, the earliest first.

    The file is CSV with a column `time` (`2026-03-10 09:15:30`, as the clock of the line's place shows it) and perhaps
    `from`, `to`, `talk` (`3m`, or seconds) and `keys` (what was pressed, in menus one after another). Other columns are
    left alone. Raises ArrivalsRefused.
    """
    found: list[Logged] = []
    for line, row in _rows(text, ("time",), None):
        talk = row.get("talk", "")
        keys = row.get("keys", "")
        if keys.strip("0123456789*#"):
            raise ArrivalsRefused(f"`{keys}` is not what a phone can press", line)
        called = row.get("to", "")
        caller, called = (normalise(row.get(name, ""), region) or row.get(name, "") for name in ("from", "to"))
        found.append(Logged(_moment(row["time"], line), caller, called, _talk_ms(talk, line), keys))
    if not found:
        raise ArrivalsRefused("there is no call", 1)
    return tuple(sorted(found, key=lambda one: one.at))


def _rows(text: str, needed: Sequence[str], known: Sequence[str] | None) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows that say something, by column, with their lines."""
    reader = csv.DictReader(io.StringIO(text), restval="", skipinitialspace=True)
    columns = [name.strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    for name in needed:
        if name not in columns:
            raise ArrivalsRefused(f"there is no column `{name}`; columns are {listed(needed, 'and')}", 1)
    for name in columns if known is not None else ():
        if name not in (known or ()):
            raise ArrivalsRefused(f"there is no column `{name}`: {did_you_mean(name, known or (), 'remove it')}", 1)
    for row in reader:
        values = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        if any(values.values()):
            yield reader.line_num, values


def _range_of_days(text: str, line: int) -> list[int]:
    first, _, last = text.partition("-")
    try:
        begin, end = DAYS.index(first.strip()), DAYS.index((last or first).strip())
    except ValueError:
        raise ArrivalsRefused(f"`{text}` is no day: write {listed(DAYS)}, or `Mo-Fr`", line) from None
    return list(range(begin, end + 1)) if begin <= end else [*range(begin, len(DAYS)), *range(end + 1)]


def _range_of_hours(text: str, line: int) -> range:
    first, sign, last = text.partition("-")
    if not first.strip().isdecimal() or (sign and not last.strip().isdecimal()):
        raise ArrivalsRefused(f"`{text}` is no hour: write `9`, or `9-17` for 09:00 to 17:00", line)
    begin = int(first)
    end = int(last) if sign else begin + 1
    if not 0 <= begin < end <= 24:  # noqa: PLR2004  hours of a day
        raise ArrivalsRefused(f"`{text}` is no hour of a day: 0 to 23, or a range up to 24", line)
    return range(begin, end)


def _rate(text: str, line: int) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= RATE_MAX:
        raise ArrivalsRefused(f"`{text}` is no number of calls up to {RATE_MAX:,}", line)
    return rate


def _moment(text: str, line: int) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ArrivalsRefused(f"`{text}` is no time such as `2026-03-10 09:15:30`", line) from None


def _talk_ms(text: str, line: int) -> int | None:
    if not text:
        return None
    ms = parse_duration(text)
    if ms is None and text.replace(".", "", 1).isdecimal():
        ms = round(float(text) * 1_000)
    if ms is None:
        raise ArrivalsRefused(f"`{text}` is no length of time such as `3m`, nor seconds", line)
    return ms
