"""`callflow calendar`: what the schedules of a scheme say day by day, and why."""

import datetime as dt
import json
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.almanac.agenda import Day
    from callflow.almanac.almanac import Schedules
    from callflow.almanac.zones import Zone
    from callflow.machine.model import Machine

DAYS_DEFAULT: Final = 14
DAYS_MAX: Final = 366
"""A year holds every date once; more is no list that somebody reads."""

NEXT_MAX: Final = 1_000
YEARS: Final = range(1970, 2100)
"""Years in which a day can lie: time is counted from 1970, and further on no holidays are known."""

_BOLD: Final = "\x1b[1m"
_DIM: Final = "\x1b[2m"
_YELLOW: Final = "\x1b[33m"
_RESET: Final = "\x1b[0m"
_TWICE: Final = re.compile(r"\d:\d\d\*")
_HOURS_COLUMNS: Final = 26
"""Room for two time ranges before the reasons begin."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--from", "first", metavar="DATE", help="First day, such as `2026-12-24`. Default: today.")
@click.option("--to", "last", metavar="DATE", help=f"Last day. Default: {DAYS_DEFAULT} days with the first.")
@click.option(
    "--next", "count", type=click.IntRange(1, NEXT_MAX), metavar="N", help="The next N changes instead of days."
)
@click.option("--schedule", "names", multiple=True, metavar="NAME", help="Show this one only; may be repeated.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@directory_option
def command(
    file: str, first: str | None, last: str | None, count: int | None, names: tuple[str, ...], form: str
) -> None:
    """Show when the schedules of the scheme or machine FILE are open, and why a day is unlike others.

    Dates and times are those of the scheme's time zone. Schedules that are held by hand are shown as their hours say.
    """
    from callflow.almanac.almanac import Schedules
    from callflow.cli.load import load_machine
    from callflow.cli.streams import wants_colour

    if count is not None and last is not None:
        raise click.UsageError("`--next` counts changes and `--to` names a day: use one of them")
    start, end = _date("--from", first), _date("--to", last)
    machine = load_machine(file).machine
    chosen = _chosen(machine, names)
    if not chosen:
        click.echo("the scheme has no schedules", err=True)
        return
    schedules = Schedules(machine)
    zone = schedules.hours(chosen[0]).zone
    now_ms = round(dt.datetime.now(dt.UTC).timestamp() * 1_000)
    span = _span(start or zone.wall(now_ms).date(), end)
    page = _Page(machine, schedules, zone, None if start else now_ms, colour=wants_colour(sys.stdout))
    if form == "json":
        click.echo(json.dumps(page.as_json(chosen, span, count), ensure_ascii=False, indent=2))
        return
    for line in page.lines(chosen, span, count):
        click.echo(line)


def _date(option: str, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        date = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day of the scheme's zone
    except ValueError:
        raise click.UsageError(f"`{option} {text}` is no date such as `2026-12-24`") from None
    if date.year not in YEARS:
        raise click.UsageError(f"`{option} {text}` does not lie between {YEARS.start} and {YEARS.stop - 1}")
    return date


def _span(first: dt.date, last: dt.date | None) -> tuple[dt.date, dt.date]:
    end = first + dt.timedelta(days=DAYS_DEFAULT - 1) if last is None else last
    if end < first:
        raise click.UsageError(f"the last day, {end}, lies before the first, {first}")
    if (end - first).days >= DAYS_MAX:
        raise click.UsageError(f"from {first} to {end} are more than {DAYS_MAX} days")
    return first, end


def _chosen(machine: "Machine", names: tuple[str, ...]) -> tuple[str, ...]:
    from callflow.words import did_you_mean, listed_some

    for name in names:
        if name not in machine.schedules:
            known = list(machine.schedules)
            help_ = did_you_mean(name, known, f"the scheme has {listed_some(known)}" if known else "it has none")
            raise click.UsageError(f"no schedule is called `{name}`; {help_}")
    return tuple(dict.fromkeys(names)) or tuple(machine.schedules)


class _Page:
    """Schedules as a page of text or as JSON. `now_ms` is None where the page begins on a day that was named."""

    def __init__(
        self, machine: "Machine", schedules: "Schedules", zone: "Zone", now_ms: int | None, *, colour: bool
    ) -> None:
        self._machine = machine
        self._schedules = schedules
        self._zone = zone
        self._now_ms = now_ms
        self._colour = colour

    def lines(self, names: tuple[str, ...], span: tuple[dt.date, dt.date], count: int | None) -> Iterator[str]:
        """Yield the page as text."""
        twice = False
        for number, name in enumerate(names):
            if number:
                yield ""
            yield f"{self._paint(_BOLD, name)}  {_plain(self._machine.schedules[name].hours)}"
            if self._now_ms is not None:
                yield f"  now {_plain(self._schedules.describe(name, self._now_ms))}"
            for line in self._days(name, span) if count is None else self._changes(name, span, count):
                twice = twice or _TWICE.search(line) is not None
                yield line
        yield ""
        has_holidays = any(self._schedules.hours(name).has_holidays for name in names)
        region = f", public holidays of {self._machine.region}" if has_holidays else ""
        yield self._paint(_DIM, f"times of {self._zone.name}{region}")
        if twice:
            yield self._paint(_DIM, "* the second time that the clock shows it")

    def as_json(self, names: tuple[str, ...], span: tuple[dt.date, dt.date], count: int | None) -> dict[str, Any]:
        """Return the page as what JSON can hold; instants bear their offset."""
        page: dict[str, Any] = {"timezone": self._zone.name, "region": self._machine.region, "schedules": []}
        for name in names:
            one: dict[str, Any] = {"name": name, "hours": self._machine.schedules[name].hours}
            if count is None:
                one["days"] = [self._day_as_json(day) for day in self._agenda(name, span)]
            else:
                one["changes"] = [
                    {"at": self._instant(change.at_ms), "open": change.open, "reason": change.reason}
                    for change in self._next(name, span, count)
                ]
            page["schedules"].append(one)
        return page

    def _agenda(self, name: str, span: tuple[dt.date, dt.date]) -> "Iterator[Day]":
        from callflow.almanac.agenda import days

        return days(self._schedules.hours(name), *span)

    def _next(self, name: str, span: tuple[dt.date, dt.date], count: int) -> Iterator[Any]:
        from callflow.almanac.agenda import changes

        start_ms = self._zone.start(span[0]) - 1 if self._now_ms is None else self._now_ms
        return changes(self._schedules.hours(name), start_ms, count)

    def _days(self, name: str, span: tuple[dt.date, dt.date]) -> Iterator[str]:
        for day in self._agenda(name, span):
            pieces = [f"{self._wall(one.start_ms)}-{self._wall(one.end_ms, day)}" for one in day.open]
            hours = "all day" if _is_whole(day) else " ".join(pieces) or "closed"
            reasons = list(day.reasons)
            if day.leap is not None:
                way = "forward" if day.leap[1] > day.leap[0] else "back"
                reasons.append(f"clock {way} from {day.leap[0]:%H:%M} to {day.leap[1]:%H:%M}")
            padded = f"{hours:<{_HOURS_COLUMNS}}" if reasons else hours
            shown = padded if day.open else self._paint(_DIM, padded)
            why = f"  {self._paint(_YELLOW, _plain('; '.join(reasons)))}" if reasons else ""
            yield f"  {day.date:%a %Y-%m-%d}  {shown}{why}"

    def _changes(self, name: str, span: tuple[dt.date, dt.date], count: int) -> Iterator[str]:
        found = 0
        for change in self._next(name, span, count):
            found += 1
            what = "opens" if change.open else "closes"
            why = f"  {self._paint(_YELLOW, _plain(change.reason))}" if change.reason else ""
            wall = self._zone.wall(change.at_ms)
            yield f"  {wall:%a %Y-%m-%d} {self._wall(change.at_ms)}  {f'{what:<6}{why}'.rstrip()}"
        if found < count:
            yield "  no further change within 366 days" if found else "  no change within 366 days"

    def _wall(self, at_ms: int, day: "Day | None" = None) -> str:
        """Return what the clock shows; `24:00` at the end of a day, and a `*` the second time it shows that."""
        if day is not None and at_ms == day.end_ms:
            return "24:00"
        local = self._zone.local(at_ms)
        return f"{local:%H:%M}{'*' if local.fold else ''}"

    def _day_as_json(self, day: "Day") -> dict[str, Any]:
        found: dict[str, Any] = {
            "date": day.date.isoformat(),
            "open": [
                {"from": self._instant(one.start_ms), "to": self._instant(one.end_ms), "reason": one.reason}
                for one in day.open
            ],
            "reasons": list(day.reasons),
        }
        if day.leap is not None:
            found["clock"] = {"from": f"{day.leap[0]:%H:%M}", "to": f"{day.leap[1]:%H:%M}"}
        return found

    def _instant(self, at_ms: int) -> str:
        return self._zone.local(at_ms).isoformat(timespec="minutes")

    def _paint(self, tint: str, text: str) -> str:
        return f"{tint}{text}{_RESET}" if self._colour else text


def _plain(text: str) -> str:
    """Return a text without what would move a terminal; a machine's JSON may hold anything."""
    return "".join(char if char.isprintable() else " " for char in text)


def _is_whole(day: "Day") -> bool:
    return (
        bool(day.open)
        and day.open[0].start_ms == day.start_ms
        and sum(one.end_ms - one.start_ms for one in day.open) == day.end_ms - day.start_ms
    )
