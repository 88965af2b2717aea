"""Recordings that pause, and what a caller says for the call itself, on real calls."""

import time
from pathlib import Path

import pytest

from callflow.engine.effects import ChangeRecording
from callflow.engine.events import DigitPressed, MessageRecorded, PromptEnded
from callflow.machine.model import RecordingStep, Spoken
from callflow.pjsip.sounds import Sounds
from callflow.runner.journal import Entry
from callflow.speech.wav import inspect, write_tone
from tests.phones.goertzel import heard, segments, tone_level
from tests.phones.phone import Phone
from tests.port.served import Served

CALLER_HZ = 440
AGENT_HZ = 660


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with three tones of a second each."""
    for name, hz in (("a", 800), ("b", 1_100), ("c", 1_500)):
        write_tone(tmp_path / f"{name}.wav", hz, 1_000)
    return tmp_path


def changes(journal: tuple[Entry, ...]) -> list[RecordingStep]:
    return [one.change for entry in journal for one in entry.effects if isinstance(one, ChangeRecording)]


def test_while_a_recording_is_paused_nothing_is_written_and_then_it_goes_on(folder: Path) -> None:
    scheme = (
        'start { answer record call play "a.wav" pause recording play "b.wav" resume recording play "c.wav" hangup }'
    )
    with Served(scheme, folder) as served, Phone(record=folder / "heard.wav") as caller:
        caller.dial(served.uri)
        journal = served.until_over()
    (recording,) = folder.glob("20*.wav")
    assert changes(journal) == [RecordingStep.PAUSE, RecordingStep.RESUME]
    assert heard(recording, 800, 0.8)
    assert heard(recording, 1_500, 0.8)
    assert not segments(recording, 1_100)
    assert heard(folder / "heard.wav", 1_100, 0.8)
    assert 1_800 < inspect(recording).duration_ms < 2_600


def test_a_recording_that_was_stopped_is_complete_and_another_may_begin(folder: Path) -> None:
    scheme = (
        'start { answer record call caller play "a.wav" stop recording play "b.wav" record call play "c.wav" hangup }'
    )
    with Served(scheme, folder) as served, Phone(tone_hz=CALLER_HZ) as caller:
        caller.dial(served.uri)
        served.until_over()
    first, second = sorted(folder.glob("20*.wav"), key=lambda path: len(path.name))
    assert heard(first, CALLER_HZ, 0.8)
    assert not segments(first, 800)
    assert inspect(first).duration_ms < 1_500
    assert segments(second, 1_500)
    assert not segments(second, 1_100)


@pytest.mark.parametrize(("side", "heard_hz"), [("caller", {CALLER_HZ}), ("agent", {660}), ("both", {CALLER_HZ, 660})])
def test_a_recording_has_the_sides_that_were_asked_for(folder: Path, side: str, heard_hz: set[int]) -> None:
    scheme = f'agent anna "sip:anna@127.0.0.1"\nstart {{ answer record call {side} connect anna for 5s }}'
    with (
        Phone(answer_after_ms=100, tone_hz=660) as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone(tone_hz=CALLER_HZ) as caller,
    ):
        caller.dial(served.uri)
        served.until_line("talks with anna")
        time.sleep(1)
        caller.hangup()
        served.until_over()
    (recording,) = folder.glob("20*.wav")
    levels = {hz: tone_level(recording, hz) for hz in (CALLER_HZ, 660)}
    assert {hz for hz, level in levels.items() if level > 0.2} == heard_hz, levels


def test_secret_digits_are_not_in_the_journal_and_nothing_is_recorded_meanwhile(folder: Path) -> None:
    scheme = (
        'start { answer record call play "a.wav" '
        'collect pin digits 4 timeout 3s secret { play "b.wav" otherwise hangup } play "c.wav" hangup }'
    )
    with Served(scheme, folder) as served, Phone() as caller:
        caller.dial(served.uri)
        caller.wait_for("established")
        time.sleep(2.2)
        caller.press("1234")
        journal = served.until_over()
        assert not any("presses 1" in line for line in served.lines)
    assert [entry.event.digit for entry in journal if isinstance(entry.event, DigitPressed)] == ["x"] * 4
    assert changes(journal) == [RecordingStep.PAUSE, RecordingStep.RESUME]
    (recording,) = folder.glob("20*.wav")
    assert heard(recording, 800, 0.8)
    assert heard(recording, 1_500, 0.8)
    assert not segments(recording, 1_100)


def test_what_a_caller_says_can_be_played_to_them(folder: Path) -> None:
    scheme = 'start { answer record message max 20s into said play "a.wav", said, "c.wav" hangup }'
    with Served(scheme, folder) as served, Phone(tone_hz=CALLER_HZ, record=folder / "heard.wav") as caller:
        caller.dial(served.uri)
        served.until_line("♪ beep")
        time.sleep(2.5)
        caller.press("#")
        journal = served.until_over()
    (message,) = [entry.event for entry in journal if isinstance(entry.event, MessageRecorded)]
    assert Path(message.file).parent == folder / "said"
    assert not any(entry.event.trouble for entry in journal if isinstance(entry.event, PromptEnded))
    before, own, after = (segments(folder / "heard.wav", hz) for hz in (800, CALLER_HZ, 1_500))
    assert before[-1][1] < own[0][0] + 0.2 < after[0][0] + 0.2
    assert sum(end - begin for begin, end in own) > 1.0


def test_a_caller_who_says_nothing_has_nothing_to_hear(folder: Path) -> None:
    scheme = 'start { answer record message max 1s into said when said == none play "c.wav" hangup }'
    with Served(scheme, folder) as served, Phone(record=folder / "heard.wav") as caller:
        caller.dial(served.uri)
        served.until_over()
    assert heard(folder / "heard.wav", 1_500, 0.8)
    assert not list((folder / "said").iterdir())


class Nobody:
    """Speaks nothing."""

    def sound_for(self, text: str, language: str) -> Path:
        raise AssertionError((text, language))


def test_only_what_lies_in_the_folder_of_recordings_is_heard_beside_the_scheme(tmp_path: Path) -> None:
    base, recordings, outside = (tmp_path / name for name in ("scheme", "recordings", "outside"))
    for one in (base, recordings / "said", outside):
        one.mkdir(parents=True)
        write_tone(one / "x.wav", 440, 200)
    (recordings / "said" / "link.wav").symlink_to(outside / "x.wav")
    sounds = Sounds(base, Nobody(), tmp_path / "cache", recordings)

    def may(file: str) -> bool:
        return isinstance(sounds._have(Spoken("", "en", file)), Path)

    assert may("x.wav")
    assert may(str(recordings / "said" / "x.wav"))
    for file in (
        outside / "x.wav",
        recordings / "said" / ".." / ".." / "outside" / "x.wav",
        recordings / "said" / "link.wav",
    ):
        assert not may(str(file))
    assert not may("../recordings/said/x.wav")
