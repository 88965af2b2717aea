"""The floor: agents and the callers who wait for them, brought together. One for all calls of a scheme in a process.

Knows no clock: every order says what time it is, and somebody wakes the floor at `next_deadline_ms`. Time is counted in
milliseconds from any moment the driver likes; a call says when it began. What a call may do stands in `acd/seat.py`.
"""

import heapq
from collections import deque
from collections.abc import Callable
from typing import Final

from callflow.acd.agents import Availability, Desk, Leg, Stage, Status
from callflow.acd.callbacks import CallBacks, Wanted
from callflow.acd.memory import Memory
from callflow.acd.queues import Entry, Queues
from callflow.acd.rooms import Rooms
from callflow.acd.schedules import Almanac, Calendar, Hold
from callflow.acd.seat import Report, Seat
from callflow.acd.strategies import in_order
from callflow.engine.effects import Dial, Enqueue
from callflow.engine.events import AgentOffered, CallOffered, Event, Outcome, QueueEnd, QueueLeft, QueueMoved
from callflow.limits import LAST_AGENT_TALK_MS, LEG_END_MS, OFFER_MS, OFFER_PAUSE_MS, QUEUE_SIZE_MAX, RING_EACH_MS
from callflow.machine.model import Group, Machine, Strategy, Value

_SWEEP_MS: Final = 3_600_000
"""How often what nobody asks after is looked through for what is to be forgotten."""


