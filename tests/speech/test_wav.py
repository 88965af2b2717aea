"""What can be played and what cannot, repairs, tones and music. Every file is built here, byte by byte."""

import math
import struct
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from callflow.speech.music import default_music, ringback
from callflow.speech.wav import (
    WAV_BYTES_MAX,
    Encoding,
    WavInfo,
    WavRefused,
    inspect,
    is_playable,
    repair,
    write_silence,
    write_tone,
    write_tones,
    write_whole,
)

PCM, FLOAT, ALAW, ULAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE


def wav_bytes(
    tag=PCM, channels=1, rate_hz=8_000, bits=16, frames=800, before=b"", after=b"", form_end=b"", data_bytes=None
) -> bytes:
    block = channels * bits // 8
    data = b"\x10" * (frames * block)
    form = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * block, block, bits) + form_end
    body = b"WAVE" + chunk(b"fmt ", form) + before
    body += b"data" + struct.pack("<I", len(data) if data_bytes is None else data_bytes) + data + after
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def sub_format(tag: int, bits: int) -> bytes:
    return struct.pack("<HHIH", 22, bits, 0, tag) + bytes.fromhex("000000001000800000aa00389b71")


@pytest.fixture
def made(tmp_path):
    def make(content: bytes) -> Path:
        path = tmp_path / "sound.wav"
        path.write_bytes(content)
        return path

    return make


def samples_of(path: Path) -> array:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return array("h", file.readframes(file.getnframes()))


def loudness_at(samples, hz: float, rate_hz: int) -> float:
    turn = 2 * math.pi * hz / rate_hz
    real = sum(one * math.cos(turn * i) for i, one in enumerate(samples))
    imaginary = sum(one * math.sin(turn * i) for i, one in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / len(samples)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, WavInfo(8_000, 1, Encoding.PCM16, 100)),
        ({"channels": 2}, WavInfo(8_000, 2, Encoding.PCM16, 100)),
        ({"rate_hz": 48_000, "frames": 4_800}, WavInfo(48_000, 1, Encoding.PCM16, 100)),
        ({"rate_hz": 22_050, "frames": 441}, WavInfo(22_050, 1, Encoding.PCM16, 20)),
        ({"rate_hz": 44_100, "channels": 2, "frames": 4_410}, WavInfo(44_100, 2, Encoding.PCM16, 100)),
        ({"frames": 160}, WavInfo(8_000, 1, Encoding.PCM16, 20)),
        ({"tag": ULAW, "bits": 8}, WavInfo(8_000, 1, Encoding.ULAW, 100)),
        ({"tag": ALAW, "bits": 8}, WavInfo(8_000, 1, Encoding.ALAW, 100)),
        ({"tag": ULAW, "bits": 8, "form_end": b"\0\0", "before": chunk(b"fact", b"\x20\3\0\0")},
         WavInfo(8_000, 1, Encoding.ULAW, 100)),
        ({"before": chunk(b"LIST", b"INFO")}, WavInfo(8_000, 1, Encoding.PCM16, 100)),
        ({"after": chunk(b"LIST", b"odd")}, WavInfo(8_000, 1, Encoding.PCM16, 100)),
    ],
)  # fmt: skip
def test_what_can_be_played_is_described(made, given, told):
    assert inspect(made(wav_bytes(**given))) == told


