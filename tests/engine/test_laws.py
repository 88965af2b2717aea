"""The engine is pure and total: every event in every state, and laws over random schemes and random events."""

from collections import deque
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from callflow.compile.pipeline import compile_text
from callflow.engine.effects import (
    Consult,
    Count,
    Dial,
    Effect,
    Fetch,
    Force,
    HangUp,
    Notify,
    Play,
    RecordMessage,
    Reject,
    Remember,
)
from callflow.engine.events import (
    AgentOffered,
    AgentsFound,
    CallAnswered,
    CallerHungUp,
    CallOffered,
    DeadlinePassed,
    DigitPressed,
    Event,
    Fetched,
    GroupCounted,
    LegAnswered,
    LegEnded,
    LegRang,
    MessageRecorded,
    Outcome,
    PromptEnded,
    QueueEnd,
    QueueLeft,
    QueueMoved,
    RoomEnd,
    RoomJoined,
    RoomLeft,
    ScheduleReported,
    TransferEnded,
)
from callflow.engine.session import Session
from callflow.engine.step import Step, begin, next_deadline_ms, step
from callflow.machine.model import Machine
from tests.engine.world import machine_of
from tests.strategies import HEAD, events, schemes

ALL_STATES = (
    HEAD
    + """
start {
    set n = 1
    when office closed reject busy
    connect carla for 3s
    answer
    record call
    play hello
    wait 1s
    language de
    when n == 1 goto ask else goto again_and_out
}
flow ask {
    menu tries 2 {
        play "law" uninterrupted
        play hello
        retry play "short"
        press 1 { connect turns music { answered goto again_and_out press 0 goto again_and_out } }
        press 12 again
        dial extension
        silence wait 1s
        invalid play "wrong"
        otherwise voicemail both
    }
}
flow again_and_out { play "bye" hangup }
"""
)

WHOLE = (
    HEAD
    + """
agent dora "sip:dora@x.example" confirm
group late dora
start {
    answer
    record call
    collect pin digits 2 secret { play "Your PIN?" silence wait 1s invalid play "wrong" otherwise hangup }
    fetch crm from "https://crm.example/" timeout 2s post { pin: pin } { failed goto queued }
    when crm.known == true and both.available > 0 goto agents else goto queued
}
flow queued {
    queue late for 1m whisper "Sales." confirm music {
        every 20s play "Number {queue.position}."
        after 30s also both
        press 1 callback within 1h
        full goto agents
        empty transfer "sip:x@y.example"
        answered goto agents
    }
    goto agents
}
flow agents {
    connect last agent within 1d whisper "Yours." { busy wait 1s }
    pause recording
    record message max 10s into words
    resume recording
    play words
    conference "team" pin "12" up to 3
    split { 50% hangup otherwise transfer "sip:x@y.example" }
}
on hangup { remember tier = "gold" notify "over" { number: caller.number } }
on limit { play "Too long." hangup }
on trouble { voicemail late }
"""
)

EVENTS_MAX = 800_000
"""As many as are taken in half a minute, the situations that calls come to first before others."""

OFFER = CallOffered(0, "+49301", "+49302")

WITHOUT_CALLER = Notify | Fetch | Remember | Force | Consult | Count
"""What `on hangup` may still order."""


def every_event(at_ms: int, session: Session) -> Iterator[Event]:
    """Yield every kind of event, each with every ticket that was given and one that was not."""
    yield CallerHungUp(at_ms)
    yield DeadlinePassed(next_deadline_ms(session) or at_ms)
    yield OFFER
    yield from (DigitPressed(at_ms, digit) for digit in "0123#")
    for ticket in range(session.next_ticket + 1):
        yield PromptEnded(at_ms, ticket)
        yield CallAnswered(at_ms, ticket)
        yield LegRang(at_ms, ticket)
        yield LegAnswered(at_ms, ticket)
        yield from (LegEnded(at_ms, ticket, outcome) for outcome in Outcome)
        yield MessageRecorded(at_ms, ticket, "m.wav", 3_000)
        yield MessageRecorded(at_ms, ticket, "", 0)
        yield ScheduleReported(at_ms, ticket, open=True)
        yield ScheduleReported(at_ms, ticket, open=False)
        yield AgentsFound(at_ms, ticket, ("anna", "dora"))
        yield AgentsFound(at_ms, ticket, (), on_call=1)
        yield GroupCounted(at_ms, ticket, 1, 0, 0)
        yield AgentOffered(at_ms, ticket, "dora", 15_000)
        yield QueueMoved(at_ms, ticket, 1, 2)
        yield from (QueueLeft(at_ms, ticket, end) for end in QueueEnd)
        yield RoomJoined(at_ms, ticket, 2)
        yield from (RoomLeft(at_ms, ticket, end) for end in RoomEnd)
        yield TransferEnded(at_ms, ticket, taken=True)
        yield TransferEnded(at_ms, ticket, taken=False)
        yield Fetched(at_ms, ticket, {"known": True})
        yield Fetched(at_ms, ticket, trouble="none")
        yield DigitPressed(at_ms, "1", ticket)


