"""`callflow graph`: a scheme as a diagram, drawn by Graphviz, or in the text that Mermaid or Graphviz draws."""

import sys

import click

from callflow.cli.directory import directory_option


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--format", "form", type=click.Choice(["mermaid", "dot", "svg"]), default="mermaid", show_default=True,
              help="What to write: text for Mermaid (in Markdown pages), text for Graphviz, or a picture.")  # fmt: skip
@click.option("-o", "--output", "out", type=click.Path(dir_okay=False, allow_dash=True), default="-", metavar="OUT",
              help="File to write; standard output where none is given.")  # fmt: skip
@click.option("--flow", default=None, metavar="NAME", help="Draw one flow, with the names of those it leads to.")
@directory_option
def command(file: str, form: str, out: str, flow: str | None) -> None:
    """Draw the scheme or machine FILE: every flow with its steps, and where callers can get to from each.

    A picture is drawn by Graphviz, which is to be installed: as the package `graphviz` of the system, or as
    `callflow-ivr[graph]`.
    """
    from callflow.cli.load import load_machine
    from callflow.cli.streams import write_out
    from callflow.machine import graph

    machine = load_machine(file).machine
    if flow is not None and flow not in machine.flows:
        from callflow.words import did_you_mean, listed_some

        flows = list(machine.flows)
        help_ = did_you_mean(flow, flows, otherwise=f"the scheme has {listed_some(flows)}")
        raise click.UsageError(f"no flow is called `{flow}`; {help_}")
    text = graph.mermaid(machine, flow) if form == "mermaid" else graph.dot(machine, flow)
    if form == "svg":
        from callflow.draw import NotDrawn, svg

        try:
            text = svg(text)
        except NotDrawn as no:
            click.echo(f"cannot draw {file}: {no.reason}", err=True)
            sys.exit(1)
    write_out(out, text)