def test_a_chunk_may_stand_before_the_format(made):
    content = wav_bytes()
    assert is_playable(made(content[:12] + chunk(b"JUNK", b"abcd") + content[12:]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"ID3\x03" + bytes(500), "looks like an MP3 file"),
        (b"\xff\xfb\x90\x64" + bytes(500), "looks like an MP3 file"),
        (b"OggS" + bytes(500), "looks like an Ogg file"),
        (b"fLaC" + bytes(500), "looks like a FLAC file"),
        (b"hello, world, this is text", "is not a WAV file"),
        (b"\xff\xf1" + bytes(500), "is not a WAV file"),
        (b"RIFF", "is not a WAV file"),
        (b"RIFF\0\0\0\0AVI " + bytes(50), "looks like an AVI file"),
        (wav_bytes(bits=8), "is 8-bit PCM"),
        (wav_bytes(bits=24), "is 24-bit PCM"),
        (wav_bytes(tag=FLOAT, bits=32), "is 32-bit float"),
        (wav_bytes(tag=0x31, bits=8), "is GSM"),
        (wav_bytes(tag=0x1234, bits=8), "is encoding 0x1234"),
        (wav_bytes(tag=EXTENSIBLE, form_end=sub_format(PCM, 16)), "is 16-bit PCM under an extensible header"),
        (wav_bytes(tag=EXTENSIBLE, bits=24, form_end=sub_format(PCM, 24)), "is 24-bit PCM under an extensible header"),
        (wav_bytes(tag=EXTENSIBLE, bits=32, form_end=sub_format(FLOAT, 32)), "is 32-bit float under an extensible"),
        (wav_bytes(tag=EXTENSIBLE), "is encoding 0xfffe"),
        (wav_bytes(channels=3), "has 3 channels"),
        (wav_bytes(tag=ULAW, bits=8, channels=2), "has 2 channels; mu-law can be played with one channel"),
        (wav_bytes(channels=0, frames=0, after=bytes(800)), "has no channel"),
        (wav_bytes(rate_hz=4_000), "has 4000 samples a second; 8000 to 48000"),
        (wav_bytes(rate_hz=96_000, frames=9_600), "has 96000 samples a second; 8000 to 48000"),
        (wav_bytes(rate_hz=0), "has 0 samples a second"),
        (wav_bytes(rate_hz=11_025), "has 11025 samples a second, and a frame of 20 ms"),
        (wav_bytes(frames=159), "is too short: 16-bit PCM needs 20 ms"),
        (wav_bytes(channels=2, frames=159), "is too short: 16-bit PCM needs 20 ms"),
        (wav_bytes(tag=ULAW, bits=8, frames=319), "is too short: mu-law needs 40 ms"),
        (wav_bytes(frames=0), "holds no sound"),
        (wav_bytes(data_bytes=0), "holds no sound; its header was never finished"),
        (wav_bytes(data_bytes=1_000_000), "is truncated: its header promises 1000000 bytes of sound, there are 1600"),
        (wav_bytes(data_bytes=0xFFFFFFFF), "is truncated"),
        (wav_bytes(data_bytes=1_599), "is truncated: its sound ends within a sample"),
        (wav_bytes()[:40], "ends before its sound begins"),
        (wav_bytes()[:30], "the format of its sound is cut short"),
        (wav_bytes(before=chunk(b"LIST", b"odd")), "has a chunk `LIST` of odd length"),
        (wav_bytes(before=chunk(b"JUNK", b"") * 100), "has too many chunks"),
        (b"RIFF\0\0\0\0WAVE" + chunk(b"data", bytes(1_600)), "has its sound before the format"),
        (wav_bytes(before=b"LIST\xff\xff\xff\x7f"), "ends before its sound begins"),
    ],
)
def test_what_cannot_be_played_is_refused_and_told(made, content, reason):
    path = made(content)
    with pytest.raises(WavRefused) as refused:
        inspect(path)
    assert reason in refused.value.reason
    assert not refused.value.reason.endswith(".")
    assert not is_playable(path)


def test_forty_ms_of_mu_law_are_enough(made):
    assert inspect(made(wav_bytes(tag=ULAW, bits=8, frames=320))).duration_ms == 40


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_is_not(made):
    path = made(wav_bytes(frames=(WAV_BYTES_MAX - 44) // 2))
    assert path.stat().st_size == WAV_BYTES_MAX
    assert is_playable(path)
    with path.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(WavRefused, match="is larger than 20 MiB"):
        inspect(path)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(WavRefused, match="does not exist"):
        inspect(tmp_path / "missing.wav")
    with pytest.raises(WavRefused, match="is not a file"):
        inspect(tmp_path)


def test_a_recording_whose_writer_died_is_repaired_from_its_size(made):
    whole = wav_bytes()
    path = made(whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:])
    assert not is_playable(path)
    assert repair(path) is True
    assert path.read_bytes() == whole
    assert repair(path) is False


def test_repair_cuts_sound_that_ends_within_a_sample(made):
    whole = wav_bytes(frames=200)
    path = made(whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:] + b"\x10")
    assert repair(path) is True
    assert path.read_bytes() == whole


