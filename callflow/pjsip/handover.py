"""Handing the caller of one call over to another address (REFER, RFC 3515): whether they were taken, told once."""

import asyncio
from typing import Final

from callflow.engine.effects import Transfer
from callflow.engine.events import TransferEnded
from callflow.limits import TRANSFER_MS_MAX
from callflow.pjsip.facts import TransferTold
from callflow.pjsip.line import Line
from callflow.pjsip.sip import to_refer

FINAL: Final = 200
"""Statuses below it say that the far end still tries; those below `REFUSED` that somebody there took the caller."""

REFUSED: Final = 300

TIMED_OUT: Final = 408


class Handover:
    """The transfer of one call that is under way, if there is one."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._ticket: int | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Return whether a ticket has not ended yet."""
        return self._ticket is not None

    def begin(self, order: Transfer) -> None:
        """Ask the caller's phone, or the network in front of it, to call somebody else."""
        line = self._line
        uri = to_refer(order.uri, line.desk.trunk)
        if uri is None:
            line.note(f"nobody can be handed over to `{order.uri}`")
        if uri is None or line.is_over or self._ticket is not None:
            line.report(TransferEnded(line.now_ms, order.ticket, taken=False))
            return
        self._ticket = order.ticket
        self._timer = asyncio.get_running_loop().call_later(TRANSFER_MS_MAX / 1000, self._end, TIMED_OUT)
        line.endpoint.transfer(line.caller, uri)

    def told(self, fact: TransferTold) -> None:
        """Take in how it goes. Some report success and let the subscription go on: any final status is the end."""
        if fact.final or fact.code >= FINAL:
            self._end(fact.code)

    def caller_gone(self) -> None:
        """Be over with the caller."""
        self._end(0)

    def _end(self, code: int) -> None:
        if self._ticket is None or self._timer is None:
            return
        ticket, self._ticket = self._ticket, None
        self._timer.cancel()
        self._line.report(TransferEnded(self._line.now_ms, ticket, FINAL <= code < REFUSED, code))
