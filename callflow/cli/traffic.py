"""`callflow traffic`: days of calls on a scheme, and what becomes of them in figures."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from callflow.cli.directory import directory_option
from callflow.cli.people import People, people_options

if TYPE_CHECKING:
    from callflow.machine.model import Machine
    from callflow.traffic.figures import DayFigures, Estimate

_SHARES: Final = ("answered", "abandoned", "messages", "service level", "occupancy")
_BY_HOUR: Final = ("calls", "answered", "abandoned", "service level", "mean wait", "wait 90 %")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@people_options
@click.option("--compare", "other", type=click.Path(exists=True, dir_okay=False), metavar="OTHER",
              help="Let the same people call another scheme, too, and tell the difference.")  # fmt: skip
@click.option("--hours", is_flag=True, help="Show each hour of the day, too.")
@click.option("--ways", is_flag=True, help="Show what was pressed and who was not reached, too: how many, a day.")
@click.option("--svg", type=click.Path(dir_okay=False), metavar="OUT", help="Draw the hours and the waits.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True,
              help="How the figures are written.")  # fmt: skip
@directory_option
def command(file: str, other: str | None, hours: bool, ways: bool, svg: str | None, form: str, **options: Any) -> None:
    """Let people call the scheme or machine FILE for days, and tell what becomes of them.

    Agents answer whatever rings while they are there. A length of time is `3m`, `exponential 3m`, `lognormal 4m 3m`
    (mean and deviation), `erlang 3 4m` or `uniform 10s 30s`. Behind each mean stands how far the true one may be away,
    with 95 % confidence.
    """
    from callflow.cli.load import load_machine

    machine = load_machine(file).machine
    people = People(machine, options)
    found = days_of(machine, people)
    if svg is not None:
        from callflow.cli.streams import write_out
        from callflow.traffic.pictures import picture

        write_out(svg, picture(machine.scheme or file, found))
    if other is not None:
        _compare((file, found), (other, days_of(load_machine(other).machine, people)), form)
    elif form == "text":
        _tables(found, hours=hours, ways=ways)
    elif form == "csv":
        _csv(found, hours=hours, ways=ways)
    else:
        _json([_values(one) for one in found])


def days_of(machine: "Machine", people: People) -> "list[DayFigures]":
    """Return the days, with progress on a terminal."""
    from callflow.traffic.work import Task, all_counted

    tasks = [
        Task(machine, people.demand, seed, people.begins_ms, people.lasts_ms, people.within_ms) for seed in people.seeds
    ]
    found: list[DayFigures] = []
    for one in all_counted(tasks):
        found.append(one)
        if sys.stderr.isatty() and len(tasks) > 1:
            click.echo(f"\r{len(found)} of {len(tasks)} days", nl=len(found) == len(tasks), err=True)
    return found


# --- text -----------------------------------------------------------------------------------------------------------


def _tables(days: "list[DayFigures]", *, hours: bool, ways: bool) -> None:
    from callflow.traffic.figures import estimates

    found = estimates([one.whole for one in days])
    click.echo(f"{'a day, mean of ' + str(len(days)):<18}{'':>10}  95 % sure within" if len(days) > 1 else "one day")
    for name, one in found.items():
        text = f"{name:<18}{shown(name, one.mean):>10}"
        click.echo(text if one.within is None else f"{text}  ± {shown(name, one.within)}")
    if hours:
        click.echo()
        for line in _hours(days):
            click.echo(line)
    if ways:
        click.echo()
        for name, one in estimates(_filled([day.ways for day in days])).items():
            within = "" if one.within is None else f"  ± {one.within:.1f}"
            click.echo(f"{one.mean:>8.1f}{within:<10}  {name}")


def _hours(days: "list[DayFigures]") -> Iterator[str]:
    from callflow.traffic.figures import estimates

    yield "hour   " + "".join(f"{name:>15}" for name in _BY_HOUR)
    for hour in sorted({hour for day in days for hour in day.hours}):
        found = estimates([day.hours.get(hour, {"calls": 0.0}) for day in days])
        cells = (shown(name, found[name].mean) if name in found else "" for name in _BY_HOUR)
        yield f"{hour:02}:00  " + "".join(f"{cell:>15}" for cell in cells)


def _filled(days: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Return days that all know the same names: what did not happen happened 0 times."""
    names = dict.fromkeys(name for one in days for name in one)
    return [{name: one.get(name, 0.0) for name in names} for one in days]


