"""What answered the orders of a call, taken from its journal: by what was ordered, the first time, the second time."""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from callflow.engine.effects import (
    Bridge,
    Consult,
    Count,
    Dial,
    Drop,
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
    StopPlaying,
    StopRecording,
    Transfer,
)
from callflow.engine.events import (
    SECRET_KEY,
    CallerHungUp,
    DigitPressed,
    Event,
    LegEnded,
    QueueEnd,
    QueueLeft,
    TransferEnded,
)
from callflow.machine.model import Collecting, Conferencing, Machine, State
from callflow.runner.journal import Entry

Key = tuple[object, ...]
"""What an order is about, whenever it is given."""

NOTHING: Final[Mapping[str, str]] = {}
STOPS: Final = (StopPlaying, Drop, StopRecording, Leave)


@attrs.define
class Take:
    """What came of one order. Times count from the order, `talked_ms` from the moment both could hear each other."""

    begun_ms: int
    events: list[tuple[int, Event]] = attrs.field(factory=list)
    bridged_ms: int | None = None
    stopped: bool = False
    """Whether it was stopped: what came from then on came because of that."""
    last: Event | None = None
    talked_ms: int | None = None
    """How long the agent talked before they hung up."""


@attrs.frozen
class Act:
    """What the caller did: which key, `""` to hang up; after how long in which station."""

    key: str
    station: tuple[str, int]
    after_ms: int
    at_ms: int


class Stations:
    """Where a call rests, as it goes on: the kind of state, and the how manieth of the kind."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._counts: dict[str, int] = {}
        self.state = -1
        self.now = ("", 0)
        self.since_ms = 0

    def enter(self, entry: Entry) -> bool:
        """Take in an entry. Returns whether the call rests elsewhere than before."""
        if entry.state == self.state:
            return False
        self.state = entry.state
        kind = type(self._machine.states[entry.state]).__name__
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self.now = kind, self._counts[kind]
        self.since_ms = entry.event.at_ms
        return True


class Tape:
    """The journal of a call, ready to answer."""

    def __init__(self, machine: Machine, journal: Sequence[Entry], instead: Mapping[str, str] = NOTHING) -> None:
        """Take a journal. `instead` says by name which digits stand for those that are crossed out in it."""
        self._instead = instead
        self.offer = journal[0].event
        self.guessed = False
        """Whether keys are crossed out in the journal, so that others stand for them."""
        self._machine = machine
        self.takes: dict[Key, list[Take]] = {}
        self.acts: list[Act] = []
        self._open: dict[int, Take] = {}
        self._over = False
        stations = Stations(machine)
        for entry in journal:
            self._event(entry.event, stations)
            for effect in entry.effects:
                self._effect(effect, entry.event.at_ms)
            stations.enter(entry)

    def _event(self, event: Event, stations: Stations) -> None:
        match event:
            case DigitPressed(leg=None, digit=digit):
                self._act(digit, event.at_ms, stations)
            case CallerHungUp():
                self._act("", event.at_ms, stations)
                self._over = True
            case TransferEnded(taken=True):
                self._over = True
        ticket = event.leg if isinstance(event, DigitPressed) else getattr(event, "ticket", None)
        take = None if ticket is None else self._open.get(ticket)
        if take is None:
            return
        take.last = event
        if isinstance(event, QueueLeft) and event.end is QueueEnd.LEFT:  # somebody took the call, or it left by itself
            return
        if self._over and not isinstance(event, TransferEnded):
            return
        if isinstance(event, LegEnded) and take.bridged_ms is not None and not take.stopped:
            take.talked_ms = event.at_ms - take.bridged_ms
        elif not take.stopped:
            take.events.append((event.at_ms - take.begun_ms, event))

    def _act(self, key: str, at_ms: int, stations: Stations) -> None:
        if key == SECRET_KEY:
            typed = sum(one.station == stations.now for one in self.acts)
            key = self._key(self._machine.states[stations.state], typed)
            self.guessed = True
        self.acts.append(Act(key, stations.now, at_ms - stations.since_ms, at_ms))

    def _key(self, state: State, typed: int) -> str:
        """Return a key for one that is crossed out, with so many typed before."""
        match state:
            case Conferencing(pin=pin) if pin:
                return pin[typed % len(pin)]
            case Collecting(name=name) if typed < len(self._instead.get(name, "")):
                return self._instead[name][typed]
            case Collecting(pattern=pattern) if typed < len(pattern) and pattern[typed].isdigit():
                return pattern[typed]
            case _:
                return "1"

    def _effect(self, effect: Effect, at_ms: int) -> None:
        ticket = getattr(effect, "ticket", None)
        if isinstance(effect, HangUp | Reject):
            self._over = True
        elif isinstance(effect, STOPS) and effect.ticket in self._open:
            self._open[effect.ticket].stopped = True
        elif isinstance(effect, Bridge) and effect.ticket in self._open:
            self._open[effect.ticket].bridged_ms = at_ms
        elif ticket is not None and (key := key_of(effect)) is not None:
            self._open[ticket] = Take(at_ms)
            self.takes.setdefault(key, []).append(self._open[ticket])


def key_of(effect: Effect) -> Key | None:
    """Return what an order is about, None: nothing answers it."""
    match effect:
        case Play(items=items, loop=loop):
            return "play", items, loop, effect.leg is not None
        case Dial(agent=agent, uri=uri):
            return "dial", agent or uri
        case Fetch(url=url):
            return "fetch", url
        case Transfer(uri=uri):
            return "transfer", uri
        case RecordMessage(box=box):
            return "message", box
        case Consult(schedule=schedule):
            return "consult", schedule
        case Seek(group=group, last=last):
            return "seek", group, last
        case Count(group=group):
            return "count", group
        case Enqueue(group=group):
            return "queue", group
        case JoinRoom(room=room):
            return "room", room
        case _:
            return ("answer",) if type(effect).__name__ == "Answer" else None
