"""What opening hours say that was probably not meant: hidden rules, lost minutes, times that the clock leaps over.

Answers are values with offsets into the text; the checker puts them into words. Nothing here knows a clock: where a
doubt depends on the calendar, fixed years stand for all.
"""

import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from callflow.almanac.hours import HoursState, compile_hours, fitting
from callflow.almanac.spelling import DAYS, Days, Rule, read_rules
from callflow.almanac.zones import Zone, zone

MINUTES_MIN: Final = 5
"""Shorter hours or pauses are more often a slip of the pen than an intention."""

_YEARS: Final = range(2026, 2038)
"""Years that stand for all: every date falls on every day of the week in them, but for February 29."""

_YEARS_MAX: Final = 28
"""How many named years are looked at; after so many the calendar repeats."""

_LEAP_MINUTES_MAX: Final = 120
"""How far a clock is put forward; no zone leaps further in `_YEARS`."""

_WEEK_MS: Final = 7 * 86_400_000
_MS: Final = dt.timedelta(milliseconds=1)
_MINUTE: Final = dt.timedelta(minutes=1)
_LAST_MINUTE: Final = re.compile(r"(\d{1,2}):59$")
_WEEK: Final = frozenset(range(len(DAYS)))


@attrs.frozen
class Hidden:
    """A rule that a later one replaces. On `days` only, empty: wherever it would count."""

    rule: Rule
    by: Rule
    days: str


@attrs.frozen
class Brief:
    """Hours, or a pause between two, that last a few minutes."""

    start: int
    end: int
    minutes: int
    pause: bool


@attrs.frozen
class MinuteLost:
    """Hours that end a minute before a full hour, at `last`. `full` is that hour as it is written."""

    start: int
    end: int
    last: str
    full: str


@attrs.frozen
class Vanishing:
    """Hours that do not come on a day, because the clock is put forward over them from one wall to another."""

    start: int
    end: int
    leap: dt.datetime
    onto: dt.datetime


Doubt = Hidden | Brief | MinuteLost | Vanishing


def constant(expression: str) -> bool | None:
    """Return whether hours are open at every time (True) or at none (False); None where they change, or may."""
    rules = read_rules(expression)
    if not any(rule.open for rule in rules):
        return False
    if all(rule.is_weekly for rule in rules):
        state: HoursState = compile_hours(expression, "UTC", "").at(0)
        return state.open if state.until_ms is None else None
    if all(_left(rule, rules[number + 1 :])[0] == set() for number, rule in enumerate(rules) if rule.open):
        return False
    always = False
    for rule in rules:
        whole = rule.open and rule.is_weekly and _atoms(rule.days) == _WEEK and not rule.spans
        always = whole or (always and rule.open and rule.adds)
    return True if always else None


def doubts(expression: str, timezone: str) -> Iterator[Doubt]:
    """Yield what is doubtful in hours that can be read, in the order of the text."""
    rules = read_rules(expression)
    for number, rule in enumerate(rules):
        yield from _hidden(rule, rules[:number], rules[number + 1 :])
        yield from _minutes(rule, expression)
        if rule.open:
            yield from _vanishing(rule, zone(timezone))


# --- rules that later ones replace ------------------------------------------------------------------------------------

_Atom = int | str
"""A day of the week, `Mo[1]`, or a holiday with the days by which it is moved."""


def _atoms(days: Days) -> set[_Atom]:
    """Return the days of a rule within its dates, piece by piece."""
    if not (days.weekdays or days.counted or days.holidays):
        return set(_WEEK)
    return {*days.weekdays, *(part.text for part in days.counted), *(f"PH{move}" for move in days.holidays)}


def _replaces(rule: Rule) -> bool:
    """Return whether a rule puts an end to the ones before it, on its days."""
    return not rule.adds if rule.open else not rule.spans


def _covers(later: Rule, atom: _Atom) -> bool:
    """Return whether every day of a piece is one of a rule, its dates aside."""
    mine = _atoms(later.days)
    if atom in mine or mine >= _WEEK:
        return True
    return isinstance(atom, str) and "day" not in atom and atom[:2] in DAYS and DAYS.index(atom[:2]) in mine


def _left(rule: Rule, after: Sequence[Rule]) -> tuple[set[_Atom], Rule | None]:
    """Return what of a rule's days the ones after it leave, and the last one that took some."""
    left, last = _atoms(rule.days), None
    for later in after:
        if not _replaces(later) or later.days.both or rule.days.both or _dates(later) not in {"", _dates(rule)}:
            continue
        taken = {atom for atom in left if _covers(later, atom)}
        if taken:
            left, last = left - taken, later
    return left, last


def _dates(rule: Rule) -> str:
    return rule.days.dates.text if rule.days.dates is not None else ""


