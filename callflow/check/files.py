"""What the checker asks about sound files. The answers come from whoever knows the disk."""

from typing import Protocol


class SoundFiles(Protocol):
    """The sound files of a scheme."""

    def refusal(self, file: str) -> str | None:
        """Return why the endpoint cannot play `file`, `""` when it is missing, None when it can."""


class SchemeFiles(SoundFiles, Protocol):
    """The files of a scheme: those it imports, too."""

    def read(self, file: str) -> bytes:
        """Return what is in a file. Raises OSError, and ValueError where it lies outside the scheme's folder."""


def lies_outside(file: str) -> bool:
    """Return whether a path leaves the folder it counts from."""
    return file.startswith(("/", "\\", "~")) or ":" in file or ".." in file.replace("\\", "/").split("/")
