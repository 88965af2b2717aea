"""The engine: `step(machine, session, event) -> Step(session, effects)`. Pure: no clock, no I/O, no chance.

An event whose ticket the session does not wait for changes nothing. Deadlines are part of the session, so a stale
timer cannot exist; when several are due at once, the end of the call comes first, then what the session is doing.
"""

from typing import assert_never

import attrs

from callflow.engine import menu, ring
from callflow.engine.effects import (
    Answer,
    Consult,
    Effect,
    HangUpReason,
    Play,
    RecordCall,
    RecordMessage,
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
    PromptEnded,
    ScheduleReported,
)
from callflow.engine.session import (
    AnswerPending,
    Beeping,
    Consultation,
    Disposition,
    Facts,
    Greeting,
    Hearing,
    MenuKeys,
    MenuPrompt,
    MessageBeing,
    Nothing,
    Pausing,
    Ringing,
    Session,
    Talking,
)
from callflow.engine.turn import Turn
from callflow.limits import (
    ANSWER_MS_MAX,
    CALL_MS_MAX,
    CONSULT_MS_MAX,
    FINISH_MS_MAX,
    STEPS_WITHOUT_WAIT_MAX,
    VOICEMAIL_MIN_MS,
    VOICEMAIL_SILENCE_MS,
)
from callflow.machine.model import (
    BEEP,
    Answering,
    Branch,
    Connecting,
    Consulting,
    HangingUp,
    Machine,
    Menu,
    Playing,
    RecordingCall,
    Rejecting,
    Repass,
    Setting,
    Speaking,
    Spoken,
    State,
    TakingMessage,
    Waiting,
)


@attrs.frozen
class Step:
    """The session after an event, and what was ordered because of it."""

    session: Session
    effects: tuple[Effect, ...]


def begin(machine: Machine, offer: CallOffered) -> Step:
    """Return the first step of a call."""
    names = {
        "caller.number": offer.caller or None,
        "caller.name": offer.caller_name or None,
        "called.number": offer.called or None,
    }
    session = Session(
        facts=Facts(offer.caller, offer.called, offer.caller_name, offer.started_ms, offer.lines),
        state=machine.numbers.get(offer.called, machine.start),
        activity=Nothing(),
        at_ms=offer.at_ms,
        answered=False,
        ringing=False,
        early=False,
        recording=False,
        talked=False,
        message=False,
        no_input=False,
        language=machine.languages[0],
        names=dict(names),
        typed="",
        visits={},
        next_ticket=1,
        hand_overs=0,
        disposition=None,
    )
    turn = Turn(machine, session, offer.at_ms)
    _run(turn, session.state)
    return Step(turn.done(), tuple(turn.effects))


def next_deadline_ms(session: Session) -> int | None:
    """Return when the session wants to be woken, None: not by time."""
    if session.ended:
        return None
    match session.activity:
        case AnswerPending(deadline_ms=at) | Pausing(at) | Consultation(deadline_ms=at) | MenuKeys(deadline_ms=at):
            return min(at, CALL_MS_MAX)
        case Ringing(tries=tries, deadline_ms=at):
            return min(at, CALL_MS_MAX, *(one.deadline_ms for one in tries))
        case MessageBeing(deadline_ms=int(at)):
            return at
        case _:
            return CALL_MS_MAX


def step(machine: Machine, session: Session, event: Event) -> Step:
    """Return the session after an event, and what it orders."""
    if session.ended or isinstance(event, CallOffered):
        return Step(session, ())
    turn = Turn(machine, session, event.at_ms)
    state = machine.states[session.state]
    following = _take(turn, state, event)
    if following is not None:
        _run(turn, following)
    return Step(turn.done(), tuple(turn.effects))


def give_up(machine: Machine, session: Session, event: Event) -> Step:
    """Return the step that ends a call in which something of ours went wrong."""
    turn = Turn(machine, session, event.at_ms)
    turn.hang_up(HangUpReason.TROUBLE)
    return Step(turn.done(), tuple(turn.effects))


def _take(turn: Turn, state: State, event: Event) -> int | None:
    match event:
        case CallerHungUp():
            _caller_gone(turn)
            return None
        case DeadlinePassed():
            return _deadline(turn, state)
        case DigitPressed(digit=digit):
            return _digit(turn, state, digit)
        case PromptEnded(ticket=ticket):
            return _prompt_ended(turn, state, ticket)
        case CallAnswered(ticket=ticket):
            return _answered(turn, state, ticket)
        case LegAnswered(ticket=ticket):
            if isinstance(turn.activity, Ringing) and any(one.ticket == ticket for one in turn.activity.tries):
                ring.leg_answered(turn, turn.activity, ticket)
            return None
        case LegEnded(ticket=ticket):
            return _leg_ended(turn, state, event)
        case MessageRecorded(ticket=ticket):
            return _message_recorded(turn, state, event)
        case ScheduleReported(ticket=ticket):
            return _schedule_reported(turn, state, ticket, is_open=event.open)
        case LegRang() | CallOffered():
            return None
        case _:
            assert_never(event)


