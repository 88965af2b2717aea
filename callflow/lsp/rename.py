"""Another name for something wherever it is used, or why not. A rename is read again before it is made."""

import re
from typing import Final

from callflow.check.names import GIVEN_NAMES
from callflow.highlight.words import words
from callflow.limits import NAME_CHARS_MAX
from callflow.lsp.names import Kind, Name
from callflow.lsp.scheme import File, Place, Scheme, read_file
from callflow.source import Span
from callflow.syntax import tree

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_SHARED: Final = (
    frozenset({Kind.VALUE, Kind.SCHEDULE, Kind.TARGET}),
    frozenset({Kind.VALUE, Kind.PROMPT}),
)
"""Kinds of names that stand in the same places."""

Edits = dict[str, list[Span]]
"""The spans in each file that get the new name."""


class RenameRefused(ValueError):
    """A rename that cannot be made, and why."""


def renameable(scheme: Scheme, place: Place) -> None:
    """Raise RenameRefused where a name cannot get another one at all."""
    name = place.name.text
    if place.kind is Kind.GIVEN:
        raise RenameRefused(f"`{name}` is known to every call and has this name everywhere")
    if place.kind is Kind.LANGUAGE:
        raise RenameRefused(f"`{name}` is a language, and they have their names from elsewhere")
    if place.kind is Kind.FLOW and name == "start":
        raise RenameRefused("`start` is the flow that calls enter and has always this name")
    declared = scheme.definitions(place)
    if not declared:
        raise RenameRefused(f"`{name}` is declared nowhere")
    if any(not one.file.is_scheme for one in declared):
        raise RenameRefused(f"`{name}` is declared in a directory, which other schemes use, too")
    for file in scheme.files:
        if file.is_scheme and not file.readable:
            raise RenameRefused(f"the text of `{file.key}` has mistakes; repair them first")


def rename(scheme: Scheme, place: Place, new: str) -> Edits:
    """Return where the new name goes. Raises RenameRefused."""
    renameable(scheme, place)
    if not _NAME.fullmatch(new):
        raise RenameRefused(f"`{new}` is no name: names have the letters `a` to `z`, digits and `_`")
    if len(new) > NAME_CHARS_MAX:
        raise RenameRefused(f"a name has at most {NAME_CHARS_MAX} characters")
    if new in words().all:
        raise RenameRefused(f"`{new}` is a word of the language")
    _refuse_clash(scheme, place.kind, new)
    edits: Edits = {}
    for one in scheme.references(place):
        if one.file.is_scheme:
            edits.setdefault(one.file.key, []).append(one.span)
    _read_again(scheme, place, new, edits)
    return edits


def _refuse_clash(scheme: Scheme, kind: Kind, new: str) -> None:
    kinds = {kind}.union(*(shared for shared in _SHARED if kind in shared))
    for other in Kind:
        if other in kinds and (other, new) in scheme.declared:
            what = scheme.declared[other, new][0]
            raise RenameRefused(f"`{new}` is the name of {_called(what)} already")
    if Kind.VALUE in kinds and (
        new in GIVEN_NAMES or f"{new}." in {f"{one.partition('.')[0]}." for one in GIVEN_NAMES}
    ):
        raise RenameRefused(f"`{new}` is known to every call")


def _called(place: Place) -> str:
    if place.kind is Kind.TARGET:
        return "a group" if isinstance(place.name.owner, tree.GroupDecl) else "an agent"
    return "a value" if place.kind is Kind.VALUE else f"a {place.kind.value}"


def _read_again(scheme: Scheme, place: Place, new: str, edits: Edits) -> None:
    """Refuse a rename after which the files would say something else."""
    after = Scheme(
        read_file(file.key, _renamed(file, edits[file.key], new)) if file.key in edits else file
        for file in scheme.files
    )
    was = [(one.kind, new if _same(one.name, place.name, one.kind, place.kind) else one.name.text)
           for one in scheme.places()]  # fmt: skip
    now = [(one.kind, one.name.text) for one in after.places()]
    if was != now or any(file.is_scheme and not file.readable for file in after.files):
        raise RenameRefused(f"with `{new}` the scheme would be read differently")


def _same(one: Name, other: Name, kind: Kind, its: Kind) -> bool:
    return kind is its and one.text == other.text


def _renamed(file: File, spans: list[Span], new: str) -> str:
    parts: list[str] = []
    at = 0
    for span in sorted(spans):
        parts += (file.text[at : span.start], new)
        at = span.end
    return "".join((*parts, file.text[at:]))
