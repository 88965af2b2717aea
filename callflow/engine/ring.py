"""Connecting: which phones ring when, and what comes of it. Every function returns the state to go to, or None."""

import attrs

from callflow.engine.effects import Answer, Bridge, Dial, HangUpReason, Ring
from callflow.engine.events import Outcome
from callflow.engine.session import AnswerPending, Ringing, Talking, Try
from callflow.engine.turn import Turn
from callflow.limits import ANSWER_MS_MAX, HAND_OVERS_MAX, LEGS_TRIED_MAX, RING_EACH_MS, RING_MS
from callflow.machine.model import (
    RINGBACK,
    AddressTarget,
    AgentTarget,
    Connecting,
    ExtensionTarget,
    GroupTarget,
    Passage,
    Sound,
    Strategy,
    Target,
)

_FURTHEST = (Outcome.UNREACHABLE, Outcome.BUSY, Outcome.REJECTED, Outcome.NO_ANSWER)
_RINGBACK = Passage((Sound(RINGBACK),))


def enter(turn: Turn, state: Connecting) -> int | None:
    """Ring the first phones."""
    turn.typed = ""
    phones = _phones(turn, state.target)[:LEGS_TRIED_MAX]
    if not phones or turn.hand_overs >= HAND_OVERS_MAX:
        return state.unreachable
    group = turn.machine.groups[state.target.group] if isinstance(state.target, GroupTarget) else None
    strategy = state.strategy or (group.strategy if group else Strategy.ALL)
    width = 1 if strategy is Strategy.IN_TURN else min(len(phones), max(1, turn.facts.lines))
    waves = -(-len(phones) // width)
    each_ms = state.each_ms or (group.each_ms if group else None)
    if each_ms is None:
        each_ms = RING_EACH_MS if waves > 1 else state.ring_ms or RING_MS
    ring_ms = state.ring_ms or each_ms * waves
    sound = None
    if turn.answered or turn.early:
        sound = turn.play((turn.answered and state.music) or _RINGBACK, loop=True)
    elif not turn.ringing:
        turn.ringing = True
        turn.order(Ring())
    ringing = Ringing((), phones, each_ms, turn.at_ms + ring_ms, sound)
    for _ in range(width):
        ringing = _dial_next(turn, ringing)
    turn.activity = ringing
    return None


def leg_answered(turn: Turn, now: Ringing, ticket: int) -> None:
    """Let the first who answers have the call, and the others stop ringing."""
    agent = next(one.agent for one in now.tries if one.ticket == ticket)
    turn.drop(tuple(one.ticket for one in now.tries if one.ticket != ticket))
    turn.silence(now.sound)
    turn.hand_overs += 1
    turn.set("agent.name", agent)
    if turn.answered:
        _bridge(turn, ticket)
        return
    answer = turn.ticket()
    turn.order(Answer(answer))
    turn.activity = AnswerPending(answer, turn.at_ms + ANSWER_MS_MAX, leg=ticket)


def caller_answered(turn: Turn, state: Connecting, now: AnswerPending) -> int | None:
    """Bridge the leg for which the caller's own was answered."""
    turn.answered = True
    assert now.leg is not None
    if now.gone:
        return talk_over(turn, state)
    _bridge(turn, now.leg)
    return None


def leg_ended(turn: Turn, state: Connecting, now: Ringing, ticket: int, outcome: Outcome) -> int | None:
    """Ring the next phone in place of one that gave up."""
    tries = tuple(one for one in now.tries if one.ticket != ticket)
    now = attrs.evolve(now, tries=tries, furthest=_further(now.furthest, outcome))
    return _go_on(turn, state, now)


def due_ms(now: Ringing) -> int:
    """Return when something of the ringing is over."""
    return min(now.deadline_ms, *(one.deadline_ms for one in now.tries)) if now.tries else now.deadline_ms


def deadline(turn: Turn, state: Connecting, now: Ringing) -> int | None:
    """Give up: the whole ringing, or the phones whose time is over."""
    if now.deadline_ms <= turn.at_ms:
        turn.drop(tuple(one.ticket for one in now.tries))
        return _settle(turn, state, now, Outcome.NO_ANSWER if now.tries else now.furthest or Outcome.UNREACHABLE)
    late = tuple(one for one in now.tries if one.deadline_ms <= turn.at_ms)
    turn.drop(tuple(one.ticket for one in late))
    tries = tuple(one for one in now.tries if one.deadline_ms > turn.at_ms)
    return _go_on(turn, state, attrs.evolve(now, tries=tries, furthest=Outcome.NO_ANSWER), places=len(late))


def key(turn: Turn, state: Connecting, now: Ringing, pressed: str) -> int | None:
    """Leave the ringing by a key that the scheme offers; other keys do nothing."""
    if pressed not in state.keys:
        return None
    turn.drop(tuple(one.ticket for one in now.tries))
    turn.silence(now.sound)
    turn.set("digits", pressed)
    return state.keys[pressed]


def talk_over(turn: Turn, state: Connecting) -> int | None:
    """Go on after a conversation that the agent ended, or end the call with it."""
    if state.answered is not None:
        return state.answered
    turn.hang_up(HangUpReason.AGENT)
    return None


def _bridge(turn: Turn, ticket: int) -> None:
    turn.order(Bridge(ticket))
    turn.talked = True
    turn.activity = Talking(ticket)


def _go_on(turn: Turn, state: Connecting, now: Ringing, places: int = 1) -> int | None:
    for _ in range(min(places, len(now.rest))):
        now = _dial_next(turn, now)
    if not now.tries:
        return _settle(turn, state, now, now.furthest or Outcome.UNREACHABLE)
    turn.activity = now
    return None


def _dial_next(turn: Turn, now: Ringing) -> Ringing:
    (agent, uri), rest = now.rest[0], now.rest[1:]
    ticket = turn.ticket()
    turn.order(Dial(ticket, agent, uri))
    one = Try(ticket, agent, turn.at_ms + now.each_ms)
    return attrs.evolve(now, tries=(*now.tries, one), rest=rest)


def _settle(turn: Turn, state: Connecting, now: Ringing, outcome: Outcome) -> int:
    turn.silence(now.sound)
    match outcome:
        case Outcome.NO_ANSWER:
            return state.no_answer
        case Outcome.REJECTED:
            return state.rejected
        case Outcome.BUSY:
            return state.busy
        case _:
            return state.unreachable


def _further(one: Outcome | None, other: Outcome) -> Outcome:
    """Return which of two outcomes got nearer to a conversation."""
    seen = [outcome for outcome in (one, other) if outcome in _FURTHEST]
    return max(seen, key=_FURTHEST.index) if seen else Outcome.UNREACHABLE


def _phones(turn: Turn, target: Target) -> tuple[tuple[str, str], ...]:
    agents = turn.machine.agents
    match target:
        case AgentTarget(name):
            return ((name, agents[name].uri),)
        case GroupTarget(name):
            return tuple((member, agents[member].uri) for member in turn.machine.groups[name].members)
        case AddressTarget(expr):
            uri = turn.value(expr)
            return (("", uri),) if isinstance(uri, str) and uri else ()
        case ExtensionTarget():
            digits = turn.names.get("digits")
            return tuple((a.name, a.uri) for a in agents.values() if a.extension and a.extension == digits)
