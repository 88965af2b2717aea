"""Entering states, one after another, until one waits or the call is over; and what bounds that."""

from typing import assert_never

from callflow.engine import menu, queue, ring
from callflow.engine.effects import (
    Answer,
    CallBack,
    Consult,
    Count,
    Fetch,
    Force,
    HangUpReason,
    JoinRoom,
    Notify,
    Play,
    RecordCall,
    Remember,
    Transfer,
)
from callflow.engine.session import (
    AnswerPending,
    Apologising,
    Beeping,
    Consultation,
    Greeting,
    Hearing,
    InRoom,
    Nothing,
    Pausing,
    Queued,
    Ringing,
    Talking,
)
from callflow.engine.turn import Turn
from callflow.limits import (
    ANSWER_MS_MAX,
    CONSULT_MS_MAX,
    FETCH_GRACE_MS,
    FETCHES_MAX,
    GRACE_MS_MAX,
    GRACE_STEPS_MAX,
    NOTICES_MAX,
    STEPS_MAX,
    STEPS_WITHOUT_WAIT_MAX,
    TAGS_MAX,
    TRANSFER_MS_MAX,
    TRANSFERS_MAX,
)
from callflow.machine.model import (
    BEEP,
    MUSIC,
    Answering,
    Branch,
    CallingBack,
    ChangingRecording,
    Collecting,
    Conferencing,
    Connecting,
    Consulting,
    Counting,
    Fetching,
    Forcing,
    Forgetting,
    HangingUp,
    Machine,
    Menu,
    Notifying,
    Passage,
    Playing,
    Presence,
    PromptNamed,
    Queueing,
    RecordingCall,
    RecordingStep,
    Rejecting,
    Remembering,
    Repass,
    Setting,
    SettingFields,
    Sound,
    Speaking,
    Splitting,
    Spoken,
    State,
    Tagging,
    TakingMessage,
    Transferring,
    Waiting,
)
from callflow.machine.pins import JOINED, PIN, pin_of
from callflow.numbers import normalise

APOLOGY = Passage((PromptNamed("trouble.apology"),), uninterrupted=True)
APOLOGY_MS_MAX = 15_000

_WITHOUT_CALLER = (
    Branch,
    Splitting,
    Setting,
    SettingFields,
    Tagging,
    Remembering,
    Forgetting,
    Forcing,
    Fetching,
    Notifying,
    Counting,
    Consulting,
    CallingBack,
    HangingUp,
)
"""What can be done when the caller is gone."""

_NEEDS_NOBODY = Branch | Splitting | Setting | SettingFields | Tagging | Remembering | Forgetting | Forcing | Notifying


def run(turn: Turn, number: int) -> None:
    """Enter states until one waits or the call is over."""
    following: int | None = number
    for _ in range(STEPS_WITHOUT_WAIT_MAX):
        if following is None:
            return
        turn.state = following
        turn.passed.append(following)
        turn.spend(steps=1)
        state = turn.machine.states[following]
        if turn.handler:
            turn.graces += 1
            if turn.handler == "hangup" and not isinstance(state, _WITHOUT_CALLER):
                turn.activity = Nothing()
                return
            if turn.graces > GRACE_STEPS_MAX:
                break
        elif turn.spent.steps > STEPS_MAX or turn.overflows:
            break
        following = _enter(turn, state)
    if following is None:
        return
    if turn.handler == "hangup":
        turn.activity = Nothing()
    else:
        disconnect(turn, HangUpReason.LIMIT)


def disconnect(turn: Turn, reason: HangUpReason) -> None:
    """End a call that used up what it may, or in which something failed: by the scheme's own words, or by ours."""
    if turn.disposition is not None:
        turn.activity = Nothing()
        return
    _fall_silent(turn)
    name = "limit" if reason is HangUpReason.LIMIT else "trouble"
    entry = turn.machine.handlers.get(name)
    if not turn.handler and entry is not None:
        turn.handler, turn.graces = name, 0
        turn.grace_ms = turn.at_ms + GRACE_MS_MAX
        run(turn, entry)
        return
    if not turn.handler and turn.answered and "trouble.apology" in turn.machine.prompts:
        turn.handler = name
        turn.grace_ms = turn.at_ms + GRACE_MS_MAX
        turn.activity = Apologising(turn.play(APOLOGY), turn.at_ms + APOLOGY_MS_MAX, reason)
        return
    turn.hang_up(reason)


