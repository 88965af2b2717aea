"""Tells which tones are in a recording: the Goertzel algorithm over short blocks of a mono 16 bit WAV file."""

from __future__ import annotations

import math
import wave
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

BLOCK_SECONDS: Final = 0.05
QUIET_RMS: Final = 60.0
DOMINANT: Final = 0.5

Samples = Sequence[int]


def samples_of(path: str | Path) -> tuple[array[int], int]:
    """The samples of a mono 16 bit WAV file, and their rate.

    Raises:
        ValueError: The file has another form.
    """
    with wave.open(str(path), "rb") as sound:
        if sound.getnchannels() != 1 or sound.getsampwidth() != 2:
            raise ValueError(f"{path} is not a mono 16 bit WAV file")
        return array("h", sound.readframes(sound.getnframes())), sound.getframerate()


def _powers(block: Samples, hz: float, rate: int) -> tuple[float, float]:
    """The power of one frequency in a block and the power of the whole block, on the same scale."""
    coefficient = 2 * math.cos(2 * math.pi * hz / rate)
    mean = sum(block) / len(block)
    before = earlier = total = 0.0
    for sample in block:
        value = sample - mean
        before, earlier = value + coefficient * before - earlier, before
        total += value * value
    power = before * before + earlier * earlier - coefficient * before * earlier
    return min(2 * power / len(block), total), total


def _blocks(samples: Samples, rate: int) -> Iterator[Samples]:
    size = max(1, round(rate * BLOCK_SECONDS))
    for start in range(0, len(samples) - size + 1, size):
        yield samples[start : start + size]


def _quiet(total: float, size: int) -> bool:
    return total <= QUIET_RMS * QUIET_RMS * size


def tone_level(path_or_samples: str | Path | Samples, hz: float, rate: int = 8000) -> float:
    """The share of one frequency in the power of a sound, from 0 to 1; of a silent sound it is 0.

    Blocks are weighed by their power, so silence around a tone does not hide it. The rate is that of
    samples given directly; a file knows its own.
    """
    if isinstance(path_or_samples, (str, Path)):
        samples: Samples
        samples, rate = samples_of(path_or_samples)
    else:
        samples = path_or_samples
    tone = whole = 0.0
    for block in _blocks(samples, rate):
        power, total = _powers(block, hz, rate)
        if not _quiet(total, len(block)):
            tone += power
            whole += total
    return tone / whole if whole else 0.0


def segments(path: str | Path, hz: float) -> list[tuple[float, float]]:
    """Where a tone dominates, as (start, end) in seconds; one disturbed block does not cut a segment."""
    samples, rate = samples_of(path)
    found: list[tuple[float, float]] = []
    for number, block in enumerate(_blocks(samples, rate)):
        power, total = _powers(block, hz, rate)
        if _quiet(total, len(block)) or power < DOMINANT * total:
            continue
        start, end = number * BLOCK_SECONDS, (number + 1) * BLOCK_SECONDS
        if found and start - found[-1][1] < BLOCK_SECONDS * 1.5:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def heard(path: str | Path, hz: float, min_seconds: float = 0.3) -> bool:
    """Whether a tone dominates for at least that long without a break."""
    return any(end - start >= min_seconds - 1e-9 for start, end in segments(path, hz))
