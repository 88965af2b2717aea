"""One simulated call: the driver that keeps the promises of `runner.port` in virtual time. Nothing here waits."""

import heapq
from collections.abc import Callable
from typing import Final, assert_never

import attrs

from callflow.acd.schedules import Almanac
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
    LegAnswered,
    LegEnded,
    LegRang,
    MessageRecorded,
    Outcome,
    PromptEnded,
    TransferEnded,
)
from callflow.engine.session import Talking
from callflow.limits import RING_MS
from callflow.machine.model import BEEP, Machine, Spoken
from callflow.numbers import normalise
from callflow.runner.journal import Entry
from callflow.runner.runner import Runner
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.world import Agents, Durations, World
from callflow.words import duration

CHARS_PER_SECOND: Final = 14
"""How fast text is spoken: about 150 words a minute."""
BEEP_MS: Final = 400
FILE_MS: Final = 3_000
"""How long a sound file is taken to last when nobody says."""
ENDLESS_MS: Final = 3_600_000 * 24
TALK_MS: Final = 60_000
"""After how long a caller who has nothing more to do ends a conversation that the agent does not end."""


def spoken_ms(item: Spoken) -> int:
    """Return how long an item is heard when nothing better is known."""
    if item.file == BEEP:
        return BEEP_MS
    if item.text:
        return max(500, round(len(item.text) * 1_000 / CHARS_PER_SECOND))
    return FILE_MS if item.file else 0


@attrs.frozen
class _Message:
    """A message being recorded. `due_ms` is when it ends by itself, `spoke_until_ms` is None until the caller spoke."""

    began_ms: int
    due_ms: int
    spoke_until_ms: int | None = None


@attrs.frozen
class _AgentKey:
    """An agent presses a key on their phone."""

    at_ms: int
    ticket: int
    digit: str


