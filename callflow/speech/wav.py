"""Sound files: what the file player of the SIP stack can play, repairs, tones and silence. Knows nothing of speech."""

import math
import os
import secrets
import stat
import struct
import wave
from array import array
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

import attrs

WAV_BYTES_MAX: Final = 20 * 1024 * 1024
"""The largest sound file: 20 minutes at 8 kHz and 16 bits. Longer is no prompt, and every call opens it anew."""

RATE_HZ_MIN: Final = 8_000
"""The rate of a telephone line; below it words cannot be told apart."""

RATE_HZ_MAX: Final = 48_000
"""The highest rate of any codec; above it the resampler only works more."""

RATE_HZ_STEP: Final = 50
"""The player reads frames of 20 ms. Where that is no whole number of samples, PJSIP aborts the process."""

FRAME_MS: Final = 20
"""The frame in which the player reads a file."""

PLAYED_BYTES_PER_SAMPLE: Final = 2
"""The player keeps a frame of 16-bit samples free in its buffer, also for files of 8 bits."""

CHANNELS_MAX: Final = 2
"""Mono or stereo; the bridge adds the channels up, and more of them only clip."""

CHUNKS_MAX: Final = 64
"""Chunks read before the sound must have come; files of sound editors have fewer than ten."""

TONE_MS_MAX: Final = 60_000
"""One file of tones. Signals repeat within seconds, and the player can loop."""

PART_SUFFIX: Final = ".part"
"""How the name of a file ends that is being written."""

FADE_MS: Final = 5
"""A tone rises and falls this long, so that it does not click."""

_PCM: Final = 0x0001
_ALAW: Final = 0x0006
_ULAW: Final = 0x0007
_EXTENSIBLE: Final = 0xFFFE
"""The format tag that says: look further on."""

_TAG_NAMES: Final = {
    _PCM: "{bits}-bit PCM",
    0x0002: "ADPCM",
    0x0003: "{bits}-bit float",
    _ALAW: "A-law",
    _ULAW: "mu-law",
    0x0011: "ADPCM",
    0x0031: "GSM",
    0x0055: "MP3 within a WAV file",
}
"""What a person calls a format tag."""

_RIFF_BYTES: Final = 12
_CHUNK_BYTES: Final = 8
_FMT_BYTES_MIN: Final = 16
_FMT_BYTES_MAX: Final = 40
"""An extensible format chunk; no other has more that matters."""

_SUB_TAG_AT: Final = 24
"""Where an extensible format chunk says what its samples really are."""

_SAMPLE_MAX: Final = 32_767

_LOOKS_LIKE: Final = (
    (0, b"ID3", "an MP3 file"),
    (0, b"OggS", "an Ogg file"),
    (0, b"fLaC", "a FLAC file"),
    (0, b"FORM", "an AIFF file"),
    (0, b".snd", "an AU file"),
    (0, b"#!AMR", "an AMR file"),
    (0, b"RF64", "a WAV file with 64-bit lengths"),
    (0, b"RIFX", "a WAV file in big-endian order"),
    (0, b"\x1a\x45\xdf\xa3", "a Matroska or WebM file"),
    (4, b"ftyp", "an MPEG-4 file"),
    (8, b"AVI ", "an AVI file"),
)
"""Where which bytes stand in files that are given in place of a WAV file, and what to call those."""

_MP3_SYNC: Final = 0xFFE0
_MP3_LAYER: Final = 0x0006
"""An MP3 file without a tag begins with eleven set bits; with no layer named, it is AAC."""


