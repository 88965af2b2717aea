"""What every command does with its FILE: a scheme or a machine, ready to run."""

import sys
from pathlib import Path

import attrs
import click

from callflow.cli.directory import given_directory
from callflow.machine.model import Machine
from callflow.source import Source


@attrs.frozen
class Loaded:
    """A machine, the folder its sounds count from, and its text where there is one."""

    machine: Machine
    base_dir: Path
    source: Source | None


def load_machine(path: str, *, warnings: bool = True) -> Loaded:
    """Return the machine of a `.flow` or `.json` file. Tells problems on stderr and exits with 1 on an error.

    Without `warnings` nothing is told of a file that can be used.
    """
    base_dir = Path(path).resolve().parent
    try:
        if path.endswith(".json"):
            return Loaded(_from_json(path), base_dir, None)
        from callflow.compile.pipeline import compile_path

        compiled = compile_path(path, given_directory())
    except OSError as error:
        raise click.UsageError(f"cannot read `{path}`: {(error.strerror or 'it cannot be opened').lower()}") from None
    if compiled.problems and (warnings or compiled.machine is None):
        from callflow.cli.streams import wants_colour
        from callflow.report.terminal import render_all

        click.echo(render_all(compiled.problems, compiled.source, colour=wants_colour(sys.stderr)), err=True)
        click.echo(err=True)
    if compiled.machine is None:
        click.echo(f"{path} has errors and is not used", err=True)
        sys.exit(1)
    return Loaded(compiled.machine, base_dir, compiled.source)


def _from_json(path: str) -> Machine:
    from callflow.machine.codec import MachineRefused, from_json

    try:
        machine = from_json(Path(path).read_text(encoding="utf-8"))
        _understand_hours(machine)
    except UnicodeDecodeError:
        click.echo(f"{path}: the file is not UTF-8", err=True)
    except MachineRefused as refused:
        click.echo(f"{path}: {refused}", err=True)
    else:
        return machine
    sys.exit(1)


def _understand_hours(machine: Machine) -> None:
    """Refuse a machine whose hours, time zone or region no call could be asked after."""
    if not machine.schedules:
        return
    from callflow.almanac.hours import HoursRefused, RegionUnknown, TimezoneUnknown, compile_hours
    from callflow.machine.codec import MachineRefused

    for name, schedule in machine.schedules.items():
        try:
            compile_hours(schedule.hours, machine.timezone, machine.region)
        except (HoursRefused, RegionUnknown, TimezoneUnknown) as refused:
            raise MachineRefused(f"`schedules.{name}`: {refused}") from None
