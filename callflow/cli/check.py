"""`callflow check`: everything that is wrong with schemes, in one run, and its repair."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from callflow.cli.directory import directory_option, given_directory

if TYPE_CHECKING:
    from callflow.compile.mend import Mended
    from callflow.compile.pipeline import Compiled
    from callflow.prove.claims import Claims

FORMATS: Final = ("full", "concise", "json", "sarif", "github")
_STDIN: Final = "<stdin>"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="full", show_default=True,
              help="How problems are written.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Count warnings as problems for the exit status.")
@click.option("--fix", is_flag=True, help="Make the repairs that are safe, and tell what is left.")
@click.option("--unsafe-fixes", "unsafe", is_flag=True, help="With --fix or --diff: make the other repairs, too.")
@click.option("--diff", "only_diff", is_flag=True, help="Write nothing; show what --fix would change, and exit 1.")
@click.option("--proofs", is_flag=True, help="Tell what is proven of each scheme, too.")
@directory_option
def command(
    files: tuple[str, ...], form: str, strict: bool, fix: bool, unsafe: bool, only_diff: bool, proofs: bool
) -> None:
    """Say everything that is wrong with the schemes FILE...; `-` reads standard input.

    With `--fix` a file is replaced by its repaired text; that of standard input is written to standard output, and
    problems to standard error. The exit status is 0 when there is no error, 1 when there is one, 2 when a file cannot
    be read.
    """
    if unsafe and not (fix or only_diff):
        raise click.UsageError("`--unsafe-fixes` belongs to `--fix` or `--diff`")
    if only_diff and (form != "full" or proofs):
        raise click.UsageError("`--diff` shows what would change and nothing else")
    if proofs and form in ("sarif", "github"):
        raise click.UsageError(f"`--format {form}` has no place for proofs")
    checking = _Checking(form, unsafe=unsafe, proofs=proofs, aside=fix and "-" in files)
    for file in files:
        if not fix and not only_diff:
            checking.check(file)
        else:
            checking.repair(file, only_diff=only_diff)
    done = "would fix" if only_diff else "fixed" if fix else ""
    checking.close(files[0] if len(files) == 1 else f"{len(files)} files", done)
    failed = checking.errors or (strict and checking.warnings) or (only_diff and checking.repaired)
    sys.exit(2 if checking.unread else 1 if failed else 0)


class _Checking:
    """One run over several files."""

    def __init__(self, form: str, *, unsafe: bool, proofs: bool, aside: bool) -> None:
        self._form = form
        self._unsafe = unsafe
        self._proofs = proofs
        self._aside = aside
        """Whether problems go to standard error, because a repaired text goes to standard output."""
        self._done: list[Compiled] = []
        self.errors = self.warnings = self.unread = self.repaired = 0

    def check(self, file: str) -> None:
        """Tell what is wrong with a file."""
        compiled = self._compiled(file)
        if compiled is not None:
            self._take(compiled)
            self._show(compiled)

    def repair(self, file: str, *, only_diff: bool) -> None:
        """Repair a file, or show what would change, and tell what is left."""
        from callflow.cli.replace import replace, show_diff

        compiled = self._compiled(file)
        if compiled is None:
            return
        before, mended = self._mended(file, compiled)
        self.repaired += mended.repaired
        self._take(mended.compiled)
        if only_diff:
            show_diff(_STDIN if file == "-" else file, before, mended.text, "repaired")
            return
        if file == "-":
            click.echo(mended.text, nl=False)
        elif mended.text != before:
            replace(file, mended.text)
        self._show(mended.compiled)

    def close(self, where: str, done: str) -> None:
        """Tell what is only known at the end; `done` says what became of the repairs, empty where none were made."""
        self._show_all()
        if done:
            self._say_repaired(where, done)
        elif self.errors or self.warnings:
            click.echo(f"{self._counted()} in {where}{self._offer()}", err=True)
        elif self._form == "full" and not self.unread:
            click.echo(f"{where}: no problems", err=True)

    # --- reading and repairing ---

    def _compiled(self, file: str) -> "Compiled | None":
        """Return what became of a file, None when it cannot be read, which is told."""
        from callflow.compile.pipeline import compile_path, compile_text

        try:
            if file == "-":
                return compile_text(sys.stdin.buffer.read().decode("utf-8"), _STDIN, directory=given_directory())
            return compile_path(file, given_directory())
        except OSError as error:
            click.echo(f"cannot read `{file}`: {(error.strerror or 'it cannot be opened').lower()}", err=True)
        except UnicodeDecodeError:
            click.echo("cannot read standard input: it is not UTF-8", err=True)
        self.unread += 1
        return None

    def _mended(self, file: str, compiled: "Compiled") -> "tuple[str, Mended]":
        from callflow.compile.mend import mend
        from callflow.compile.pipeline import compile_text

        if file == "-":
            text, path, folder = compiled.source.first_text, _STDIN, None
        else:
            text = Path(file).read_bytes().decode("utf-8", "replace")  # what is no text has no repair
            path, folder = file, Path(file).resolve().parent

        def recheck(new: str) -> "Compiled":
            return compile_text(new, path, folder, given_directory())

        return text, mend(text, compiled, recheck, unsafe=self._unsafe)

    def _take(self, compiled: "Compiled") -> None:
        self.errors += compiled.errors
        self.warnings += len(compiled.problems) - compiled.errors
        self._done.append(compiled)

    # --- telling ---

    def _show(self, compiled: "Compiled") -> None:
        """Tell the problems of one file, in the formats that do not wait for all of them."""
        if self._form == "concise":
            from callflow.report import concise

            for problem in compiled.problems:
                self._echo(concise.render(problem, compiled.source))
        elif self._form == "github":
            from callflow.report import github

            for problem in compiled.problems:
                self._echo(github.render(problem, compiled.source))
        elif self._form == "full" and compiled.problems:
            from callflow.cli.streams import wants_colour
            from callflow.report import terminal

            colour = wants_colour(sys.stderr if self._aside else sys.stdout)
            self._echo(terminal.render_all(compiled.problems, compiled.source, colour=colour) + "\n")
        if self._proofs and self._form in ("full", "concise"):
            from callflow.report import proofs

            self._echo(proofs.render(_claims(compiled), compiled.source.path))

    def _show_all(self) -> None:
        """Tell the problems of all files, in the formats that are one document."""
        if self._form not in ("json", "sarif"):
            return
        import json

        values: object
        if self._form == "sarif":
            from callflow import __version__
            from callflow.report import sarif

            found = [(one.source, one.problems) for one in self._done]
            values = sarif.log(found, __version__, successful=not self.unread)
        else:
            from callflow.report.json import as_values

            values = [as_values(problem, one.source) for one in self._done for problem in one.problems]
            if self._proofs:
                from callflow.report import proofs

                proven = [proofs.as_values(_claims(one), one.source.path) for one in self._done]
                values = {"problems": values, "proofs": proven}
        self._echo(json.dumps(values, indent=2, ensure_ascii=False))

    def _say_repaired(self, where: str, done: str) -> None:
        from callflow.words import counted

        left = self.errors + self.warnings
        if self.repaired or left:
            repaired = counted(self.repaired, "problem") if self.repaired else "no problems"
            click.echo(f"{done} {repaired}, {left or 'none'} left in {where}", err=True)
        elif not self.unread:
            click.echo(f"{where}: no problems", err=True)

    def _counted(self) -> str:
        from callflow.words import counted

        parts = ((self.errors, "error"), (self.warnings, "warning"))
        return ", ".join(counted(number, word) for number, word in parts if number)

    def _offer(self) -> str:
        safe = sum(any(fix.safe for fix in problem.fixes) for one in self._done for problem in one.problems)
        return f"; `--fix` repairs {safe}" if safe and self._form == "full" else ""

    def _echo(self, text: str) -> None:
        click.echo(text, err=self._aside)


def _claims(compiled: "Compiled") -> "Claims | None":
    from callflow.prove.claims import claims

    return claims(compiled.lowered, compiled.problems) if compiled.lowered else None
