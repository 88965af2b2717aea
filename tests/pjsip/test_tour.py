"""A few real calls go through every kind of state that has to do with the line: what is heard, typed, rung, recorded.

What there is, is read off the union of states, so that a new kind needs a call here or a word that it has no line.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import attrs
import pytest

from callflow.compile.pipeline import compile_text
from callflow.engine.effects import CallBack, ChangeRecording, Dial, Effect, RecordCall
from callflow.engine.events import CallOffered, DigitPressed, LegAnswered, LegEnded, MessageRecorded, Outcome
from callflow.machine import model
from callflow.runner.journal import Entry
from callflow.speech.wav import write_tone
from tests.phones.goertzel import heard, segments
from tests.phones.phone import Phone
from tests.port.served import Served

WITHOUT_LINE = {
    model.Repass, model.Consulting, model.Counting, model.Branch, model.Splitting, model.Setting, model.SettingFields,
    model.Speaking, model.Tagging, model.Remembering, model.Forgetting, model.Forcing, model.Notifying, model.Fetching,
}  # fmt: skip
"""What nobody on the line notices."""

MENU_HZ, EVERY_HZ, IN_HZ, WRONG_HZ, BYE_HZ = 600, 800, 1_000, 1_300, 1_700

SCHEME = """
language en, de
region DE
agent anna "sip:anna@127.0.0.1"
agent boris "sip:boris@127.0.0.1"
group team anna ring longest idle
group others boris
group all anna, boris ring in turn each 2s

start {
    when caller.number matches "*0009" reject busy
    answer
    record call both
    wait 200ms
    menu tries 1 timeout 6s {
        play "menu.wav"
        press 1 goto waiting
        press 2 goto in_turn
        press 3 goto room
        press 4 goto code
        press 5, 6 goto elsewhere
    }
}

flow waiting {
    queue team for 20s music "menu.wav" {
        every 1s play "every.wav"
        after 2s also others
        press 7 callback team
        answered goto bye
    }
}

flow in_turn {
    connect all for 10s whisper "every.wav" as "Tour" { answered goto bye }
    goto bye
}

flow room {
    stop recording
    conference "tour" pin "12"
    play "in.wav"
}

flow code {
    pause recording
    collect code digits 2 until "#" matching "4?" tries 2 {
        play "menu.wav"
        invalid play "wrong.wav"
        otherwise goto bye
    }
    resume recording
    language de
    play "in.wav" uninterrupted
    voicemail "tour" greeting "every.wav" max 3s
    goto bye
}

flow elsewhere {
    transfer "sip:nobody@127.0.0.1:9"
    record message max 2s into said
    play said
    goto bye
}

