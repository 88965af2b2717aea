"""What speaks: the library of a wheel, and the program of the system, behind one protocol. Keeps no files."""

import ctypes
import importlib
import re
import shutil
import subprocess
import threading
import unicodedata
from collections.abc import Container
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, Self

from callflow.speech.wav import write_pcm, write_silence

PROGRAM: Final = "espeak-ng"
"""What the program of the system is called."""

PROGRAM_S_MAX: Final = 30
"""One run of the program. The longest text takes it less than a second; a machine under load gets time."""

WORDS_PER_MINUTE: Final = 150
"""Slower than the 175 of eSpeak: a caller hears a menu once, over a narrow line."""

SOUND_BYTES_MAX: Final = 20 * 1024 * 1024
"""One rendered text: as much as can be played."""

_BUFFER_MS: Final = 200
"""How much sound the library makes before it hands it over; a text takes a handful of callbacks."""

_SYNCHRONOUS: Final = 2
_DO_NOT_EXIT: Final = 0x8000
"""Without this the library ends the process when it does not find its data."""

_UTF8: Final = 1
_RATE: Final = 1
_VERSION: Final = re.compile(r"[0-9]+(?:\.[0-9]+)+[\w-]*")

_JOINERS: Final = "\u200c\u200d"
"""Joiners and non-joiners belong to the spelling of Persian and the languages of India."""

_VOICES: Final = {"en": "en-us", "pt": "pt-br", "fr": "fr-fr", "es": "es", "zh": "cmn", "no": "nb"}
"""Voices for languages that name no country, where it is not the language itself."""


