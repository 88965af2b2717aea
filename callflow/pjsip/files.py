"""Recordings on disk: what they are called, and when they are complete. The library writes the header of a file last,
some milliseconds after it let go of it.
"""

import asyncio
import re
from pathlib import Path
from typing import Final

HEADER_BYTES: Final = 44
"""The header that the library writes: RIFF, one `fmt ` and one `data` chunk."""

BYTES_A_MS: Final = 16
"""8 kHz, 16 bits, one channel."""

FIRST_LOOK_S: Final = 0.1
NEXT_LOOK_S: Final = 0.05
_UNFIT_IN_NAMES: Final = re.compile(r"[^\w.-]+")

LOOKS_MAX: Final = 10
"""The header comes within 20 ms on an idle machine; after 0.6 s it will not come any more."""


def message_path(recordings: Path, box: str, call_id: str, ticket: int) -> Path:
    """Return where a message is kept: for a box, or with `box` empty what a caller said for the call itself."""
    folder = recordings / "said"
    if box:
        folder = recordings / "voicemail" / (_UNFIT_IN_NAMES.sub("_", box).lstrip(".") or "_")
    return folder / f"{call_id}-{ticket}.wav"


def recording_path(recordings: Path, call_id: str, number: int) -> Path:
    """Return where a call is recorded; `number` counts the recordings of one call."""
    return recordings / (f"{call_id}.wav" if number == 1 else f"{call_id}-{number}.wav")


async def complete(path: Path) -> int:
    """Wait until a recording is complete, mend its header if it never is, and return its length in milliseconds."""
    await asyncio.sleep(FIRST_LOOK_S)
    for _ in range(LOOKS_MAX):
        if _is_complete(path):
            break
        await asyncio.sleep(NEXT_LOOK_S)
    else:
        await asyncio.to_thread(_mend, path)
    return _data_bytes(path) // BYTES_A_MS


def _is_complete(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError:
        return False
    return len(header) == HEADER_BYTES and int.from_bytes(header[40:44], "little") == _data_bytes(path)


def _data_bytes(path: Path) -> int:
    try:
        return max(0, path.stat().st_size - HEADER_BYTES)
    except OSError:
        return 0


def _mend(path: Path) -> None:
    from callflow.speech import wav  # noqa: PLC0415  needed after a fault only

    if path.exists():
        wav.repair(path)
