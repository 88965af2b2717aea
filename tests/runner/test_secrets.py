"""Secret digits: the engine gets them, the journal does not, and neither does whoever listens."""

from typing import Any

import pytest

from callflow.acd.floor import Floor
from callflow.engine.effects import Answer, Effect, Fetch
from callflow.engine.events import CallAnswered, CallOffered, DigitPressed, Event
from callflow.machine.model import (
    Answering,
    Collecting,
    Conferencing,
    Const,
    Fetching,
    HangingUp,
    Joined,
    Machine,
    Menu,
    Name,
    Passage,
    Playing,
    Presence,
    Setting,
    Sound,
)
from callflow.runner.journal import Entry
from callflow.runner.runner import Runner
from tests.acd.world import WHERE, Office, machine

WORDS = Passage((Sound("ask.wav"),))


def collecting(following: int, *, secret: bool = True) -> Collecting:
    return Collecting(
        where=WHERE, name="pin", passages=(WORDS,), retry=(), least=4, most=4, until="#", waits=False, pattern="",
        secret=secret, tries=3, silence_tries=None, invalid_tries=None, timeout_ms=5_000, pause_ms=2_000, silence=None,
        invalid=None, silent_end=None, invalid_end=None, otherwise=following, next=following,
    )  # fmt: skip


def menu(following: int) -> Menu:
    return Menu(
        where=WHERE, passages=(WORDS,), retry=(), keys={"7": following}, extensions=None, tries=3, silence_tries=None,
        invalid_tries=None, timeout_ms=5_000, pause_ms=2_000, silence=None, invalid=None, silent_end=None,
        invalid_end=None, next=following,
    )  # fmt: skip


class Line:
    """A call whose prompts play until told otherwise."""

    def __init__(self, *states: Any) -> None:
        scheme: Machine = machine(Answering(WHERE, 1), *states, HangingUp(WHERE))
        self.orders: list[Effect] = []
        self.heard: list[Entry] = []
        offer = CallOffered(0, "+49301", "+49302")
        seat = Floor(scheme, Office()).join(offer, 0, self.report)
        self.runner = Runner(scheme, self, seat, self.heard.append)
        self.runner.report(offer)

    def report(self, event: Event) -> None:
        self.runner.report(event)

    def carry_out(self, effect: Effect) -> None:
        self.orders.append(effect)
        if isinstance(effect, Answer):
            self.runner.report(CallAnswered(0, effect.ticket))

    def press(self, keys: str, leg: int | None = None) -> "Line":
        for key in keys:
            self.runner.report(DigitPressed(100, key, leg))
        return self

    @property
    def keys(self) -> str:
        """Return the keys as the journal has them."""
        assert self.heard == self.runner.journal
        return "".join(entry.event.digit for entry in self.heard if isinstance(entry.event, DigitPressed))


def test_secret_digits_get_to_the_engine_and_not_into_the_journal() -> None:
    line = Line(collecting(2)).press("1234")
    assert line.keys == "xxxx"
    assert line.runner.session.names["pin"] == "1234"


def test_keys_that_are_no_digits_are_no_secret() -> None:
    assert Line(collecting(2)).press("12#").keys == "xx#"


def test_what_is_not_secret_is_in_the_journal() -> None:
    line = Line(Playing(WHERE, WORDS, 2), collecting(3, secret=False)).press("1234")
    assert line.keys == "1234"


def test_a_key_of_a_menu_is_no_secret_and_digits_behind_it_are() -> None:
    assert Line(menu(2), collecting(3)).press("71234").keys == "7xxxx"


def test_digits_typed_ahead_may_be_secret() -> None:
    line = Line(Playing(WHERE, WORDS, 2), collecting(3)).press("1234")
    assert line.keys == "xxxx"
    assert line.runner.session.names["pin"] == "1234"


def test_keys_of_an_agent_are_no_secret() -> None:
    assert Line(collecting(2)).press("1", leg=9).keys == "1"


def test_the_pin_of_a_room_is_secret() -> None:
    room = Conferencing(WHERE, Const("team"), Presence.MEMBER, "4711", 5, (WORDS,), 2)
    assert Line(room).press("4711").keys == "xxxx"


@pytest.mark.parametrize("sent", ["pin", "copy"])
def test_a_secret_is_crossed_out_where_it_is_sent(sent: str) -> None:
    post = {"pin": Name(sent), "number": Name("caller.number"), "times": Const(3)}
    asks = Fetching(WHERE, "crm", Joined((Const("https://x/?pin="), Name(sent))), post, 1_000, 4, 4)
    line = Line(collecting(2), Setting(WHERE, "copy", Name("pin"), 3), asks).press("1234")
    ordered = [one for one in line.orders if isinstance(one, Fetch)]
    noted = [one for entry in line.heard for one in entry.effects if isinstance(one, Fetch)]
    fields = {"number": "+49301", "times": 3}
    assert ordered == [Fetch(ordered[0].ticket, "https://x/?pin=1234", 1_000, {"pin": "1234", **fields})]
    assert noted == [Fetch(ordered[0].ticket, "https://x/?pin=xxxx", 1_000, {"pin": "xxxx", **fields})]
