"""`callflow replay`: a call that was kept, made again, on its own machine or on another scheme."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.journals.shelf import Kept
    from callflow.machine.model import Machine
    from callflow.replay.driver import Again
    from callflow.sim.beside import Row


@click.command()
@click.argument("journal", type=click.Path(exists=True, dir_okay=False))
@click.option("--on", "other", type=click.Path(exists=True, dir_okay=False), metavar="OTHER",
              help="The scheme or machine to make the call to, instead of the one that answered.")  # fmt: skip
@click.option("--ladder", is_flag=True, help="Show both calls in full.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How to write what differs.")  # fmt: skip
@directory_option
def command(journal: str, other: str | None, ladder: bool, form: str) -> None:
    """Make the call of a JOURNAL again, and show where it goes differently.

    `callflow serve --journals` and `callflow simulate --journals` keep journals. The caller presses the same keys as
    long after the call came to the same kind of step, agents and web services do what they did, schedules are as they
    were. The exit status is 0 when the call goes the same way, 1 when it does not, 2 when it cannot be made.
    """
    from callflow.replay.again import tape_of
    from callflow.replay.driver import again
    from callflow.sim.beside import happened, rows

    kept = _kept(journal)
    machine = kept.machine if other is None else _machine(other)
    tape = tape_of(kept.machine, kept.journal)
    new = again(machine, tape)
    found = rows(happened(kept.journal), happened(new.journal))
    if form == "json":
        click.echo(json.dumps(_values(found, new, guessed=tape.guessed), indent=2, ensure_ascii=False))
    else:
        _tell(kept, machine, new, found, other, ladder=ladder, guessed=tape.guessed)
    sys.exit(1 if any(row.differs for row in found) else 0)


def _kept(path: str) -> "Kept":
    from callflow.journals.shelf import JournalRefused, read_journal

    try:
        return read_journal(Path(path))
    except JournalRefused as refused:
        raise click.UsageError(str(refused)) from None
    except OSError as error:
        raise click.UsageError(f"cannot read `{path}`: {(error.strerror or 'it cannot be opened').lower()}") from None


def _machine(path: str) -> "Machine":
    from callflow.cli.load import load_machine

    try:
        return load_machine(path, warnings=False).machine
    except SystemExit:
        sys.exit(2)


def _tell(
    kept: "Kept",
    machine: "Machine",
    new: "Again",
    found: "list[Row]",
    other: str | None,
    *,
    ladder: bool,
    guessed: bool,
) -> None:
    from callflow.runner.transcript import Transcript
    from callflow.sim.beside import lines

    differs = any(row.differs for row in found)
    click.echo("the call goes differently" if differs else "the call goes the same way")
    if ladder:
        for of, journal in ((kept.machine, kept.journal), (machine, new.journal)):
            transcript = Transcript(of)
            click.echo(transcript.head())
            for entry in journal:
                for line in transcript.lines(entry):
                    click.echo(line)
    elif differs:
        for line in lines(found, "then", other or "now"):
            click.echo(line)
    for note in _notes(new, guessed=guessed):
        click.echo(f"note: {note}")


def _notes(new: "Again", *, guessed: bool) -> list[str]:
    """Return what has to be known of how the call was made."""
    keys = "".join(act.key for act in new.undone)
    notes = [f"the caller had no occasion to press {keys}"] if keys else []
    notes += [f"not in the journal: {one}" for one in new.unknown]
    return [*notes, "keys that are crossed out in the journal were others"] if guessed else notes


def _values(found: "list[Row]", new: "Again", *, guessed: bool) -> dict[str, Any]:
    return {
        "same": not any(row.differs for row in found),
        "old": [row.old for row in found if row.old],
        "new": [row.new for row in found if row.new],
        "notes": _notes(new, guessed=guessed),
    }
