"""The files of a scheme with all names in them: what stands at a place, where it is declared, where it is used."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

import attrs

from callflow.lsp.names import Kind, Name, names_in
from callflow.source import Source, Span
from callflow.syntax import tree
from callflow.syntax.parser import parse

_BEGINS: Final = re.compile(r"^(?:(flow|prompt)[ \t]+([A-Za-z_][A-Za-z0-9_]*)|start(?=[ \t]*\{))", re.MULTILINE)

_Block = tree.FlowDecl | tree.PromptDecl
"""Declarations with braces."""


@attrs.frozen(slots=False, eq=False)
class File:
    """A text that was read. `key` is its path, or what else the editor calls it."""

    key: str
    text: str
    parsed: tree.Tree
    readable: bool
    """Whether its text has no mistakes."""
    is_scheme: bool = True
    """Whether it is written in this language, and not a directory."""

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Return all names in the file, in source order."""
        return tuple(sorted(names_in(self.parsed), key=lambda name: name.span))


def read_file(key: str, text: str) -> File:
    """Return a file of a scheme; never raises."""
    parsed, problems = parse(Source(key, text))
    if problems:
        kept = {(type(one), one.name.span) for one in parsed.declarations if isinstance(one, _Block)}
        lost = (one for one in _begun(text) if (type(one), one.name.span) not in kept)
        declarations = sorted((*parsed.declarations, *lost), key=lambda one: one.span)
        parsed = tree.Tree(tuple(declarations), parsed.comments)
    return File(key, text, parsed, not problems)


def _begun(text: str) -> Iterator[_Block]:
    """Yield what begins a block at the begin of a line, empty: where a brace is missing, the tree has it not."""
    for found in _BEGINS.finditer(text):
        span = Span(*found.span())
        name = tree.Ident(found[2] or "start", Span(*found.span(2 if found[2] else 0)))
        if found[1] == "prompt":
            yield tree.PromptDecl(name, (), span)
        else:
            yield tree.FlowDecl(name, tree.Block((), span, braced=True), span)


@attrs.frozen
class Place:
    """A name in one of the files."""

    file: File
    name: Name
    kind: Kind

    @property
    def span(self) -> Span:
        """Return where it stands in its file."""
        return self.name.span

    @property
    def said(self) -> str:
        """Return the node that it is a part of as it was written."""
        span = self.name.owner.span
        return self.file.text[span.start : span.end]


class Scheme:
    """Files that are one scheme, or that schemes share."""

    def __init__(self, files: Iterable[File]) -> None:
        self.files = tuple(files)

    @cached_property
    def declared(self) -> dict[tuple[Kind, str], list[Place]]:
        """Return where each name is declared, in the order of the files."""
        found: dict[tuple[Kind, str], list[Place]] = {}
        for file in self.files:
            for name in file.names:
                if name.declares:
                    (kind,) = name.kinds
                    found.setdefault((kind, name.text), []).append(Place(file, name, kind))
        return found

    @cached_property
    def whole(self) -> tree.Tree:
        """Return the declarations of all files. Their spans count in each file."""
        return tree.Tree(tuple(one for file in self.files for one in file.parsed.declarations), ())

    def named(self, kind: Kind) -> list[Place]:
        """Return the first declaration of every name of a kind."""
        return [places[0] for (one, _), places in self.declared.items() if one is kind]

    def places(self) -> Iterator[Place]:
        """Yield every name of all files."""
        for file in self.files:
            yield from self.in_file(file)

    def in_file(self, file: File) -> Iterator[Place]:
        """Yield every name of a file."""
        return (self._resolved(file, name) for name in file.names)

    def at(self, key: str, offset: int) -> Place | None:
        """Return the name at an offset of a file, also directly behind it."""
        for file in self.files:
            if file.key == key:
                for name in file.names:
                    if name.span.start <= offset <= name.span.end:
                        return self._resolved(file, name)
        return None

    def definitions(self, place: Place) -> list[Place]:
        """Return where what a name means is declared. A value may be set at several places."""
        return self.declared.get((place.kind, place.name.text), [])

    def references(self, place: Place) -> list[Place]:
        """Return every place of the same name, declarations too."""
        return [one for one in self.places() if one.kind is place.kind and one.name.text == place.name.text]

    def _resolved(self, file: File, name: Name) -> Place:
        kind = next((kind for kind in name.kinds if (kind, name.text) in self.declared), name.kinds[0])
        return Place(file, name, kind)