def _fall_silent(turn: Turn) -> None:
    """End what is going on, so that the caller can hear something else."""
    match turn.activity:
        case Ringing(tries=tries, sound=sound):
            turn.drop(tuple(one.ticket for one in tries))
            turn.silence(sound)
        case Queued() as now:
            queue.gone(turn, now)
            turn.silence(now.sound)
        case Talking(ticket=ticket):
            turn.drop((ticket,))
        case AnswerPending(leg=int(leg), gone=False):
            turn.drop((leg,))
        case _ as now if hasattr(now, "passage") or isinstance(now, Hearing | Greeting | Beeping):
            turn.silence(now.ticket)  # type: ignore[union-attr]
        case _:
            pass
    turn.activity = Nothing()


def _enter(turn: Turn, state: State) -> int | None:
    if turn.hushed and not (isinstance(state, Repass) or (isinstance(state, Collecting) and state.secret)):
        turn.hushed = False
        turn.change_recording(RecordingStep.RESUME)
    match state:
        case Playing(passage=passage, next=following):
            if turn.typed and not passage.uninterrupted and leads_to_menu(turn.machine, following):
                return following
            if not turn.is_heard(passage):
                return following
            turn.activity = Hearing(turn.play(passage), passage.uninterrupted)
            return None
        case Menu() | Collecting():
            _hush(turn, state)
            return menu.enter(turn, state)
        case Repass(menu=number):
            turn.state = number
            target = turn.machine.states[number]
            assert isinstance(target, Menu | Collecting)
            return menu.repass(turn, target)
        case Speaking(language=language, next=following):
            turn.language = language
            return following
        case Connecting():
            if turn.handler == "limit":
                return state.unreachable
            return ring.enter(turn, state)
        case Queueing():
            return queue.enter(turn, state)
        case HangingUp():
            if turn.handler == "hangup":
                turn.activity = Nothing()
            else:
                turn.hang_up(HangUpReason.FLOW)
            return None
        case Rejecting(reason=reason):
            turn.reject(reason)
            return None
        case CallingBack(group=group, number=wanted, within_ms=within_ms):
            number_ = turn.value(wanted)
            if isinstance(number_, str) and number_:
                turn.order(CallBack(group, normalise(number_, turn.machine.region), within_ms))
            if turn.handler == "hangup":
                turn.activity = Nothing()
            else:
                turn.hang_up(HangUpReason.FLOW)
            return None
        case (
            Branch() | Splitting() | Setting() | SettingFields() | Tagging() | Remembering() | Forgetting()
            | Forcing() | Notifying()
        ):  # fmt: skip
            return _pass(turn, state)
        case Consulting() | Counting() | Fetching() | Transferring():
            return _ask(turn, state)
        case Answering() | Waiting() | TakingMessage() | RecordingCall() | ChangingRecording() | Conferencing():
            return _enter_waiting(turn, state)
        case _:
            assert_never(state)


def _hush(turn: Turn, state: Menu | Collecting) -> None:
    """Keep secret digits out of the recording."""
    if isinstance(state, Collecting) and state.secret and turn.recording and not turn.paused and not turn.hushed:
        turn.hushed = True
        turn.change_recording(RecordingStep.PAUSE)


def _pass(turn: Turn, state: _NEEDS_NOBODY) -> int:
    """Do what takes no time, and return where it leads."""
    match state:
        case Branch(condition=condition, then=then, other=other):
            return then if turn.value(condition) is True else other
        case Splitting():
            return state.ways[share_of(state.percents, turn.draw())]
        case Setting(name=name, value=value):
            turn.set(name, turn.value(value))
        case SettingFields(name=name, fields=fields):
            turn.set_fields(name, {field: turn.value(value) for field, value in fields.items()})
        case Tagging(tag=tag):
            text = turn.value(tag)
            tags = str(turn.names.get("call.tags") or "")
            if text is not None and tags.count(", ") + 1 < TAGS_MAX:
                turn.set("call.tags", f"{tags}, {text}" if tags else str(text))
        case Remembering(name=name, value=value, for_ms=for_ms):
            kept = turn.value(value)
            turn.set(name, kept)
            turn.order(Remember(name, kept, for_ms))
        case Forgetting(name=name):
            turn.set(name, None)
            turn.order(Remember(name, None))
        case Forcing(schedule=schedule, open=is_open, until=until, for_ms=for_ms, time=time):
            turn.order(Force(schedule, is_open, until, for_ms, time))
        case Notifying(event=event, fields=fields):
            if turn.spent.notices < NOTICES_MAX:
                turn.spend(notices=1)
                turn.order(Notify(event, {name: turn.value(value) for name, value in fields.items()}))
        case _:
            assert_never(state)
    return state.next


