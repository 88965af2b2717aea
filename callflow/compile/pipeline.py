"""Text to machine, or to everything that is wrong with it. Never raises for a bad scheme."""

from pathlib import Path

import attrs

from callflow.check.checker import check
from callflow.check.files import SoundFiles
from callflow.compile.lower import lower
from callflow.compile.once import first, told_once
from callflow.compile.repairs import with_repairs
from callflow.diagnostic import Diagnostic, Severity
from callflow.limits import PROBLEMS_MAX
from callflow.machine.lowered import Lowered
from callflow.machine.model import Machine
from callflow.prove.prover import prove
from callflow.source import Source
from callflow.syntax import problems
from callflow.syntax.parser import parse


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
class FolderOfSounds:
    """The sound files beside a scheme."""

    folder: Path

    def refusal(self, file: str) -> str | None:
        """Return why the endpoint cannot play `file`, `""` when it is missing, None when it can."""
        from callflow.speech.wav import WavRefused, inspect  # noqa: PLC0415  only where there are sounds

        path = self.folder / file
        if not path.is_file():
            return ""
        try:
            inspect(path)
        except WavRefused as refused:
            return refused.reason
        except OSError as error:
            return error.strerror or "it cannot be read"
        return None


def compile_source(source: Source, files: SoundFiles | None = None) -> Compiled:
    """Return the machine of a source, or its problems in source order."""
    parsed, found = parse(source)
    if found:
        return Compiled(source, None, with_repairs(found, parsed, source))
    checked = check(parsed, files)
    lowered = lower(checked, source)
    meaningless = any(problem.code.severity is Severity.ERROR for problem in checked.problems)
    found = told_once([*checked.problems, *prove(lowered, parsed, source)])
    bad = any(problem.code.severity is Severity.ERROR for problem in found)
    told = with_repairs(first(found, PROBLEMS_MAX), parsed, source)
    return Compiled(source, None if bad else lowered.machine, told, None if meaningless else lowered)


def compile_text(text: str, path: str = "scheme.flow", folder: Path | None = None) -> Compiled:
    """Return the machine of a text. With a `folder`, its sound files are looked for there."""
    return compile_source(Source(path, text), FolderOfSounds(folder) if folder else None)


def compile_path(path: str | Path) -> Compiled:
    """Return the machine of a file. Raises OSError when it cannot be read."""
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Compiled(Source(str(path), ""), None, [problems.not_utf8(error.start)])
    return compile_source(Source(str(path), text), FolderOfSounds(Path(path).resolve().parent))
