"""`callflow schema`: what editors complete and check files by."""

import json

import click

from callflow.cli.streams import write_out


@click.command()
@click.argument("of", type=click.Choice(["scenario"]))
@click.option("-o", "--output", "out", type=click.Path(dir_okay=False, allow_dash=True), default="-", metavar="OUT",
              help="File to write; standard output where none is given.")  # fmt: skip
def command(of: str, out: str) -> None:
    """Write the JSON Schema of a kind of file: `scenario` for `*.call.yaml`.

    Editors with YAML support complete by it where the first line of a file is
    `# yaml-language-server: $schema=PATH`.
    """
    from callflow.sim.schema import schema

    assert of == "scenario"
    write_out(out, json.dumps(schema(), indent=2) + "\n")