class SimCall:
    """A call that a machine answers, with a caller who is told what to do through the methods below.

    Numbers of the offer may be written as people write them; they are read as in the machine's region.
    """

    def __init__(
        self,
        world: World,
        offer: CallOffered,
        listen: Callable[[Entry], None] | None = None,
        agents: Agents | None = None,
    ) -> None:
        """Call now. With `agents`, they do with this call what that says, and not what the world says."""
        self._world = world
        self._agents = agents or world.agents
        self._began_ms = world.now_ms
        self._heap: list[tuple[int, int, Event | _AgentKey]] = []
        self._count = 0
        self._open: dict[int, Effect] = {}
        """Tickets that have not ended yet, with the effect that opened them."""
        self._answered: dict[int, Behaviour] = {}
        self._message: _Message | None = None
        self.caller_gone = False
        self._over = False
        region = world.machine.region
        caller = normalise(offer.caller, region)
        offer = attrs.evolve(
            offer,
            caller=caller,
            called=normalise(offer.called, region),
            remembered=world.floor.remembered(caller, world.now_ms),
        )
        self.awaited_ms: int | None = None
        """When the world lets something happen here next."""
        seat = world.floor.join(offer, world.now_ms, self._report)
        self.runner = Runner(world.machine, self, seat, listen)
        self.number = world.add(self)
        self._report(offer)

    @classmethod
    def alone(
        cls,
        machine: Machine,
        offer: CallOffered,
        almanac: Almanac,
        agents: Agents,
        listen: Callable[[Entry], None] | None = None,
        durations: Durations = spoken_ms,
    ) -> "SimCall":
        """Return a call that has a world for itself."""
        return cls(World(machine, almanac, agents, durations), offer, listen)

    def _report(self, event: Event) -> None:
        """Take in a fact, and tell the world when something happens next."""
        self.runner.report(event)
        self._world.touch(self)

    @property
    def now_ms(self) -> int:
        """Return how long ago this call was offered."""
        return self._world.now_ms - self._began_ms

    # --- what the caller does ---

    def press(self, digit: str) -> None:
        """Press a key now."""
        if not self._over:
            self._report(DigitPressed(self.now_ms, digit))

    def hang_up(self) -> None:
        """Hang up now; what was said so far is kept."""
        if self._over:
            return
        self._over = self.caller_gone = True
        self._report(CallerHungUp(self.now_ms))
        self._end_all()

    def say(self, ms: int) -> None:
        """Speak for a while from now on; nobody hears it but a message that is being recorded."""
        for ticket, effect in list(self._open.items()):
            if isinstance(effect, RecordMessage):
                self._plan_message(ticket, effect, ms)
        self._world.touch(self)

    def is_open(self, ticket: int) -> bool:
        """Return whether what a ticket stands for is still going on."""
        return ticket in self._open

    @property
    def over(self) -> bool:
        """Return whether the caller's leg is gone: nothing can be done any more."""
        return self._over

    @property
    def recording(self) -> bool:
        """Return whether a message is being recorded."""
        return self._message is not None

    # --- time ---

    @property
    def own_next_ms(self) -> int | None:
        """Return when something happens next in this call by itself, in the time of the world; None: nothing does."""
        while self._heap and not self._is_due(self._heap[0][2]):
            heapq.heappop(self._heap)
        times = [self._heap[0][0]] if self._heap else []
        if not self.runner.ended and self.runner.next_deadline_ms is not None:
            times.append(self.runner.next_deadline_ms)
        return self._began_ms + min(times) if times else None

    def happen(self) -> None:
        """Let happen what is due in this call."""
        deadline = None if self.runner.ended else self.runner.next_deadline_ms
        if deadline is not None and deadline <= self.now_ms:
            self.runner.wake(self.now_ms)
        else:
            self._happen(heapq.heappop(self._heap)[2])
        self._world.touch(self)

    @property
    def next_ms(self) -> int | None:
        """Return when something happens next by itself, in this call or beside it; None: nothing does."""
        at = self._world.next_ms
        return None if at is None else at - self._began_ms

    def step(self) -> bool:
        """Let the next thing happen, here or beside. Returns False when nothing will, by itself."""
        return self._world.step()

    def run_until(self, at_ms: int) -> None:
        """Let everything happen up to a moment."""
        self._world.run_until(self._began_ms + at_ms)

    def run(self) -> None:
        """Let everything happen that happens by itself."""
        while self.step():
            pass

    def run_out(self) -> None:
        """Let everything happen for a caller who does nothing more, but hangs up when a conversation has no end."""
        while not self._over and not self.talks_on:
            if not self.step():
                return
        if not self._over:
            self.run_until(self.now_ms + TALK_MS)
            self.hang_up()
        self.run()

    @property
    def talks_on(self) -> bool:
        """Return whether caller and agent talk and nothing would end it but the longest time of a call."""
        return isinstance(self.runner.session.activity, Talking) and not any(
            self._is_due(event) for _, _, event in self._heap
        )

    # --- the port ---

    def carry_out(self, effect: Effect) -> None:
        """Begin what an effect orders."""
        match effect:
            case Answer(ticket=ticket):
                self._open[ticket] = effect
                self._plan(0, CallAnswered(0, ticket))
            case Play(ticket=ticket, items=items, loop=loop):
                self._open[ticket] = effect
                length = ENDLESS_MS if loop else sum(self._world.durations(item) for item in items)
                self._plan(length, PromptEnded(0, ticket))
            case Dial(ticket=ticket, agent=agent, uri=uri):
                self._open[ticket] = effect
                self._dial(ticket, self._agents(agent, uri))
            case Bridge(ticket=ticket):
                talk_ms = self._answered[ticket].talk_ms if ticket in self._answered else None
                if talk_ms is not None:
                    self._plan(talk_ms, LegEnded(0, ticket, Outcome.HUNG_UP))
            case RecordMessage(ticket=ticket):
                self._open[ticket] = effect
                self._plan_message(ticket, effect, 0)
            case StopPlaying(ticket=ticket) | Drop(ticket=ticket) | StopRecording(ticket=ticket):
                self._close(ticket)
            case HangUp() | Reject():
                self._over = True
                self._end_all()
            case Transfer(ticket=ticket, uri=uri):
                self._open[ticket] = effect
                self._transfer(ticket, self._agents("", uri))
            case Fetch(ticket=ticket, timeout_ms=timeout_ms):
                self._open[ticket] = effect
                found = self._world.web(effect)
                if found.after_ms >= timeout_ms:
                    self._plan(timeout_ms, Fetched(0, ticket, {}, f"no answer within {duration(timeout_ms)}"))
                else:
                    self._plan(found.after_ms, Fetched(0, ticket, dict(found.fields), found.trouble))
            case Ring() | RecordCall() | ChangeRecording() | Notify() | JoinRoom():
                pass
            case (
                Consult() | Seek() | Count() | Enqueue() | Widen() | Leave() | CallBack() | Remember() | Force()
            ):  # fmt: skip
                raise AssertionError(effect)  # is for the house
            case _:
                assert_never(effect)

    # --- what happens ---

    def _plan(self, in_ms: int, event: Event | _AgentKey) -> None:
        self._count += 1
        heapq.heappush(self._heap, (self.now_ms + in_ms, self._count, event))

    def _is_due(self, event: Event | _AgentKey) -> bool:
        if isinstance(event, MessageRecorded) and (self._message is None or event.at_ms != self._message.due_ms):
            return False  # the caller spoke on
        ticket = getattr(event, "ticket", None)
        return ticket in self._open

    def _happen(self, event: Event | _AgentKey) -> None:
        ticket = getattr(event, "ticket", 0)
        match event:
            case LegRang():
                self._report(LegRang(self.now_ms, ticket))
            case LegAnswered():
                for after_ms, key in self._answered[ticket].keys:
                    self._plan(after_ms, _AgentKey(0, ticket, key))
                self._report(LegAnswered(self.now_ms, ticket))
            case _AgentKey(digit=digit):
                self._report(DigitPressed(self.now_ms, digit, ticket))
            case Fetched():
                del self._open[ticket]
                self._report(attrs.evolve(event, at_ms=self.now_ms))
            case TransferEnded(taken=taken):
                del self._open[ticket]
                self._over = self._over or taken
                self._report(attrs.evolve(event, at_ms=self.now_ms))
                if taken:
                    self._end_all()
            case PromptEnded():
                del self._open[ticket]
                self._report(PromptEnded(self.now_ms, ticket))
            case CallAnswered():
                del self._open[ticket]
                self._report(CallAnswered(self.now_ms, ticket))
            case LegEnded(outcome=outcome, code=code):
                del self._open[ticket]
                self._report(LegEnded(self.now_ms, ticket, outcome, code))
            case MessageRecorded():
                self._close(ticket)
            case _:
                raise AssertionError(event)

    def _dial(self, ticket: int, does: Behaviour) -> None:
        match does.reaction:
            case Reaction.BUSY:
                self._plan(0, LegEnded(0, ticket, Outcome.BUSY, 486))
            case Reaction.UNREACHABLE | Reaction.AWAY:
                self._plan(0, LegEnded(0, ticket, Outcome.UNREACHABLE, 480))
            case Reaction.REJECTS:
                self._plan(0, LegRang(0, ticket))
                self._plan(1_000, LegEnded(0, ticket, Outcome.REJECTED, 603))
            case Reaction.NEVER_ANSWERS:
                self._plan(0, LegRang(0, ticket))
            case Reaction.ANSWERS:
                self._answered[ticket] = does
                self._plan(0, LegRang(0, ticket))
                self._plan(does.after_ms, LegAnswered(0, ticket))
            case _:
                assert_never(does.reaction)

    def _transfer(self, ticket: int, does: Behaviour) -> None:
        """Let another address take the caller, or not: whoever answers there takes them."""
        match does.reaction:
            case Reaction.ANSWERS:
                self._plan(does.after_ms, TransferEnded(0, ticket, taken=True, code=200))
            case Reaction.BUSY:
                self._plan(0, TransferEnded(0, ticket, taken=False, code=486))
            case Reaction.REJECTS:
                self._plan(1_000, TransferEnded(0, ticket, taken=False, code=603))
            case Reaction.UNREACHABLE | Reaction.AWAY:
                self._plan(0, TransferEnded(0, ticket, taken=False, code=480))
            case Reaction.NEVER_ANSWERS:
                self._plan(RING_MS, TransferEnded(0, ticket, taken=False, code=408))
            case _:
                assert_never(does.reaction)

    def _plan_message(self, ticket: int, effect: RecordMessage, says_ms: int) -> None:
        """Begin a message, or go on with it, and plan its end: by silence or by its length."""
        began_ms = self.now_ms if self._message is None else self._message.began_ms
        quiet_ms = self.now_ms + says_ms
        due_ms = min(began_ms + effect.max_ms, quiet_ms + effect.silence_ms)
        self._message = _Message(began_ms, due_ms, quiet_ms if says_ms else None)
        self._plan(due_ms - self.now_ms, MessageRecorded(due_ms, ticket, "", 0))

    def _close(self, ticket: int) -> None:
        """End a ticket now, with the event that its effect names."""
        effect = self._open.pop(ticket, None)
        match effect:
            case Play():
                self._report(PromptEnded(self.now_ms, ticket))
            case Dial():
                self._report(LegEnded(self.now_ms, ticket, Outcome.CANCELLED, 487))
            case RecordMessage(box=box, min_ms=min_ms):
                message, self._message = self._message, None
                assert message is not None
                heard = min(message.spoke_until_ms or message.began_ms, self.now_ms) - message.began_ms
                folder = f"voicemail/{box}" if box else "said"
                file = f"{folder}/{ticket}.wav" if heard >= min_ms else ""
                self._report(MessageRecorded(self.now_ms, ticket, file, heard if file else 0))
            case Answer():
                self._report(CallAnswered(self.now_ms, ticket))
            case Fetch():
                self._report(Fetched(self.now_ms, ticket, {}, "the call is over"))
            case Transfer():
                self._report(TransferEnded(self.now_ms, ticket, taken=False))
            case _:
                pass

    def _end_all(self) -> None:
        for ticket in list(self._open):
            self._close(ticket)
