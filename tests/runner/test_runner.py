"""The runner: deadlines before events, events that come during a step after it, mistakes of ours end the call."""

from collections.abc import Callable
from unittest import mock

from callflow.engine.effects import Answer, Consult, Dial, Effect, HangUp, HangUpReason, Play, Reject, RejectReason
from callflow.engine.events import (
    CallAnswered,
    CallOffered,
    DeadlinePassed,
    DigitPressed,
    PromptEnded,
    ScheduleReported,
)
from callflow.engine.session import Disposition
from callflow.runner.house import Shared
from callflow.runner.journal import Entry
from callflow.runner.runner import Runner
from tests.engine.world import at_fault, machine_of

SCHEME = 'start { answer menu timeout 5s { play "one" press 1 play "pressed" } }'


class Eager:
    """A driver, and a house, that answers at once, before the order returns."""

    def __init__(self, scheme: str = SCHEME, fault: str = "") -> None:
        """fault: A tag that leads to a state which does not exist."""
        self.orders: list[Effect] = []
        self.runner = Runner(at_fault(machine_of(scheme), fault), self, self)

    def carry_out(self, effect: Effect) -> None:
        self.orders.append(effect)
        match effect:
            case Answer(ticket=ticket):
                self.runner.report(CallAnswered(0, ticket))
            case Play(ticket=ticket):
                self.runner.report(PromptEnded(0, ticket))
            case _:
                pass

    def take(self, effect: Shared, at_ms: int) -> None:
        assert isinstance(effect, Consult)
        self.runner.report(ScheduleReported(at_ms, effect.ticket, open=effect.schedule == "office"))

    def reserve(self, _dial: Dial, _at_ms: int, granted: Callable[[], None]) -> None:
        granted()

    def note(self, entry: Entry) -> None:
        pass


def events(runner: Runner) -> list[str]:
    return [type(entry.event).__name__ for entry in runner.journal]


def test_what_a_driver_reports_during_a_step_comes_after_it() -> None:
    driver = Eager()
    driver.runner.report(CallOffered(0, "1", "2"))
    assert events(driver.runner) == ["CallOffered", "CallAnswered", "PromptEnded"]
    assert driver.runner.next_deadline_ms == 5_000


def test_a_deadline_that_is_due_comes_before_the_event() -> None:
    driver = Eager()
    driver.runner.report(CallOffered(0, "1", "2"))
    driver.runner.report(DigitPressed(5_000, "1"))
    journal = driver.runner.journal
    assert journal[3].event == DeadlinePassed(5_000)
    assert journal[4].event == DigitPressed(5_000, "1")


def test_waking_too_early_does_nothing() -> None:
    driver = Eager()
    driver.runner.report(CallOffered(0, "1", "2"))
    driver.runner.wake(4_999)
    assert len(driver.runner.journal) == 3
    driver.runner.wake(5_000)
    assert len(driver.runner.journal) == 5


def test_the_house_is_asked_after_schedules() -> None:
    driver = Eager('timezone "UTC"\nschedule office "24/7"\nstart { when office open { answer } else hangup }')
    driver.runner.report(CallOffered(0, "1", "2", started_ms=1_000_000))
    assert any(isinstance(order, Answer) for order in driver.orders)


def test_a_mistake_of_ours_ends_the_call_politely_and_is_kept() -> None:
    driver = Eager()
    driver.runner.report(CallOffered(0, "1", "2"))
    heard: list[Entry] = []
    with mock.patch("callflow.engine.menu.key_in_pause", side_effect=KeyError("ours")):
        driver.runner.report(DigitPressed(100, "1"))
    assert driver.orders[-1] == HangUp(HangUpReason.TROUBLE)
    assert driver.runner.session.disposition is Disposition.FAILED
    assert "KeyError" in driver.runner.troubles[0]
    assert not heard


def test_a_mistake_in_the_first_step_ends_the_call_too() -> None:
    driver = Eager('start { tag "fault" answer }', "fault")
    driver.runner.report(CallOffered(0, "1", "2"))
    assert driver.orders == [Reject(RejectReason.UNAVAILABLE)]
    assert driver.runner.ended


def test_what_an_event_says_holds_though_its_step_went_wrong() -> None:
    driver = Eager('on trouble { play "We are sorry." }\nstart { answer tag "fault" }', "fault")
    driver.runner.report(CallOffered(0, "1", "2"))
    assert driver.orders[-1] == HangUp(HangUpReason.FLOW)
    assert driver.runner.session.answered


def test_nothing_is_ordered_after_the_end() -> None:
    driver = Eager("start { answer hangup }")
    driver.runner.report(CallOffered(0, "1", "2"))
    assert driver.runner.ended
    before = len(driver.orders)
    driver.runner.report(DigitPressed(100, "1"))
    assert len(driver.orders) == before
    assert driver.runner.next_deadline_ms is None
