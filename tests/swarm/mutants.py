"""One deliberate mistake for each invariant: the scheme to try it on, and what is put out of order."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from callflow.acd.agents import Desk
from callflow.acd.floor import Floor
from callflow.acd.memory import Memory
from callflow.acd.queues import Queues
from callflow.engine import entering, step
from callflow.engine.events import CallerHungUp, LegAnswered, LegRang, MessageRecorded, QueueEnd, QueueLeft
from callflow.engine.session import Disposition
from callflow.engine.turn import Turn
from callflow.swarm.invariants import (
    agents_are_let_go,
    bounds,
    bridges,
    nobody_is_overtaken,
    one_call_an_agent,
    one_outcome,
    places_never_grow,
    queues_are_left_once,
    quiet_after_the_end,
    remembered_agents,
    time_goes_on,
)
from callflow.swarm.invariants.base import Invariant
from tests.engine.world import AGENTS

QUEUE = AGENTS + "start { answer queue both for 5m ring longest idle }"
RING = AGENTS + "start { answer connect both for 20s connect boris for 20s }"
LAST = AGENTS + "start { answer connect last agent of both for 20s queue both for 5m ring longest idle }"
MESSAGE = 'start { answer voicemail "box" max 1m }'
WORDS = 'start { answer play "One." play "Two." play "Three." hangup }'
FETCHES = """
start { answer repeat 15 { fetch a from "https://x.example" } repeat 15 { fetch b from "https://x.example" } }
"""

Patch = pytest.MonkeyPatch
Mistake = Callable[[Patch], None]


def agents_take_any_call(patch: Patch) -> None:
    patch.setattr(Desk, "refusal", lambda *_args, **_named: None)


def a_message_changes_the_outcome(patch: Patch) -> None:
    take = step._TAKES[MessageRecorded]

    def taken(turn: Turn, state: Any, event: Any) -> int | None:
        was = turn.disposition
        following = take(turn, state, event)
        if was is not None:
            turn.finish(Disposition.COMPLETED)
        return following

    patch.setitem(step._TAKES, MessageRecorded, taken)


def the_last_comes_first(patch: Patch) -> None:
    patch.setattr(Queues, "__iter__", lambda self: iter(tuple(reversed(self._line))))


def places_are_counted_from_behind(patch: Patch) -> None:
    moved = Queues.moved

    def turned(self: Queues) -> Iterator[Any]:
        for entry, position, length, wait_ms in moved(self):
            yield entry, length + 1 - position, length, wait_ms

    patch.setattr(Queues, "moved", turned)


def a_queue_is_left_twice(patch: Patch) -> None:
    leave = Floor.leave

    def left(self: Floor, entry: Any, end: QueueEnd, *, answered: bool = False) -> None:
        seat = self._seats[entry.call]
        leave(self, entry, end, answered=answered)
        self.tell(seat, QueueLeft(seat.at_ms, entry.order.ticket, end))

    patch.setattr(Floor, "leave", left)


def a_phone_that_rings_is_taken_for_answered(patch: Patch) -> None:
    take = step._TAKES[LegAnswered]
    patch.setitem(
        step._TAKES, LegRang, lambda turn, state, event: take(turn, state, LegAnswered(event.at_ms, event.ticket))
    )


def a_call_goes_on_behind_its_end(patch: Patch) -> None:
    take = step._TAKES[CallerHungUp]

    def gone(turn: Turn, state: Any, event: Any) -> int | None:
        take(turn, state, event)
        following: int | None = getattr(state, "next", None)
        return following

    patch.setitem(step._TAKES, CallerHungUp, gone)


def who_is_rung_is_remembered(patch: Patch) -> None:
    reserve = Floor.reserve

    def reserved(self: Floor, seat: Any, dial: Any) -> Any:
        self.memory.talked(seat.offer.caller, dial.agent, self.now_ms)
        return reserve(self, seat, dial)

    patch.setattr(Floor, "reserve", reserved)


def withheld_numbers_are_remembered(patch: Patch) -> None:
    talked, last_agent = Memory.talked, Memory.last_agent
    patch.setattr(Memory, "talked", lambda self, caller, *rest: talked(self, caller or "nobody", *rest))
    patch.setattr(Memory, "last_agent", lambda self, caller, *rest: last_agent(self, caller or "nobody", *rest))


def phones_are_not_called_off(patch: Patch) -> None:
    patch.setattr(Turn, "drop", lambda _self, _legs: None)


def web_services_are_asked_without_end(patch: Patch) -> None:
    patch.setattr(entering, "FETCHES_MAX", 10**9)


def time_goes_back(patch: Patch) -> None:
    begin = Turn.__init__

    def begun(self: Turn, machine: Any, session: Any, at_ms: int) -> None:
        begin(self, machine, session, at_ms)
        self.at_ms -= 100 if session.at_ms % 3 == 1 else 0

    patch.setattr(Turn, "__init__", begun)


@attrs.frozen
class Mutant:
    """A mistake, and who has to find it."""

    invariant: type[Invariant]
    mistake: Mistake
    scheme: str


MUTANTS = (
    Mutant(one_call_an_agent.OneCallAnAgent, agents_take_any_call, RING),
    Mutant(one_outcome.OneOutcome, a_message_changes_the_outcome, MESSAGE),
    Mutant(nobody_is_overtaken.NobodyIsOvertaken, the_last_comes_first, QUEUE),
    Mutant(places_never_grow.PlacesNeverGrow, places_are_counted_from_behind, QUEUE),
    Mutant(queues_are_left_once.QueuesAreLeftOnce, a_queue_is_left_twice, QUEUE),
    Mutant(bridges.Bridges, a_phone_that_rings_is_taken_for_answered, RING),
    Mutant(quiet_after_the_end.QuietAfterTheEnd, a_call_goes_on_behind_its_end, WORDS),
    Mutant(remembered_agents.RememberedAgents, who_is_rung_is_remembered, LAST),
    Mutant(remembered_agents.RememberedAgents, withheld_numbers_are_remembered, LAST),
    Mutant(agents_are_let_go.AgentsAreLetGo, phones_are_not_called_off, RING),
    Mutant(bounds.Bounds, web_services_are_asked_without_end, FETCHES),
    Mutant(time_goes_on.TimeGoesOn, time_goes_back, QUEUE),
)