def test_repair_believes_the_file_over_a_header_that_promises_more(made):
    path = made(wav_bytes(data_bytes=1_000_000))
    assert repair(path) is True
    assert path.read_bytes() == wav_bytes()


@pytest.mark.parametrize(
    "content",
    [wav_bytes(), wav_bytes(after=chunk(b"LIST", b"INFO")), wav_bytes(frames=0, after=chunk(b"LIST", b"INFO"))],
)
def test_repair_leaves_a_right_header_alone(made, content):
    path = made(content)
    assert repair(path) is False
    assert path.read_bytes() == content


def test_repair_refuses_what_was_never_a_recording(made):
    with pytest.raises(WavRefused, match="is not a WAV file"):
        repair(made(b"OggS" + bytes(100)))


@pytest.mark.parametrize(("hz", "rate_hz"), [(425, 8_000), (1_000, 8_000), (1_000, 16_000)])
def test_a_tone_has_its_frequency_duration_and_level(tmp_path, hz, rate_hz):
    path = tmp_path / "tone.wav"
    write_tone(path, hz, 500, rate_hz=rate_hz, level=0.3)
    assert inspect(path) == WavInfo(rate_hz, 1, Encoding.PCM16, 500)
    samples = samples_of(path)
    assert loudness_at(samples, hz, rate_hz) == pytest.approx(0.3 * 32_767, rel=0.03)
    assert loudness_at(samples, hz * 1.3, rate_hz) < 0.01 * 32_767
    assert max(samples) <= 0.3 * 32_767 + 1
    assert samples[0] == samples[-1] == 0


def test_tones_and_silence_follow_one_another(tmp_path):
    path = tmp_path / "tones.wav"
    write_tones(path, [(400, 100), (None, 50), ((400, 450), 100)], level=0.2)
    samples = samples_of(path)
    assert len(samples) == 2_000
    assert not any(samples[800:1_200])
    assert loudness_at(samples[:800], 400, 8_000) == pytest.approx(0.2 * 32_767, rel=0.1)
    assert max(samples[1_200:]) <= 0.2 * 32_767 + 1


@pytest.mark.parametrize(("asked_ms", "written_ms"), [(0, 20), (20, 20), (300, 300)])
def test_silence_is_silent_and_long_enough_to_be_played(tmp_path, asked_ms, written_ms):
    path = tmp_path / "silence.wav"
    write_silence(path, asked_ms)
    assert inspect(path).duration_ms == written_ms
    assert not any(samples_of(path))


def test_a_file_that_cannot_be_played_takes_no_place(tmp_path):
    path = tmp_path / "sound.wav"
    path.write_bytes(wav_bytes())
    with pytest.raises(WavRefused):
        write_whole(path, lambda part: part.write_bytes(b"OggS"))
    assert path.read_bytes() == wav_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["sound.wav"]


def test_the_music_is_made_once_quiet_and_without_a_seam(tmp_path):
    path = default_music(tmp_path / "sounds")
    written = path.stat().st_mtime_ns
    assert inspect(path) == WavInfo(8_000, 1, Encoding.PCM16, 16_000)
    samples = samples_of(path)
    assert max(map(abs, samples)) == pytest.approx(32_767 * 10 ** (-12 / 20), rel=0.02)
    steps = [abs(later - earlier) for earlier, later in pairwise(samples)]
    assert abs(samples[0] - samples[-1]) <= max(steps)
    seconds = [samples[at : at + 8_000] for at in range(0, len(samples), 8_000)]
    assert all(math.sqrt(sum(one * one for one in second) / 8_000) > 300 for second in seconds)
    assert default_music(tmp_path / "sounds") == path
    assert path.stat().st_mtime_ns == written


def test_broken_music_is_made_again(tmp_path):
    path = default_music(tmp_path)
    path.write_bytes(path.read_bytes()[:1_000])
    assert inspect(default_music(tmp_path)).duration_ms == 16_000


def test_the_ringing_tone_is_one_second_in_five(tmp_path):
    path = ringback(tmp_path)
    assert inspect(path) == WavInfo(8_000, 1, Encoding.PCM16, 5_000)
    samples = samples_of(path)
    assert loudness_at(samples[:8_000], 425, 8_000) > 1_000
    assert not any(samples[8_000:])
