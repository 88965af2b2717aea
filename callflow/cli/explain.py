"""`callflow explain`: the page of a problem."""

import click


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain the problem CODE, such as CF203; without it, list all problems."""
    from callflow.report.codes import all_codes, page

    codes = all_codes()
    if code is None:
        for one in codes.values():
            click.echo(f"{one.id}  {one.severity.value:7}  {one.title}")
        return
    wanted = code.upper()
    wanted = wanted if wanted.startswith("CF") else f"CF{wanted}"
    if wanted not in codes:
        from callflow.words import did_you_mean

        help_ = did_you_mean(wanted, list(codes))
        raise click.UsageError(f"there is no problem `{code}`{f'; {help_}' if help_ else ''}")
    click.echo(page(wanted).rstrip())
