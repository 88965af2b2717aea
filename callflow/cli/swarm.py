"""`callflow swarm`: many calls at once in worlds that fail by chance, and what has to hold whatever happens."""

import itertools
import sys
import time
from typing import TYPE_CHECKING

import click

from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.machine.model import Machine
    from callflow.swarm.hive import Lived

SEEDS_MAX = 1_000_000


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--seeds", type=click.IntRange(1, SEEDS_MAX), default=100, show_default=True, help="How many worlds.")
@click.option("--from", "first", type=click.IntRange(0), default=0, show_default=True, help="The first world's seed.")
@click.option("--calls", type=click.IntRange(1, 10_000), default=30, show_default=True, help="Calls of each world.")
@click.option("-v", "--verbose", is_flag=True, help="Tell each world, with its faults.")
@directory_option
def command(files: tuple[str, ...], seeds: int, first: int, calls: int, verbose: bool) -> None:
    """Let the schemes or machines FILES live in worlds that fail by chance, in virtual time.

    Agents are rude, slow or lagging, events come late and twice, web services stall, clocks step, callers hang up at
    any moment. After every event it is looked whether what has to hold does hold; then the faults stop, and every call
    has to end. The first that is broken is shown with its seed; the same seed is the same world. Exits with 1 then.
    """
    from callflow.cli.load import load_machine

    broken = False
    for file in files:
        machine = load_machine(file, warnings=False).machine
        broken = _lived(file, machine, range(first, first + seeds), calls, verbose=verbose) or broken
    sys.exit(1 if broken else 0)


def _lived(file: str, machine: "Machine", seeds: range, calls: int, *, verbose: bool) -> bool:
    """Let a machine live in worlds until one is broken. Returns whether one is."""
    from concurrent.futures import ProcessPoolExecutor

    events = lasted_ms = cpu_s = worlds = 0.0
    found: Lived | None = None
    with ProcessPoolExecutor() as pool:
        lives = pool.map(_live, itertools.repeat(machine), seeds, itertools.repeat(calls), chunksize=4)
        for spent_s, lived in lives:
            worlds, events = worlds + 1, events + lived.events
            lasted_ms, cpu_s = lasted_ms + lived.lasted_ms, cpu_s + spent_s
            if verbose:
                click.echo(f"seed {lived.seed}: {lived.calls} calls, {lived.events} events; {lived.faults}")
            if lived.broken is not None:
                found = lived
                pool.shutdown(cancel_futures=True)
                break
    faster = lasted_ms / 1_000 / max(cpu_s, 0.001)
    click.echo(f"{file}: {worlds:,.0f} worlds, {events:,.0f} events, {faster:,.0f} times real time on one core")
    if found is None or found.broken is None:
        return False
    click.echo(f"seed {found.seed} ({found.faults}): {found.broken.invariant}: {found.broken.message}")
    if found.broken.journal:
        click.echo(found.broken.ladder(machine))
    return True


def _live(machine: "Machine", seed: int, calls: int) -> "tuple[float, Lived]":
    """Return a world, and the processor's time that it took."""
    from callflow.swarm.hive import live

    begun = time.process_time()
    found = live(machine, seed, calls)
    return time.process_time() - begun, found
