"""What commands share that write into the user's files: wholly or not at all."""

import os
import tempfile
from pathlib import Path

import click


def replace(file: str, text: str) -> None:
    """Put a text in place of a file, and keep its mode. Raises UsageError where that cannot be done."""
    try:
        _replace(Path(file).resolve(), text)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise click.UsageError(f"cannot write `{file}`: {reason}") from None


def show_diff(file: str, before: str, after: str, done: str) -> None:
    """Write what changes as a unified diff; `done` says what was done to the file."""
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), file, f"{file} ({done})")
    click.echo("".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines),
               nl=False)  # fmt: skip


def _replace(target: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
