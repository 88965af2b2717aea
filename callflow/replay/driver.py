"""A call that was kept, made again on any machine: its caller, agents and world do what they did."""

import heapq
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import attrs

from callflow.almanac.almanac import Schedules
from callflow.engine.effects import (
    Answer,
    Bridge,
    Consult,
    Count,
    Dial,
    Effect,
    Enqueue,
    Fetch,
    HangUp,
    JoinRoom,
    Leave,
    Play,
    RecordMessage,
    Reject,
    Seek,
    Transfer,
)
from callflow.engine.events import (
    AgentsFound,
    CallAnswered,
    CallerHungUp,
    CallOffered,
    DeadlinePassed,
    DigitPressed,
    Event,
    Fetched,
    GroupCounted,
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
    TransferEnded,
)
from callflow.machine.model import Machine
from callflow.replay.tape import STOPS, Act, Stations, Take, Tape, key_of
from callflow.runner.house import Shared
from callflow.runner.journal import Entry
from callflow.runner.runner import Runner
from callflow.sim.call import ENDLESS_MS, spoken_ms

_BY_ITSELF, _CALLER, _LATE = range(3)
_NOT_FREE: Final = (Outcome.ON_CALL, Outcome.AWAY)


@attrs.frozen
class Again:
    """What became of the call, and what its caller had no occasion to do."""

    journal: tuple[Entry, ...]
    undone: tuple[Act, ...]
    unknown: tuple[str, ...]
    """What the journal knows nothing of, so that something usual was taken."""


def again(machine: Machine, tape: Tape) -> Again:
    """Return what becomes of a call on a machine."""
    return _Driver(machine, tape).run()


