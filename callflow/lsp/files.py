"""Files that may be named at a place of a text: schemes to import and sounds to play, in the folder of the scheme."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from callflow.check.files import lies_outside
from callflow.lsp.completion import Completion, Item, token_around

_IMPORTING: Final = re.compile(r"\bimport\s+\Z")
_SOUNDING: Final = re.compile(r"(?:\b(?:file|play|greeting|music|whisper)\s+|,\s*)\Z")

_ENTRIES_MAX: Final = 1_000
"""Entries of a folder that are looked at."""


def complete_file(text: str, offset: int, key: str, folders: list[str]) -> Completion | None:
    """Return the files that may be named in the text around an offset, None where none is named.

    `key` is the path of the file that is written, `folders` are those that paths count from.
    """
    token = token_around(text, offset)
    if token is None or token[1][0] != '"':
        return None
    before, typed = text[:token[0]], text[token[0] + 1 : offset]  # fmt: skip
    suffix = ".flow" if _IMPORTING.search(before) else ".wav" if _SOUNDING.search(before) else ""
    if not suffix or "{" in typed or lies_outside(typed):
        return None
    inside, _, name = typed.rpartition("/")
    items = [one for folder in folders for one in _entries(Path(folder), inside, suffix) if one.detail != key]
    return Completion(offset - len(name), tuple({one.label: one for one in items}.values()))


def _entries(folder: Path, inside: str, suffix: str) -> Iterator[Item]:
    """Yield what a folder holds, folders last. Not what is hidden, nor where a link leads outside."""
    top = folder.resolve()
    try:
        found = sorted(islice((folder / inside).iterdir(), _ENTRIES_MAX))
    except OSError:
        return
    for path in found:
        if path.name.startswith(".") or not path.resolve().is_relative_to(top):
            continue
        if path.is_dir():
            yield Item(f"{path.name}/", "folder", rank=1)
        elif path.suffix.lower() == suffix:
            yield Item(path.name, "file", str(path))