def share_of(percents: tuple[int, ...], number: int) -> int:
    """Return which of several shares a number drawn by chance falls into."""
    place = number % max(1, sum(percents))
    for share, percent in enumerate(percents):
        place -= percent
        if place < 0:
            return share
    return len(percents) - 1


def _ask(turn: Turn, state: Consulting | Counting | Fetching | Transferring) -> int | None:
    """Ask after something, and wait for the answer."""
    wait_ms = CONSULT_MS_MAX
    match state:
        case Consulting(schedule=schedule):
            ticket = turn.ticket()
            turn.order(Consult(ticket, schedule))
        case Counting(group=group):
            ticket = turn.ticket()
            turn.order(Count(ticket, group))
        case Fetching(url=url, post=post, timeout_ms=wait_ms, failed=failed):
            address = turn.value(url)
            turn.set_fields(state.name, {})
            if turn.spent.fetches >= FETCHES_MAX or turn.handler == "limit" or not isinstance(address, str):
                return failed
            turn.spend(fetches=1)
            ticket = turn.ticket()
            fields = None if post is None else {name: turn.value(value) for name, value in post.items()}
            turn.order(Fetch(ticket, address, wait_ms, fields))
            wait_ms += FETCH_GRACE_MS
        case Transferring(uri=uri, next=following):
            address = turn.value(uri)
            if turn.spent.transfers >= TRANSFERS_MAX or not isinstance(address, str) or not turn.answered:
                return following
            turn.spend(transfers=1)
            wait_ms = TRANSFER_MS_MAX
            ticket = turn.ticket()
            turn.order(Transfer(ticket, address))
        case _:
            assert_never(state)
    turn.activity = Consultation(ticket, turn.at_ms + wait_ms)
    return None


def _enter_waiting(
    turn: Turn, state: Answering | Waiting | TakingMessage | RecordingCall | ChangingRecording | Conferencing
) -> int | None:
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
        case TakingMessage(greeting=greeting, next=following):
            if turn.box(state) is None:
                return following
            turn.typed = ""
            if greeting is None:
                beep(turn)
            else:
                turn.activity = Greeting(turn.play(greeting))
            return None
        case RecordingCall(side=side, next=following):
            if not turn.recording:
                turn.recording = True
                turn.order(RecordCall(side))
            return following
        case ChangingRecording(change=change, next=following):
            if turn.recording:
                turn.change_recording(change)
                turn.paused = change is RecordingStep.PAUSE
                turn.recording = change is not RecordingStep.STOP
            return following
        case Conferencing():
            return enter_room(turn, state, menu.enter(turn, pin_of(state)) if state.pin else JOINED)
        case _:
            assert_never(state)


def beep(turn: Turn) -> None:
    """Play the tone before a message."""
    ticket = turn.ticket()
    turn.order(Play(ticket, (Spoken(text="", language=turn.language, file=BEEP),)))
    turn.activity = Beeping(ticket)


def enter_room(turn: Turn, state: Conferencing, following: int | None) -> int | None:
    """Go where the pin leads: into the room when it is right."""
    if following != JOINED:
        return following
    turn.set(PIN, None)
    room = turn.value(state.room)
    ticket = turn.ticket()
    turn.order(JoinRoom(ticket, str(room or ""), state.presence, state.up_to))
    sound = turn.play(Passage((Sound(MUSIC),)), loop=True) if state.presence is Presence.GUEST else None
    turn.activity = InRoom(ticket, sound)
    return None


def leads_to_menu(machine: Machine, number: int) -> bool:
    """Return whether keys that were typed ahead are for a menu right behind this, so that what is said is skipped."""
    for _ in range(STEPS_WITHOUT_WAIT_MAX):
        match machine.states[number]:
            case Menu() | Collecting():
                return True
            case Playing(next=following, passage=passage) if not passage.uninterrupted:
                number = following
            case Setting(next=following) | Speaking(next=following) | RecordingCall(next=following):
                number = following
            case _:
                return False
    return False
