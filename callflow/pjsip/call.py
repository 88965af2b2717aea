"""One live call: carries out what its session orders, and reports what its legs do. Keeps the promises of `Port`.

Runs in the event loop. A ticket is open from its order until its ending event; the call is done when its caller is
gone and no ticket and no file is open any more.
"""

import asyncio
import secrets
import time
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Final, assert_never

import attrs

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
    DigitPressed,
    Event,
    LegAnswered,
    LegEnded,
    LegRang,
    MessageRecorded,
    Outcome,
    PromptEnded,
)
from callflow.machine.model import RejectReason, Side, Spoken
from callflow.numbers import normalise
from callflow.pjsip.desk import Desk
from callflow.pjsip.endpoint import Endpoint
from callflow.pjsip.facts import (
    Down,
    Fact,
    FellQuiet,
    Incoming,
    KeyPressed,
    MediaCounted,
    Progressed,
    Recorded,
    SoundEnded,
    Up,
)
from callflow.pjsip.files import complete
from callflow.pjsip.sip import Request, outcome, shown_as, to_dial
from callflow.pjsip.sounds import audible
from callflow.runner.runner import Runner

REJECT_CODES: Final = {RejectReason.BUSY: 486, RejectReason.DECLINED: 603, RejectReason.UNAVAILABLE: 480}

MEDIA_NOTE_S: Final = 5.0
"""After this long an answered caller who sent no sound is noted: mostly a firewall, and hard to see otherwise."""

CANCELLED: Final = 487
"""The status of a call whose caller gave up before it was answered: nothing to note."""

GONE: Final = "the call is over"


@attrs.define
class _Leg:
    """An agent's leg."""

    key: int
    name: str
    rang: bool = False
    answered: bool = False
    dropped: bool = False


@attrs.define
class _Message:
    """A message being recorded."""

    ticket: int
    key: int
    min_ms: int
    timer: asyncio.TimerHandle


