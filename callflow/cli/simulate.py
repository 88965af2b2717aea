"""`callflow simulate`: a call from the keyboard, or scripted calls."""

import itertools
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.cli.covering import Covering
from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.cli.load import Loaded
    from callflow.sim.behaviour import Behaviour
    from callflow.sim.play import Played


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.argument("scenarios", nargs=-1, type=click.Path(exists=True, dir_okay=False))
@click.option("--from", "caller", default="+4930123456", show_default=True, help="Number of the caller.")
@click.option("--to", "called", default="", help="Number that is called.")
@click.option("--at", "at", default="", help="When: `2026-12-24 10:00`, in the scheme's time zone. Default: now.")
@click.option("--agent", "agents", multiple=True, metavar="NAME=DOES",
              help="What an agent does: `anna=answers after 4s`, `boris=busy`. Others are asked for.")  # fmt: skip
@click.option("--agents", "others", default="", metavar="DOES", help="What all other agents do.")
@click.option("--open", "opened", multiple=True, metavar="SCHEDULE", help="Hold a schedule open.")
@click.option("--closed", multiple=True, metavar="SCHEDULE", help="Hold a schedule closed.")
@click.option("-v", "--verbose", is_flag=True, help="Show the ladder of scripted calls that pass, too.")
@click.option("--coverage", "covering", is_flag=True,
              help="Tell which states, ways and keys the scripted calls did not go through.")  # fmt: skip
@click.option("--coverage-to", "covered", multiple=True, type=click.Path(dir_okay=False), metavar="OUT",
              help="Write the coverage to a file: .html with the source, .svg on the diagram, .json.")  # fmt: skip
@click.option("--coverage-min", "least", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="Exit with 1 when less is covered.")  # fmt: skip
@click.option("--journals", type=click.Path(file_okay=False), metavar="DIR",
              help="Keep a journal of each scripted call, for `callflow replay`.")  # fmt: skip
@directory_option
def command(
    file: str,
    scenarios: tuple[str, ...],
    caller: str,
    called: str,
    at: str,
    agents: tuple[str, ...],
    others: str,
    opened: tuple[str, ...],
    closed: tuple[str, ...],
    verbose: bool,
    covering: bool,
    covered: tuple[str, ...],
    least: float | None,
    journals: str | None,
) -> None:
    """Call the scheme or machine FILE without a telephone. Time is virtual.

    Alone, you are the caller: type keys, `wait 10s`, `say 5s`, `hangup`, or nothing to let time pass. With SCENARIOS
    (`*.call.yaml`), the calls scripted there are played, and the ladder of each that goes differently is shown.
    """
    from callflow.cli.load import load_machine

    loaded = load_machine(file)
    if scenarios:
        told = Covering(loaded, covered, least) if covering or covered or least is not None else None
        keep = _keep(loaded, file, journals) if journals is not None else None
        sys.exit(_play_all(loaded, scenarios, told, keep, verbose=verbose))
    if covering or covered or least is not None:
        raise click.UsageError("coverage is of scripted calls: name their files")
    if journals is not None:
        raise click.UsageError("journals are of scripted calls: name their files")
    from callflow.almanac.almanac import Schedules
    from callflow.engine.events import CallOffered
    from callflow.sim.keyboard import Keyboard

    machine = loaded.machine
    forced = dict.fromkeys(opened, True) | dict.fromkeys(closed, False)
    for name in forced:
        if name not in machine.schedules:
            raise click.UsageError(f"the scheme has no schedule `{name}`")
    keyboard = Keyboard(
        machine,
        CallOffered(0, caller, called, started_ms=_wall_ms(loaded, at)),
        Schedules(machine, forced=forced),
        dict(_behaviour(one) for one in agents),
        _parse(others) if others else None,
        _ask,
        click.echo,
    )
    click.echo(f"outcome: {keyboard.run()}")


def _ask(prompt: str) -> str | None:
    """Return a line that the user typed, None at the end of the input."""
    if sys.stdin.isatty():
        click.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    return line or None


def _behaviour(text: str) -> "tuple[str, Behaviour]":
    name, equals, does = text.partition("=")
    if not equals:
        raise click.UsageError(f"`{text}` lacks `=`: write `{text}=answers after 4s`")
    return name.strip(), _parse(does)


def _parse(text: str) -> "Behaviour":
    from callflow.sim.behaviour import Refused, parse_behaviour

    try:
        return parse_behaviour(text.strip())
    except Refused as refused:
        raise click.UsageError(str(refused)) from None


def _wall_ms(loaded: "Loaded", at: str) -> int:
    from callflow.sim.play import wall_clock_ms

    if not at:
        return round(datetime.now(UTC).timestamp() * 1_000)
    try:
        return wall_clock_ms(loaded.machine, datetime.fromisoformat(at))
    except ValueError:
        raise click.UsageError(f"`{at}` is no date and time such as `2026-12-24 10:00`") from None


def _keep(loaded: "Loaded", file: str, folder: str) -> "Callable[[Played], None]":
    """Return what keeps the journal of a call that was played. Exits where the folder cannot be written."""
    from callflow.engine.events import CallOffered
    from callflow.journals.shelf import Shelf

    count = itertools.count(1)

    def keep(played: "Played") -> None:
        offer = played.journal[0].event
        assert isinstance(offer, CallOffered)
        book = shelf.begin(f"{next(count):03}-{played.scenario.name}", offer)
        for entry in played.journal:
            book.add(entry)
        book.close()

    try:
        shelf = Shelf(Path(folder), loaded.machine, file)
    except OSError as error:
        raise click.UsageError(f"cannot write to `{folder}`: {(error.strerror or 'no').lower()}") from None
    return keep


def _play_all(
    loaded: "Loaded",
    paths: tuple[str, ...],
    covering: "Covering | None",
    keep: "Callable[[Played], None] | None",
    *,
    verbose: bool,
) -> int:
    """Play every scripted call of the files. Returns the exit status: 1 when one went differently."""
    from callflow.sim.play import play
    from callflow.sim.scenario import ScenarioRefused, load

    passed = failed = 0
    for path in paths:
        try:
            found = load(Path(path).read_text(encoding="utf-8"))
        except ScenarioRefused as refused:
            click.echo(f"{path}:{refused.line}: {refused.message}")
            failed += 1
            continue
        except UnicodeDecodeError:
            click.echo(f"{path}: the file is not UTF-8")
            failed += 1
            continue
        for scenario in found.scenarios:
            played = play(loaded.machine if covering is None else covering.machine, scenario)
            if covering is not None:
                covering.coverage.add(played.passed)
            if keep is not None:
                keep(played)
            good = not played.mismatches
            passed, failed = passed + good, failed + (not good)
            click.echo(f"{'passed' if good else 'FAILED'}  {path}:{scenario.line}  {scenario.name}")
            for mismatch in played.mismatches:
                click.echo(f"        {path}:{mismatch.line}: {mismatch.message}")
            if not good:
                click.echo(played.marked_ladder(loaded.machine))
            elif verbose:
                click.echo(played.ladder(loaded.machine))
    click.echo(f"{passed} passed, {failed} failed", err=True)
    enough = covering is None or covering.tell()
    return 0 if enough and not failed else 1
