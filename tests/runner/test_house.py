"""The runner between port and house: who is told what, and phones that are called once their agent is reserved."""

from collections.abc import Callable
from unittest import mock

from callflow.engine.effects import (
    CallBack,
    Count,
    Dial,
    Drop,
    Effect,
    Enqueue,
    Fetch,
    Force,
    HangUp,
    HangUpReason,
    JoinRoom,
    Leave,
    Notify,
    Remember,
    Seek,
    Widen,
)
from callflow.engine.events import CallOffered, DeadlinePassed, Event, LegEnded, LegRang, Outcome
from callflow.engine.session import Session
from callflow.engine.step import Step
from callflow.machine.model import HangingUp, Machine, Presence, Strategy, Until, Waiting, Where
from callflow.runner.house import Shared
from callflow.runner.journal import Entry
from callflow.runner.runner import Runner

WHERE = Where("start", 1)
MACHINE = Machine(
    scheme="test", timezone="", region="", languages=("en",), agents={}, groups={}, prompts={}, schedules={},
    numbers={}, flows={}, start=0, states=(Waiting(WHERE, 3_600_000, 1), HangingUp(WHERE)),
)  # fmt: skip

SHARED = (
    Count(1, "sales"),
    Seek(2, "sales", Strategy.ALL, 0),
    Enqueue(3, "sales", 0, None, None, None, 0),
    Widen(3, "support"),
    Leave(3),
    CallBack("sales", "+49301", 60_000),
    Remember("tier", "gold"),
    Force("office", True, Until.RELEASED),
)
OWN = (Fetch(4, "https://x", 1_000), Notify("called", {}))
ANNA, BORIS = Dial(5, "anna", "sip:anna@x"), Dial(6, "boris", "sip:boris@x")


class Both:
    """A port and a house that write down what they are told, in order; a step orders what the test says."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.told: list[object] = []
        self.granted: dict[int, Callable[[], None]] = {}
        self.refuses: set[str] = set()
        self._at_once = at_once
        self.runner = Runner(MACHINE, self, self)
        self.runner.report(CallOffered(0, "+49301", "+49302"))
        self.told.clear()

    def order(self, *effects: Effect, at_ms: int = 100) -> None:
        """Let a step order something."""

        def ordered(_machine: Machine, session: Session, event: Event) -> Step:
            orders = effects if event == LegRang(at_ms, 99) else ()
            return Step(session, orders)

        with mock.patch("callflow.runner.runner.step", ordered):
            self.runner.report(LegRang(at_ms, 99))
        self.told = [one for one in self.told if one != "note LegRang"]

    def carry_out(self, effect: Effect) -> None:
        self.told.append(("port", effect))

    def take(self, effect: Shared, at_ms: int) -> None:
        assert at_ms == 100
        self.told.append(("house", effect))

    def reserve(self, dial: Dial, at_ms: int, granted: Callable[[], None]) -> None:
        if dial.agent in self.refuses:
            self.runner.report(LegEnded(at_ms, dial.ticket, Outcome.ON_CALL))
        elif self._at_once:
            granted()
        else:
            self.granted[dial.ticket] = granted

    def note(self, entry: Entry) -> None:
        self.told.append(f"note {type(entry.event).__name__}")

    @property
    def ended(self) -> list[LegEnded]:
        return [entry.event for entry in self.runner.journal if isinstance(entry.event, LegEnded)]


def test_what_calls_share_is_for_the_house_and_the_rest_for_the_port() -> None:
    both = Both()
    both.order(*SHARED, *OWN)
    assert both.told == [*(("house", one) for one in SHARED), *(("port", one) for one in OWN)]


def test_a_room_is_for_both_and_the_port_gets_ready_first() -> None:
    both = Both()
    room = JoinRoom(7, "team", Presence.MEMBER, 5)
    both.order(room)
    assert both.told == [("port", room), ("house", room)]


def test_the_house_is_told_of_an_entry_before_its_effects_are_carried_out() -> None:
    both = Both()
    both.told = []
    order = (Notify("called", {}), Leave(3))
    with mock.patch("callflow.runner.runner.step", lambda _machine, session, _event: Step(session, order)):
        both.runner.report(DeadlinePassed(100))
    assert both.told == ["note DeadlinePassed", ("port", order[0]), ("house", order[1])]


def test_a_phone_is_called_once_its_agent_is_granted() -> None:
    both = Both(at_once=False)
    both.order(ANNA)
    assert both.told == []
    both.granted[5]()
    both.granted[5]()
    assert both.told == [("port", ANNA)]


def test_the_port_never_sees_a_phone_whose_agent_is_refused() -> None:
    both = Both()
    both.refuses = {"anna"}
    both.order(ANNA, BORIS)
    assert [one for one in both.told if one != "note LegEnded"] == [("port", BORIS)]
    assert both.ended == [LegEnded(100, 5, Outcome.ON_CALL)]


def test_a_phone_that_is_dropped_before_it_was_granted_ends_and_is_not_called() -> None:
    both = Both(at_once=False)
    both.order(ANNA, BORIS)
    both.order(Drop(5))
    both.granted[5]()
    both.granted[6]()
    assert [one for one in both.told if one != "note LegEnded"] == [("port", BORIS)]
    assert both.ended == [LegEnded(100, 5, Outcome.CANCELLED)]


def test_a_refused_phone_that_is_dropped_ends_once() -> None:
    both = Both()
    both.refuses = {"anna"}
    both.order(ANNA, Drop(5))
    assert both.ended == [LegEnded(100, 5, Outcome.ON_CALL)]


def test_phones_that_were_not_granted_end_with_the_call() -> None:
    both = Both(at_once=False)
    both.order(ANNA, BORIS)
    both.granted[6]()
    both.order(HangUp(HangUpReason.FLOW))
    both.granted[5]()
    assert both.told[-2:] == [("port", HangUp(HangUpReason.FLOW)), "note LegEnded"]
    assert both.ended == [LegEnded(100, 5, Outcome.CANCELLED)]
