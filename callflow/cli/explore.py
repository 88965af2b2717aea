"""`callflow explore`: every way that a caller can take, and calls that go them."""

import json
import sys
from typing import TYPE_CHECKING

import click

from callflow.cli.counter import counter
from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.explore.explorer import Explored, Found
    from callflow.machine.model import Machine


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--to", "target", metavar="TARGET",
              help="Write the shortest call that comes there: `sales`, `sales:12`, `sales:12 key 1`.")  # fmt: skip
@click.option("--cover", is_flag=True, help="Write few calls that go every way that any call goes.")
@click.option("-o", "--output", "out", type=click.Path(dir_okay=False, allow_dash=True), default="-", metavar="OUT",
              help="File for the calls; standard output where none is given.")  # fmt: skip
@click.option("--most", type=click.IntRange(1), default=20_000, show_default=True, metavar="N", help="Calls to try.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How to write the report.")  # fmt: skip
@directory_option
def command(file: str, target: str | None, cover: bool, out: str, most: int, form: str) -> None:
    """Let callers take every way through the scheme or machine FILE, in virtual time, and tell what becomes of them.

    Keys, silence, schedules, agents, web services, chance and what is known of the caller are tried in every
    combination that can make a difference. Exits with 1 when there are dead ends: calls that only a bound of the host
    ends.
    """
    from callflow.cli.load import load_machine

    machine = load_machine(file).machine
    if target is not None and cover:
        raise click.UsageError("`--to` writes one call and `--cover` writes many: give one of them")
    if target is not None:
        _write([_shortest(machine, target, most)], file, out)
        return
    from callflow.explore.explorer import explore
    from callflow.explore.told import as_json, lines

    progress, over = counter()
    done = explore(machine, most, progress)
    over()
    if cover:
        _write(done.fewest(), file, out)
        click.echo(_summary(done), err=True)
    else:
        click.echo(json.dumps(as_json(done), indent=2) if form == "json" else "\n".join(lines(done)))
    sys.exit(1 if done.stuck else 0)


def _summary(done: "Explored") -> str:
    from callflow.coverage.shown import percent

    return f"{len(done.fewest())} calls go every way that was found: coverage {percent(done.coverage.percent)}"


def _write(calls: "list[Found]", file: str, out: str) -> None:
    from pathlib import Path

    from callflow.cli.streams import write_out
    from callflow.explore.told import scripts
    from callflow.sim.written import written

    write_out(out, written(scripts(calls), Path(file).name))


def _shortest(machine: "Machine", target: str, most: int) -> "Found":
    """Return the shortest call that comes to a place. Tells when there is none and exits."""
    from callflow.coverage.coverage import Coverage
    from callflow.explore.explorer import Explored, each
    from callflow.explore.places import NoSuchPlace, wanted

    try:
        is_there = wanted(machine, target)
    except NoSuchPlace as none:
        raise click.UsageError(str(none)) from None
    done = Explored(machine, Coverage(machine))
    for found in each(done, most, until=is_there):
        if is_there(found.call.known):
            return found
    more = "" if done.complete else f", at least not in the first {done.walks:,} calls"
    click.echo(f"no call comes to `{target}`{more}", err=True)
    sys.exit(1)
