"""Text to machine, or to everything that is wrong with it. Never raises for a bad scheme."""

from pathlib import Path

import attrs

from callflow.check.checker import check
from callflow.check.files import SchemeFiles
from callflow.compile.bundle import bundle
from callflow.compile.lower import lower
from callflow.compile.once import first, told_once
from callflow.compile.repairs import with_repairs
from callflow.diagnostic import Diagnostic, Severity
from callflow.limits import PROBLEMS_MAX, SOURCE_BYTES_MAX
from callflow.machine.lowered import Lowered
from callflow.machine.model import Machine
from callflow.prove.prover import prove
from callflow.source import Source
from callflow.syntax import problems


@attrs.frozen
class Compiled:
    """What became of a source. `machine` is None when there is an error."""

    source: Source
    machine: Machine | None
    problems: list[Diagnostic]
    lowered: Lowered | None = None
    """The machine with what proofs are told by; None where the text could not be read or a name means nothing."""

    @property
    def errors(self) -> int:
        """Return how many problems keep the scheme from being served."""
        return sum(problem.code.severity is Severity.ERROR for problem in self.problems)


@attrs.frozen
class Folder:
    """The files beside a scheme."""

    folder: Path

    def read(self, file: str) -> bytes:
        """Return what is in a file of the folder, which no link may lead out of."""
        path = (self.folder / file).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise ValueError(file)
        with path.open("rb") as opened:
            return opened.read(SOURCE_BYTES_MAX + 1)

    def refusal(self, file: str) -> str | None:
        """Return why the endpoint cannot play `file`, `""` when it is missing, None when it can."""
        from callflow.speech.wav import WavRefused, inspect  # noqa: PLC0415  only where there are sounds

        path = self.folder / file
        if not path.is_file():
            return ""
        if not path.resolve().is_relative_to(self.folder.resolve()):
            return "a link leads out of the scheme's folder"
        try:
            inspect(path)
        except WavRefused as refused:
            return refused.reason
        except OSError as error:
            return error.strerror or "it cannot be read"
        return None


def compile_source(source: Source, files: SchemeFiles | None = None, directory: Source | None = None) -> Compiled:
    """Return the machine of a source, or its problems in source order."""
    source, parsed, found = bundle(source, files, directory)
    if found:
        return Compiled(source, None, with_repairs(found, parsed, source))
    checked = check(parsed, files)
    lowered = lower(checked, source)
    meaningless = any(problem.code.severity is Severity.ERROR for problem in checked.problems)
    found = told_once([*checked.problems, *prove(lowered, parsed, source)])
    bad = any(problem.code.severity is Severity.ERROR for problem in found)
    told = with_repairs(first(found, PROBLEMS_MAX), parsed, source)
    return Compiled(source, None if bad else lowered.machine, told, None if meaningless else lowered)


def compile_text(
    text: str, path: str = "scheme.flow", folder: Path | None = None, directory: str | Path | None = None
) -> Compiled:
    """Return the machine of a text. With a `folder`, its sound files and what it imports are looked for there; with a
    `directory`, what that file declares. Raises OSError when it cannot be read.
    """
    try:
        declared = _read(directory) if directory else None
    except _NotUtf8 as refused:
        return refused.compiled
    return compile_source(Source(path, text), Folder(folder) if folder else None, declared)


def compile_path(path: str | Path, directory: str | Path | None = None) -> Compiled:
    """Return the machine of a file, with a directory if there is one. Raises OSError when either cannot be read."""
    try:
        source = _read(path)
    except _NotUtf8 as refused:
        return refused.compiled
    return compile_text(source.text, source.path, Path(path).resolve().parent, directory)


class _NotUtf8(ValueError):
    """A file is no text; `compiled` tells so."""

    def __init__(self, path: str, offset: int) -> None:
        super().__init__(path)
        self.compiled = Compiled(Source(path, ""), None, [problems.not_utf8(offset)])


def _read(path: str | Path) -> Source:
    try:
        return Source(str(path), Path(path).read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _NotUtf8(str(path), error.start) from None