class SpeechFailed(Exception):
    """A text could not be spoken. `reason` is a plain phrase."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason: Final = reason


class Engine(Protocol):
    """What turns text into a sound file. All of it may be called from several threads at once."""

    @property
    def name(self) -> str:
        """Return what it is, with its version: two engines of one name speak alike."""

    def speaks(self, language: str) -> bool:
        """Return whether it has a voice for a language tag such as `en` or `pt-BR`, or for its language alone."""

    def synthesize(self, text: str, language: str, out: Path) -> None:
        """Write a text as 16-bit mono PCM of at least one frame. Raises SpeechFailed."""


class EspeakProgram:
    """The program `espeak-ng` of the system, or the one given. Raises SpeechFailed where there is none that works."""

    def __init__(self, program: str | None = None) -> None:
        found = program or shutil.which(PROGRAM)
        if found is None:
            raise SpeechFailed(f"there is no program `{PROGRAM}`")
        self._program: Final = found
        said = self._run(["--version"], b"")
        version = _VERSION.search(said)
        if version is None:
            raise SpeechFailed(f"`{found}` does not say its version")
        self.name: Final = f"espeak-ng program {version.group()}"
        listed = self._run(["--voices"], b"").splitlines()[1:]
        self._voices: Final = frozenset(line.split()[1] for line in listed if line)

    def speaks(self, language: str) -> bool:
        """Return whether there is a voice for a language tag, or for its language alone."""
        return _voice(language, self._voices) is not None

    def synthesize(self, text: str, language: str, out: Path) -> None:
        """Write a text as 16-bit mono PCM. Raises SpeechFailed."""
        voice = _voice_or_fail(language, self._voices, self.name)
        # Text reaches the program on its standard input alone, so none of it can be taken for an option or a file.
        self._run(
            ["--stdin", "-b", "1", "-s", str(WORDS_PER_MINUTE), "-v", voice, "-w", str(out.absolute())],
            _plain(text).encode(),
        )
        if not out.exists():
            write_silence(out)

    def _run(self, arguments: list[str], given: bytes) -> str:
        try:
            done = subprocess.run(  # noqa: S603  the program is espeak-ng, the arguments are ours
                [self._program, *arguments], input=given, capture_output=True, timeout=PROGRAM_S_MAX, check=False
            )
        except subprocess.TimeoutExpired:
            raise SpeechFailed(f"`{self._program}` did not end within {PROGRAM_S_MAX} s") from None
        except OSError as error:
            raise SpeechFailed(f"`{self._program}` cannot be run: {error.strerror}") from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise SpeechFailed(f"`{self._program}` failed with {done.returncode}{': ' + said[-1] if said else ''}")
        return done.stdout.decode("utf-8", "replace")


class EspeakLibrary:
    """The library of the wheel `espeakng-loader`. One a process: its state is global, so a lock guards every use.

    Raises SpeechFailed where the wheel is not there or its library does not start.
    """

    _lock: Final = threading.Lock()
    _only: "ClassVar[EspeakLibrary | None]" = None

    def __new__(cls) -> Self:
        """Return the one engine of this process: a second start would take the sound away from the first."""
        if cls._only is None:
            made = super().__new__(cls)
            made._start()
            cls._only = made
        assert isinstance(cls._only, cls)
        return cls._only

    def _start(self) -> None:
        try:
            loader: Any = importlib.import_module("espeakng_loader")
            self._library = ctypes.CDLL(loader.get_library_path())
        except (ImportError, OSError) as error:
            raise SpeechFailed(f"the wheel `espeakng-loader` cannot be used: {error}") from None
        with self._lock:
            data = loader.get_data_path().encode()
            self._rate_hz = self._library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, _DO_NOT_EXIT)
            if self._rate_hz <= 0:
                raise SpeechFailed("the library of `espeakng-loader` does not find its data")
            self._library.espeak_Info.restype = ctypes.c_char_p
            version = _VERSION.search(self._library.espeak_Info(None).decode("utf-8", "replace"))
            self.name = f"espeak-ng library {version.group() if version else 'of unknown version'}"
            self._voices = self._listed()
            self._pcm = bytearray()
            # The library keeps the address of this callback: it must live as long as the engine does.
            self._callback = _CALLBACK(self._take)
            self._library.espeak_SetSynthCallback(self._callback)
            self._library.espeak_SetParameter(_RATE, WORDS_PER_MINUTE, 0)

    def speaks(self, language: str) -> bool:
        """Return whether there is a voice for a language tag, or for its language alone."""
        return _voice(language, self._voices) is not None

    def synthesize(self, text: str, language: str, out: Path) -> None:
        """Write a text as 16-bit mono PCM. Raises SpeechFailed, and OSError where `out` cannot be written."""
        voice = _voice_or_fail(language, self._voices, self.name)
        spoken = _plain(text).encode() + b"\0"
        with self._lock:
            self._pcm = bytearray()
            if self._library.espeak_SetVoiceByName(self._voices[voice]) != 0:
                raise SpeechFailed(f"{self.name} cannot load its voice `{voice}`")
            failed = self._library.espeak_Synth(spoken, ctypes.c_size_t(len(spoken)), 0, 1, 0, _UTF8, None, None)
            if failed:
                raise SpeechFailed(f"{self.name} failed with {failed}")
            pcm = bytes(self._pcm)
        write_pcm(out, pcm, self._rate_hz)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        """Take in a piece of sound. Returns 1 to stop, when there is more than could be played."""
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, count * 2)
        return int(len(self._pcm) > SOUND_BYTES_MAX)

    def _listed(self) -> dict[str, bytes]:
        """Return the library's own names of voices by language tag, which stands behind a byte of priority."""
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        listed = self._library.espeak_ListVoices(None)
        found: dict[str, bytes] = {}
        for voice in listed:
            if not voice:
                break
            tag = ctypes.string_at(voice.contents.languages + 1).decode("ascii", "replace")
            found.setdefault(tag, voice.contents.identifier)
        return found


class _Voice(ctypes.Structure):
    """`espeak_VOICE` of `speak_lib.h`."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_CALLBACK: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def find_engine() -> Engine | None:
    """Return the library of the wheel, else the program of the system, else None."""
    for kind in (EspeakLibrary, EspeakProgram):
        try:
            return kind()
        except SpeechFailed:
            continue
    return None


def _voice(language: str, voices: Container[str]) -> str | None:
    tag = language.lower()
    base = tag.split("-", maxsplit=1)[0]
    return next((one for one in (tag, _VOICES.get(tag), base, _VOICES.get(base)) if one in voices), None)


def _voice_or_fail(language: str, voices: Container[str], name: str) -> str:
    voice = _voice(language, voices)
    if voice is None:
        raise SpeechFailed(f"{name} does not speak `{language}`")
    return voice


def _plain(text: str) -> str:
    """Return a text without characters that no voice can say, which some versions stumble over."""
    kept = (
        char if char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " "
        for char in text
    )
    return " ".join("".join(kept).split()).replace("[[", "[ [")  # two brackets would begin phonemes