class LiveCall:
    """A call that came in, as a port."""

    def __init__(
        self, endpoint: Endpoint, desk: Desk, offer: Incoming, request: Request, on_done: Callable[["LiveCall"], None]
    ) -> None:
        self.call_id = secrets.token_hex(4)
        self.runner = Runner(desk.machine, self, desk.almanac, lambda entry: desk.on_entry(self.call_id, entry))
        self._endpoint = endpoint
        self._desk = desk
        self._offer = offer
        self._request = request
        self._on_done = on_done
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._stamp = time.strftime("%Y%m%d-%H%M%S")
        self._caller = offer.key
        self._gone = False
        self._over = False
        self._done = False
        self._broken = False
        self._early = False
        self._answering: int | None = None
        self._sounds: dict[int, int | None] = {}
        self._legs: dict[int, _Leg] = {}
        self._bridged: int | None = None
        self._message: _Message | None = None
        self._recording: int | None = None
        self._side = Side.BOTH
        self._files = 0
        self._links: set[tuple[int, int]] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Offer the call to its session."""
        self._endpoint.watch(self._caller, self._on_caller)
        region = self._desk.machine.region
        self._report(
            CallOffered(
                at_ms=0,
                caller=normalise(self._request.caller, region),
                called=normalise(self._request.called, region),
                caller_name=self._request.caller_name,
                started_ms=time.time_ns() // 1_000_000,
                lines=self._offer.lines,
            )
        )

    def end_now(self) -> None:
        """End the call from outside; its session hears of it as of a caller who hung up."""
        self._endpoint.refuse(self._caller, 503)

    # --- orders -------------------------------------------------------------------------------------------------------

    def carry_out(self, effect: Effect) -> None:
        """Begin what the effect orders."""
        match effect:
            case Answer(ticket):
                self._answering = ticket
                self._endpoint.answer(self._caller, 200)
            case Ring():
                if not self._early:
                    self._endpoint.answer(self._caller, 180)
            case Reject(reason):
                self._end(REJECT_CODES[reason])
            case HangUp():
                self._end(480)
            case Play():
                self._play(effect)
            case StopPlaying(ticket):
                self._stop_playing(ticket)
            case Dial():
                self._dial(effect)
            case Drop(ticket):
                self._drop(ticket)
            case Bridge(ticket):
                self._bridged = ticket if ticket in self._legs else None
                self._connect()
            case RecordCall(side):
                self._record_call(side)
            case RecordMessage():
                self._record_message(effect)
            case StopRecording(ticket):
                if self._message is not None and self._message.ticket == ticket:
                    self._endpoint.end_recording(self._message.key)
            case Consult():
                raise AssertionError("schedules are the runner's")
            case _:
                assert_never(effect)

    def _end(self, code: int) -> None:
        self._over = True
        self._end_rest()
        self._endpoint.refuse(self._caller, code)

    def _end_rest(self) -> None:
        """End everything but the caller's leg."""
        for ticket in list(self._sounds):
            self._stop_playing(ticket)
        for ticket in list(self._legs):
            self._drop(ticket)
        if self._message is not None:
            self._endpoint.end_recording(self._message.key)
        if self._recording is not None:
            self._endpoint.end_recording(self._recording)

    def _play(self, order: Play) -> None:
        if self._gone or self._over:
            self._report(PromptEnded(self._now_ms(), order.ticket, GONE))
            return
        self._sounds[order.ticket] = None
        self._early_media()
        items = audible(order.items)
        ready = [path for path in map(self._desk.sounds.ready, items) if path is not None]
        if len(ready) == len(items):
            self._play_files(order, ready, "")
        else:
            self._in_background(self._fetch_and_play(order, items))

    async def _fetch_and_play(self, order: Play, items: tuple[Spoken, ...]) -> None:
        paths, trouble = await self._desk.sounds.fetch(items)
        if order.ticket in self._sounds and not self._gone and not self._over:
            self._play_files(order, paths, trouble)

    def _play_files(self, order: Play, paths: list[Path], trouble: str) -> None:
        if trouble:
            self._note(trouble)
        if not paths:
            self._prompt_ended(order.ticket, trouble)
            return

        def ended(fact: Fact) -> None:
            assert isinstance(fact, SoundEnded)
            self._prompt_ended(order.ticket, fact.trouble or trouble)

        names = tuple(str(path) for path in paths)
        self._sounds[order.ticket] = self._endpoint.play(self._caller, names, ended, loop=order.loop)
        self._connect()

    def _prompt_ended(self, ticket: int, trouble: str) -> None:
        if ticket in self._sounds:
            del self._sounds[ticket]
            self._connect()
            self._report(PromptEnded(self._now_ms(), ticket, trouble))
            self._perhaps_done()

    def _stop_playing(self, ticket: int) -> None:
        if ticket not in self._sounds:
            return
        key = self._sounds[ticket]
        if key is None:  # it is still being fetched
            self._prompt_ended(ticket, "")
        else:
            self._endpoint.stop_sound(key)

    def _early_media(self) -> None:
        if not self.runner.session.answered and not self._early and self._answering is None:
            self._early = True
            self._endpoint.answer(self._caller, 183)

    def _dial(self, order: Dial) -> None:
        uri = to_dial(self._desk.agents.get(order.agent, order.uri), self._desk.trunk)
        name = order.agent or order.uri
        refused = None
        if self._gone or self._over:
            refused = Outcome.CANCELLED
        elif uri is None:
            refused = Outcome.UNREACHABLE
            self._note(f"`{order.uri}` cannot be dialled from here")
        elif name in self._desk.busy:
            refused = Outcome.BUSY
        if refused is not None or uri is None:
            self._report(LegEnded(self._now_ms(), order.ticket, refused or Outcome.UNREACHABLE))
            return
        self._desk.busy.add(name)
        shown = shown_as(self._request.caller, self._request.caller_name, self._endpoint.options.host)
        key = self._endpoint.dial(uri, shown, lambda fact: self._on_leg(order.ticket, fact))
        self._legs[order.ticket] = _Leg(key, name)

    def _drop(self, ticket: int) -> None:
        leg = self._legs.get(ticket)
        if leg is not None and not leg.dropped:
            leg.dropped = True
            if self._bridged == ticket:
                self._bridged = None
                self._connect()
            self._endpoint.hang_up(leg.key)

    def _record_call(self, side: Side) -> None:
        if self._recording is not None or self._gone or self._over:
            return
        path = self._desk.recording_path(self._stamp, self.call_id)
        self._side = side
        self._recording = self._record(path, self._call_recorded)
        self._connect()

    def _record_message(self, order: RecordMessage) -> None:
        if self._gone or self._over or self._message is not None:
            self._report(MessageRecorded(self._now_ms(), order.ticket, "", 0))
            return
        path = self._desk.message_path(order.box, self._stamp, self.call_id, order.ticket)
        key = self._record(path, self._message_recorded, order.silence_ms)
        timer = self._loop.call_later(order.max_ms / 1000, self._endpoint.end_recording, key)
        self._message = _Message(order.ticket, key, order.min_ms, timer)

    def _record(
        self, path: Path, then: Callable[[Recorded, Path], Coroutine[None, None, None]], silence_ms: int | None = None
    ) -> int:
        """Begin a file. With `silence_ms` it takes what the caller says and ends when that much is silence."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:  # the recorder fails over it and is reported as any other
            self._note(f"{path.parent} cannot be made: {error}")

        def watcher(fact: Fact) -> None:
            if isinstance(fact, FellQuiet):
                self._endpoint.end_recording(fact.key)
            elif isinstance(fact, Recorded):
                if fact.trouble:
                    self._note(f"{path} cannot be written: {fact.trouble}")
                self._in_background(then(fact, path))

        self._files += 1
        if silence_ms is None:
            return self._endpoint.record(str(path), (), watcher)
        return self._endpoint.record(str(path), (self._caller,), watcher, hears=self._caller, silence_ms=silence_ms)

    # --- facts --------------------------------------------------------------------------------------------------------

    def _on_caller(self, fact: Fact) -> None:
        match fact:
            case Up():
                self._loop.call_later(MEDIA_NOTE_S, self._endpoint.count_media, self._caller)
                if self._answering is not None:
                    ticket, self._answering = self._answering, None
                    self._report(CallAnswered(self._now_ms(), ticket))
            case KeyPressed(digit=digit):
                if not self._over:
                    self._report(DigitPressed(self._now_ms(), digit))
            case MediaCounted(packets=0):
                self._note(f"no sound has come from the caller for {MEDIA_NOTE_S:.0f} s")
            case Down(code=code, reason=reason):
                self._gone = True
                if not self._over:
                    if code >= 400 and code != CANCELLED:  # noqa: PLR2004  statuses of failure
                        self._note(f"the caller's leg ended with {code} {reason}")
                    self._report(CallerHungUp(self._now_ms()))
                self._over = True
                self._end_rest()
                self._perhaps_done()
            case _:
                pass

    def _on_leg(self, ticket: int, fact: Fact) -> None:
        leg = self._legs.get(ticket)
        if leg is None:
            return
        match fact:
            case Progressed():
                if not leg.rang and not leg.dropped:
                    leg.rang = True
                    self._report(LegRang(self._now_ms(), ticket))
            case Up():
                if not leg.dropped:
                    leg.answered = True
                    self._report(LegAnswered(self._now_ms(), ticket))
            case Down(code=code):
                del self._legs[ticket]
                self._desk.busy.discard(leg.name)
                if self._bridged == ticket:
                    self._bridged = None
                    self._connect()
                self._report(LegEnded(self._now_ms(), ticket, _ending(leg, code), code))
                self._perhaps_done()
            case _:
                pass

    async def _message_recorded(self, fact: Recorded, path: Path) -> None:
        message, self._message = self._message, None
        assert message is not None
        message.timer.cancel()
        duration_ms = 0 if fact.trouble else await complete(path)
        kept = fact.heard and duration_ms - fact.quiet_ms >= message.min_ms
        if not kept:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        self._files -= 1
        event = MessageRecorded(self._now_ms(), message.ticket, str(path), duration_ms)
        self._report(event if kept else attrs.evolve(event, file="", duration_ms=0))
        self._perhaps_done()

    async def _call_recorded(self, fact: Recorded, path: Path) -> None:
        self._recording = None
        self._connect()
        if not fact.trouble:
            await complete(path)
            self._note(f"recorded in {path}")
        self._files -= 1
        self._perhaps_done()

    # --- the session --------------------------------------------------------------------------------------------------

    def _now_ms(self) -> int:
        return int((self._loop.time() - self._began) * 1000)

    def _report(self, event: Event) -> None:
        if self._broken:
            return
        try:
            self.runner.report(event)
        except Exception:  # noqa: BLE001  our mistake: this call ends politely, the others never notice
            self._break()
        self._set_alarm()

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        due = None if self._broken else self.runner.next_deadline_ms
        if due is not None:
            self._alarm = self._loop.call_at(self._began + due / 1000, self._wake, due)

    def _wake(self, due: int) -> None:
        try:
            self.runner.wake(max(due, self._now_ms()))
        except Exception:  # noqa: BLE001  as in `_report`
            self._break()
        self._set_alarm()

    def _break(self) -> None:
        self._note(f"this call ran into a mistake of ours\n{traceback.format_exc()}")
        self._broken = True
        self._end(480)

    def _perhaps_done(self) -> None:
        if self._gone and not self._done and not (self._legs or self._sounds or self._files):
            self._done = True
            self._on_done(self)

    # --- leaves -------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        """Have heard what should be heard now: talk goes both ways, a recording takes its side of it."""
        wanted: set[tuple[int, int]] = set()
        agent = None if self._bridged is None else self._legs[self._bridged].key
        if agent is not None:
            wanted |= {(agent, self._caller), (self._caller, agent)}
        if self._recording is not None:
            if self._side is not Side.AGENT:
                wanted.add((self._caller, self._recording))
            if self._side is not Side.CALLER and agent is not None:
                wanted.add((agent, self._recording))
            if self._side is Side.BOTH:
                wanted |= {(sound, self._recording) for sound in self._sounds.values() if sound is not None}
        for source, sink in sorted(self._links - wanted):
            self._endpoint.unlink(source, sink)
        for source, sink in sorted(wanted - self._links):
            self._endpoint.link(source, sink)
        self._links = wanted

    def _note(self, text: str) -> None:
        self._desk.on_note(self.call_id, text)

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _ending(leg: _Leg, code: int) -> Outcome:
    if leg.dropped:
        return Outcome.CANCELLED
    return Outcome.HUNG_UP if leg.answered else outcome(code, rang=leg.rang)