def shown(name: str, value: float) -> str:
    """Return a figure as people read it."""
    if name in _SHARES:
        return f"{value * 100:.1f} %"
    return f"{value:.1f}" if name == "calls" else f"{value:.1f} s"


# --- two schemes ----------------------------------------------------------------------------------------------------


def _compare(old: "tuple[str, list[DayFigures]]", new: "tuple[str, list[DayFigures]]", form: str) -> None:
    """Tell how two schemes differ for the same people: day by day, so that what both share does not blur it."""
    from callflow.traffic.figures import estimates

    (old_name, old_days), (new_name, new_days) = old, new
    pairs = [(one.whole, other.whole) for one, other in zip(old_days, new_days, strict=True)]
    changes = [{name: other[name] - one[name] for name in one if name in other} for one, other in pairs]
    before, after, between = (estimates(each) for each in (*zip(*pairs, strict=True), changes))
    names = [name for name in before if name in after]
    if form == "json":
        _json(
            {
                "old": old_name,
                "new": new_name,
                "figures": {n: _three(before[n], after[n], between[n]) for n in names},
            }
        )
        return
    if form == "csv":
        rows = ((n, *_three(before[n], after[n], between[n]).values()) for n in names)
        _write_rows([("figure", "old", "new", "difference", "within"), *rows])
        return
    click.echo(
        f"{'mean of ' + str(len(pairs)) + ' days':<18}{'old':>10}{'new':>10}{'difference':>12}  95 % sure within"
    )
    for name in names:
        line = f"{name:<18}{shown(name, before[name].mean):>10}{shown(name, after[name].mean):>10}"
        change, within = between[name].mean, between[name].within
        sign = "+" if change > 0 else ""
        line += f"{sign + shown(name, change):>12}"
        click.echo(line if within is None else f"{line}  ± {shown(name, within)}")


def _three(old: "Estimate", new: "Estimate", between: "Estimate") -> dict[str, float | None]:
    return {"old": old.mean, "new": new.mean, "difference": between.mean, "within": between.within}


# --- for programs ---------------------------------------------------------------------------------------------------


def _csv(days: "list[DayFigures]", *, hours: bool, ways: bool) -> None:
    """Write a line a day; or a line an hour or a way of each day."""
    if hours:
        names = list(dict.fromkeys(name for day in days for one in day.hours.values() for name in one))
        rows = (
            (number, hour, *(one.get(name, "") for name in names))
            for number, day in enumerate(days, 1)
            for hour, one in day.hours.items()
        )
        _write_rows([("day", "hour", *names), *rows])
    elif ways:
        told = ((number, name, count) for number, day in enumerate(days, 1) for name, count in day.ways.items())
        _write_rows([("day", "way", "calls"), *told])
    else:
        names = list(dict.fromkeys(name for one in days for name in one.whole))
        _write_rows([names, *([one.whole.get(name, "") for name in names] for one in days)])


def _write_rows(rows: Iterable[Sequence[Any]]) -> None:
    import csv

    csv.writer(sys.stdout, lineterminator="\n").writerows(rows)


def _values(one: "DayFigures") -> dict[str, Any]:
    return {**one.whole, "hours": {f"{hour:02}": found for hour, found in one.hours.items()}, "ways": one.ways}


def _json(values: Any) -> None:
    import json

    click.echo(json.dumps(values, indent=2, ensure_ascii=False))
