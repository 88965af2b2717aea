"""The engine: `step(machine, session, event) -> Step(session, effects)`. Pure: no clock, no I/O, no chance.

An event whose ticket the session does not wait for changes nothing. Deadlines are part of the session, so a stale
timer cannot exist; when several are due at once, the end of the call comes first, then what the session is doing.
"""

from collections.abc import Callable
from typing import Any, Final

import attrs

from callflow.engine import legs, menu, queue, ring
from callflow.engine.effects import Effect, HangUpReason, RecordMessage
from callflow.engine.entering import beep, disconnect, enter_room, run
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
    MessageRecorded,
    PromptEnded,
    QueueLeft,
    QueueMoved,
    RoomEnd,
    RoomJoined,
    RoomLeft,
    ScheduleReported,
    TransferEnded,
)
from callflow.engine.offered import offered
from callflow.engine.session import (
    AnswerPending,
    Apologising,
    Beeping,
    Consultation,
    Disposition,
    Greeting,
    Hearing,
    InRoom,
    MenuKeys,
    MenuPrompt,
    MessageBeing,
    Nothing,
    Pausing,
    Queued,
    Ringing,
    Session,
    Stage,
    Talking,
)
from callflow.engine.turn import Turn
from callflow.limits import (
    ALONE_MS_MAX,
    CALL_MS_MAX,
    FINISH_MS_MAX,
    HANGUP_HANDLER_MS_MAX,
    VOICEMAIL_MIN_MS,
    VOICEMAIL_SILENCE_MS,
)
from callflow.machine.model import (
    Answering,
    Collecting,
    Conferencing,
    Connecting,
    Consulting,
    Counting,
    Fetching,
    Machine,
    Menu,
    Playing,
    Queueing,
    State,
    TakingMessage,
    Transferring,
    Value,
    Waiting,
)
from callflow.machine.pins import pin_of

__all__ = ["Step", "begin", "give_up", "next_deadline_ms", "step"]


@attrs.frozen
class Step:
    """The session after an event, what was ordered because of it, and which states were entered, in order."""

    session: Session
    effects: tuple[Effect, ...]
    passed: tuple[int, ...] = ()


def begin(machine: Machine, offer: CallOffered) -> Step:
    """Return the first step of a call."""
    turn = Turn(machine, offered(machine, offer), offer.at_ms)
    run(turn, turn.state)
    return _done(turn)


def next_deadline_ms(session: Session) -> int | None:
    """Return when the session wants to be woken, None: not by time."""
    if session.ended:
        return None
    now = session.activity
    times = [one.deadline_ms for one in session.late]
    if not (isinstance(now, MessageBeing) and now.deadline_ms is not None):
        times.append(_bound_ms(session))
    match now:
        case Ringing():
            times.append(ring.due_ms(now))
        case Queued():
            times.append(queue.due_ms(now))
        case _:
            at = getattr(now, "deadline_ms", None)
            if at is not None:
                times.append(at)
    return min(times)


def _bound_ms(session: Session) -> int:
    """Return when the call has gone on for too long."""
    if session.handler:
        return session.grace_ms
    if isinstance(session.activity, Talking | InRoom | Queued) or not session.answered:
        return CALL_MS_MAX
    return min(CALL_MS_MAX, session.spent.alone_since_ms + ALONE_MS_MAX)


def step(machine: Machine, session: Session, event: Event) -> Step:
    """Return the session after an event, and what it orders."""
    if session.ended or isinstance(event, CallOffered):
        return Step(session, ())
    turn = Turn(machine, session, event.at_ms)
    take = _TAKES.get(type(event))
    following = None if take is None else take(turn, machine.states[session.state], event)
    if following is not None:
        run(turn, following)
    return _done(turn)


def give_up(machine: Machine, session: Session | None, event: Event) -> Step:
    """Return the step that ends a call in which something of ours went wrong. What the event says still holds.

    session: None when it went wrong in the first step.
    """
    if session is None:
        assert isinstance(event, CallOffered)
        session = offered(machine, event)
    turn = Turn(machine, session, event.at_ms)
    try:
        if take := _TAKES.get(type(event)):
            take(turn, machine.states[session.state], event)
    except Exception:  # noqa: BLE001  it is this that went wrong
        turn = Turn(machine, session, event.at_ms)
    disconnect(turn, HangUpReason.TROUBLE)
    return _done(turn)


