"""`callflow fmt`: schemes in the one layout there is."""

import sys
from pathlib import Path

import click

from callflow.cli.replace import replace, show_diff
from callflow.source import Source


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; name the files that would change, and exit 1."
)
@click.option("--diff", "only_diff", is_flag=True, help="Write nothing; show what would change, and exit 1.")
def command(files: tuple[str, ...], only_check: bool, only_diff: bool) -> None:
    """Bring the schemes FILE... into the one layout there is; `-` reads standard input and writes standard output.

    Comments are kept. A file with mistakes in its text is told and left as it is.
    """
    refused = changed = 0
    for file in files:
        text = _read(file)
        done = _format(file, text)
        if done is None:
            refused += 1
        elif file == "-" and not only_check and not only_diff:
            click.echo(done, nl=False)
        elif done != text:
            changed += 1
            if only_diff:
                show_diff(file, text, done, "formatted")
            elif only_check:
                click.echo(file)
            else:
                replace(file, done)
                click.echo(f"{file}: written", err=True)
    sys.exit(1 if refused or (changed and (only_check or only_diff)) else 0)


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot read `{file}`: {(error.strerror or 'it cannot be opened').lower()}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"`{file}` is not UTF-8") from None


def _format(file: str, text: str) -> str | None:
    """Return the text in its layout, None when it has mistakes, which are told."""
    from callflow.syntax.format import format_source
    from callflow.syntax.parser import parse

    source = Source("<stdin>" if file == "-" else file, text)
    parsed, problems = parse(source)
    if not problems:
        return format_source(source, parsed)
    from callflow.cli.streams import wants_colour
    from callflow.report.terminal import render_all

    click.echo(render_all(problems, source, colour=wants_colour(sys.stderr)), err=True)
    click.echo(f"\n{source.path}: left as it is", err=True)
    return None
