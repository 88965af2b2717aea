"""Instants as people of a place see them. Nothing here knows what time it is."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_MS_MAX: Final = 253_402_300_799_000
"""The end of the year 9999."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = 12


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")


def local(ms: int, zone: str) -> datetime:
    """Return an instant in milliseconds since 1970 UTC as the clock of a zone shows it."""
    return (_EPOCH + timedelta(milliseconds=max(0, min(ms, _MS_MAX - 86_400_000)))).astimezone(_zone(zone))


def month_after(ms: int, months: int, zone: str) -> int:
    """Return the first instant of the month that lies so many months after the one of an instant."""
    day = local(ms, zone)
    number = max(_MONTHS, min(day.year * _MONTHS + day.month - 1 + months, 9_000 * _MONTHS))
    first = datetime(number // _MONTHS, number % _MONTHS + 1, 1, tzinfo=_zone(zone))
    return round(first.timestamp() * 1_000)
