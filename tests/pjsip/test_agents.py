"""What an agent's phone shows and what the agent hears and presses before the caller is there, on real calls."""

import contextlib
import time
from pathlib import Path

import pytest

from callflow.engine.effects import Bridge, Play
from callflow.engine.events import DigitPressed, LegEnded, Outcome, PromptEnded
from callflow.runner.journal import Entry
from callflow.speech.wav import write_tone
from tests.phones.goertzel import heard, segments
from tests.phones.phone import Phone
from tests.port.served import Served

CALLER_HZ = 440
AGENT_HZ = 660
WHISPER_HZ = 1_500
AFTER_HZ = 1_900

ANNA = 'agent anna "sip:anna@127.0.0.1"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with what agents hear first."""
    write_tone(tmp_path / "whisper.wav", WHISPER_HZ, 1_000)
    write_tone(tmp_path / "after.wav", AFTER_HZ, 500)
    return tmp_path


def of_kind(journal: tuple[Entry, ...], kind: type) -> list[Entry]:
    return [
        entry
        for entry in journal
        if isinstance(entry.event, kind) or any(isinstance(one, kind) for one in entry.effects)
    ]


def test_an_agent_hears_the_whisper_alone_and_then_the_caller(folder: Path) -> None:
    scheme = ANNA + 'start { answer connect anna for 5s whisper "whisper.wav" }'
    with (
        Phone(answer_after_ms=100, tone_hz=AGENT_HZ, record=folder / "agent.wav") as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone(tone_hz=CALLER_HZ, record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        served.until_line("talks with anna")
        time.sleep(1.5)
        caller.hangup()
        served.until_over()
        agent.wait_for("closed")
    ((whisper_from, whisper_to),) = segments(folder / "agent.wav", WHISPER_HZ)
    assert 0.8 < whisper_to - whisper_from < 1.2
    assert heard(folder / "agent.wav", CALLER_HZ, 1.0)
    assert segments(folder / "agent.wav", CALLER_HZ)[0][0] >= whisper_to - 0.05
    assert not segments(folder / "caller.wav", WHISPER_HZ)
    assert heard(folder / "caller.wav", AGENT_HZ, 1.0)


@pytest.mark.parametrize("way", ["rtpevent", "info"])
def test_an_agent_takes_the_call_with_1(folder: Path, way: str) -> None:
    scheme = ANNA + 'start { answer connect anna for 9s whisper "whisper.wav" confirm }'
    with (
        Phone(answer_after_ms=100, tone_hz=AGENT_HZ, record=folder / "agent.wav", dtmf=way) as agent,  # type: ignore[arg-type]
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone(tone_hz=CALLER_HZ, record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        agent.wait_for("established", 10)
        time.sleep(1.5)
        agent.press("1")
        served.until_line("talks with anna")
        time.sleep(1)
        caller.press("5")
        caller.hangup()
        journal = served.until_over()
    (dialled,) = [one.ticket for entry in of_kind(journal, Bridge) for one in entry.effects if isinstance(one, Bridge)]
    keys = [(event.digit, event.leg) for entry in journal if isinstance(event := entry.event, DigitPressed)]
    assert keys == [("1", dialled), ("5", None)]
    assert heard(folder / "agent.wav", CALLER_HZ, 0.5)
    assert heard(folder / "caller.wav", AGENT_HZ, 0.5)


def test_an_agent_who_refuses_by_key_is_let_go_and_the_caller_goes_on(folder: Path) -> None:
    scheme = ANNA + 'start { answer connect anna for 9s confirm { rejected { play "after.wav" hangup } } }'
    with (
        Phone(answer_after_ms=100, tone_hz=AGENT_HZ) as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone(record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        agent.wait_for("established", 10)
        time.sleep(0.5)
        with contextlib.suppress(AssertionError):  # the leg is gone before the phone has let go of the key
            agent.press("3")
        journal = served.until_over()
        agent.wait_for("closed")
    assert heard(folder / "caller.wav", AFTER_HZ, 0.3)
    assert not segments(folder / "caller.wav", AGENT_HZ)
    (ended,) = [entry.event for entry in journal if isinstance(entry.event, LegEnded)]
    assert ended.outcome is Outcome.CANCELLED


def test_of_two_who_answer_the_first_key_counts_and_the_other_hears_that_it_is_taken(folder: Path) -> None:
    scheme = (
        ANNA + 'agent boris "sip:boris@127.0.0.1"\ngroup both anna, boris\nstart { answer connect both for 9s confirm }'
    )
    with (
        Phone(answer_after_ms=100, tone_hz=AGENT_HZ) as anna,
        Phone(answer_after_ms=100, record=folder / "boris.wav") as boris,
        Served(scheme, folder, {"anna": anna.uri, "boris": boris.uri}) as served,
        Phone(tone_hz=CALLER_HZ, record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        anna.wait_for("established", 10)
        boris.wait_for("established", 10)
        time.sleep(0.5)
        anna.press("1")
        boris.wait_for("closed", 10)
        time.sleep(0.5)
        assert not anna.seen("closed")
        caller.hangup()
        journal = served.until_over()
    told = [one.ticket for entry in journal for one in entry.effects if isinstance(one, Play) and one.leg is not None]
    over = [entry.event for entry in journal if isinstance(entry.event, PromptEnded) and entry.event.ticket in told]
    assert sorted(told) == sorted(event.ticket for event in over)
    assert all(not event.trouble for event in over)
    assert heard(folder / "caller.wav", AGENT_HZ, 0.3)
    assert not segments(folder / "boris.wav", CALLER_HZ)


def test_an_agent_who_hangs_up_in_the_whisper_ends_it_once(folder: Path) -> None:
    write_tone(folder / "whisper.wav", WHISPER_HZ, 8_000)
    scheme = ANNA + 'start { answer connect anna for 5s whisper "whisper.wav" play "after.wav" hangup }'
    with (
        Phone(answer_after_ms=100) as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone(record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        agent.wait_for("established", 10)
        time.sleep(0.5)
        agent.hangup()
        journal = served.until_over()
    whispered = next(one for entry in journal for one in entry.effects if isinstance(one, Play) and one.leg is not None)
    assert [entry.event.ticket for entry in journal if isinstance(entry.event, PromptEnded)].count(
        whispered.ticket
    ) == 1
    assert heard(folder / "caller.wav", AFTER_HZ, 0.3)


@pytest.mark.parametrize(
    ("shown", "address"),
    [
        ("+49 30 1234567", "<sip:+49301234567@127.0.0.1>"),
        ("Acme Sales", '"Acme Sales" <sip:+38511@127.0.0.1>'),
        ("Evil{who}", '"Evil sip:premium@x X-A: b" <sip:+38511@127.0.0.1>'),
    ],
)
def test_the_phone_shows_what_the_scheme_wants(folder: Path, shown: str, address: str) -> None:
    scheme = ANNA + f'start {{ set who = header("X-Who") connect anna for 3s as "{shown}" }}'
    with (
        Phone(reject=486) as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone(user="+38511") as caller,
    ):
        caller.dial(served.uri, headers={"X-Who": '" <sip:premium@x> X-A: b'})
        told = agent.wait_for("incoming", 10)
        served.until_over()
    assert told["from"].partition(";")[0] == address
    assert told["headers"].get("p-asserted-identity") == (address if shown.startswith("+") else None)
