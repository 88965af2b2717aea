"""One call's place on the floor: the house that its runner talks to. Keeps the promises of `runner.house`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from callflow.acd.agents import Leg, Stage
from callflow.acd.callbacks import Wanted
from callflow.acd.queues import Entry, Place
from callflow.acd.rooms import Inside
from callflow.acd.schedules import Calendar
from callflow.engine.effects import (
    Bridge,
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
from callflow.engine.events import (
    AgentsFound,
    CallerHungUp,
    CallOffered,
    DeadlinePassed,
    Event,
    GroupCounted,
    LegAnswered,
    LegEnded,
    Outcome,
    QueueEnd,
    RoomEnd,
    RoomJoined,
    RoomLeft,
)
from callflow.runner.house import Shared
from callflow.runner.journal import Entry as Noted

if TYPE_CHECKING:
    from callflow.acd.floor import Floor

Report = Callable[[Event], None]


class Seat:
    """A call on the floor, as `runner.house.House`."""

    def __init__(
        self, floor: "Floor", number: int, offer: CallOffered, began_ms: int, calendar: Calendar, report: Report
    ) -> None:
        self.number = number
        self.offer = offer
        self.report = report
        self.entries: dict[int, Entry] = {}
        """The queues this caller waits in, by ticket."""
        self.legs: dict[int | None, Leg] = {}
        """Phones that were called, by ticket."""
        self.is_over = False
        self._floor = floor
        self._began_ms = began_ms
        self._calendar = calendar
        self._rooms: set[int] = set()
        """Tickets of the rooms this caller is in."""
        self._bridged_ms = -1
        """When the caller was last given to somebody."""
        self._kept: Place | None = None
        """The place in a queue that is kept for a callback."""

    @property
    def at_ms(self) -> int:
        """Return the time of this call."""
        return self._floor.now_ms - self._began_ms

    @property
    def wall_ms(self) -> int:
        """Return the wall clock, milliseconds since 1970 UTC."""
        return self.offer.started_ms + self.at_ms

    # --- the house ----------------------------------------------------------------------------------------------------

    def take(self, effect: Shared, at_ms: int) -> None:
        """Do what the effect orders at that time of the call."""
        self._at(at_ms)
        match effect:
            case Consult(ticket=ticket, schedule=schedule):
                self._tell(self._calendar.report(schedule, ticket, self.at_ms, self.wall_ms))
            case Seek():
                self._tell(self._found(effect))
            case Count():
                self._tell(self._counted(effect))
            case Force():
                self._calendar.force(effect, self.wall_ms)
            case Remember(name=name, value=value, for_ms=for_ms):
                until_ms = None if for_ms is None else self._floor.now_ms + for_ms
                self._floor.memory.remember(self.offer.caller, name, value, until_ms)
            case Enqueue() | Widen() | Leave() | CallBack():
                self._queue(effect)
            case JoinRoom(ticket=ticket, room=room, presence=presence, up_to=up_to):
                if self.is_over:
                    self._tell(RoomLeft(self.at_ms, ticket, RoomEnd.LEFT))
                else:
                    self._tell_room(self._floor.rooms.join((self, ticket), room, presence, up_to))
            case _:
                assert_never(effect)
        self._floor.settle()

    def reserve(self, dial: Dial, at_ms: int, granted: Callable[[], None]) -> None:
        """Reserve the agent of a phone that is to be called."""
        self._at(at_ms)
        refusal = self._reserve(dial)
        if refusal is None:
            granted()
        else:
            self._tell(LegEnded(self.at_ms, dial.ticket, refusal))
        self._floor.settle()

    def note(self, entry: Noted) -> None:
        """Take notice of what happened in the call and what is about to be ordered."""
        self._at(entry.event.at_ms)
        match entry.event:
            case LegAnswered(ticket=ticket) if ticket in self.legs:
                self.legs[ticket].stage = Stage.ANSWERED
            case LegEnded(ticket=ticket, outcome=outcome) if ticket in self.legs:
                self._floor.release(self.legs[ticket], outcome)
            case CallerHungUp():
                self._over()
            case _:
                pass
        in_time = not isinstance(entry.event, DeadlinePassed)
        for effect in entry.effects:
            self._note_effect(effect, in_time=in_time)
        self._floor.settle()

    def handed_over(self, ticket: int, at_ms: int) -> None:
        """Let an agent go who gave the caller to somebody else from their phone: the leg goes on without them."""
        self._at(at_ms)
        if ticket in self.legs:
            self._floor.release(self.legs[ticket], Outcome.HUNG_UP)
        self._floor.settle()

    def end(self, at_ms: int) -> None:
        """Give back everything at once: for a driver whose call broke off, so that no journal says that it ended."""
        self._at(at_ms)
        self._over()
        for leg in list(self.legs.values()):
            self._floor.release(leg, Outcome.CANCELLED)
        self._floor.settle()

    def _note_effect(self, effect: Effect, *, in_time: bool) -> None:
        match effect:
            case Bridge(ticket=ticket) if ticket in self.legs:
                self._bridge(self.legs[ticket])
            case Drop(ticket=ticket) if ticket in self.legs:
                leg = self.legs[ticket]
                leg.dropped = True
                self._floor.talk_over(leg)
                leg.missed = not in_time and self._rang_out(leg)
            case HangUp() | Reject():
                self._over()
            case _:
                pass

    # --- answers ------------------------------------------------------------------------------------------------------

    def _found(self, seek: Seek) -> AgentsFound:
        floor = self._floor
        members = floor.members(seek.group)
        if seek.last:
            last = floor.last_agent(self.offer.caller, seek.group, seek.within_ms)
            members = (last,) if last else ()
        free, on_call, away = floor.standing(members)
        agents = tuple(free) if seek.last else floor.ordered(seek.group, free, seek.strategy, seek.draw)
        return AgentsFound(self.at_ms, seek.ticket, agents, on_call, away)

    def _counted(self, count: Count) -> GroupCounted:
        floor = self._floor
        if not count.group:
            agent = floor.last_agent(self.offer.caller, "", None)
            free, _, _ = floor.standing((agent,) if agent else ())
            return GroupCounted(self.at_ms, count.ticket, len(free), 0, 0, agent)
        free, _, _ = floor.standing(floor.members(count.group))
        waiting = floor.queues.of(count.group)
        longest_ms = max((floor.now_ms - entry.place.joined_ms for entry in waiting), default=0)
        return GroupCounted(self.at_ms, count.ticket, len(free), len(waiting), longest_ms)

    # --- queues -------------------------------------------------------------------------------------------------------

    def _queue(self, effect: Enqueue | Widen | Leave | CallBack) -> None:
        match effect:
            case Enqueue(ticket=ticket):
                entry = self._floor.enter(self, effect)
                if entry is not None:
                    self.entries[ticket] = entry
            case Widen(ticket=ticket, group=group):
                entry = self.entries.get(ticket)
                if entry is not None and group not in entry.groups:
                    self._floor.widen(entry, group)
            case Leave(ticket=ticket, kept=kept):
                entry = self.entries.get(ticket)
                if entry is not None:
                    self._kept = entry.place if kept else None
                    self._floor.leave(entry, QueueEnd.LEFT)
            case CallBack():
                self._want(effect)
            case _:
                assert_never(effect)

    def _want(self, order: CallBack) -> None:
        """Note a callback; with the place in the queue that the caller leaves, or left by hanging up."""
        if not order.number:
            return
        now_ms = self._floor.now_ms
        places = [entry.place for entry in self.entries.values()] + ([self._kept] if self._kept else [])
        since_ms = min((place.since_ms for place in places if place.group == order.group), default=now_ms)
        self._floor.want(Wanted(order.number, order.group, since_ms, now_ms + order.within_ms))

    # --- legs ---------------------------------------------------------------------------------------------------------

    def _reserve(self, dial: Dial) -> Outcome | None:
        if self.is_over:
            return Outcome.CANCELLED
        if not dial.agent:
            return None
        reserved = self._floor.reserve(self, dial)
        if isinstance(reserved, Outcome):
            return reserved
        self.legs[dial.ticket] = reserved
        return None

    def _bridge(self, leg: Leg) -> None:
        self._floor.talk(leg)
        self._bridged_ms = self._floor.now_ms
        for entry in [entry for entry in self.entries.values() if leg in entry.legs]:
            self._floor.leave(entry, QueueEnd.LEFT, answered=True)

    def _rang_out(self, leg: Leg) -> bool:
        """Return whether a phone that is called off when a time is up rang as long as it was meant to.

        One that is called off some time after another agent got the call was answered, only later.
        """
        if self._bridged_ms >= leg.since_ms:
            return False
        return leg.ring_ms is None or self._floor.now_ms - leg.since_ms >= leg.ring_ms

    def _over(self) -> None:
        """The call is over: it waits nowhere, is in no room, and its phones fall silent."""
        if self.is_over:
            return
        self.is_over = True
        kept = next((entry.place for entry in self.entries.values()), None)
        self._kept = kept or self._kept
        self._leave_rooms()
        self._floor.over(self)

    # --- rooms --------------------------------------------------------------------------------------------------------

    def _leave_rooms(self) -> None:
        for ticket in sorted(self._rooms):
            self._tell_room(self._floor.rooms.leave((self, ticket)))

    def _tell_room(self, news: list[tuple[tuple["Seat", int], Inside | RoomEnd]]) -> None:
        for (seat, ticket), what in news:
            event: Event
            if isinstance(what, Inside):
                event = RoomJoined(seat.at_ms, ticket, what.members, what.opened)
                seat._rooms.add(ticket)  # noqa: SLF001  the same class
            else:
                event = RoomLeft(seat.at_ms, ticket, what)
                seat._rooms.discard(ticket)  # noqa: SLF001  the same class
            self._floor.tell(seat, event)

    # --- time and news ------------------------------------------------------------------------------------------------

    def _at(self, at_ms: int) -> None:
        self._floor.at(self._began_ms + at_ms)

    def _tell(self, event: Event) -> None:
        self._floor.tell(self, event)