class _Driver:
    """Port and house of the call: both answer from the tape."""

    def __init__(self, machine: Machine, tape: Tape) -> None:
        self._machine = machine
        self._tape = tape
        self._almanac = Schedules(machine)
        self._now_ms = 0
        self._heap: list[tuple[int, int, int, Callable[[], None]]] = []
        """What happens when; at one time first what happens by itself, then what the caller does."""
        self._count = 0
        self._used: Counter[object] = Counter()
        self._open: dict[int, tuple[Effect, Take | None]] = {}
        self._stations = Stations(machine)
        self._left = list(tape.acts)
        self._over = False
        self._unknown: dict[str, None] = {}
        self._runner = Runner(machine, self, self, self._listen)

    def run(self) -> Again:
        offer = self._tape.offer
        assert isinstance(offer, CallOffered)
        for act in self._left:
            if not act.key:  # whoever finds no occasion to hang up does it when they did
                self._plan(act.at_ms, partial(self._hang_up_late, act), _LATE)
        self._runner.report(offer)
        runner = self._runner
        while not runner.ended or (self._heap and self._open):
            deadline = None if runner.ended else runner.next_deadline_ms
            at = self._heap[0][0] if self._heap else None
            if deadline is not None and (at is None or deadline <= at):
                self._now_ms = max(self._now_ms, deadline)
                runner.wake(self._now_ms)
            elif at is not None:
                self._now_ms = max(self._now_ms, at)
                heapq.heappop(self._heap)[3]()
            else:
                break
        return Again(tuple(runner.journal), tuple(self._left), tuple(self._unknown))

    def _plan(self, at_ms: int, do: Callable[[], None], rank: int = _BY_ITSELF) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at_ms, rank, self._count, do))

    # --- the caller ---

    def _listen(self, entry: Entry) -> None:
        if isinstance(entry.event, DeadlinePassed | CallOffered):
            self._now_ms = max(self._now_ms, entry.event.at_ms)
        if self._stations.enter(entry):
            for act in [one for one in self._left if one.station == self._stations.now]:
                self._plan(self._stations.since_ms + act.after_ms, partial(self._act, act), _CALLER)

    def _act(self, act: Act) -> None:
        """Do what the caller did, if the call is still where they did it."""
        if self._over or act not in self._left or self._stations.now != act.station:
            return
        self._left.remove(act)
        if act.key:
            self._runner.report(DigitPressed(self._now_ms, act.key))
        else:
            self._hang_up()

    def _hang_up_late(self, act: Act) -> None:
        if not self._over and act in self._left:
            self._left.remove(act)
            self._hang_up()

    def _hang_up(self) -> None:
        self._over = True
        self._runner.report(CallerHungUp(self._now_ms))
        self._end_all()

    # --- orders ---

    def carry_out(self, effect: Effect) -> None:
        """Do what an effect orders of a port."""
        match effect:
            case HangUp() | Reject():
                self._over = True
                self._end_all()
            case Bridge(ticket=ticket):
                take = self._open[ticket][1] if ticket in self._open else None
                if take is not None and take.talked_ms is not None:
                    event = LegEnded(0, ticket, Outcome.HUNG_UP)
                    self._plan(self._now_ms + take.talked_ms, partial(self._tell, ticket, event))
                for queue in [one for one, (order, _) in self._open.items() if isinstance(order, Enqueue)]:
                    self._close(queue)
            case _ if isinstance(effect, STOPS):
                self._close(effect.ticket)
            case JoinRoom():  # is for the house, too, which answers
                pass
            case _:
                self._begin(effect)

    def take(self, effect: Shared, at_ms: int) -> None:
        """Do what an effect orders of a house."""
        self._now_ms = max(self._now_ms, at_ms)
        if isinstance(effect, Leave):
            self._close(effect.ticket)
        else:
            self._begin(effect)

    def reserve(self, dial: Dial, at_ms: int, granted: Callable[[], None]) -> None:
        """Let a phone be called whose agent was free then."""
        self._now_ms = max(self._now_ms, at_ms)
        take = self._peek(dial)
        first = take.events[0][1] if take is not None and take.events else None
        if isinstance(first, LegEnded) and first.outcome in _NOT_FREE:
            self._take_of(dial)
            self._runner.report(attrs.evolve(first, at_ms=self._now_ms, ticket=dial.ticket))
        else:
            granted()

    def note(self, entry: Entry) -> None:
        """Take notice of an entry: the tape knows all that is to be known."""

    def _begin(self, effect: Effect) -> None:
        """Begin something that ends with an event."""
        ticket = getattr(effect, "ticket", None)
        if ticket is None or key_of(effect) is None:
            return
        take = self._take_of(effect)
        self._open[ticket] = effect, take
        if take is None:
            self._usual(effect)
            return
        for after_ms, event in take.events:
            self._plan(self._now_ms + after_ms, partial(self._tell, ticket, event))
        if take.stopped and isinstance(effect, Play) and not self._ends(take):
            self._plan(self._now_ms + self._length(effect), partial(self._tell, ticket, PromptEnded(0, ticket)))

    def _ends(self, take: Take) -> bool:
        return any(isinstance(event, PromptEnded) for _, event in take.events)

    def _length(self, play: Play) -> int:
        return ENDLESS_MS if play.loop else sum(spoken_ms(item) for item in play.items)

    def _peek(self, effect: Effect) -> Take | None:
        key = key_of(effect)
        takes = self._tape.takes.get(key, []) if key is not None else []
        return takes[min(self._used[key], len(takes) - 1)] if takes else None

    def _take_of(self, effect: Effect) -> Take | None:
        take = self._peek(effect)
        self._used[key_of(effect)] += 1
        return take

    def _tell(self, ticket: int, event: Event) -> None:
        """Report an event of the tape, if what it is about goes on."""
        if ticket not in self._open:
            return
        if isinstance(event, _ENDS):
            del self._open[ticket]
        if isinstance(event, TransferEnded) and event.taken:
            self._over = True
        whose: dict[str, Any] = {"leg" if isinstance(event, DigitPressed) else "ticket": ticket}
        self._runner.report(attrs.evolve(event, at_ms=self._now_ms, **whose))
        if isinstance(event, TransferEnded) and event.taken:
            self._end_all()

    # --- what the tape does not know ---

    def _usual(self, effect: Effect) -> None:
        """Let happen what happens usually."""
        at_ms, ticket = self._now_ms, getattr(effect, "ticket", 0)
        events: list[tuple[int, Event]] = []
        match effect:
            case Answer():
                events = [(0, CallAnswered(0, ticket))]
            case Play():
                events = [(self._length(effect), PromptEnded(0, ticket))]
            case Dial(agent=agent, uri=uri):
                self._guess(f"{agent or uri} does not answer")
                events = [(0, LegRang(0, ticket))]
            case Fetch(url=url):
                self._guess(f"nothing answers at {url}")
                events = [(0, Fetched(0, ticket, {}, "not in the journal"))]
            case Transfer(uri=uri):
                self._guess(f"{uri} takes no call")
                events = [(0, TransferEnded(0, ticket, taken=False, code=480))]
            case RecordMessage(max_ms=max_ms, silence_ms=silence_ms):
                self._guess("the caller says nothing into a message")
                events = [(min(max_ms, silence_ms), MessageRecorded(0, ticket, "", 0))]
            case Consult(schedule=schedule):
                self._guess(f"{schedule} goes by its hours")
                offer = self._tape.offer
                assert isinstance(offer, CallOffered)
                report = self._almanac.report(schedule, ticket, at_ms, offer.started_ms + at_ms)
                events = [(0, report)]
            case Seek(group=group, last=last):
                found = () if last else tuple(self._machine.groups[group].members)
                self._guess("nobody talked with this caller before" if last else f"all of {group} are free")
                events = [(0, AgentsFound(0, ticket, found))]
            case Count(group=group):
                there = len(self._machine.groups[group].members) if group else 0
                self._guess(f"all of {group} are free" if group else "nobody talked with this caller before")
                events = [(0, GroupCounted(0, ticket, there, 0, 0))]
            case Enqueue(group=group):
                self._guess(f"nobody of {group} is free")
                events = [(0, QueueMoved(0, ticket, 1, 1))]
            case JoinRoom(room=room):
                self._guess(f"the room {room} has room")
                events = [(0, RoomJoined(0, ticket, 1))]
        for after_ms, event in events:
            self._plan(at_ms + after_ms, partial(self._tell, ticket, event))

    def _guess(self, text: str) -> None:
        self._unknown.setdefault(text)

    # --- ends ---

    def _close(self, ticket: int) -> None:
        """End something now, with the event that it ends with."""
        found = self._open.pop(ticket, None)
        if found is None:
            return
        effect, take = found
        last = take.last if take is not None else None
        at_ms = self._now_ms
        match effect:
            case Play():
                event: Event = PromptEnded(at_ms, ticket)
            case Dial():
                event = LegEnded(at_ms, ticket, Outcome.CANCELLED, 487)
            case RecordMessage():
                was = last if isinstance(last, MessageRecorded) else MessageRecorded(0, ticket, "", 0)
                event = attrs.evolve(was, at_ms=at_ms, ticket=ticket)
            case Enqueue():
                event = QueueLeft(at_ms, ticket, QueueEnd.LEFT)
            case JoinRoom():
                event = RoomLeft(at_ms, ticket, RoomEnd.LEFT)
            case Fetch():
                event = Fetched(at_ms, ticket, {}, "the call is over")
            case Transfer():
                event = TransferEnded(at_ms, ticket, taken=False)
            case Answer():
                event = CallAnswered(at_ms, ticket)
            case _:
                return
        self._runner.report(event)

    def _end_all(self) -> None:
        for ticket in list(self._open):
            self._close(ticket)


_ENDS: Final = (
    PromptEnded,
    LegEnded,
    MessageRecorded,
    QueueLeft,
    RoomLeft,
    TransferEnded,
    Fetched,
    CallAnswered,
    AgentsFound,
    GroupCounted,
)
