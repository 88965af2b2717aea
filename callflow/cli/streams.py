"""What commands share about their streams: colour only on a terminal, or as the environment says; where to write."""

import os
import sys
from pathlib import Path
from typing import TextIO

import click


def wants_colour(stream: TextIO) -> bool:
    """Return whether to write colours: never with NO_COLOR, always with FORCE_COLOR, else on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write_out(out: str, text: str) -> None:
    """Write a text to a file, or to standard output for `-`. Tells what goes wrong and exits with 1."""
    if out == "-":
        click.echo(text, nl=False)
        return
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(f"cannot write `{out}`: {(error.strerror or 'it cannot be opened').lower()}", err=True)
        sys.exit(1)
