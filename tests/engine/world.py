"""Short ways to step a session by hand: a machine from text, an offer, events, and what was ordered."""

from typing import Any

import attrs

from callflow.compile.pipeline import compile_text
from callflow.engine.effects import Effect
from callflow.engine.events import CallAnswered, CallOffered, DeadlinePassed, Event
from callflow.engine.session import Session
from callflow.engine.step import begin, next_deadline_ms, step
from callflow.machine.model import Const, Machine, Tagging

AGENTS = 'agent anna "sip:anna@x" extension 301\nagent boris "sip:boris@x"\ngroup both anna, boris\n'


def machine_of(text: str) -> Machine:
    """Return the machine of a scheme that has no error."""
    compiled = compile_text(text)
    assert compiled.machine is not None, compiled.problems
    return compiled.machine


def at_fault(machine: Machine, tag: str) -> Machine:
    """Return the machine with a state that does not exist behind a tag, as by a mistake of ours."""
    states = tuple(
        attrs.evolve(state, next=len(machine.states))
        if isinstance(state, Tagging) and state.tag == Const(tag)
        else state
        for state in machine.states
    )
    return attrs.evolve(machine, states=states)


class Hand:
    """A session that is stepped by hand; `ordered` are the effects since the last look."""

    def __init__(self, scheme: str | Machine, **offer: Any) -> None:
        self.machine = machine_of(scheme) if isinstance(scheme, str) else scheme
        done = begin(self.machine, CallOffered(0, "+49301", "+49302", **offer))
        self.session: Session = done.session
        self.all: list[Effect] = list(done.effects)
        self._seen = 0

    def do(self, event: Event) -> "Hand":
        """Report an event."""
        done = step(self.machine, self.session, event)
        self.session = done.session
        self.all.extend(done.effects)
        return self

    def answer(self, at_ms: int = 0) -> "Hand":
        """Report that the call which was just ordered to be answered is."""
        return self.do(CallAnswered(at_ms, self.session.next_ticket - 1))

    def wake(self) -> "Hand":
        """Let the next deadline pass."""
        due = next_deadline_ms(self.session)
        assert due is not None
        return self.do(DeadlinePassed(due))

    @property
    def ordered(self) -> list[Effect]:
        """Return what was ordered since the last look."""
        new = self.all[self._seen :]
        self._seen = len(self.all)
        return new

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of what was ordered since the last look."""
        return [type(effect).__name__ for effect in self.ordered]

    @property
    def due_ms(self) -> int | None:
        """Return the next deadline."""
        return next_deadline_ms(self.session)
