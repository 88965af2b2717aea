"""A call as a short list of what happened, one thing a line, with times: what published call flows are compared by.

    answer · play NAME · play NAME cut 1.2s · whisper NAME · wait 5s · ring anna, boris 20s · bridge anna · beep ·
    queue sales · leave sales · fetch URL · fetch URL failed · notify EVENT · message BOX · no message · said ·
    lobby R 10s · room R · left R · transfer URI taken · transfer URI refused · callback NUMBER · reject busy ·
    hangup flow/agent/limit/trouble/caller

`wait` is time in which a caller hears nothing and nothing is done for them; shorter than a tenth of a second is none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import attrs

from callflow.engine.effects import (
    Answer,
    Bridge,
    CallBack,
    Dial,
    Drop,
    Effect,
    Enqueue,
    Fetch,
    HangUp,
    JoinRoom,
    Notify,
    Play,
    RecordMessage,
    Reject,
    Transfer,
)
from callflow.engine.events import (
    CallerHungUp,
    Event,
    Fetched,
    LegAnswered,
    LegEnded,
    MessageRecorded,
    Outcome,
    PromptEnded,
    QueueLeft,
    RoomJoined,
    RoomLeft,
    TransferEnded,
)
from callflow.machine.model import BEEP, Spoken
from callflow.runner.journal import Entry

_TIME: Final = re.compile(r"(?<= )(\d+(?:\.\d+)?)s$")
_TOLERANCE_MS: Final = 100
_QUIET_MS: Final = 100
REFUSED: Final = (Outcome.ON_CALL, Outcome.AWAY)
"""Ends of phones that never rang: their agents were not free."""


@attrs.frozen
class _Token:
    begin_ms: int
    end_ms: int
    text: str


def same(wanted: str, got: str) -> bool:
    """Return whether two things of a trace are the same, times within a tenth of a second."""
    first, second = _TIME.search(wanted), _TIME.search(got)
    if first is None or second is None:
        return wanted == got
    near = abs(float(first[1]) - float(second[1])) * 1_000 <= _TOLERANCE_MS + 1
    return near and wanted[: first.start()] == got[: second.start()]


def trace(journal: Sequence[Entry], name: Callable[[Spoken], str], length: Callable[[Spoken], int]) -> tuple[str, ...]:
    """Return what happened in a call. `name` says what an item is called, `length` how long it is, in milliseconds."""
    reading = _Reading(name, length)
    for entry in journal:
        reading.event(entry.event)
        for effect in entry.effects:
            reading.effect(effect, entry.event.at_ms)
    end_ms = journal[-1].event.at_ms if journal else 0
    return tuple(_with_waits(sorted(reading.finished(end_ms), key=lambda token: token.begin_ms)))


def _with_waits(tokens: Sequence[_Token]) -> Iterator[str]:
    """Yield the tokens with the quiet between them."""
    heard_ms = 0
    for token in tokens:
        if token.begin_ms - heard_ms >= _QUIET_MS:
            yield f"wait {_seconds(token.begin_ms - heard_ms)}"
        heard_ms = max(heard_ms, token.end_ms)
        if token.text:
            yield token.text


def _seconds(ms: int) -> str:
    return f"{round(ms / 1_000, 1):g}s"


class _Reading:
    def __init__(self, name: Callable[[Spoken], str], length: Callable[[Spoken], int]) -> None:
        self._name = name
        self._length = length
        self._tokens: list[_Token] = []
        self._playing: dict[int, tuple[Play, int]] = {}
        self._dialled: dict[int, str] = {}
        self._ringing: dict[int, None] = {}
        self._ring_from_ms = 0
        self._rung: list[str] = []
        self._picked_up: set[int] = set()
        """Phones that were answered: they ring no longer, even if a key is still to be pressed."""
        self._rang_to_ms = 0
        """When the last phone stopped ringing."""
        self._busy: dict[int, tuple[str, int]] = {}
        """What goes on, by ticket: what it is called, and since when. The caller does not wait meanwhile."""
        self._lobby: dict[int, int] = {}
        """Rooms that the caller waits to be let into, by ticket, and since when."""
        self._talk_from_ms: int | None = None

    def finished(self, end_ms: int) -> list[_Token]:
        """Return all that was read, and what was still going on."""
        for ticket in list(self._playing):
            self._played(ticket, end_ms)
        self._rang(end_ms)
        self._talked(end_ms)
        return self._tokens

    def _add(self, text: str, begin_ms: int, end_ms: int | None = None) -> None:
        self._tokens.append(_Token(begin_ms, begin_ms if end_ms is None else end_ms, text))

    # --- events ---

    def event(self, event: Event) -> None:
        at_ms = event.at_ms
        match event:
            case PromptEnded(ticket=ticket) if ticket in self._playing:
                self._played(ticket, at_ms)
            case LegAnswered(ticket=ticket) if ticket in self._ringing:
                self._quiet(ticket, at_ms)
                self._picked_up.add(ticket)
            case LegEnded(ticket=ticket, outcome=outcome):
                self._leg_ended(ticket, outcome, at_ms)
            case QueueLeft(ticket=ticket) if ticket in self._busy:
                self._over(ticket, "leave {}", at_ms)
            case RoomJoined(ticket=ticket, opened=opened):
                self._in_room(ticket, at_ms, opened=opened)
            case RoomLeft(ticket=ticket):
                self._lobby_left(ticket, at_ms)
                self._over(ticket, "left {}", at_ms)
            case Fetched(ticket=ticket, trouble=trouble):
                self._over(ticket, "fetch {} failed" if trouble else "fetch {}", at_ms, at_begin=True)
            case TransferEnded(ticket=ticket, taken=taken):
                self._over(ticket, f"transfer {{}} {'taken' if taken else 'refused'}", at_ms, at_begin=True)
            case MessageRecorded(ticket=ticket, file=file) if ticket in self._busy:
                box, begin_ms = self._busy.pop(ticket)
                self._add((f"message {box}" if box else "said") if file else "no message", begin_ms, at_ms)
            case CallerHungUp():
                self._rang(at_ms)
                self._talked(at_ms)
                self._add("hangup caller", at_ms)
            case _:
                pass

    def _in_room(self, ticket: int, at_ms: int, *, opened: bool) -> None:
        """Note that the caller waits to be let into a room, or is in it."""
        if not opened:
            self._lobby[ticket] = at_ms
        elif ticket not in self._busy:
            self._lobby_left(ticket, at_ms)
            self._busy[ticket] = (self._dialled[ticket], at_ms)
            self._add(f"room {self._dialled[ticket]}", at_ms)

    def _lobby_left(self, ticket: int, at_ms: int) -> None:
        begin_ms = self._lobby.pop(ticket, None)
        if begin_ms is not None:
            self._add(f"lobby {self._dialled[ticket]} {_seconds(at_ms - begin_ms)}", begin_ms, at_ms)

    def _leg_ended(self, ticket: int, outcome: Outcome, at_ms: int) -> None:
        if outcome in REFUSED and ticket in self._ringing:
            self._rung.remove(self._dialled[ticket])
        self._quiet(ticket, at_ms)
        self._ringing.pop(ticket, None)
        if not self._ringing:
            self._rang(at_ms)
        if outcome is Outcome.HUNG_UP:
            self._talked(at_ms)

    def _over(self, ticket: int, text: str, at_ms: int, *, at_begin: bool = False) -> None:
        if ticket not in self._busy:
            return
        what, begin_ms = self._busy.pop(ticket)
        if at_begin:
            self._add(text.format(what), begin_ms, at_ms)
        else:
            self._tokens.append(_Token(begin_ms, at_ms, ""))
            self._add(text.format(what), at_ms)

    def _played(self, ticket: int, at_ms: int) -> None:
        play, begin_ms = self._playing.pop(ticket)
        for item in play.items:
            if begin_ms > at_ms or (begin_ms == at_ms and self._length(item)):
                break
            end_ms = begin_ms + self._length(item)
            heard = (
                "beep" if item.file == BEEP else f"{'whisper' if play.leg is not None else 'play'} {self._name(item)}"
            )
            if end_ms > at_ms:
                self._add(f"{heard} cut {_seconds(at_ms - begin_ms)}", begin_ms, at_ms)
                break
            self._add(heard, begin_ms, end_ms)
            begin_ms = end_ms

    def _quiet(self, ticket: int, at_ms: int) -> None:
        """Note that a phone stopped ringing, if it rang."""
        if ticket in self._ringing and ticket not in self._picked_up:
            self._rang_to_ms = at_ms

    def _rang(self, at_ms: int) -> None:
        if self._rung:
            until_ms = self._rang_to_ms if self._ringing.keys() <= self._picked_up else at_ms
            rung = f"ring {', '.join(self._rung)} {_seconds(until_ms - self._ring_from_ms)}"
            self._add(rung, self._ring_from_ms, at_ms)
        self._rung = []
        self._picked_up = set()
        self._ringing = {}

    def _talked(self, at_ms: int) -> None:
        if self._talk_from_ms is not None:
            self._tokens.append(_Token(self._talk_from_ms, at_ms, ""))
        self._talk_from_ms = None

    # --- effects ---

    def effect(self, effect: Effect, at_ms: int) -> None:
        match effect:
            case Answer():
                self._add("answer", at_ms)
            case Play(ticket=ticket, loop=False):
                self._playing[ticket] = effect, at_ms
            case Dial(ticket=ticket, agent=agent, uri=uri):
                self._dialled[ticket] = agent or uri
                if not self._ringing:
                    self._rang(at_ms)
                    self._ring_from_ms = at_ms
                self._ringing[ticket] = None
                self._rung.append(agent or uri)
            case Drop(ticket=ticket) if ticket in self._ringing:
                self._quiet(ticket, at_ms)
                del self._ringing[ticket]
                if not self._ringing:
                    self._rang(at_ms)
            case Bridge(ticket=ticket):
                self._rang(at_ms)
                self._talk_from_ms = at_ms
                self._add(f"bridge {self._dialled[ticket]}", at_ms)
            case Enqueue(ticket=ticket, group=group):
                self._add(f"queue {group}", at_ms)
                self._busy[ticket] = group, at_ms
            case Fetch(ticket=ticket, url=url) | Transfer(ticket=ticket, uri=url):
                self._busy[ticket] = url, at_ms
            case JoinRoom(ticket=ticket, room=room):
                self._dialled[ticket] = room
            case RecordMessage(ticket=ticket, box=box):
                self._busy[ticket] = box, at_ms
            case _:
                self._small(effect, at_ms)

    def _small(self, effect: Effect, at_ms: int) -> None:
        match effect:
            case Notify(event=event):
                self._add(f"notify {event}", at_ms)
            case CallBack(number=number):
                self._add(f"callback {number}", at_ms)
            case Reject(reason=reason):
                self._add(f"reject {reason.value}", at_ms)
            case HangUp(reason=reason):
                self._rang(at_ms)
                self._talked(at_ms)
                self._add(f"hangup {reason.value}", at_ms)
            case _:
                pass