class WavRefused(Exception):
    """The player of the SIP stack cannot play a file. `reason` is a phrase that follows the name of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason: Final = reason


class Encoding(StrEnum):
    """How samples are written."""

    PCM16 = "16-bit PCM"
    ULAW = "mu-law"
    ALAW = "A-law"


_ENCODINGS: Final = {(_PCM, 16): Encoding.PCM16, (_ALAW, 8): Encoding.ALAW, (_ULAW, 8): Encoding.ULAW}
"""What can be played, by format tag and bits of a sample."""


@attrs.frozen
class WavInfo:
    """What a playable file holds. `duration_ms` is rounded down."""

    rate_hz: int
    channels: int
    encoding: Encoding
    duration_ms: int


@attrs.frozen
class _Layout:
    """What the header of a WAV file says, believed or not. `data_bytes` is the length as written in the header."""

    tag: int
    extensible: bool
    channels: int
    rate_hz: int
    block_bytes: int
    bits: int
    odd_chunk: str
    riff_bytes: int
    data_at: int
    data_bytes: int
    file_bytes: int

    @property
    def present_bytes(self) -> int:
        """Return how many bytes there are from the start of the sound to the end of the file."""
        return self.file_bytes - self.data_at

    @property
    def written_as(self) -> str:
        """Return what a person calls the encoding."""
        return _TAG_NAMES.get(self.tag, "encoding {tag:#06x}").format(tag=self.tag, bits=self.bits)


def inspect(path: Path) -> WavInfo:
    """Return what a sound file holds, or raise WavRefused where the player of the SIP stack could not play it.

    Only the header is read. Playable are 16-bit PCM of one or two channels, and mu-law and A-law of one channel, with
    8000 to 48000 samples a second in steps of 50, at least one frame long and at most 20 MiB. What is checked here
    does not only spare a caller silence: some of these files end the whole process inside PJSIP.
    """
    layout = _read(path, WAV_BYTES_MAX)
    encoding = _encoding(layout)
    _check_rate(layout)
    _check_lengths(layout, encoding)
    frames = layout.data_bytes // layout.block_bytes
    return WavInfo(layout.rate_hz, layout.channels, encoding, frames * 1_000 // layout.rate_hz)


def is_playable(path: Path) -> bool:
    """Return whether `inspect` accepts a file."""
    try:
        inspect(path)
    except WavRefused:
        return False
    return True


def repair(path: Path) -> bool:
    """Set the lengths in the header of a recording whose writer died, from the size of the file, and return whether.

    A length is replaced where it is zero though sound follows, and where it promises more than there is. Sound that
    ends within a sample is cut to whole samples. A file whose header is right stays as it is, to the byte.

    Raises:
        WavRefused: where the file is no WAV file, or died before its header was written.
        OSError: where the file cannot be written.
    """
    layout = _read(path, None)
    unfinished = layout.data_bytes == 0 and layout.riff_bytes + _CHUNK_BYTES != layout.file_bytes
    if not unfinished and layout.data_bytes <= layout.present_bytes:
        return False
    data_bytes = layout.present_bytes - layout.present_bytes % max(layout.block_bytes, 1)
    end = layout.data_at + data_bytes
    with path.open("r+b") as file:
        file.seek(4)
        file.write(struct.pack("<I", end - _CHUNK_BYTES))
        file.seek(layout.data_at - 4)
        file.write(struct.pack("<I", data_bytes))
        file.truncate(end)
    return True


def write_silence(path: Path, duration_ms: int = FRAME_MS, rate_hz: int = RATE_HZ_MIN) -> None:
    """Write a silent file of 16-bit mono PCM; at least one frame of 20 ms. Raises OSError."""
    write_tones(path, [(None, max(duration_ms, FRAME_MS))], rate_hz=rate_hz)


def write_tone(path: Path, hz: float, duration_ms: int, rate_hz: int = RATE_HZ_MIN, level: float = 0.3) -> None:
    """Write one sine tone as 16-bit mono PCM. `level` is its peak, from 0 to 1 of full scale. Raises OSError."""
    write_tones(path, [(hz, duration_ms)], rate_hz=rate_hz, level=level)


def write_tones(
    path: Path,
    tones: Iterable[tuple[float | tuple[float, ...] | None, int]],
    rate_hz: int = RATE_HZ_MIN,
    level: float = 0.3,
) -> None:
    """Write a row of tones as 16-bit mono PCM. Each is a frequency in Hz and a duration in ms.

    Several frequencies sound together; None is silence. `level` is the peak of each, from 0 to 1 of full scale.
    Raises OSError.
    """
    assert 0.0 <= level <= 1.0, "a level is a part of full scale"
    samples = array("h")
    for hz, duration_ms in tones:
        together = () if hz is None else hz if isinstance(hz, tuple) else (hz,)
        assert all(0 < one < rate_hz / 2 for one in together), "a tone lies below half the rate"
        assert 0 <= duration_ms <= TONE_MS_MAX, "a tone has a bounded duration"
        samples.extend(_tone(together, duration_ms * rate_hz // 1_000, rate_hz, level))
    assert len(samples) <= TONE_MS_MAX * rate_hz // 1_000, "tones together have a bounded duration"
    write_pcm(path, samples.tobytes(), rate_hz)


def write_pcm(path: Path, pcm: bytes | bytearray, rate_hz: int) -> None:
    """Write samples, 16 bits in the order of this machine, as mono PCM. Silence makes up a first frame.

    Raises OSError.
    """
    missing_bytes = frame_bytes(rate_hz, 1) - len(pcm)
    with path.open("wb") as raw, wave.open(raw, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(PLAYED_BYTES_PER_SAMPLE)
        file.setframerate(rate_hz)
        file.writeframes(bytes(pcm) + bytes(max(missing_bytes, 0)))


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file under another name, and put it at `path` in one step if it is playable.

    Readers, of this process or another, see the old file or the new one. Raises OSError, WavRefused where the new
    file cannot be played, and whatever `write` raises; nothing is left behind then.
    """
    part = path.with_name(f".{path.stem[:16]}-{secrets.token_hex(8)}{PART_SUFFIX}")
    try:
        write(part)
        inspect(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def frame_bytes(rate_hz: int, channels: int) -> int:
    """Return how many bytes of sound the player needs at least, whatever the encoding."""
    return rate_hz * FRAME_MS // 1_000 * channels * PLAYED_BYTES_PER_SAMPLE


def _tone(together: tuple[float, ...], count: int, rate_hz: int, level: float) -> Iterable[int]:
    if not together:
        return array("h", bytes(2 * count))
    fade = max(FADE_MS * rate_hz // 1_000, 1)
    steps = [2.0 * math.pi * hz / rate_hz for hz in together]
    peak = level * _SAMPLE_MAX / len(together)
    return (
        round(peak * min(1.0, i / fade, (count - 1 - i) / fade) * sum(math.sin(step * i) for step in steps))
        for i in range(count)
    )


def _encoding(layout: _Layout) -> Encoding:
    """Return the encoding of a file that the player can decode."""
    if layout.extensible:
        raise WavRefused(
            f"is {layout.written_as} under an extensible header, which the SIP stack cannot read; "
            "write it again as plain 16-bit PCM"
        )
    encoding = _ENCODINGS.get((layout.tag, layout.bits))
    if encoding is None:
        raise WavRefused(f"is {layout.written_as}; only 16-bit PCM, mu-law and A-law can be played")
    if layout.channels == 0:
        raise WavRefused("has no channel")
    channels_max = CHANNELS_MAX if encoding is Encoding.PCM16 else 1
    if layout.channels > channels_max:
        most = "one channel" if channels_max == 1 else "two channels"
        raise WavRefused(f"has {layout.channels} channels; {encoding} can be played with {most} at most")
    block_bytes = layout.bits // 8 * layout.channels
    if layout.block_bytes != block_bytes:
        raise WavRefused(f"has a damaged header: it gives {layout.block_bytes} bytes to what takes {block_bytes}")
    return encoding


def _check_rate(layout: _Layout) -> None:
    if not RATE_HZ_MIN <= layout.rate_hz <= RATE_HZ_MAX:
        raise WavRefused(f"has {layout.rate_hz} samples a second; {RATE_HZ_MIN} to {RATE_HZ_MAX} can be played")
    if layout.rate_hz % RATE_HZ_STEP:
        raise WavRefused(
            f"has {layout.rate_hz} samples a second, and a frame of {FRAME_MS} ms of them is no whole number; "
            "write it again with 8000, 16000 or 22050"
        )


def _check_lengths(layout: _Layout, encoding: Encoding) -> None:
    if layout.odd_chunk:
        raise WavRefused(
            f"has a chunk `{layout.odd_chunk}` of odd length before its sound, behind which the SIP stack "
            "loses its place; write it again without"
        )
    if layout.data_bytes > layout.present_bytes:
        raise WavRefused(
            f"is truncated: its header promises {layout.data_bytes} bytes of sound, there are {layout.present_bytes}"
        )
    if layout.data_bytes == 0:
        late = "; its header was never finished" if layout.present_bytes else ""
        raise WavRefused(f"holds no sound{late}")
    if layout.data_bytes % layout.block_bytes:
        raise WavRefused("is truncated: its sound ends within a sample")
    needed_bytes = frame_bytes(layout.rate_hz, layout.channels)
    if layout.data_bytes < needed_bytes:
        needed_ms = needed_bytes // layout.block_bytes * 1_000 // layout.rate_hz
        raise WavRefused(f"is too short: {encoding} needs {needed_ms} ms of sound at least")


def _read(path: Path, bytes_max: int | None) -> _Layout:
    """Read the header of a file. Raises WavRefused where there is none, or where the file is larger than asked for."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise WavRefused("is not a file")
        if status.st_size == 0:
            raise WavRefused("is empty")
        if bytes_max is not None and status.st_size > bytes_max:
            raise WavRefused(f"is larger than {bytes_max // 1_048_576} MiB")
        with path.open("rb") as file:
            return _layout(file, os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        raise WavRefused("does not exist") from None
    except OSError as error:
        raise WavRefused(f"cannot be read: {error.strerror}") from error


def _layout(file: BinaryIO, file_bytes: int) -> _Layout:
    """Walk the chunks of a file up to the sound."""
    head = file.read(_RIFF_BYTES)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise WavRefused(f"is not a WAV file{_resemblance(head)}")
    form, odd, at = b"", "", _RIFF_BYTES
    for _ in range(CHUNKS_MAX):
        file.seek(at)
        chunk = file.read(_CHUNK_BYTES)
        if len(chunk) < _CHUNK_BYTES:
            raise WavRefused("ends before its sound begins")
        name, length = chunk[:4], int.from_bytes(chunk[4:], "little")
        if name == b"data" and form:
            return _described(form, odd, int.from_bytes(head[4:8], "little"), at + _CHUNK_BYTES, length, file_bytes)
        if name == b"data":
            raise WavRefused("has its sound before the format of it")
        if name == b"fmt " and not form:
            form = file.read(min(length, _FMT_BYTES_MAX))
            if len(form) < _FMT_BYTES_MIN:
                raise WavRefused("has a damaged header: the format of its sound is cut short")
        if length % 2:
            odd = odd or name.decode("ascii", "replace").strip()
        at += _CHUNK_BYTES + length + length % 2
    raise WavRefused("has too many chunks before its sound")


def _described(form: bytes, odd: str, riff_bytes: int, data_at: int, data_bytes: int, file_bytes: int) -> _Layout:
    tag, channels, rate_hz, _, block_bytes, bits = struct.unpack_from("<HHIIHH", form)
    extensible = tag == _EXTENSIBLE and len(form) >= _SUB_TAG_AT + 2
    if extensible:
        (tag,) = struct.unpack_from("<H", form, _SUB_TAG_AT)
    return _Layout(
        tag=tag,
        extensible=extensible,
        channels=channels,
        rate_hz=rate_hz,
        block_bytes=block_bytes,
        bits=bits,
        odd_chunk=odd,
        riff_bytes=riff_bytes,
        data_at=data_at,
        data_bytes=data_bytes,
        file_bytes=file_bytes,
    )


def _resemblance(head: bytes) -> str:
    """Return what a file looks like that is no WAV file, as the end of a sentence; empty where nobody knows."""
    for at, magic, name in _LOOKS_LIKE:
        if head[at : at + len(magic)] == magic:
            return f", it looks like {name}"
    sync = int.from_bytes(head[:2], "big")
    if sync & _MP3_SYNC == _MP3_SYNC and sync & _MP3_LAYER:
        return ", it looks like an MP3 file"
    return ""