def _done(turn: Turn) -> Step:
    """Return the step; when the call is over, with what is still to be done then."""
    if turn.disposition is not None and isinstance(turn.activity, Nothing) and turn.handler != "hangup":
        entry = turn.machine.handlers.get("hangup")
        turn.handler = "hangup"
        if entry is not None:
            turn.grace_ms = turn.at_ms + HANGUP_HANDLER_MS_MAX
            run(turn, entry)
    return Step(turn.done(), tuple(turn.effects), tuple(turn.passed))


# --- the caller ------------------------------------------------------------------------------------------------------


def _caller_gone(turn: Turn, _state: State, _event: CallerHungUp) -> None:
    if turn.disposition is not None:
        return
    ending = Disposition.ABANDONED
    if turn.talked:
        ending = Disposition.ANSWERED
    elif turn.message:
        ending = Disposition.VOICEMAIL
    turn.drop(tuple(one.leg for one in turn.late))
    turn.late = ()
    match turn.activity:
        case Ringing(tries=tries):
            turn.drop(tuple(one.ticket for one in tries))
        case Queued() as now:
            queue.gone(turn, now)
        case Talking(ticket=ticket):
            turn.drop((ticket,))
        case AnswerPending(leg=int(leg), gone=False):
            turn.drop((leg,))
        case InRoom():
            ending = Disposition.ANSWERED if turn.talked else Disposition.COMPLETED
        case MessageBeing(ticket=ticket):
            turn.disposition = ending
            turn.activity = MessageBeing(ticket, turn.at_ms + FINISH_MS_MAX)
            return
        case _:
            pass
    turn.finish(ending)


def _digit(turn: Turn, state: State, event: DigitPressed) -> int | None:
    if event.leg is not None:
        return _agents_digit(turn, state, event.leg, event.digit)
    if turn.is_astray:
        turn.go_astray()
        return None
    now, digit = turn.activity, event.digit
    match now, state:
        case MenuPrompt(), Menu() | Collecting():
            return menu.key_in_prompt(turn, state, now, digit)
        case MenuKeys(), Menu() | Collecting():
            return menu.key_in_pause(turn, state, now, digit)
        case MenuPrompt(), Conferencing():
            return enter_room(turn, state, menu.key_in_prompt(turn, pin_of(state), now, digit))
        case MenuKeys(), Conferencing():
            return enter_room(turn, state, menu.key_in_pause(turn, pin_of(state), now, digit))
        case Hearing(ticket=ticket, uninterrupted=False), Playing(next=following):
            turn.silence(ticket)
            turn.keep_key(digit)
            return following
        case Pausing() | Consultation() | AnswerPending(leg=None), _:
            turn.keep_key(digit)
        case Ringing(), Connecting():
            return ring.key(turn, state, now, digit)
        case Queued(), Queueing():
            return queue.key(turn, state, now, digit)
        case Greeting(ticket=ticket), TakingMessage():
            turn.silence(ticket)
            beep(turn)
        case MessageBeing(ticket=ticket, deadline_ms=None), _ if digit == "#":
            turn.stop_message(ticket)
        case _:
            pass
    return None


# --- time ------------------------------------------------------------------------------------------------------------


