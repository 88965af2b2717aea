"""Prompt text becomes sound: engines, the cache of what was spoken, sound files and the music. Places no calls."""

from callflow.speech.engines import Engine, EspeakLibrary, EspeakProgram, SpeechFailed, find_engine
from callflow.speech.music import default_music, ringback
from callflow.speech.speaker import Speaker
from callflow.speech.wav import (
    Encoding,
    WavInfo,
    WavRefused,
    inspect,
    repair,
    write_silence,
    write_tone,
    write_tones,
)

__all__ = [
    "Encoding",
    "Engine",
    "EspeakLibrary",
    "EspeakProgram",
    "Speaker",
    "SpeechFailed",
    "WavInfo",
    "WavRefused",
    "default_music",
    "find_engine",
    "inspect",
    "repair",
    "ringback",
    "write_silence",
    "write_tone",
    "write_tones",
]
