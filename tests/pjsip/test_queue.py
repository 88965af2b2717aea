"""Callers who share a floor, on real calls: they wait in order, an agent has one of them at a time, and are known."""

import time
from pathlib import Path

import pytest

from callflow.engine.effects import Bridge, Dial
from callflow.engine.events import CallOffered, QueueEnd, QueueLeft, QueueMoved
from callflow.runner.journal import Entry
from callflow.speech.wav import write_tone
from tests.phones.goertzel import heard, segments
from tests.phones.phone import Phone
from tests.port.served import Served

ANNA = 'agent anna "sip:anna@127.0.0.1" extension 101\ngroup team anna\n'
MUSIC_HZ = 1_500
FIRST_HZ, SECOND_HZ, AGENT_HZ = 440, 550, 660


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with music and two tones."""
    write_tone(tmp_path / "music.wav", MUSIC_HZ, 700)
    write_tone(tmp_path / "again.wav", 1_900, 600)
    return tmp_path


def places(journal: tuple[Entry, ...]) -> list[tuple[int, int]]:
    return [(entry.event.position, entry.event.length) for entry in journal if isinstance(entry.event, QueueMoved)]


def test_callers_get_the_agent_in_order_and_hear_music_until_then(folder: Path) -> None:
    scheme = ANNA + 'start { answer queue team for 60s music "music.wav" hangup }'
    with (
        Phone(tone_hz=AGENT_HZ, record=folder / "anna.wav", ring_forever=True) as anna,
        Served(scheme, folder, {"anna": anna.uri}) as served,
        Phone(tone_hz=FIRST_HZ, record=folder / "first.wav") as first,
        Phone(tone_hz=SECOND_HZ, record=folder / "second.wav") as second,
    ):
        first.dial(served.uri)
        anna.wait_for("incoming")
        second.dial(served.uri)
        served.until_line("number 2 of 2")
        time.sleep(1)
        anna.answer()
        served.until_line("talks with anna")
        served.until_line("number 1 of 1")
        time.sleep(1)
        assert len(anna.seen("incoming")) == 1
        first.hangup()
        served.until_over()
        anna.wait_for("incoming")
        anna.answer()
        served.until_line("talks with anna")
        time.sleep(1)
        second.hangup()
        journal = served.until_over()
    assert places(journal) == [(1, 1), (1, 2), (2, 2), (1, 1)]
    assert sum(isinstance(one, Dial) for entry in journal for one in entry.effects) == 2
    assert sum(isinstance(one, Bridge) for entry in journal for one in entry.effects) == 2
    assert {entry.event.end for entry in journal if isinstance(entry.event, QueueLeft)} == {QueueEnd.LEFT}
    to_first, to_second = (segments(folder / "anna.wav", hz) for hz in (FIRST_HZ, SECOND_HZ))
    assert to_first[-1][1] <= to_second[0][0]
    for caller in ("first", "second"):
        music, voice = (segments(folder / f"{caller}.wav", hz) for hz in (MUSIC_HZ, AGENT_HZ))
        assert music[0][0] < music[-1][1] <= voice[0][0] + 0.05
        assert heard(folder / f"{caller}.wav", AGENT_HZ, 0.7)


def test_who_goes_away_leaves_the_place_to_the_next(folder: Path) -> None:
    scheme = ANNA + 'start { answer queue team for 60s music "music.wav" hangup }'
    with (
        Phone(ring_forever=True) as anna,
        Served(scheme, folder, {"anna": anna.uri}) as served,
        Phone() as first,
        Phone() as second,
    ):
        first.dial(served.uri)
        anna.wait_for("incoming")
        second.dial(served.uri)
        served.until_line("number 2 of 2")
        first.hangup()
        journal = served.until_over()
        assert anna.wait_for("closed")["status"] in (None, 487)
        anna.wait_for("incoming")
        anna.answer()
        served.until_line("talks with anna")
        anna.hangup()
        journal = served.until_over()
    assert places(journal) == [(1, 1), (1, 2), (2, 2), (1, 1)]
    assert len(anna.seen("incoming")) == 2


def test_who_finds_the_queue_full_goes_on_at_once(folder: Path) -> None:
    scheme = ANNA + 'start { answer queue team for 60s size 1 { full play "again.wav" } hangup }'
    with (
        Phone(ring_forever=True) as anna,
        Served(scheme, folder, {"anna": anna.uri}) as served,
        Phone() as first,
        Phone(record=folder / "second.wav") as second,
    ):
        first.dial(served.uri)
        anna.wait_for("incoming")
        second.dial(served.uri)
        journal = served.until_over()
        first.hangup()
        served.until_over()
    assert QueueEnd.FULL in [entry.event.end for entry in journal if isinstance(entry.event, QueueLeft)]
    assert heard(folder / "second.wav", 1_900, 0.4)


def test_who_presses_nothing_is_told_so_and_asked_in_other_words(folder: Path) -> None:
    write_tone(folder / "silent.wav", 800, 500)
    write_tone(folder / "retry.wav", 1_100, 500)
    scheme = (
        'start { answer menu tries 2 timeout 500ms { play "music.wav" retry play "retry.wav" '
        'silence play "silent.wav" press 1 hangup otherwise play "again.wav" } hangup }'
    )
    with Served(scheme, folder) as served, Phone(record=folder / "heard.wav") as caller:
        caller.dial(served.uri)
        served.until_over()
    told = [segments(folder / "heard.wav", hz) for hz in (MUSIC_HZ, 800, 1_100, 1_900)]
    assert [len(one) for one in told] == [1, 2, 1, 1]
    assert told[0][0] < told[1][0] < told[2][0] < told[1][1] < told[3][0]


def test_an_agent_who_talks_is_busy_for_other_calls_and_is_not_rung(folder: Path) -> None:
    scheme = ANNA + 'start { answer connect team for 9s { on another call play "again.wav" } hangup }'
    with (
        Phone(answer_after_ms=100) as anna,
        Served(scheme, folder, {"anna": anna.uri}) as served,
        Phone() as first,
        Phone(record=folder / "second.wav") as second,
    ):
        first.dial(served.uri)
        served.until_line("talks with anna")
        second.dial(served.uri)
        served.until_over()
        assert len(anna.seen("incoming")) == 1
        first.hangup()
        served.until_over()
    assert heard(folder / "second.wav", 1_900, 0.4)


def test_what_is_remembered_of_a_caller_is_known_in_their_next_call(folder: Path) -> None:
    scheme = 'start { answer when visits == none { remember visits = 1 } else play "again.wav" hangup }'
    with Served(scheme, folder) as served, Phone(user="+38511234567", record=folder / "heard.wav") as caller:
        for _ in range(2):
            caller.dial(served.uri)
            journal = served.until_over()
            caller.wait_for("closed")
    offers = [entry.event.remembered for entry in journal if isinstance(entry.event, CallOffered)]
    assert offers == [{}, {"visits": 1}]
    assert heard(folder / "heard.wav", 1_900, 0.4)


def test_an_extension_that_is_dialled_rings_its_agent(folder: Path) -> None:
    scheme = ANNA + 'start { answer menu timeout 5s { play "music.wav" dial extension press 9 hangup } hangup }'
    with (
        Phone(answer_after_ms=100) as anna,
        Served(scheme, folder, {"anna": anna.uri}) as served,
        Phone() as caller,
    ):
        caller.dial(served.uri)
        caller.wait_for("established")
        caller.press("101")
        served.until_line("talks with anna")
        anna.hangup()
        served.until_over()