def _hidden(rule: Rule, before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[Hidden]:
    """Yield the rule when later ones replace it wholly, or when it is an exception that stands before the usual."""
    left, last = _left(rule, after)
    if not left and last is not None:
        yield Hidden(rule, last, "")
        return
    exception = not rule.is_weekly or (not rule.open and rule.spans and not any(one.open for one in before))
    if not exception:
        return
    for later in after:
        if later.open and not later.adds and later.is_weekly and _meet(rule, later):
            yield Hidden(rule, later, _spelled(later.days.weekdays))
            return


def _meet(rule: Rule, usual: Rule) -> bool:
    """Return whether some day is one of an exception and one of a weekly rule."""
    days = rule.days
    on = usual.days.weekdays or _WEEK
    plain = days.weekdays or (_WEEK if not (days.counted or days.holidays) else frozenset())
    counted = {DAYS.index(part.text[:2]) for part in days.counted if "day" not in part.text}
    moved = any("day" in part.text for part in days.counted)
    if not (days.holidays or moved or on & (plain | counted)):
        return False
    if days.both and not on & days.weekdays:
        return False
    if days.dates is None or days.holidays or days.counted:
        return True
    fits = fitting(Days(dates=days.dates))
    return any(fits(day) for day in _calendar(days.dates.text) if day.weekday() in on & plain)


def _calendar(dates: str) -> Iterator[dt.date]:
    """Yield every day of the years that dates name, of some years where they name none."""
    named = sorted(int(year) for year in re.findall(r"\b\d{4}\b", dates))
    first, last = (named[0], min(named[-1], named[0] + _YEARS_MAX)) if named else (_YEARS[0], _YEARS[-1])
    if "+" in dates:
        last = first + len(_YEARS)
    day = dt.date(first, 1, 1)
    while day.year <= last:
        yield day
        day += dt.timedelta(days=1)


def _spelled(weekdays: frozenset[int]) -> str:
    """Return days of the week as they are written: `Mo-Fr`, `Sa,Su`."""
    pieces: list[str] = []
    for _, run in itertools.groupby(enumerate(sorted(weekdays)), lambda pair: pair[1] - pair[0]):
        days = [DAYS[day] for _, day in run]
        pieces += days if len(days) < 3 else [f"{days[0]}-{days[-1]}"]  # noqa: PLR2004  two days need no range
    return ",".join(pieces)


# --- minutes ----------------------------------------------------------------------------------------------------------


def _minutes(rule: Rule, expression: str) -> Iterator[Brief | MinuteLost]:
    """Yield the hours of a rule that are very short, that lose their last minute, and that nearly meet."""
    both = sorted(zip(rule.spans, rule.spans_at, strict=True))
    for number, ((start, end), at) in enumerate(both):
        following, other = both[number + 1] if number + 1 < len(both) else ((end, end), at)
        if end - start < MINUTES_MIN:
            yield Brief(*at, minutes=end - start, pause=False)
        elif (last := _LAST_MINUTE.search(expression[slice(*at)])) is not None:
            yield MinuteLost(at[0] + last.start(), at[1], last[0], f"{int(last[1]) + 1:02}:00")
        elif 0 < following[0] - end < MINUTES_MIN:
            yield Brief(min(at[0], other[0]), max(at[1], other[1]), minutes=following[0] - end, pause=True)


# --- hours that the clock leaps over ----------------------------------------------------------------------------------


def _vanishing(rule: Rule, place: Zone) -> Iterator[Vanishing]:
    """Yield the hours of a rule that a clock leaps over, with the first time it does."""
    fits = fitting(rule.days)
    for (start, end), at in zip(rule.spans, rule.spans_at, strict=True):
        if end - start > _LEAP_MINUTES_MAX:
            continue
        for leap, onto in _leaps(place):
            days = (leap.date() - dt.timedelta(days=back) for back in (0, 1))
            walls = ((day, dt.datetime.combine(day, dt.time())) for day in days)
            if any(
                leap <= midnight + start * _MINUTE and midnight + end * _MINUTE <= onto and fits(day)
                for day, midnight in walls
            ):
                yield Vanishing(*at, leap, onto)
                break


@functools.cache
def _leaps(place: Zone) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    """Return from which wall onto which one a clock leaps in the years that stand for all."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    at_ms, end_ms = (place.start(dt.date(year, 1, 1)) for year in (_YEARS.start, _YEARS.stop))
    while at_ms < end_ms:
        change_ms = place.change(at_ms, at_ms + _WEEK_MS)
        if change_ms is not None and (leap := place.wall(change_ms - 1) + _MS) < (onto := place.wall(change_ms)):
            found.append((leap, onto))
        at_ms += _WEEK_MS
    return tuple(found)
