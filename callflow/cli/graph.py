"""`callflow graph`: a scheme as a diagram, in the text that Mermaid or Graphviz draws."""

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--format", "form", type=click.Choice(["mermaid", "dot"]), default="mermaid", show_default=True,
              help="Who draws it: Mermaid (in Markdown pages) or Graphviz (`| dot -Tsvg`).")  # fmt: skip
@click.option("--flow", default=None, metavar="NAME", help="Draw one flow, with those before and behind it.")
def command(file: str, form: str, flow: str | None) -> None:
    """Draw the scheme or machine FILE as text: every flow with its steps, and where callers can get to from each."""
    from callflow.cli.load import load_machine
    from callflow.machine.graph import dot, mermaid

    machine = load_machine(file).machine
    if flow is not None and flow not in machine.flows:
        from callflow.words import did_you_mean, listed

        flows = list(machine.flows)
        help_ = did_you_mean(flow, flows, otherwise=f"the scheme has {listed(flows, 'and')}")
        raise click.UsageError(f"no flow is called `{flow}`; {help_}")
    click.echo((mermaid if form == "mermaid" else dot)(machine, flow), nl=False)
