"""The legs of one call to those who are to answer it, by ticket: dialled, answered, handed over, dropped, ended once.

An agent may hand the caller over from their phone (REFER). The ticket then goes on with the leg to somebody else; if
that one does not answer, with the agent, or if the agent is gone by then, it ends.
"""

import asyncio
from typing import Final

import attrs

from callflow.engine.effects import Dial
from callflow.engine.events import DigitPressed, LegAnswered, LegEnded, LegRang, Outcome
from callflow.machine.model import RINGBACK, Spoken
from callflow.pjsip.facts import Down, Fact, KeyPressed, Progressed, Referred, Up
from callflow.pjsip.line import Line
from callflow.pjsip.sip import Request, outcome, shown_as, shown_instead, to_dial

GOODBYE_S: Final = 2.0
"""How long an agent's phone that handed the caller over may take to hang up by itself."""


@attrs.define
class _Leg:
    """An agent's leg. `key` is None while the agent is gone and the one to come has not answered."""

    key: int | None
    agent: str
    rang: bool = False
    answered: bool = False
    dropped: bool = False
    next_key: int | None = None
    """The leg of whom the agent hands the caller over to."""
    tone: int | None = None
    """The ringing tone that the caller hears meanwhile."""


class AgentLegs:
    """The legs of one call beside its caller's."""

    def __init__(self, line: Line, request: Request) -> None:
        self._line = line
        self._request = request
        self._legs: dict[int, _Leg] = {}
        self._bridged: int | None = None

    @property
    def is_open(self) -> bool:
        """Return whether a ticket has not ended yet."""
        return bool(self._legs)

    @property
    def talking(self) -> int | None:
        """Return the number of the leg that talks with the caller."""
        return None if self._bridged is None else self._legs[self._bridged].key

    def answered(self, ticket: int) -> int | None:
        """Return the number of a leg that was answered and is still up."""
        leg = self._legs.get(ticket)
        return leg.key if leg is not None and leg.answered and not leg.dropped else None

    def dial(self, order: Dial) -> None:
        """Ring a phone."""
        desk = self._line.desk
        uri = to_dial(desk.agents.get(order.agent, order.uri), desk.trunk)
        if uri is None:
            self._line.note(f"`{order.uri}` cannot be dialled from here")
        if self._line.is_over or uri is None:
            refused = Outcome.CANCELLED if self._line.is_over else Outcome.UNREACHABLE
            self._line.report(LegEnded(self._line.now_ms, order.ticket, refused))
            return
        request, options = self._request, self._line.endpoint.options
        if order.shown:
            shown = shown_instead(order.shown, request.caller, options.user, options.named_host)
        else:
            shown = shown_as(request.caller, request.caller_name, options.named_host)
        key = self._line.endpoint.dial(
            uri, shown.address, lambda fact: self._on_fact(order.ticket, fact), shown.asserted
        )
        self._legs[order.ticket] = _Leg(key, order.agent)

    def bridge(self, ticket: int) -> None:
        """Let a leg and the caller hear each other."""
        self._bridged = ticket if ticket in self._legs else None
        self._let_hand_over(ticket)
        self._line.connect()

    def drop(self, ticket: int) -> None:
        """End a leg in whatever state it is."""
        leg = self._legs.get(ticket)
        if leg is not None and not leg.dropped:
            leg.dropped = True
            self._part(ticket)
            self._silence(leg)
            for key in (leg.key, leg.next_key):
                if key is not None:
                    self._line.endpoint.hang_up(key)

    def drop_all(self) -> None:
        """End every leg."""
        for ticket in list(self._legs):
            self.drop(ticket)

    def _part(self, ticket: int) -> None:
        if self._bridged == ticket:
            self._bridged = None
            self._line.connect()

    # --- facts --------------------------------------------------------------------------------------------------------

    def _on_fact(self, ticket: int, fact: Fact) -> None:
        leg = self._legs.get(ticket)
        if leg is None:
            return
        line = self._line
        match fact:
            case Progressed():
                if not leg.rang and not leg.dropped:
                    leg.rang = True
                    line.report(LegRang(line.now_ms, ticket))
            case Up():
                if not leg.dropped:
                    leg.answered = True
                    line.report(LegAnswered(line.now_ms, ticket))
            case KeyPressed(key=key, digit=digit):
                if leg.answered and not leg.dropped and key == leg.key:
                    line.report(DigitPressed(line.now_ms, digit, ticket))
            case Referred(to=to, uri=uri):
                self._handed_over(ticket, leg, to, uri)
            case Down(key=key, code=code) if key == leg.key:
                leg.key = None
                if leg.next_key is None:
                    self._ended(ticket, leg, code)
                else:
                    line.connect()
            case _:
                pass

    def _ended(self, ticket: int, leg: _Leg, code: int) -> None:
        del self._legs[ticket]
        if self._bridged == ticket:
            self._bridged = None
            self._line.connect()
        self._line.report(LegEnded(self._line.now_ms, ticket, _ending(leg, code), code))

    # --- hand-over ----------------------------------------------------------------------------------------------------

    def _let_hand_over(self, ticket: int) -> None:
        """Let an agent who talks with the caller hand them over, where the operator wants it."""
        leg = self._legs.get(ticket)
        if leg is not None and leg.agent and leg.key is not None and self._line.desk.agents_transfer:
            self._line.endpoint.let_refer(leg.key, may=ticket == self._bridged and not leg.dropped)

    def _handed_over(self, ticket: int, leg: _Leg, to: int, uri: str) -> None:
        if leg.dropped:  # crossed with the end of the call
            self._line.endpoint.watch(to, lambda fact: self._on_next(ticket, fact))
            self._line.endpoint.hang_up(to)
            return
        self._line.note(f"{leg.agent} hands the caller over to {uri}")
        leg.next_key = to
        self._line.endpoint.watch(to, lambda fact: self._on_next(ticket, fact))

    def _on_next(self, ticket: int, fact: Fact) -> None:
        """Take in what becomes of the leg to somebody else."""
        leg = self._legs.get(ticket)
        if leg is None:
            return
        if leg.next_key != fact.key:  # it is the ticket's leg by now
            self._on_fact(ticket, fact)
            return
        match fact:
            case Progressed():
                if leg.tone is None and not leg.dropped:
                    leg.tone = self._ring()
            case Up():
                self._silence(leg)
                if not leg.dropped:
                    self._taken_over(ticket, leg)
            case Down():
                self._silence(leg)
                leg.next_key = None
                if leg.key is None:
                    self._ended(ticket, leg, 0)
                elif not leg.dropped:
                    self._line.note(f"the caller stays with {leg.agent}: {fact.code} {fact.reason}")
                    self._let_hand_over(ticket)
            case _:
                pass

    def _taken_over(self, ticket: int, leg: _Leg) -> None:
        """Go on with somebody else. The agent's phone hangs up by itself, as soon as it is told; most do."""
        former, leg.key, leg.next_key = leg.key, leg.next_key, None
        agent, leg.agent = leg.agent, ""
        self._line.note(f"{agent} handed the caller over")
        if former is not None:
            hang_up = self._line.endpoint.hang_up
            asyncio.get_running_loop().call_later(GOODBYE_S, hang_up, former)
        self._line.connect()
        self._line.handed_over(ticket)

    def _ring(self) -> int | None:
        """Let the caller hear ringing, and return the number of the sound."""
        line = self._line
        path = line.desk.sounds.ready(Spoken("", line.desk.machine.languages[0], RINGBACK))
        return None if path is None else line.endpoint.play(line.caller, (str(path),), lambda _fact: None, loop=True)

    def _silence(self, leg: _Leg) -> None:
        tone, leg.tone = leg.tone, None
        if tone is not None:
            self._line.endpoint.stop_sound(tone)


def _ending(leg: _Leg, code: int) -> Outcome:
    if leg.dropped:
        return Outcome.CANCELLED
    return Outcome.HUNG_UP if leg.answered else outcome(code, rang=leg.rang)
