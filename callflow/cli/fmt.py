"""`callflow fmt`: schemes in the one layout there is."""

import os
import sys
import tempfile
from pathlib import Path

import click

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
                _show_diff(file, text, done)
            elif only_check:
                click.echo(file)
            else:
                try:
                    _replace(Path(file), done)
                except OSError as error:
                    reason = (error.strerror or "it cannot be opened").lower()
                    raise click.UsageError(f"cannot write `{file}`: {reason}") from None
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


def _show_diff(file: str, before: str, after: str) -> None:
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), file, f"{file} (formatted)")
    click.echo("".join(lines), nl=False)


def _replace(path: Path, text: str) -> None:
    """Put a text in place of a file, wholly or not at all, and keep its mode."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
