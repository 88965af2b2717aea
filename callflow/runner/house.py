"""What a call shares with other calls, and how it gets it: agents, queues, rooms, schedules held, what is remembered.

A house is to what calls share what a port is to a call's own legs: it is told effects and reports events. The runner
knows which of the two an effect is for. A house may be one object in memory (`callflow.acd`) or a store that many
workers share. Its promises:

1.  `take` of an effect with a ticket ends with exactly one event: `ScheduleReported`, `AgentsFound`, `GroupCounted`,
    `QueueLeft` or `RoomLeft`. That of a queue or a room comes also when the caller left it, or the call is over.
2.  Events go to the call's `Runner.report`, with `at_ms` that never goes back; perhaps before `take` returns, perhaps
    during a step of another call.
3.  `reserve` either calls `granted`, once, or reports `LegEnded` with `ON_CALL` or `AWAY`; either perhaps before it
    returns. An agent who was granted, or offered by `AgentOffered`, belongs to this call until the house is told that
    the leg ended. At no time more calls hold an agent than the agent takes, and one only rings them.
4.  An offer is kept until the phone is called, the queue left or `OFFER_MS` over, whatever comes first. An offer may
    still come while `Leave` is under way; `reserve` sorts it out.
5.  `Leave` and `Widen` of a ticket that has ended do nothing, and so does an offer's end after its caller left.
6.  Once it was told that a ticket ended, or that the call is over, a house holds nothing for it.

What it is told: each entry of the journal through `note`, before any effect of the entry is carried out; then the
effects in their order. It reads off the entries what became of the legs it reserved: answered, bridged, dropped, ended.
"""

from collections.abc import Callable
from typing import Protocol

from callflow.engine.effects import (
    CallBack,
    Consult,
    Count,
    Dial,
    Enqueue,
    Force,
    JoinRoom,
    Leave,
    Remember,
    Seek,
    Widen,
)
from callflow.runner.journal import Entry

Shared = Consult | Seek | Count | Enqueue | Widen | Leave | CallBack | JoinRoom | Remember | Force
"""Effects that are for the house. `JoinRoom` goes to the port, too: who hears whom is media."""


class House(Protocol):
    """What one call shares with the others, as that call sees it."""

    def take(self, effect: Shared, at_ms: int) -> None:
        """Do what the effect orders at that time of the call. Never raises; answers are events."""

    def reserve(self, dial: Dial, at_ms: int, granted: Callable[[], None]) -> None:
        """Reserve the agent of a phone that is to be called. An address without an agent is always granted."""

    def note(self, entry: Entry) -> None:
        """Take notice of what happened in the call and what is about to be ordered."""
