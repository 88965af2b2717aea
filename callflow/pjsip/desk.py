"""What all calls of a process share: the scheme, its sounds, the floor, the web, where files go, and who is told.
Values and small books; nothing here touches SIP.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import attrs

from callflow.machine.model import Machine
from callflow.pjsip.hall import Hall
from callflow.pjsip.rooms import Rooms
from callflow.pjsip.sounds import Sounds
from callflow.runner.journal import Entry
from callflow.web.web import Web


@attrs.frozen
class Desk:
    """What a call needs beside itself."""

    machine: Machine
    hall: Hall
    sounds: Sounds
    rooms: Rooms
    web: Web
    recordings: Path
    """An absolute path."""
    trunk: str
    agents: Mapping[str, str]
    """Addresses that stand in for those of the scheme, by agent."""
    agents_transfer: bool
    """Whether agents may hand callers over from their phones."""
    on_entry: Callable[[str, Entry], None]
    on_note: Callable[[str, str], None]
