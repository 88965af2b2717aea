"""How far exploring is, on a terminal."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from callflow.explore.explorer import Progress


def counter() -> "tuple[Progress | None, Callable[[], None]]":
    """Return what tells how far it is, and what wipes that out: on a terminal only."""
    if not sys.stderr.isatty():
        return None, lambda: None

    def tell(walks: int, left: int) -> None:
        if walks % 100 == 0:
            click.echo(f"\r{walks:,} calls tried, {left:,} to go \x1b[K", nl=False, err=True)

    return tell, lambda: click.echo("\r\x1b[K", nl=False, err=True)
