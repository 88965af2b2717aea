"""A folder of journals: one file a call, and the machines that they are of.

A file is lines of JSON: first what it is and which machine answered, then an entry a line as it happens. Machines stand
beside them by the hash of their text, so that a call can be understood when its scheme has long changed.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

import attrs

from callflow.engine.events import CallOffered
from callflow.machine.codec import MachineRefused, from_json, to_json
from callflow.machine.encode import Misfit
from callflow.machine.model import Machine
from callflow.runner.journal import Entry, from_line, to_line

_FORMAT: Final = 1
_FILE_BYTES_MAX: Final = 64 * 1024 * 1024
"""A journal of a call of two hours has some hundred kilobytes."""


class JournalRefused(ValueError):
    """A file that is no journal, or whose machine is not there; the message is for the user."""


@attrs.frozen
class Kept:
    """A call as it was kept. `scheme` is what its file was called."""

    machine: Machine
    scheme: str
    journal: tuple[Entry, ...]


class Shelf:
    """Where journals of the calls of one machine are kept."""

    def __init__(self, folder: Path, machine: Machine, scheme: str) -> None:
        """Make the folder, and put the machine there. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._scheme = scheme
        text = to_json(machine)
        self._hash = hashlib.sha256(text.encode()).hexdigest()[:16]
        place = _machine_at(folder, self._hash)
        if not place.exists():
            unfinished = place.with_suffix(f".{os.getpid()}")
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(place)

    def begin(self, call_id: str, offer: CallOffered) -> "Book":
        """Begin the journal of a call: a file by the time and the name of the call. Raises OSError."""
        when = datetime.fromtimestamp(offer.started_ms / 1_000, UTC)
        name = "".join(char if char.isalnum() or char in "-_." else "-" for char in call_id)[:64]
        path = self._folder / f"{when:%Y%m%dT%H%M%S}-{name}.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        book = Book(path, os.fdopen(descriptor, "w", encoding="utf-8", buffering=1))
        book.write({"journal": _FORMAT, "machine": self._hash, "scheme": self._scheme})
        return book


class Book:
    """The file of one call under way. Each entry is in the file when `add` returns."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self.path = path
        self._file = file

    def add(self, entry: Entry) -> None:
        """Write what happened. Raises OSError."""
        self._file.write(f"{to_line(entry)}\n")

    def write(self, head: dict[str, object]) -> None:
        """Write what the file is. Raises OSError."""
        self._file.write(f"{json.dumps(head, separators=(',', ':'))}\n")

    def close(self) -> None:
        """End the file."""
        self._file.close()


def read_journal(path: Path) -> Kept:
    """Return a call that was kept. A last line that is not whole is left out. Raises JournalRefused and OSError."""
    if path.stat().st_size > _FILE_BYTES_MAX:
        raise JournalRefused(f"{path} is larger than any journal")
    try:
        first, *others = path.read_text(encoding="utf-8").splitlines() or [""]
        head = json.loads(first)
        machine, scheme = str(head["machine"]), str(head["scheme"])
        if head["journal"] != _FORMAT or not machine.isalnum():
            raise JournalRefused(f"{path} is a journal of another version")
    except (UnicodeDecodeError, ValueError, TypeError, KeyError) as error:
        if isinstance(error, JournalRefused):
            raise
        raise JournalRefused(f"{path} is no journal") from None
    found: list[Entry] = []
    for number, line in enumerate(others, 2):
        try:
            found.append(from_line(line))
        except Misfit as misfit:
            if number == len(others) + 1:
                break
            raise JournalRefused(f"{path}:{number}: {misfit}") from None
    if not found or not isinstance(found[0].event, CallOffered):
        raise JournalRefused(f"{path} holds no call")
    return Kept(_machine_of(path, machine), scheme, tuple(found))


def _machine_of(path: Path, digest: str) -> Machine:
    place = _machine_at(path.parent, digest)
    try:
        return from_json(place.read_text(encoding="utf-8"))
    except OSError:
        raise JournalRefused(f"{path} is of a machine that is not beside it: {place.name}") from None
    except MachineRefused as refused:
        raise JournalRefused(f"{place}: {refused}") from None


def _machine_at(folder: Path, digest: str) -> Path:
    return folder / f"machine-{digest}.json"
