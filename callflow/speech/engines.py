"""What speaks: the library of a wheel, and the program of the system, behind one protocol. Keeps no files."""

import ctypes
import importlib
import os
import re
import shutil
import subprocess
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from callflow.speech.wav import WAV_BYTES_MAX, WavRefused, inspect, write_pcm, write_silence

PROGRAM: Final = "espeak-ng"
"""What the program of the system is called."""

PROGRAM_SECONDS_MAX: Final = 30
"""One run of the program. The longest text takes it less than a second; a machine under load gets time."""

WORDS_PER_MINUTE: Final = 150
"""Slower than the 175 of eSpeak: a caller hears a menu once, over a narrow line."""

SOUND_BYTES_MAX: Final = WAV_BYTES_MAX - 1_024
"""One rendered text, less a header: more could not be played."""

PHONEMES_MAX: Final = 10_000
"""Not a bound of sound but of voices: entries read from the list of an engine, which has some 150."""

_BUFFER_MS: Final = 200
"""How much sound the library makes before it hands it over; a text takes a handful of callbacks."""

_AUDIO_SYNCHRONOUS: Final = 2
_DONT_EXIT: Final = 0x8000
"""Without this the library ends the process when it does not find its data."""

_CHARS_UTF8: Final = 1
_POSITION_CHARACTER: Final = 1
_PARAMETER_RATE: Final = 1
_SAMPLE_BYTES: Final = 2

_TAG: Final = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*")
_VERSION: Final = re.compile(r"text-to-speech: (\S+)")
_OTHER_LANGUAGE: Final = re.compile(r"\(([A-Za-z0-9-]+) (\d+)\)")


class SpeechFailed(Exception):  # noqa: N818  names say what happened
    """A text could not be spoken. `reason` is a plain phrase."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason: Final = reason


class Engine(Protocol):
    """What turns text into a sound file. All of it may be called from several threads at once."""

    @property
    def name(self) -> str:
        """Return what it is, with its version: two engines of one name speak alike."""

    @property
    def voices(self) -> Mapping[str, str]:
        """Return its own names of voices by language tag in small letters, such as `pt-br`."""

    def speaks(self, language: str) -> bool:
        """Return whether it has a voice for a language tag such as `en` or `pt-BR`, or for its language alone."""

    def synthesize(self, text: str, language: str, out: Path) -> None:
        """Write a text as 16-bit mono PCM of at least one frame. Raises SpeechFailed; `out` may be half there then."""


class EspeakProgram:
    """The program `espeak-ng` of the system, or the one given. Raises SpeechFailed where there is none that works."""

    def __init__(self, program: Path | None = None) -> None:
        found = shutil.which(PROGRAM) if program is None else str(program)
        if found is None:
            raise SpeechFailed(f"there is no program `{PROGRAM}`")
        self._program: Final = found
        version = _VERSION.search(self._output("--version"))
        if version is None:
            raise SpeechFailed(f"`{found}` does not say its version")
        self.name: Final = f"espeak-ng program {version[1]}"
        self.voices: Final = _by_language(_listed_voices(self._output("--voices")))

    def speaks(self, language: str) -> bool:
        """Return whether there is a voice for a language tag, or for its language alone."""
        return _voice(language, self.voices) is not None

    def synthesize(self, text: str, language: str, out: Path) -> None:
        """Write a text as 16-bit mono PCM. Raises SpeechFailed."""
        voice = _voice_or_fail(language, self)
        target = out.absolute()
        # Text reaches the program on its standard input alone, so none of it can be taken for an option or a file.
        self._run(
            ["--stdin", "-b", "1", "-z", "-s", str(WORDS_PER_MINUTE), "-v", voice, "-w", str(target)],
            _plain(text).encode(),
        )
        try:
            if not target.exists() or target.stat().st_size <= _EMPTY_WAV_BYTES:
                # A text of nothing that is spoken makes an empty file, or none; so does a folder that is not there.
                write_silence(target)
            else:
                _make_up_a_frame(target)
        except OSError as error:
            raise SpeechFailed(f"`{target}` cannot be written: {error.strerror}") from error

    def _output(self, option: str) -> str:
        return self._run([option], b"").decode("utf-8", "replace")

    def _run(self, arguments: list[str], given: bytes) -> bytes:
        try:
            done = subprocess.run(
                [self._program, *arguments], input=given, capture_output=True, timeout=PROGRAM_SECONDS_MAX, check=False
            )
        except subprocess.TimeoutExpired:
            raise SpeechFailed(f"`{self._program}` did not end within {PROGRAM_SECONDS_MAX} s") from None
        except OSError as error:
            raise SpeechFailed(f"`{self._program}` cannot be run: {error.strerror}") from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise SpeechFailed(f"`{self._program}` failed with {done.returncode}{': ' + said[-1] if said else ''}")
        return done.stdout
