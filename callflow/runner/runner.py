"""One session kept going in any kind of time: due deadlines first, then the event; every step goes to the journal.

Knows no clock: a driver says what time it is with each event and wakes it at `next_deadline_ms`. What a session orders
goes to the driver's port, or to the house that it shares with other calls; a phone is called once the house has
reserved its agent.
"""

import traceback
from collections import deque
from collections.abc import Callable

from callflow.engine.effects import (
    CallBack,
    Consult,
    Count,
    Dial,
    Drop,
    Effect,
    Enqueue,
    Force,
    HangUp,
    JoinRoom,
    Leave,
    Reject,
    Remember,
    Seek,
    Widen,
)
from callflow.engine.events import CallOffered, DeadlinePassed, Event, LegEnded, Outcome
from callflow.engine.session import Session
from callflow.engine.step import Step, begin, give_up, next_deadline_ms, step
from callflow.machine.model import Machine
from callflow.runner.house import House
from callflow.runner.journal import Entry
from callflow.runner.port import Port
from callflow.runner.secrets import Secrets


class Runner:
    """A session, its machine, its driver and what it shares with other calls."""

    def __init__(
        self, machine: Machine, port: Port, house: House, listen: Callable[[Entry], None] | None = None
    ) -> None:
        self.machine = machine
        self.journal: list[Entry] = []
        self.passed: list[int] = []
        """The states that were entered, in order."""
        self.troubles: list[str] = []
        """Tracebacks of our own mistakes, for the log; empty in every call that went right."""
        self._port = port
        self._house = house
        self._listen = listen
        self._secrets = Secrets(machine)
        self._session: Session | None = None
        self._due_ms: int | None = None
        """The next deadline of that session: asked after far more often than it changes."""
        self._waiting: deque[Event] = deque()
        self._busy = False
        self._reserving: set[int] = set()
        """Tickets of phones that the house has neither granted nor refused yet; the port has not seen them."""

    @property
    def session(self) -> Session:
        """Return what the call remembers now."""
        assert self._session is not None, "offer the call first"
        return self._session

    @property
    def ended(self) -> bool:
        """Return whether the call is over and every last thing of it done."""
        return self._session is not None and self._session.ended

    @property
    def next_deadline_ms(self) -> int | None:
        """Return when the session wants to be woken, None: not by time."""
        return self._due_ms

    def report(self, event: Event) -> None:
        """Take in a fact. Deadlines that are due by then come first; what a driver reports meanwhile comes after."""
        if isinstance(event, LegEnded):
            self._reserving.discard(event.ticket)
        self._waiting.append(event)
        if self._busy:
            return
        self._busy = True
        try:
            while self._waiting:
                self._take(self._waiting.popleft())
        finally:
            self._busy = False

    def wake(self, at_ms: int) -> None:
        """Let the deadlines pass that are due at `at_ms`."""
        due = self.next_deadline_ms
        if due is not None and due <= at_ms:
            self.report(DeadlinePassed(at_ms=due))

    def _take(self, event: Event) -> None:
        while (due := self.next_deadline_ms) is not None and due <= event.at_ms:
            self._step(DeadlinePassed(at_ms=due))
            if isinstance(event, DeadlinePassed) and event.at_ms <= due:
                return
        self._step(event)

    def _next(self, event: Event) -> Step:
        """Return the step for an event. A mistake of ours ends the call politely; the journal keeps what led to it."""
        try:
            if self._session is not None:
                return step(self.machine, self._session, event)
            assert isinstance(event, CallOffered), "the first event of a session is the offer"
            return begin(self.machine, event)
        except Exception:  # noqa: BLE001  whatever it is, this caller must not be left in silence
            self.troubles.append(traceback.format_exc())
            return give_up(self.machine, self._session, event)

    def _step(self, event: Event) -> None:
        before = None if self._session is None else self._session.state
        done = self._next(event)
        self._session = done.session
        self.passed += done.passed
        self._due_ms = next_deadline_ms(done.session)
        entry = Entry(
            event=self._secrets.in_event(event, before),
            effects=self._secrets.in_effects(done.effects, done.session.names),
            state=done.session.state,
        )
        self.journal.append(entry)
        if self._listen is not None:
            self._listen(entry)
        self._house.note(entry)
        for effect in done.effects:
            self._carry_out(effect, event.at_ms)

    def _carry_out(self, effect: Effect, at_ms: int) -> None:
        match effect:
            case (
                Consult() | Seek() | Count() | Enqueue() | Widen() | Leave() | CallBack() | Remember() | Force()
            ):  # fmt: skip
                self._house.take(effect, at_ms)
            case JoinRoom():
                self._port.carry_out(effect)
                self._house.take(effect, at_ms)
            case Dial(ticket=ticket):
                self._reserving.add(ticket)
                self._house.reserve(effect, at_ms, lambda: self._granted(effect))
            case Drop(ticket=ticket) if ticket in self._reserving:
                self._call_off(ticket, at_ms)
            case HangUp() | Reject():
                for ticket in sorted(self._reserving):
                    self._call_off(ticket, at_ms)
                self._port.carry_out(effect)
            case _:
                self._port.carry_out(effect)

    def _granted(self, dial: Dial) -> None:
        """Call a phone whose agent is reserved, unless it was called off meanwhile or the house refused it."""
        if dial.ticket in self._reserving:
            self._reserving.remove(dial.ticket)
            self._port.carry_out(dial)

    def _call_off(self, ticket: int, at_ms: int) -> None:
        """End a phone that the port was not told of."""
        self._reserving.remove(ticket)
        self.report(LegEnded(at_ms, ticket, Outcome.CANCELLED))
