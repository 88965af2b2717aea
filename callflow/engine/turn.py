"""One step under way: the session's fields while they change, and what was ordered. Made anew for every step."""

from typing import Final, assert_never

import attrs

from callflow.engine.effects import (
    ChangeRecording,
    Drop,
    Effect,
    HangUp,
    HangUpReason,
    Play,
    Reject,
    StopPlaying,
    StopRecording,
)
from callflow.engine.evaluate import Circumstances, as_text, evaluate
from callflow.engine.session import Activity, Disposition, Late, Nothing, Session, Spent, Visit
from callflow.limits import ASTRAY_MS, LATE_MS_MAX, NAMES_CHARS_MAX, TEXT_CHARS_MAX, TYPED_DIGITS_MAX
from callflow.machine.model import (
    Agent,
    Const,
    Expr,
    Item,
    Machine,
    Passage,
    PromptNamed,
    Recorded,
    RecordingStep,
    RejectReason,
    Sound,
    Spoken,
    TakingMessage,
    Value,
    Words,
)

_MASK: Final = 2**64 - 1


def drawn(seed: int, draw: int) -> int:
    """Return the number that a call draws by chance: the first, the second and so on, counted from 1 (splitmix64)."""
    mixed = (seed + draw * 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


class Turn:
    """A session that may be written to until `done`."""

    __slots__ = (
        "activity",
        "answered",
        "astray_ms",
        "at_ms",
        "disposition",
        "draws",
        "early",
        "effects",
        "facts",
        "grace_ms",
        "graces",
        "hand_overs",
        "handler",
        "hushed",
        "language",
        "late",
        "machine",
        "message",
        "names",
        "next_ticket",
        "no_input",
        "passed",
        "paused",
        "recording",
        "ringing",
        "spent",
        "state",
        "talked",
        "typed",
        "visits",
    )

    def __init__(self, machine: Machine, session: Session, at_ms: int) -> None:
        self.machine = machine
        self.at_ms = max(at_ms, session.at_ms)
        self.effects: list[Effect] = []
        self.passed: list[int] = []
        """The states that were entered, in order."""
        self.facts = session.facts
        self.state = session.state
        self.activity: Activity = session.activity
        self.answered = session.answered
        self.ringing = session.ringing
        self.early = session.early
        self.recording = session.recording
        self.talked = session.talked
        self.message = session.message
        self.no_input = session.no_input
        self.language = session.language
        self.names = session.names
        self.typed = session.typed
        self.visits = session.visits
        self.next_ticket = session.next_ticket
        self.hand_overs = session.hand_overs
        self.disposition = session.disposition
        self.draws = session.draws
        self.paused = session.paused
        self.hushed = session.hushed
        self.spent: Spent = session.spent
        self.late: tuple[Late, ...] = session.late
        self.handler = session.handler
        self.grace_ms = session.grace_ms
        self.graces = session.graces
        self.astray_ms = session.astray_ms

    def done(self) -> Session:
        """Return the session as it is now."""
        return Session(
            self.facts,
            self.state,
            self.activity,
            self.at_ms,
            self.answered,
            self.ringing,
            self.early,
            self.recording,
            self.talked,
            self.message,
            self.no_input,
            self.language,
            self.names,
            self.typed,
            self.visits,
            self.next_ticket,
            self.hand_overs,
            self.disposition,
            self.draws,
            self.paused,
            self.hushed,
            self.spent,
            self.late,
            self.handler,
            self.grace_ms,
            self.graces,
            self.astray_ms,
        )

    def ticket(self) -> int:
        """Return a number that no effect of this call has carried yet."""
        self.next_ticket += 1
        return self.next_ticket - 1

    def order(self, effect: Effect) -> None:
        """Order something of the driver."""
        self.effects.append(effect)

    def set(self, name: str, value: Value) -> None:
        """Give a name a value, without touching the session this turn came from."""
        self.names = {**self.names, name: value}

    def set_fields(self, record: str, fields: dict[str, Value]) -> None:
        """Give a record new fields; those of before are gone."""
        kept = {name: value for name, value in self.names.items() if not name.startswith(f"{record}.")}
        self.names = kept | {f"{record}.{name}": value for name, value in fields.items()}

    @property
    def overflows(self) -> bool:
        """Return whether the names of this call hold more than they may."""
        return sum(len(name) + len(value) for name, value in self.names.items() if isinstance(value, str)) > (
            NAMES_CHARS_MAX
        )

    def draw(self) -> int:
        """Return the next number by chance, 64 bits; the same call draws the same numbers."""
        self.draws += 1
        return drawn(self.facts.seed, self.draws)

    def spend(self, **counts: int) -> None:
        """Count what is used up."""
        self.spent = attrs.evolve(
            self.spent, **{name: getattr(self.spent, name) + count for name, count in counts.items()}
        )

    def visit(self, menu: int, visit: Visit) -> None:
        """Remember how a menu stands."""
        self.visits = {**self.visits, menu: visit}

    def value(self, expr: Expr) -> Value:
        """Return what an expression is worth now."""
        if isinstance(expr, Const):
            return expr.value
        zone = self.machine.timezone
        value = evaluate(expr, self.names, Circumstances(self.facts.started_ms + self.at_ms, self.language, zone))
        return value[:TEXT_CHARS_MAX] if isinstance(value, str) else value

    @property
    def dialled(self) -> Agent | None:
        """Return the agent whose extension was dialled."""
        digits = self.names.get("digits")
        agents = self.machine.agents.values()
        return next((agent for agent in agents if agent.extension and agent.extension == digits), None)

    def box(self, state: TakingMessage) -> str | None:
        """Return whom a message is for: "" where it is for this call only, None where it is for nobody."""
        if isinstance(state.box, str):
            return state.box
        agent = self.dialled
        return None if agent is None else agent.name

    @property
    def is_astray(self) -> bool:
        """Return whether a key that is pressed now is the rest of a wrong choice."""
        return self.astray_ms is not None and self.at_ms < self.astray_ms

    def go_astray(self) -> None:
        """Take a key that follows soon for the rest of a wrong choice."""
        self.astray_ms = self.at_ms + ASTRAY_MS

    def keep_key(self, key: str) -> None:
        """Keep a key for the next menu."""
        self.typed = (self.typed + key)[:TYPED_DIGITS_MAX]

    def spoken(self, passage: Passage) -> tuple[Spoken, ...]:
        """Return what a passage is in the call's language, with its values filled in."""
        return tuple(self._spoken(item) for item in passage.items)

    def _spoken(self, item: Item) -> Spoken:
        match item:
            case Words(text):
                return Spoken(text=as_text(self.value(text)), language=self.language)
            case Sound(file):
                return Spoken(text="", language=self.language, file=file)
            case Recorded(name):
                said = self.names.get(name)
                return Spoken(text="", language=self.language, file=said if isinstance(said, str) else "")
            case PromptNamed(name):
                return self._prompt(name, self.language)
            case _:
                assert_never(item)

    def _prompt(self, name: str, spoken: str) -> Spoken:
        prompt = self.machine.prompts[name]
        language = spoken if spoken in prompt.texts else next(iter(prompt.texts), spoken)
        file = prompt.files.get(spoken) or prompt.files.get("") or ""
        return Spoken(text=prompt.texts.get(language, ""), language=language, file=file)

    def play(self, passage: Passage, *, loop: bool = False) -> int:
        """Order a passage to be heard and return its ticket. One that is not to be interrupted forgets typed keys."""
        if passage.uninterrupted:
            self.typed = ""
        self.early = self.early or not self.answered
        ticket = self.ticket()
        self.order(Play(ticket, self.spoken(passage), loop))
        return ticket

    def play_to_agent(self, leg: int, whisper: Passage | None, prompt: str) -> int:
        """Order what an agent hears before the caller does, and return its ticket."""
        items = self.spoken(whisper) if whisper else ()
        if prompt in self.machine.prompts:
            items += (self._prompt(prompt, self.machine.languages[0]),)
        ticket = self.ticket()
        self.order(Play(ticket, items, leg=leg))
        return ticket

    def let_go(self, leg: int) -> None:
        """Tell somebody who answered that the call is taken, then end that leg."""
        prompt = self.play_to_agent(leg, None, "confirm.late")
        self.late = (*self.late, Late(leg, prompt, self.at_ms + LATE_MS_MAX))

    def change_recording(self, change: RecordingStep) -> None:
        """Order a change of the recording."""
        self.order(ChangeRecording(change))

    def is_heard(self, passage: Passage) -> bool:
        """Return whether anything of a passage would be heard; a text of values that nobody gave is silent."""
        return any(self._is_heard(item) for item in passage.items)

    def _is_heard(self, item: Item) -> bool:
        match item:
            case Words(text):
                return bool(as_text(self.value(text)).strip())
            case Recorded(name):
                return bool(self.names.get(name))
            case _:
                return True

    def silence(self, ticket: int | None) -> None:
        """Stop a prompt, if there is one."""
        if ticket is not None:
            self.order(StopPlaying(ticket))

    def stop_message(self, ticket: int) -> None:
        """End a message; it is kept."""
        self.order(StopRecording(ticket))

    def drop(self, tickets: tuple[int, ...]) -> None:
        """End legs."""
        for ticket in tickets:
            self.order(Drop(ticket))

    def hang_up(self, reason: HangUpReason) -> None:
        """End the call; one that nobody answered is refused."""
        if self.answered:
            self.order(HangUp(reason))
        else:
            self.order(Reject(RejectReason.UNAVAILABLE))
        self.finish(self._disposition(reason))

    def reject(self, reason: RejectReason) -> None:
        """Refuse the call, or hang up if it is too late for that."""
        if self.answered:
            self.hang_up(HangUpReason.FLOW)
            return
        self.order(Reject(reason))
        self.finish(Disposition.REJECTED)

    def finish(self, disposition: Disposition) -> None:
        """Be over."""
        self.disposition = disposition
        self.activity = Nothing()

    def _disposition(self, reason: HangUpReason) -> Disposition:
        if reason in (HangUpReason.LIMIT, HangUpReason.TROUBLE) or self.handler in ("limit", "trouble"):
            return Disposition.FAILED
        if self.talked:
            return Disposition.ANSWERED
        if self.message:
            return Disposition.VOICEMAIL
        if not self.answered:
            return Disposition.REJECTED
        return Disposition.NO_INPUT if self.no_input else Disposition.COMPLETED
