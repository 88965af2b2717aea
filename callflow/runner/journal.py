"""What happened to one session: every event with the effects it caused, in order; and each as a line of JSON."""

import json

import attrs

from callflow.engine.effects import Effect
from callflow.engine.events import Event
from callflow.machine.encode import parse, read, write


@attrs.frozen
class Entry:
    """One event and what the session ordered because of it. `state` is the number of the state it ended up in."""

    event: Event
    effects: tuple[Effect, ...]
    state: int


def to_line(entry: Entry) -> str:
    """Return an entry as one line of JSON without a line end. ASCII, so that no text of a caller can break the line."""
    return json.dumps(write(Entry, entry), separators=(",", ":"))


def from_line(text: str) -> Entry:
    """Return the entry of a line. Raises `callflow.machine.encode.Misfit`, a ValueError, when it is none."""
    entry: Entry = read(Entry, parse(text))
    return entry