# --- entering states -------------------------------------------------------------------------------------------------


def _run(turn: Turn, number: int) -> None:
    """Enter states until one waits or the call is over."""
    following: int | None = number
    for _ in range(STEPS_WITHOUT_WAIT_MAX):
        if following is None:
            return
        turn.state = following
        following = _enter(turn, turn.machine.states[following])
    turn.hang_up(HangUpReason.LIMIT)


def _enter(turn: Turn, state: State) -> int | None:
    match state:
        case Playing(passage=passage, next=following):
            if turn.typed and not passage.uninterrupted and _leads_to_menu(turn.machine, following):
                return following
            if not turn.is_heard(passage):
                return following
            turn.activity = Hearing(turn.play(passage), passage.uninterrupted)
            return None
        case Menu():
            return menu.enter(turn, state)
        case Repass(menu=number):
            turn.state = number
            target = turn.machine.states[number]
            assert isinstance(target, Menu)
            return menu.repass(turn, target)
        case Branch(condition=condition, then=then, other=other):
            return then if turn.value(condition) is True else other
        case Setting(name=name, value=value, next=following):
            turn.set(name, turn.value(value))
            return following
        case Speaking(language=language, next=following):
            turn.language = language
            return following
        case Connecting():
            return ring.enter(turn, state)
        case HangingUp():
            turn.hang_up(HangUpReason.FLOW)
            return None
        case Rejecting(reason=reason):
            turn.reject(reason)
            return None
        case Answering() | Waiting() | Consulting() | TakingMessage() | RecordingCall():
            return _enter_waiting(turn, state)
        case _:
            assert_never(state)


def _leads_to_menu(machine: Machine, number: int) -> bool:
    """Return whether keys that were typed ahead are for a menu right behind this, so that what is said is skipped."""
    for _ in range(STEPS_WITHOUT_WAIT_MAX):
        match machine.states[number]:
            case Menu():
                return True
            case Playing(next=following, passage=passage) if not passage.uninterrupted:
                number = following
            case Setting(next=following) | Speaking(next=following) | RecordingCall(next=following):
                number = following
            case _:
                return False
    return False


def _enter_waiting(turn: Turn, state: Answering | Waiting | Consulting | TakingMessage | RecordingCall) -> int | None:
    match state:
        case Answering(next=following):
            if turn.answered:
                return following
            ticket = turn.ticket()
            turn.order(Answer(ticket))
            turn.activity = AnswerPending(ticket, turn.at_ms + ANSWER_MS_MAX)
            return None
        case Waiting(ms=ms):
            turn.activity = Pausing(turn.at_ms + ms)
            return None
        case Consulting(schedule=schedule):
            ticket = turn.ticket()
            turn.order(Consult(ticket, schedule))
            turn.activity = Consultation(ticket, turn.at_ms + CONSULT_MS_MAX)
            return None
        case TakingMessage(greeting=greeting):
            turn.typed = ""
            turn.activity = Greeting(turn.play(greeting))
            return None
        case RecordingCall(side=side, next=following):
            if not turn.recording:
                turn.recording = True
                turn.order(RecordCall(side))
            return following
        case _:
            assert_never(state)


# --- taking events ---------------------------------------------------------------------------------------------------


def _caller_gone(turn: Turn) -> None:
    if turn.disposition is not None:
        return
    ending = Disposition.ABANDONED
    if turn.talked:
        ending = Disposition.ANSWERED
    elif turn.message:
        ending = Disposition.VOICEMAIL
    match turn.activity:
        case Ringing(tries=tries):
            turn.drop(tuple(one.ticket for one in tries))
        case Talking(ticket=ticket):
            turn.drop((ticket,))
        case AnswerPending(leg=int(leg), gone=False):
            turn.drop((leg,))
        case MessageBeing(ticket=ticket):
            turn.disposition = ending
            turn.activity = MessageBeing(ticket, turn.at_ms + FINISH_MS_MAX)
            return
        case _:
            pass
    turn.finish(ending)


