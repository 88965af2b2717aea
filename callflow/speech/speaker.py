"""Words to sound files, cached by content: a text is rendered once, whatever process asks. Plays nothing."""

import contextlib
import hashlib
from pathlib import Path
from typing import Final

from callflow.limits import TEXT_CHARS_MAX
from callflow.speech.engines import Engine, SpeechFailed
from callflow.speech.wav import PART_SUFFIX, WavRefused, is_playable, write_silence, write_whole

CACHE_BYTES_MAX: Final = 512 * 1024 * 1024
"""What is kept: some three hours of speech. More is texts that are said once."""

FORMAT: Final = 1
"""Counts up when the same text would be written in another way, so that old files are not taken."""

_NO_ENGINE: Final = (
    "nothing here can speak: install the extra `callflow-ivr[sip]` or the system package `espeak-ng`, "
    "or give sound files"
)


class Speaker:
    """Renders texts through an engine into a folder that processes may share."""

    def __init__(self, cache_dir: Path, engine: Engine | None) -> None:
        self._dir = cache_dir / "speech"
        self._engine = engine
        with contextlib.suppress(OSError):
            self._dir.mkdir(parents=True, exist_ok=True)
            self._trim()

    def sound_for(self, text: str, language: str) -> Path:
        """Return the 16-bit mono WAV in which a text is spoken. Raises SpeechFailed."""
        path = self._path(text, language)
        if is_playable(path):
            with contextlib.suppress(OSError):
                path.touch()  # what is used stays when the oldest goes
            return path
        if len(text) > TEXT_CHARS_MAX:
            raise SpeechFailed(f"the text has {len(text)} characters, the limit is {TEXT_CHARS_MAX}")
        engine = self._engine
        try:
            if not text.strip():
                write_whole(path, write_silence)
            elif engine is None:
                raise SpeechFailed(_NO_ENGINE)
            else:
                write_whole(path, lambda part: engine.synthesize(text, language, part))
        except (OSError, WavRefused) as error:
            raise SpeechFailed(f"`{path}` cannot be written: {error}") from error
        return path

    def ready(self, text: str, language: str) -> bool:
        """Return whether a text was rendered before."""
        return is_playable(self._path(text, language))

    def _path(self, text: str, language: str) -> Path:
        name = self._engine.name if self._engine is not None and text.strip() else "silence"
        content = "\0".join((str(FORMAT), name, language, text))
        return self._dir / f"{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()}.wav"

    def _trim(self) -> None:
        """Remove what was used longest ago, down to the bound, and what a process that died left half-written."""
        files = []
        for path in self._dir.iterdir():
            with contextlib.suppress(OSError):
                if path.name.endswith(PART_SUFFIX):
                    continue
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        size = sum(one for _, one, _ in files)
        for _, one, path in sorted(files):
            if size <= CACHE_BYTES_MAX:
                return
            with contextlib.suppress(OSError):
                path.unlink()
                size -= one
