"""A journal written for people: a text ladder with a line for everything that caller, Callflow and agents do."""

from collections.abc import Iterator
from typing import Final, assert_never

from callflow.engine.effects import (
    Answer,
    Bridge,
    CallBack,
    ChangeRecording,
    Consult,
    Count,
    Dial,
    Drop,
    Effect,
    Enqueue,
    Fetch,
    Force,
    HangUp,
    JoinRoom,
    Leave,
    Notify,
    Play,
    RecordCall,
    RecordMessage,
    Reject,
    Remember,
    Ring,
    Seek,
    StopPlaying,
    StopRecording,
    Transfer,
    Widen,
)
from callflow.engine.events import (
    AgentOffered,
    AgentsFound,
    CallAnswered,
    CallerHungUp,
    CallOffered,
    DeadlinePassed,
    DigitPressed,
    Event,
    Fetched,
    GroupCounted,
    LegAnswered,
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
    ScheduleReported,
    TransferEnded,
)
from callflow.machine.model import BEEP, MUSIC, RINGBACK, Machine, RecordingStep, Spoken, Until
from callflow.runner.journal import Entry

_LANE: Final = 34
"""Columns between two lifelines: a greeting's first words fit."""
_MARGIN: Final = 10
_BUILT_IN: Final = {BEEP: "beep", MUSIC: "music", RINGBACK: "ringing tone"}


