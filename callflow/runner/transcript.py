"""A journal written for people: a text ladder with a line for everything that caller, Callflow and agents do."""

from collections.abc import Iterator
from typing import Final, assert_never

from callflow.engine.effects import (
    Answer,
    Bridge,
    Consult,
    Dial,
    Drop,
    Effect,
    HangUp,
    Play,
    RecordCall,
    RecordMessage,
    Reject,
    Ring,
    StopPlaying,
    StopRecording,
)
from callflow.engine.events import (
    CallAnswered,
    CallerHungUp,
    CallOffered,
    DeadlinePassed,
    DigitPressed,
    Event,
    LegAnswered,
    LegEnded,
    LegRang,
    MessageRecorded,
    Outcome,
    PromptEnded,
    ScheduleReported,
)
from callflow.machine.model import BEEP, MUSIC, RINGBACK, Machine, Spoken
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
            case DigitPressed(digit=digit):
                yield _from_caller(f"presses {digit}")
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
            case CallAnswered() | DeadlinePassed():
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
            case Play(items=items):
                for item in items:
                    yield _to_caller(f"♪ {described(item)}")
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
                yield _from_caller(f"speaks to the box {box}")
            case StopPlaying() | StopRecording() | Consult():
                pass
            case _:
                assert_never(effect)

    def _agent(self, ticket: int) -> str:
        return self._agents.get(ticket, "?")


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
