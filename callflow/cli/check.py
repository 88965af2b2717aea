"""`callflow check`: everything that is wrong with schemes, in one run."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from callflow.compile.pipeline import Compiled


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "form", type=click.Choice(["full", "concise", "json"]), default="full", show_default=True,
              help="How problems are written.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Count warnings as problems for the exit status.")
def command(files: tuple[str, ...], form: str, strict: bool) -> None:
    """Say everything that is wrong with the schemes FILE...; `-` reads standard input.

    The exit status is 0 when there is no error, 1 when there is one, 2 when a file cannot be read.
    """
    errors = warnings = unread = 0
    values: list[object] = []
    for file in files:
        compiled = _compile(file)
        if compiled is None:
            unread += 1
            continue
        errors += compiled.errors
        warnings += len(compiled.problems) - compiled.errors
        _show(compiled, form, values)
    if form == "json":
        import json

        click.echo(json.dumps(values, indent=2, ensure_ascii=False))
    if errors or warnings:
        from callflow.words import counted

        parts = [counted(number, word) for number, word in ((errors, "error"), (warnings, "warning")) if number]
        where = files[0] if len(files) == 1 else f"{len(files)} files"
        click.echo(f"{', '.join(parts)} in {where}", err=True)
    elif form == "full" and not unread:
        click.echo(f"{files[0] if len(files) == 1 else f'{len(files)} files'}: no problems", err=True)
    sys.exit(2 if unread else 1 if errors or (strict and warnings) else 0)


def _compile(file: str) -> "Compiled | None":
    """Return what became of a file, None when it cannot be read, which is told."""
    from callflow.compile.pipeline import compile_path, compile_text

    try:
        if file == "-":
            return compile_text(sys.stdin.buffer.read().decode("utf-8"), "<stdin>")
        return compile_path(file)
    except OSError as error:
        click.echo(f"cannot read `{file}`: {(error.strerror or 'it cannot be opened').lower()}", err=True)
    except UnicodeDecodeError:
        click.echo("cannot read standard input: it is not UTF-8", err=True)
    return None


def _show(compiled: "Compiled", form: str, values: list[object]) -> None:
    if not compiled.problems:
        return
    if form == "json":
        from callflow.report.json import as_values

        values.extend(as_values(problem, compiled.source) for problem in compiled.problems)
    elif form == "concise":
        from callflow.report import concise

        for problem in compiled.problems:
            click.echo(concise.render(problem, compiled.source))
    else:
        from callflow.cli.streams import wants_colour
        from callflow.report import terminal

        click.echo(terminal.render_all(compiled.problems, compiled.source, colour=wants_colour(sys.stdout)))
        click.echo()
