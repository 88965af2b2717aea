"""Connecting: which phones ring when, and what comes of it. Every function returns the state to go to, or None."""

import attrs

from callflow.engine import legs
from callflow.engine.effects import Ring, Seek
from callflow.engine.events import AgentsFound, Outcome
from callflow.engine.session import AnswerPending, Consultation, Ringing, Stage
from callflow.engine.turn import Turn
from callflow.limits import CONSULT_MS_MAX, HAND_OVERS_MAX, LEGS_TRIED_MAX, RING_EACH_MS, RING_MS
from callflow.machine.model import (
    RINGBACK,
    AddressTarget,
    AgentTarget,
    Connecting,
    ExtensionTarget,
    GroupTarget,
    LastAgentTarget,
    Passage,
    Sound,
    Strategy,
    Target,
)

_FURTHEST = (
    Outcome.UNREACHABLE,
    Outcome.AWAY,
    Outcome.ON_CALL,
    Outcome.BUSY,
    Outcome.REJECTED,
    Outcome.NO_ANSWER,
)
_RINGBACK = Passage((Sound(RINGBACK),))
_AS_WRITTEN = (Strategy.ALL, Strategy.IN_TURN)
"""Orders that need no knowledge of what agents did before."""


def enter(turn: Turn, state: Connecting) -> int | None:
    """Ring the first phones, or ask who they are."""
    turn.typed = ""
    if turn.hand_overs >= HAND_OVERS_MAX:
        return state.unreachable
    strategy = _strategy(turn, state)
    match state.target:
        case LastAgentTarget(group=group, within_ms=within_ms):
            _seek(turn, Seek(turn.ticket(), group, strategy, turn.draw(), last=True, within_ms=within_ms))
        case GroupTarget(group=group) if strategy not in _AS_WRITTEN:
            _seek(turn, Seek(turn.ticket(), group, strategy, turn.draw()))
        case _:
            return _ring(turn, state, _phones(turn, state.target), strategy)
    return None


def _seek(turn: Turn, seek: Seek) -> None:
    turn.order(seek)
    turn.activity = Consultation(seek.ticket, turn.at_ms + CONSULT_MS_MAX)


def found(turn: Turn, state: Connecting, event: AgentsFound | None) -> int | None:
    """Ring those who were found, None: nobody said who that would be."""
    if event is None or not event.agents:
        away = event is not None and event.away
        outcome = Outcome.ON_CALL if event and event.on_call else Outcome.AWAY if away else Outcome.UNREACHABLE
        return _exit(state, outcome)
    phones = tuple((name, turn.machine.agents[name].uri) for name in event.agents if name in turn.machine.agents)
    return _ring(turn, state, phones, Strategy.IN_TURN)


def _strategy(turn: Turn, state: Connecting) -> Strategy:
    group = turn.machine.groups[state.target.group] if isinstance(state.target, GroupTarget) else None
    return state.strategy or (group.strategy if group else Strategy.ALL)


def _ring(turn: Turn, state: Connecting, phones: tuple[tuple[str, str], ...], strategy: Strategy) -> int | None:
    phones = phones[:LEGS_TRIED_MAX]
    if not phones:
        return state.unreachable
    group = turn.machine.groups[state.target.group] if isinstance(state.target, GroupTarget) else None
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
        ringing = _dial_next(turn, state, ringing)
    return _stay(turn, state, ringing)


def caller_answered(turn: Turn, state: Connecting, now: AnswerPending) -> int | None:
    """Bridge the leg for which the caller's own was answered."""
    turn.answered = True
    assert now.leg is not None
    if now.gone:
        return legs.talk_over(turn, state)
    legs.bridge(turn, state, now.leg)
    return None


def leg_ended(turn: Turn, state: Connecting, now: Ringing, ticket: int, outcome: Outcome) -> int | None:
    """Ring the next phone in place of one that gave up."""
    ended = legs.try_of(now, ticket)
    if ended is not None and ended.stage is not Stage.RINGING and outcome is Outcome.HUNG_UP:
        outcome = Outcome.REJECTED  # answered, and did not take the call
    tries = tuple(one for one in now.tries if one.ticket != ticket)
    now = attrs.evolve(now, tries=tries, furthest=_further(now.furthest, outcome))
    return _go_on(turn, state, now)


def declined(turn: Turn, state: Connecting, now: Ringing, ticket: int) -> int | None:
    """Ring the next phone in place of one that answered and refused."""
    turn.drop((ticket,))
    return leg_ended(turn, state, now, ticket, Outcome.REJECTED)


def due_ms(now: Ringing) -> int:
    """Return when something of the ringing is over."""
    return min(now.deadline_ms, *(one.deadline_ms for one in now.tries)) if now.tries else now.deadline_ms


def deadline(turn: Turn, state: Connecting, now: Ringing) -> int | None:
    """Give up: the whole ringing, or the phones whose time is over. Who has answered may still decide."""
    late = tuple(one for one in now.tries if one.deadline_ms <= turn.at_ms)
    if now.deadline_ms <= turn.at_ms:
        late = tuple(one for one in now.tries if one.stage is Stage.RINGING or one in late)
        deciding = tuple(one for one in now.tries if one not in late)
        turn.drop(tuple(one.ticket for one in late))
        if not deciding:
            return _settle(turn, state, now, Outcome.NO_ANSWER if now.tries else now.furthest or Outcome.UNREACHABLE)
        last_ms = max(one.deadline_ms for one in deciding)
        turn.activity = attrs.evolve(
            now, tries=deciding, rest=(), furthest=Outcome.NO_ANSWER, deadline_ms=max(last_ms, turn.at_ms + 1)
        )
        return None
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


def _go_on(turn: Turn, state: Connecting, now: Ringing, places: int = 1) -> int | None:
    for _ in range(min(places, len(now.rest))):
        now = _dial_next(turn, state, now)
    return _stay(turn, state, now)


def _stay(turn: Turn, state: Connecting, now: Ringing) -> int | None:
    if not now.tries:
        return _settle(turn, state, now, now.furthest or Outcome.UNREACHABLE)
    turn.activity = now
    return None


def _dial_next(turn: Turn, state: Connecting, now: Ringing) -> Ringing:
    (agent, uri), rest = now.rest[0], now.rest[1:]
    group = state.target.group if isinstance(state.target, GroupTarget) else ""
    one = legs.dial(turn, state.manner, agent, uri, turn.at_ms + now.each_ms, group)
    return attrs.evolve(now, tries=(*now.tries, one), rest=rest) if one else attrs.evolve(now, rest=())


def _settle(turn: Turn, state: Connecting, now: Ringing, outcome: Outcome) -> int:
    turn.silence(now.sound)
    return _exit(state, outcome)


def _exit(state: Connecting, outcome: Outcome) -> int:
    match outcome:
        case Outcome.NO_ANSWER:
            return state.no_answer
        case Outcome.REJECTED:
            return state.rejected
        case Outcome.BUSY:
            return state.busy
        case Outcome.ON_CALL:
            return state.on_call
        case Outcome.AWAY:
            return state.away
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
            agent = turn.dialled
            return () if agent is None else ((agent.name, agent.uri),)
        case LastAgentTarget():
            return ()
