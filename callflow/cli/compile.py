"""`callflow compile`: the machine that a scheme becomes."""

import click

from callflow.cli.directory import directory_option


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", "out", type=click.Path(dir_okay=False, allow_dash=True), default="-", metavar="OUT",
              help="File to write; standard output where none is given.")  # fmt: skip
@click.option("--text", is_flag=True, help="Write a listing for people, a line for every state.")
@directory_option
def command(file: str, out: str, text: bool) -> None:
    """Write the machine of the scheme FILE as JSON, for every command that takes a FILE.

    FILE may be such a machine itself: it is checked and written anew. With an error nothing is written.
    """
    from callflow.cli.load import load_machine
    from callflow.cli.streams import write_out

    machine = load_machine(file).machine
    if text:
        from callflow.machine.dump import dump

        written = dump(machine)
    else:
        from callflow.machine.codec import to_json

        written = to_json(machine)
    write_out(out, written)