def _deadline(turn: Turn, state: State, _event: DeadlinePassed) -> int | None:
    now = turn.activity
    late = tuple(one for one in turn.late if one.deadline_ms <= turn.at_ms)
    turn.drop(tuple(one.leg for one in late))
    turn.late = tuple(one for one in turn.late if one not in late)
    if turn.disposition is not None and not turn.handler:
        if isinstance(now, MessageBeing) and now.deadline_ms is not None and now.deadline_ms <= turn.at_ms:
            turn.finish(turn.disposition)
        return None
    if _is_too_long(turn):
        _stop(turn)
        return None
    match now, state:
        case AnswerPending(deadline_ms=at), _ if at <= turn.at_ms:
            turn.hang_up(HangUpReason.TROUBLE)
        case Apologising(deadline_ms=at, reason=reason), _ if at <= turn.at_ms:
            turn.hang_up(reason)
        case Pausing(at), Waiting(next=following) if at <= turn.at_ms:
            return following
        case Consultation(deadline_ms=at), _ if at <= turn.at_ms:
            return _unanswered(turn, state)
        case MenuKeys(deadline_ms=at), Menu() | Collecting() if at <= turn.at_ms:
            return menu.pause_over(turn, state, now)
        case MenuKeys(deadline_ms=at), Conferencing() if at <= turn.at_ms:
            return enter_room(turn, state, menu.pause_over(turn, pin_of(state), now))
        case Ringing(), Connecting() if ring.due_ms(now) <= turn.at_ms:
            return ring.deadline(turn, state, now)
        case Queued(), Queueing() if queue.due_ms(now) <= turn.at_ms:
            return queue.deadline(turn, state, now)
        case Talking(ticket=ticket, deadline_ms=int(at)), Connecting() | Queueing() if at <= turn.at_ms:
            turn.drop((ticket,))
            return legs.talk_over(turn, state, HangUpReason.FLOW)
        case _:
            pass
    return None


def _stop(turn: Turn) -> None:
    """End what takes too long. What a caller has said until then is kept, and the call goes on behind it first."""
    match turn.activity:
        case MessageBeing(ticket=ticket, deadline_ms=None):
            turn.stop_message(ticket)
            turn.activity = MessageBeing(ticket, turn.at_ms + FINISH_MS_MAX)
        case MessageBeing(deadline_ms=int(at)) if at > turn.at_ms:
            pass
        case _ if turn.handler == "hangup":
            turn.activity = Nothing()
        case _:
            disconnect(turn, HangUpReason.LIMIT)


def _is_too_long(turn: Turn) -> bool:
    if turn.handler:
        return turn.at_ms >= turn.grace_ms
    if turn.at_ms >= CALL_MS_MAX:
        return True
    with_somebody = isinstance(turn.activity, Talking | InRoom | Queued) or not turn.answered
    return not with_somebody and turn.at_ms >= turn.spent.alone_since_ms + ALONE_MS_MAX


def _unanswered(turn: Turn, state: State) -> int | None:
    """Go on when nobody said what was asked after in time."""
    match state:
        case Consulting(schedule=schedule, next=following):
            turn.set(f"{schedule}.open", False)
            turn.set(f"{schedule}.opens", None)
            return following
        case Counting(next=following) | Transferring(next=following):
            return following
        case Connecting():
            return ring.found(turn, state, None)
        case Fetching(failed=failed):
            return failed
        case _:
            return None


# --- what is heard ---------------------------------------------------------------------------------------------------


def _prompt_ended(turn: Turn, state: State, event: PromptEnded) -> int | None:
    now, ticket = turn.activity, event.ticket
    match now, state:
        case Hearing(ticket=waited), Playing(next=following) if waited == ticket:
            return following
        case MenuPrompt(ticket=waited), Menu() | Collecting() if waited == ticket:
            return menu.prompt_ended(turn, state, now)
        case MenuPrompt(ticket=waited), Conferencing() if waited == ticket:
            return enter_room(turn, state, menu.prompt_ended(turn, pin_of(state), now))
        case Greeting(ticket=waited), TakingMessage() if waited == ticket:
            beep(turn)
        case Beeping(ticket=waited), TakingMessage(max_ms=max_ms) if waited == ticket:
            being = turn.ticket()
            box = turn.box(state) or ""
            turn.order(RecordMessage(being, box, max_ms, VOICEMAIL_SILENCE_MS, VOICEMAIL_MIN_MS))
            turn.activity = MessageBeing(being)
        case Apologising(ticket=waited, reason=reason), _ if waited == ticket:
            turn.hang_up(reason)
        case Ringing(sound=waited), _ if waited == ticket:
            turn.activity = attrs.evolve(now, sound=None)
        case Queued(sound=waited), Queueing() if waited == ticket:
            queue.prompt_ended(turn, state, now)
        case Ringing() | Queued(), Connecting() | Queueing() if any(one.prompt == ticket for one in now.tries):
            turn.activity = legs.heard(turn, state, now, ticket) or turn.activity
        case _:
            _late_ended(turn, ticket)
    return None


