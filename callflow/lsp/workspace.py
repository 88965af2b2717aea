"""The schemes an editor works on: texts that are open, files on disk, who imports whom, and what is wrong with them.

An import counts from the folder of the scheme that is checked, so a file alone does not know what it belongs to.
Schemes that import it are looked for in its folder and in those above, up to the folder that the editor opened.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import attrs

from callflow.check.files import lies_outside
from callflow.compile.pipeline import Compiled, Folder, compile_source
from callflow.diagnostic import Diagnostic
from callflow.directory.reading import read_directory
from callflow.limits import BUNDLE_BYTES_MAX, FILES_MAX
from callflow.lsp.scheme import File, Scheme, read_file
from callflow.source import Source, Span
from callflow.syntax import tree
from callflow.syntax.parser import parse

_IMPORT: Final = re.compile(r'^[ \t]*import[ \t]+"([^"\\{}\r\n]+)"', re.MULTILINE)

_CANDIDATES_MAX: Final = 200
"""Files of a folder that are asked what they import."""

Found = tuple[Diagnostic, Source]
"""A problem, and the text that its spans count in."""


@attrs.frozen
class _OpenFolder:
    """The folder of a scheme, where texts that are open come before files."""

    folder: Folder
    buffers: dict[str, str]

    def read(self, file: str) -> bytes:
        """Return what is in a file."""
        text = self.buffers.get(os.path.normpath(self.folder.folder / file))
        return self.folder.read(file) if text is None else text.encode("utf-8", "surrogatepass")

    def refusal(self, file: str) -> str | None:
        """Return why the endpoint cannot play `file`."""
        return self.folder.refusal(file)


class Workspace:
    """Everything that is open. Keys are absolute paths, or the addresses of texts that lie on no disk."""

    def __init__(self, folders: Iterable[str] = (), directory: str | None = None) -> None:
        """Work in `folders`. A `directory` belongs to every scheme."""
        self.buffers: dict[str, str] = {}
        self._folders = [os.path.normpath(folder) for folder in folders]
        self._directory = None if directory is None else os.path.normpath(Path(directory).absolute())
        self._files: dict[str, File] = {}
        self._disk: dict[str, tuple[int, int, str]] = {}
        self._listed: dict[str, list[str]] = {}
        self._checked: dict[str, Compiled] = {}

    # --- texts ---

    def open(self, key: str, text: str) -> None:
        """Take in the text of a file that the editor shows."""
        self.buffers[key] = text

    def close(self, key: str) -> None:
        """Go by the file on disk again."""
        self.buffers.pop(key, None)
        self._files.pop(key, None)

    def refresh(self) -> None:
        """Forget what is known of the disk, and check everything anew."""
        self._listed.clear()
        self._checked.clear()

    def text(self, key: str) -> str | None:
        """Return the text of a file, None where there is none."""
        if key in self.buffers:
            return self.buffers[key]
        try:
            stat = Path(key).stat()
            known = self._disk.get(key)
            if known is None or known[:2] != (stat.st_mtime_ns, stat.st_size):
                if stat.st_size > BUNDLE_BYTES_MAX:
                    return None
                text = Path(key).read_bytes().decode("utf-8")
                known = self._disk[key] = (stat.st_mtime_ns, stat.st_size, text)
        except (OSError, ValueError):
            return None
        return known[2]

    def file(self, key: str) -> File | None:
        """Return a file of a scheme, read; None where there is none."""
        text = self.text(key)
        if text is None:
            return None
        known = self._files.get(key)
        if known is None or known.text != text:
            known = self._files[key] = self._read(key, text)
        return known

    def _read(self, key: str, text: str) -> File:
        if key != self._directory:
            return read_file(key, text)
        declarations, problems = read_directory(text, 0)
        return File(key, text, tree.Tree(declarations, ()), not problems, is_scheme=False)

    # --- what belongs together ---

    def scheme(self, key: str) -> Scheme:
        """Return the scheme that a file belongs to; of a file that several import, all of them."""
        keys = dict.fromkeys((key, *(one for root in self.roots(key) for one in self._reached(root))))
        directory = (self._directory,) if self._directory else ()
        return Scheme(file for one in (*keys, *directory) if (file := self.file(one)) is not None)

    def roots(self, key: str) -> list[str]:
        """Return the schemes that a file is part of: those that import it and that nobody imports, or itself."""
        if not on_disk(key):
            return [key]
        reached = {one: self._reached(one) for one in self._candidates(key)}
        over = [one for one, files in reached.items() if one != key and key in files]
        tops = [one for one in over if not any(one in reached[other] for other in over if other != one)]
        return tops or [key]

    def folders(self, key: str) -> list[str]:
        """Return the folders that paths in a file count from: those of the schemes that it is part of."""
        return list(dict.fromkeys(str(PurePosixPath(root).parent) for root in self.roots(key) if on_disk(root)))

    def imported(self, key: str, offset: int) -> list[str]:
        """Return the files that an import at an offset leads to; empty where there is none."""
        file = self.file(key)
        imports = [one for one in file.parsed.declarations if isinstance(one, tree.Import)] if file else []
        paths = [one.path.plain for one in imports if one.path.span.start <= offset <= one.path.span.end]
        inside = [path for path in paths if not lies_outside(path)]
        found = (os.path.normpath(PurePosixPath(folder) / path) for folder in self.folders(key) for path in inside)
        return [one for one in dict.fromkeys(found) if self.text(one) is not None]

    def _reached(self, root: str) -> list[str]:
        """Return a scheme and the files that it imports, itself first."""
        found = [root]
        if not on_disk(root):
            return found
        folder = PurePosixPath(root).parent
        for key in found:
            for path in _IMPORT.findall(self.text(key) or ""):
                one = os.path.normpath(folder / path)
                if not lies_outside(path) and one not in found and len(found) <= FILES_MAX:
                    found.append(one)
        return found

    def _candidates(self, key: str) -> Iterator[str]:
        """Yield the schemes that may import a file."""
        folder = os.path.dirname(key)  # noqa: PTH120  keys are texts
        top = max((one for one in self._folders if _holds(one, folder)), key=len, default=folder)
        while True:
            yield from self._schemes_in(folder)
            if folder == top or not _holds(top, folder):
                return
            folder = os.path.dirname(folder)  # noqa: PTH120

    def _schemes_in(self, folder: str) -> list[str]:
        if folder not in self._listed:
            try:
                names = sorted(one.name for one in os.scandir(folder) if one.name.endswith(".flow"))
            except OSError:
                names = []
            self._listed[folder] = [os.path.join(folder, name) for name in names[:_CANDIDATES_MAX]]  # noqa: PTH118
        opened = (one for one in self.buffers if os.path.dirname(one) == folder)  # noqa: PTH120
        return list(dict.fromkeys((*self._listed[folder], *opened)))

    # --- what is wrong ---

    def check(self, changed: str | None = None) -> None:
        """Check every scheme that is open in parts; with `changed`, only those that this file is a part of."""
        roots = dict.fromkeys(root for key in self.buffers for root in self.roots(key) if key != self._directory)
        affected = set(roots) if changed in (None, self._directory) else {changed, *self.roots(changed or "")}
        checked = {root: self._checked[root] for root in roots if root in self._checked and root not in affected}
        checked |= {root: self._compiled(root) for root in roots if root not in checked}
        self._checked = checked

    def compiled(self, root: str) -> Compiled | None:
        """Return what became of a scheme when it was last checked."""
        return self._checked.get(root)

    def recheck(self, root: str, text: str) -> Compiled:
        """Return what would become of a scheme with another text."""
        files = _OpenFolder(Folder(Path(root).parent), self.buffers) if on_disk(root) else None
        directory = None if self._directory is None else self.text(self._directory)
        told = Source(self._directory or "", directory) if directory is not None else None
        return compile_source(Source(root, text), files, told)

    def _compiled(self, root: str) -> Compiled:
        return self.recheck(root, self.text(root) or "")

    def found(self) -> dict[str, list[Found]]:
        """Return the problems of every file that was checked, each told once, in source order."""
        told: dict[str, list[Found]] = {}
        covered: set[str] = set()
        for compiled in self._checked.values():
            source = compiled.source
            covered |= {source.path, *(path for _, path in source.others)}
            for problem in compiled.problems:
                told.setdefault(part_of(source, problem.span)[0], []).append((problem, source))
        for key in self.buffers.keys() - covered - {self._directory}:
            source = Source(key, self.buffers[key])  # what imports it has mistakes, and was read no further
            told[key] = [(problem, source) for problem in parse(source)[1]]
        return {key: list(_once(problems)) for key, problems in told.items()}


def on_disk(key: str) -> bool:
    """Return whether a key is the path of a file."""
    return key.startswith(os.sep)


def part_of(source: Source, span: Span) -> tuple[str, Span]:
    """Return the file that a span of a scheme lies in, and the span as it counts there."""
    number = bisect_right(source.others, span.start, key=lambda other: other[0])
    begin, path = source.others[number - 1] if number else (0, source.path)
    return path, Span(span.start - begin, max(span.start, span.end) - begin)


def text_of_part(source: Source, path: str) -> str:
    """Return the text of one file of a scheme."""
    parts = ((0, source.path), *source.others)
    for number, (begin, one) in enumerate(parts):
        if one == path:
            return source.text[begin : parts[number + 1][0] - 1 if number + 1 < len(parts) else None]
    raise LookupError(path)


def _once(found: list[Found]) -> Iterator[Found]:
    """Yield the problems of a file in source order; what several schemes say of it once."""
    told: set[tuple[str, Span, str]] = set()
    for problem, source in sorted(found, key=lambda one: part_of(one[1], one[0].span)[1]):
        key = (problem.code.id, part_of(source, problem.span)[1], problem.message)
        if key not in told:
            told.add(key)
            yield problem, source


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