def seen_as(session: Session) -> tuple[object, ...]:
    """Return what tells two situations apart, without times and tickets."""
    now = session.activity
    inside = (getattr(now, "passage", None), getattr(now, "keys", None), len(getattr(now, "tries", ())))
    fruitless = max((visit.fruitless for visit in session.visits.values()), default=0)
    return (session.state, type(now), inside, session.answered, session.disposition, session.ended, fruitless)


@pytest.mark.parametrize(("text", "tickets", "activities"), [(ALL_STATES, 40, 13), (WHOLE, 12, 13)])
def test_every_event_in_every_state_changes_the_session_or_nothing(text: str, tickets: int, activities: int) -> None:
    machine = machine_of(text)
    first = begin(machine, OFFER).session
    seen = {seen_as(first): first}
    frontier = deque([first])
    taken = 0
    while frontier and taken < EVENTS_MAX:
        session = frontier.popleft()
        for event in every_event(session.at_ms + 10, session):
            done = step(machine, session, event)
            taken += 1
            assert done.session.at_ms >= session.at_ms
            assert step(machine, session, event) == done
            if seen_as(done.session) not in seen and session.next_ticket < tickets:
                seen[seen_as(done.session)] = done.session
                frontier.append(done.session)
    waited_in = {type(session.activity) for session in seen.values()}
    assert len(waited_in) == activities, sorted(kind.__name__ for kind in waited_in)
    assert taken > 5_000


@pytest.mark.parametrize("kind", [PromptEnded, CallAnswered, LegRang, LegAnswered])
def test_a_ticket_that_is_not_waited_for_changes_nothing(kind: type) -> None:
    machine = machine_of(ALL_STATES)
    session = begin(machine, OFFER).session
    done = step(machine, session, kind(session.at_ms, 999))
    assert done == Step(session, ())


class Watched:
    """A session under random events, with the laws asserted after each."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        done = begin(machine, OFFER)
        self.session = done.session
        self.ordered: list[Effect] = []
        self._take(done)

    def report(self, event: Event) -> None:
        before = self.session
        done = step(self.machine, before, event)
        assert done.session.at_ms >= before.at_ms
        if before.ended:
            assert done == Step(before, ())
        self.session = done.session
        self._take(done)

    def _take(self, done: Step) -> None:
        for effect in done.effects:
            over = any(isinstance(one, HangUp | Reject) for one in self.ordered)
            assert not over or isinstance(effect, WITHOUT_CALLER), "ordered after the end"
            self.ordered.append(effect)
        tickets = [e.ticket for e in self.ordered if isinstance(e, Play | Dial | RecordMessage)]
        assert len(tickets) == len(set(tickets))
        due = next_deadline_ms(self.session)
        assert (due is None) == self.session.ended


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(scheme=schemes(), data=st.data())
def test_laws_hold_for_random_schemes_and_random_events(scheme: str, data: st.DataObject) -> None:
    machine = compile_text(scheme).machine
    assume(machine is not None)
    assert machine is not None
    watched = Watched(machine)
    at_ms = 0
    for _ in range(data.draw(st.integers(5, 60))):
        at_ms += data.draw(st.sampled_from([0, 1, 500, 2_000, 20_000]))
        due = next_deadline_ms(watched.session)
        while due is not None and due <= at_ms:
            watched.report(DeadlinePassed(due))
            following = next_deadline_ms(watched.session)
            assert following is None or following >= due
            due = following
        watched.report(data.draw(events(at_ms, watched.session.next_ticket)))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(scheme=schemes(), data=st.data())
def test_a_call_in_which_nobody_does_anything_more_comes_to_an_end(scheme: str, data: st.DataObject) -> None:
    machine = compile_text(scheme).machine
    assume(machine is not None)
    assert machine is not None
    watched = Watched(machine)
    for _ in range(data.draw(st.integers(0, 10))):
        watched.report(data.draw(events(watched.session.at_ms, watched.session.next_ticket)))
    for _ in range(5_000):
        due = next_deadline_ms(watched.session)
        if due is None:
            break
        watched.report(DeadlinePassed(due))
    assert watched.session.ended
