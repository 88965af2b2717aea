"""A scheme and the files that it imports, as one text with one tree. Who reads the files is told from outside."""

from pathlib import PurePosixPath

from callflow import limits
from callflow.check import problems
from callflow.check.files import SchemeFiles, lies_outside
from callflow.diagnostic import Diagnostic
from callflow.source import Source, Span
from callflow.syntax import tree
from callflow.syntax.parser import parse
from callflow.syntax.problems import bundle_too_large, too_many_files


def bundle(
    source: Source, files: SchemeFiles | None, directory: Source | None = None
) -> tuple[Source, tree.Tree, list[Diagnostic]]:
    """Return a scheme with all it imports, each file once, and with what its tenant's directory declares.

    Without `files` nothing can be imported.
    """
    parsed, found = parse(source)
    imports = [one for one in parsed.declarations if isinstance(one, tree.Import)]
    if found or not (imports or directory):
        return source, parsed, found
    reading = _Reading(source, parsed, files)
    reading.follow(imports, (PurePosixPath(source.path).name,))
    shared = len(reading.text) + 1
    if directory is not None:
        reading.take_directory(directory)
    whole = tree.Tree(tuple(reading.declarations), tuple(reading.comments), shared)
    found = sorted(reading.problems, key=lambda problem: problem.span)
    return Source(source.path, reading.text, tuple(reading.others)), whole, found


class _Reading:
    def __init__(self, source: Source, parsed: tree.Tree, files: SchemeFiles | None) -> None:
        self.text = source.text
        self.others: list[tuple[int, str]] = []
        self.declarations = list(parsed.declarations)
        self.comments = list(parsed.comments)
        self.problems: list[Diagnostic] = []
        self._files = files
        self._folder = PurePosixPath(source.path).parent
        self._taken: set[str] = set()

    def follow(self, imports: list[tree.Import], way: tuple[str, ...]) -> None:
        """Take in files and what they import; `way` are the files that led here."""
        for one in imports:
            path = one.path.plain
            name = str(PurePosixPath(path))
            if not one.path.is_plain:
                self.problems.append(problems.filled_in(one.path.span, "the path of a file"))
            elif lies_outside(path):
                self.problems.append(problems.import_outside(one.path.span, path))
            elif name in way:
                self.problems.append(problems.import_circle(one.path.span, path))
            elif name not in self._taken:
                self._taken.add(name)
                self._take(one.path.span, name, way)

    def take_directory(self, directory: Source) -> None:
        """Take in what a directory declares."""
        from callflow.directory.reading import read_directory  # noqa: PLC0415  only where there is one

        begin = len(self.text) + 1
        size = len(directory.text.encode("utf-8", "surrogatepass"))
        self.text += f"\n{directory.text}"
        self.others.append((begin, directory.path))
        if size > limits.BUNDLE_BYTES_MAX:
            self.problems.append(bundle_too_large(Span(begin, begin + 1)))
            return
        declarations, found = read_directory(directory.text, begin)
        self.declarations += declarations
        self.problems += found

    def _take(self, span: Span, name: str, way: tuple[str, ...]) -> None:
        if len(self._taken) >= limits.FILES_MAX:
            self.problems.append(too_many_files(span))
            return
        text = self._read(span, name)
        if text is None:
            return
        begin = len(self.text) + 1
        if begin + len(text) > limits.BUNDLE_BYTES_MAX:
            self.problems.append(bundle_too_large(span))
            return
        path = str(self._folder / name)
        self.text += f"\n{text}"
        self.others.append((begin, path))
        parsed, found = parse(Source(path, " " * (begin - 1) + f"\n{text}"), begin)
        self.problems += found
        self.declarations += parsed.declarations
        self.comments += parsed.comments
        self.follow([one for one in parsed.declarations if isinstance(one, tree.Import)], (*way, name))

    def _read(self, span: Span, name: str) -> str | None:
        """Return the text of a file, None when there is none, which is told."""
        if self._files is None:
            self.problems.append(problems.no_import(span, name, "this text lies in no folder"))
            return None
        try:
            return self._files.read(name).decode("utf-8")
        except UnicodeDecodeError:
            reason = "it is not UTF-8"
        except ValueError:
            self.problems.append(problems.import_outside(span, name))
            return None
        except OSError as error:
            reason = (error.strerror or "it cannot be read").lower()
        self.problems.append(problems.no_import(span, name, reason))
        return None
