"""What the other real calls leave out: orders of ringing, a queue nobody serves, and the ways out of a call."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from callflow.engine.effects import Dial, HangUp, HangUpReason, Play
from callflow.engine.events import CallOffered, QueueEnd, QueueLeft, QueueMoved
from callflow.journals.shelf import read_journal
from callflow.replay.again import strayed, tape_of
from callflow.replay.driver import again
from callflow.runner.journal import Entry
from callflow.sim.beside import happened, rows
from callflow.speech.wav import write_tone
from tests.phones.goertzel import heard, segments
from tests.phones.phone import Phone
from tests.port.served import Served

AGENTS = 'agent anna "sip:anna@127.0.0.1"\nagent boris "sip:boris@127.0.0.1"\ngroup team anna, boris\n'
ANNA = 'agent anna "sip:anna@127.0.0.1"\ngroup reception anna\n'
MENU_HZ, BYE_HZ = 600, 1_700


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with two tones."""
    write_tone(tmp_path / "menu.wav", MENU_HZ, 700)
    write_tone(tmp_path / "bye.wav", BYE_HZ, 500)
    return tmp_path


def last(journal: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries of the call that was offered last."""
    begun = max(number for number, entry in enumerate(journal) if isinstance(entry.event, CallOffered))
    return journal[begun:]


def rung(journal: tuple[Entry, ...]) -> list[str]:
    return [effect.agent for entry in last(journal) for effect in entry.effects if isinstance(effect, Dial)]


def said(journal: tuple[Entry, ...]) -> list[str]:
    return [
        item.text for entry in journal for effect in entry.effects if isinstance(effect, Play) for item in effect.items
    ]


def reasons(journal: tuple[Entry, ...]) -> list[HangUpReason]:
    return [effect.reason for entry in journal for effect in entry.effects if isinstance(effect, HangUp)]


@attrs.define
class Line:
    """A server, and two agents who answer."""

    served: Served
    phones: dict[str, Phone]

    def call(self) -> str:
        """Call until somebody answers, and return who was rung: one agent, with whom the caller talks."""
        with Phone() as caller:
            caller.dial(self.served.uri)
            self.served.until_line("talks with")
            caller.hangup()
            journal = self.served.until_over()
        (name,) = rung(journal)
        self.phones[name].wait_for("closed")
        return name


def lines(folder: Path, scheme: str) -> Iterator[Line]:
    with Phone(answer_after_ms=50) as anna, Phone(answer_after_ms=50) as boris:
        phones = {"anna": anna, "boris": boris}
        with Served(AGENTS + scheme, folder, {name: phone.uri for name, phone in phones.items()}) as served:
            yield Line(served, phones)


def test_phones_ring_each_after_the_one_that_rang_last(folder: Path) -> None:
    for line in lines(folder, "start { answer connect team for 9s ring round robin each 4s }"):
        assert [line.call() for _ in range(3)] == ["anna", "boris", "anna"]


def test_who_had_the_fewest_calls_is_rung_first(folder: Path) -> None:
    scheme = """
        start {
            answer
            when busy == none { remember busy = 1 for 1h connect boris for 9s hangup }
            connect team for 9s ring fewest calls each 4s
        }
    """
    for line in lines(folder, scheme):
        first, second = line.call(), line.call()
        assert (first, second) == ("boris", "anna")


def test_any_phone_may_ring_first(folder: Path) -> None:
    for line in lines(folder, "start { answer connect team for 9s ring random each 4s }"):
        assert {line.call() for _ in range(2)} <= {"anna", "boris"}


def test_a_queue_that_nobody_serves_is_left_at_once(folder: Path) -> None:
    scheme = ANNA + 'start { answer repeat 3 { connect anna for 1s } queue reception for 60s { empty play "bye.wav" } }'
    with (
        Phone(ring_forever=True) as anna,
        Served(scheme, folder, {"anna": anna.uri}) as served,
        Phone(record=folder / "heard.wav") as caller,
    ):
        caller.dial(served.uri)
        journal = served.until_over()
    assert rung(journal) == ["anna"] * 3
    assert [entry.event.end for entry in journal if isinstance(entry.event, QueueLeft)] == [QueueEnd.EMPTY]
    assert heard(folder / "heard.wav", BYE_HZ, 0.3)


def test_who_is_preferred_overtakes_and_all_are_told_their_place(folder: Path) -> None:
    scheme = (
        ANNA
        + """
        start {
            answer
            when caller.number matches "*7" queue reception for 60s priority 9
            queue reception for 60s { every 1s play "You are {queue.position}." }
        }
    """
    )
    with (
        Phone(ring_forever=True) as anna,
        Served(scheme, folder, {"anna": anna.uri}) as served,
        Phone(user="+4930111", record=folder / "heard.wav") as first,
        Phone(user="+4930777") as preferred,
    ):
        first.dial(served.uri)
        served.until_line("You are one.")
        preferred.dial(served.uri)
        served.until_line("You are two.")
        served.until_line("music")
        for caller in (preferred, first):
            caller.hangup()
            journal = served.until_over()
    places = [(entry.event.position, entry.event.length) for entry in journal if isinstance(entry.event, QueueMoved)]
    assert places == [(1, 1), (2, 2), (1, 2), (1, 1)]
    assert {"You are one.", "You are two."} <= set(said(journal))


def test_a_call_that_keeps_too_much_hears_the_words_for_a_limit(folder: Path) -> None:
    kept = "\n".join(f'set kept_{number} = "{{long}}{{long}}{{long}}"' for number in range(25))
    scheme = f'on limit {{ play "bye.wav" }}\nstart {{ answer set long = "{"x" * 1_000}" {kept} play "menu.wav" }}'
    with Served(scheme, folder) as served, Phone(record=folder / "heard.wav") as caller:
        caller.dial(served.uri)
        served.until_over()
        caller.wait_for("closed")
    assert served.lines[-1].endswith("outcome: failed")
    assert heard(folder / "heard.wav", BYE_HZ, 0.3)
    assert not segments(folder / "heard.wav", MENU_HZ)


def test_a_mistake_of_ours_ends_a_call_by_the_words_for_it(folder: Path) -> None:
    scheme = 'on trouble { play "bye.wav" }\nstart { answer tag "fault" play "menu.wav" }'
    with Served(scheme, folder, fault="fault") as served, Phone(record=folder / "heard.wav") as caller:
        caller.dial(served.uri)
        journal = served.until_over(failing=True)
        caller.wait_for("closed")
    assert served.lines[-1].endswith("outcome: failed")
    assert reasons(journal) == [HangUpReason.FLOW]
    assert heard(folder / "heard.wav", BYE_HZ, 0.3)
    assert not segments(folder / "heard.wav", MENU_HZ)


def test_who_forces_a_schedule_closed_closes_it_for_the_next_caller(folder: Path) -> None:
    scheme = """
        timezone "UTC"
        schedule desk "24/7"
        start {
            answer
            when desk open { force desk closed for 1h play "menu.wav" }
            else { play "bye.wav" release desk }
        }
    """
    with Served(scheme, folder) as served:
        for name in ("first", "second", "third"):
            with Phone(record=folder / f"{name}.wav") as caller:
                caller.dial(served.uri)
                served.until_over()
                caller.wait_for("closed")
    assert heard(folder / "first.wav", MENU_HZ, 0.3)
    assert heard(folder / "second.wav", BYE_HZ, 0.3)
    assert heard(folder / "third.wav", MENU_HZ, 0.3)


def test_the_journal_of_a_call_goes_the_same_way_in_virtual_time(folder: Path) -> None:
    scheme = (
        ANNA
        + """
        start {
            answer
            menu timeout 4s { play "menu.wav" press 1 connect anna for 9s whisper "bye.wav" }
            hangup
        }
    """
    )
    with (
        Phone(answer_after_ms=300) as anna,
        Served(scheme, folder, {"anna": anna.uri}) as served,
        Phone() as caller,
    ):
        caller.dial(served.uri)
        served.until_line("menu.wav")
        caller.press("1")
        served.until_line("talks with anna")
        anna.hangup()
        journal = served.until_over()
    (path,) = (folder / "journals").glob("*.jsonl")
    kept = read_journal(path)
    assert kept.journal == journal
    assert strayed(kept.machine, kept.journal) is None
    made = again(kept.machine, tape_of(kept.machine, kept.journal))
    assert not any(row.differs for row in rows(happened(kept.journal), happened(made.journal)))
