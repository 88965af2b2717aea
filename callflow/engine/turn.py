"""One step under way: the session's fields while they change, and what was ordered. Made anew for every step."""

from typing import assert_never

from callflow.engine.effects import (
    Drop,
    Effect,
    HangUp,
    HangUpReason,
    Play,
    Reject,
    StopPlaying,
    StopRecording,
)
from callflow.engine.evaluate import as_text, evaluate
from callflow.engine.session import Activity, Disposition, Nothing, Session, Visit
from callflow.limits import TYPED_DIGITS_MAX
from callflow.machine.model import (
    Expr,
    Item,
    Machine,
    Passage,
    PromptNamed,
    RejectReason,
    Sound,
    Spoken,
    Value,
    Words,
)


class Turn:
    """A session that may be written to until `done`."""

    __slots__ = (
        "activity",
        "answered",
        "at_ms",
        "disposition",
        "early",
        "effects",
        "facts",
        "hand_overs",
        "language",
        "machine",
        "message",
        "names",
        "next_ticket",
        "no_input",
        "recording",
        "ringing",
        "state",
        "talked",
        "typed",
        "visits",
    )

    def __init__(self, machine: Machine, session: Session, at_ms: int) -> None:
        self.machine = machine
        self.at_ms = max(at_ms, session.at_ms)
        self.effects: list[Effect] = []
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

    def visit(self, menu: int, visit: Visit) -> None:
        """Remember how a menu stands."""
        self.visits = {**self.visits, menu: visit}

    def value(self, expr: Expr) -> Value:
        """Return what an expression is worth now."""
        return evaluate(expr, self.names)

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
            case PromptNamed(name):
                prompt = self.machine.prompts[name]
                language = self.language if self.language in prompt.texts else next(iter(prompt.texts), self.language)
                file = prompt.files.get(self.language) or prompt.files.get("") or ""
                return Spoken(text=prompt.texts.get(language, ""), language=language, file=file)
            case _:
                assert_never(item)

    def play(self, passage: Passage, *, loop: bool = False) -> int:
        """Order a passage to be heard and return its ticket. One that is not to be interrupted forgets typed keys."""
        if passage.uninterrupted:
            self.typed = ""
        self.early = self.early or not self.answered
        ticket = self.ticket()
        self.order(Play(ticket, self.spoken(passage), loop))
        return ticket

    def is_heard(self, passage: Passage) -> bool:
        """Return whether anything of a passage would be heard; a text of values that nobody gave is silent."""
        return any(not isinstance(item, Words) or as_text(self.value(item.text)).strip() for item in passage.items)

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
        if reason in (HangUpReason.LIMIT, HangUpReason.TROUBLE):
            return Disposition.FAILED
        if self.talked:
            return Disposition.ANSWERED
        if self.message:
            return Disposition.VOICEMAIL
        if not self.answered:
            return Disposition.REJECTED
        return Disposition.NO_INPUT if self.no_input else Disposition.COMPLETED