def _deadline(turn: Turn, state: State) -> int | None:
    now = turn.activity
    if turn.disposition is not None:
        if isinstance(now, MessageBeing) and now.deadline_ms is not None and now.deadline_ms <= turn.at_ms:
            turn.finish(turn.disposition)
        return None
    if turn.at_ms >= CALL_MS_MAX:
        turn.hang_up(HangUpReason.LIMIT)
        return None
    match now, state:
        case AnswerPending(deadline_ms=at), _ if at <= turn.at_ms:
            turn.hang_up(HangUpReason.TROUBLE)
        case Pausing(at), Waiting(next=following) if at <= turn.at_ms:
            return following
        case Consultation(ticket=ticket, deadline_ms=at), _ if at <= turn.at_ms:
            return _schedule_reported(turn, state, ticket, is_open=False)
        case MenuKeys(deadline_ms=at), Menu() if at <= turn.at_ms:
            return menu.pause_over(turn, state, now)
        case Ringing(), Connecting() if ring.due_ms(now) <= turn.at_ms:
            return ring.deadline(turn, state, now)
        case _:
            pass
    return None


def _digit(turn: Turn, state: State, digit: str) -> int | None:
    now = turn.activity
    match now, state:
        case MenuPrompt(), Menu():
            return menu.key_in_prompt(turn, state, now, digit)
        case MenuKeys(), Menu():
            return menu.key_in_pause(turn, state, now, digit)
        case Hearing(ticket=ticket, uninterrupted=False), Playing(next=following):
            turn.silence(ticket)
            turn.keep_key(digit)
            return following
        case Pausing() | Consultation() | AnswerPending(leg=None), _:
            turn.keep_key(digit)
        case Ringing(), Connecting():
            return ring.key(turn, state, now, digit)
        case Greeting(ticket=ticket), TakingMessage():
            turn.silence(ticket)
            _beep(turn)
        case MessageBeing(ticket=ticket, deadline_ms=None), _ if digit == "#":
            turn.stop_message(ticket)
        case _:
            pass
    return None


def _prompt_ended(turn: Turn, state: State, ticket: int) -> int | None:
    now = turn.activity
    match now, state:
        case Hearing(ticket=waited), Playing(next=following) if waited == ticket:
            return following
        case MenuPrompt(ticket=waited), Menu() if waited == ticket:
            return menu.prompt_ended(turn, state, now)
        case Greeting(ticket=waited), TakingMessage() if waited == ticket:
            _beep(turn)
        case Beeping(ticket=waited), TakingMessage(box=box, max_ms=max_ms) if waited == ticket:
            being = turn.ticket()
            turn.order(RecordMessage(being, box, max_ms, VOICEMAIL_SILENCE_MS, VOICEMAIL_MIN_MS))
            turn.activity = MessageBeing(being)
        case Ringing(sound=waited), _ if waited == ticket:
            turn.activity = attrs.evolve(now, sound=None)
        case _:
            pass
    return None


def _beep(turn: Turn) -> None:
    ticket = turn.ticket()
    turn.order(Play(ticket, (Spoken(text="", language=turn.language, file=BEEP),)))
    turn.activity = Beeping(ticket)


def _answered(turn: Turn, state: State, ticket: int) -> int | None:
    now = turn.activity
    if not isinstance(now, AnswerPending) or now.ticket != ticket:
        return None
    if isinstance(state, Connecting):
        return ring.caller_answered(turn, state, now)
    turn.answered = True
    assert isinstance(state, Answering)
    return state.next


def _leg_ended(turn: Turn, state: State, event: LegEnded) -> int | None:
    now = turn.activity
    match now, state:
        case Ringing(tries=tries), Connecting() if any(one.ticket == event.ticket for one in tries):
            return ring.leg_ended(turn, state, now, event.ticket, event.outcome)
        case Talking(ticket=ticket), Connecting() if ticket == event.ticket:
            return ring.talk_over(turn, state)
        case AnswerPending(leg=leg), _ if leg == event.ticket:
            turn.activity = attrs.evolve(now, gone=True)
        case _:
            pass
    return None


def _message_recorded(turn: Turn, state: State, event: MessageRecorded) -> int | None:
    now = turn.activity
    if not isinstance(now, MessageBeing) or now.ticket != event.ticket:
        return None
    if event.file:
        turn.message = True
        turn.set("message.file", event.file)
    if turn.disposition is not None:
        kept = bool(event.file) and turn.disposition is Disposition.ABANDONED
        turn.finish(Disposition.VOICEMAIL if kept else turn.disposition)
        return None
    assert isinstance(state, TakingMessage)
    return state.next


def _schedule_reported(turn: Turn, state: State, ticket: int, *, is_open: bool) -> int | None:
    now = turn.activity
    if not isinstance(now, Consultation) or now.ticket != ticket:
        return None
    assert isinstance(state, Consulting)
    turn.set(f"{state.schedule}.open", is_open)
    return state.next