class Transcript:
    """Writes one call's ladder, entry by entry."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._agents: dict[int, str] = {}
        self._up: set[int] = set()
        self._looping: set[int] = set()

    def head(self) -> str:
        """Return the line that names the lifelines."""
        names = (" " * (_MARGIN - 4) + "caller").ljust(_MARGIN + _LANE - 4) + "callflow".ljust(_LANE + 2) + "agent"
        return names.rstrip()

    def lines(self, entry: Entry) -> list[str]:
        """Return what an entry is in words, with the place in the scheme where it led."""
        drawn = [*self._event(entry.event), *(line for effect in entry.effects for line in self._effect(effect))]
        if not drawn:
            return []
        time = f"{entry.event.at_ms / 1000:.1f}s".rjust(_MARGIN - 3) + "  "
        where = self._machine.states[entry.state].where
        last = drawn[-1].ljust(2 * _LANE + 3)
        drawn[-1] = f"{last}  {where.flow}:{where.line}"
        return [time + line for line in drawn]

    def _event(self, event: Event) -> Iterator[str]:
        match event:
            case CallOffered(caller=caller, called=called):
                yield _from_caller(f"{caller or 'withheld'} calls {called}".rstrip())
            case DigitPressed(digit=digit, leg=leg):
                yield (
                    _from_caller(f"presses {digit}")
                    if leg is None
                    else _from_agent(f"{self._agent(leg)} presses {digit}")
                )
            case CallerHungUp():
                yield _from_caller("hangs up")
            case PromptEnded(trouble=trouble):
                if trouble:
                    yield _note(f"not heard: {trouble}")
            case LegRang(ticket=ticket):
                yield _from_agent(f"{self._agent(ticket)} rings")
            case LegAnswered(ticket=ticket):
                self._up.add(ticket)
                yield _from_agent(f"{self._agent(ticket)} answers")
            case LegEnded(ticket=ticket, outcome=outcome, code=code):
                if ticket in self._agents and outcome is not Outcome.CANCELLED:
                    yield _from_agent(f"{self._agent(ticket)}: {outcome.value}{f' ({code})' if code else ''}")
            case MessageRecorded(file=file, duration_ms=duration_ms):
                kept = f"message of {duration_ms / 1000:.1f}s kept: {file}" if file else "no message was left"
                yield _note(kept)
            case ScheduleReported(open=is_open):
                yield _note("open now" if is_open else "closed now")
            case TransferEnded(taken=taken, code=code):
                yield _note("transferred" if taken else f"not transferred{f' ({code})' if code else ''}")
            case Fetched(trouble=trouble):
                yield _note(f"no answer to use: {trouble}" if trouble else "answered")
            case AgentsFound() | QueueMoved() | QueueLeft() | RoomJoined() | RoomLeft():
                yield from _shared(event)
            case CallAnswered() | DeadlinePassed() | GroupCounted() | AgentOffered():
                pass
            case _:
                assert_never(event)

    def _effect(self, effect: Effect) -> Iterator[str]:
        match effect:
            case Answer():
                yield _to_caller("answered")
            case Ring():
                yield _to_caller("ringing")
            case Reject(reason=reason):
                yield _to_caller(f"rejected: {reason.value}")
            case HangUp(reason=reason):
                yield _to_caller(f"hung up ({reason.value})")
            case Play(items=items, leg=leg):
                for item in items:
                    yield (_to_caller if leg is None else _to_agent)(f"♪ {described(item)}")
            case Dial(ticket=ticket, agent=agent, uri=uri):
                self._agents[ticket] = agent or uri
                yield _to_agent(f"calls {self._agent(ticket)}")
            case Drop(ticket=ticket):
                word = "hangs up on" if ticket in self._up else "stops ringing"
                yield _to_agent(f"{word} {self._agent(ticket)}")
            case Bridge(ticket=ticket):
                yield _both(f"talks with {self._agent(ticket)}")
            case RecordCall(side=side):
                yield _note(f"recording {side.value}" if side.value != "both" else "recording")
            case RecordMessage(box=box):
                yield _from_caller(f"speaks to the box {box}" if box else "speaks")
            case Transfer(uri=uri):
                yield _to_agent(f"transfers to {uri}")
            case StopPlaying() | StopRecording() | Consult() | Seek() | Count() | Leave():
                pass
            case _:
                yield from _ordered(effect)

    def _agent(self, ticket: int) -> str:
        return self._agents.get(ticket, "?")


def _shared(event: AgentsFound | QueueMoved | QueueLeft | RoomJoined | RoomLeft) -> Iterator[str]:
    """Yield what the house said."""
    match event:
        case AgentsFound(agents=agents, on_call=on_call, away=away):
            if not agents:
                yield _note(f"nobody is free: {on_call} busy, {away} away")
        case QueueMoved(position=position, length=length):
            yield _note(f"number {position} of {length} in the queue")
        case QueueLeft(end=end):
            if end is not QueueEnd.LEFT:
                yield _note("the queue is full" if end is QueueEnd.FULL else "nobody is on duty")
        case RoomJoined(members=members, opened=opened):
            yield _note(f"in the room with {members - 1}" if opened else "waits for the moderator")
        case RoomLeft(end=end):
            if end is not RoomEnd.LEFT:
                yield _note("the room is full" if end is RoomEnd.FULL else "the room is closed")
        case _:
            assert_never(event)


_RECORDING: Final = {RecordingStep.PAUSE: "paused", RecordingStep.RESUME: "resumed", RecordingStep.STOP: "stopped"}


def _ordered(
    effect: Enqueue | Widen | CallBack | JoinRoom | ChangeRecording | Fetch | Notify | Remember | Force,
) -> Iterator[str]:
    """Yield what is ordered that neither caller nor agents hear."""
    match effect:
        case Enqueue(group=group):
            yield _note(f"waits for {group}")
        case Widen(group=group):
            yield _note(f"waits for {group}, too")
        case CallBack(group=group, number=number):
            yield _note(f"callback to {number}, {group}")
        case JoinRoom(room=room):
            yield _note(f"goes to the room {room}")
        case ChangeRecording(change=change):
            yield _note(f"recording {_RECORDING[change]}")
        case Fetch(url=url):
            yield _note(f"asks {url}")
        case Notify(event=event):
            yield _note(f"tells {event}")
        case Remember(name=name, value=value):
            yield _note(f"forgets {name}" if value is None else f"remembers {name}")
        case Force(schedule=schedule, open=is_open, until=until):
            held = "released" if until is Until.RELEASED else f"held {'open' if is_open else 'closed'}"
            yield _note(f"{schedule} is {held}")
        case _:
            assert_never(effect)


def described(item: Spoken) -> str:
    """Return what an item is, in words: its text in quotes, its file, or what it is called."""
    if item.text:
        return f'"{item.text}"'
    return _BUILT_IN.get(item.file, item.file)


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _from_caller(text: str) -> str:
    return f"│{f' {_clip(text, _LANE - 4)} '.center(_LANE - 1, '─')}▶│{' ' * _LANE}│"


def _to_caller(text: str) -> str:
    return f"│◀{f' {_clip(text, _LANE - 4)} '.center(_LANE - 1, '─')}│{' ' * _LANE}│"


def _to_agent(text: str) -> str:
    return f"│{' ' * _LANE}│{f' {_clip(text, _LANE - 4)} '.center(_LANE - 1, '─')}▶│"


def _from_agent(text: str) -> str:
    return f"│{' ' * _LANE}│◀{f' {_clip(text, _LANE - 4)} '.center(_LANE - 1, '─')}│"


def _both(text: str) -> str:
    return f"│◀{f' {text} '.center(2 * _LANE - 1, '─')}▶│"


def _note(text: str) -> str:
    return f"│{' ' * _LANE}│ {_clip(text, _LANE - 2).ljust(_LANE - 1)}│"
