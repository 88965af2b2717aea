"""`--directory`: what a tenant declares beside a scheme, for every command that takes a FILE."""

from typing import Final

import click

_KEY: Final = "callflow.directory"


def _keep(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    ctx.meta[_KEY] = value


directory_option = click.option(
    "--directory", type=click.Path(exists=True, dir_okay=False), metavar="FILE", expose_value=False, callback=_keep,
    help="The tenant's agents, groups, prompts, numbers and lists, in YAML.",
)  # fmt: skip


def given_directory() -> str | None:
    """Return the directory that the command under way was given, None where there is none."""
    context = click.get_current_context(silent=True)
    return None if context is None else context.meta.get(_KEY)
