"""One live call: carries out what its session orders, and reports what its legs do. Keeps the promises of `Port`.

Runs in the event loop. A ticket is open from its order until its ending event; the call is done when its caller is
gone, its session has ended, and no ticket and no file is open any more.
"""

import asyncio
import os
import secrets
import time
import traceback
from collections.abc import Callable, Coroutine
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
    CallAnswered,
    CallerHungUp,
    CallOffered,
    DigitPressed,
    Event,
    Fetched,
    RoomJoined,
    RoomLeft,
)
from callflow.machine.model import RejectReason
from callflow.numbers import country_of, normalise
from callflow.pjsip.agent_legs import AgentLegs
from callflow.pjsip.desk import Desk
from callflow.pjsip.endpoint import Endpoint
from callflow.pjsip.facts import Down, Fact, Incoming, KeyPressed, MediaCounted, TransferTold, Up
from callflow.pjsip.handover import Handover
from callflow.pjsip.line import GONE
from callflow.pjsip.prompts import Prompts
from callflow.pjsip.recordings import Recordings
from callflow.pjsip.sip import Request
from callflow.runner.journal import Entry
from callflow.runner.runner import Runner
from callflow.web.web import Said

REJECT_CODES: Final = {RejectReason.BUSY: 486, RejectReason.DECLINED: 603, RejectReason.UNAVAILABLE: 480}

MEDIA_NOTE_S: Final = 5.0
"""After this long an answered caller who sent no sound is noted: mostly a firewall, and hard to see otherwise."""

CANCELLED: Final = 487
"""The status of a call whose caller gave up before it was answered: nothing to note."""