def _late_ended(turn: Turn, prompt: int) -> None:
    over = tuple(one for one in turn.late if one.prompt == prompt)
    turn.drop(tuple(one.leg for one in over))
    turn.late = tuple(one for one in turn.late if one not in over)


def _message_recorded(turn: Turn, state: State, event: MessageRecorded) -> int | None:
    now = turn.activity
    if not isinstance(now, MessageBeing) or now.ticket != event.ticket:
        return None
    assert isinstance(state, TakingMessage)
    if state.box and event.file:
        turn.message = True
    if event.file or state.name:
        turn.set(state.name or "message.file", event.file or None)
    if turn.disposition is not None:
        kept = bool(state.box and event.file) and turn.disposition is Disposition.ABANDONED
        turn.finish(Disposition.VOICEMAIL if kept else turn.disposition)
        return None
    return state.next


# --- agents' legs ----------------------------------------------------------------------------------------------------


def _answered(turn: Turn, state: State, event: CallAnswered) -> int | None:
    now = turn.activity
    if not isinstance(now, AnswerPending) or now.ticket != event.ticket:
        return None
    turn.spent = attrs.evolve(turn.spent, alone_since_ms=turn.at_ms)
    if isinstance(state, Connecting):
        return ring.caller_answered(turn, state, now)
    turn.answered = True
    assert isinstance(state, Answering)
    return state.next


def _leg_answered(turn: Turn, state: State, event: LegAnswered) -> None:
    now = turn.activity
    if not isinstance(now, Ringing | Queued) or not isinstance(state, Connecting | Queueing):
        return
    one = legs.try_of(now, event.ticket)
    if one is not None and one.stage is Stage.RINGING:
        waits = legs.answered(turn, state, now, one)
        _accepted_or(turn, now, waits)


def _accepted_or(turn: Turn, before: Ringing | Queued, waits: Ringing | Queued | None) -> None:
    """Wait on, or leave the queue because somebody has the call."""
    if waits is not None:
        turn.activity = waits
    elif isinstance(before, Queued):
        queue.taken(turn, before)


def _agents_digit(turn: Turn, state: State, leg: int, key: str) -> int | None:
    now = turn.activity
    if not isinstance(now, Ringing | Queued) or not isinstance(state, Connecting | Queueing):
        return None
    one = legs.try_of(now, leg)
    takes = None if one is None else legs.takes(turn, state, one, key)
    if one is None or takes is None:
        return None
    if takes:
        legs.accept(turn, state, now, one)
        _accepted_or(turn, now, None)
        return None
    if isinstance(now, Ringing):
        assert isinstance(state, Connecting)
        return ring.declined(turn, state, now, leg)
    turn.drop((leg,))
    queue.leg_ended(turn, now, leg)
    return None


def _leg_ended(turn: Turn, state: State, event: LegEnded) -> int | None:
    now = turn.activity
    turn.late = tuple(one for one in turn.late if one.leg != event.ticket)
    match now, state:
        case Ringing(), Connecting() if legs.try_of(now, event.ticket):
            return ring.leg_ended(turn, state, now, event.ticket, event.outcome)
        case Queued(), _ if legs.try_of(now, event.ticket):
            queue.leg_ended(turn, now, event.ticket)
        case Talking(ticket=ticket), Connecting() | Queueing() if ticket == event.ticket:
            return legs.talk_over(turn, state)
        case AnswerPending(leg=leg), _ if leg == event.ticket:
            turn.activity = attrs.evolve(now, gone=True)
        case _:
            pass
    return None


# --- queues and rooms ------------------------------------------------------------------------------------------------


