"""Sounds that the host brings along: music for those who wait, and the ringing tone. Made here, kept as files."""

import math
from array import array
from pathlib import Path
from typing import Final

from callflow.speech.wav import is_playable, write_pcm, write_tones, write_whole

RATE_HZ: Final = 8_000
"""The rate of a telephone line: the file is played to many callers and never resampled."""

PEAK: Final = 0.25
"""About -12 dB below full scale: quieter than speech, so that a voice coming in is noticed."""

_CHORD_S: Final = 4
_NOTE_S: Final = 0.5
_DECAY: Final = 2.2
_CHORDS: Final = ((0, 4, 7, 12), (9, 12, 16, 21), (5, 9, 12, 17), (7, 11, 14, 19))
"""C, A minor, F and G, in semitones above C; their tones one after another, up and down."""
_ORDER: Final = (0, 1, 2, 3, 2, 1, 2, 1)
_BASE_HZ: Final = 261.63
_RINGING: Final = ((425.0, 1_000), (None, 4_000))
"""The ringing tone of most of Europe, Asia and Latin America (ITU-T E.180): 425 Hz, one second in five."""


def default_music(folder: Path) -> Path:
    """Return the music as a file in a folder, made if it is not there. It is 16 s long and its end fits its beginning.

    Raises OSError.
    """
    path = folder / "music-1.wav"
    if not is_playable(path):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda part: write_pcm(part, _piece().tobytes(), RATE_HZ))
    return path


def ringback(folder: Path) -> Path:
    """Return the ringing tone as a file in a folder, made if it is not there. Raises OSError."""
    path = folder / "ringback-1.wav"
    if not is_playable(path):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda part: write_tones(part, list(_RINGING), level=0.1))
    return path


def _piece() -> "array[int]":
    length = RATE_HZ * _CHORD_S * len(_CHORDS)
    sound = [0.0] * length
    for bar, chord in enumerate(_CHORDS):
        for beat, tone in enumerate(_ORDER):
            begin = int((bar * _CHORD_S + beat * _NOTE_S) * RATE_HZ)
            _add_note(sound, begin, _BASE_HZ * 2 ** (chord[tone] / 12))
    loudest = max(abs(one) for one in sound)
    return array("h", (round(one / loudest * PEAK * 32_767) for one in sound))


def _add_note(sound: list[float], begin: int, hz: float) -> None:
    """Add a note that dies away; what rings past the end of the piece sounds at its beginning."""
    step = 2 * math.pi * hz / RATE_HZ
    for at in range(int(_NOTE_S * 3 * RATE_HZ)):
        age = at / RATE_HZ
        level = min(1.0, age / 0.02) * math.exp(-_DECAY * age)
        sound[(begin + at) % len(sound)] += level * (math.sin(step * at) + 0.2 * math.sin(2 * step * at))
