"""Queues: waiting in order, what is heard meanwhile, and agents who are offered. Who gets whom is not decided here.

Every function returns the state to go to, or None to stay and wait.
"""

import attrs

from callflow.engine import legs
from callflow.engine.effects import Enqueue, Leave, Widen
from callflow.engine.events import AgentOffered, QueueEnd, QueueLeft, QueueMoved
from callflow.engine.session import Queued, Stage
from callflow.engine.turn import Turn
from callflow.limits import HAND_OVERS_MAX, QUEUED_MS_MAX
from callflow.machine.model import MUSIC, CallingBack, Passage, Queueing, Sound

_MUSIC = Passage((Sound(MUSIC),))
_NEVER_MS = 1 << 62
_AFTER_ANOTHER_MS = 1_000
"""How long after another announcement one is made that was due meanwhile."""


def enter(turn: Turn, state: Queueing) -> int | None:
    """Join the queue, if the call may still wait."""
    left_ms = QUEUED_MS_MAX - turn.spent.queued_ms
    if not turn.answered or turn.hand_overs >= HAND_OVERS_MAX or left_ms <= 0:
        return state.next
    turn.typed = ""
    for name in ("queue.position", "queue.length", "queue.wait"):
        turn.set(name, None)
    ticket = turn.ticket()
    turn.order(
        Enqueue(ticket, state.group, state.priority, state.size, state.strategy, state.each_ms, draw=turn.draw())
    )
    sound = turn.play(state.music or _MUSIC, loop=True)
    turn.activity = Queued(
        ticket=ticket,
        tries=(),
        deadline_ms=turn.at_ms + min(state.wait_ms, left_ms),
        joined_ms=turn.at_ms,
        sound=sound,
        due_ms=tuple(turn.at_ms + one.every_ms for one in state.announcements),
        widens_ms=tuple(turn.at_ms + after_ms for after_ms, _ in _widenings(state)),
    )
    return None


def moved(turn: Turn, now: Queued, event: QueueMoved) -> None:
    """Remember the place."""
    if event.ticket == now.ticket:
        turn.names = {
            **turn.names,
            "queue.position": event.position,
            "queue.length": event.length,
            "queue.wait": event.wait_ms,
        }


def offered(turn: Turn, state: Queueing, now: Queued, event: AgentOffered) -> int | None:
    """Ring an agent who is free. A call that has rung as many phones as it may leaves."""
    agent = turn.machine.agents.get(event.agent)
    if event.ticket != now.ticket or agent is None:
        return None
    deadline_ms = min(turn.at_ms + event.ring_ms, now.deadline_ms)
    one = legs.dial(turn, state.manner, agent.name, agent.uri, deadline_ms, state.group)
    if one is None:
        _stop(turn, now)
        turn.order(Leave(now.ticket))
        return state.next
    turn.activity = attrs.evolve(now, tries=(*now.tries, one))
    return None


def leg_ended(turn: Turn, now: Queued, ticket: int) -> None:
    """Wait on when an agent did not take the call."""
    turn.activity = attrs.evolve(now, tries=tuple(one for one in now.tries if one.ticket != ticket))


def left(turn: Turn, state: Queueing, now: Queued, event: QueueLeft) -> int | None:
    """Go on when the queue did not let the caller wait."""
    if event.ticket != now.ticket or event.end is QueueEnd.LEFT:
        return None
    _stop(turn, now)
    return state.full if event.end is QueueEnd.FULL else state.empty


def taken(turn: Turn, now: Queued) -> None:
    """Leave because somebody takes the call."""
    turn.order(Leave(now.ticket))
    _account(turn, now)


def key(turn: Turn, state: Queueing, now: Queued, pressed: str) -> int | None:
    """Leave by a key that the scheme offers; other keys do nothing."""
    if pressed not in state.keys:
        return None
    following = state.keys[pressed]
    _stop(turn, now)
    turn.order(Leave(now.ticket, kept=isinstance(turn.machine.states[following], CallingBack)))
    turn.set("digits", pressed)
    return following


def gone(turn: Turn, now: Queued) -> None:
    """Leave because the caller hung up."""
    turn.drop(tuple(one.ticket for one in now.tries))
    turn.order(Leave(now.ticket))


def due_ms(now: Queued) -> int:
    """Return when something is to be done."""
    return min(now.deadline_ms, *now.due_ms, *now.widens_ms[:1], *(one.deadline_ms for one in now.tries), _NEVER_MS)


def deadline(turn: Turn, state: Queueing, now: Queued) -> int | None:
    """Do what is due: leave, give a phone up, let more agents answer, announce."""
    if now.deadline_ms <= turn.at_ms:
        answering = tuple(one for one in now.tries if one.stage is not Stage.RINGING and one.deadline_ms > turn.at_ms)
        if not answering:
            _stop(turn, now)
            turn.order(Leave(now.ticket))
            return state.next
        turn.drop(tuple(one.ticket for one in now.tries if one not in answering))
        now = attrs.evolve(now, tries=answering, deadline_ms=max(one.deadline_ms for one in answering))
    late = tuple(one for one in now.tries if one.deadline_ms <= turn.at_ms)
    turn.drop(tuple(one.ticket for one in late))
    now = attrs.evolve(now, tries=tuple(one for one in now.tries if one not in late))
    groups = [group for _, group in _widenings(state)]
    while now.widens_ms and now.widens_ms[0] <= turn.at_ms:
        turn.order(Widen(now.ticket, groups[-len(now.widens_ms)]))
        now = attrs.evolve(now, widens_ms=now.widens_ms[1:])
    turn.activity = _announce(turn, state, now)
    return None


def prompt_ended(turn: Turn, state: Queueing, now: Queued) -> None:
    """Play music again after an announcement."""
    sound = turn.play(state.music or _MUSIC, loop=True) if now.announcing else None
    turn.activity = attrs.evolve(now, sound=sound, announcing=False)


def _widenings(state: Queueing) -> list[tuple[int, str]]:
    return sorted((one.after_ms, one.group) for one in state.widenings)


def _announce(turn: Turn, state: Queueing, now: Queued) -> Queued:
    due = list(now.due_ms)
    for number, announcement in enumerate(state.announcements):
        if due[number] > turn.at_ms:
            continue
        if now.announcing:
            due[number] = turn.at_ms + _AFTER_ANOTHER_MS
            continue
        due[number] = turn.at_ms + announcement.every_ms
        if turn.is_heard(announcement.passage):
            turn.silence(now.sound)
            now = attrs.evolve(now, sound=turn.play(announcement.passage), announcing=True)
    return attrs.evolve(now, due_ms=tuple(due))


def _stop(turn: Turn, now: Queued) -> None:
    turn.drop(tuple(one.ticket for one in now.tries))
    turn.silence(now.sound)
    _account(turn, now)


def _account(turn: Turn, now: Queued) -> None:
    waited = turn.at_ms - now.joined_ms
    turn.spend(queued_ms=waited, alone_since_ms=waited)
