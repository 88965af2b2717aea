"""What all calls of a process share: the scheme, its sounds, who is talking already, and who is told. Values and small
books; nothing here touches SIP.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import attrs

from callflow.machine.model import Machine
from callflow.pjsip.sounds import Sounds
from callflow.runner.journal import Entry
from callflow.runner.runner import Almanac

_UNFIT_IN_NAMES: Final = re.compile(r"[^\w.-]+")


@attrs.frozen
class Desk:
    """What a call needs beside itself."""

    machine: Machine
    almanac: Almanac
    sounds: Sounds
    recordings: Path
    trunk: str
    agents: Mapping[str, str]
    """Addresses that stand in for those of the scheme, by agent."""
    busy: set[str]
    """Agents who are in a call of this process, ringing included: nobody's phone rings twice."""
    on_entry: Callable[[str, Entry], None]
    on_note: Callable[[str, str], None]

    def message_path(self, box: str, stamp: str, call_id: str, ticket: int) -> Path:
        """Return where a message is kept."""
        folder = _UNFIT_IN_NAMES.sub("_", box).lstrip(".") or "_"
        return self.recordings / "voicemail" / folder / f"{stamp}-{call_id}-{ticket}.wav"

    def recording_path(self, stamp: str, call_id: str) -> Path:
        """Return where a call is recorded."""
        return self.recordings / f"{stamp}-{call_id}.wav"