flow bye { play "bye.wav" hangup }
"""


@attrs.define
class Tour:
    """A server for all calls of this file, the phones of its agents, and what was gone through."""

    served: Served
    anna: Phone
    boris: Phone
    folder: Path
    entered: set[str] = attrs.field(factory=set)

    def over(self) -> tuple[Entry, ...]:
        """Return the journal of the call that ends next, and keep what it went through."""
        journal = self.served.until_over()
        begun = max(number for number, entry in enumerate(journal) if isinstance(entry.event, CallOffered))
        states = compile_text(SCHEME).machine
        assert states is not None
        self.entered |= {type(states.states[entry.state]).__name__ for entry in journal[begun:]}
        effects = {type(effect) for entry in journal[begun:] for effect in entry.effects}
        passed: dict[type[Effect], type] = {  # those that do not wait are seen by what they order
            RecordCall: model.RecordingCall,
            ChangeRecording: model.ChangingRecording,
            CallBack: model.CallingBack,
        }
        self.entered |= {state.__name__ for effect, state in passed.items() if effect in effects}
        return journal[begun:]


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    folder = tmp_path_factory.mktemp("tour")
    tones = {"menu": MENU_HZ, "every": EVERY_HZ, "in": IN_HZ, "wrong": WRONG_HZ, "bye": BYE_HZ}
    for name, hz in tones.items():
        write_tone(folder / f"{name}.wav", hz, 500)
    with (
        Phone(ring_forever=True) as anna,
        Phone(ring_forever=True) as boris,
        Served(SCHEME, folder, {"anna": anna.uri, "boris": boris.uri}) as served,
    ):
        yield Tour(served, anna, boris, folder)


def rung(journal: tuple[Entry, ...]) -> list[str]:
    return [effect.agent for entry in journal for effect in entry.effects if isinstance(effect, Dial)]


def test_who_waits_hears_announcements_until_another_group_helps(tour: Tour) -> None:
    with Phone(record=tour.folder / "waits.wav") as caller:
        caller.dial(tour.served.uri)
        caller.wait_for("established")
        caller.press("1")
        tour.boris.wait_for("incoming", 15)
        tour.boris.answer()
        tour.served.until_line("talks with boris")
        tour.boris.hangup()
        journal = tour.over()
    assert set(rung(journal)) == {"anna", "boris"}
    assert segments(tour.folder / "waits.wav", EVERY_HZ)
    assert heard(tour.folder / "waits.wav", BYE_HZ, 0.3)


def test_who_waits_may_ask_to_be_called_back(tour: Tour) -> None:
    with Phone(user="+4930555777") as caller:
        caller.dial(tour.served.uri)
        caller.wait_for("established")
        caller.press("1")
        tour.anna.wait_for("incoming", 15)
        caller.press("7")
        journal = tour.over()
    assert [one.number for entry in journal for one in entry.effects if isinstance(one, CallBack)] == ["+4930555777"]


def test_phones_ring_in_turn_until_one_answers(tour: Tour) -> None:
    with Phone() as caller:
        caller.dial(tour.served.uri)
        caller.wait_for("established")
        caller.press("2")
        tour.boris.wait_for("incoming", 15)
        tour.boris.answer()
        tour.served.until_line("talks with boris")
        tour.boris.hangup()
        journal = tour.over()
    assert rung(journal) == ["anna", "boris"]
    ended = [entry.event.outcome for entry in journal if isinstance(entry.event, LegEnded)]
    assert ended == [Outcome.CANCELLED, Outcome.HUNG_UP]
    assert sum(isinstance(entry.event, LegAnswered) for entry in journal) == 1


def test_a_room_is_entered_with_its_pin(tour: Tour) -> None:
    with Phone() as caller:
        caller.dial(tour.served.uri)
        caller.wait_for("established")
        caller.press("3")
        tour.served.until_line("stopped")
        caller.press("99#")
        caller.press("12#")
        tour.served.until_line("in the room")
        caller.hangup()
        journal = tour.over()
    keys = [entry.event.digit for entry in journal if isinstance(entry.event, DigitPressed)]
    assert not {"9", "1", "2"} & set(keys)


def test_digits_are_asked_for_until_they_fit_and_a_message_is_left(tour: Tour) -> None:
    with Phone(record=tour.folder / "code.wav", tone_hz=440) as caller:
        caller.dial(tour.served.uri)
        caller.wait_for("established")
        caller.press("4")
        tour.served.until_line("♪ menu.wav")
        caller.press("55#")
        tour.served.until_line("♪ wrong.wav")
        caller.press("41#")
        tour.served.until_line("♪ in.wav")
        caller.press("9")
        journal = tour.over()
    assert heard(tour.folder / "code.wav", IN_HZ, 0.4)
    (message,) = [entry.event for entry in journal if isinstance(entry.event, MessageRecorded)]
    assert message.file


def test_a_phone_that_takes_no_transfer_goes_on_and_hears_what_it_said(tour: Tour) -> None:
    with Phone(record=tour.folder / "else.wav", tone_hz=440, transfer="refuse") as caller:
        caller.dial(tour.served.uri)
        caller.wait_for("established")
        tour.served.until_line("♪ menu.wav")
        caller.press("6")
        tour.over()
    assert heard(tour.folder / "else.wav", BYE_HZ, 0.3)
    assert heard(tour.folder / "else.wav", 440, 0.5)


def test_a_number_that_is_not_wanted_is_refused(tour: Tour) -> None:
    with Phone(user="+4930110009") as caller:
        caller.dial(tour.served.uri)
        assert caller.wait_for("closed")["status"] == 486
        tour.over()


def test_every_kind_of_state_on_the_line_was_entered(tour: Tour) -> None:
    """Of the calls above: run it with them."""
    wanted = {kind.__name__ for kind in get_args(model.State) if kind not in WITHOUT_LINE}
    assert wanted - tour.entered == set()
