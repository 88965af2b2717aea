"""`callflow staff`: how many agents a service level takes."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from callflow.cli.directory import directory_option
from callflow.cli.people import People, people_options
from callflow.cli.traffic import days_of, shown

if TYPE_CHECKING:
    from callflow.machine.model import Machine
    from callflow.traffic.staff import Tried

AGENTS_MAX: Final = 10_000
_COLUMNS: Final = ("service level", "abandoned", "mean wait", "occupancy")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--group", default="", metavar="NAME", help="Whose agents to count; the scheme's only group otherwise.")
@click.option("--target", type=click.FloatRange(0, 100, min_open=True), default=80.0, show_default=True,
              metavar="PERCENT", help="How many of those who wait are to be answered within --within.")  # fmt: skip
@click.option("--abandoned", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="How many of all calls may be given up. Default: no matter.")  # fmt: skip
@click.option("--most", type=click.IntRange(1, AGENTS_MAX), default=500, show_default=True, metavar="N",
              help="How many agents to try at most.")  # fmt: skip
@people_options
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True,
              help="How the figures are written.")  # fmt: skip
@directory_option
def command(
    file: str, group: str, target: float, abandoned: float | None, most: int, form: str, **options: Any
) -> None:
    """Say how many agents of a group the scheme or machine FILE takes for a service level.

    Days of calls are tried with more and fewer agents, each like the first of the group and there like them. The exit
    status is 0 when a number is found, 1 when not even --most agents are enough.
    """
    from callflow.cli.load import load_machine
    from callflow.traffic.staff import Goal, search

    machine = load_machine(file).machine
    name = _group(machine, group)
    people = People(machine, options)
    goal = Goal(target / 100, None if abandoned is None else abandoned / 100)
    tried: list[Tried] = []
    for one in search(machine, name, goal, most, lambda changed: days_of(changed, people), people.load):
        tried.append(one)
        if sys.stderr.isatty():
            click.echo(f"{one.agents} agents: {'enough' if one.is_enough else 'not enough'}", err=True)
    enough = min((one.agents for one in tried if one.is_enough), default=None)
    tried.sort(key=lambda one: one.agents)
    if form == "json":
        _json(enough, tried)
    elif form == "csv":
        _csv(tried)
    else:
        _text(name, enough, tried, most)
    sys.exit(0 if enough is not None else 1)


def _group(machine: "Machine", name: str) -> str:
    from callflow.words import did_you_mean, listed_some

    groups = [one.name for one in machine.groups.values() if one.members]
    if not name and len(groups) == 1:
        return groups[0]
    if name in groups:
        return name
    if not groups:
        raise click.UsageError("the scheme has no group with agents")
    known = f"there are {listed_some(groups)}"
    if not name:
        raise click.UsageError(f"say whose agents to count by `--group`: {known}")
    raise click.UsageError(f"no group with agents is called `{name}`; {did_you_mean(name, groups, known)}")


def _text(group: str, enough: int | None, tried: "list[Tried]", most: int) -> None:
    click.echo("agents" + "".join(f"{name:>22}" for name in _COLUMNS))
    for one in tried:
        cells = (
            f"{shown(name, one.figures[name].mean)} ± {shown(name, one.figures[name].within or 0)}"
            if name in one.figures
            else ""
            for name in _COLUMNS
        )
        mark = "  ←" if one.agents == enough else ""
        click.echo(f"{one.agents:>6}" + "".join(f"{cell:>22}" for cell in cells) + mark)
    click.echo(f"{group}: {enough} agents" if enough is not None else f"{group}: {most} agents are not enough")


def _csv(tried: "list[Tried]") -> None:
    import csv

    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("agents", "enough", *_COLUMNS))
    for one in tried:
        means = [one.figures[name].mean if name in one.figures else "" for name in _COLUMNS]
        rows.writerow((one.agents, int(one.is_enough), *means))


def _json(enough: int | None, tried: "list[Tried]") -> None:
    import json

    import attrs

    click.echo(json.dumps({"agents": enough, "tried": [attrs.asdict(one) for one in tried]}, indent=2))