class Floor:
    """Everything that calls of a scheme share.

    What belongs to a call is done through its `Seat`; the rest of this class is for drivers and consoles. A seat's
    events are reported after the order that caused them, one after another, never one inside another.
    """

    def __init__(self, machine: Machine, almanac: Almanac, on_callback: Callable[[Wanted], None] | None = None) -> None:
        self.now_ms = 0
        self.queues = Queues()
        self.memory = Memory()
        self.rooms: Rooms[tuple[Seat, int]] = Rooms()
        self._machine = machine
        self._holds: dict[str, Hold] = {}
        self._calendar = Calendar(almanac, machine.timezone, self._holds)
        self._desks = {name: Desk(agent) for name, agent in machine.agents.items()}
        self._seats: dict[int, Seat] = {}
        self._joined = 0
        self._last_rung: dict[str, str] = {}
        """For each group the agent who was rung last."""
        self._callbacks = CallBacks()
        self._on_callback = on_callback
        self._alarms: list[int] = []
        """A heap of times at which something may be over. A time that means nothing any more does no harm."""
        self._outbox: deque[tuple[Seat, Event]] = deque()
        self._settling = False
        self._duty_changed = False
        self._news = False
        """Whether somebody may be brought together who could not be before."""
        self._swept_ms = 0

    # --- for drivers --------------------------------------------------------------------------------------------------

    def join(self, offer: CallOffered, began_ms: int, report: Report) -> Seat:
        """Let a call take part that was offered at `began_ms` of the floor's time. Returns its house.

        `report` is told its events, perhaps during an order of another call: it hands them to the call's runner, sees
        to the runner's next deadline, and never raises.
        """
        self.wake(began_ms)
        if self.now_ms - self._swept_ms >= _SWEEP_MS:
            self._swept_ms = self.now_ms
            self.memory.expire(self.now_ms, self.now_ms - self._machine.last_agent_ms)
        self._joined += 1
        seat = Seat(self, self._joined, offer, began_ms, self._calendar, report)
        self._seats[self._joined] = seat
        return seat

    def remembered(self, caller: str, at_ms: int) -> dict[str, Value]:
        """Return what is remembered for a caller, for the offer of their call."""
        self.wake(at_ms)
        return self.memory.remembered(caller, self.now_ms)

    @property
    def next_deadline_ms(self) -> int | None:
        """Return when the floor wants to be woken, None: not by time."""
        return self._alarms[0] if self._alarms else None

    def wake(self, at_ms: int) -> None:
        """Let go on what waited for this time: wrap-ups and pauses that are over."""
        self.at(at_ms)
        self.settle()

    # --- for consoles -------------------------------------------------------------------------------------------------

    def set_presence(self, agent: str, availability: Availability, at_ms: int, reason: str = "") -> None:
        """Let an agent be on duty, away or offline. A ringing phone rings on. Raises KeyError: nobody's name."""
        desk = self._desks[agent]
        self.at(at_ms)
        desk.say(availability, reason)
        self._duty(desk)
        self.settle()

    def status(self, agent: str, at_ms: int) -> Status:
        """Return how an agent stands. Raises KeyError: nobody's name."""
        self.wake(at_ms)
        return self._desks[agent].status(self.now_ms)

    def callbacks(self, at_ms: int) -> tuple[Wanted, ...]:
        """Return who wants to be called back, in the order of their places."""
        self.wake(at_ms)
        return self._callbacks.now(self.now_ms)

    def reload(self, machine: Machine, almanac: Almanac, at_ms: int) -> None:
        """Go on with another version of the scheme: agents and groups are those of the new one, for calls under way,
        too, whose schedules stay what they were. Whoever stays keeps their state, whoever waits their place.
        """
        self.at(at_ms)
        self._machine = machine
        self._calendar = Calendar(almanac, machine.timezone, self._holds)
        for name, desk in list(self._desks.items()):
            desk.gone = name not in machine.agents
            if not desk.gone:
                desk.agent = machine.agents[name]
            elif not desk.legs:
                del self._desks[name]
            self._duty(desk)
        for name, agent in machine.agents.items():
            self._desks.setdefault(name, Desk(agent))
        self._duty_changed = self._news = True
        self.settle()

    # --- for seats: who is there --------------------------------------------------------------------------------------

    def at(self, now_ms: int) -> None:
        """Be told what time it is; whoever says so settles afterwards."""
        self.now_ms = max(self.now_ms, now_ms)
        if not self._alarms or self._alarms[0] > self.now_ms:
            return
        self._news = True
        while self._alarms and self._alarms[0] <= self.now_ms:
            heapq.heappop(self._alarms)
        for desk in self._desks.values():
            for leg in tuple(desk.legs):
                if leg.stage is Stage.OFFERED and leg.since_ms + OFFER_MS <= self.now_ms:
                    self._pass_over(leg)
                elif leg.over_ms is not None and leg.over_ms <= self.now_ms:
                    self.release(leg, Outcome.CANCELLED)

    def members(self, group: str) -> tuple[str, ...]:
        """Return the agents of a group in the order they were written; of `""` all."""
        if not group:
            return tuple(self._machine.agents)
        found = self._machine.groups.get(group)
        return () if found is None else tuple(name for name in found.members if name in self._desks)

    def standing(self, members: tuple[str, ...]) -> tuple[dict[str, Desk], int, int]:
        """Return who of `members` is free, how many are on duty but not free, and how many are away."""
        desks = [self._desks[name] for name in members]
        free = {desk.agent.name: desk for desk in desks if desk.is_free(self.now_ms)}
        away = sum(not desk.answers(self.now_ms) for desk in desks)
        return free, len(members) - len(free) - away, away

    def ordered(self, group: str, free: dict[str, Desk], strategy: Strategy, draw: int) -> tuple[str, ...]:
        """Return the free agents of a group in the order they are to be rung now."""
        desks = in_order(self.members(group), free, strategy, self._last_rung.get(group, ""), draw)
        if desks:
            self._last_rung[group] = desks[0].agent.name
        return tuple(desk.agent.name for desk in desks)

    def last_agent(self, caller: str, group: str, within_ms: int | None) -> str:
        """Return who of a group, or of all, talked with a caller last; empty: nobody who is still there."""
        kept_ms = self._machine.last_agent_ms
        return self.memory.last_agent(caller, self.members(group), self.now_ms - min(within_ms or kept_ms, kept_ms))

    # --- for seats: queues --------------------------------------------------------------------------------------------

    def enter(self, seat: Seat, order: Enqueue) -> Entry | None:
        """Let a caller wait. Returns None for one who is turned away."""
        bound = QUEUE_SIZE_MAX if order.size is None else min(order.size, QUEUE_SIZE_MAX)
        end: QueueEnd | None = None
        if seat.is_over:
            end = QueueEnd.LEFT
        elif not self._on_duty([order.group]):
            end = QueueEnd.EMPTY
        elif len(self.queues.of(order.group)) >= bound:
            end = QueueEnd.FULL
        if end is not None:
            self.tell(seat, QueueLeft(seat.at_ms, order.ticket, end))
            return None
        self._news = True
        return self.queues.join(seat.number, order, seat.offer.lines, self.now_ms)

    def widen(self, entry: Entry, group: str) -> None:
        """Let the agents of another group answer a caller, too."""
        entry.groups.append(group)
        self._news = True

    def leave(self, entry: Entry, end: QueueEnd, *, answered: bool = False) -> None:
        """Take a caller out of the queue. Agents who were only offered are free; a phone that rings ends by itself."""
        seat = self._seats[entry.call]
        self.queues.leave(entry, self.now_ms, answered=answered)
        for leg in [leg for leg in entry.legs if leg.stage is Stage.OFFERED]:
            self.release(leg, Outcome.CANCELLED)
        seat.entries.pop(entry.order.ticket)
        self.tell(seat, QueueLeft(seat.at_ms, entry.order.ticket, end))

    def _on_duty(self, groups: list[str]) -> bool:
        return any(self._desks[name].answers(self.now_ms) for group in groups for name in self.members(group))

    # --- for seats: legs ----------------------------------------------------------------------------------------------

    def reserve(self, seat: Seat, dial: Dial) -> Leg | Outcome:
        """Reserve the agent of a phone that is to be called, or say why not."""
        desk = self._desks.get(dial.agent)
        if desk is None:
            return Outcome.AWAY
        for entry in seat.entries.values():
            for leg in entry.legs:
                if leg.desk is desk and leg.stage is Stage.OFFERED:
                    leg.stage, leg.ticket = Stage.RINGING, dial.ticket
                    return leg
        refusal = desk.refusal(self.now_ms, seat.number, in_person=not dial.group)
        if refusal is not None:
            return refusal
        leg = Leg(desk, seat.number, dial.group, Stage.RINGING, self.now_ms, ticket=dial.ticket)
        desk.legs.append(leg)
        return leg

    def talk(self, leg: Leg) -> None:
        """Begin a conversation."""
        self._news = True  # who takes several calls may be rung for the next
        leg.desk.talk(leg, self.now_ms)

    def talk_over(self, leg: Leg) -> None:
        """End a conversation, if there is one; one that was long enough is kept in mind."""
        if leg.talk_from_ms is None or leg.talk_to_ms is not None:
            return
        leg.talk_to_ms = self.now_ms
        caller, agent = self._seats[leg.call].offer.caller, leg.desk.agent.name
        if self.now_ms - leg.talk_from_ms < LAST_AGENT_TALK_MS:
            return
        if self._machine.last_agent_ms:
            self.memory.talked(caller, agent, self.now_ms)
        self._callbacks.done(caller, [one.name for one in self._groups_of(agent)])

    def release(self, leg: Leg, outcome: Outcome) -> None:
        """Let an agent go whose leg has ended."""
        self.talk_over(leg)
        again_ms = leg.desk.release(leg, outcome, self.now_ms, self._wrap_up_ms(leg))
        if again_ms is not None and again_ms > self.now_ms:
            self.alarm(again_ms)
        if leg.desk.pause_ms > self.now_ms:
            self.alarm(leg.desk.pause_ms)
        seat = self._seats[leg.call]
        for entry in seat.entries.values():
            if leg in entry.legs:
                entry.legs.remove(leg)
        seat.legs.pop(leg.ticket, None)
        self._duty(leg.desk)
        self.close(seat)

    def over(self, seat: Seat) -> None:
        """Let go of everything a call holds that is over. Phones have a moment to fall silent."""
        for entry in list(seat.entries.values()):
            self.leave(entry, QueueEnd.LEFT)
        for leg in seat.legs.values():
            self.talk_over(leg)
            leg.over_ms = self.now_ms + LEG_END_MS
            self.alarm(leg.over_ms)
        self.close(seat)

    def close(self, seat: Seat) -> None:
        """Forget a call that is over and holds nothing any more."""
        if seat.is_over and not seat.legs and not seat.entries:
            self._seats.pop(seat.number, None)

    def _wrap_up_ms(self, leg: Leg) -> int:
        """Return the wrap-up of the group whose call it was; of a call in person the longest of the agent's groups."""
        name = leg.desk.agent.name
        groups = [self._machine.groups[leg.group]] if leg.group in self._machine.groups else self._groups_of(name)
        return max((group.wrap_up_ms or 0 for group in groups), default=0)

    def _groups_of(self, agent: str) -> list[Group]:
        return [group for group in self._machine.groups.values() if agent in group.members]

    def _pass_over(self, leg: Leg) -> None:
        """Take an offer back that nobody made use of. The agent is for others first."""
        for entry in self._seats[leg.call].entries.values():
            if leg in entry.legs:
                entry.not_rung_ms[leg.desk.agent.name] = self.now_ms + OFFER_PAUSE_MS
                self.alarm(self.now_ms + OFFER_PAUSE_MS)
        self.release(leg, Outcome.CANCELLED)

    def _duty(self, desk: Desk) -> None:
        """Look after callers who may have nobody left to wait for, and whose wait may be longer now."""
        self._duty_changed = self._news = True
        if not desk.answers(self.now_ms):
            self.queues.agent_left({group.name for group in self._groups_of(desk.agent.name)})

    # --- bringing together --------------------------------------------------------------------------------------------

    def alarm(self, at_ms: int) -> None:
        """Be woken at a time."""
        heapq.heappush(self._alarms, at_ms)

    def tell(self, seat: Seat, event: Event) -> None:
        """Report an event when what is being done is done."""
        self._outbox.append((seat, event))

    def want(self, wanted: Wanted) -> None:
        """Note who is to be called back."""
        noted = self._callbacks.want(wanted, self.now_ms)
        if self._on_callback is not None:
            self._on_callback(noted)

    def settle(self) -> None:
        """Bring callers and agents together and report what there is, until nothing is left to do."""
        if self._settling:
            return
        self._settling = True
        try:
            while True:
                self._empty()
                self._tell_places()
                self._match()
                if not self._outbox:
                    return
                seat, event = self._outbox.popleft()
                seat.report(event)
        finally:
            self._settling = False

    def _empty(self) -> None:
        """Let callers go who wait for nobody. A phone that rings for one is still somebody."""
        if not self._duty_changed:
            return
        self._duty_changed = False
        for entry in self.queues:
            if not entry.legs and not self._on_duty(entry.groups):
                self.leave(entry, QueueEnd.EMPTY)

    def _tell_places(self) -> None:
        for entry, position, length, wait_ms in self.queues.moved():
            seat = self._seats[entry.call]
            self.tell(seat, QueueMoved(seat.at_ms, entry.order.ticket, position, length, wait_ms))

    def _match(self) -> None:
        """Offer every agent who may be offered to the first caller who may have them."""
        if not self._news or not self.queues:
            return
        self._news = False
        free = {name: desk for name, desk in self._desks.items() if desk.may_be_offered(self.now_ms)}
        for entry in self.queues:
            if not free:
                return
            for name in entry.groups:
                group = self._machine.groups.get(name)
                if group is not None:
                    for desk in self._chosen(entry, group, free):
                        del free[desk.agent.name]
                        self._offer(entry, group, desk)

    def _chosen(self, entry: Entry, group: Group, free: dict[str, Desk]) -> list[Desk]:
        strategy = entry.order.strategy or group.strategy
        width = entry.lines if strategy is Strategy.ALL else 1
        room = max(0, width - len(entry.legs))
        last = self._last_rung.get(group.name, "")
        if not room:
            return []
        now_ms, not_rung_ms = self.now_ms, entry.not_rung_ms
        if not_rung_ms:
            free = {name: desk for name, desk in free.items() if not_rung_ms.get(name, 0) <= now_ms}
        return in_order(group.members, free, strategy, last, entry.draw, entry.tries)[:room]

    def _offer(self, entry: Entry, group: Group, desk: Desk) -> None:
        ring_ms = entry.order.each_ms or group.each_ms or RING_EACH_MS
        leg = Leg(desk, entry.call, group.name, Stage.OFFERED, self.now_ms, ring_ms)
        desk.legs.append(leg)
        entry.legs.append(leg)
        entry.tries[desk.agent.name] += 1
        self._last_rung[group.name] = desk.agent.name
        self.alarm(self.now_ms + OFFER_MS)
        seat = self._seats[entry.call]
        self.tell(seat, AgentOffered(seat.at_ms, entry.order.ticket, desk.agent.name, ring_ms))
