"""A call never uses more than it may."""

from callflow.engine.session import Session
from callflow.limits import (
    CALL_MS_MAX,
    FETCHES_MAX,
    FINISH_MS_MAX,
    GRACE_MS_MAX,
    GRACE_STEPS_MAX,
    HANGUP_HANDLER_MS_MAX,
    LEGS_MAX,
    NOTICES_MAX,
    QUEUED_MS_MAX,
    STEPS_MAX,
    TRANSFERS_MAX,
)
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watched

_AFTER_MS = GRACE_MS_MAX + HANGUP_HANDLER_MS_MAX + FINISH_MS_MAX
"""How long a call goes on after its longest time: words for it, and what is done behind."""


class Bounds(Invariant):
    """Not even by one."""

    name = "a call never uses more than it may"

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:
        spent = session.spent
        used = (
            ("states", spent.steps, STEPS_MAX + 2 * GRACE_STEPS_MAX),
            ("phones", spent.legs, LEGS_MAX),
            ("web services", spent.fetches, FETCHES_MAX),
            ("notices", spent.notices, NOTICES_MAX),
            ("transfers", spent.transfers, TRANSFERS_MAX),
            ("milliseconds in queues", spent.queued_ms, QUEUED_MS_MAX),
            ("milliseconds", entry.event.at_ms, CALL_MS_MAX + _AFTER_MS),
        )
        for what, count, most in used:
            if count > most:
                return f"call {call.number} has used {count} {what}, and may use {most}"
        return ""
