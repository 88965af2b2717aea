"""What simulated calls share: one virtual clock and one floor, and what is beyond them: agents' phones and the web.

Nothing here waits. What happens next happens in one of the calls, on the floor, or was planned.
"""

import heapq
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from callflow.acd.agents import Availability
from callflow.acd.floor import Floor
from callflow.acd.schedules import Almanac
from callflow.engine.effects import Bridge, Dial, Fetch
from callflow.engine.events import CallOffered, Event, LegAnswered
from callflow.machine.model import Machine, Spoken, Value
from callflow.runner.journal import Entry
from callflow.sim.behaviour import Behaviour, Reaction

if TYPE_CHECKING:
    from callflow.sim.call import SimCall

_CALL: Final = 0
_PLAN: Final = 1

_OTHER: Final = 1
"""The ticket of the one phone in a call that only keeps an agent busy."""


@attrs.frozen
class WebAnswer:
    """What a web service says: fields, or why it fails; after how many milliseconds."""

    fields: Mapping[str, Value] = attrs.field(factory=dict)
    trouble: str = ""
    after_ms: int = 200


Agents = Callable[[str, str], Behaviour]
"""Says what an agent does, by name (empty for an address) and address, each time the phone is called."""

Durations = Callable[[Spoken], int]
"""Says how long an item is heard, in milliseconds."""

Web = Callable[[Fetch], WebAnswer]
"""Says what a web service answers."""


def _unheard(event: Event) -> None:
    """Take no notice: nobody is there to be told."""


def no_web(fetch: Fetch) -> WebAnswer:
    """Answer as a network does that nothing is known of."""
    return WebAnswer(trouble=f"nothing answers at {fetch.url}", after_ms=0)


class World:
    """One clock, one floor, and the calls on it."""

    def __init__(
        self, machine: Machine, almanac: Almanac, agents: Agents, durations: Durations, web: Web = no_web
    ) -> None:
        self.machine = machine
        self.agents = agents
        self.durations = durations
        self.web = web
        self.floor = Floor(machine, almanac)
        self.now_ms = 0
        self._agenda: list[tuple[int, int, int, Callable[[], None], SimCall | None]] = []
        """A heap of what happens when: at one time first in calls, in their order, then what was planned. What stands
        there for a call means nothing when the call awaits another time by now."""
        self._count = 0
        self._live: set[SimCall] = set()
        """Calls that are not over."""

    def add(self, call: "SimCall") -> int:
        """Let a call take part. Returns its number."""
        self._count += 1
        self._live.add(call)
        return self._count

    def touch(self, call: "SimCall") -> None:
        """Be told that a call may await another time than before."""
        if call.runner.ended:
            self._live.discard(call)
        at = call.own_next_ms
        if at != call.awaited_ms:
            call.awaited_ms = at
            if at is not None:
                heapq.heappush(self._agenda, (at, _CALL, call.number, call.happen, call))

    def plan(self, at_ms: int, do: Callable[[], None]) -> None:
        """Do something at a time."""
        self._count += 1
        heapq.heappush(self._agenda, (at_ms, _PLAN, self._count, do, None))

    # --- time ---

    @property
    def next_ms(self) -> int | None:
        """Return when something happens next by itself, None: nothing does."""
        agenda = self._agenda
        while agenda and (call := agenda[0][4]) is not None and call.awaited_ms != agenda[0][0]:
            heapq.heappop(agenda)
        at = agenda[0][0] if agenda else None
        alarm = self.floor.next_deadline_ms if self._live else None
        return at if alarm is None or (at is not None and at <= alarm) else alarm

    def step(self) -> bool:
        """Let the next thing happen. Returns False when nothing will, by itself."""
        at = self.next_ms
        if at is None:
            return False
        self.now_ms = max(self.now_ms, at)
        if not self._agenda or self._agenda[0][0] > at:
            self.floor.wake(at)
            return True
        _, _, _, do, call = heapq.heappop(self._agenda)
        if call is not None:
            call.awaited_ms = None
        do()
        return True

    def run_until(self, at_ms: int) -> None:
        """Let everything happen up to a moment."""
        while (following := self.next_ms) is not None and following <= at_ms:
            self.step()
        self.now_ms = max(self.now_ms, at_ms)

    # --- how the world stands before a call ---

    def settle_agents(self, agents: Mapping[str, Behaviour]) -> None:
        """Let agents be away or on other calls, as they are told to be."""
        for name, does in agents.items():
            if name in self.machine.agents and does.reaction is Reaction.AWAY:
                self.floor.set_presence(name, Availability.AWAY, self.now_ms)
            if name in self.machine.agents and does.on_call:
                for _ in range(self.machine.agents[name].limit):
                    self._keep_busy(name, does.on_call_ms)

    def _keep_busy(self, agent: str, for_ms: int | None) -> None:
        """Let an agent be on a call that nothing here is told of, for a while or for good."""
        began_ms = self.now_ms
        seat = self.floor.join(CallOffered(0, "", ""), began_ms, _unheard)
        seat.reserve(Dial(_OTHER, agent, ""), 0, lambda: None)
        seat.note(Entry(LegAnswered(0, _OTHER), (Bridge(_OTHER),), 0))
        if for_ms is not None:
            self.plan(began_ms + for_ms, lambda: seat.end(self.now_ms - began_ms))

    def remember(self, caller: str, values: Mapping[str, Value]) -> None:
        """Let something be remembered of a caller from calls before."""
        for name, value in values.items():
            self.floor.memory.remember(caller, name, value, None)

    def talked(self, caller: str, agent: str, ago_ms: int) -> None:
        """Let a caller have talked with an agent some time ago."""
        self.floor.memory.talked(caller, agent, self.now_ms - ago_ms)
