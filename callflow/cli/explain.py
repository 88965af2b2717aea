"""`callflow explain`: the page of a problem."""

from typing import Final

import click

STAGES: Final = {"1": "The text", "2": "Names", "3": "Values", "4": "The way of a call", "6": "Bounds"}
"""What the hundreds of the codes are about."""


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain the problem CODE, such as CF203; without it, list all problems."""
    from callflow.report.codes import all_codes, page

    codes = all_codes()
    if code is None:
        stage = ""
        for one in codes.values():
            if one.id[2] != stage:
                click.echo("\n" if stage else "", nl=False)
                stage = one.id[2]
                click.echo(STAGES[stage])
            click.echo(f"  {one.id}  {one.severity.value:7}  {one.title}")
        return
    wanted = code.upper()
    wanted = wanted if wanted.startswith("CF") else f"CF{wanted}"
    if wanted not in codes:
        from callflow.words import did_you_mean

        help_ = did_you_mean(wanted, list(codes), "`callflow explain` lists all")
        raise click.UsageError(f"there is no problem `{code}`; {help_}")
    click.echo(page(wanted).rstrip())
