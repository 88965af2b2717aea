"""Agents' phones from the first ring until somebody has the call: ringing, whispering, confirming, and letting go.

For `connect` and `queue` alike. What an agent takes part in is a `Try`; who takes the call first gets the caller, and
those who answered meanwhile hear that it is taken.
"""

from typing import Final

import attrs

from callflow.engine.effects import Answer, Bridge, Dial, HangUpReason
from callflow.engine.session import AnswerPending, Queued, Ringing, Stage, Talking, Try
from callflow.engine.turn import Turn
from callflow.limits import ANSWER_MS_MAX, CONFIRM_MS, LEGS_MAX, WHISPER_MS_MAX
from callflow.machine.model import Confirm, Connecting, Manner, Queueing

Reaching = Connecting | Queueing
Waiting = Ringing | Queued

ASK: Final = {Confirm.KEY_1: "confirm.ask", Confirm.ANY_KEY: "confirm.any"}


def dial(turn: Turn, manner: Manner, agent: str, uri: str, deadline_ms: int, group: str = "") -> Try | None:
    """Ring a phone, for a group or for its agent in person. None when this call has rung as many as it may."""
    if turn.spent.legs >= LEGS_MAX:
        return None
    turn.spend(legs=1)
    shown = turn.value(manner.shown) if manner.shown else ""
    ticket = turn.ticket()
    turn.order(Dial(ticket, agent, uri, shown if isinstance(shown, str) else "", group))
    return Try(ticket, agent, deadline_ms)


def try_of(now: Waiting, leg: int) -> Try | None:
    """Return the phone of a ticket, None when it is not waited for."""
    return next((one for one in now.tries if one.ticket == leg), None)


def answered(turn: Turn, state: Reaching, now: Waiting, one: Try) -> Waiting | None:
    """Let somebody who answered have the call, or hear first what they are to hear. None: they have it."""
    confirm = _confirm(turn, state, one)
    if state.manner.whisper is None and confirm is None:
        accept(turn, state, now, one)
        return None
    prompt = turn.play_to_agent(one.ticket, state.manner.whisper, ASK[confirm] if confirm else "")
    hears = attrs.evolve(one, stage=Stage.HEARING, prompt=prompt, deadline_ms=turn.at_ms + WHISPER_MS_MAX)
    return _with(now, hears)


def heard(turn: Turn, state: Reaching, now: Waiting, prompt: int) -> Waiting | None:
    """Go on when an agent has heard what was whispered. None: they have the call."""
    one = next(one for one in now.tries if one.prompt == prompt)
    if _confirm(turn, state, one) is None:
        accept(turn, state, now, one)
        return None
    return _with(now, attrs.evolve(one, stage=Stage.DECIDING, deadline_ms=turn.at_ms + CONFIRM_MS))


def takes(turn: Turn, state: Reaching, one: Try, key: str) -> bool | None:
    """Return whether a key takes the call, or refuses it; None: it means nothing."""
    confirm = _confirm(turn, state, one)
    if one.stage is Stage.RINGING or confirm is None:
        return None
    return confirm is Confirm.ANY_KEY or key == confirm.value


def accept(turn: Turn, state: Reaching, now: Waiting, one: Try) -> None:
    """Give somebody the call; the others stop ringing, or hear that it is taken."""
    for other in now.tries:
        if other.ticket == one.ticket:
            continue
        if other.stage is Stage.RINGING or _confirm(turn, state, other) is None:
            turn.drop((other.ticket,))
        else:
            if other.stage is Stage.HEARING:
                turn.silence(other.prompt)
            turn.let_go(other.ticket)
    if one.stage is Stage.HEARING:
        turn.silence(one.prompt)
    turn.silence(now.sound)
    turn.hand_overs += 1
    turn.set("agent.name", one.agent)
    if turn.answered:
        bridge(turn, state, one.ticket)
        return
    answer = turn.ticket()
    turn.order(Answer(answer))
    turn.activity = AnswerPending(answer, turn.at_ms + ANSWER_MS_MAX, leg=one.ticket)


def bridge(turn: Turn, state: Reaching, leg: int) -> None:
    """Let the caller and an agent talk."""
    turn.order(Bridge(leg))
    turn.talked = True
    talk_ms = state.manner.talk_ms
    turn.activity = Talking(leg, None if talk_ms is None else turn.at_ms + talk_ms)


def talk_over(turn: Turn, state: Reaching, reason: HangUpReason = HangUpReason.AGENT) -> int | None:
    """Go on after a conversation that the agent ended, or its longest time, or end the call with it."""
    turn.spent = attrs.evolve(turn.spent, alone_since_ms=turn.at_ms)
    if state.answered is not None:
        return state.answered
    turn.hang_up(reason)
    return None


def _confirm(turn: Turn, state: Reaching, one: Try) -> Confirm | None:
    if state.manner.confirm is not None:
        return state.manner.confirm
    return turn.machine.agents[one.agent].confirm if one.agent else None


def _with(now: Waiting, changed: Try) -> Waiting:
    tries = tuple(changed if one.ticket == changed.ticket else one for one in now.tries)
    return attrs.evolve(now, tries=tries)