def _queue_moved(turn: Turn, _state: State, event: QueueMoved) -> None:
    if isinstance(turn.activity, Queued):
        queue.moved(turn, turn.activity, event)


def _agent_offered(turn: Turn, state: State, event: AgentOffered) -> int | None:
    if isinstance(turn.activity, Queued) and isinstance(state, Queueing):
        return queue.offered(turn, state, turn.activity, event)
    return None


def _queue_left(turn: Turn, state: State, event: QueueLeft) -> int | None:
    if isinstance(turn.activity, Queued) and isinstance(state, Queueing):
        return queue.left(turn, state, turn.activity, event)
    return None


def _room_joined(turn: Turn, _state: State, event: RoomJoined) -> None:
    now = turn.activity
    if isinstance(now, InRoom) and now.ticket == event.ticket and event.opened and now.sound is not None:
        turn.silence(now.sound)
        turn.activity = InRoom(now.ticket)


def _room_left(turn: Turn, state: State, event: RoomLeft) -> int | None:
    now = turn.activity
    if not isinstance(now, InRoom) or now.ticket != event.ticket or not isinstance(state, Conferencing):
        return None
    turn.silence(now.sound)
    if event.end is RoomEnd.FULL:
        return state.next
    turn.hang_up(HangUpReason.FLOW)
    return None


# --- answers to what was asked after ---------------------------------------------------------------------------------


def _waits_for(turn: Turn, ticket: int) -> bool:
    return isinstance(turn.activity, Consultation) and turn.activity.ticket == ticket


def _schedule_reported(turn: Turn, state: State, event: ScheduleReported) -> int | None:
    if not _waits_for(turn, event.ticket) or not isinstance(state, Consulting):
        return None
    turn.set(f"{state.schedule}.open", event.open)
    turn.set(f"{state.schedule}.opens", event.opens_ms)
    return state.next


def _group_counted(turn: Turn, state: State, event: GroupCounted) -> int | None:
    if not _waits_for(turn, event.ticket) or not isinstance(state, Counting):
        return None
    if state.group:
        facts: dict[str, Value] = {
            "available": event.available,
            "waiting": event.waiting,
            "wait": event.wait_ms,
        }
    else:
        facts = {"agent": event.agent or None, "available": bool(event.agent and event.available)}
    for name, value in facts.items():
        turn.set(f"{state.group or 'last'}.{name}", value)
    return state.next


def _agents_found(turn: Turn, state: State, event: AgentsFound) -> int | None:
    if _waits_for(turn, event.ticket) and isinstance(state, Connecting):
        return ring.found(turn, state, event)
    return None


def _fetched(turn: Turn, state: State, event: Fetched) -> int | None:
    if not _waits_for(turn, event.ticket) or not isinstance(state, Fetching):
        return None
    turn.set_fields(state.name, {} if event.trouble else event.fields)
    return state.failed if event.trouble else state.next


def _transfer_ended(turn: Turn, state: State, event: TransferEnded) -> int | None:
    if not _waits_for(turn, event.ticket) or not isinstance(state, Transferring):
        return None
    if not event.taken:
        return state.next
    turn.hang_up(HangUpReason.FLOW)
    return None


_TAKES: Final[dict[type, Callable[[Turn, Any, Any], int | None]]] = {
    CallerHungUp: _caller_gone,
    DeadlinePassed: _deadline,
    DigitPressed: _digit,
    PromptEnded: _prompt_ended,
    CallAnswered: _answered,
    LegAnswered: _leg_answered,
    LegEnded: _leg_ended,
    MessageRecorded: _message_recorded,
    ScheduleReported: _schedule_reported,
    GroupCounted: _group_counted,
    AgentsFound: _agents_found,
    QueueMoved: _queue_moved,
    AgentOffered: _agent_offered,
    QueueLeft: _queue_left,
    RoomJoined: _room_joined,
    RoomLeft: _room_left,
    TransferEnded: _transfer_ended,
    Fetched: _fetched,
}
"""By type of event. That a leg rings, and a second offer, change nothing."""
