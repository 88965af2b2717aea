"""One session kept going in any kind of time: due deadlines first, then the event; every step goes to the journal.

Knows no clock: a driver says what time it is with each event and wakes it at `next_deadline_ms`.
"""

import traceback
from collections import deque
from collections.abc import Callable
from typing import Protocol

from callflow.engine.effects import Consult
from callflow.engine.events import CallOffered, DeadlinePassed, Event, ScheduleReported
from callflow.engine.session import Session
from callflow.engine.step import Step, begin, give_up, next_deadline_ms, step
from callflow.machine.model import Machine
from callflow.runner.journal import Entry
from callflow.runner.port import Port


class Almanac(Protocol):
    """Says what a schedule is at an instant."""

    def report(self, schedule: str, ticket: int, at_ms: int, wall_ms: int) -> ScheduleReported:
        """Return the state of `schedule` at `wall_ms` (milliseconds since 1970 UTC) as the event for `ticket`."""


class Runner:
    """A session, its machine and its driver."""

    def __init__(
        self, machine: Machine, port: Port, almanac: Almanac, listen: Callable[[Entry], None] | None = None
    ) -> None:
        self.machine = machine
        self.journal: list[Entry] = []
        self.troubles: list[str] = []
        """Tracebacks of our own mistakes, for the log; empty in every call that went right."""
        self._port = port
        self._almanac = almanac
        self._listen = listen
        self._session: Session | None = None
        self._waiting: deque[Event] = deque()
        self._busy = False

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
        return None if self._session is None else next_deadline_ms(self._session)

    def report(self, event: Event) -> None:
        """Take in a fact. Deadlines that are due by then come first; what a driver reports meanwhile comes after."""
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
        if self._session is None:
            assert isinstance(event, CallOffered), "the first event of a session is the offer"
            return begin(self.machine, event)
        try:
            return step(self.machine, self._session, event)
        except Exception:  # noqa: BLE001  whatever it is, this caller must not be left in silence
            self.troubles.append(traceback.format_exc())
            return give_up(self.machine, self._session, event)

    def _step(self, event: Event) -> None:
        done = self._next(event)
        self._session = done.session
        entry = Entry(event=event, effects=done.effects, state=done.session.state)
        self.journal.append(entry)
        if self._listen is not None:
            self._listen(entry)
        for effect in done.effects:
            if isinstance(effect, Consult):
                wall_ms = self._session.started_ms + event.at_ms
                self._waiting.append(self._almanac.report(effect.schedule, effect.ticket, event.at_ms, wall_ms))
            else:
                self._port.carry_out(effect)
