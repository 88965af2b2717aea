"""Real calls on loopback: an independent stack calls, and answers as the agent. What was said is found by its pitch."""

import time
import wave
from pathlib import Path

import pytest

from callflow.engine.effects import Bridge, HangUp, Reject
from callflow.engine.events import CallerHungUp, DigitPressed, LegEnded, MessageRecorded, Outcome
from callflow.runner.journal import Entry
from callflow.speech.wav import inspect, write_tone
from tests.phones.goertzel import heard, segments
from tests.phones.phone import Phone, free_port
from tests.port.served import Served

CALLER_HZ = 440
AGENT_HZ = 660
GREETING_HZ = 1_000

RECEPTION = """
agent anna "sip:anna@127.0.0.1"
start {
    answer
    record call
    play "greeting.wav"
    menu { play "choice.wav" press 1 connect anna for 5s }
    voicemail anna greeting "choice.wav"
}
"""


def kinds(journal: tuple[Entry, ...], kind: type) -> list[object]:
    found: list[object] = [entry.event for entry in journal if isinstance(entry.event, kind)]
    return found + [effect for entry in journal for effect in entry.effects if isinstance(effect, kind)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with two tones for prompts."""
    write_tone(tmp_path / "greeting.wav", GREETING_HZ, 800)
    write_tone(tmp_path / "choice.wav", 1_500, 1_500)
    return tmp_path


def test_greeting_key_agent_both_voices_and_the_recording(folder: Path) -> None:
    with (
        Phone(tone_hz=AGENT_HZ, record=folder / "agent.wav", answer_after_ms=500) as agent,
        Served(RECEPTION, folder, {"anna": agent.uri}) as served,
        Phone(tone_hz=CALLER_HZ, record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        caller.wait_for("established")
        time.sleep(1.5)
        caller.press("1")
        agent.wait_for("established", 10)
        time.sleep(2)
        caller.hangup()
        journal = served.until_over()
        agent.wait_for("closed")
    assert [event.digit for event in kinds(journal, DigitPressed) if isinstance(event, DigitPressed)] == ["1"]
    assert kinds(journal, Bridge)
    assert heard(folder / "caller.wav", GREETING_HZ)
    assert heard(folder / "caller.wav", AGENT_HZ, 1.0)
    assert heard(folder / "agent.wav", CALLER_HZ, 1.0)
    (recording,) = folder.glob("20*.wav")
    assert inspect(recording).duration_ms > 3_000
    assert segments(recording, GREETING_HZ)
    assert both_at_once(recording)


def both_at_once(path: Path) -> bool:
    """Return whether a second of a recording holds both voices."""
    from tests.phones.goertzel import tone_level

    with wave.open(str(path)) as file:
        rate, frames = file.getframerate(), file.getnframes()
        file.setpos(max(0, frames - rate * 3 // 2))
        samples = file.readframes(rate)
    from array import array

    piece = array("h", samples)
    return tone_level(piece, CALLER_HZ) > 0.1 and tone_level(piece, AGENT_HZ) > 0.1


def test_a_message_keeps_what_was_said(folder: Path) -> None:
    scheme = 'start { answer voicemail "box" greeting "greeting.wav" play "choice.wav" }'
    with Served(scheme, folder) as served, Phone(tone_hz=CALLER_HZ) as caller:
        caller.dial(served.uri)
        served.until_line("speaks to the box")
        time.sleep(2)
        caller.press("#")
        journal = served.until_over()
    (message,) = kinds(journal, MessageRecorded)
    assert isinstance(message, MessageRecorded)
    assert Path(message.file).parent == folder / "voicemail" / "box"
    assert heard(message.file, CALLER_HZ, 1.0)
    assert 1_500 < message.duration_ms < 6_000


def test_what_was_said_is_kept_when_the_caller_hangs_up_and_silence_is_not(folder: Path) -> None:
    scheme = 'start { answer voicemail "box" greeting "greeting.wav" }'
    with Served(scheme, folder) as served:
        for hz in (CALLER_HZ, 0):
            with Phone(tone_hz=hz) as caller:
                caller.dial(served.uri)
                served.until_line("speaks to the box")
                time.sleep(2)
                caller.hangup()
                served.until_over()
        messages = kinds(served.journal, MessageRecorded)
    files = [event.file for event in messages if isinstance(event, MessageRecorded)]
    assert [bool(file) for file in files] == [True, False]
    assert len(list((folder / "voicemail" / "box").iterdir())) == 1


def test_a_key_cuts_the_prompt_and_the_caller_hears_no_more_of_it(folder: Path) -> None:
    write_tone(folder / "long.wav", GREETING_HZ, 6_000)
    scheme = 'start { answer menu { play "long.wav" press 1 { wait 1s hangup } } }'
    with Served(scheme, folder) as served, Phone(record=folder / "heard.wav") as caller:
        caller.dial(served.uri)
        caller.wait_for("established")
        time.sleep(1)
        caller.press("1")
        served.until_over()
    (piece,) = segments(folder / "heard.wav", GREETING_HZ)
    assert 0.5 < piece[1] - piece[0] < 2.0


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (486, Outcome.BUSY),
        (600, Outcome.BUSY),
        (603, Outcome.REJECTED),
        (480, Outcome.UNREACHABLE),
        (404, Outcome.UNREACHABLE),
        (408, Outcome.NO_ANSWER),
        (503, Outcome.UNREACHABLE),
    ],
)
def test_refusals_are_told_apart_and_keep_their_status(folder: Path, status: int, outcome: Outcome) -> None:
    scheme = 'agent anna "sip:anna@127.0.0.1"\nstart { answer connect anna for 4s hangup }'
    with (
        Phone(reject=status) as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone() as caller,
    ):
        caller.dial(served.uri)
        journal = served.until_over()
    (ended,) = kinds(journal, LegEnded)
    assert isinstance(ended, LegEnded)
    assert (ended.outcome, ended.code) == (outcome, status)


def test_an_agent_nobody_answers_for_is_given_up_in_time(folder: Path) -> None:
    scheme = f'agent anna "sip:anna@127.0.0.1:{free_port()}"\nstart {{ answer connect anna for 2s hangup }}'
    with Served(scheme, folder) as served, Phone() as caller:
        caller.dial(served.uri)
        journal = served.until_over()
    assert kinds(journal, HangUp)
    assert journal[-1].event.at_ms < 6_000


def test_a_number_without_a_trunk_is_unreachable_and_said_so(folder: Path) -> None:
    scheme = 'agent night "tel:+4930123456"\nstart { answer connect night for 4s hangup }'
    with Served(scheme, folder) as served, Phone() as caller:
        caller.dial(served.uri)
        journal = served.until_over()
        assert any("cannot be dialled" in line for line in served.lines)
    (ended,) = kinds(journal, LegEnded)
    assert isinstance(ended, LegEnded)
    assert ended.outcome is Outcome.UNREACHABLE


def test_a_caller_who_gives_up_while_it_rings_stops_the_ringing(folder: Path) -> None:
    scheme = 'agent anna "sip:anna@127.0.0.1"\nstart { connect anna for 20s }'
    with (
        Phone(ring_forever=True) as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone() as caller,
    ):
        caller.dial(served.uri)
        agent.wait_for("incoming")
        caller.wait_for("ringing")
        caller.hangup()
        journal = served.until_over()
        agent.wait_for("closed")
    assert kinds(journal, CallerHungUp)


def test_a_rejected_call_has_the_status_of_its_reason(folder: Path) -> None:
    for reason, status in (("busy", 486), ("declined", 603), ("unavailable", 480)):
        with Served(f"start {{ reject {reason} }}", folder) as served, Phone() as caller:
            caller.dial(served.uri)
            assert caller.wait_for("closed")["status"] == status
            journal = served.until_over()
        assert kinds(journal, Reject)


def test_hold_and_its_end_leave_caller_and_agent_talking(folder: Path) -> None:
    scheme = 'agent anna "sip:anna@127.0.0.1"\nstart { answer connect anna for 5s }'
    with (
        Phone(tone_hz=AGENT_HZ, answer_after_ms=100) as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone(tone_hz=CALLER_HZ) as caller,
    ):
        caller.dial(served.uri)
        agent.wait_for("established", 10)
        time.sleep(0.5)
        agent.hold()
        time.sleep(1)
        agent.resume()
        time.sleep(0.5)
        caller.record(folder / "after.wav")
        time.sleep(1.5)
        caller.record(None)
        caller.hangup()
        served.until_over()
    assert heard(folder / "after.wav", AGENT_HZ, 0.8)


def test_keys_by_info_count_as_well(folder: Path) -> None:
    scheme = 'start { answer menu { play "choice.wav" press 1 hangup press 2 { wait 1s hangup } } }'
    with Served(scheme, folder) as served, Phone(dtmf="info") as caller:
        caller.dial(served.uri)
        caller.wait_for("established")
        time.sleep(0.5)
        caller.press("2")
        journal = served.until_over()
    assert [event.digit for event in kinds(journal, DigitPressed) if isinstance(event, DigitPressed)] == ["2"]


def test_a_port_in_use_is_said_plainly(folder: Path) -> None:
    with Served('start { answer play "greeting.wav" }', folder) as served:
        other = folder / "other"
        other.mkdir()
        write_tone(other / "greeting.wav", GREETING_HZ, 500)
        with Served('start { answer play "greeting.wav" }', other, port=served.port) as second:
            assert f"127.0.0.1:{served.port}" in second.failed
            assert "cannot listen" in second.failed


def test_a_sound_that_is_gone_is_told_and_the_call_goes_on(folder: Path) -> None:
    scheme = 'start { answer play "greeting.wav", "choice.wav" hangup }'
    with Served(scheme, folder) as served, Phone(record=folder / "heard.wav") as caller:
        (folder / "greeting.wav").unlink()
        caller.dial(served.uri)
        served.until_over()
    assert heard(folder / "heard.wav", 1_500)