class LiveCall:
    """A call that came in, as a port."""

    def __init__(
        self, endpoint: Endpoint, desk: Desk, offer: Incoming, request: Request, on_done: Callable[["LiveCall"], None]
    ) -> None:
        self.short_id = secrets.token_hex(4)
        self.call_id = f"{time.strftime('%Y%m%d-%H%M%S')}-{self.short_id}"
        self.endpoint = endpoint
        self.desk = desk
        self.caller = offer.key
        self._on_done = on_done
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._gone = False
        self._over = False
        self._done = False
        self._broken = False
        self._early = False
        self._answering: int | None = None
        self._links: set[tuple[int, int]] = set()
        self._rooms: dict[int, str] = {}
        self._fetches: dict[int, asyncio.Task[Said]] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._prompts = Prompts(self)
        self._legs = AgentLegs(self, request)
        self._recordings = Recordings(self)
        self._handover = Handover(self)
        self._offer = self._offered(request, offer.lines)
        self._seat = desk.hall.join(self._offer, self.report)
        self.runner = Runner(desk.machine, self, self._seat, self._listen)

    def _offered(self, request: Request, lines: int) -> CallOffered:
        region = self.desk.machine.region
        caller = normalise(request.caller, region)
        return CallOffered(
            at_ms=0,
            caller=caller,
            called=normalise(request.called, region),
            caller_name=request.caller_name,
            started_ms=time.time_ns() // 1_000_000,
            lines=lines,
            call_id=self.call_id,
            country=country_of(caller),
            diverted_from=normalise(request.diverted_from, region),
            headers=request.headers,
            remembered=self.desk.hall.remembered(caller),
            seed=int.from_bytes(os.urandom(8)),
        )

    def begin(self) -> None:
        """Offer the call to its session."""
        self.endpoint.watch(self.caller, self._on_caller)
        self.report(self._offer)

    def end_now(self) -> None:
        """End the call from outside; its session hears of it as of a caller who hung up."""
        self.endpoint.refuse(self.caller, 503)

    # --- orders -------------------------------------------------------------------------------------------------------

    def carry_out(self, effect: Effect) -> None:
        """Begin what the effect orders."""
        match effect:
            case Answer(ticket):
                self._answering = ticket
                self.endpoint.answer(self.caller, 200)
            case Ring():
                if not self._early:
                    self.endpoint.answer(self.caller, 180)
            case Reject(reason):
                self._end(REJECT_CODES[reason])
            case HangUp():
                self._end(480)
            case Play():
                self._play(effect)
            case StopPlaying(ticket):
                self._prompts.stop(ticket)
            case Dial():
                self._legs.dial(effect)
            case Drop(ticket):
                self._legs.drop(ticket)
            case Bridge(ticket):
                self._legs.bridge(ticket)
            case RecordCall(side):
                self._recordings.record_call(side)
            case ChangeRecording(change):
                self._recordings.change(change)
            case RecordMessage():
                self._recordings.record_message(effect)
            case StopRecording(ticket):
                self._recordings.stop_message(ticket)
            case JoinRoom(ticket=ticket, room=room):
                self._rooms[ticket] = room
            case Transfer():
                self._handover.begin(effect)
            case Fetch(ticket):
                self._fetch(effect, ticket)
            case Notify(event, fields):
                self.desk.web.notify(event, self.call_id, self._offer.started_ms + self.now_ms, fields)
            case (
                Consult() | Seek() | Count() | Enqueue() | Widen() | Leave() | CallBack() | Remember() | Force()
            ):  # fmt: skip
                raise AssertionError("what calls share is the house's")
            case _:
                assert_never(effect)

    def _end(self, code: int) -> None:
        self._over = True
        self._end_rest()
        self.endpoint.refuse(self.caller, code)

    def _end_rest(self) -> None:
        """End everything but the caller's leg, and what `on hangup` may still want to hear of the web."""
        self._prompts.stop_all()
        self._legs.drop_all()
        self._recordings.end_all()
        self._handover.caller_gone()
        self.desk.rooms.leave(self.caller)

    def _play(self, order: Play) -> None:
        if order.leg is None:
            self._early_media()
        self._prompts.play(order, self.caller if order.leg is None else self._legs.answered(order.leg))

    def _early_media(self) -> None:
        begins = not self.runner.session.answered and not self._early and self._answering is None
        if begins and not self.is_over:
            self._early = True
            self.endpoint.answer(self.caller, 183)

    def _fetch(self, order: Fetch, ticket: int) -> None:
        def answered(task: asyncio.Task[Said]) -> None:
            del self._fetches[ticket]
            said = Said(trouble=GONE) if task.cancelled() else task.result()
            self.report(Fetched(self.now_ms, ticket, said.fields, said.trouble))

        task = self._loop.create_task(self.desk.web.ask(order.url, order.timeout_ms, order.post))
        self._fetches[ticket] = task
        task.add_done_callback(answered)

    # --- facts --------------------------------------------------------------------------------------------------------

    def _on_caller(self, fact: Fact) -> None:
        match fact:
            case Up():
                self._loop.call_later(MEDIA_NOTE_S, self.endpoint.count_media, self.caller)
                if self._answering is not None:
                    ticket, self._answering = self._answering, None
                    self.report(CallAnswered(self.now_ms, ticket))
            case KeyPressed(digit=digit):
                if not self._over:
                    self.report(DigitPressed(self.now_ms, digit))
            case MediaCounted(packets=0):
                self.note(f"no sound has come from the caller for {MEDIA_NOTE_S:.0f} s")
            case TransferTold():
                self._handover.told(fact)
            case Down(code=code, reason=reason):
                self._gone = True
                if not self._over:
                    if code >= 400 and code != CANCELLED:  # noqa: PLR2004  statuses of failure
                        self.note(f"the caller's leg ended with {code} {reason}")
                    self.report(CallerHungUp(self.now_ms))
                self._over = True
                self._end_rest()
                self.perhaps_done()
            case _:
                pass

    def _listen(self, entry: Entry) -> None:
        """Take notice of every step: who is in a room the house says."""
        match entry.event:
            case RoomJoined(ticket=ticket, opened=True) if ticket in self._rooms and not self.is_over:
                self.desk.rooms.enter(self._rooms[ticket], self.caller, self.connect)
            case RoomLeft(ticket=ticket) if self._rooms.pop(ticket, None) is not None:
                self.desk.rooms.leave(self.caller)
            case _:
                pass
        self.desk.on_entry(self.short_id, entry)

    # --- the session --------------------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Return whether the caller's leg is gone, or about to be by our will."""
        return self._gone or self._over

    @property
    def now_ms(self) -> int:
        """Return the time since the offer."""
        return int((self._loop.time() - self._began) * 1000)

    def report(self, event: Event) -> None:
        """Let the session know."""
        if self._broken or self._done:
            self.perhaps_done()
            return
        try:
            self.runner.report(event)
        except Exception:  # noqa: BLE001  our mistake: this call ends politely, the others never notice
            self._break()
        self._stepped()

    def _wake(self, due: int) -> None:
        try:
            self.runner.wake(max(due, self.now_ms))
        except Exception:  # noqa: BLE001  as in `report`
            self._break()
        self._stepped()

    def _stepped(self) -> None:
        """Set the alarms anew after a step, and see whether it was the last one."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        due = None if self._broken or self._done else self.runner.next_deadline_ms
        if due is not None:
            self._alarm = self._loop.call_at(self._began + due / 1000, self._wake, due)
        self.desk.hall.set_alarm()
        self.perhaps_done()

    def _break(self) -> None:
        self.note(f"this call ran into a mistake of ours\n{traceback.format_exc()}")
        self._broken = True
        self._seat.end(self.now_ms)
        self._end(480)

    def perhaps_done(self) -> None:
        """Be done, when nothing of the call is left and what is going on in this moment is over."""
        if self._gone and not self._done:
            self._loop.call_soon(self._finish)

    def _finish(self) -> None:
        if self._done or not (self._broken or self.runner.ended):
            return
        for task in self._fetches.values():
            task.cancel()
        parts = (self._prompts, self._legs, self._recordings, self._handover)
        if not self._fetches and not any(part.is_open for part in parts):
            self._done = True
            self._seat.end(self.now_ms)
            self._on_done(self)

    # --- leaves -------------------------------------------------------------------------------------------------------

    def connect(self) -> None:
        """Have heard what should be heard now: talk goes both ways, a recording takes its side of it."""
        agent = self._legs.talking
        agents = set() if agent is None else {agent}
        wanted = {(agent, self.caller) for agent in agents} | {(self.caller, agent) for agent in agents}
        others = agents | set(self.desk.rooms.others(self.caller))
        wanted |= self._recordings.wanted(others, self._prompts.heard_by_caller())
        for source, sink in sorted(self._links - wanted):
            self.endpoint.unlink(source, sink)
        for source, sink in sorted(wanted - self._links):
            self.endpoint.link(source, sink)
        self._links = wanted

    def handed_over(self, ticket: int) -> None:
        """Let go of an agent whose leg goes on with somebody else."""
        self._seat.handed_over(ticket, self.now_ms)
        self.desk.hall.set_alarm()

    def note(self, text: str) -> None:
        """Let the operator know."""
        self.desk.on_note(self.short_id, text)

    def in_background(self, work: Coroutine[None, None, None]) -> None:
        """Do what takes its time."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
