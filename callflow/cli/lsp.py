"""`callflow lsp`: the language server for editors."""

import click

from callflow import __version__


@click.command()
@click.option("--directory", metavar="FILE", type=click.Path(exists=True, dir_okay=False),
              help="A tenant's directory, in YAML; what it declares belongs to every scheme.")  # fmt: skip
@click.option("--stdio", is_flag=True, hidden=True, expose_value=False,
              help="What editors ask for; there is nothing else.")  # fmt: skip
def command(directory: str | None) -> None:
    """Serve an editor on standard input and output: a language server for schemes.

    Editors start it themselves; docs/editors says how to tell them. It shows problems while a scheme is written,
    repairs and formats, completes words and names, tells what they are, finds and renames them.
    """
    from callflow.lsp.server import make_server

    make_server(__version__, directory=directory).start_io()
