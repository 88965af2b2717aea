"""Time zones: their names, and which instant a clock on the wall means. Knows no opening hours, reads no clock.

The rules come from the `tzdata` package, so that every host has the same ones; where it is missing, from the system.
"""

import datetime as dt
import functools
import importlib.util
from pathlib import Path
from typing import Final

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MS: Final = dt.timedelta(milliseconds=1)
_NEAR_MAX: Final = 3
"""Names offered instead of an unknown one; more are no help."""


class TimezoneUnknown(ValueError):
    """A scheme names a time zone that does not exist."""

    def __init__(self, name: str, near: list[str]) -> None:
        super().__init__(f"unknown time zone `{name}`")
        self.name = name
        self.near = near


@functools.cache
def _folder() -> Path | None:
    """Return where the `tzdata` package lies, without importing it."""
    found = importlib.util.find_spec("tzdata")
    places = found.submodule_search_locations if found is not None else None
    return Path(next(iter(places))) if places else None


@functools.cache
def _names() -> dict[str, str]:
    """Return the names of all time zones by their lower-case form."""
    folder = _folder()
    if folder is not None and (listing := folder / "zones").is_file():
        names = listing.read_text("utf-8").split()
    else:
        import zoneinfo  # noqa: PLC0415  13 ms, and searches the disk

        names = sorted(zoneinfo.available_timezones())
    return {name.lower(): name for name in names if name != "Factory"}


def known_timezone(name: str) -> bool:
    """Return whether `name` is an IANA time zone."""
    return _names().get(name.lower()) == name


def near_timezones(name: str) -> list[str]:
    """Return the time zones that `name` may have meant, the likeliest first."""
    import difflib  # noqa: PLC0415  only for mistakes

    known = _names()
    wanted = name.strip().lower().replace(" ", "_")
    if not wanted:
        return []
    found = [known[wanted]] if wanted in known else []
    city = wanted.rpartition("/")[2]
    found += [full for low, full in known.items() if low.rpartition("/")[2] == city]
    found += [known[low] for low in difflib.get_close_matches(wanted, known, n=_NEAR_MAX, cutoff=0.75)]
    if not found:
        cities = {low.rpartition("/")[2]: full for low, full in known.items()}
        found = [cities[low] for low in difflib.get_close_matches(city, cities, n=_NEAR_MAX, cutoff=0.75)]
    return list(dict.fromkeys(found))[:_NEAR_MAX]


class Zone:
    """One time zone. Instants are milliseconds since 1970 UTC, walls are what a clock there shows, without a zone."""

    def __init__(self, name: str) -> None:
        if not known_timezone(name):
            raise TimezoneUnknown(name, near_timezones(name))
        self.name = name
        self._info = _load(name)

    def wall(self, at_ms: int) -> dt.datetime:
        """Return what the clock shows at an instant."""
        return self.local(at_ms).replace(tzinfo=None, fold=0)

    def local(self, at_ms: int) -> dt.datetime:
        """Return an instant with the zone; `fold` is 1 when the clock shows that time again."""
        return (_EPOCH + at_ms * _MS).astimezone(self._info)

    def start(self, day: dt.date) -> int:
        """Return the first instant of a day."""
        return self.opening(dt.datetime.combine(day, dt.time()))

    def change(self, start_ms: int, end_ms: int) -> int | None:
        """Return the instant between two, so near that there is but one, at which the clock is put forward or back."""
        if self.local(start_ms).utcoffset() == self.local(end_ms).utcoffset():
            return None
        return self._jump(start_ms, end_ms)

    def opening(self, wall: dt.datetime) -> int:
        """Return the first instant at which the clock shows `wall` or later."""
        early, late = self._both(wall)
        return early if early <= late else self._jump(late, early)

    def closing(self, wall: dt.datetime) -> int:
        """Return the end of the last instant at which the clock still shows less than `wall`."""
        early, late = self._both(wall)
        if early > late:
            return self._jump(late, early)
        if early < late and self.wall(late - 1) >= wall:
            return early  # the repeated hour begins at `wall`: nothing of it is earlier
        return late

    def _both(self, wall: dt.datetime) -> tuple[int, int]:
        """Return the instants that `wall` means with the offset before and after a change of the clock."""
        early, late = (wall.replace(tzinfo=self._info, fold=fold) for fold in (0, 1))
        return (early - _EPOCH) // _MS, (late - _EPOCH) // _MS

    def _jump(self, before_ms: int, after_ms: int) -> int:
        """Return the instant between the two at which the clock jumps."""
        offset = self.wall(before_ms) - dt.timedelta(milliseconds=before_ms)
        while after_ms - before_ms > 1:
            middle_ms = (before_ms + after_ms) // 2
            if self.wall(middle_ms) - dt.timedelta(milliseconds=middle_ms) == offset:
                before_ms = middle_ms
            else:
                after_ms = middle_ms
        return after_ms


@functools.cache
def _load(name: str) -> dt.tzinfo:
    """Return the rules of a known time zone."""
    import zoneinfo  # noqa: PLC0415  13 ms; names are checked without it

    folder = _folder()
    if folder is not None and (rules := folder / "zoneinfo" / name).is_file():
        with rules.open("rb") as file:
            return zoneinfo.ZoneInfo.from_file(file, key=name)
    return zoneinfo.ZoneInfo(name)


@functools.cache
def zone(name: str) -> Zone:
    """Return a time zone by its name. Raises `TimezoneUnknown`."""
    return Zone(name)
